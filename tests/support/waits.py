# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits whose polls are scripted, on a clock that only their own pauses move on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Callable, Union

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import Finding, ProjectPoller
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import TARGETS
from ansible_collections.atlasops.network.plugins.plugin_utils.wait_result import WaitResult
from ansible_collections.atlasops.network.plugins.plugin_utils.waiter import Waiter, WaitOptions
from support import samples
from support.clock import Clock
from support.samples import record

#: What one poll brings: findings, or what it raises.
Poll = Union[Sequence[Finding], AtlasError]
TRANSIENT = TransportError("Could not poll: no answer came in time.", None, outcome_unknown=False)

PENDING = record("AWS", "INITIATING")
ACCEPTABLE = record("AWS", "PENDING_ACCEPTANCE")
AVAILABLE = record("AWS", "AVAILABLE")
FAILED = record("AWS", "FAILED", "REJECTED")
DELETING = record("AWS", "TERMINATING")
ABSENT = samples.parse_desired("AWS").absent


def run_one_by_one(
    work: Callable[[ProjectPoller], None], pollers: Sequence[ProjectPoller], may_continue: Callable[[], bool]
) -> bool:
    for one in pollers:
        work(one)
    return True


def records(result: WaitResult) -> list[Record]:
    return [one.record for one in result.observations]


class ScriptedWait:
    """A wait, what its polls will bring, what it printed, and when."""

    def __init__(self, clock: Clock, *polls: Poll, until: str = "available", **how: Any) -> None:
        self.clock, self.polls = clock, list(polls)
        self.printed: list[str] = []
        self.polled_at: list[float] = []
        self.alive = True
        first = polls[0] if not isinstance(polls[0], AtlasError) else [PENDING]
        unseen = [
            {**record, "status": None, "phase": None, "next_action": None, "next_command": None} for record in first
        ]
        times = {"timeout": 3600.0, "interval": 10.0, "heartbeat": 60.0, "startup_timeout": 0.0}
        options = WaitOptions(TARGETS[until], **{**times, **how})
        pollers = [ProjectPoller(range(len(first)), unseen, self._find, options.target)]
        self.wait = Waiter(pollers, run_one_by_one, self.printed.append, lambda: self.alive, options)

    def _find(self) -> Sequence[Finding]:
        self.polled_at.append(self.clock.now - 1000.0)
        poll = self.polls.pop(0) if len(self.polls) > 1 else self.polls[0]
        if isinstance(poll, AtlasError):
            raise poll
        return poll

    @property
    def pauses(self) -> list[float]:
        return [later - sooner for sooner, later in zip(self.polled_at, self.polled_at[1:])]


class ScriptedFleet:
    """A wait for one connection in each of several projects, which yield their polls in turn and repeat the last."""

    def __init__(self, clock: Clock, *projects: Sequence[Poll]) -> None:
        self.printed: list[str] = []
        self.seen: list[list[float]] = [[] for _project in projects]
        unseen = {**PENDING, "status": None, "phase": None}
        options = WaitOptions(TARGETS["available"], 30, 10, 60, 0)
        pollers = [
            ProjectPoller(
                [len(projects) - 1 - number], [unseen], partial(self._find, clock, number, list(polls)), options.target
            )
            for number, polls in enumerate(projects)
        ]
        self.wait = Waiter(pollers, run_one_by_one, self.printed.append, lambda: True, options)

    def _find(self, clock: Clock, number: int, polls: list[Poll]) -> Sequence[Finding]:
        self.seen[number].append(clock.now - 1000.0)
        poll = polls.pop(0) if len(polls) > 1 else polls[0]
        if isinstance(poll, AtlasError):
            raise poll
        return poll


def stop_answering(scene: ScriptedWait) -> None:
    """Let all requests from now on get no answer."""

    def never_done(
        work: Callable[[ProjectPoller], None], pollers: Sequence[ProjectPoller], may_continue: Callable[[], bool]
    ) -> bool:
        while may_continue():
            scene.clock.sleep(0.5)
        return False

    scene.wait._run_concurrently = never_done


def throttled(seconds: float | None) -> ApiError:
    return ApiError("poll", "GET", "/", 429, {"errorCode": "RATE_LIMITED_TOKEN_BUCKET"}, retry_after=seconds)


def refused(code: str | None = None) -> ApiError:
    return ApiError("poll", "GET", "/", 401, {"errorCode": code} if code else {})


MakeWait = Callable[..., ScriptedWait]
MakeFleet = Callable[..., ScriptedFleet]
