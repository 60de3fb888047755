# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for connections: look, report, decide, pause. Knows neither Ansible nor HTTP."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.clouds import (
    ABSENT,
    ACTION_REQUIRED,
    AVAILABLE,
    DELETING,
    FAILED,
    PHASES,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import ApiError, AtlasError, by_cause
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.peering import PEERING

#: What is waited for -> the phases that meet it.
GOALS: Mapping[str, tuple[str, ...]] = {
    "available": (AVAILABLE,),
    "action_required": (ACTION_REQUIRED, AVAILABLE),
    "absent": (ABSENT,),
}

#: The same in words, to follow "are".
_SPOKEN_GOALS: Mapping[str, str] = {
    "available": "available",
    "action_required": "ready for the other side",
    "absent": "absent",
}

REACHED, FAILURE, DEADLINE = "reached", "failure", "deadline"

# A pause is this share of the time waited so far, and no shorter than a second: what changes soon is seen soon.
_PAUSE_SHARE = 0.05
_SHORTEST_PAUSE = 1.0
_LONGEST_ROUND = 30.0  # Where Atlas is slow, hundreds of projects do not keep the wait from printing and from ending.
_LONGEST_SLEEP = 0.5  # A pause is slept in pieces, between which a line may be due and the parent process is checked.


@dataclass(frozen=True)
class Verdict:
    """How a wait ended: the reason, what was seen last, after how many seconds and looks, the last transient error."""

    reason: str
    records: Sequence[Record]
    elapsed: float
    looks: int
    error: str | None


class Watch:
    """The connections of one project, which are looked at together.

    Args:
        numbers: Which of all connections they are.
        records: What is known of them.
        look: Returns a record for each of them, in their order.
    """

    def __init__(self, numbers: Sequence[int], records: Sequence[Record], look: Callable[[], Sequence[Record]]) -> None:
        self.numbers, self.records = numbers, records
        self.error: AtlasError | None = None
        self.due = self.tried_at = 0.0
        self._look = look
        self._seen = False

    def look(self, patience_ends: float) -> None:
        """Look once; an error that may pass is kept and outlived.

        Raises:
            AtlasError: It will not pass, or nothing has been seen yet and the patience has ended.
        """
        self.tried_at = time.monotonic()
        try:
            self.records, self.error, self._seen = self._look(), None, True
        except AtlasError as error:
            throttled = isinstance(error, ApiError) and error.status == 429
            if not error.transient or not (self._seen or throttled or time.monotonic() < patience_ends):
                raise
            self.error = error
            if isinstance(error, ApiError) and error.retry_after:
                self.due = time.monotonic() + error.retry_after


@dataclass(frozen=True)
class Terms:
    """What to wait for, and how; spans are seconds.

    Attributes:
        until: A key of `GOALS`.
        timeout: When it gives up.
        interval: Longest pause between two looks.
        heartbeat: Silence after which it is said again where things stand.
        patience: How long Atlas may be out of reach at the beginning.
        names: Whether lines of progress may name connections and projects, or only count them.
    """

    until: str
    timeout: float
    interval: float
    heartbeat: float
    patience: float
    names: bool = True


class Wait:
    """One wait for all of its connections.

    Args:
        watches: The connections, by project.
        each: Does the same for each of a list, several at once.
        say: Prints one line of progress.
        alive: Tells whether whoever waits for this wait is still there.
        terms: What to wait for, and how.
    """

    def __init__(
        self,
        watches: Sequence[Watch],
        each: Callable[[Callable[[Watch], None], Sequence[Watch]], Any],
        say: Callable[[str], None],
        alive: Callable[[], bool],
        terms: Terms,
    ) -> None:
        self._watches, self._each, self._say, self._alive, self._terms = watches, each, say, alive, terms
        self._started = time.monotonic()
        self._said_at = float("-inf")
        self._known: list[str | None] = [""] * sum(len(watch.numbers) for watch in watches)
        self._causes: set[str] = set()
        self._looks = 0
        self._round_began = self._started

    def run(self) -> Verdict:
        """Look until there is a reason to stop. Raises AtlasError where looking itself fails for good."""
        while True:
            self._look()
            records, elapsed = self._records, time.monotonic() - self._started
            reason = self._reason(records, elapsed)
            if reason:
                errors = [watch.error.message for watch in self._watches if watch.error]
                return Verdict(reason, records, elapsed, self._looks, errors[0] if errors else None)
            longest = min(self._terms.interval, self._terms.timeout - elapsed)
            self._pause(min(longest, max(_SHORTEST_PAUSE, _PAUSE_SHARE * elapsed)))

    @property
    def _records(self) -> list[Record]:
        """What is known of all connections, in their order."""
        known = dict(pair for watch in self._watches for pair in zip(watch.numbers, watch.records))
        return [known[number] for number in range(len(known))]

    def _look(self) -> None:
        """Look at all that is due and not yet there, and say what is new."""
        self._looks += 1
        now = self._round_began = time.monotonic()
        there = GOALS[self._terms.until]
        open_ = [watch for watch in self._watches if not all(record["phase"] in there for record in watch.records)]
        due = sorted((watch for watch in open_ if watch.due <= now), key=lambda watch: watch.tried_at)
        self._each(self._look_at, due)
        self._report_trouble()
        self._report(self._records)

    def _look_at(self, watch: Watch) -> None:
        """Look at one project, unless this round has taken so long already that the next one has to begin with it."""
        if time.monotonic() - self._round_began < _LONGEST_ROUND:
            watch.look(self._started + self._terms.patience)

    def _report_trouble(self) -> None:
        """Tell each cause of trouble that is new."""
        trouble = self._trouble()
        for cause, text in trouble.items():
            if cause not in self._causes:
                self._tell(text)
        self._causes = set(trouble)

    def _trouble(self) -> dict[str, str]:
        """Return the causes of trouble with what to say of each, however many projects it befalls."""
        groups = by_cause(watch.error for watch in self._watches if watch.error)
        return {
            cause: self._told(alike[0])
            + (f" The same of {len(alike) - 1} more." if alike[1:] else "")
            + " Looking again."
            for cause, alike in groups.items()
        }

    def _told(self, error: AtlasError) -> str:
        return error.message if self._terms.names else "Atlas could not be asked."

    def _report(self, records: Sequence[Record]) -> None:
        """Say where things stand when something changed, and at the first look."""
        news = [record for record, status in zip(records, self._known) if record["status"] != status]
        self._known = [record["status"] for record in records]
        if news or self._is_silent():
            self._tell(summary(records, self._terms.until))
        for record in news:
            if record["next_action"] and self._terms.names:
                self._say(f"       {describe(record)}")

    def _tell(self, text: str) -> None:
        self._said_at = time.monotonic()
        self._say(f"{clock(self._said_at - self._started)}  {text}")

    def _is_silent(self) -> bool:
        return time.monotonic() - self._said_at >= self._terms.heartbeat

    def _reason(self, records: Sequence[Record], elapsed: float) -> str | None:
        if all(record["phase"] in GOALS[self._terms.until] for record in records):
            return REACHED
        if any(is_hopeless(record, self._terms.until) for record in records):
            return FAILURE
        return DEADLINE if elapsed >= self._terms.timeout else None

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not self._alive():
                raise AtlasError("The wait was left alone: the process that started it has ended.")
            if self._is_silent():
                self._tell(next(iter(self._trouble().values()), summary(self._records, self._terms.until)))
            time.sleep(min(left, _LONGEST_SLEEP))


def is_hopeless(record: Record, until: str) -> bool:
    """Tell whether a connection will not get there however long one waits."""
    if until == "absent":
        return bool(record["provider_name"]) and PEERING.is_stuck(record)
    return record["phase"] in (FAILED, DELETING, ABSENT)


def summary(records: Sequence[Record], until: str) -> str:
    """Return where things stand: ``3/5 available · 1 pending · 1 action required``."""
    there = GOALS[until]
    counts = {phase: sum(record["phase"] == phase for record in records) for phase in PHASES}
    reached = sum(counts[phase] for phase in there)
    rest = [f"{counts[phase]} {spoken(phase)}" for phase in PHASES if phase not in there and counts[phase]]
    return " · ".join([f"{reached}/{len(records)} {_SPOKEN_GOALS[until]}", *rest])


def describe(record: Record) -> str:
    """Return one connection's name, status and next action."""
    name = f"{record['provider_name'] or 'connection'} {record['network'] or record['id']}"
    error = f" ({record['error']})" if record["error"] else ""
    return f"{name}: {record['status'] or spoken(record['phase'])}{error}. {record['next_action'] or ''}".strip()


def explain(verdict: Verdict, until: str) -> str:
    """Return why a wait did not get there, naming each connection that did not, its phase and what to do."""
    missing = [record for record in verdict.records if record["phase"] not in GOALS[until]]
    why = "a connection cannot get there" if verdict.reason == FAILURE else "the time is up"
    parts = [
        f"{len(verdict.records) - len(missing)} of {len(verdict.records)} connections are {_SPOKEN_GOALS[until]} "
        f"after {clock(verdict.elapsed)}; {why}.",
        *(f"[{spoken(record['phase'])}] {describe(record)}" for record in missing),
    ]
    if verdict.error:
        parts.append(f"The last look failed: {verdict.error}")
    parts.append("Everything is left as it is: run it again to go on waiting.")
    return " ".join(parts)


def spoken(phase: str) -> str:
    return phase.replace("_", " ")


def clock(seconds: float) -> str:
    """Return a duration as ``mm:ss``, or ``h:mm:ss`` from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
