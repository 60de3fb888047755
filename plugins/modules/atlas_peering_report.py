#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering_report
short_description: Compare declared network peering connections of MongoDB Atlas with the existing ones
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Reports the state of each declared connection - available, pending, missing, different or failed - as well as
    undeclared connections and containers, and the remaining time of pending requests.
  - The module does not write to Atlas. If O(connections) is empty, everything in the project of the task is undeclared.
  - Connections are identified as in M(atlasops.network.atlas_peering_set). A declared container is part of the
    identity, so a connection of the same network in another container is another connection.
  - Projects are read in parallel. If a project cannot be read, its declared connections are C(unknown). So is a
    declared connection that matches several existing ones. Everything else is compared, and the task fails at the end,
    reports each cause once, and still returns RV(report).
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.names
  - atlasops.network.atlas.connections
  - atlasops.network.atlas.workers
  - atlasops.network.attributes.reading
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
options:
  usable:
    description:
      - Whether to also report what an application needs beyond an available connection, as
        RV(report.connections[].usable) - that it is accepted, that there are routes, that host names resolve to private
        addresses, and that its network is in the IP access list of the project.
      - The module only asks Atlas. Routes and DNS settings of AWS are C(unknown) until the other side is read. The role
        P(atlasops.network.atlas_peering#role) does that with
        O(atlasops.network.atlas_peering#role:report:atlas_peering_report_usable).
    type: bool
    default: false
  access_lists:
    description:
      - For O(usable), where the applications of each connection in O(connections) connect from, in the same order. Each
        is a list of blocks, addresses and AWS security groups, or null.
      - By default, for AWS it is the block in C(route_table_cidr_block). Atlas does not know those of networks of Azure
        and GCP.
    type: list
    elements: raw
attributes:
  diff_mode:
    details: The module does not change anything. The differences are in RV(report.connections).
notes:
  - Makes four requests for each project - one for the connections of each cloud provider and one for all containers -
    and one more for each project that is given by its name. O(usable) adds one for the IP access list, and one for each
    of its entries that lets a network in.
  - Times of creation and expiry are derived from the ID of a connection, which begins with its time of creation.
seealso:
  - module: atlasops.network.atlas_peering_set
  - module: atlasops.network.atlas_peering_info
"""

EXAMPLES = r"""
- name: Compare an AWS, an Azure and a GCP connection with the existing ones
  atlasops.network.atlas_peering_report:
    project_name: payments-production
    connections:
      - provider_name: AWS
        container_region: US_EAST_1
        accepter_region_name: us-east-1
        aws_account_id: "123456789012"
        vpc_id: vpc-0f1e2d3c4b5a69788
        route_table_cidr_block: 10.15.0.0/16
      - provider_name: AZURE
        container_region: EUROPE_NORTH
        azure_directory_id: 35039750-6ebd-4ad5-bcfe-cb4e5fc2d915
        azure_subscription_id: 8dec2d92-478d-bc50-cf99-d31b9e90a1c7
        resource_group_name: app-production
        vnet_name: app-vnet
      - provider_name: GCP
        gcp_project_id: my-project-191923
        network_name: default
  register: drift

- name: Fail if anything is not as declared
  ansible.builtin.assert:
    that: not drift.report.drift
"""

RETURN = r"""
report:
  description: The result of the comparison. Also returned if not everything could be compared.
  returned: unless nothing could be compared
  type: dict
  contains:
    drift:
      description: Whether anything differs from the declaration, is not available, or could not be compared.
      type: bool
      sample: true
    counts:
      description: Number of connections in each state.
      type: dict
      sample: {available: 2, missing: 1}
    connections:
      description: One entry for each connection that is declared or exists, declared ones first.
      type: list
      elements: dict
      contains:
        state:
          description:
            - C(available) - as declared, and the connection is up. C(pending), C(action_required), C(failed),
              C(deleting) - as declared, in this phase. C(different) - exists with other values.
              C(missing) - declared but does not exist. C(undeclared) - exists but is not declared.
              C(unknown) - declared, but the existing connections could not be compared.
          type: str
          sample: different
        project_id:
          description: ID of the Atlas project, or null if there is no project with the given name.
          type: str
          sample: 5f1a2b3c4d5e6f7a8b9c0d1e
        project_name:
          description: Name of the Atlas project if the task sets it, or null.
          type: str
          sample: payments-production
        provider_name:
          description: Cloud provider of the network.
          type: str
          sample: AWS
        peer_network:
          description:
            - The network on the other side, see RV(atlasops.network.atlas_peering#module:peering.peer_network).
          type: str
          sample: 123456789012/vpc-0f1e2d3c4b5a69788
        name:
          description:
            - Name of the connection in messages - the network, and if several connections of the project have the same
              network, the region of the container, or its ID if the region is not known.
          type: str
          sample: 123456789012/vpc-0f1e2d3c4b5a69788 in US_EAST_1
        container_id:
          description: ID of the Atlas container, or null if it does not exist or is not known.
          type: str
          sample: 6746ceedaef48d1cb265896b
        container_region:
          description: Region of the Atlas container, or null if it is not known. Always null for GCP.
          type: str
          sample: US_EAST_1
        differences:
          description: The fields that differ, each with C(field), C(declared) and C(found).
          type: list
          elements: dict
          sample: [{field: route_table_cidr_block, declared: 10.15.0.0/16, found: 10.16.0.0/16}]
        next_action:
          description:
            - What a person must do now, or null. For a missing connection, create it. For a different one, change it or
              its declaration. For an undeclared one, declare or delete it, whatever its phase.
          type: str
          sample: null
        next_command:
          description:
            - Command that does what RV(report.connections[].next_action) asks for on AWS or GCP, ready to paste, or
              null.
          type: str
          sample: null
        peering:
          description: The connection with the keys of RV(atlasops.network.atlas_peering#module:peering), or null.
          type: dict
        usable:
          description:
            - What is known of the way from an application to the cluster, or null unless O(usable=true). C(state) is
              C(yes), C(no) or C(unknown).
            - So is that of C(accepted), C(routed), C(resolvable) and C(let_in), which each have a C(reason) and a
              C(cure), or null.
            - The role P(atlasops.network.atlas_peering#role) adds what it reads on the other side.
          type: dict
          sample:
            state: "no"
            accepted: {state: "yes", reason: null, cure: null}
            routed: {state: "yes", reason: null, cure: null}
            resolvable: {state: "yes", reason: null, cure: null}
            let_in:
              state: "no"
              reason: 10.15.0.0/16 is not in the IP access list of the project.
              cure: >-
                Run the role atlas_peering with atlas_peering_access_list, or add it with the module atlas_access_list.
        created_at:
          description: Time of creation in ISO 8601 format, derived from the ID, or null.
          type: str
          sample: "2026-11-20T09:30:00+00:00"
        expires_at:
          description: Time when the request expires in ISO 8601 format, derived from the ID, or null.
          type: str
          sample: "2026-11-27T09:30:00+00:00"
        expires_in_hours:
          description: Hours until RV(report.connections[].expires_at), negative if it has passed, or null.
          type: float
          sample: 98.5
    usable:
      description:
        - Number of connections whose C(usable.state) is C(yes), C(no) and C(unknown), or null unless O(usable=true).
      type: dict
      sample: {"yes": 1, "no": 1, "unknown": 0}
    containers:
      description:
        - One entry for each container, with the keys of RV(atlasops.network.atlas_container#module:container),
          C(declared_cidr_block), and C(state), which is C(available) if it is as declared, or C(missing), C(different)
          or C(undeclared).
      type: list
      elements: dict
    projects:
      description:
        - The projects, each with C(project_id), C(project_name) if the task sets it, and C(read), whether the project
          could be read.
      type: list
      elements: dict
      sample: [{project_id: 5f1a2b3c4d5e6f7a8b9c0d1e, project_name: payments-production, read: true}]
    problems:
      description: The same as RV(failure.problems), or empty if everything could be compared.
      type: list
      elements: dict
      sample: []
failure:
  description: The error as structured data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
  returned: failure
  type: dict
  contains:
    problems:
      description:
        - The declared connections that could not be compared, each with C(connection), C(project_id), C(project_name),
          C(msg), C(cause) and C(failure).
      type: list
      elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.atlas_module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.engine import drift_report
from ansible_collections.atlasops.network.plugins.module_utils.engine.usability import with_usability
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, option

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.NAMES_SPEC,
    **options.WORKERS_SPEC,
    "connections": options.CONNECTIONS_SPEC,
    "usable": {"type": "bool", "default": False},
    "access_lists": {"type": "list", "elements": "raw"},
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    if not params["usable"]:
        return drift_report.report(client, params)
    if len(params["access_lists"] or ()) > len(params["connections"]):
        raise InputError(f"access_lists has more elements than {option('connections')}. Give each connection one.")
    return drift_report.report(client, params, lambda report: with_usability(client, report, params))


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
