# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the simulated Atlas: projects with their containers, peers and access lists."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from ..settings import ORG_ID, ORG_NAME, Settings
from .access_list import Entry
from .clock import Clock, timestamp
from .clouds import AWS, GONE, Cloud
from .other_side import Follower, OtherSide
from .resources import Container, Peer, new_id


@dataclass
class Project:
    """A project, which the API calls a group."""

    name: str
    created: float
    org_id: str = ORG_ID
    tags: list[dict[str, str]] = field(default_factory=list)
    containers: dict[str, Container] = field(default_factory=dict)
    peers: dict[str, Peer] = field(default_factory=dict)
    access_list: dict[str, Entry] = field(default_factory=dict)  # by value
    id: str = field(default_factory=new_id)

    def settle(self, now: float, settings: Settings, follower: Follower) -> None:
        """Make every transition that is due, and those that the other side brings about."""
        for container in self.containers.values():
            container.settle(now, settings)
        peers = list(self.peers.values())
        for peer in peers:
            peer.settle(now, settings)
        follower.follow(self.containers.values(), peers, now)
        for peer in peers:
            if peer.status == GONE:
                peer.container.emptied = max(peer.container.emptied, peer.since)
                del self.peers[peer.id]
        self.access_list = {value: entry for value, entry in self.access_list.items() if self._keeps(entry, now)}

    def _keeps(self, entry: Entry, now: float) -> bool:
        """Whether an access list entry stays: until it expires, and a security group while there is a peer on AWS."""
        return not entry.is_expired(now) and (not entry.is_security_group or bool(self.peers_of(AWS)))

    def containers_of(self, cloud: Cloud) -> list[Container]:
        return [container for container in self.containers.values() if container.cloud is cloud]

    def peers_of(self, cloud: Cloud) -> list[Peer]:
        return [peer for peer in self.peers.values() if peer.cloud is cloud]

    def containers_near(self, container: Container, scope: str) -> list[Container]:
        """Return the containers that a peer of this one may conflict with: all of the cloud, or this one."""
        return self.containers_of(container.cloud) if scope == "project" else [container]

    def peers_near(self, container: Container, scope: str) -> list[Peer]:
        """Return the peers that a peer of this container may conflict with: all of the cloud, or the container's."""
        return [peer for peer in self.peers_of(container.cloud) if scope == "project" or peer.container is container]

    def in_use(self, container: Container, now: float, settings: Settings) -> bool:
        """Whether the container holds something, or did until recently."""
        cleared_up = now - container.emptied >= settings.clear_up_seconds
        return container.clusters or not cleared_up or any(peer.container is container for peer in self.peers.values())

    def view(self) -> dict[str, Any]:
        return {
            "clusterCount": sum(container.clusters for container in self.containers.values()),
            "created": timestamp(self.created),
            "id": self.id,
            "name": self.name,
            "orgId": self.org_id,
            "tags": self.tags,
            "withDefaultAlertsSettings": True,
        }


class State:
    """All projects and organizations. Hold `lock` to read or write."""

    def __init__(
        self,
        settings: Settings,
        other_sides: Iterable[OtherSide] = (),
        allows_peering: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> None:
        self.settings = settings
        self.allows_peering = allows_peering or (lambda attributes: settings.azure_access_granted)
        self._follower = Follower(other_sides)
        self.clock = Clock(settings.clock)
        self.lock = threading.RLock()
        self.projects: dict[str, Project] = {}
        self.organizations = {ORG_ID: ORG_NAME}

    def settle(self) -> None:
        """Make every transition that is due."""
        for project in self.projects.values():
            self.settle_project(project)

    def settle_project(self, project: Project) -> None:
        project.settle(self.clock.now(), self.settings, self._follower)
