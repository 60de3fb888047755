# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator whose time stands still until a test advances it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable

import pytest

from simulator import Settings, Simulator
from support.clock import NOON


@pytest.fixture
def simulate() -> Iterator[Callable[..., Simulator]]:
    """Return a function that starts a simulator with these settings; it stops after the test."""
    running: list[Simulator] = []

    def start(**settings: Any) -> Simulator:
        atlas = Simulator(Settings(**{"clock": lambda: NOON, **settings}))
        atlas.start()
        running.append(atlas)
        return atlas

    yield start
    for atlas in running:
        atlas.stop()


@pytest.fixture
def atlas(simulate: Callable[..., Simulator]) -> Simulator:
    return simulate()
