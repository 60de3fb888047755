# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API cannot do: looking behind it, and the acts of others."""

from __future__ import annotations

from typing import Any, Callable

from .clouds import AVAILABLE, FAILED
from .resources import Peer
from .seeding import Refused, Seeding


class Backstage(Seeding):
    """Acts upon the world directly; every method takes the world's lock."""

    # Looking

    def peers(self, project_id: str | None = None) -> list[dict[str, Any]]:
        """Return the peers of all clouds as the API shows them at this moment."""
        with self._world.lock:
            return [peer.view() for peer in self._project(project_id or self.project_id).peers.values()]

    def container_of(self, peer_id: str) -> dict[str, Any]:
        """Return the container that a peer starts from, as the API shows it at this moment."""
        with self._world.lock:
            return self._peer(peer_id).container.view()

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
            peer = self._peer(peer_id)
            if not allowed(peer):
                unknown = "" if peer.is_known else ", and what the other side needs to know is not known yet"
                raise Refused(409, f"peer {peer_id} is an {peer.cloud.name} peer in status {peer.status}{unknown}")
            act(peer)

    def _peer(self, peer_id: str) -> Peer:
        self._world.settle()
        for project in self._world.projects.values():
            if peer_id in project.peers:
                return project.peers[peer_id]
        raise Refused(404, f"no peer {peer_id}")


def _awaits_acceptance(peer: Peer) -> bool:
    return peer.cloud.has_connection_id and peer.status == peer.cloud.waiting and peer.is_known


def _awaits_reciprocation(peer: Peer) -> bool:
    waits = peer.cloud.waiting is not None and peer.cloud.is_pending(peer.status)
    return waits and not peer.cloud.has_connection_id and peer.is_known


def _can_fail(peer: Peer) -> bool:
    return peer.status != peer.cloud.deleting or peer.cloud.deletion_failed is not None
