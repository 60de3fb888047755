#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering_info
short_description: Read the network peering connections of MongoDB Atlas projects
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns the network peering connections of one or several projects. Filters restrict them.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.projects
  - atlasops.network.atlas.workers
  - atlasops.network.atlas.names
  - atlasops.network.attributes.reading
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
options:
  peer_id:
    description:
      - Only the connection with this ID. If there is none, RV(peerings) is empty.
    type: str
    aliases: [id]
  provider_name:
    description:
      - Only connections to networks of this cloud provider.
    type: str
    choices: [AWS, AZURE, GCP]
  phase:
    description:
      - Only connections in one of these phases, see RV(atlasops.network.atlas_peering#module:peering.phase).
    type: list
    elements: str
    choices: [pending, action_required, available, failed, deleting]
  container_id:
    description:
      - Only connections that start from the Atlas container with this ID.
    type: str
  aws_account_id:
    description:
      - Only connections to VPCs of the AWS account with this ID.
    type: str
  vpc_id:
    description:
      - Only connections to the VPC with this ID.
    type: str
  azure_subscription_id:
    description:
      - Only connections to virtual networks of the Azure subscription with this ID.
    type: str
  vnet_name:
    description:
      - Only connections to the Azure virtual network with this name, case-insensitive.
    type: raw
  gcp_project_id:
    description:
      - Only connections to networks of the GCP project with this ID.
    type: str
  network_name:
    description:
      - Only connections to the GCP network with this name or self link.
    type: raw
notes:
  - Makes one request for each project and each cloud provider that matches the filters, after one for the digest
    challenge or the access token. While a GCP connection waits for the user, one more request reads its container.
seealso:
  - module: atlasops.network.atlas_peering
  - module: atlasops.network.atlas_peering_wait
"""

EXAMPLES = r"""
- name: Read all connections of a project
  atlasops.network.atlas_peering_info:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
  register: network

- name: Read the connections of several projects at once
  atlasops.network.atlas_peering_info:
    project_names: [payments-production, payments-staging]
  register: fleet

- name: Show what people have to do
  ansible.builtin.debug:
    msg: "{{ network.peerings | selectattr('next_action') | map(attribute='next_action') }}"

- name: Find the connection to one AWS VPC
  atlasops.network.atlas_peering_info:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    aws_account_id: "123456789012"
    vpc_id: vpc-0f1e2d3c4b5a69788

- name: Find the failed connections to Azure
  atlasops.network.atlas_peering_info:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AZURE
    phase: [failed]

- name: Find the connections to one GCP project
  atlasops.network.atlas_peering_info:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    gcp_project_id: my-project-191923
"""

RETURN = r"""
peerings:
  description:
    - The connections in the order of the projects, each with the keys of
      RV(atlasops.network.atlas_peering#module:peering). Also returned if some of several projects could not be read.
  returned: unless no project could be read
  type: list
  elements: dict
  sample:
    - id: 6112222b3bf99403840e8934
      project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
      provider_name: AWS
      container_id: 6746ceedaef48d1cb265896b
      container_region: null
      atlas_cidr_block: null
      accepter_region_name: us-east-1
      aws_account_id: "123456789012"
      route_table_cidr_block: 10.15.0.0/16
      vpc_id: vpc-0f1e2d3c4b5a69788
      connection_id: pcx-0f1e2d3c4b5a69788
      peer_network: 123456789012/vpc-0f1e2d3c4b5a69788
      status: AVAILABLE
      phase: available
      error: null
      next_action: null
      next_command: null
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
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import list_in_projects
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.model import cloud, clouds
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import parse_filter
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.NAMES_SPEC,
    **options.PROJECTS_SPEC,
    **options.WORKERS_SPEC,
    "peer_id": {"type": "str", "aliases": ["id"]},
    "provider_name": {"type": "str", "choices": list(clouds.CLOUDS)},
    "phase": {"type": "list", "elements": "str", "choices": [p for p in cloud.PHASES if p != cloud.ABSENT]},
    "container_id": {"type": "str"},
    **{f.option: f.spec for one in clouds.CLOUDS.values() for f in one.peering.identity},
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    wanted = parse_filter(PEERING, params)
    return list_in_projects(
        client, params, "peerings", lambda project_id: PeeringApi(client).filter(project_id, wanted)
    )


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
