# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several folders of tests use as fixtures: `tmp_path = pytest.fixture(short_tmp_path)` in their conftest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Callable

import pytest

from simulator import Settings, Simulator
from support.openapi import check_exchanges


def short_tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name: ansible-core keeps a socket below it, whose path may have about 100 characters."""
    return tmp_path_factory.mktemp("t")


def checked_atlas() -> Iterator[Callable[..., Simulator]]:
    """Start a simulator with some settings; in the end all its exchanges are compared with the specification."""
    with ExitStack() as stack:
        started: list[Simulator] = []

        def make(**settings: Any) -> Simulator:
            started.append(stack.enter_context(Simulator(Settings(**settings))))
            return started[-1]

        yield make
        problems = [problem for simulator in started for problem in check_exchanges(simulator.exchanges)]
    assert not problems, "\n".join(problems)
