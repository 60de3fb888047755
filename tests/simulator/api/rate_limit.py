# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token bucket of an endpoint set, for each project."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.clock import Clock
from ..errors import ApiError
from ..settings import Settings


@dataclass
class Bucket:
    """The requests left, and the time of the last refill."""

    left: int
    refilled: float


class RateLimit:
    """Atlas refills at whole intervals: its Retry-After counts to the next one."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def take(self, project_id: str, path: str) -> dict[str, str]:
        """Count one request of the project and return the rate limit headers, or refuse it."""
        settings, now = self._settings, self._clock.now()
        bucket = self._buckets.setdefault(project_id, Bucket(settings.rate_capacity, now))
        intervals = int((now - bucket.refilled) // settings.rate_seconds)
        bucket.left = min(settings.rate_capacity, bucket.left + intervals * settings.rate_refill)
        bucket.refilled += intervals * settings.rate_seconds
        if bucket.left < 1:
            raise self._refusal(path, bucket, now)
        bucket.left -= 1
        return self._headers(bucket)

    def _headers(self, bucket: Bucket) -> dict[str, str]:
        return {"RateLimit-Limit": str(self._settings.rate_capacity), "RateLimit-Remaining": str(bucket.left)}

    def _refusal(self, path: str, bucket: Bucket, now: float) -> ApiError:
        settings = self._settings
        wait = max(1, round(bucket.refilled + settings.rate_seconds - now))
        return ApiError(
            "RATE_LIMITED_TOKEN_BUCKET",
            path.lstrip("/"),
            wait,
            settings.rate_capacity,
            settings.rate_refill,
            settings.rate_seconds,
            headers={**self._headers(bucket), "Retry-After": str(wait)},
        )
