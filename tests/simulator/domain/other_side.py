# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following the other side of peers in clouds outside the simulator, if any are connected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from .clouds import AVAILABLE, FAILED, GONE
from .resources import Container, Peer

# What a connection's status in the cloud means for a peer; a connection that is not listed is deleted.
ERRORS = {
    "rejected": "REJECTED",
    "expired": "EXPIRED",
    "failed": "INVALID_ARGUMENT",
    "deleting": "INVALID_ARGUMENT",
    "deleted": "INVALID_ARGUMENT",
}
# What it says of one that failed where Atlas has no such words.
ERROR_TEXT = "The peering cannot be established, or was deleted on the other side."


class OtherSide(Protocol):
    """A cloud in which Atlas' half of connections is created, and the other side does its own."""

    cloud_name: str  # AWS or GCP

    def provision(self, container: Container) -> Mapping[str, str]:
        """Create Atlas' network and return its attributes, such as `vpcId`."""

    def request(self, peer: Peer) -> str | None:
        """Create Atlas' half of a connection and return its id, or None if the cloud refuses it."""

    def statuses(self) -> Mapping[str, str]:
        """Return the status of each of these by its id.

        It is `active` once the other side has acted. `inactive` means that the other side has not acted, or has undone
        what it did; `ERRORS` has those that end a connection. Others change nothing.
        """

    def withdraw(self, connection_id: str) -> None:
        """Delete Atlas' half of a connection, which may be gone already."""


class Follower:
    """Creates Atlas' half of peers in clouds outside and makes peers follow what becomes of them."""

    def __init__(self, other_sides: Iterable[OtherSide]) -> None:
        self._other_sides = {one.cloud_name: one for one in other_sides}
        self._requested: dict[str, str] = {}  # the id of the connection by that of its peer

    def follow(self, containers: Iterable[Container], peers: Iterable[Peer], now: float) -> None:
        """Bring containers and peers up to date; peers include those that are gone since the last time."""
        for container in containers:
            if container.provisioned:
                self._provision(container)
        concerned = [peer for peer in peers if peer.cloud.name in self._other_sides and not peer.frozen]
        for peer in concerned:
            self._withdraw_obsolete(peer)
        statuses = self._statuses({peer.cloud.name for peer in concerned if peer.id in self._requested})
        for peer in concerned:
            if peer.id in self._requested:
                _follow(peer, statuses.get(self._requested[peer.id], "deleted"), now)
            elif peer.status == peer.cloud.waiting_status:
                self._request(peer, now)

    def _statuses(self, clouds: Iterable[str]) -> dict[str, str]:
        return {
            connection_id: status
            for cloud in clouds
            for connection_id, status in self._other_sides[cloud].statuses().items()
        }

    def _provision(self, container: Container) -> None:
        other_side = self._other_sides.get(container.cloud.name)
        if other_side is not None and not container.network:
            container.network = dict(other_side.provision(container))

    def _withdraw_obsolete(self, peer: Peer) -> None:
        """Withdraw the connection of a peer that is deleted or has started over."""
        if peer.id not in self._requested:
            return
        started_over = peer.cloud.has_connection_id and peer.connection_id != self._requested[peer.id]
        if peer.status in (GONE, peer.cloud.deleting_status) or started_over:
            self._other_sides[peer.cloud.name].withdraw(self._requested.pop(peer.id))

    def _request(self, peer: Peer, now: float) -> None:
        self._provision(peer.container)  # which the API may not show yet
        connection_id = self._other_sides[peer.cloud.name].request(peer)
        if connection_id is None:
            _fail(peer, "INVALID_ARGUMENT", now)
            return
        self._requested[peer.id] = connection_id
        if peer.cloud.has_connection_id:
            peer.use_connection(connection_id)


def _follow(peer: Peer, status: str, now: float) -> None:
    waits, accepted = peer.status == peer.cloud.waiting_status, peer.status in (peer.cloud.accepted_status, AVAILABLE)
    if (status in ERRORS and (waits or accepted)) or (status == "inactive" and accepted):
        _fail(peer, ERRORS.get(status, ""), now)
    elif status == "active" and waits:
        peer.enter(peer.cloud.accepted_status, now)


def _fail(peer: Peer, word: str, now: float) -> None:
    peer.enter(FAILED, now, word if word in peer.cloud.error_values else ERROR_TEXT)
