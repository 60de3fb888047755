# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for connections: look, report, decide, pause. Knows neither Ansible nor HTTP."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, by_cause
from ansible_collections.atlasops.network.plugins.module_utils.model import peering
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.plugin_utils import progress
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import ProjectPoller
from ansible_collections.atlasops.network.plugins.plugin_utils.wait_result import (
    CHECKED,
    DEADLINE,
    FAILURE,
    REACHED,
    Observation,
    WaitResult,
)

#: How long a look that begins at the deadline may take, in seconds.
LAST_LOOK = 2.0

_SILENCE = "Atlas did not answer in time."
# A pause is this share of the time waited so far, and no shorter than a second: what changes soon is seen soon.
_PAUSE_SHARE = 0.05
_SHORTEST_PAUSE = 1.0
_LONGEST_ROUND = 30.0  # Where Atlas is slow, hundreds of projects do not keep the wait from printing and from ending.
_LONGEST_SLEEP = 0.5  # A pause is slept in pieces, between which a line may be due and the parent process is checked.


@dataclass(frozen=True)
class WaitOptions:
    """What to wait for, and how; spans are seconds.

    Attributes:
        until: A key of `progress.GOALS`.
        timeout: When it gives up.
        interval: Longest pause between two looks.
        heartbeat: Silence after which it is said again where things stand.
        patience: How long Atlas may be out of reach at the beginning.
        names: Whether lines of progress may name connections and projects, or only count them.
        once: Whether to look only once, and to take all that has not been seen then for lost.
    """

    until: str
    timeout: float
    interval: float
    heartbeat: float
    patience: float
    names: bool = True
    once: bool = False


class Waiter:
    """One wait for all of its connections.

    Args:
        watches: The connections, by project.
        each: Does the same for each of a list, several at once, and calls the third argument several times a second
            meanwhile; where that returns False, it leaves off and returns False.
        say: Prints one line of progress.
        alive: Tells whether whoever waits for this wait is still there.
        terms: What to wait for, and how.
        lasting: Is called once if the first look does not end the wait.
    """

    def __init__(
        self,
        watches: Sequence[ProjectPoller],
        each: Callable[[Callable[[ProjectPoller], None], Sequence[ProjectPoller], Callable[[], bool]], bool],
        say: Callable[[str], None],
        alive: Callable[[], bool],
        terms: WaitOptions,
        lasting: Callable[[], object] = bool,
    ) -> None:
        self._watches, self._each, self._say, self._alive, self._terms = watches, each, say, alive, terms
        self._lasting = lasting
        self._started = self._said_at = self._round_began = time.monotonic()
        self._known: Sequence[Any] | None = None
        self._causes: set[str] = set()
        self._looks = 0
        self._trouble: str | None = None
        self._sights = self._seen

    def run(self) -> WaitResult:
        """Look until there is a reason to stop."""
        interruption = None
        try:
            reason = self._wait()
        except AtlasError as error:
            reason, interruption = FAILURE, error
        return WaitResult(
            reason, self._terms.until, self._sights, self._elapsed, self._looks, self._trouble, interruption
        )

    def _wait(self) -> str:
        while True:
            self._look()
            elapsed = self._elapsed
            reason = self._reason(elapsed)
            if reason:
                return reason
            if self._looks == 1:
                self._lasting()
            longest = min(self._terms.interval, self._terms.timeout - elapsed)
            self._pause(min(longest, max(_SHORTEST_PAUSE, _PAUSE_SHARE * elapsed)))

    @property
    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    @property
    def _open(self) -> list[ProjectPoller]:
        """What is still to be looked at."""
        return [watch for watch in self._watches if watch.is_open(self._terms.until)]

    @property
    def _seen(self) -> list[Observation]:
        """What there is at this moment, which a thread that is left to itself may still change, in its order."""
        known = {
            number: sight
            for watch in self._watches
            for number, sight in zip(watch.numbers, watch.sights(self._terms.until))
        }
        return [known[number] for number in sorted(known)]

    def _look(self) -> None:
        """Look at all that is due and not yet there, and say what is new."""
        self._looks += 1
        now = self._round_began = time.monotonic()
        due = sorted((watch for watch in self._open if watch.due <= now), key=lambda watch: watch.tried_at)
        answered = self._each(self._look_at, due, self._meanwhile)
        if self._terms.once:
            for watch in self._watches:
                watch.give_up(_SILENCE)
        self._trouble = next((watch.error.message for watch in self._watches if watch.error), None)
        if not (answered or self._trouble or self._terms.once):
            self._trouble = _SILENCE
        self._sights = self._seen
        self._report_trouble()
        self._report([sight.record for sight in self._sights])

    def _look_at(self, watch: ProjectPoller) -> None:
        """Look at one project, unless this round has taken so long already that the next one has to begin with it."""
        if self._terms.once or time.monotonic() - self._round_began < _LONGEST_ROUND:
            watch.look(self._started + self._terms.patience)

    def _meanwhile(self) -> bool:
        """Say what is due while requests are under way, and tell whether there is time left for them."""
        self._keep_up()
        return self._elapsed < self._terms.timeout + LAST_LOOK

    def _report_trouble(self) -> None:
        """Tell each cause of trouble that is new."""
        goes_on = "The wait goes on for the others." if self._open and not self._terms.once else ""
        passing = self._passing
        lasting = self._told([error for watch in self._watches for error in watch.losses], goes_on)
        trouble = {**passing, **{f"{cause}, for good": text for cause, text in lasting.items()}}
        for cause, text in trouble.items():
            if cause not in self._causes:
                self._tell(text)
        self._causes = set(trouble)

    @property
    def _passing(self) -> dict[str, str]:
        """What to say of each cause of trouble that may pass."""
        return self._told([watch.error for watch in self._watches if watch.error], "Looking again.")

    def _told(self, errors: Sequence[AtlasError], then: str) -> dict[str, str]:
        """Return each cause with what to say of it, however often it comes, and of what comes then."""
        told = {}
        for cause, alike in by_cause(errors).items():
            said = alike[0].message if self._terms.names else "Not everything could be looked at."
            more = f"The same of {len(alike) - 1} more." if alike[1:] else ""
            told[cause] = " ".join(filter(None, [said, more, then]))
        return told

    def _report(self, records: Sequence[Record]) -> None:
        """Say where things stand when something changed, and at the first look."""
        now = [(record["phase"], record["status"], record["next_action"]) for record in records]
        before, self._known = self._known, now
        news = [number for number, state in enumerate(now) if before is None or before[number] != state]
        if news or before is None or self._is_silent():
            self._tell(progress.summary(records, self._terms.until))
        distinctions = peering.distinctions(records) if news and self._terms.names else ()
        for number in news:
            if self._terms.names and records[number]["next_action"]:
                self._say(f"       {progress.describe(records[number], distinctions[number])}")

    def _tell(self, text: str) -> None:
        self._said_at = time.monotonic()
        self._say(f"{progress.clock(self._said_at - self._started)}  {text}")

    def _is_silent(self) -> bool:
        return time.monotonic() - self._said_at >= self._terms.heartbeat

    def _reason(self, elapsed: float) -> str | None:
        if self._terms.once:
            return CHECKED
        missing = [sight for sight in self._sights if not sight.is_there(self._terms.until)]
        if not missing:
            return REACHED
        if any(sight.cannot_reach for sight in missing) or all(sight.error for sight in missing):
            return FAILURE
        return DEADLINE if elapsed >= self._terms.timeout else None

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._keep_up()
            time.sleep(min(left, _LONGEST_SLEEP))

    def _keep_up(self) -> None:
        """Say where things stand if nothing has been said for long. Raises AtlasError where nobody listens any more."""
        if not self._alive():
            raise AtlasError("The wait was left alone: the process that started it has ended.")
        if self._is_silent():
            records = [sight.record for sight in self._seen]
            self._tell(next(iter(self._passing.values()), progress.summary(records, self._terms.until)))
