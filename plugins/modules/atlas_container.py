#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_container
short_description: Create, change or delete a network peering container of MongoDB Atlas
version_added: 0.1.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Declares one container, the network of MongoDB Atlas in a region of AWS or Azure, or in GCP, which peering
    connections start from. Atlas makes one by itself with the first dedicated cluster there.
  - A project has at most one in each region of AWS and Azure, and one in GCP, so it is found by cloud and region, and
    adopted.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.container
  - atlasops.network.atlas.names
  - atlasops.network.attributes
attributes:
  diff_mode:
    support: full
options:
  state:
    description:
      - V(present) creates the container or changes its O(atlas_cidr_block), which Atlas allows while no peering
        connection and no cluster is in it. Leave O(atlas_cidr_block) out to take an existing container as it is.
      - V(absent) deletes it, which Atlas allows while nothing is in it. The failure names the connections that are.
    type: str
    choices: [present, absent]
    default: present
  delete_timeout:
    description:
      - Seconds during which O(state=absent) asks again, with pauses of up to 10 seconds, while Atlas answers that the
        container is in use. Atlas clears a container up some time after the last connection or cluster in it is gone,
        which may take up to an hour.
      - It asks once only if a connection that is not being deleted is in the container, since waiting cannot help then.
      - Nothing is printed meanwhile. V(0) asks once.
    type: int
    default: 600
notes:
  - Creating, changing and deleting containers needs the role Project Owner.
  - Which block Atlas takes is checked beforehand, in check mode too. Whether something other than a connection is in
    a container is known to Atlas alone, so that check mode predicts its deletion in any case.
seealso:
  - module: atlasops.network.atlas_container_info
  - module: atlasops.network.atlas_peering
"""

EXAMPLES = r"""
- name: Have a container in a region of AWS
  atlasops.network.atlas_container:
    project_name: payments-production
    provider_name: AWS
    region: US_EAST_1
    atlas_cidr_block: 192.168.248.0/21
  register: container

- name: Peer a VPC with it
  atlasops.network.atlas_peering:
    project_name: payments-production
    provider_name: AWS
    container_id: "{{ container.container.id }}"
    accepter_region_name: us-east-1
    aws_account_id: "123456789012"
    vpc_id: vpc-0f1e2d3c4b5a69788
    route_table_cidr_block: 10.15.0.0/16

- name: Have a container in a region of Azure
  atlasops.network.atlas_container:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AZURE
    region: EUROPE_NORTH
    atlas_cidr_block: 192.168.240.0/21

- name: Have the container of GCP
  atlasops.network.atlas_container:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: GCP
    atlas_cidr_block: 10.128.0.0/18

- name: Delete a container that nothing uses any more
  atlasops.network.atlas_container:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AWS
    region: EU_WEST_1
    state: absent
"""

RETURN = r"""
container:
  description:
    - The container after the task, in check mode as predicted; after its deletion only what identifies it.
  returned: success
  type: dict
  contains:
    id:
      description: Id of the container; null in check mode before it exists.
      type: str
      sample: 6746ceedaef48d1cb265896b
    project_id:
      description: Id of the Atlas project.
      type: str
      sample: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name:
      description: The cloud.
      type: str
      sample: AWS
    region:
      description: Region as Atlas spells it.
      returned: provider_name is AWS or AZURE
      type: str
      sample: US_EAST_1
    regions:
      description: Regions that the container is limited to; empty where it is in all.
      returned: provider_name is GCP
      type: list
      elements: str
      sample: []
    atlas_cidr_block:
      description: CIDR block of Atlas' network.
      type: str
      sample: 192.168.248.0/21
    provisioned:
      description: Whether Atlas has built the network, which it does with the first cluster or connection.
      type: bool
      sample: true
    vpc_id:
      description: Id of Atlas' VPC; null until it is provisioned.
      returned: provider_name is AWS
      type: str
      sample: vpc-0e0706bcd69b8855a
    azure_subscription_id:
      description: Atlas' Azure subscription; null until it is provisioned.
      returned: provider_name is AZURE
      type: str
      sample: 591236d43d098d433845860f
    vnet_name:
      description: Name of Atlas' virtual network; null until it is provisioned.
      returned: provider_name is AZURE
      type: str
      sample: vnet_6746cefbaef48d1cb2658bbb_ykngkrlx
    gcp_project_id:
      description: Atlas' GCP project; null until it is provisioned.
      returned: provider_name is GCP
      type: str
      sample: p-ab12cd34ef56ab12cd34ef56
    network_name:
      description: Name of Atlas' GCP network; null until it is provisioned.
      returned: provider_name is GCP
      type: str
      sample: nt-68b470e5e989e54ca7724068-ab12cd34
failure:
  description: What went wrong, as data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
  returned: failure
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import apply
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import parse_desired
from ansible_collections.atlasops.network.plugins.module_utils.module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.option_names import NAMES_SPEC

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.CONTAINER_SPEC,
    **options.DELETION_SPEC,
    **NAMES_SPEC,
    **options.STATE_SPEC,
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result; whatever goes wrong is raised as an AtlasError."""
    present = params["state"] == "present"
    desired = parse_desired(CONTAINER, params, ProjectResolver(client).resolve(params), complete=present)
    containers = ContainerApi(client, options.delete_timeout(params))
    (outcome,) = apply.ensure(containers, [desired], present, check_mode)
    return outcome.as_result()


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
