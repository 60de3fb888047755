# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module of amazon.aws, whose name this file has when it runs: it has the other side of the test do it."""

from __future__ import annotations

import json
import os
from http.client import HTTPConnection
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

SPECS = {
    "ec2_vpc_peering": {
        "region": {"required": True},
        "peering_id": {"required": True},
        "state": {"choices": ["accept"], "required": True},
    },
    "ec2_vpc_route_table": {
        "region": {"required": True},
        "vpc_id": {"required": True},
        "lookup": {"choices": ["id"], "required": True},
        "route_table_id": {"required": True},
        "purge_routes": {"type": "bool", "default": True},
        "routes": {"type": "list", "elements": "dict", "required": True},
    },
}


def main() -> None:
    name = Path(__file__).stem
    module = AnsibleModule(SPECS[name])
    body = json.dumps({"act": name, "arguments": module.params}).encode()
    connection = HTTPConnection(os.environ["OTHER_SIDE"])
    connection.request("POST", "/", body)
    module.exit_json(**json.load(connection.getresponse()))


if __name__ == "__main__":
    main()
