# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""How a wait ended, as data and in words. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, group_by_cause
from ansible_collections.atlasops.network.plugins.module_utils.model import peering
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.plugin_utils import progress
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import Observation
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import Target

#: The values of the result key ``stop_reason``.
REACHED, FAILURE, DEADLINE, CHECKED = "reached", "failure", "deadline", "check_mode"

_CONTINUE = "Nothing was changed: run the task again to continue waiting."
_RESOLVE = "Nothing was changed: resolve what is reported for each connection, then run the task again."


class DeadlineError(AtlasError):
    """A connection did not reach the target in time. Waiting longer may help."""


class StateError(AtlasError):
    """A connection cannot reach the target, however long the wait."""


@dataclass(frozen=True)
class WaitResult:
    """How a wait ended.

    Attributes:
        stop_reason: REACHED, FAILURE, DEADLINE, or CHECKED after the single poll of check mode.
        target: What was waited for.
        observations: The connections, in the order of the task.
        elapsed: Seconds waited.
        polls: How often Atlas was polled.
        poll_error: Why the last poll failed, if that was transient.
        interruption: What ended the wait from outside.
    """

    stop_reason: str
    target: Target
    observations: Sequence[Observation]
    elapsed: float
    polls: int
    poll_error: str | None = None
    interruption: AtlasError | None = None

    @property
    def is_failure(self) -> bool:
        """Whether the task fails: the target is not reached or, in check mode, a connection cannot be read."""
        if self.stop_reason == CHECKED:
            return bool(self._poll_errors)
        return self.stop_reason != REACHED

    @property
    def peerings(self) -> list[Record]:
        """The records as results: with ``failure``, and with ``error`` if a connection cannot be read."""
        return [
            {
                **one.record,
                "error": one.record["error"] or (problem.message if problem and problem is one.error else None),
                "failure": problem.as_result()["failure"] if problem else None,
            }
            for one, problem in zip(self.observations, self._problems)
        ]

    def as_error(self) -> AtlasError:
        """Return the error of a wait that failed, with its ``problems`` as data."""
        if self.interruption:
            return self._with_problems(self.interruption)
        if self.stop_reason == DEADLINE:
            return self._with_problems(DeadlineError(self._explain("the time is up"), _CONTINUE))
        if self.stop_reason == CHECKED:
            return self._with_problems(self._poll_failure("not all connections could be checked"))
        if any(one.cannot_reach for one in self.observations):
            return self._with_problems(StateError(self._explain("at least one never will be"), _RESOLVE))
        return self._with_problems(self._poll_failure("the others could not be checked", _CONTINUE))

    def _poll_failure(self, why: str, *then: str) -> AtlasError:
        """Return the first error for which connections are given up, with the others in its message."""
        is_only = len(self._poll_errors) == 1
        error = self._poll_errors[0][0]
        hint = " ".join(filter(None, [error.hint if is_only else None, *then])) or None
        return error.copy(message=self._explain(why, with_hints=not is_only), hint=hint)

    def _with_problems(self, error: AtlasError) -> AtlasError:
        """Return a copy of an error with the problem of each connection as data."""
        problems = [
            {
                "connection": name,
                "project_id": one.record["project_id"],
                "phase": one.record["phase"],
                "cause": problem.cause,
                "msg": str(problem),
                "failure": problem.as_result()["failure"],
            }
            for one, name, problem in zip(self.observations, self._names, self._problems)
            if problem
        ]
        return error.copy(details={**error.details, "problems": problems})

    @cached_property
    def _distinctions(self) -> list[str]:
        return peering.distinctions([one.record for one in self.observations])

    @cached_property
    def _names(self) -> list[str]:
        named = zip(self.observations, self._distinctions)
        return [progress.name_of(one.record) + distinction for one, distinction in named]

    @cached_property
    def _problems(self) -> list[AtlasError | None]:
        return [self._problem(one, name) for one, name in zip(self.observations, self._names)]

    def _problem(self, observation: Observation, name: str) -> AtlasError | None:
        """Return why a connection failed; None if it did not, or was only not done yet when another one failed."""
        record = observation.record
        if self.target.is_met_by(record):
            return None
        if observation.error:
            return observation.error
        state = f"{name} is {record['status'] or progress.humanize(record['phase'])}"
        if observation.cannot_reach:
            why = f" ({record['error']})" if record["error"] else ""
            return StateError(f"{state}{why}.", progress.advice(record, self.target))
        if self.stop_reason == DEADLINE:
            elapsed = progress.format_duration(self.elapsed)
            return DeadlineError(f"{state} after {elapsed}.", record["next_action"] or _CONTINUE)
        return None

    def _explain(self, why: str, with_hints: bool = True) -> str:
        """Return the message of a failure: how many are reached, each connection that is not, each error once."""
        reached = sum(self.target.is_met_by(one.record) for one in self.observations)
        parts = [
            f"{reached} of {len(self.observations)} connections are {self.target.words} "
            f"after {progress.format_duration(self.elapsed)}; {why}.",
            *(self._explain_one(*pair) for pair in zip(self.observations, self._distinctions)),
            *(_explain_alike(errors, with_hints) for errors in self._poll_errors),
        ]
        if self.poll_error:
            parts.append(f"The last poll failed: {self.poll_error}")
        return " ".join(filter(None, parts))

    def _explain_one(self, observation: Observation, distinction: str) -> str:
        """Return the phase of a connection and what to do; empty if it is reached, or explained by an error."""
        record = observation.record
        if self.target.is_met_by(record) or observation.error:
            return ""
        text = f"[{progress.humanize(record['phase'])}] {progress.describe(record, distinction)}"
        needs_advice = observation.cannot_reach and not record["next_action"]
        return f"{text} {progress.advice(record, self.target) or ''}".strip() if needs_advice else text

    @cached_property
    def _poll_errors(self) -> list[list[AtlasError]]:
        """The errors for which connections are given up, those of the same cause together."""
        observed = zip(self.observations, self._problems)
        return list(
            group_by_cause(one.error for one, problem in observed if one.error and problem is one.error).values()
        )


def _explain_alike(errors: Sequence[AtlasError], with_hints: bool) -> str:
    text = str(errors[0]) if with_hints else errors[0].message
    return text + (f" ({len(errors)} connections)" if errors[1:] else "")
