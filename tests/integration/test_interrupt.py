# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait that is interrupted ends at once, leaves no process behind, and the next run goes on."""

from __future__ import annotations

import signal
import time
from typing import Any, Callable

import pytest

from simulator import Simulator
from support.run_playbook import Play, eventually
from support.tasks import connection, identity, in_api, wait

PACE = 60.0
INTERVAL = 0.2
PROMPTLY = 10.0  # seconds, far below any time-out


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
    assert time.monotonic() - sent < PROMPTLY
    assert returncode != 0
    assert_silence(atlas)
    assert "Traceback" not in running.output

    atlas.advance(PACE)
    run = play(task)
    assert (run.returncode, run["wait"]["stop_reason"]) == (0, "reached")
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
    assert time.monotonic() - sent < PROMPTLY
    assert_silence(atlas)


@pytest.mark.parametrize(("name", "group"), [("SIGINT", False), ("SIGINT", True), ("SIGKILL", False)])
def test_a_wait_for_many_projects(name: str, group: bool, atlas: Simulator, play: Play) -> None:
    """Looking at several at once, by threads, changes nothing about it."""
    projects = atlas.add_projects([{"name": f"project-{number}"} for number in range(6)])
    for one in projects:
        atlas.add_peer(one, "AZURE", **in_api("AZURE", container_id=None))
    task = wait("wait", [{**identity("AZURE"), "project_id": one} for one in projects], interval=INTERVAL)
    running = play.start(task)
    running.await_line("0/6 available · 6 pending")
    sent = time.monotonic()
    running.interrupt(signal.Signals[name], group)
    running.end()
    assert time.monotonic() - sent < PROMPTLY
    assert_silence(atlas)


def test_many_projects_are_declared_no_further(make_atlas: Callable[..., Simulator], play: Play) -> None:
    """Ctrl-C ends the threads of a task too, in the middle of their projects; the next run does the rest."""
    atlas = make_atlas(pace=PACE, latency=0.5)
    projects = atlas.add_projects([{"name": f"project-{number}"} for number in range(8)])
    entries = [
        {
            **connection("AWS", vpc_id=f"vpc-{8 * number + home:017x}", route_table_cidr_block=f"10.{number}.0.0/16"),
            **place,
        }
        for home, one in enumerate(projects)
        for number in range(3)
        for place in [{"container_id": None, "container_region": "US_EAST_1", "project_id": one}]
    ]
    task = {"name": "declare", "atlasops.network.atlas_peering_set": {"connections": entries, "max_workers": 4}}
    running = play.start(task, environment=atlas.environment())
    eventually("write", atlas.writes)
    running.interrupt(signal.SIGINT, group=True)
    running.end()
    time.sleep(1.0)  # what was under way arrives
    made = len(atlas.writes())
    time.sleep(1.0)
    assert len(atlas.writes()) == made < len(entries)

    run = play(task, environment=atlas.environment())
    assert run.returncode == 0, run.output
    assert [len(atlas.peers(one)) for one in projects] == [3] * 8
