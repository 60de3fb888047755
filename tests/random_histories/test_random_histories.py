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
#: The seed of a history in which runs act in Atlas, its access list, Google and Azure.
WITH_ALL_CLOUDS = 383


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


@pytest.mark.parametrize("seed", [3, WITH_ALL_CLOUDS])
def test_seed_reproduces_history(seed: int) -> None:
    one, other = live(seed), live(seed)
    assert one.trace == other.trace
    assert len(one.trace) > 20


def test_other_sides_are_in_histories() -> None:
    """A seed leads elsewhere when what is drawn changes; then another one has all of them."""
    paths = {path for _method, path, _status in live(WITH_ALL_CLOUDS).trace}
    for part in ("/peers", "/accessList", "/addPeering", "/roleAssignments"):
        assert any(part in path for path in paths)
