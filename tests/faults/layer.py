# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands between the sockets and a simulated API: it numbers requests, and lets a fault strike one of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Callable, Protocol

from simulator.http.messages import Headers, Request, Response
from support.clock import Clock


class Fault(Protocol):
    """What goes wrong, either with an answer or with a connection; see `faults.table`."""

    answer: Callable[[Arrival], Response] | None
    connect: Callable[[], object] | None
    leaves_doubt: bool


class Api(Protocol):
    """What a layer stands in front of."""

    clock: Clock

    def process(self, request: Request) -> Response:
        """Answer a request."""

    def expire_tokens(self) -> None:
        """Let all access tokens be expired."""

    def expire_nonces(self) -> None:
        """Let all nonces be stale."""


class Arrival:
    """A request that has arrived.

    Attributes:
        request: The request.
        api: What is to answer it.
        answer: The true answer, once the request has been processed.
        is_in_doubt: Whether a fault struck it that leaves its client in doubt.
    """

    def __init__(self, request: Request, api: Api) -> None:
        self.request, self.api = request, api
        self.answer: Response | None = None
        self.is_in_doubt = False
        self._late = False

    @property
    def clock(self) -> Clock:
        return self.api.clock

    def act(self) -> Response:
        """Process the request, once only, and return the true answer."""
        if self.answer is None:
            self.answer = self.api.process(self.request)
        return self.answer

    def act_later(self) -> None:
        """Process the request when the client has gone."""
        self._late = True

    def settle(self) -> None:
        if self._late:
            self.act()

    @property
    def is_write(self) -> bool:
        return self.request.method != "GET" and not self.request.path.endswith(("/oauth/token", "/oauth2/v2.0/token"))

    @property
    def took_effect(self) -> bool:
        return self.is_write and self.answer is not None and self.answer.status < 300


@dataclass
class Strike:
    """When a fault strikes: at the request of this number, from 0, and at all that follow if it `lasts`."""

    fault: Fault
    number: int
    lasts: bool = False
    has_struck: bool = False

    def hits(self, number: int) -> bool:
        if self.lasts:
            hit = number >= self.number
        else:
            hit = number == self.number and not self.has_struck
        self.has_struck |= hit
        return hit


class Layer:
    """Answers all requests to one API."""

    def __init__(self, api: Api) -> None:
        self.arrivals: list[Arrival] = []
        self.strike: Strike | None = None
        self._api = api
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Response:
        arrival = Arrival(request, self._api)
        with self._lock:
            number = len(self.arrivals)
            self.arrivals.append(arrival)
        strike = self.strike
        if strike is None:
            return arrival.act()
        if strike.fault.answer and strike.hits(number):
            arrival.is_in_doubt = strike.fault.leaves_doubt
            return strike.fault.answer(arrival)
        return _closing(arrival.act()) if strike.fault.connect else arrival.act()

    def connect(self) -> object:
        """Return what to connect to in place of the server; None if nothing is wrong. Raises OSError."""
        strike = self.strike
        if strike is None or strike.fault.connect is None or not strike.hits(len(self.arrivals)):
            return None
        return strike.fault.connect()

    def take_arrivals(self) -> Sequence[Arrival]:
        """Return the requests since the last call; those that are late are processed now."""
        taken, self.arrivals = self.arrivals, []
        for one in taken:
            one.settle()
        self.strike = None
        return taken


def _closing(answer: Response) -> Response:
    """Return an answer after which the client has to connect again."""
    answer.headers = Headers({**answer.headers, "Connection": "close"})
    return answer


def repeated_writes(arrivals: Sequence[Arrival]) -> Iterator[Any]:
    """Yield the creations and updates that were sent again although the first may have taken effect."""
    seen = set()
    for one in arrivals:
        key = (one.request.method, one.request.target, one.request.body)
        if one.request.method in ("POST", "PATCH") and one.request.path.startswith("/api/atlas/"):
            if key in seen:
                yield key
            if one.is_in_doubt or one.took_effect:
                seen.add(key)
