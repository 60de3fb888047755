# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Thousands of random histories, each of which a seed reproduces: ``SEED=4711 pytest tests/random_histories``."""

from __future__ import annotations

import os
from typing import Callable

import pytest

from random_histories.history import History
from random_histories.regressions import REGRESSIONS
from support.examples import EVERYTHING

#: Histories, and how many of them are one test.
HISTORIES, TOGETHER = (10_000, 100) if EVERYTHING else (200, 20)
CountCases = Callable[[str, int, int], None]
SEED = os.environ.get("SEED", "")


def live(seed: int) -> History:
    """Live through a history; name its seed if a promise is broken."""
    history = History(seed)
    try:
        history.live()
    except AssertionError as error:
        raise AssertionError(f"Reproduce this with SEED={seed} pytest tests/random_histories: {error}") from error
    return history


def failure(seed: int) -> AssertionError | None:
    """Return which promise a history breaks, if it does."""
    try:
        live(seed)
    except AssertionError as error:
        return error
    return None


@pytest.mark.skipif(bool(SEED), reason="only the history of SEED is of interest")
@pytest.mark.parametrize("first", range(0, HISTORIES, TOGETHER))
def test_every_promise_is_kept(count_cases: CountCases, first: int) -> None:
    failures = list(filter(None, map(failure, range(first, first + TOGETHER))))
    count_cases("random histories", TOGETHER, len(failures))
    if failures:
        raise failures[0]


@pytest.mark.skipif(not SEED, reason="SEED names no history")
def test_history_of_seed() -> None:
    live(int(SEED))


@pytest.mark.skipif(bool(SEED), reason="only the history of SEED is of interest")
@pytest.mark.parametrize("seed", REGRESSIONS, ids=str)
def test_histories_that_once_broke_a_promise(seed: int) -> None:
    live(seed)


def test_seed_reproduces_history() -> None:
    one, other = live(3), live(3)
    assert one.trace == other.trace
    assert len(one.trace) > 20
