#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering_set
short_description: Create, change or delete many network peering connections of MongoDB Atlas
version_added: 0.1.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Does for a list of connections what M(atlasops.network.atlas_peering) does for one, by one task.
  - Everything that can be known to fail is found before the first write, for all connections at once, and named in one
    message - malformed options, blocks that overlap, limits of the project, fields that cannot be changed. A bad tenth
    entry keeps the first from being created.
  - What fails later fails alone. The other connections are tried, and the task fails at the end.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.connections
  - atlasops.network.atlas.healing
  - atlasops.network.attributes
attributes:
  diff_mode:
    support: full
options:
  state:
    description:
      - Whether the connections should be there, see O(atlasops.network.atlas_peering#module:state).
    type: str
    choices: [present, absent]
    default: present
notes:
  - Makes one request for each project and cloud that has connections in the list, one more where a container is named
    by its region, and one for each connection that is created, changed or deleted.
seealso:
  - module: atlasops.network.atlas_peering
  - module: atlasops.network.atlas_peering_wait
"""

EXAMPLES = r"""
- name: Peer three networks with the clusters of one project
  atlasops.network.atlas_peering_set:
    project_name: payments-production
    connections:
      - provider_name: AWS
        container_region: US_EAST_1
        atlas_cidr_block: 192.168.248.0/21
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
        container_id: 68b470e5e989e54ca7724068
        gcp_project_id: my-project-191923
        network_name: default
  register: network

- name: Wait for all of them
  atlasops.network.atlas_peering_wait:
    project_name: payments-production
    connections: "{{ network.peerings }}"
"""

RETURN = r"""
peerings:
  description:
    - The connections after the task, in the order of O(connections), in check mode as predicted, each with the keys of
      RV(atlasops.network.atlas_peering#module:peering). Also returned when some of them failed.
  returned: when nothing stood in the way before the first write
  type: list
  elements: dict
  sample:
    - id: 6112222b3bf99403840e8934
      project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
      provider_name: AWS
      container_id: 6746ceedaef48d1cb265896b
      accepter_region_name: us-east-1
      aws_account_id: "123456789012"
      route_table_cidr_block: 10.15.0.0/16
      vpc_id: vpc-0f1e2d3c4b5a69788
      connection_id: null
      network: 123456789012/vpc-0f1e2d3c4b5a69788
      status: INITIATING
      phase: pending
      usable: false
      error: null
      next_action: null
failure:
  description: What went wrong, as data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
  returned: failure
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import arguments, network
from ansible_collections.atlasops.network.plugins.module_utils.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.entry import run_module
from ansible_collections.atlasops.network.plugins.module_utils.projects import Projects

SPEC: dict[str, Any] = {
    **arguments.CONNECTION_SPEC,
    **arguments.PROJECT_SPEC,
    **arguments.HEALING_SPEC,
    **arguments.STATE_SPEC,
    "connections": arguments.CONNECTIONS_SPEC,
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result; whatever goes wrong is raised as an AtlasError."""
    present = params["state"] == "present"
    declared = network.declare_all(params, Projects(client), present)
    return network.ensure(client, declared, present, check_mode, arguments.healing(params)).as_result()


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
