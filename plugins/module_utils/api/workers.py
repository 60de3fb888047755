# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Work done concurrently, in threads that live as long as the client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Callable, TypeVar

if TYPE_CHECKING:
    from multiprocessing.pool import ThreadPool

Item = TypeVar("Item")
Result = TypeVar("Result")

_CHECK_INTERVAL = 0.5  # seconds for which the calling thread waits without a look at signals and `keep_waiting`


class Workers:
    """A pool of threads, started when it is first needed.

    The threads are kept, because each of them has to answer a digest challenge of its own. They are those of
    `multiprocessing`, for which an interrupt does not have to wait.

    Args:
        limit: The number of threads at most.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pool: ThreadPool | None = None
        self._threads = 0

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """Call `work` for each item and return the results in order. The first exception is raised."""
        if self._limit == 1 or len(items) < 2:
            return [work(item) for item in items]
        outcome = self._pool_for(items).map_async(work, items, chunksize=1)
        while not outcome.ready():
            # A signal that arrives just before a wait without an end would be noticed only after it.
            outcome.wait(_CHECK_INTERVAL)
        return outcome.get()

    def map_while(
        self, work: Callable[[Item], object], items: Sequence[Item], keep_waiting: Callable[[], bool]
    ) -> bool:
        """Call `work` for each item, always in threads, while `keep_waiting` returns True.

        Args:
            work: Called once for each item.
            items: What to work on.
            keep_waiting: Called about twice a second in the calling thread.

        Returns:
            Whether everything was done before `keep_waiting` returned False. Calls under way then are abandoned.
        """
        if not items:
            return True
        outcome = self._pool_for(items).map_async(work, items, chunksize=1)
        while not outcome.ready() and keep_waiting():
            outcome.wait(_CHECK_INTERVAL)
        return outcome.ready() and outcome.get() is not None

    def close(self) -> None:
        """Abandon the threads."""
        if self._pool:
            self._pool.terminate()

    def _pool_for(self, items: Sequence[Any]) -> ThreadPool:
        needed = min(self._limit, len(items))
        if self._pool is None or needed > self._threads:
            from multiprocessing.pool import ThreadPool  # noqa: PLC0415 (most tasks never need it)

            self.close()
            self._pool, self._threads = ThreadPool(needed), needed
        return self._pool
