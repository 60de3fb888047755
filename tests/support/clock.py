# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time for tests: the moment at which a simulator stands still, and a clock that only pauses move on."""

from __future__ import annotations

import sys
import time
from typing import Callable

import pytest

NOON = 1_800_000_000.0
_PLUGINS = "ansible_collections.atlasops.network.plugins."


class Clock:
    """Stands in for the module `time`: sleeping takes no time, and moves every reading of the clock on."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []
        self.on_sleep: Callable[[], None] = lambda: None

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return NOON + self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        self.on_sleep()


def replace_time(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Let everything that is imported of the collection, and its HTTP retries, live by a clock."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_PLUGINS) and getattr(module, "time", None) is time:
            monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr("urllib3.util.retry.time", clock)
