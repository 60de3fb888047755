# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for connections: look, report, decide, pause. Knows neither Ansible nor HTTP."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable

from ansible_collections.atlasops.network.plugins.module_utils.clouds import (
    ABSENT,
    ACTION_REQUIRED,
    AVAILABLE,
    DELETING,
    FAILED,
    PHASES,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
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
_LONGEST_SLEEP = 0.5  # A pause is slept in pieces, between which a line may be due and the parent process is checked.


@dataclass(frozen=True)
class Verdict:
    """How a wait ended: the reason, what was seen last, after how many seconds and looks, the last transient error."""

    reason: str
    records: Sequence[Record]
    elapsed: float
    looks: int
    error: str | None


class Wait:
    """One wait for all of its connections.

    Args:
        look: Returns a record for each connection, in a constant order.
        say: Prints one line of progress.
        alive: Tells whether whoever waits for this wait is still there.
        until: A key of `GOALS`.
        timeout: Seconds until it gives up.
        interval: Longest pause between two looks, in seconds.
        heartbeat: Seconds of silence after which it is said again where things stand.
    """

    def __init__(
        self,
        look: Callable[[], Sequence[Record]],
        say: Callable[[str], None],
        alive: Callable[[], bool],
        until: str,
        timeout: float,
        interval: float,
        heartbeat: float,
    ) -> None:
        self._look, self._say, self._alive = look, say, alive
        self._until, self._timeout, self._interval, self._heartbeat = until, timeout, interval, heartbeat
        self._started = time.monotonic()
        self._said_at = float("-inf")
        self._records: Sequence[Record] = []
        self._looks = 0
        self._error: str | None = None

    def run(self) -> Verdict:
        """Look until there is a reason to stop. Raises AtlasError where looking itself fails for good."""
        while True:
            self._observe()
            elapsed = time.monotonic() - self._started
            reason = self._reason(elapsed)
            if reason:
                return Verdict(reason, self._records, elapsed, self._looks, self._error)
            self._pause(min(self._interval, max(_SHORTEST_PAUSE, _PAUSE_SHARE * elapsed), self._timeout - elapsed))

    def _observe(self) -> None:
        """Look once; an error that may pass is reported and outlived, unless it is the first look's."""
        self._looks += 1
        try:
            records = self._look()
        except AtlasError as error:
            if not error.transient or not self._records:
                raise
            if error.message != self._error:
                self._tell(f"{error.message} Looking again.")
            self._error = error.message
            return
        self._report(records)
        self._records, self._error = records, None

    def _report(self, records: Sequence[Record]) -> None:
        """Say where things stand when something changed, and at the first look."""
        known = [record["status"] for record in self._records] or [""] * len(records)
        news = [record for record, status in zip(records, known) if record["status"] != status]
        if news or self._is_silent():
            self._tell(summary(records, self._until))
        for record in news:
            if record["next_action"]:
                self._say(f"       {describe(record)}")

    def _tell(self, text: str) -> None:
        self._said_at = time.monotonic()
        self._say(f"{clock(self._said_at - self._started)}  {text}")

    def _is_silent(self) -> bool:
        return time.monotonic() - self._said_at >= self._heartbeat

    def _reason(self, elapsed: float) -> str | None:
        if all(record["phase"] in GOALS[self._until] for record in self._records):
            return REACHED
        if any(is_hopeless(record, self._until) for record in self._records):
            return FAILURE
        return DEADLINE if elapsed >= self._timeout else None

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not self._alive():
                raise AtlasError("The wait was left alone: the process that started it has ended.")
            if self._is_silent():
                self._tell(f"{self._error} Looking again." if self._error else summary(self._records, self._until))
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
