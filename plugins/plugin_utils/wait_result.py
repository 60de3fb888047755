# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a wait ended: in words, and as data. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, by_cause
from ansible_collections.atlasops.network.plugins.module_utils.model import peering
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.plugin_utils import progress

REACHED, FAILURE, DEADLINE, CHECKED = "reached", "failure", "deadline", "check_mode"

_GO_ON = "Everything is left as it is: run it again to go on waiting."
_MEND = "Everything is left as it is: do what is said of each connection, then run it again to go on waiting."


class DeadlineError(AtlasError):
    """The time was up before a connection was there. Waiting longer may help."""


class StateError(AtlasError):
    """A connection cannot get there, however long one waits."""


@dataclass(frozen=True)
class Observation:
    """One connection at the end of a wait.

    Attributes:
        record: What was last known of it; its phase is None if it was never seen.
        error: Why it cannot be looked at.
        hopeless: Whether its state is one that it cannot get there from.
    """

    record: Record
    error: AtlasError | None = None
    cannot_reach: bool = False

    def is_there(self, until: str) -> bool:
        return self.record["phase"] in progress.TARGETS[until]


@dataclass(frozen=True)
class WaitResult:
    """How a wait ended.

    Attributes:
        reason: REACHED, FAILURE, DEADLINE, or CHECKED where one look was all that was wanted.
        until: What was waited for, a key of `progress.GOALS`.
        sights: The connections, in their order.
        elapsed: Seconds waited.
        looks: How often it looked.
        trouble: What went wrong with the last look, if it may pass.
        interruption: What ended the wait from outside.
    """

    reason: str
    until: str
    sights: Sequence[Observation]
    elapsed: float
    looks: int
    trouble: str | None = None
    interruption: AtlasError | None = None

    @property
    def is_failure(self) -> bool:
        """Whether it is not what was wanted; of a single look that is to see everything."""
        if self.reason == CHECKED:
            return bool(self._causes)
        return self.reason != REACHED

    @property
    def peerings(self) -> list[Record]:
        """The connections as results: with ``failure``, and with ``error`` too if one cannot be looked at."""
        return [
            {
                **sight.record,
                "error": sight.record["error"] or (problem.message if problem and problem is sight.error else None),
                "failure": problem.as_result()["failure"] if problem else None,
            }
            for sight, problem in zip(self.sights, self._problems)
        ]

    def as_error(self) -> AtlasError:
        """Return the error that a wait which did not get there ends with."""
        if self.interruption:
            return self._about(self.interruption)
        if self.reason == DEADLINE:
            return self._about(DeadlineError(self._explain("the time is up"), _GO_ON))
        if self.reason == CHECKED:
            return self._about(self._cause("not all could be looked at"))
        if any(sight.cannot_reach for sight in self.sights):
            return self._about(StateError(self._explain("a connection cannot get there"), _MEND))
        return self._about(self._cause("what is missing cannot be looked at", _GO_ON))

    def _cause(self, why: str, *then: str) -> AtlasError:
        """Return the first reason why connections cannot be looked at, with all of them in its message."""
        causes = self._causes
        error, alone = causes[0][0].again(), len(causes) == 1
        error.message = self._explain(why, cures=not alone)
        error.hint = " ".join(filter(None, [error.hint if alone else None, *then])) or None
        return error

    def _about(self, error: AtlasError) -> AtlasError:
        """Return an error with what is wrong with each connection, as data."""
        about = error.again()
        told = zip(self.sights, self._names, self._problems)
        about.details = {
            **error.details,
            "problems": [
                {
                    "connection": name,
                    "project_id": sight.record["project_id"],
                    "phase": sight.record["phase"],
                    "cause": problem.cause,
                    "msg": str(problem),
                    "failure": problem.as_result()["failure"],
                }
                for sight, name, problem in told
                if problem
            ],
        }
        return about

    @cached_property
    def _distinctions(self) -> list[str]:
        return peering.distinctions([sight.record for sight in self.sights])

    @cached_property
    def _names(self) -> list[str]:
        return [
            progress.name_of(sight.record) + distinction for sight, distinction in zip(self.sights, self._distinctions)
        ]

    @cached_property
    def _problems(self) -> list[AtlasError | None]:
        return [self._problem(sight, name) for sight, name in zip(self.sights, self._names)]

    def _problem(self, sight: Observation, name: str) -> AtlasError | None:
        """Return what is wrong with one connection, if anything."""
        record = sight.record
        if sight.is_there(self.until):
            return None
        if sight.error:
            return sight.error
        state = f"{name} is {record['status'] or progress.humanize(record['phase'])}"
        if sight.cannot_reach:
            why = f" ({record['error']})" if record["error"] else ""
            return StateError(f"{state}{why}.", progress.advice(record, self.until))
        if self.reason == DEADLINE:
            return DeadlineError(f"{state} after {progress.clock(self.elapsed)}.", record["next_action"] or _GO_ON)
        return None

    def _explain(self, why: str, cures: bool = True) -> str:
        """Return why it did not get there: each connection, its phase and what to do, each cause of trouble once."""
        told = zip(self.sights, self._distinctions)
        there = sum(sight.is_there(self.until) for sight in self.sights)
        parts = [
            f"{there} of {len(self.sights)} connections are {progress.SPOKEN_GOALS[self.until]} "
            f"after {progress.clock(self.elapsed)}; {why}.",
            *(self._told(sight, distinction) for sight, distinction in told if not sight.error),
            *(_told_once(alike, cures) for alike in self._causes),
        ]
        if self.trouble:
            parts.append(f"The last look failed: {self.trouble}")
        return " ".join(filter(None, parts))

    def _told(self, sight: Observation, distinction: str) -> str:
        """Return where a connection stands and what to do, empty if it is there."""
        record = sight.record
        if sight.is_there(self.until):
            return ""
        said = f"[{progress.humanize(record['phase'])}] {progress.describe(record, distinction)}"
        more = progress.advice(record, self.until) if sight.cannot_reach and not record["next_action"] else None
        return f"{said} {more}" if more else said

    @cached_property
    def _causes(self) -> list[list[AtlasError]]:
        """Why connections cannot be looked at, the errors of one cause together."""
        told = zip(self.sights, self._problems)
        return list(by_cause(sight.error for sight, problem in told if sight.error and problem is sight.error).values())


def _told_once(alike: Sequence[AtlasError], cures: bool) -> str:
    said = str(alike[0]) if cures else alike[0].message
    return said + (f" ({len(alike)} connections)" if alike[1:] else "")
