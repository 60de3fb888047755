#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_access_list_info
short_description: Read the IP access lists of MongoDB Atlas projects
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns the entries of the IP access lists of one or several projects.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.projects
  - atlasops.network.atlas.workers
  - atlasops.network.attributes.reading
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
options:
  read_status:
    description:
      - Whether to read the status of each entry, which takes one more request for each.
    type: bool
    default: false
notes:
  - Makes one request for each project, after one for the digest challenge or the access token.
seealso:
  - module: atlasops.network.atlas_access_list
"""

EXAMPLES = r"""
- name: Read the IP access list of a project
  atlasops.network.atlas_access_list_info:
    project_name: payments-production
  register: atlas

- name: Read those of two projects, and whether all entries are in effect
  atlasops.network.atlas_access_list_info:
    project_names: [payments-production, search-production]
    read_status: true
"""

RETURN = r"""
access_list:
  description:
    - The entries in the order of the projects, each with the keys of
      RV(atlasops.network.atlas_access_list#module:access_list) except for C(action) and C(failure). Also returned if
      some of several projects could not be read.
    - C(status) is null unless O(read_status=true).
  returned: unless no project could be read
  type: list
  elements: dict
  sample:
    - id: 10.15.0.0/16
      project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
      cidr_block: 10.15.0.0/16
      ip_address: null
      aws_security_group: null
      comment: VPC of the shop
      delete_after_date: null
      status: null
failure:
  description: The error as structured data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
  returned: failure
  type: dict
  contains:
    problems:
      description:
        - If several projects are read, those that could not be read, each with C(project_id), C(project_name), C(msg),
          C(cause) and C(failure).
      type: list
      elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.atlas_module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.engine.access_list_api import AccessListApi
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import list_in_projects

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.PROJECTS_SPEC,
    **options.WORKERS_SPEC,
    "read_status": {"type": "bool", "default": False},
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    api = AccessListApi(client)
    read = api.list_with_status if params["read_status"] else api.list_all
    return list_in_projects(client, params, "access_list", read)


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
