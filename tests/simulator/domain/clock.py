# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that a test can advance."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Callable


class Clock:
    """Seconds since the epoch, plus whatever was advanced."""

    def __init__(self, source: Callable[[], float]) -> None:
        self._source = source
        self._advanced = 0.0

    def now(self) -> float:
        return self._source() + self._advanced

    def advance(self, seconds: float) -> None:
        self._advanced += seconds


def timestamp(seconds: float, timespec: str = "seconds") -> str:
    """Return the moment in Atlas' format, such as 2026-08-10T03:05:16Z."""
    moment = datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)
    return moment.isoformat(timespec=timespec) + "Z"
