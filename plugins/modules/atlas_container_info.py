#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_container_info
short_description: Read the network peering containers of MongoDB Atlas projects
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns the containers of one or several projects. Filters restrict them.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.projects
  - atlasops.network.atlas.workers
  - atlasops.network.attributes.reading
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
options:
  container_id:
    description:
      - Only the container with this ID. If there is none, RV(containers) is empty.
    type: str
    aliases: [id]
  provider_name:
    description:
      - Only containers of this cloud provider.
    type: str
    choices: [AWS, AZURE, GCP]
  region:
    description:
      - Only containers in this region of AWS or Azure, see O(atlasops.network.atlas_container#module:region).
    type: str
notes:
  - Makes one request for each project, after one for the digest challenge or the access token.
seealso:
  - module: atlasops.network.atlas_container
  - module: atlasops.network.atlas_peering
"""

EXAMPLES = r"""
- name: Read all containers of a project
  atlasops.network.atlas_container_info:
    project_name: payments-production
  register: atlas

- name: Find the container in an AWS region
  atlasops.network.atlas_container_info:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AWS
    region: US_EAST_1

- name: Find the Azure containers
  atlasops.network.atlas_container_info:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AZURE

- name: Find the GCP container, whose names are needed for the reciprocal peering
  atlasops.network.atlas_container_info:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: GCP
"""

RETURN = r"""
containers:
  description:
    - The containers in the order of the projects, each with the keys of
      RV(atlasops.network.atlas_container#module:container). Also returned if some of several projects could not be
      read.
  returned: unless no project could be read
  type: list
  elements: dict
  sample:
    - id: 6746ceedaef48d1cb265896b
      project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
      provider_name: AWS
      region: US_EAST_1
      atlas_cidr_block: 192.168.248.0/21
      provisioned: true
      vpc_id: vpc-0e0706bcd69b8855a
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
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi
from ansible_collections.atlasops.network.plugins.module_utils.model import clouds
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import parse_filter

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.PROJECTS_SPEC,
    **options.WORKERS_SPEC,
    "container_id": {"type": "str", "aliases": ["id"]},
    "provider_name": {"type": "str", "choices": list(clouds.CLOUDS)},
    **{f.option: f.spec for cloud in clouds.CLOUDS.values() for f in cloud.container.identity},
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    wanted = parse_filter(CONTAINER, params)
    return list_in_projects(
        client, params, "containers", lambda project_id: ContainerApi(client).filter(project_id, wanted)
    )


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
