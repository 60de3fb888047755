# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makers of waits whose polls are scripted."""

from __future__ import annotations

from functools import partial

import pytest

from ansible_collections.atlasops.network.plugins.plugin_utils import progress_reporter, project_poller, waiter
from support.clock import Clock
from support.waits import MakeFleet, MakeWait, ScriptedFleet, ScriptedWait


@pytest.fixture
def waiting_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let the pauses of waits pass at once."""
    for module in (waiter, project_poller, progress_reporter):
        monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def wait(waiting_clock: Clock) -> MakeWait:
    return partial(ScriptedWait, waiting_clock)


@pytest.fixture
def fleet(waiting_clock: Clock) -> MakeFleet:
    return partial(ScriptedFleet, waiting_clock)
