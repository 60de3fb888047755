# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Atlas without its server, and a record of every request that took effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from simulator.api.access_list import SOURCES
from simulator.control.controls import Controls
from simulator.domain.access_list import entry_value
from simulator.domain.clouds import cloud_named
from simulator.domain.resources import Peer
from simulator.domain.state import State
from simulator.http.messages import Request, Response
from simulator.service import Service
from simulator.settings import Settings

from .network import ADDRESS
from .other_sides import OtherSides
from .virtual_process import EPOCH

#: What identifies a connection: its project, its container, and its network.
#: An access list entry is identified by its project, nothing, and what it permits.
Identity = tuple[str, str, tuple[Any, ...]]
ENTRIES = "/accessList"
#: Where the paths of Atlas begin; all others are those of clouds.
OWN_PATHS = ("/api/atlas/", "/api/oauth/")


@dataclass(frozen=True)
class Effect:
    """A write that took effect.

    Attributes:
        owner: The step of a run that sent it.
        moment: When it took effect.
        method: Of the request.
        path: Of the request.
        identity: Of the connection or the access list entry that it wrote to, None for other resources.
        cloud: Of that connection.
        id: Of the resource.
    """

    owner: Any
    moment: float
    method: str
    path: str
    identity: Identity | None
    cloud: str
    id: str


class Atlas(Controls):
    """A simulated Atlas that answers in this process.

    Args:
        settings: Of the simulator.
        other_sides: The clouds on the other side, if they are to be simulated too.
    """

    def __init__(self, settings: Settings, other_sides: OtherSides | None = None) -> None:
        more = ([other_sides.google], other_sides.azure.allows_peering) if other_sides else ()
        super().__init__(State(settings, *more))
        self.settings, self.other_sides = settings, other_sides
        self.service = Service(self._state, ADDRESS)
        self.effects: list[Effect] = []
        #: Every request that was answered: who sent it, method, path and status.
        self.requests: list[tuple[Any, str, str, int]] = []
        #: Every request to create a connection or an entry, and every deletion: who sent it, method, identity, and
        #: whether Atlas did it.
        self.attempts: list[tuple[Any, str, Identity, bool]] = []
        #: Identities of all connections that ever were, by their ids.
        self.ever: dict[str, Identity] = {}
        #: Connections and entries that somebody else has brought to another end than the runs wanted.
        self.touched: set[str | Identity] = set()

    def answer(self, request: Request, owner: Any) -> Response:
        """Answer a request, and note what it wrote."""
        if self.other_sides and not request.path.startswith(OWN_PATHS):
            return self._answer_for_other_side(self.other_sides, request, owner)
        before = self.every_peer()
        response = self.service.answer(request)
        self.requests.append((owner, request.method, request.path, response.status))
        is_done = response.status < 300
        if request.method in ("POST", "DELETE") and ENTRIES in request.path and request.principal:
            self._note_entries(request, owner, is_done)
            return response
        if request.method == "POST" and request.path.endswith("/peers") and request.principal:
            self.attempts.append((owner, "POST", self._identity_in(request), is_done))
        if request.method in ("POST", "PATCH", "DELETE") and "/groups/" in request.path and is_done:
            self._note(request, owner, before)
        return response

    def _answer_for_other_side(self, other_sides: OtherSides, request: Request, owner: Any) -> Response:
        def note(method: str, path: str) -> None:
            self.effects.append(Effect(owner, self._state.clock.now() - EPOCH, method, path, None, "", path))

        response = other_sides.answer(request, note)
        self.requests.append((owner, request.method, request.path, response.status))
        return response

    def _identity_in(self, request: Request) -> Identity:
        """Return the identity of the connection that a request is to create."""
        document = request.document()
        cloud = cloud_named(document.get("providerName"))
        network = tuple(str(document.get(name)).lower() for name in cloud.natural_key)
        return request.path.split("/")[-2], str(document.get("containerId")), network

    def _note(self, request: Request, owner: Any, before: Mapping[str, Peer]) -> None:
        self.remember()
        peers = {**before, **self.every_peer()}
        moment = self._state.clock.now() - EPOCH
        for named in (set(peers) - set(before)) or {request.path.rpartition("/")[2]}:
            cloud = peers[named].cloud.name if named in peers else ""
            identity = self.ever.get(named)
            if request.method == "DELETE" and identity:
                self.attempts.append((owner, "DELETE", identity, True))
            self.effects.append(Effect(owner, moment, request.method, request.path, identity, cloud, named))

    def _note_entries(self, request: Request, owner: Any, is_done: bool) -> None:
        """Note what a request writes to an access list."""
        place, _path, named = request.path.partition(ENTRIES)
        project_id = place.rpartition("/")[2]
        documents = request.documents() if request.method == "POST" else []
        texts = [one[name] for one in documents for name in SOURCES if one.get(name)] or [unquote(named[1:])]
        moment = self._state.clock.now() - EPOCH
        for value in (str(entry_value(text, self.settings)) for text in texts):
            identity = (project_id, "", (value,))
            self.attempts.append((owner, request.method, identity, is_done))
            if is_done:
                self.effects.append(Effect(owner, moment, request.method, request.path, identity, "", value))

    def remember(self) -> None:
        """Take note of the connections that there are."""
        self.ever.update({one: self.identity_of(one) for one in self.every_peer() if one not in self.ever})

    def every_peer(self) -> Mapping[str, Peer]:
        """Return the connections of all projects, by their ids."""
        return {one.id: one for project in self._state.projects.values() for one in project.peers.values()}

    def entries(self, project_id: str) -> dict[str, str | None]:
        """Return the comments of an access list, by what is permitted."""
        return {one["cidrBlock"]: one.get("comment") for one in self.access_list(project_id)}

    def remove_entry(self, project_id: str, value: str) -> None:
        """Remove an entry as a colleague does in the console."""
        del self._project(project_id).access_list[value]
        self.touched.add((project_id, "", (value,)))

    def containers_in(self, project_id: str) -> list[tuple[str, bool]]:
        """Return the containers of a project, each with whether clusters are in it."""
        return [(one.id, one.clusters) for one in self._project(project_id).containers.values()]

    def identity_of(self, peer_id: str) -> Identity:
        """Return what identifies a connection."""
        peer = self.every_peer()[peer_id]
        (project_id,) = (one.id for one in self._state.projects.values() if peer_id in one.peers)
        network = tuple(str(peer.attributes.get(name)).lower() for name in peer.cloud.natural_key)
        return project_id, peer.container.id, network

    def unfreeze(self, peer_id: str) -> None:
        """Let a connection that was put into a status go on from there."""
        self.every_peer()[peer_id].frozen = False

    def settle(self) -> None:
        """Make every transition that is due."""
        self._state.settle()
