# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connections of one project during a wait: what is known of them, which trouble passes, and what is final."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Callable, Union

from ansible_collections.atlasops.network.plugins.module_utils.errors import ApiError, AtlasError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import ABSENT
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.module_utils.option_names import option
from ansible_collections.atlasops.network.plugins.plugin_utils import progress
from ansible_collections.atlasops.network.plugins.plugin_utils.wait_result import Observation

#: What one look brings of a connection: its record, or why it cannot be told which one it is.
Seen = Union[Record, AtlasError]

_GRACE = 60.0  # A list may lag behind a creation by seconds: until then one that was never seen is not given up.
# Credentials that worked and are refused are looked with again: a token that others revoked, or that replaced another
# just now, is replaced within a minute.
_REFUSALS, _AFTER_REFUSAL = 2, 30.0


class ProjectPoller:
    """The connections of one project, which are looked at together.

    Args:
        numbers: Which of all connections they are.
        records: What is known of them.
        look: Returns for each of them, in their order, what is seen.
        refused_later: What to do about credentials that worked, and that Atlas refuses now.
    """

    def __init__(
        self,
        numbers: Sequence[int],
        records: Sequence[Record],
        look: Callable[[], Sequence[Seen]],
        refused_later: str | None = None,
    ) -> None:
        self.numbers, self.records = numbers, records
        self.problems: Sequence[AtlasError | None] = [None] * len(records)
        #: What went wrong with the last look, if it may pass; why there are no more looks.
        self.error: AtlasError | None = None
        self.loss: AtlasError | None = None
        self.due = self.tried_at = 0.0
        self._look, self._refused_later = look, refused_later
        self._present: set[int] = set()
        self._first_at: float | None = None
        self._refusals = 0

    @property
    def is_seen(self) -> bool:
        return self._first_at is not None

    def look(self, patience_ends: float) -> None:
        """Look once. An error that may pass is kept and outlived; any other one ends the looks at this project."""
        self.tried_at = time.monotonic()
        try:
            seen = self._look()
        except AtlasError as error:
            self._bear(error, patience_ends)
        else:
            self._note(seen)

    def give_up(self, silence: str) -> None:
        """Take what has not been seen yet for lost; `silence` is the reason where there is no better one."""
        if not self.is_seen:
            error = TransportError(silence, f"Raise {option('wait_timeout')}, or try again later.", False)
            self.loss, self.error = self.loss or self.error or error, None

    def is_open(self, until: str) -> bool:
        """Tell whether another look may bring something."""
        return any(not (sight.error or sight.is_there(until)) for sight in self.sights(until))

    @property
    def losses(self) -> list[AtlasError]:
        """Why connections cannot be looked at: once if it is the same for all of them."""
        return [self.loss] if self.loss else [problem for problem in self.problems if problem]

    def sights(self, until: str) -> list[Observation]:
        """Return the connections as last seen, and which of them cannot get there."""
        return [
            Observation(
                record,
                self.loss or problem,
                cannot_reach=not (self.loss or problem) and self._is_hopeless(place, until),
            )
            for place, (record, problem) in enumerate(zip(self.records, self.problems))
        ]

    def _is_hopeless(self, place: int, until: str) -> bool:
        record = self.records[place]
        waited = time.monotonic() - self._first_at if self._first_at is not None else 0.0
        may_appear = record["phase"] == ABSENT and place not in self._present and waited < _GRACE
        return progress.cannot_reach(record, until) and not may_appear

    def _note(self, seen: Sequence[Seen]) -> None:
        if self._first_at is None:
            self._first_at = time.monotonic()
        self.problems = [one if isinstance(one, AtlasError) else None for one in seen]
        self.records = [old if isinstance(one, AtlasError) else one for old, one in zip(self.records, seen)]
        self._present.update(place for place, one in enumerate(self.records) if one["phase"] not in (ABSENT, None))
        self.error, self._refusals = None, 0

    def _bear(self, error: AtlasError, patience_ends: float) -> None:
        status = error.status if isinstance(error, ApiError) else None
        refused = status == 401 and self.is_seen
        self._refusals += refused
        passes = error.transient and (self.is_seen or status == 429 or time.monotonic() < patience_ends)
        if passes or (refused and self._refusals <= _REFUSALS):
            retry_after = _AFTER_REFUSAL if refused else getattr(error, "retry_after", None)
            self.error, self.due = error, time.monotonic() + (retry_after or 0.0)
            return
        if refused and self._refused_later:
            error = error.again()
            error.hint = self._refused_later
        self.error, self.loss = None, error
