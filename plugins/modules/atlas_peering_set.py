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
  - Does for a list of connections, of any number of projects, what M(atlasops.network.atlas_peering) does for one, by
    one task that takes about as long as a single one.
  - Malformed options end the task before anything is asked. Everything else that can be known to fail in a project is
    found before the first write there - blocks that overlap, limits, fields that cannot be changed, connections that
    have failed - and named in one message. Nothing is written in that project then, and the others are not held up. So
    a bad tenth entry keeps the first of its project from being created.
  - What fails later fails alone. Every other connection is tried, and the task fails at the end, with the causes.
  - Projects are dealt with at the same time, the connections of one project one after the other.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.names
  - atlasops.network.atlas.connections
  - atlasops.network.atlas.healing
  - atlasops.network.atlas.limits
  - atlasops.network.atlas.workers
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
  purge:
    description:
      - Whether to delete every connection that is not declared, of those projects and clouds that have at least one
        declared connection. Nothing else is looked at, let alone deleted.
      - A connection of a declared network in another container than the declared one is not declared.
      - In check mode RV(purged) names what would be deleted.
      - In a project where anything stands in the way or fails nothing is purged. The declared connections come first,
        unless the block of an undeclared one keeps a declared one from being created. That one goes first, and the task
        waits O(recreate_timeout) seconds at most until it is gone.
      - It needs O(state=present), and is refused with an empty list of O(connections).
    type: bool
    default: false
  purge_limit:
    description:
      - How many connections O(purge=true) may delete in one project. If there are more, nothing is written in that
        project, in check mode the same, and the task fails with the list of them.
    type: int
    default: 5
notes:
  - If projects peer one network from overlapping blocks of Atlas, as far as their containers were read, a warning says
    so. Such a network can have routes to one of them only.
  - Makes one request for each project and cloud that has connections in the list, one more for its containers if one is
    named by its region or if a connection is to be created or changed, one more if a project is named by its name, and
    one for each connection or container that is created, changed or deleted. Replacing a connection takes a deletion, a
    look every two seconds, and a creation.
  - While a connection of GCP waits for the user, one more asks for the containers of its project, which C(next_action)
    names.
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
        gcp_project_id: my-project-191923
        network_name: default
  register: network

- name: Wait for all of them
  atlasops.network.atlas_peering_wait:
    project_name: payments-production
    connections: "{{ network.peerings }}"

- name: Declare the connections of hundreds of projects, and remove all others of their clouds
  atlasops.network.atlas_peering_set:
    # A list of connections, each with its own project_id or project_name.
    connections: "{{ fleet_connections }}"
    purge: true
    max_workers: 32
"""

RETURN = r"""
peerings:
  description:
    - The connections after the task, in the order of O(connections), in check mode as predicted, each with the keys of
      RV(atlasops.network.atlas_peering#module:peering). Also returned when some of them failed.
    - C(action) says what was done - C(created), C(updated), C(recreated), C(deleted), C(unchanged) or C(failed), and
      C(failure) why it failed, with the keys of RV(atlasops.network.atlas_peering#module:failure), or null.
    - C(phase) is null where Atlas could not be asked what is there.
  returned: unless nothing could be done at all
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
      peer_network: 123456789012/vpc-0f1e2d3c4b5a69788
      status: INITIATING
      phase: pending
      error: null
      next_action: null
      action: created
      failure: null
purged:
  description:
    - The connections that O(purge) deleted, or would delete in check mode, with the same keys.
  returned: unless nothing could be done at all
  type: list
  elements: dict
  sample: []
failure:
  description:
    - What went wrong, as data, with the keys of RV(atlasops.network.atlas_peering#module:failure). RV(failure.problems)
      has an entry for each connection that failed.
  returned: failure
  type: dict
  contains:
    problems:
      description: Each problem with C(connection), C(project_id), C(msg), C(cause) and C(failure).
      type: list
      elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.option_names import NAMES_SPEC, option

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.REPLACE_SPEC,
    **options.LIMITS_SPEC,
    **options.STATE_SPEC,
    **options.WORKERS_SPEC,
    **NAMES_SPEC,
    "connections": options.CONNECTIONS_SPEC,
    **options.PURGE_SPEC,
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result; whatever goes wrong is raised as an AtlasError."""
    present, purge = params["state"] == "present", params["purge"]
    if purge and not (present and params["connections"]):
        needs = f"{option('purge')} needs {option('state')}: present, and connections that are to stay."
        raise InputError(f"{needs} Nothing was deleted.")
    declared = fleet.parse_connections(params, ProjectResolver(client), present)
    order = SyncOptions(present, check_mode, options.replace_policy(params), options.limits(params), purge)
    return fleet.ensure(client, declared, order).as_result()


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
