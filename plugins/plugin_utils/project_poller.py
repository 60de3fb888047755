# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The connections of one project during a wait: their last known state, and which errors are transient or final."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable, Union

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import ABSENT
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import Target

#: What one poll yields for a connection: its record, or why it cannot be identified.
Finding = Union[Record, AtlasError]

# Seconds in which a connection that has never been seen may still appear: a list may lag behind a creation.
_GRACE = 60.0
# If credentials that worked are refused, the project is polled again this often, after so many seconds: a token that
# was revoked elsewhere, or that has just replaced another one, is replaced within a minute (api/token_cache.py).
_REFUSALS, _AFTER_REFUSAL = 2, 30.0


@dataclass(frozen=True)
class Observation:
    """One connection as last seen.

    Attributes:
        record: Its record; the phase is None if it has never been seen.
        error: Why it is given up, if it cannot be read or identified.
        cannot_reach: Whether it is in a state from which it cannot reach the target.
    """

    record: Record
    error: AtlasError | None = None
    cannot_reach: bool = False


class ProjectPoller:
    """The connections of one project, which are polled together.

    Args:
        indexes: Their indexes in the task's list of connections.
        records: What is known of them before the first poll; their phase is None.
        find: Returns a finding for each of them, in their order. Raises AtlasError if the project cannot be read.
        target: What is waited for.
        hint_if_refused: The hint if credentials that worked are refused for good; None for that of the error.
    """

    def __init__(
        self,
        indexes: Sequence[int],
        records: Sequence[Record],
        find: Callable[[], Sequence[Finding]],
        target: Target,
        hint_if_refused: str | None = None,
    ) -> None:
        self.indexes = indexes
        #: Why the last poll failed, if the project is polled again.
        self.error: AtlasError | None = None
        #: When the next poll is due, and when the last one began, on the monotonic clock.
        self.due = self.polled_at = 0.0
        self._records = records
        self._find, self._target, self._hint_if_refused = find, target, hint_if_refused
        self._problems: Sequence[AtlasError | None] = [None] * len(records)
        self._final_error: AtlasError | None = None  # why the whole project is given up
        self._existed: set[int] = set()  # positions of the connections that have been seen to exist
        self._first_read_at: float | None = None
        self._refusals = 0

    @property
    def is_open(self) -> bool:
        """Whether another poll may bring news."""
        return any(not (one.error or self._target.is_met_by(one.record)) for one in self.observe())

    @property
    def final_errors(self) -> list[AtlasError]:
        """Why connections are given up: one error if it is the same for all of them."""
        return [self._final_error] if self._final_error else [problem for problem in self._problems if problem]

    def poll(self, startup_ends: float) -> None:
        """Read the project once. A transient error is kept in `error`; any other one gives the project up.

        Args:
            startup_ends: Until when a project that has not been read yet may be out of reach, on the monotonic clock.
        """
        self.polled_at = time.monotonic()
        try:
            findings = self._find()
        except AtlasError as error:
            self._note_error(error, startup_ends)
        else:
            self._note(findings)

    def give_up_unseen(self, reason: str) -> None:
        """Give the project up if it has not been read yet; `reason` is the message if no error is known."""
        if self._first_read_at is None:
            error = TransportError(reason, f"Raise {option('wait_timeout')}, or try again later.", False)
            self._final_error, self.error = self._final_error or self.error or error, None

    def observe(self) -> list[Observation]:
        """Return the connections as last seen."""
        return [
            Observation(
                record,
                self._final_error or problem,
                cannot_reach=not (self._final_error or problem) and self._cannot_reach(position),
            )
            for position, (record, problem) in enumerate(zip(self._records, self._problems))
        ]

    def _cannot_reach(self, position: int) -> bool:
        record = self._records[position]
        waited = time.monotonic() - self._first_read_at if self._first_read_at is not None else 0.0
        may_appear = record["phase"] == ABSENT and position not in self._existed and waited < _GRACE
        return self._target.cannot_reach(record) and not may_appear

    def _note(self, findings: Sequence[Finding]) -> None:
        if self._first_read_at is None:
            self._first_read_at = time.monotonic()
        self._problems = [one if isinstance(one, AtlasError) else None for one in findings]
        self._records = [old if isinstance(one, AtlasError) else one for old, one in zip(self._records, findings)]
        exist = (position for position, one in enumerate(self._records) if one["phase"] not in (ABSENT, None))
        self._existed.update(exist)
        self.error, self._refusals = None, 0

    def _note_error(self, error: AtlasError, startup_ends: float) -> None:
        has_read = self._first_read_at is not None
        status = error.status if isinstance(error, ApiError) else None
        refused = status == 401 and has_read
        self._refusals += refused
        is_transient = error.transient and (has_read or status == 429 or time.monotonic() < startup_ends)
        if is_transient or (refused and self._refusals <= _REFUSALS):
            retry_after = _AFTER_REFUSAL if refused else getattr(error, "retry_after", None)
            self.error, self.due = error, time.monotonic() + (retry_after or 0.0)
            return
        if refused and self._hint_if_refused:
            error = error.copy(hint=self._hint_if_refused)
        self.error, self._final_error = None, error
