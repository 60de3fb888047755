# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token bucket of an endpoint set, for each project."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.clock import Clock
from ..errors import ApiError


@dataclass
class Bucket:
    """The requests left, and the time of the last refill."""

    left: int
    refilled: float


class RateLimit:
    """Atlas refills at whole intervals: its Retry-After counts to the next one."""

    def __init__(self, capacity: int, refill: int, seconds: int, clock: Clock) -> None:
        self._capacity = capacity
        self._refill = refill
        self._seconds = seconds
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def take(self, project_id: str, path: str) -> dict[str, str]:
        """Count one request of the project and return the rate limit headers, or refuse it."""
        now = self._clock.now()
        bucket = self._buckets.setdefault(project_id, Bucket(self._capacity, now))
        intervals = int((now - bucket.refilled) // self._seconds)
        bucket.left = min(self._capacity, bucket.left + intervals * self._refill)
        bucket.refilled += intervals * self._seconds
        if bucket.left < 1:
            raise self._refusal(path, bucket, now)
        bucket.left -= 1
        return self._headers(bucket)

    def _headers(self, bucket: Bucket) -> dict[str, str]:
        return {"RateLimit-Limit": str(self._capacity), "RateLimit-Remaining": str(bucket.left)}

    def _refusal(self, path: str, bucket: Bucket, now: float) -> ApiError:
        wait = max(1, round(bucket.refilled + self._seconds - now))
        return ApiError(
            "RATE_LIMITED_TOKEN_BUCKET",
            path.lstrip("/"),
            wait,
            self._capacity,
            self._refill,
            self._seconds,
            headers={**self._headers(bucket), "Retry-After": str(wait)},
        )
