# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other side of connections that are waited for, and how long a wait did not know."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.atlas import Atlas, Connection

FIRST, LAST = 4.0, 16.0  # seconds after the start of a run between which the connections are accepted


@contextmanager
def accepted_meanwhile(atlas: Atlas, connections: Sequence[Connection]) -> Iterator[dict[str, float]]:
    """Accept the connections at moments spread at random, and note when each was available."""
    draw = random.Random(len(connections))  # noqa: S311 (the same moments in every run)
    moments = sorted(draw.uniform(FIRST, LAST) for _one in connections)
    available: dict[str, float] = {}
    stopped = threading.Event()
    started = time.monotonic()

    def act() -> None:
        for moment, connection in zip(moments, draw.sample(connections, len(connections))):
            if stopped.wait(max(0.0, started + moment - time.monotonic())):
                return
            available[connection["peer_id"]] = time.time()
            atlas.control("POST", f"peers/{connection['peer_id']}/accept")

    thread = threading.Thread(target=act)
    thread.start()
    try:
        yield available
    finally:
        stopped.set()
        thread.join()


def delays(available: Mapping[str, float], exchanges: Sequence[Mapping[str, Any]]) -> tuple[float, ...]:
    """Return for each connection the seconds until a list first showed it as available."""
    seen: dict[str, float] = {}
    for exchange in exchanges:
        if exchange["method"] == "GET" and exchange["status"] == 200:
            for peer in exchange["response_body"]["results"]:
                if peer.get("statusName") == "AVAILABLE":
                    seen.setdefault(peer["id"], exchange["time"])
    return tuple(seen[peer_id] - moment for peer_id, moment in available.items())
