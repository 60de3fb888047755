# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Atlas remembers: projects with their containers and peers."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock, timestamp
from .clouds import FAILED, GONE, Cloud
from .settings import ORG_ID, ORG_NAME, Settings

NEVER = float("inf")


def new_id() -> str:
    """Return an id as Atlas makes them: it begins with the seconds since 1970."""
    return f"{int(time.time()):08x}{secrets.token_hex(8)}"


@dataclass
class Container:
    """Atlas' own network in a region; `clusters` says that it holds some.

    Its first peer or cluster gets it provisioned, the former from the moment `wanted` on.
    `left` says when the last one went.
    """

    cloud: Cloud
    atlas_cidr_block: str
    region: str | list[str] | None = None
    created: float = 0.0
    clusters: bool = False
    provisioned: bool = False
    wanted: float | None = None
    left: float = -NEVER
    id: str = field(default_factory=new_id)

    def want(self, moment: float) -> None:
        """Begin to provision it, unless that was done before."""
        if not self.provisioned and self.wanted is None:
            self.wanted = moment

    def known_from(self, settings: Settings) -> float:
        """Return the moment from which on its network has names."""
        return -NEVER if self.wanted is None else self.wanted + settings.provision_seconds

    def settle(self, now: float, settings: Settings) -> None:
        self.provisioned = self.provisioned or (self.wanted is not None and self.known_from(settings) <= now)

    def view(self) -> dict[str, Any]:
        network = {name: make(self.id) if self.provisioned else None for name, make in self.cloud.network.items()}
        region = {} if self.region is None else {self.cloud.region_key: self.region}
        shown = {
            "atlasCidrBlock": self.atlas_cidr_block,
            "id": self.id,
            "providerName": self.cloud.name,
            "provisioned": self.provisioned,
            **region,
            **network,
        }
        return dict(sorted(shown.items()))


@dataclass
class Peer:
    """A network peering connection: in `status` since a moment, and on its way unless `frozen`."""

    cloud: Cloud
    container: Container
    attributes: dict[str, Any]
    status: str
    since: float
    error: str | None = None
    frozen: bool = False
    acted: bool = False  # the other side has done its part
    connection_id: str | None = None  # which the API does not show at once
    created: float = -NEVER
    id: str = field(default_factory=new_id)

    def enter(self, status: str, moment: float, error: str | None = None) -> None:
        self.status, self.since, self.error, self.frozen = status, moment, error, False
        if self.cloud.has_connection_id and status == self.cloud.waiting:
            self.connection_id = f"pcx-{secrets.token_hex(9)[:17]}"

    def initiate(self, moment: float) -> None:
        """Start anew, whatever was reached before."""
        self.acted = False
        if self.cloud.has_connection_id:
            self.attributes["connectionId"] = self.connection_id = None
        self.enter(self.cloud.first, moment)

    def settle(self, now: float, settings: Settings) -> None:
        """Take every step that is due by now, each at its own moment."""
        while not self.frozen:
            moment, status, error = self._next(settings)
            if moment > now:
                break
            self.enter(status, moment, error)
        if self.connection_id is not None and (self.status != self.cloud.waiting or self._known_from(settings) <= now):
            self.attributes["connectionId"] = self.connection_id

    def _next(self, settings: Settings) -> tuple[float, str, str | None]:
        """Return when what comes next."""
        if self.cloud.steps.get(self.status, GONE) != GONE or self.status == self.cloud.deleting:
            return self.since + settings.pace, self.cloud.steps[self.status], None
        if self.status != self.cloud.waiting:
            return NEVER, self.status, self.error
        patience = 0.0 if self.acted else NEVER if settings.act_after is None else settings.act_after
        acts, expires = self._known_from(settings) + patience, self.since + self.cloud.expires_after
        return (acts, self.cloud.acted, None) if acts <= expires else (expires, FAILED, "EXPIRED")

    def _known_from(self, settings: Settings) -> float:
        """Return the moment from which on the other side can know what to do about a peer that waits for it."""
        if self.cloud.has_connection_id:
            return self.since + settings.connection_id_seconds
        return max(self.since, self.container.known_from(settings))

    @property
    def is_known(self) -> bool:
        """Can the other side know what to do?"""
        return (
            self.attributes["connectionId"] is not None if self.cloud.has_connection_id else self.container.provisioned
        )

    def view(self) -> dict[str, Any]:
        shown = {
            **self.attributes,
            "containerId": self.container.id,
            "id": self.id,
            "providerName": self.cloud.name,
            self.cloud.status_key: self.status,
            self.cloud.error_key: self.error,
        }
        if self.in_region_of_container(shown.get("accepterRegionName")):
            shown["accepterRegionName"] = None
        return dict(sorted(shown.items()))

    def in_region_of_container(self, region: str | None) -> bool:
        """Is the region, spelled us-east-1, the container's, spelled US_EAST_1?"""
        return region is not None and region.upper().replace("-", "_") == self.container.region


@dataclass
class Project:
    """A project, which the API calls a group."""

    name: str
    created: float
    org_id: str = ORG_ID
    tags: list[dict[str, str]] = field(default_factory=list)
    containers: dict[str, Container] = field(default_factory=dict)
    peers: dict[str, Peer] = field(default_factory=dict)
    id: str = field(default_factory=new_id)

    def settle(self, now: float, settings: Settings) -> None:
        for container in self.containers.values():
            container.settle(now, settings)
        for peer in list(self.peers.values()):
            peer.settle(now, settings)
            if peer.status == GONE:
                peer.container.left = max(peer.container.left, peer.since)
                del self.peers[peer.id]

    def containers_of(self, cloud: Cloud) -> list[Container]:
        return [container for container in self.containers.values() if container.cloud is cloud]

    def peers_of(self, cloud: Cloud) -> list[Peer]:
        return [peer for peer in self.peers.values() if peer.cloud is cloud]

    def containers_near(self, container: Container, scope: str) -> list[Container]:
        """Return the containers that count for a peer of this one: all of the cloud, or itself."""
        return self.containers_of(container.cloud) if scope == "project" else [container]

    def peers_near(self, container: Container, scope: str) -> list[Peer]:
        """Return the peers that count for a peer of this container: those of the cloud, or of the container."""
        return [peer for peer in self.peers_of(container.cloud) if scope == "project" or peer.container is container]

    def in_use(self, container: Container, now: float, settings: Settings) -> bool:
        """Is something in the container, or was until recently?"""
        cleared = now - container.left >= settings.clear_up_seconds
        return container.clusters or not cleared or any(peer.container is container for peer in self.peers.values())

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


class World:
    """All projects and organizations. Whoever reads or writes holds the lock."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock(settings.clock)
        self.lock = threading.RLock()
        self.projects: dict[str, Project] = {}
        self.organizations = {ORG_ID: ORG_NAME}

    def settle(self) -> None:
        """Let everything happen that is due by now."""
        now = self.clock.now()
        for project in self.projects.values():
            project.settle(now, self.settings)
