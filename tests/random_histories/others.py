# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everybody else: who accepts, rejects and deletes connections, edits access lists and revokes tokens, at random."""

from __future__ import annotations

import random
from typing import Callable

from simulator.control.seeding import ControlError
from simulator.domain.clouds import GCP
from simulator.domain.resources import Peer

from .atlas import Atlas
from .scheduler import Scheduler

#: Seconds between two looks of an owner who accepts everything.
_AGREE_PAUSE = 120.0


class Others:
    """Those who act besides the runs.

    Args:
        scheduler: Tells when they act.
        dice: Decide what they do.
        atlas: Where they do it.
    """

    def __init__(self, scheduler: Scheduler, dice: random.Random, atlas: Atlas) -> None:
        self.are_done = self._agree = False
        self._scheduler, self._dice, self._atlas = scheduler, dice, atlas

    def act_until(self, ends: float, pause: float) -> None:
        """Act at random moments, whose average distance is `pause`, in seconds."""
        moment = self._scheduler.now
        while (moment := moment + self._dice.expovariate(1 / pause)) < ends:
            self._scheduler.at(moment, self._act)

    def agree_from_now_on(self) -> None:
        """Accept whatever waits for the other side, as long as runs go on, and do nothing else."""
        self._agree = True
        self._atlas.settle()
        for peer in list(self._atlas.every_peer().values()):
            self._try(peer, self._accept)
        if not self.are_done:
            self._scheduler.at(self._scheduler.now + _AGREE_PAUSE, self.agree_from_now_on)

    def _act(self) -> None:
        if self._agree:
            return
        self._atlas.settle()
        peers = list(self._atlas.every_peer().values())
        if not peers:
            return
        acts: list[tuple[int, Callable[[Peer], None]]] = [
            (12, self._accept),
            (2, self._reject),
            (1, self._expire),
            (1, self._fail),
            (1, self._delete),
            (1, self._create),
            (1, self._add_entry),
            (1, self._remove_entry),
            (1, self._revoke_tokens),
        ]
        weights, functions = [weight for weight, _act in acts], [act for _weight, act in acts]
        self._try(self._dice.choice(peers), self._dice.choices(functions, weights)[0])

    def _try(self, peer: Peer, act: Callable[[Peer], None]) -> None:
        try:
            act(peer)
        except ControlError:
            return  # it is not in a status in which anybody could do this

    def _accept(self, peer: Peer) -> None:
        if peer.cloud is GCP and self._atlas.other_sides:
            self._atlas.other_sides.google.reciprocate(peer)
        else:
            (self._atlas.reciprocate if peer.cloud is GCP else self._atlas.accept)(peer.id)

    def _reject(self, peer: Peer) -> None:
        self._atlas.reject(peer.id)
        self._atlas.touched.add(peer.id)

    def _expire(self, peer: Peer) -> None:
        self._atlas.expire(peer.id)
        self._atlas.touched.add(peer.id)

    def _fail(self, peer: Peer) -> None:
        self._atlas.fail(peer.id, "Something went wrong.")
        self._atlas.touched.add(peer.id)

    def _delete(self, peer: Peer) -> None:
        """Delete a connection as a colleague does in the console."""
        peer.enter(peer.cloud.deleting_status, self._atlas.settings.clock())
        self._atlas.touched.add(peer.id)

    def _create(self, peer: Peer) -> None:
        """Create a connection beside one, which nobody declares."""
        self._atlas.add_peer(self._project_of(peer), peer.cloud.name, containerId=peer.container.id)
        self._atlas.remember()

    def _add_entry(self, peer: Peer) -> None:
        """Add an entry to the access list of a connection's project, which nobody declares."""
        self._atlas.add_access_list_entry("198.51.100.7", "of a colleague", project_id=self._project_of(peer))

    def _remove_entry(self, peer: Peer) -> None:
        project_id = self._project_of(peer)
        entries = list(self._atlas.entries(project_id))
        if entries:
            self._atlas.remove_entry(project_id, self._dice.choice(entries))

    def _project_of(self, peer: Peer) -> str:
        return self._atlas.identity_of(peer.id)[0]

    def _revoke_tokens(self, _peer: Peer) -> None:
        tokens = self._atlas.service.authenticator.tokens
        tokens.revoke_all(self._atlas.settings.client_id)
