# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that is killed outright in the middle of requests, and run again: the same end, and nothing twice.

A request is held while everything on the client's side is killed: either before it takes effect, and it never does, or
when it has taken effect and its answer is not sent yet.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from support.run_job import MakeJob
from support.run_playbook import eventually
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


@pytest.mark.slow
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
