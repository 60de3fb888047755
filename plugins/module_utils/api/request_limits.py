# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""One request: its limits in time and size, and whether it was sent. Shared by connections, retries and the session."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

#: Bytes that a response may have, both as received and decompressed. The largest one of Atlas, a page of 500 projects
#: with all their tags, stays below 1 MiB.
MAX_RESPONSE_SIZE = 16 * 1024 * 1024

#: Attribute of an exception of requests: whether the request was sent at least once and not turned away. Of a response:
#: whether it was sent before the attempt that is answered here, and not turned away.
MAY_HAVE_ARRIVED = "may_have_arrived"

#: Statuses that turn a request away, so that it had no effect.
TURNED_AWAY = (401, 429)

#: Seconds that a request may still take if it begins at the deadline, such as the last poll of a wait.
_GRACE = 1.0


class OversizedResponseError(Exception):
    """The response is too large. urllib3 does not know this exception, so it does not retry."""


class _Delivery(threading.local):
    """What became of the request that this thread is sending.

    Attributes:
        attempts: How often it was sent, without the attempts that were turned away.
    """

    attempts = 0

    def note_response(self, status: int) -> None:
        """Discount an attempt that was turned away, so that it had no effect."""
        if status in TURNED_AWAY:
            self.attempts -= 1


DELIVERY = _Delivery()


@dataclass
class RequestLimits:
    """How long one attempt at a request may take.

    Attributes:
        timeout: Seconds from connecting to the last byte of the response.
        deadline: When it must be over, whenever it began, on the monotonic clock.
    """

    timeout: float
    deadline: float = float("inf")

    def end(self) -> float:
        """Return when an attempt that begins now must be over, on the monotonic clock."""
        return min(time.monotonic() + self.timeout, self.deadline + _GRACE)

    def close(self) -> None:
        """Let no further attempt begin, in whatever thread."""
        self.deadline = float("-inf")
