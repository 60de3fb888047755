# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at once, one request at a time, in every order that can make a difference.

A run is held at each of its requests until it is its turn. After all runs have ended, the next order is tried, depth
first; of orders that differ only in neighbouring reads, one is tried (sleep sets, Godefroid 1996).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Callable

from faults.layer import Arrival
from faults.world import Result, World
from simulator.http.messages import Request, Response
from support.patience import PATIENCE

Work = Callable[[World], Result]


class Race:
    """Some runs against one world, which begin at once and stop at their first requests."""

    def __init__(self, world: World, works: Sequence[Work]) -> None:
        self.world, self.results = world, dict[str, Result]()
        #: Whose requests were answered, in order.
        self.order = ""
        self.arrivals: dict[str, list[Arrival]] = {str(number): [] for number in range(len(works))}
        self._waiting: dict[str, Request] = {}
        self._turn: str | None = None
        self._changed = threading.Condition()
        world.answer = self._answer
        self._threads = [
            threading.Thread(target=self._run, args=(work,), name=str(number), daemon=True)
            for number, work in enumerate(works)
        ]
        for thread in self._threads:
            thread.start()

    def waiting(self) -> dict[str, Request]:
        """Return the request at which each run waits, when all of them wait or have ended."""
        with self._changed:
            assert self._changed.wait_for(self._is_still, PATIENCE), "a run hangs"
            return {name: self._waiting[name] for name in sorted(self._waiting)}

    def proceed(self, name: str) -> None:
        """Let the request of a run be answered."""
        with self._changed:
            self.order += name
            self._turn = name
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._turn is None, PATIENCE), "a request hangs"

    def _is_still(self) -> bool:
        return self._turn is None and len(self._waiting) + len(self.results) == len(self._threads)

    def _run(self, work: Work) -> None:
        result: Result = {"failed": True, "msg": "It ended with an exception", "failure": {"kind": "UnexpectedError"}}
        try:
            result = work(self.world)
        finally:
            with self._changed:
                self.results[threading.current_thread().name] = result
                self._changed.notify_all()

    def _answer(self, request: Request) -> Response:
        name = self.world.run_of(request)
        arrival = Arrival(request, self.world)
        with self._changed:
            self._waiting[name] = request
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._turn == name, PATIENCE)
            del self._waiting[name]
            self.arrivals[name].append(arrival)
            answer = arrival.act()
            self._turn = None
            self._changed.notify_all()
        return answer


@dataclass
class _Choice:
    """One step of an order: whose request is answered, and whose have been tried or need not be."""

    waiting: dict[str, Request]
    asleep: set[str]
    chosen: str
    tried: set[str] = field(default_factory=set)

    @property
    def asleep_after(self) -> set[str]:
        """The runs whose requests would lead to an order that has been tried, but for neighbouring reads."""
        done = self.asleep | self.tried
        return {name for name in done if self.waiting[name].method == self.waiting[self.chosen].method == "GET"}

    def advance(self) -> bool:
        """Choose another run; report whether there is one."""
        self.tried.add(self.chosen)
        left = [name for name in self.waiting if name not in self.asleep | self.tried]
        self.chosen = left[0] if left else self.chosen
        return bool(left)


def every_order(start: Callable[[], Race]) -> Iterator[Race]:
    """Yield a race for every order of requests that can make a difference, when its runs have ended."""
    path: list[_Choice] = []
    while True:
        race = start()
        if _follow(race, path):
            yield race
        while path and not path[-1].advance():
            path.pop()
        if not path:
            return


def _follow(race: Race, path: list[_Choice]) -> bool:
    """Let a race take a path, and its first new way from there on; report whether that had not been tried."""
    depth, is_new = 0, True
    while waiting := race.waiting():
        if depth == len(path):
            asleep = path[-1].asleep_after if path else set()
            awake = [name for name in waiting if name not in asleep]
            is_new = is_new and bool(awake)
            if not is_new:
                race.proceed(next(iter(waiting)))
                continue
            path.append(_Choice(waiting, asleep, awake[0]))
        assert _lines(waiting) == _lines(path[depth].waiting), "the runs do not send the same requests each time"
        race.proceed(path[depth].chosen)
        depth += 1
    return is_new


def _lines(waiting: dict[str, Request]) -> dict[str, str]:
    return {name: f"{request.method} {request.path}" for name, request in waiting.items()}
