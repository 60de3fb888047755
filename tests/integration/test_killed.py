# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed outright in the middle of a request, and run again: the same end, and nothing twice.

A request is held while everything on the client's side is killed: either before it takes effect, and it never does, or
when it has taken effect and its answer is not sent yet.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from support.run_job import MakeJob
from support.run_playbook import Play, Task, eventually
from support.tasks import CLOUDS, Options, project

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to find all processes")

BEFORE: Options = {"delay": 600, "drop": True, "before_auth": True}
AFTER: Options = {"stall": 600}


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "act_after": 0.5}


def assert_made_once(atlas: Simulator, place: Options) -> None:
    """Every declared connection of a project is there and available, and is what the only creation has made."""
    path, desired = place["project_id"], sorted(one["provider_name"] for one in place["connections"])
    peers = atlas.peers(path)
    assert sorted(peer["providerName"] for peer in peers) == desired
    assert {peer.get("status") or peer.get("statusName") for peer in peers} == {"AVAILABLE"}
    took_effect = [write for write in atlas.writes() if write.method == "POST" and write.status == 200]
    assert sorted(write.response_json["providerName"] for write in took_effect if path in write.path) == desired


def test_killed_fleet_is_completed_by_next_run(atlas: Simulator, job: MakeJob) -> None:
    """One job, a host for each request that the role makes: all hosts are in the middle of theirs when it is killed."""
    looks = [("GET", number, BEFORE) for number in range(8)]
    creations = [("POST", number, when) for number in range(len(CLOUDS)) for when in (BEFORE, AFTER)]
    hosts = {"unhindered": project(atlas, "unhindered", *CLOUDS)}
    faults = {}
    for method, number, when in looks + creations:
        name = f"{method} {number} {'before' if when is BEFORE else 'after'}"
        hosts[name] = project(atlas, name, *CLOUDS)
        faults[name] = atlas.fault(method, hosts[name]["project_id"], skip=number, **when)
    credential = {**atlas.environment(), "ANSIBLE_STRATEGY": "free"}

    first = job(hosts, credential).start(f"--forks {len(hosts)}")
    eventually("request of each kind", lambda: all(fault.holding.is_set() for fault in faults.values()) or first.ended)
    assert [name for name, fault in faults.items() if not fault.holding.is_set()] == []
    first.await_line(r"ok: \[unhindered\] =>")
    first.kill()
    assert first.finish() == "running", "the last that AWX hears of it; it has to conclude the rest"
    atlas.clear_faults()

    methods = [one.method for one in atlas.exchanges if hosts["unhindered"]["project_id"] in one.path]
    last = max(number for number, method in enumerate(methods) if method == "POST")
    assert methods.count("POST") == len(CLOUDS)
    assert methods[:last].count("GET") < len(looks), "every request is covered, up to the first of the wait"

    again = job(hosts, credential).start(f"--forks {len(hosts)}")
    assert again.finish() == "successful", again.output
    for place in hosts.values():
        assert_made_once(atlas, place)


def parse_desired(name: str, *places: Options) -> Task:
    desired = [{**one, "project_id": place["project_id"]} for place in places for one in place["connections"]]
    return {"name": name, "atlasops.network.atlas_peering_set": {"connections": desired}}


@pytest.mark.slow
def test_killed_set_is_completed_by_next_run(atlas: Simulator, play: Play) -> None:
    """One task for two projects, killed at its first request, at its second, and so on until it has no more."""
    tasks: list[Task] = []
    places: list[Options] = []

    def killed(method: str, number: int, when: Options) -> bool:
        """Start the task for two new projects, kill it at one of its requests, and report whether it made that one."""
        name = f"{method} {number} {'after' if when is AFTER else 'before'}"
        pair = [project(atlas, f"{name}, first", "AWS", "AZURE"), project(atlas, f"{name}, second", "GCP")]
        tasks.append(parse_desired(name, *pair))
        places.extend(pair)
        fault = atlas.fault(method, "/api/atlas/", skip=number, **when)
        running = play.start(tasks[-1], environment=atlas.environment("access_token"))
        eventually(name, lambda: fault.holding.is_set() or not running.alive)
        running.kill()
        atlas.clear_faults()
        return fault.holding.is_set()

    for method, when, least in (("ANY", BEFORE, 6), ("POST", AFTER, 3)):
        assert next(number for number in itertools.count() if not killed(method, number, when)) >= least

    run = play(*tasks, environment=atlas.environment("access_token"))
    assert run.returncode == 0, run.output
    for place in places:
        assert_made_once(atlas, place)
    assert not run["POST 2 after"]["changed"], "all three had taken effect"
