# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API cannot do: seeding, and the acts of the other side of a connection."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Callable, Union

from .clouds import AVAILABLE, FAILED, Cloud, cloud_in_any_case
from .containers import containers_of_clusters, spare_block
from .settings import CONTAINER_IDS, ORG_ID, PROJECT_ID, PROJECT_NAME
from .state import Container, Peer, Project, World, new_id

Tags = Union[Mapping[str, str], Sequence[Mapping[str, str]], None]


class Refused(Exception):
    """The state of affairs does not allow this; `status` is what the control endpoint answers."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Backstage:
    """Acts upon the world directly; every method takes the world's lock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.project_id = PROJECT_ID
        self._add(Project(PROJECT_NAME, world.clock.now(), id=PROJECT_ID), CONTAINER_IDS)

    def _add(self, project: Project, container_ids: dict[str, str] | None) -> str:
        with self._world.lock:
            if project.id in self._world.projects:
                raise Refused(409, f"project {project.id} exists already")
            if container_ids is not None:
                containers_of_clusters(project, container_ids)
            self._world.projects[project.id] = project
        return project.id

    def _project(self, project_id: str) -> Project:
        self._world.settle()
        if project_id not in self._world.projects:
            raise Refused(404, f"no project {project_id}")
        return self._world.projects[project_id]

    # Seeding

    def add_organization(self, name: str) -> str:
        with self._world.lock:
            org_id = new_id()
            self._world.organizations[org_id] = name
        return org_id

    def add_project(
        self,
        name: str,
        project_id: str | None = None,
        tags: Tags = None,
        containers: bool = True,
        org_id: str = ORG_ID,
    ) -> str:
        """Make a project, with the container of a cluster in each cloud unless told otherwise."""
        if org_id not in self._world.organizations:
            raise Refused(404, f"no organization {org_id}")
        listed = [{"key": key, "value": value} for key, value in tags.items()] if isinstance(tags, Mapping) else tags
        project = Project(name, self._world.clock.now(), org_id, [dict(tag) for tag in listed or ()])
        project.id = project_id or project.id
        return self._add(project, {} if containers else None)

    def add_projects(self, projects: Sequence[Mapping[str, Any]]) -> list[str]:
        """Make many projects, each from the parameters of add_project()."""
        return [self.add_project(**project) for project in projects]

    def add_container(
        self,
        project_id: str,
        provider_name: str,
        region: str | list[str] | None = None,
        atlas_cidr_block: str | None = None,
        provisioned: bool = True,
    ) -> str:
        """Make a container, provisioned by a cluster unless told otherwise."""
        with self._world.lock:
            project, cloud = self._project(project_id), cloud_in_any_case(provider_name)
            container = Container(
                cloud,
                atlas_cidr_block or spare_block(project, cloud),
                region or cloud.default_region,
                clusters=provisioned,
                provisioned=provisioned,
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
        """Make a peer without asking the rules. One with a status keeps it until someone acts upon it."""
        with self._world.lock:
            project, cloud = self._project(project_id), cloud_in_any_case(provider_name)
            container_id = api_fields.pop("containerId", None) or self._some_container(project, cloud)
            if container_id not in project.containers:
                raise Refused(404, f"no container {container_id}")
            peer = Peer(
                cloud,
                project.containers[container_id],
                _example(project, cloud),
                cloud.first,
                self._world.clock.now(),
                id=api_fields.pop("id", None) or new_id(),
            )
            peer.initiate(peer.since)
            if status is not None:
                _place(peer, status, error)
            peer.attributes.update(api_fields)
            peer.connection_id = api_fields.get("connectionId", peer.connection_id)
            peer.container.want(peer.since)
            project.peers[peer.id] = peer
        return peer.id

    def _some_container(self, project: Project, cloud: Cloud) -> str:
        present = project.containers_of(cloud)
        return present[0].id if present else self.add_container(project.id, cloud.name)

    # Looking

    def peers(self, project_id: str | None = None) -> list[dict[str, Any]]:
        """Return the peers of all clouds as the API shows them at this moment."""
        with self._world.lock:
            return [peer.view() for peer in self._project(project_id or self.project_id).peers.values()]

    def advance(self, seconds: float) -> float:
        """Let time pass and return what the clock says then."""
        with self._world.lock:
            self._world.clock.advance(seconds)
            return self._world.clock.now()

    # Acts of others in the project

    def remove_clusters(self, container_id: str) -> None:
        """Delete the clusters of a container; Atlas has to clear up after them."""
        with self._world.lock:
            for project in self._world.projects.values():
                if container_id in project.containers:
                    container = project.containers[container_id]
                    container.clusters, container.left = False, self._world.clock.now()
                    return
        raise Refused(404, f"no container {container_id}")

    # Acts of the other side

    def accept(self, peer_id: str) -> None:
        """Accept the VPC peering request in AWS."""
        self._act(peer_id, lambda peer: peer.enter(peer.cloud.acted, self._world.clock.now()), _awaits_acceptance)

    def reject(self, peer_id: str) -> None:
        """Reject the VPC peering request in AWS."""
        self._act(peer_id, lambda peer: peer.enter(FAILED, self._world.clock.now(), "REJECTED"), _awaits_acceptance)

    def expire(self, peer_id: str) -> None:
        """Let the VPC peering request in AWS expire at once."""
        self._act(peer_id, lambda peer: peer.enter(FAILED, self._world.clock.now(), "EXPIRED"), _awaits_acceptance)

    def reciprocate(self, peer_id: str) -> None:
        """Create the peering in the opposite direction in Google Cloud; it may come before Atlas waits for it."""

        def act(peer: Peer) -> None:
            peer.acted = True
            if peer.status == peer.cloud.waiting:
                peer.enter(AVAILABLE, self._world.clock.now())

        self._act(peer_id, act, _awaits_reciprocation)

    def fail(self, peer_id: str, text: str = "") -> None:
        """Let the connection fail, or the deletion of one where the cloud knows such a thing."""

        def act(peer: Peer) -> None:
            words = peer.cloud.errors
            error = text if not words or text in words else words[0]
            deletion = peer.cloud.deletion_failed if peer.status == peer.cloud.deleting else FAILED
            peer.enter(deletion or FAILED, self._world.clock.now(), error)

        self._act(peer_id, act, _can_fail)

    def _act(self, peer_id: str, act: Callable[[Peer], None], allowed: Callable[[Peer], bool]) -> None:
        with self._world.lock:
            self._world.settle()
            found = [project.peers[peer_id] for project in self._world.projects.values() if peer_id in project.peers]
            if not found:
                raise Refused(404, f"no peer {peer_id}")
            if not allowed(found[0]):
                unknown = "" if found[0].is_known else ", and what the other side needs to know is not known yet"
                raise Refused(
                    409, f"peer {peer_id} is an {found[0].cloud.name} peer in status {found[0].status}{unknown}"
                )
            act(found[0])


def _awaits_acceptance(peer: Peer) -> bool:
    return peer.cloud.has_connection_id and peer.status == peer.cloud.waiting and peer.is_known


def _awaits_reciprocation(peer: Peer) -> bool:
    waits = peer.cloud.waiting is not None and peer.cloud.is_pending(peer.status)
    return waits and not peer.cloud.has_connection_id and peer.is_known


def _can_fail(peer: Peer) -> bool:
    return peer.status != peer.cloud.deleting or peer.cloud.deletion_failed is not None


def _place(peer: Peer, status: str, error: str | None) -> None:
    """Put a seeded peer into any status, with the connection id it would have by then, and keep it there."""
    if status != peer.cloud.first and peer.cloud.waiting is not None:
        peer.enter(peer.cloud.waiting, peer.since)
    peer.enter(status, peer.since, error)
    peer.frozen = True


def _example(project: Project, cloud: Cloud) -> dict[str, Any]:
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
