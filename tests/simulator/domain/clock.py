# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that a test can advance."""

from __future__ import annotations

import re
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


def parse_timestamp(text: str) -> float | None:
    """Return the moment of an ISO 8601 date and time, in UTC unless it names a zone; None if it is malformed."""
    normalized = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text.replace("Z", "+00:00"))
    try:
        moment = datetime.fromisoformat(normalized)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp() if "T" in text else None
