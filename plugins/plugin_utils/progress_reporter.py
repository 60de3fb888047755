# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The lines that a wait prints while it runs: what changed, errors, heartbeats."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, group_by_cause, readable
from ansible_collections.atlasops.network.plugins.module_utils.model import peering
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.plugin_utils import progress
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import Target

_RETRYING = "Retrying."
_STILL_WAITING = "Still waiting for the others."


class ProgressReporter:
    """Prints a line whenever something changes, and a heartbeat after a silence.

    Args:
        emit: Prints one line: ``00:41  3/5 available · 2 pending``.
        target: What is waited for.
        heartbeat: Seconds of silence before a heartbeat is due.
        show_names: Whether lines may name connections and projects; otherwise they only count them.
    """

    def __init__(self, emit: Callable[[str], None], target: Target, heartbeat: float, show_names: bool = True) -> None:
        self._emit, self._target, self._heartbeat, self._show_names = emit, target, heartbeat, show_names
        self._started = self._emitted_at = time.monotonic()
        self._states: Sequence[Any] | None = None
        self._causes: set[str] = set()

    def report_errors(self, transient: Sequence[AtlasError], final: Sequence[AtlasError], goes_on: bool) -> None:
        """Print each cause that the last poll did not have, once for all that failed for it.

        Args:
            transient: The errors after which the project is polled again.
            final: The errors after which the connection is given up.
            goes_on: Whether the wait continues for other connections.
        """
        lines = self._lines(transient, _RETRYING)
        given_up = self._lines(final, _STILL_WAITING if goes_on else "")
        # A cause that passed may become final, which is news.
        lines.update((f"{cause}, final", line) for cause, line in given_up.items())
        for cause, line in lines.items():
            if cause not in self._causes:
                self._print(line)
        self._causes = set(lines)

    def report_states(self, records: Sequence[Record]) -> None:
        """Print the summary and what has to be done if anything changed, and at the first call."""
        states = [(record["phase"], record["status"], record["next_action"]) for record in records]
        before, self._states = self._states, states
        changed = [index for index, state in enumerate(states) if before is None or before[index] != state]
        if changed or before is None or self._is_silent:
            self._print(progress.summarize(records, self._target))
        distinctions = peering.distinctions(records) if changed and self._show_names else ()
        for index in changed:
            if self._show_names and records[index]["next_action"]:
                self._emit(readable(f"       {progress.describe(records[index], distinctions[index])}"))

    def keep_alive(self, records: Sequence[Record], transient: Sequence[AtlasError]) -> None:
        """Print a heartbeat if one is due: the error that lasts, or the summary."""
        if self._is_silent:
            lines = self._lines(transient, _RETRYING)
            self._print(next(iter(lines.values()), progress.summarize(records, self._target)))

    @property
    def _is_silent(self) -> bool:
        return time.monotonic() - self._emitted_at >= self._heartbeat

    def _lines(self, errors: Sequence[AtlasError], then: str) -> dict[str, str]:
        """Return a line for each cause of errors, by cause; `then` ends it."""
        lines = {}
        for cause, alike in group_by_cause(errors).items():
            message = alike[0].message if self._show_names else "Some connections could not be checked."
            others = f"The same for {len(alike) - 1} more." if alike[1:] else ""
            lines[cause] = " ".join(filter(None, [message, others, then]))
        return lines

    def _print(self, text: str) -> None:
        self._emitted_at = time.monotonic()
        self._emit(readable(f"{progress.format_duration(self._emitted_at - self._started)}  {text}"))
