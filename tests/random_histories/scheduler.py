# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks in threads of which one runs at a time, on a clock that moves on when all of them sleep.

The order in which tasks run follows from the dice alone, so the same dice lead to the same history.
"""

from __future__ import annotations

import heapq
import random
import threading
from collections.abc import Sequence
from typing import Any, Callable, Union

FOREVER = float("inf")
#: Events of one history; the longest take a tenth of it.
MAX_EVENTS = 100_000


class Endless(AssertionError):
    """A history that does not end."""


class Killed(BaseException):
    """The end of a task whose process is killed."""


class Task:
    """One thread of the scheduler.

    Attributes:
        name: For messages.
        owner: What it works for; the tasks that it starts work for the same.
        done: Whether it has ended.
        is_killed: Whether it ends with its current sleep.
        error: What it raised.
    """

    def __init__(self, name: str, owner: Any) -> None:
        self.name, self.owner = name, owner
        self.done = self.is_killed = False
        self.error: BaseException | None = None
        self.ticket = 0  # of its current sleep: what would have ended an earlier one is ignored
        self.turn = threading.Lock()
        self.turn.acquire()
        self.joining: list[Task] = []


Event = tuple[float, float, int, Union[Task, Callable[[], None]], int]


class Scheduler:
    """Runs tasks one at a time.

    Args:
        dice: Decide which of several tasks that are due at the same time runs first.
        start: What the clock says in the beginning, in seconds.
    """

    def __init__(self, dice: random.Random, start: float) -> None:
        self.now = start
        self.main = self.current = Task("main", None)
        self._dice = dice
        self._events: list[Event] = []
        self._count = 0
        self._failure: BaseException | None = None
        self._tasks: list[Task] = []

    def spawn(self, name: str, work: Callable[[], Any], owner: Any = None) -> Task:
        """Start a task, which runs for the first time when the current one sleeps."""
        task = Task(name, owner or self.current.owner)
        self._tasks.append(task)
        threading.Thread(target=self._run, args=(task, work), daemon=True, name=name).start()
        self._push(self.now, task, task.ticket)
        return task

    def at(self, moment: float, act: Callable[[], None]) -> None:
        """Call a function, which must not sleep, at a moment."""
        self._push(max(moment, self.now), act, 0)

    def sleep(self, seconds: float) -> None:
        """Let the current task sleep, and others run."""
        self.park(self.now + max(0.0, seconds))

    def park(self, until: float = FOREVER) -> None:
        """Let the current task sleep until a moment, or until it is woken."""
        task = self.current
        task.ticket += 1
        if until < FOREVER:
            self._push(until, task, task.ticket)
        self._switch(task)
        if task.is_killed:
            raise Killed

    def kill(self, task: Task) -> None:
        """Kill a task, with all others that work for the same."""
        for one in self._tasks:
            if one.owner is task.owner and not one.done:
                one.is_killed = True
                self.wake(one)

    def wake(self, task: Task) -> None:
        """Wake a task that is parked."""
        self._push(self.now, task, task.ticket)

    def join(self, tasks: Sequence[Task]) -> None:
        """Sleep until these tasks have ended."""
        for task in tasks:
            while not task.done:
                task.joining.append(self.current)
                self.park()

    def join_all(self) -> None:
        """Sleep until all tasks have ended, also those that nobody waits for any more."""
        while left := [task for task in self._tasks if not task.done]:
            self.join(left)

    def _push(self, moment: float, event: Task | Callable[[], None], ticket: int) -> None:
        self._count += 1
        heapq.heappush(self._events, (moment, self._dice.random(), self._count, event, ticket))

    def _switch(self, task: Task) -> None:
        """Let the task run that is due next; return when that is the turn of `task` again."""
        try:
            chosen = self._next()
        except BaseException as error:  # main raises it
            self._failure, chosen = error, self.main
        if chosen is not task:
            self.current = chosen
            chosen.turn.release()
            task.turn.acquire()
        if task is self.main and self._failure:
            raise self._failure

    def _next(self) -> Task:
        """Return the task that is due next, after what happens before."""
        while True:
            if not self._events:
                raise Endless(f"All tasks sleep for ever; the last one is {self.current.name}.")
            if self._count > MAX_EVENTS:
                raise Endless(f"More than {MAX_EVENTS} events; the last one is of {self.current.name}.")
            moment, _dice, _count, event, ticket = heapq.heappop(self._events)
            if isinstance(event, Task):
                if event.done or event.ticket != ticket:
                    continue
                self.now = max(self.now, moment)
                event.ticket += 1
                return event
            self.now = max(self.now, moment)
            event()

    def _run(self, task: Task, work: Callable[[], Any]) -> None:
        task.turn.acquire()
        try:
            work()
        except BaseException as error:  # whoever joins looks at it
            task.error = error
        task.done = True
        for joining in task.joining:
            self.wake(joining)
        self._end()

    def _end(self) -> None:
        """Let another task run, for good."""
        try:
            chosen = self._next()
        except BaseException as error:  # main raises it
            self._failure, chosen = error, self.main
        self.current = chosen
        chosen.turn.release()
