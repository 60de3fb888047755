# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scheduler offers in place of the standard library: time, locks and pools of threads."""

from __future__ import annotations

import contextlib
import random
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, Callable, cast

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api import auth, pauses, retries
from ansible_collections.atlasops.network.plugins.module_utils.gcp import client as google
from ansible_collections.atlasops.network.plugins.plugin_utils import waiter
from compute_stub import operations as simulated_operations
from simulator.domain import resources as simulated_resources
from support.clock import replace_time
from support.google_auth import Bearer

from .scheduler import FOREVER, Scheduler, Task

#: The difference between the virtual clocks: seconds since 1970, and seconds since the history began.
EPOCH = 1_800_000_000.0
_LOOK = 1e-6  # seconds that a look at the clock takes
#: Settings of the wait: it backs off ten times as fast as elsewhere, since polls that bring no news would take most of
#: the time of a history, and it does not look up during its pauses, which nobody could see.
_PATIENCE = {"_PAUSE_SHARE": 0.5, "_LONGEST_SLEEP": 60.0}


class VirtualTime:
    """Stands in for the module `time`."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def monotonic(self) -> float:
        # As on any clock, some time passes between two looks; code may rely on that just before a deadline.
        self._scheduler.now += _LOOK
        return self._scheduler.now

    def time(self) -> float:
        return EPOCH + self._scheduler.now

    def sleep(self, seconds: float) -> None:
        self._scheduler.sleep(seconds)


class Lock:
    """Stands in for `threading.Lock`: a task that waits for it lets others run."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._is_held = False
        self._waiting: list[Task] = []

    def __enter__(self) -> None:
        while self._is_held:
            self._waiting.append(self._scheduler.current)
            self._scheduler.park()
        self._is_held = True

    def __exit__(self, *exception: object) -> None:
        self._is_held = False
        waiting, self._waiting = self._waiting, []
        for task in waiting:
            self._scheduler.wake(task)


class Outcome:
    """Stands in for `multiprocessing.pool.MapResult`."""

    def __init__(self, scheduler: Scheduler, count: int) -> None:
        self._scheduler, self._left = scheduler, count
        self._results: list[Any] = [None] * count
        self._error: BaseException | None = None
        self._waiting: list[Task] = []

    def work(self, work: Callable[[Any], Any], items: deque[tuple[int, Any]]) -> None:
        """Work on what is left of the items."""
        while items:
            number, item = items.popleft()
            try:
                self._results[number] = work(item)
            except BaseException as error:  # raised by get()
                self._error = self._error or error
            self._left -= 1
        if self.ready():
            for task in self._waiting:
                self._scheduler.wake(task)

    def ready(self) -> bool:
        return self._left == 0

    def wait(self, timeout: float = FOREVER) -> None:
        if not self.ready():
            self._waiting = [self._scheduler.current]
            self._scheduler.park(self._scheduler.now + timeout)
            self._waiting = []

    def get(self) -> list[Any]:
        if self._error:
            raise self._error
        return self._results


class Pool:
    """Stands in for `multiprocessing.pool.ThreadPool`."""

    def __init__(self, scheduler: Scheduler, processes: int) -> None:
        self._scheduler, self._processes = scheduler, processes

    def map_async(self, work: Callable[[Any], Any], items: Sequence[Any], chunksize: int) -> Outcome:
        outcome, left = Outcome(self._scheduler, len(items)), deque(enumerate(items))
        for _number in range(min(self._processes, len(items))):
            self._scheduler.spawn(f"{self._scheduler.current.name} worker", lambda: outcome.work(work, left))
        return outcome

    def terminate(self) -> None:
        """Abandon the threads: each of them ends with its request."""


@contextlib.contextmanager
def virtual_process(scheduler: Scheduler, dice: random.Random) -> Iterator[None]:
    """Let all code of the collection that sleeps, locks or rolls dice do so by the scheduler."""
    stand_in = VirtualTime(scheduler)
    with pytest.MonkeyPatch.context() as patch:
        replace_time(patch, cast(Any, stand_in))
        for name, seconds in _PATIENCE.items():
            patch.setattr(waiter, name, seconds)
        patch.setattr("multiprocessing.pool.ThreadPool", lambda count: Pool(scheduler, count))
        patch.setattr(auth, "threading", SimpleNamespace(Lock=lambda: Lock(scheduler)))
        patch.setattr(retries, "random", dice)
        patch.setattr(pauses, "random", dice)
        patch.setattr(simulated_resources, "time", stand_in)
        patch.setattr(simulated_operations, "time", stand_in)
        patch.setattr(google, "GoogleAuth", Bearer)
        patch.setattr("uuid.uuid4", lambda: uuid.UUID(int=dice.getrandbits(128), version=4))
        patch.setattr(
            simulated_resources, "secrets", SimpleNamespace(token_hex=lambda n: f"{dice.getrandbits(8 * n):0{2 * n}x}")
        )
        yield
