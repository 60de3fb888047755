# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Retries: urllib3's, bounded by time instead of by count."""

from __future__ import annotations

import random
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import DELIVERY, RequestLimits

try:
    from urllib3.exceptions import InvalidHeader, MaxRetryError
    from urllib3.util.retry import Retry
except ImportError:  # The session reports it; these names only have to exist until then.
    Retry = object  # type: ignore[assignment, misc]

#: 429 is retried for every method, see `TimeBoundedRetry.is_retry`; 520 to 524 are those of content delivery networks.
RETRIED_STATUSES = (500, 502, 503, 504, *range(520, 525))

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


class OutageClock:
    """Start of the current outage, shared so that all requests use one retry budget."""

    def __init__(self) -> None:
        self._began: float | None = None

    def began(self) -> float:
        """Return when the outage began, on the monotonic clock; now if there was none."""
        if self._began is None:
            self._began = time.monotonic()
        return self._began

    def reset(self) -> None:
        """Note that Atlas responds again."""
        self._began = None


@dataclass
class RetryPolicy:
    """What the retries of one kind of request have in common.

    Attributes:
        methods: HTTP methods that may be retried whatever went wrong.
        budget: Seconds from the first failure on.
        limits: Limits of the client's requests; there is no retry after their deadline.
        retry_on_429: Whether to retry if Atlas reports too many requests.
        outage: The outage of all requests of the client.
    """

    methods: Collection[str]
    budget: float = 0.0
    limits: RequestLimits = field(default_factory=lambda: RequestLimits(0.0))
    retry_on_429: bool = True
    outage: OutageClock = field(default_factory=OutageClock)


class TimeBoundedRetry(Retry):
    """urllib3's Retry, bounded by time instead of by count.

    GET and DELETE are retried after connection errors, 429 and 5xx; POST and PATCH only if the server certainly did
    not act: no connection, or 429.
    """

    policy: RetryPolicy
    #: When the last attempt must begin, on the monotonic clock; None before the first failure.
    deadline: float | None = None

    @classmethod
    def by(cls, policy: RetryPolicy) -> TimeBoundedRetry:
        """Return the retries of a request that was not sent yet."""
        retry = cls(
            total=None,
            other=0,
            status_forcelist=RETRIED_STATUSES,
            allowed_methods=policy.methods,
            raise_on_status=False,
        )
        retry.policy = policy
        return retry

    def new(self, **changes: Any) -> TimeBoundedRetry:
        successor: TimeBoundedRetry = super().new(**changes)
        successor.policy, successor.deadline = self.policy, self.deadline
        return successor

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        if status_code == 429:
            return self.policy.retry_on_429
        return bool(super().is_retry(method, status_code, has_retry_after))

    def get_retry_after(self, response: Any) -> float | None:
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):  # Retry-After is nonsense, so it is ignored.
            return None

    def get_backoff_time(self) -> float:
        pause: float = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (len(self.history) - 1))
        return pause * random.uniform(0.5, 1.0)  # noqa: S311 (jitter, not cryptography)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> TimeBoundedRetry:
        successor: TimeBoundedRetry = super().increment(method, url, response, error, _pool, _stacktrace)
        if successor.deadline is None:
            successor.deadline = min(self.policy.outage.began() + self.policy.budget, self.policy.limits.deadline)
        pause = (successor.get_retry_after(response) if response else None) or successor.get_backoff_time()
        if time.monotonic() + pause > successor.deadline:
            raise MaxRetryError(_pool, url or "", error)
        if response is not None:  # The last response is noted by the session.
            DELIVERY.note_response(response.status)
        return successor
