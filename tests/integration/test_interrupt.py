# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait that is interrupted ends at once, leaves no process behind, and the next run goes on."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from integration.declared import identity, in_api, wait
from integration.playing import Play, eventually
from simulator import Simulator

PACE = 60.0
INTERVAL = 0.2


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": PACE}


@pytest.mark.parametrize(
    ("name", "group"),
    [("SIGINT", False), ("SIGINT", True), ("SIGTERM", False), ("SIGTERM", True), ("SIGKILL", False)],
)
def test_interrupted(name: str, group: bool, atlas: Simulator, play: Play) -> None:
    """Whether the signal meets ansible-playbook alone, or all its processes as a terminal's does."""
    atlas.add_peer(atlas.project_id, "AZURE", **in_api("AZURE"))
    task = wait("wait", [identity("AZURE")], interval=INTERVAL)
    running = play.start(task)
    running.await_line("0/1 available · 1 pending")

    sent = time.monotonic()
    running.interrupt(signal.Signals[name], group)
    returncode = running.end()
    assert time.monotonic() - sent < 3.0
    assert returncode != 0
    assert_silence(atlas)
    assert "Traceback" not in running.output

    atlas.advance(PACE)
    run = play(task)
    assert (run.returncode, run["wait"]["stopped"]) == (0, "reached")
    assert atlas.writes() == []


def assert_silence(atlas: Simulator) -> None:
    """Nobody asks any more: half a second is what a wait takes to see that it was left alone."""
    time.sleep(0.5 + INTERVAL)
    asked = len(atlas.exchanges)
    time.sleep(5 * INTERVAL)
    assert len(atlas.exchanges) == asked


def test_interrupted_while_atlas_does_not_answer(atlas: Simulator, play: Play) -> None:
    atlas.add_peer(atlas.project_id, "AZURE", **in_api("AZURE"))
    running = play.start(wait("wait", [identity("AZURE")], interval=INTERVAL))
    running.await_line("0/1 available · 1 pending")
    atlas.fault("GET", "/peers", times=None, status=503)
    eventually("fault", lambda: any(one.faulty for one in atlas.exchanges))
    sent = time.monotonic()
    running.interrupt(signal.SIGINT, group=True)
    running.end()
    assert time.monotonic() - sent < 3.0
    assert_silence(atlas)
