# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating projects, containers and peers in any status, without the API."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Union

from ..api.containers import add_cluster_containers, default_block
from ..domain.access_list import Entry, entry_value
from ..domain.clouds import Cloud, cloud_ignoring_case
from ..domain.resources import Container, Peer, new_id
from ..domain.state import Project, State
from ..settings import CONTAINER_IDS, ORG_ID, PROJECT_ID, PROJECT_NAME

Tags = Union[Mapping[str, str], Sequence[Mapping[str, str]], None]


class ControlError(Exception):
    """The state does not allow this; `status` is that of the control endpoint's answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Seeding:
    """Creates resources directly in the state; every method takes its lock."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.project_id = PROJECT_ID
        self._add(Project(PROJECT_NAME, state.clock.now(), id=PROJECT_ID), CONTAINER_IDS)

    def _add(self, project: Project, container_ids: dict[str, str] | None) -> str:
        with self._state.lock:
            if project.id in self._state.projects:
                raise ControlError(409, f"project {project.id} exists already")
            if container_ids is not None:
                add_cluster_containers(project, container_ids)
            self._state.projects[project.id] = project
        return project.id

    def _project(self, project_id: str) -> Project:
        self._state.settle()
        if project_id not in self._state.projects:
            raise ControlError(404, f"no project {project_id}")
        return self._state.projects[project_id]

    def add_organization(self, name: str) -> str:
        with self._state.lock:
            org_id = new_id()
            self._state.organizations[org_id] = name
        return org_id

    def add_project(
        self,
        name: str,
        project_id: str | None = None,
        tags: Tags = None,
        containers: bool = True,
        org_id: str = ORG_ID,
    ) -> str:
        """Create a project, by default with a container in each cloud, as its first clusters would."""
        if org_id not in self._state.organizations:
            raise ControlError(404, f"no organization {org_id}")
        listed = [{"key": key, "value": value} for key, value in tags.items()] if isinstance(tags, Mapping) else tags
        project = Project(name, self._state.clock.now(), org_id, [dict(tag) for tag in listed or ()])
        project.id = project_id or project.id
        return self._add(project, {} if containers else None)

    def add_projects(self, projects: Sequence[Mapping[str, Any]]) -> list[str]:
        """Create many projects, each from the parameters of add_project()."""
        return [self.add_project(**project) for project in projects]

    def add_container(
        self,
        project_id: str,
        provider_name: str,
        region: str | list[str] | None = None,
        atlas_cidr_block: str | None = None,
        provisioned: bool = True,
        container_id: str | None = None,
    ) -> str:
        """Create a container, by default provisioned by a cluster."""
        with self._state.lock:
            project, cloud = self._project(project_id), cloud_ignoring_case(provider_name)
            container = Container(
                cloud,
                atlas_cidr_block or default_block(project, cloud),
                region or cloud.default_region,
                clusters=provisioned,
                provisioned=provisioned,
                id=container_id or new_id(),
            )
            project.containers[container.id] = container
        return container.id

    def add_peer(
        self,
        project_id: str,
        provider_name: str,
        status: str | None = None,
        error: str | None = None,
        **api_fields: Any,
    ) -> str:
        """Create a peer without validation. If `status` is given, it stays there until something acts on it."""
        with self._state.lock:
            project, cloud = self._project(project_id), cloud_ignoring_case(provider_name)
            container_id = api_fields.pop("containerId", None) or self._first_container(project, cloud)
            if container_id not in project.containers:
                raise ControlError(404, f"no container {container_id}")
            peer = Peer(
                cloud,
                project.containers[container_id],
                _unique_attributes(project, cloud),
                cloud.initial_status,
                self._state.clock.now(),
                id=api_fields.pop("id", None) or new_id(),
            )
            peer.initiate(peer.since)
            if status is not None:
                _freeze(peer, status, error)
            peer.attributes.update(api_fields)
            peer.connection_id = api_fields.get("connectionId", peer.connection_id)
            peer.container.request_provisioning(peer.since)
            project.peers[peer.id] = peer
        return peer.id

    def add_access_list_entry(
        self,
        entry: str,
        comment: str | None = None,
        lifetime: float | None = None,
        status: str | None = None,
        project_id: str | None = None,
    ) -> str:
        """Add an address, a block or a security group without validation and return its value.

        Args:
            entry: What the entry is to permit.
            comment: Its comment.
            lifetime: Seconds after which it expires; by default it does not.
            status: `FAILED` for an entry that Atlas could not apply.
            project_id: Its project; by default the seeded one.
        """
        with self._state.lock:
            project, now = self._project(project_id or self.project_id), self._state.clock.now()
            value = entry_value(entry, self._state.settings)
            if value is None or status not in (None, "FAILED"):
                raise ValueError(f"no access list entry: {entry} {status or ''}".strip())
            expires = None if lifetime is None else now + lifetime
            project.access_list[value] = Entry(value, now, comment, expires, failed=status == "FAILED")
        return value

    def _first_container(self, project: Project, cloud: Cloud) -> str:
        present = project.containers_of(cloud)
        return present[0].id if present else self.add_container(project.id, cloud.name)


def _freeze(peer: Peer, status: str, error: str | None) -> None:
    """Put a peer into a status, with the connection id it would have by then, and keep it there."""
    if status != peer.cloud.initial_status and peer.cloud.waiting_status is not None:
        peer.enter(peer.cloud.waiting_status, peer.since)
    peer.enter(status, peer.since, error)
    peer.frozen = True


def _unique_attributes(project: Project, cloud: Cloud) -> dict[str, Any]:
    """Return attributes that no other peer has."""
    digits = secrets.token_hex(9)[:17]
    count = len(project.peers) % 256
    examples: dict[str, dict[str, Any]] = {
        "AWS": {
            "accepterRegionName": None,
            "awsAccountId": "123456789012",
            "routeTableCidrBlock": f"10.255.{count}.0/24",
            "vpcId": f"vpc-{digits}",
        },
        "AZURE": {
            "azureDirectoryId": "8f2f1c3e-1d5b-4a55-9c0a-3a5a5b1e0d01",
            "azureSubscriptionId": "c2a1e6f0-6a3d-4d0e-8b1f-7f4f2b9d1a02",
            "resourceGroupName": "network",
            "vnetName": f"vnet-{digits}",
        },
        "GCP": {"gcpProjectId": "example-project-1", "networkName": f"network-{digits}"},
    }
    return examples[cloud.name]
