# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads of a client."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.workers import Workers
from support.patience import PATIENCE


@pytest.fixture(params=[1, 4])
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    workers = Workers(request.param)
    yield workers
    workers.close()


def test_map_returns_results_in_order(workers: Workers) -> None:
    assert workers.map(str, range(9)) == [str(number) for number in range(9)]
    assert workers.map(str, []) == []


def test_map_works_at_once_up_to_the_limit() -> None:
    workers, together = Workers(3), threading.Barrier(3)
    assert sorted(workers.map(lambda _item: together.wait(PATIENCE), range(3))) == [0, 1, 2]
    workers.close()


def test_threads_are_kept_until_more_are_needed() -> None:
    """Each of them has to answer a digest challenge of its own."""
    workers = Workers(4)

    def threads(number: int) -> set[int]:
        """Return the threads of that many items, each in a thread of its own."""
        together = threading.Barrier(number)
        return set(workers.map(lambda _item: together.wait(PATIENCE) * 0 + threading.get_ident(), range(number)))

    two = threads(2)
    assert threads(2) == two
    three = threads(3)
    assert (len(three), threads(2) <= three) == (3, True)
    assert len(set(workers.map(lambda _item: threading.get_ident(), range(40)))) <= 4
    workers.close()


def test_map_without_concurrency_starts_no_thread() -> None:
    assert set(Workers(1).map(lambda _item: threading.get_ident(), range(3))) == {threading.get_ident()}
    assert Workers(4).map(lambda _item: threading.get_ident(), [1]) == [threading.get_ident()]


def test_map_raises_the_error_of_the_work(workers: Workers) -> None:
    with pytest.raises(ZeroDivisionError):
        workers.map(lambda item: 1 / item, [1, 0])


def test_map_while_always_works_in_threads(workers: Workers) -> None:
    """Even one item has a thread, during which the caller is asked whether to keep waiting."""
    threads: list[int] = []
    asked = threading.Event()

    def work(_item: int) -> None:
        threads.append(threading.get_ident())
        assert asked.wait(PATIENCE)

    assert workers.map_while(work, [1], lambda: asked.set() or True)
    assert workers.map_while(work, [1, 2, 3], lambda: True)
    assert workers.map_while(work, [], lambda: False)
    assert len(threads) == 4
    assert threading.get_ident() not in threads


def test_map_while_raises_the_error_of_the_work(workers: Workers) -> None:
    with pytest.raises(ZeroDivisionError):
        workers.map_while(lambda item: 1 / item, [0], lambda: True)


def test_map_while_abandons_what_is_stuck(workers: Workers) -> None:
    stuck, answers, began = threading.Event(), iter([True, True, False]), time.monotonic()
    assert not workers.map_while(lambda _item: stuck.wait(30), [1], lambda: next(answers))
    workers.close()
    assert time.monotonic() - began < 10
    stuck.set()
