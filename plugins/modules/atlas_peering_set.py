#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering_set
short_description: Create, update or delete many network peering connections of MongoDB Atlas
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Manages a list of connections across any number of projects in a single task, each as
    M(atlasops.network.atlas_peering) does. The task takes about as long as one for a single connection.
  - If an option is malformed, the task fails before the first request. All other foreseeable errors in a project are
    found before the first write there and reported in one message - overlapping blocks, exceeded limits, fields that
    cannot be changed, and failed connections. One invalid entry therefore blocks all changes in its project. Other
    projects are not affected.
  - An error that occurs later affects only its own connection. All other connections are still processed, and the task
    fails at the end and reports the causes.
  - Projects are processed in parallel, the connections of one project sequentially.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.names
  - atlasops.network.atlas.connections
  - atlasops.network.atlas.replace
  - atlasops.network.atlas.limits
  - atlasops.network.atlas.workers
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
options:
  state:
    description:
      - Whether the connections should exist, see O(atlasops.network.atlas_peering#module:state).
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Whether to delete all connections that are not declared in O(connections). This only affects combinations of
        project and cloud provider for which at least one connection is declared. Others are not even read.
      - If a network is declared with one container, its connections in other containers are not declared.
      - In check mode, RV(purged) lists the connections that would be deleted.
      - Nothing is purged in a project where a problem is found or an error occurs. Declared connections are created
        first. Only if the block of an undeclared connection prevents the creation of a declared one, the undeclared
        one is deleted first, and the task waits up to O(recreate_timeout) seconds until it is gone.
      - Requires O(state=present) and at least one entry in O(connections).
    type: bool
    default: false
  purge_limit:
    description:
      - Maximum number of connections that O(purge=true) may delete in one project. If there are more, the task fails
        with a list of them, also in check mode, and nothing is written in that project.
    type: int
    default: 5
notes:
  - The task issues a warning if several projects peer the same network from overlapping Atlas blocks, as far as their
    containers were read. Such a network can only have routes to one of them.
  - Makes one request for each project and cloud provider with connections in the list. One more request reads the
    containers of a project if one is given by its region, or if a connection is to be created or updated. One more
    request looks up a project that is given by its name. Each connection or container that is created, updated or
    deleted takes one request. Replacing a connection takes a deletion, a poll every two seconds, and a creation.
  - While a GCP connection waits for the user, one more request reads the containers of its project, which
    C(next_action) names.
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

- name: Declare the connections of hundreds of projects and delete all others of their cloud providers
  atlasops.network.atlas_peering_set:
    # A list of connections, each with its own project_id or project_name.
    connections: "{{ fleet_connections }}"
    purge: true
    max_workers: 32
"""

RETURN = r"""
peerings:
  description:
    - The connections after the task, or the predicted ones in check mode, in the order of O(connections). Each has the
      keys of RV(atlasops.network.atlas_peering#module:peering). Also returned if some of them failed.
    - C(action) is C(created), C(updated), C(recreated), C(deleted), C(unchanged) or C(failed).
    - C(failure) is the error of a failed connection with the keys of
      RV(atlasops.network.atlas_peering#module:failure), or null.
    - C(phase) is null if the existing connections could not be read.
  returned: unless the task failed before it processed any connection
  type: list
  elements: dict
  sample:
    - id: 6112222b3bf99403840e8934
      project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
      provider_name: AWS
      container_id: 6746ceedaef48d1cb265896b
      container_region: US_EAST_1
      atlas_cidr_block: 192.168.248.0/21
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
      next_command: null
      action: created
      failure: null
purged:
  description:
    - The connections that O(purge) deleted, or would delete in check mode, with the same keys.
  returned: unless the task failed before it processed any connection
  type: list
  elements: dict
  sample: []
failure:
  description:
    - The error as structured data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
      RV(failure.problems) has an entry for each connection that failed.
  returned: failure
  type: dict
  contains:
    problems:
      description: The individual problems, each with C(connection), C(project_id), C(msg), C(cause) and C(failure).
      type: list
      elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import change_options, options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.atlas_module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.engine import peerings
from ansible_collections.atlasops.network.plugins.module_utils.engine.declarations import parse_connections
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, option

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **change_options.REPLACE_SPEC,
    **change_options.LIMITS_SPEC,
    **options.STATE_SPEC,
    **options.WORKERS_SPEC,
    **options.NAMES_SPEC,
    "connections": options.CONNECTIONS_SPEC,
    **change_options.PURGE_SPEC,
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    present, purge = params["state"] == "present", params["purge"]
    if purge and not (present and params["connections"]):
        needs = f"{option('purge')} needs {option('state')}: present, and connections that should stay."
        raise InputError(f"{needs} Nothing was deleted.")
    declared = parse_connections(params, ProjectResolver(client), present)
    sync_options = SyncOptions(
        present, check_mode, change_options.replace_policy(params), change_options.limits(params), purge
    )
    return peerings.sync(client, declared, sync_options).as_result("peerings")


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
