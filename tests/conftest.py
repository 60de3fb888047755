# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names tests alike in every process, lets these share servers, and counts cases that are too many to be tests."""

from __future__ import annotations

import gc
from collections import Counter
from typing import Any, Callable

import pytest

from support.commands import shared_folder

#: Takes what the cases are, such as ``fault cases``, how many were tried, and how many of them failed.
CountCases = Callable[[str, int, int], None]
_PROPERTY = "cases"


@pytest.fixture
def count_cases(record_property: Callable[[str, Any], None]) -> CountCases:
    """Count the cases of a test for the summary at the end."""

    def count(what: str, tried: int, failed: int) -> None:
        record_property(_PROPERTY, [what, tried, failed])

    return count


def pytest_configure() -> None:
    """Let workers, which are not started yet, share fork servers."""
    shared_folder()


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from looking at all tests again and again."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name no test after packed bytes: gzip writes the time into them, and every worker packs for itself."""
    return "bytes" if isinstance(val, bytes) and not val.isascii() else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tried: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    reports = [one for outcome in ("passed", "failed") for one in terminalreporter.getreports(outcome)]
    for what, number, wrong in (value for one in reports for name, value in one.user_properties if name == _PROPERTY):
        tried[what] += number
        failed[what] += wrong
    for what, number in tried.items():
        terminalreporter.write_line(f"{what}: {number} tried, {number - failed[what]} held")
