# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers and peers: their attributes, their view in the API, their transitions."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from ..settings import Settings
from .clouds import FAILED, GONE, Cloud

NEVER = float("inf")


def new_id() -> str:
    """Return an id in Atlas' form: it begins with the seconds since 1970."""
    return f"{int(time.time()):08x}{secrets.token_hex(8)}"


@dataclass
class Container:
    """Atlas' own network in a region; `clusters` is true while it holds some.

    Its first cluster provisions it at once, its first peer from `provisioning_since` on.
    `emptied` is when its last cluster or peer was gone.
    """

    cloud: Cloud
    atlas_cidr_block: str
    region: str | list[str] | None = None
    created: float = 0.0
    clusters: bool = False
    provisioned: bool = False
    provisioning_since: float | None = None
    emptied: float = -NEVER
    network: dict[str, str] = field(default_factory=dict)  # its attributes, if a cloud outside has given them
    id: str = field(default_factory=new_id)

    def request_provisioning(self, moment: float) -> None:
        """Start provisioning, unless it has started before."""
        if not self.provisioned and self.provisioning_since is None:
            self.provisioning_since = moment

    def named_at(self, settings: Settings) -> float:
        """Return when its network gets its names."""
        return -NEVER if self.provisioning_since is None else self.provisioning_since + settings.provision_seconds

    def settle(self, now: float, settings: Settings) -> None:
        self.provisioned = self.provisioned or (self.provisioning_since is not None and self.named_at(settings) <= now)

    def view(self) -> dict[str, Any]:
        network = {
            name: self.network.get(name, make(self.id)) if self.provisioned else None
            for name, make in self.cloud.network.items()
        }
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
    """A network peering connection: in `status` since a moment; it stays there if `frozen`."""

    cloud: Cloud
    container: Container
    attributes: dict[str, Any]
    status: str
    since: float
    error: str | None = None
    frozen: bool = False
    other_side_acted: bool = False  # the other side has done its part
    connection_id: str | None = None  # which the API does not show at once
    created: float = -NEVER
    id: str = field(default_factory=new_id)

    def enter(self, status: str, moment: float, error: str | None = None) -> None:
        self.status, self.since, self.error, self.frozen = status, moment, error, False
        if self.cloud.has_connection_id and status == self.cloud.waiting_status:
            self.connection_id = f"pcx-{secrets.token_hex(9)[:17]}"

    def use_connection(self, connection_id: str) -> None:
        """Take the id of a real connection; it is shown when that of a simulated one would be."""
        self.connection_id = connection_id
        if self.attributes.get("connectionId") is not None:
            self.attributes["connectionId"] = connection_id

    def initiate(self, moment: float) -> None:
        """Start over, whatever the status."""
        self.other_side_acted = False
        if self.cloud.has_connection_id:
            self.attributes["connectionId"] = self.connection_id = None
        self.enter(self.cloud.initial_status, moment)

    def settle(self, now: float, settings: Settings) -> None:
        """Make every transition that is due, each at its own moment."""
        while not self.frozen:
            moment, status, error = self._next_transition(settings)
            if moment > now:
                break
            self.enter(status, moment, error)
        hidden = self.status == self.cloud.waiting_status and self._actionable_at(settings) > now
        if self.connection_id is not None and not hidden:
            self.attributes["connectionId"] = self.connection_id

    def _next_transition(self, settings: Settings) -> tuple[float, str, str | None]:
        """Return when the next transition is due, the status it leads to and its error."""
        if self.cloud.transitions.get(self.status, GONE) != GONE or self.status == self.cloud.deleting_status:
            return self.since + settings.pace, self.cloud.transitions[self.status], None
        if self.status != self.cloud.waiting_status:
            return NEVER, self.status, self.error
        delay = 0.0 if self.other_side_acted else NEVER if settings.act_after is None else settings.act_after
        acts, expires = self._actionable_at(settings) + delay, self.since + self.cloud.expires_after
        return (acts, self.cloud.accepted_status, None) if acts <= expires else (expires, FAILED, "EXPIRED")

    def _actionable_at(self, settings: Settings) -> float:
        """Return from when on the other side has the ids it needs to act on a waiting peer."""
        if self.cloud.has_connection_id:
            return self.since + settings.connection_id_seconds
        return max(self.since, self.container.named_at(settings))

    @property
    def is_actionable(self) -> bool:
        """Whether the other side has the ids it needs to act."""
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

    @property
    def is_in_one_region(self) -> bool:
        """Whether both ends of an AWS peer are in one region."""
        region = self.attributes.get("accepterRegionName")
        return region is None or self.in_region_of_container(region)

    def in_region_of_container(self, region: str | None) -> bool:
        """Whether the region, spelled us-east-1, is the container's, spelled US_EAST_1."""
        return region is not None and region.upper().replace("-", "_") == self.container.region
