# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait that is interrupted ends, leaves no process behind, and the next run continues it.

Without an interrupt it would last for two hours, so any end within the patience of a test is due to that.
"""

from __future__ import annotations

import signal
from typing import Any

import pytest

from simulator import Simulator
from support.run_playbook import Play, eventually
from support.samples import identity, in_api
from support.tasks import connection, wait

PACE = 60.0
INTERVAL = 0.2
#: Holds a request before it takes effect, and drops it when it is released.
HELD = {"delay": 600, "drop": True, "before_auth": True}


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": PACE}


@pytest.mark.parametrize(
    ("name", "group"),
    [
        pytest.param("SIGINT", False, marks=pytest.mark.slow),
        ("SIGINT", True),
        ("SIGTERM", False),
        pytest.param("SIGTERM", True, marks=pytest.mark.slow),
        ("SIGKILL", False),
    ],
)
def test_interrupted_wait_leaves_no_process(name: str, group: bool, atlas: Simulator, play: Play) -> None:
    """Whether the signal meets ansible-playbook alone, or all its processes as a terminal's does."""
    atlas.add_peer(atlas.project_id, "AZURE", **in_api("AZURE"))
    task = wait("wait", [identity("AZURE")], interval=INTERVAL)
    running = play.start(task)
    running.await_line("0/1 available · 1 pending")
    await_polls(atlas)
    running.interrupt(signal.Signals[name], group)
    assert running.end() != 0
    running.await_end_of_all()
    assert "Traceback" not in running.output

    atlas.advance(PACE)
    run = play(task)
    assert (run.returncode, run["wait"]["stop_reason"]) == (0, "reached")
    assert atlas.writes() == []


def await_polls(atlas: Simulator) -> None:
    """Return when one more poll has begun, so that all lines of the polls before it are printed."""
    requests = len(atlas.exchanges)
    eventually("next poll", lambda: len(atlas.exchanges) > requests)


def test_interrupted_wait_during_outage_leaves_no_process(atlas: Simulator, play: Play) -> None:
    atlas.add_peer(atlas.project_id, "AZURE", **in_api("AZURE"))
    running = play.start(wait("wait", [identity("AZURE")], interval=INTERVAL))
    running.await_line("0/1 available · 1 pending")
    atlas.fault("GET", "/peers", times=None, status=503)
    running.await_line("HTTP 503.* Retrying")
    await_polls(atlas)
    running.interrupt(signal.SIGINT, group=True)
    running.end()
    running.await_end_of_all()


@pytest.mark.parametrize(
    ("name", "group"),
    [
        pytest.param("SIGINT", False, marks=pytest.mark.slow),
        ("SIGINT", True),
        pytest.param("SIGKILL", False, marks=pytest.mark.slow),
    ],
)
def test_interrupted_wait_for_several_projects_leaves_no_process(
    name: str, group: bool, atlas: Simulator, play: Play
) -> None:
    """Looking at several at once, by threads, changes nothing about it."""
    projects = atlas.add_projects([{"name": f"project-{number}"} for number in range(6)])
    for one in projects:
        atlas.add_peer(one, "AZURE", **in_api("AZURE", container_id=None))
    task = wait("wait", [{**identity("AZURE"), "project_id": one} for one in projects], interval=INTERVAL)
    running = play.start(task)
    running.await_line("0/6 available · 6 pending")
    await_polls(atlas)
    running.interrupt(signal.Signals[name], group)
    running.end()
    running.await_end_of_all()


def test_interrupted_set_of_several_projects_is_completed_by_next_run(atlas: Simulator, play: Play) -> None:
    """Ctrl-C ends the threads of a task too, in the middle of their projects; the next run does the rest."""
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
    fault = atlas.fault("POST", "/peers", skip=5, times=None, **HELD)
    running = play.start(task)
    eventually("fifth creation", lambda: len(atlas.writes()) == 5 and fault.holding.is_set())
    running.interrupt(signal.SIGINT, group=True)
    running.end()
    running.await_end_of_all()
    atlas.clear_faults()

    run = play(task)
    assert run.returncode == 0, run.output
    assert [len(atlas.peers(one)) for one in projects] == [3] * 8
    assert len(atlas.writes()) == len(entries)
