# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Growing pauses between two attempts at a request that is not retried by the session."""

from __future__ import annotations

import random
import time

_FIRST, _LONGEST = 0.25, 8.0  # seconds


class Pauses:
    """The pauses of one operation, each about twice as long as the one before."""

    def __init__(self) -> None:
        self._next = _FIRST

    def pause_until(self, end: float) -> bool:
        """Pause, or report that there is no time left for it before `end` on the monotonic clock."""
        pause = self._next * random.uniform(0.5, 1.0)  # noqa: S311 (jitter, not cryptography)
        if time.monotonic() + pause > end:
            return False
        time.sleep(pause)
        self._next = min(_LONGEST, 2 * self._next)
        return True
