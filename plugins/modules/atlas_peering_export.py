#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering_export
short_description: Export existing network peering connections of MongoDB Atlas as a declaration
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Reads the connections of projects, of all cloud providers, and returns them as entries of
    O(atlasops.network.atlas_peering_set#module:connections), or writes them to files of variables for the role
    P(atlasops.network.atlas_peering#role).
  - Declaring the connections as exported changes nothing in Atlas.
  - A container is named by its region if that identifies it, otherwise by its ID. A connection of GCP does not name its
    container, since a project has only one. A C(peer_id) is set only if nothing else tells two connections apart.
  - Connections that failed or are being deleted are not declared, because a declaration would ask for a replacement.
    They are listed in RV(projects[].left_out) and as comments in the files.
  - The order of connections and options is stable, so that a file only changes if connections do.
  - Projects are read in parallel. If a project cannot be read, the others are exported, and the task fails at the end
    and names each cause once. An existing file of that project is left as it is.
  - The module does not write to Atlas.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.names
  - atlasops.network.atlas.workers
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
attributes:
  check_mode:
    details: Reads Atlas and predicts the changes of the files without writing them.
  diff_mode:
    details: Shows the changes of the files.
options:
  projects:
    description:
      - The projects to export. If empty, all projects that the credentials can access are exported.
    type: list
    elements: dict
    default: []
    suboptions:
      project_id:
        description:
          - ID of the project.
        type: str
        aliases: [group_id]
      project_name:
        description:
          - Name of the project, as an alternative to O(projects[].project_id).
        type: raw
      host:
        description:
          - Name of the host of the project in the inventory, after which its file is named.
          - If unset, the name that the inventory P(atlasops.network.atlas_projects#inventory) gives it if all projects
            that the credentials can access are its hosts.
        type: str
  path:
    description:
      - Where to write, on the machine that runs the task. If empty, nothing is written.
      - For O(format=host_vars), a directory such as C(inventories/production/host_vars). For O(format=list), a file.
      - Directories are created. A file that was not written by an export is never overwritten.
    type: path
    default: ""
  format:
    description:
      - V(host_vars) - one file for each project that has connections, with C(atlas_peering_project_id) and
        C(atlas_peering_connections). If the host has a directory of variables, the file is C(atlas_peering.yml) in it.
        The file of a project that has lost all its connections remains, with an empty list.
      - V(list) - one file with C(atlas_peering_connections) of all projects, each connection with its C(project_id). It
        is only written if all projects could be read.
    type: str
    choices: [host_vars, list]
    default: host_vars
notes:
  - Makes four requests for each project - one for the connections of each cloud provider and one for all containers.
    Unless all projects have a O(projects[].host), makes one more for every 500 projects that the credentials can
    access, and one for the names of the organizations.
  - A connection that is left out is undeclared, so O(atlasops.network.atlas_peering_set#module:purge) deletes it, as
    far as it exists then.
seealso:
  - module: atlasops.network.atlas_peering_set
  - module: atlasops.network.atlas_peering_report
"""

EXAMPLES = r"""
- name: Export all projects that the credentials can access, one file for each
  atlasops.network.atlas_peering_export:
    path: inventory/host_vars

- name: Export two projects as one list
  atlasops.network.atlas_peering_export:
    projects:
      - project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
      - project_name: payments-production
    format: list
    path: /tmp/peering-connections.yml

- name: Read the declaration of a project
  atlasops.network.atlas_peering_export:
    projects:
      - project_name: payments-production
  register: exported

- name: Show why connections are not declared
  ansible.builtin.debug:
    msg: "{{ exported.projects | map(attribute='left_out') | flatten | map(attribute='reason') }}"
"""

RETURN = r"""
projects:
  description: The projects, in the order of O(projects) or of their names. Also returned if some of them failed.
  returned: unless no project could be exported
  type: list
  elements: dict
  contains:
    project_id:
      description: ID of the project, or null if there is none with the given name.
      type: str
      sample: 5f1a2b3c4d5e6f7a8b9c0d1e
    project_name:
      description: Name of the project, or null if it is not known.
      type: str
      sample: payments-production
    host:
      description: Name of the host in the inventory, or null if the project cannot be accessed.
      type: str
      sample: payments-production
    path:
      description: The project's file, or null if it has none.
      type: str
      sample: inventory/host_vars/payments-production.yml
    connections:
      description: The connections as they can be declared, or null if the project could not be read.
      type: list
      elements: dict
      sample:
        - provider_name: AWS
          container_region: US_EAST_1
          accepter_region_name: us-east-1
          aws_account_id: "123456789012"
          route_table_cidr_block: 10.15.0.0/16
          vpc_id: vpc-0f1e2d3c4b5a69788
    left_out:
      description: The connections that are not declared, or null if the project could not be read.
      type: list
      elements: dict
      contains:
        reason:
          description: Why it is not declared.
          type: str
          sample: It is failed (EXPIRED). Nobody accepted it within 7 days.
        id:
          description: ID of the connection.
          type: str
          sample: 6112222b3bf99403840e8934
        provider_name:
          description: Cloud provider of the network.
          type: str
          sample: AWS
        peer_network:
          description:
            - The network on the other side, see RV(atlasops.network.atlas_peering#module:peering.peer_network).
          type: str
          sample: 123456789012/vpc-0f1e2d3c4b5a69788
        container_id:
          description: ID of the Atlas container.
          type: str
          sample: 6746ceedaef48d1cb265896b
        container_region:
          description: Region of the Atlas container, or null if it is not known. Always null for GCP.
          type: str
          sample: US_EAST_1
        status:
          description: Status in Atlas, in the words of the cloud provider.
          type: str
          sample: FAILED
        error:
          description: Why it failed, in the words of Atlas, or null.
          type: str
          sample: EXPIRED
failure:
  description: The error as structured data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
  returned: failure
  type: dict
  contains:
    problems:
      description:
        - The projects that could not be exported, each with C(project_id), C(project_name), C(host), C(msg), C(cause)
          and C(failure).
      type: list
      elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.atlas_module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.engine import export

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.NAMES_SPEC,
    **options.WORKERS_SPEC,
    "projects": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {**options.PROJECT_SPEC, "host": {"type": "str"}},
    },
    "path": {"type": "path", "default": ""},
    "format": {"type": "str", "choices": list(export.FORMATS), "default": export.HOST_VARS},
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    return export.export_projects(client, params, check_mode)


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
