# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pauses that grow until there is no time left."""

from __future__ import annotations

import types

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api import pauses
from support.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pauses, "time", clock)
    return clock


@pytest.mark.parametrize("jitter", [0.5, 1.0])
def test_pauses_double_up_to_the_longest(clock: Clock, monkeypatch: pytest.MonkeyPatch, jitter: float) -> None:
    asked = []
    uniform = lambda least, most: asked.append((least, most)) or jitter  # noqa: E731
    monkeypatch.setattr(pauses, "random", types.SimpleNamespace(uniform=uniform))
    growing = pauses.Pauses()
    assert all(growing.pause_until(float("inf")) for _time in range(8))
    assert clock.pauses == [jitter * seconds for seconds in (0.25, 0.5, 1, 2, 4, 8, 8, 8)]
    assert set(asked) == {(0.5, 1.0)}


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, False), (0.249, False), (0.25, True), (1.0, True)])
def test_pause_needs_time(clock: Clock, monkeypatch: pytest.MonkeyPatch, seconds: float, expected: bool) -> None:
    monkeypatch.setattr(pauses, "random", types.SimpleNamespace(uniform=lambda least, most: most))
    assert pauses.Pauses().pause_until(clock.now + seconds) is expected
    assert clock.pauses == ([0.25] if expected else [])
