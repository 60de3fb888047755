# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers and peers: what they are, show and become."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from .clouds import FAILED, GONE, Cloud
from .settings import Settings

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
