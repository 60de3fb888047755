#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering_report
short_description: Compare declared network peering connections of MongoDB Atlas with what is there
version_added: 0.1.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Says of each declared connection whether it is there, available, different, pending or failed, names connections and
    containers that nobody declared, and how long pending requests have left.
  - Writes nothing to Atlas. With an empty O(connections) everything in the task's project is undeclared.
  - Connections are told apart as M(atlasops.network.atlas_peering_set) does - a declared container belongs to the
    identity, so that a connection of the same network in another container is another one.
  - Projects are read at the same time. If a project cannot be read, or several connections match one that is declared,
    what is declared there is C(unknown), and all else is compared. The task then fails in the end, names each cause
    once, and returns RV(report) all the same.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.names
  - atlasops.network.atlas.connections
  - atlasops.network.atlas.workers
  - atlasops.network.attributes
attributes:
  check_mode:
    description: Only reads, so check mode makes no difference.
  diff_mode:
    support: N/A
    details: Changes nothing; the differences are in RV(report.connections).
notes:
  - Makes four requests for each project - one for the connections of each cloud and one for all containers - and one
    more for each project that is named by its name.
  - Times are derived - an id of Atlas begins with the time of its making.
seealso:
  - module: atlasops.network.atlas_peering_set
  - module: atlasops.network.atlas_peering_info
"""

EXAMPLES = r"""
- name: Compare an AWS, an Azure and a GCP connection with what is there
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

- name: Fail where anything is not as declared
  ansible.builtin.assert:
    that: not drift.report.drift
"""

RETURN = r"""
report:
  description: What is declared against what is there. Also returned when not everything could be compared.
  returned: unless nothing could be compared at all
  type: dict
  contains:
    drift:
      description: Whether anything is not as declared, or not available, or could not be compared.
      type: bool
      sample: true
    counts:
      description: How many connections are in each state.
      type: dict
      sample: {available: 2, missing: 1}
    connections:
      description: One entry for each connection that is declared or there, declared ones first.
      type: list
      elements: dict
      contains:
        state:
          description:
            - C(available) - as declared, and the connection is up. C(pending), C(action_required), C(failed),
              C(deleting) - as declared, in this phase. C(different) - there, with other values.
              C(missing) - declared and not there. C(undeclared) - there and not declared.
              C(unknown) - declared, and what is there could not be told.
          type: str
          sample: different
        project_id:
          description: Id of the Atlas project, or null if none could be found for its name.
          type: str
          sample: 5f1a2b3c4d5e6f7a8b9c0d1e
        project_name:
          description: Name of the Atlas project if the task gives it, or null.
          type: str
          sample: payments-production
        provider_name:
          description: The cloud.
          type: str
          sample: AWS
        peer_network:
          description: The network on the other side in one word.
          type: str
          sample: 123456789012/vpc-0f1e2d3c4b5a69788
        name:
          description:
            - What the connection is called - the network, and where several connections of the project have the same,
              the region of its container, or else the container's id.
          type: str
          sample: 123456789012/vpc-0f1e2d3c4b5a69788 in US_EAST_1
        container_id:
          description: Id of the Atlas container, or null if that is not there or not known.
          type: str
          sample: 6746ceedaef48d1cb265896b
        container_region:
          description: Region of the Atlas container, as far as that is known; null on GCP.
          type: str
          sample: US_EAST_1
        differences:
          description: The fields that differ, each with C(field), C(declared) and C(found).
          type: list
          elements: dict
          sample: [{field: route_table_cidr_block, declared: 10.15.0.0/16, found: 10.16.0.0/16}]
        next_action:
          description:
            - What a person must do now, or null. A missing connection is to be created, a different one to be changed
              or declared as it is, and an undeclared one to be declared or deleted, whatever it waits for.
          type: str
          sample: null
        peering:
          description: The connection with the keys of RV(atlasops.network.atlas_peering#module:peering), or null.
          type: dict
        created_at:
          description: When the connection was made, ISO 8601, derived from its id; or null.
          type: str
          sample: "2026-11-20T09:30:00+00:00"
        expires_at:
          description: When the request expires, ISO 8601, derived from its id; or null.
          type: str
          sample: "2026-11-27T09:30:00+00:00"
        expires_in_hours:
          description: Hours until then; negative when it should have expired.
          type: float
          sample: 98.5
    containers:
      description:
        - One entry for each container, with the keys of RV(atlasops.network.atlas_container#module:container),
          C(declared_cidr_block), and the C(state) - C(available) as declared, C(missing), C(different), C(undeclared).
      type: list
      elements: dict
    projects:
      description:
        - The projects, each with C(project_id), C(project_name) if the task gives it, and C(read), whether it could be
          read.
      type: list
      elements: dict
      sample: [{project_id: 5f1a2b3c4d5e6f7a8b9c0d1e, project_name: payments-production, read: true}]
    problems:
      description: What RV(failure.problems) holds; empty where everything could be compared.
      type: list
      elements: dict
      sample: []
failure:
  description: What went wrong, as data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
  returned: failure
  type: dict
  contains:
    problems:
      description:
        - Each declared connection that could not be compared, with C(connection), C(project_id), C(project_name),
          C(msg), C(cause) and C(failure).
      type: list
      elements: dict
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import drift_report, fleet
from ansible_collections.atlasops.network.plugins.module_utils.engine.containers import ContainerResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import DesiredPeering
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver, project_options
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import ProjectRead, read_each
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi, PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.model.drift import Comparison, compare
from ansible_collections.atlasops.network.plugins.module_utils.module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.option_names import NAMES_SPEC

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **NAMES_SPEC,
    **options.WORKERS_SPEC,
    "connections": options.CONNECTIONS_SPEC,
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result; whatever goes wrong is raised as an AtlasError."""
    now, projects = datetime.now(timezone.utc), ProjectResolver(client)
    declared = fleet.told_apart(fleet.parse_connections(params, projects, present=True))

    def read(project: ProjectRead[Comparison]) -> Comparison:
        return _compare(client, str(project.project_id), drift_report.of_project(declared, project), now)

    homes = [project_options(entry, params) for entry in params["connections"]] or [params]
    return drift_report.as_result(declared, read_each(client, projects, homes, read), now)


def _compare(client: Client, project_id: str, declared: Sequence[DesiredPeering], now: datetime) -> Comparison:
    """Read a project and compare it: one LIST for its containers, and one for its connections of each cloud."""
    peers, containers = PeeringApi(client), ContainerApi(client)
    rooms = containers.find_all(project_id)
    peers.know(rooms)
    found = peers.find_all(project_id)
    places = ContainerResolver(
        containers, [one.container for one in declared if one.container], present=False, known=rooms
    )
    placed = [
        replace(
            one,
            peering=places.put(one.peering, one.container),
            refusal=places.objection(one.peering, one.container),
        )
        for one in declared
    ]
    return compare(placed, found, rooms, now)


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
