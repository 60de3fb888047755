# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test can see and do that an API client cannot: the state behind the API, and the acts of others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable

from ..domain.access_list import entry_value
from ..domain.clouds import AVAILABLE, FAILED
from ..domain.resources import Peer
from .seeding import ControlError, Seeding


class Controls(Seeding):
    """Reads and changes the state directly; every method takes its lock."""

    # Reading

    def peers(self, project_id: str | None = None) -> list[dict[str, Any]]:
        """Return the peers of all clouds as the API shows them at this moment."""
        with self._state.lock:
            return [peer.view() for peer in self._project(project_id or self.project_id).peers.values()]

    def container_ids(self, project_id: str | None = None) -> list[str]:
        """Return the ids of the containers of all clouds."""
        with self._state.lock:
            return list(self._project(project_id or self.project_id).containers)

    def container_of(self, peer_id: str) -> dict[str, Any]:
        """Return the container that a peer starts from, as the API shows it at this moment."""
        with self._state.lock:
            return self._peer(peer_id).container.view()

    def access_list(self, project_id: str | None = None) -> list[dict[str, Any]]:
        """Return the access list entries with their status, also those the API does not show yet."""
        with self._state.lock:
            settings, now = self._state.settings, self._state.clock.now()
            entries = self._project(project_id or self.project_id).access_list.values()
            return [{**entry.view(settings), "STATUS": entry.status(now, settings)} for entry in entries]

    def advance(self, seconds: float) -> float:
        """Let time pass and return what the clock says then."""
        with self._state.lock:
            self._state.clock.advance(seconds)
            return self._state.clock.now()

    # Acts of others in the project

    def remove_clusters(self, container_id: str) -> None:
        """Delete the clusters of a container, which Atlas then clears up."""
        with self._state.lock:
            for project in self._state.projects.values():
                if container_id in project.containers:
                    container = project.containers[container_id]
                    container.clusters, container.emptied = False, self._state.clock.now()
                    return
        raise ControlError(404, f"no container {container_id}")

    def fail_access_list_entry(self, entry: str, project_id: str | None = None) -> None:
        """Let Atlas fail to apply an access list entry."""
        with self._state.lock:
            entries = self._project(project_id or self.project_id).access_list
            value = entry_value(entry, self._state.settings)
            if value not in entries:
                raise ControlError(404, f"no access list entry {entry}")
            entries[value] = replace(entries[value], failed=True)

    # Acts of the other side

    def accept(self, peer_id: str) -> None:
        """Accept the VPC peering request in AWS."""
        self._act(peer_id, self._enter_accepted, _awaits_acceptance)

    def _enter_accepted(self, peer: Peer) -> None:
        peer.enter(peer.cloud.accepted_status, self._state.clock.now())

    def reject(self, peer_id: str) -> None:
        """Reject the VPC peering request in AWS."""
        self._act(peer_id, lambda peer: peer.enter(FAILED, self._state.clock.now(), "REJECTED"), _awaits_acceptance)

    def expire(self, peer_id: str) -> None:
        """Let the VPC peering request in AWS expire now."""
        self._act(peer_id, lambda peer: peer.enter(FAILED, self._state.clock.now(), "EXPIRED"), _awaits_acceptance)

    def reciprocate(self, peer_id: str) -> None:
        """Create the peering in the opposite direction in Google Cloud; also before Atlas waits for it."""

        def act(peer: Peer) -> None:
            peer.other_side_acted = True
            if peer.status == peer.cloud.waiting_status:
                peer.enter(AVAILABLE, self._state.clock.now())

        self._act(peer_id, act, _awaits_reciprocation)

    def fail(self, peer_id: str, text: str = "") -> None:
        """Let the connection fail, or its deletion if the cloud has such a status."""

        def act(peer: Peer) -> None:
            words = peer.cloud.error_values
            error = text if not words or text in words else words[0]
            deletion = peer.cloud.deletion_failed if peer.status == peer.cloud.deleting_status else FAILED
            peer.enter(deletion or FAILED, self._state.clock.now(), error)

        self._act(peer_id, act, _can_fail)

    def _act(self, peer_id: str, act: Callable[[Peer], None], allowed: Callable[[Peer], bool]) -> None:
        with self._state.lock:
            peer = self._peer(peer_id)
            if not allowed(peer):
                reason = "" if peer.is_actionable else ", and what the other side needs to know is not known yet"
                raise ControlError(409, f"peer {peer_id} is an {peer.cloud.name} peer in status {peer.status}{reason}")
            act(peer)

    def _peer(self, peer_id: str) -> Peer:
        self._state.settle()
        for project in self._state.projects.values():
            if peer_id in project.peers:
                return project.peers[peer_id]
        raise ControlError(404, f"no peer {peer_id}")


def _awaits_acceptance(peer: Peer) -> bool:
    return peer.cloud.has_connection_id and peer.status == peer.cloud.waiting_status and peer.is_actionable


def _awaits_reciprocation(peer: Peer) -> bool:
    waits = peer.cloud.waiting_status is not None and peer.cloud.is_pending(peer.status)
    return waits and not peer.cloud.has_connection_id and peer.is_actionable


def _can_fail(peer: Peer) -> bool:
    return peer.status != peer.cloud.deleting_status or peer.cloud.deletion_failed is not None
