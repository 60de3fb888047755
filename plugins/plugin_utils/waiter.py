# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The loop of a wait: poll, report, decide, pause. Knows neither Ansible nor HTTP."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.plugin_utils.progress_reporter import ProgressReporter
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import Observation, ProjectPoller
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import Target
from ansible_collections.atlasops.network.plugins.plugin_utils.wait_result import (
    CHECKED,
    DEADLINE,
    FAILURE,
    REACHED,
    WaitResult,
)

#: Seconds that a poll may take beyond the deadline if it begins at the deadline.
LAST_POLL = 2.0

_NO_ANSWER = "Atlas did not answer in time."
# Polling backs off: from one second to this share of the time waited so far, up to the option `interval`.
_PAUSE_SHARE = 0.05
_SHORTEST_PAUSE = 1.0
_LONGEST_POLL = 30.0  # seconds, so that hundreds of projects do not delay progress and the end if Atlas is slow
_LONGEST_SLEEP = 0.5  # seconds between two checks of the parent process and of the heartbeat

#: Calls a function for each poller, several at once, and the predicate several times a second meanwhile. Returns False
#: as soon as the predicate does; calls that are still running are abandoned then.
RunConcurrently = Callable[[Callable[[ProjectPoller], None], Sequence[ProjectPoller], Callable[[], bool]], bool]


@dataclass(frozen=True)
class WaitOptions:
    """What to wait for, and how. All times are in seconds.

    Attributes:
        target: What to wait for.
        timeout: After how long the wait gives up.
        interval: Longest pause between two polls.
        heartbeat: Silence after which a line of progress is printed.
        startup_timeout: How long a project may be out of reach that has not been seen yet.
        show_names: Whether lines of progress may name connections and projects; otherwise they only count them.
        once: Whether to poll only once, in check mode; a project that does not answer then is given up.
    """

    target: Target
    timeout: float
    interval: float
    heartbeat: float
    startup_timeout: float
    show_names: bool = True
    once: bool = False


class Waiter:
    """Waits for connections of any number of projects.

    `run` repeats these steps until there is a reason to stop:

    1. Poll the projects that are due and still have connections to wait for, several at once.
    2. Print the errors that are new, and what has changed.
    3. Stop if everything is reached, if something cannot be reached, or at the deadline.
    4. Pause. Meanwhile print heartbeats and check that the parent process still runs.

    Args:
        pollers: The connections, by project.
        run_concurrently: Polls several projects at once.
        emit: Prints one line of progress.
        is_parent_alive: Reports whether the process that started the wait still runs.
        options: What to wait for, and how.
        on_first_pause: Is called once, if the first poll does not end the wait.
    """

    def __init__(
        self,
        pollers: Sequence[ProjectPoller],
        run_concurrently: RunConcurrently,
        emit: Callable[[str], None],
        is_parent_alive: Callable[[], bool],
        options: WaitOptions,
        on_first_pause: Callable[[], object] = bool,
    ) -> None:
        self._pollers, self._run_concurrently, self._is_parent_alive = pollers, run_concurrently, is_parent_alive
        self._options, self._on_first_pause = options, on_first_pause
        self._reporter = ProgressReporter(emit, options.target, options.heartbeat, options.show_names)
        self._started = self._poll_began = time.monotonic()
        self._polls = 0
        self._poll_error: str | None = None
        self._observations = self._observe()

    def run(self) -> WaitResult:
        """Wait, and return how that ended. Raises nothing: an error that ends the wait is part of the result."""
        interruption = None
        try:
            stop_reason = self._wait()
        except AtlasError as error:
            stop_reason, interruption = FAILURE, error
        return WaitResult(
            stop_reason=stop_reason,
            target=self._options.target,
            observations=self._observations,
            elapsed=self._elapsed,
            polls=self._polls,
            poll_error=self._poll_error,
            interruption=interruption,
        )

    def _wait(self) -> str:
        while True:
            self._poll()
            elapsed = self._elapsed
            stop_reason = self._stop_reason(elapsed)
            if stop_reason:
                return stop_reason
            if self._polls == 1:
                self._on_first_pause()
            backoff = max(_SHORTEST_PAUSE, _PAUSE_SHARE * elapsed)
            self._pause(min(backoff, self._options.interval, self._options.timeout - elapsed))

    @property
    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    @property
    def _open(self) -> list[ProjectPoller]:
        """The projects of which another poll may bring news."""
        return [poller for poller in self._pollers if poller.is_open]

    @property
    def _transient_errors(self) -> list[AtlasError]:
        return [poller.error for poller in self._pollers if poller.error]

    def _observe(self) -> list[Observation]:
        """Return all connections as of this moment, in their order. An abandoned poll may still change them later."""
        by_index = {
            index: observation
            for poller in self._pollers
            for index, observation in zip(poller.indexes, poller.observe())
        }
        return [by_index[index] for index in sorted(by_index)]

    def _poll(self) -> None:
        """Poll the projects that are due, those first that have waited longest, and report what is new."""
        self._polls += 1
        now = self._poll_began = time.monotonic()
        due = sorted((poller for poller in self._open if poller.due <= now), key=lambda poller: poller.polled_at)
        completed = self._run_concurrently(self._poll_project, due, self._may_continue)
        if self._options.once:
            for poller in self._pollers:
                poller.give_up_unseen(_NO_ANSWER)
        self._poll_error = next((error.message for error in self._transient_errors), None)
        if not (completed or self._poll_error or self._options.once):
            self._poll_error = _NO_ANSWER
        self._observations = self._observe()
        final = [error for poller in self._pollers for error in poller.final_errors]
        goes_on = bool(self._open) and not self._options.once
        self._reporter.report_errors(self._transient_errors, final, goes_on)
        self._reporter.report_states([observation.record for observation in self._observations])

    def _poll_project(self, poller: ProjectPoller) -> None:
        """Poll one project, unless this poll has taken so long that the project has to wait for the next one."""
        if self._options.once or time.monotonic() - self._poll_began < _LONGEST_POLL:
            poller.poll(self._started + self._options.startup_timeout)

    def _may_continue(self) -> bool:
        """Do what is due while requests are under way, and report whether there is time left for them."""
        self._keep_alive()
        return self._elapsed < self._options.timeout + LAST_POLL

    def _stop_reason(self, elapsed: float) -> str | None:
        if self._options.once:
            return CHECKED
        missing = [one for one in self._observations if not self._options.target.is_met_by(one.record)]
        if not missing:
            return REACHED
        if any(one.cannot_reach for one in missing) or all(one.error for one in missing):
            return FAILURE
        return DEADLINE if elapsed >= self._options.timeout else None

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._keep_alive()
            time.sleep(min(left, _LONGEST_SLEEP))

    def _keep_alive(self) -> None:
        """Print a heartbeat if one is due.

        Raises:
            AtlasError: The process that started the wait has ended, so nobody would see its result.
        """
        if not self._is_parent_alive():
            raise AtlasError("Stopped waiting because the parent process exited.")
        self._reporter.keep_alive([one.record for one in self._observe()], self._transient_errors)
