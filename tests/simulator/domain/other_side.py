# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following the other side of peers in a cloud outside the simulator, if one is connected."""

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


class OtherSide(Protocol):
    """A cloud in which connections are requested and accepted, as in AWS."""

    def provision(self, container: Container) -> Mapping[str, str]:
        """Create Atlas' network and return its attributes, such as `vpcId`."""

    def request(self, peer: Peer) -> str | None:
        """Request a connection and return its id, or None if the cloud refuses the request."""

    def statuses(self) -> Mapping[str, str]:
        """Return the status of each requested connection by its id, such as `pending-acceptance` or `active`."""

    def withdraw(self, connection_id: str) -> None:
        """Delete a connection, which may be gone already."""


class Follower:
    """Requests the connections of peers from the other side and makes peers follow what becomes of them."""

    def __init__(self, other_side: OtherSide) -> None:
        self._other_side = other_side
        self._requested: dict[str, str] = {}  # the id of the connection by that of its peer

    def follow(self, containers: Iterable[Container], peers: Iterable[Peer], now: float) -> None:
        """Bring containers and peers up to date; peers include those that are gone since the last time."""
        for container in containers:
            if container.provisioned and container.cloud.has_connection_id:
                self._provision(container)
        concerned = [peer for peer in peers if peer.cloud.has_connection_id and not peer.frozen]
        for peer in concerned:
            self._withdraw_obsolete(peer)
        statuses = self._other_side.statuses() if any(peer.id in self._requested for peer in concerned) else {}
        for peer in concerned:
            if peer.id in self._requested:
                _follow(peer, statuses.get(self._requested[peer.id], "deleted"), now)
            elif peer.status == peer.cloud.waiting_status:
                self._request(peer, now)

    def _provision(self, container: Container) -> None:
        if not container.network:
            container.network = dict(self._other_side.provision(container))

    def _withdraw_obsolete(self, peer: Peer) -> None:
        """Withdraw the connection of a peer that is deleted or has started over."""
        ended = peer.status in (GONE, peer.cloud.deleting_status)
        if peer.id in self._requested and (ended or peer.connection_id != self._requested[peer.id]):
            self._other_side.withdraw(self._requested.pop(peer.id))

    def _request(self, peer: Peer, now: float) -> None:
        self._provision(peer.container)  # which the API may not show yet
        connection_id = self._other_side.request(peer)
        if connection_id is None:
            peer.enter(FAILED, now, "INVALID_ARGUMENT")
        else:
            self._requested[peer.id] = connection_id
            peer.use_connection(connection_id)


def _follow(peer: Peer, status: str, now: float) -> None:
    cloud = peer.cloud
    if status in ERRORS and peer.status in (cloud.waiting_status, cloud.accepted_status, AVAILABLE):
        peer.enter(FAILED, now, ERRORS[status])
    elif status == "active" and peer.status == cloud.waiting_status:
        peer.enter(cloud.accepted_status, now)
