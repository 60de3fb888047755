#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_container
short_description: Create, update or delete a network peering container of MongoDB Atlas
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Manages one container. A container is the network of MongoDB Atlas in a region of AWS or Azure, or in GCP, which
    peering connections start from. Atlas creates it with the first dedicated cluster there if it does not exist.
  - A project has at most one container in each region of AWS and Azure, and one in GCP. An existing container is
    therefore found by cloud provider and region, and adopted.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.container
  - atlasops.network.atlas.names
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
options:
  state:
    description:
      - V(present) creates the container or updates its O(atlas_cidr_block). Atlas allows the update only while no
        peering connection and no cluster uses the container. Omit O(atlas_cidr_block) to accept the block of an
        existing container.
      - V(absent) deletes the container. Atlas allows this only while nothing uses it. If connections do, the error
        lists them.
    type: str
    choices: [present, absent]
    default: present
  delete_timeout:
    description:
      - Time in seconds during which O(state=absent) repeats the request, with pauses of up to 10 seconds, while Atlas
        answers that the container is in use. Atlas releases a container some time after its last connection or cluster
        is gone, which may take up to an hour.
      - The request is not repeated if a connection that is not being deleted uses the container.
      - Nothing is printed during this time. With V(0), the request is not repeated.
    type: int
    default: 600
notes:
  - The role Project Owner is required to create, update and delete containers.
  - The block is validated before the first write, also in check mode. Only Atlas knows whether a container is used by
    something other than a connection, so check mode always predicts that the deletion succeeds.
seealso:
  - module: atlasops.network.atlas_container_info
  - module: atlasops.network.atlas_peering
"""

EXAMPLES = r"""
- name: Create a container in an AWS region
  atlasops.network.atlas_container:
    project_name: payments-production
    provider_name: AWS
    region: US_EAST_1
    atlas_cidr_block: 192.168.248.0/21
  register: container

- name: Peer a VPC with the container
  atlasops.network.atlas_peering:
    project_name: payments-production
    provider_name: AWS
    container_id: "{{ container.container.id }}"
    accepter_region_name: us-east-1
    aws_account_id: "123456789012"
    vpc_id: vpc-0f1e2d3c4b5a69788
    route_table_cidr_block: 10.15.0.0/16

- name: Create a container in an Azure region
  atlasops.network.atlas_container:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AZURE
    region: EUROPE_NORTH
    atlas_cidr_block: 192.168.240.0/21

- name: Create the GCP container
  atlasops.network.atlas_container:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: GCP
    atlas_cidr_block: 10.128.0.0/18

- name: Delete a container that is no longer used
  atlasops.network.atlas_container:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AWS
    region: EU_WEST_1
    state: absent
"""

RETURN = r"""
container:
  description:
    - The container after the task, or the predicted one in check mode. After its deletion, it contains only the fields
      of its identity.
  returned: success
  type: dict
  contains:
    id:
      description: ID of the container, or null if it would be created in check mode.
      type: str
      sample: 6746ceedaef48d1cb265896b
    project_id:
      description: ID of the Atlas project.
      type: str
      sample: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name:
      description: Cloud provider of the container.
      type: str
      sample: AWS
    region:
      description: Region of the container, by the name that Atlas uses.
      returned: provider_name is AWS or AZURE
      type: str
      sample: US_EAST_1
    regions:
      description: Regions that the container is limited to. Empty if it covers all regions.
      returned: provider_name is GCP
      type: list
      elements: str
      sample: []
    atlas_cidr_block:
      description: CIDR block of the Atlas network.
      type: str
      sample: 192.168.248.0/21
    provisioned:
      description: Whether Atlas has provisioned the network, which it does with the first cluster or connection.
      type: bool
      sample: true
    vpc_id:
      description: ID of the Atlas VPC, or null until it is provisioned.
      returned: provider_name is AWS
      type: str
      sample: vpc-0e0706bcd69b8855a
    azure_subscription_id:
      description: ID of the Azure subscription of Atlas, or null until it is provisioned.
      returned: provider_name is AZURE
      type: str
      sample: 591236d43d098d433845860f
    vnet_name:
      description: Name of the Atlas virtual network, or null until it is provisioned.
      returned: provider_name is AZURE
      type: str
      sample: vnet_6746cefbaef48d1cb2658bbb_ykngkrlx
    gcp_project_id:
      description: ID of the GCP project of Atlas, or null until it is provisioned.
      returned: provider_name is GCP
      type: str
      sample: p-ab12cd34ef56ab12cd34ef56
    network_name:
      description: Name of the Atlas network in GCP, or null until it is provisioned.
      returned: provider_name is GCP
      type: str
      sample: nt-68b470e5e989e54ca7724068-ab12cd34
failure:
  description: The error as structured data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
  returned: failure
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.atlas_module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import ContainerSync, SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import parse_desired

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.CONTAINER_SPEC,
    **options.DELETION_SPEC,
    **options.NAMES_SPEC,
    **options.STATE_SPEC,
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    present = params["state"] == "present"
    desired = parse_desired(CONTAINER, params, ProjectResolver(client).resolve(params), complete=present)
    sync_options = SyncOptions(present, check_mode, delete_timeout=options.delete_timeout(params))
    return fleet.sync(
        client, [desired], lambda members: ContainerSync(client, members, sync_options)
    ).as_single_result()


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
