# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can happen to one request between a client and Atlas, and how it is drawn."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

#: What may happen, each with how often it does. `before` and `after` tell whether Atlas acted on the request; `late`
#: requests are acted on when their client has given up.
FAULTS = {
    "refused": 2,
    "unresolved": 1,
    "unconnected": 1,
    "reset before": 4,
    "reset after": 4,
    "silent before": 1,
    "silent after": 2,
    "late": 1,
    "busy": 3,
    "error before": 4,
    "error after": 4,
    "cut after": 3,
    "damaged after": 2,
    "damaged before": 2,
}
#: Those that happen before there is a connection.
CONNECTING = ("refused", "unresolved", "unconnected")
ERRORS = (500, 502, 503, 504, 520)
RETRY_AFTER = (None, None, "0", "1", "7", "45", "soon", "Fri, 15 Jan 2027 08:20:00 GMT")
BODIES = (b"", b"{}", b"[]", b"null", b"<html><title>Sign in</title></html>", b'{"results": [', b'{"results": []}')


@dataclass
class Weather:
    """How often requests fail.

    Attributes:
        rate: The share of requests to which something happens.
        kinds: What may happen to them.
        outages: When nothing gets through, as pairs of moments.
        ends: When all is well for good.
        latency: The longest time that a request takes one way, in seconds.
    """

    rate: float
    kinds: Sequence[str]
    outages: Sequence[tuple[float, float]]
    ends: float
    latency: float

    def fault_of(self, dice: random.Random, now: float) -> str:
        """Draw what happens to a request, which is nothing as a rule."""
        if now >= self.ends:
            return ""
        if any(begins <= now < ends for begins, ends in self.outages):
            return dice.choice(("refused", "unconnected", "error before", "silent before"))
        if dice.random() >= self.rate:
            return ""
        return dice.choices(self.kinds, [FAULTS[kind] for kind in self.kinds])[0]


def draw_weather(dice: random.Random, start: float, ends: float) -> Weather:
    """Draw anything from a quiet day to a bad one."""
    outages = []
    for _number in range(dice.choice((0, 0, 0, 1, 2))):
        begins = dice.uniform(start, ends)
        outages.append((begins, begins + dice.choice((2.0, 20.0, 200.0))))
    rate = dice.choice((0.0, 0.02, 0.1, 0.1, 0.3, 0.6))
    # What only two kinds together bring about is found sooner if there are few others.
    kinds = dice.sample(list(FAULTS), dice.choice((2, 3, 5, len(FAULTS))))
    return Weather(rate, kinds, outages, ends, dice.choice((0.02, 0.2, 2.0)))
