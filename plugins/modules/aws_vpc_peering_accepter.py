#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_vpc_peering_accepter
short_description: Set DNS resolution of an accepted AWS VPC peering connection, or remove what leads to it
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Does for the accepter of a VPC peering connection what the collection amazon.aws has no module for. It sets whether
    the requester resolves public host names of the VPC to private addresses, and it removes single routes and rules
    without touching others.
  - The role P(atlasops.network.atlas_peering_aws#role) uses it. It does not need Atlas, and its credentials are those
    of the AWS account that owns the VPC.
extends_documentation_fragment:
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
attributes:
  action_group:
    description: Use C(group/atlasops.network.aws) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - atlasops.network.aws
  check_mode:
    description: Can run in check mode and return a predicted result without writing to AWS.
    support: full
  diff_mode:
    description: Returns what is set or removed with RV(ignore:before) and RV(ignore:after).
    support: full
options:
  connection_id:
    description:
      - ID of the peering connection, C(connection_id) of a connection with Atlas.
    type: str
    required: true
  state:
    description:
      - V(present) sets O(dns_resolution). The connection must be active.
      - V(absent) removes all routes to the connection, and from O(security_group_ids) the rules that the role has
        added. The connection itself stays; it may be gone already.
    type: str
    choices: [present, absent]
    default: present
  dns_resolution:
    description:
      - Whether the requester, such as Atlas, resolves public host names of the VPC to private addresses.
      - If unset, it stays as it is.
    type: bool
  security_group_ids:
    description:
      - IDs of the security groups from which O(state=absent) removes the outbound rule for O(atlas_cidr_block) and
        O(ports) with the description C(MongoDB Atlas).
    type: list
    elements: str
    default: []
  atlas_cidr_block:
    description:
      - Block of the network of Atlas, C(atlas_cidr_block) of a connection.
    type: str
  ports:
    description:
      - A TCP port or a range of ports.
    type: str
    default: 27015-27017
  region:
    description:
      - AWS region of the VPC.
    type: str
    required: true
  profile:
    description:
      - Profile of the AWS configuration to log in with.
      - If no credentials are set, boto3 takes them from the environment, its files or the instance.
    type: str
  access_key:
    description:
      - ID of an AWS access key. Requires O(secret_key).
    type: str
  secret_key:
    description:
      - Secret of the AWS access key.
    type: str
  session_token:
    description:
      - Session token of temporary AWS credentials.
    type: str
requirements:
  - python >= 3.9
  - boto3 >= 1.34
seealso:
  - module: amazon.aws.ec2_vpc_peering
  - module: amazon.aws.ec2_vpc_route_table
"""

EXAMPLES = r"""
- name: Let Atlas resolve public host names of the VPC to private addresses
  atlasops.network.aws_vpc_peering_accepter:
    region: us-east-1
    connection_id: pcx-0f1e2d3c4b5a69788
    dns_resolution: true

- name: Remove all routes to Atlas before the connection is deleted
  atlasops.network.aws_vpc_peering_accepter:
    region: us-east-1
    connection_id: pcx-0f1e2d3c4b5a69788
    state: absent
"""

RETURN = r"""
accepter:
  description: What the owner of the VPC has decided about the connection, in check mode as predicted.
  returned: success
  type: dict
  contains:
    dns_resolution:
      description: Whether the requester resolves public host names of the VPC to private addresses.
      returned: O(state=present)
      type: bool
      sample: true
    removed_routes:
      description: The routes that were removed, each with C(route_table_id) and C(destination).
      returned: O(state=absent)
      type: list
      elements: dict
      sample: [{route_table_id: rtb-0a1b2c3d4e5f60718, destination: 192.168.248.0/21}]
    removed_rules:
      description: The rules that were removed, each with C(group_id), C(cidr_block), C(from_port) and C(to_port).
      returned: O(state=absent)
      type: list
      elements: dict
      sample: []
failure:
  description:
    - What went wrong, as data, with the keys of RV(atlasops.network.atlas_peering#module:failure). C(kind) is
      C(AwsError) if AWS refused a request, and C(error_code) is its code.
  returned: failure
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.aws.accepter import Accepter
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.module import run_with_client

SPEC: dict[str, Any] = {
    "connection_id": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "dns_resolution": {"type": "bool"},
    "security_group_ids": {"type": "list", "elements": "str", "default": []},
    "atlas_cidr_block": {"type": "str"},
    "ports": {"type": "str", "default": "27015-27017"},
    "region": {"type": "str", "required": True},
    "profile": {"type": "str"},
    "access_key": {"type": "str", "no_log": False},
    "secret_key": {"type": "str", "no_log": True},
    "session_token": {"type": "str", "no_log": True},
}


def run(params: Mapping[str, Any], check_mode: bool, accepter: Accepter) -> dict[str, Any]:
    """Return the module's result; whatever goes wrong is raised as an AtlasError."""
    return (_remove if params["state"] == "absent" else _set)(params, check_mode, accepter)


def _set(params: Mapping[str, Any], check_mode: bool, accepter: Accepter) -> dict[str, Any]:
    before = accepter.dns_resolution()
    after = before if params["dns_resolution"] is None else params["dns_resolution"]
    if after != before and not check_mode:
        accepter.set_dns_resolution(after)
    return _result(after != before, {"dns_resolution": before}, {"dns_resolution": after}, {"dns_resolution": after})


def _remove(params: Mapping[str, Any], check_mode: bool, accepter: Accepter) -> dict[str, Any]:
    first, last = _ports(params["ports"])
    routes = accepter.routes()
    rules = accepter.rules(params["security_group_ids"], params["atlas_cidr_block"], first, last)
    if not check_mode:
        for route in routes:
            accepter.delete_route(route)
        for rule in rules:
            accepter.delete_rule(rule)
    before = {"routes": routes, "rules": rules}
    after: dict[str, Any] = {"routes": [], "rules": []}
    return _result(bool(routes or rules), before, after, {"removed_routes": routes, "removed_rules": rules})


def _result(
    changed: bool, before: Mapping[str, Any], after: Mapping[str, Any], accepter: Mapping[str, Any]
) -> dict[str, Any]:
    return {"changed": changed, "accepter": accepter, "diff": {"before": before, "after": after}}


def _ports(text: str) -> tuple[int, int]:
    first, _dash, last = text.partition("-")
    try:
        return int(first), int(last or first)
    except ValueError:
        raise InputError(f"ports is {text!r}, but must be a port or a range such as 27015-27017.") from None


def main() -> None:
    run_with_client(SPEC, run, Accepter)


if __name__ == "__main__":
    main()
