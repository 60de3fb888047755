# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them: what they show while they run, what they hand over, and how they bear their end."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.planted_secrets import CLIENT_SECRET, PRIVATE_KEY, secrets_of
from support.run_job import MakeJob
from support.run_playbook import eventually
from support.tasks import connection, project


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "private_key": PRIVATE_KEY, "client_secret": CLIENT_SECRET}


def test_progress_prevents_idle_timeout(atlas: Simulator, job: MakeJob) -> None:
    """The job that says where it stands outlives the idle timeout that meanwhile ends one that is silent."""
    limit = {"idle_timeout": 15}  # long enough for the start of ansible-playbook, in which it says nothing
    talking, silent = project(atlas, "talking", "AWS"), project(atlas, "silent", "AWS")
    watched = job({"talking": talking}).start(settings=limit, heartbeat=1)
    unheard = job({"silent": silent}).start(settings=limit, heartbeat=600)
    watched.await_line("00:00  0/1 available · 1 action required")
    watched.await_line(r"PENDING_ACCEPTANCE. Accept pcx-\w+ in AWS account 123456789012, us-east-1")
    assert unheard.finish() == "timeout"
    watched.await_line(r"00:(1[6-9]|[2-5]\d)  0/1 available")
    assert not watched.ended

    (peer,) = atlas.peers(talking["project_id"])
    atlas.accept(peer["id"])
    assert watched.finish() == "successful", watched.output
    lines = [event for event in watched.events if " available" in event["stdout"] and "0/1" in event["stdout"]]
    assert len(lines) >= 5
    assert {event["event"] for event in lines} == {"verbose"}
    assert not watched.work.exists()


def test_artifacts_have_results_and_no_secrets(atlas: Simulator, job: MakeJob) -> None:
    """Whatever becomes of a host, its key tells; secrets are only where ansible-runner itself keeps the environment."""
    bad = connection("AWS", vpc_id="vpc-nonsense")
    hosts = {
        "team-a.example": project(atlas, "a", "AZURE"),
        "late": {**project(atlas, "b", "GCP"), "timeout": 1},
        "refused": {"project_id": atlas.project_id, "connections": [bad]},
        "misspelt": {"project_id": atlas.project_id, "connections": [{**connection("AWS"), "vpcid": "vpc-1"}]},
    }
    run = job(hosts).start("-vvvv")
    assert run.finish() == "failed"
    artifacts, team = run.artifacts, "team_a_example_d8337700"
    assert set(artifacts) == {f"atlas_peering_of_{name}" for name in (team, "late", "refused", "misspelt")}
    told = {key.removeprefix("atlas_peering_of_"): value for key, value in artifacts.items()}
    assert {name: (one["changed"], one["failed"]) for name, one in told.items()} == {
        team: (True, False),
        "late": (True, True),
        "refused": (False, True),
        "misspelt": (False, True),
    }
    assert {name: [record["phase"] for record in one["peerings"]] for name, one in told.items()} == {
        team: ["available"],
        "late": ["action_required"],
        "refused": [],
        "misspelt": [],
    }
    for name, reason in {"late": "the time is up", "refused": "vpc-nonsense", "misspelt": "vpcid"}.items():
        assert reason in told[name]["msg"]
    assert told[team]["msg"] == ""
    assert {one["state"] for one in told.values()} == {"present"}
    # The environment of ansible-playbook, of which AWX hides what is called key, token or secret before it stores it.
    assert run.holders(secrets_of(atlas)) == {"status starting", "out/artifacts/1/command"}


def test_cancelled_job_is_completed_by_next_job(atlas: Simulator, job: MakeJob) -> None:
    """It ends, leaves no process behind, and the next job continues where it stopped."""
    hosts = {"only": project(atlas, "only", "AZURE", "GCP")}
    first = job(hosts).start(interval=0.2)
    first.await_line("1/2 available · 1 action required")
    polled = len(atlas.exchanges)
    eventually("next poll", lambda: len(atlas.exchanges) > polled)
    first.cancel()
    assert first.finish() == "canceled"
    first.await_end_of_worker()
    polled = len(atlas.exchanges)

    (_azure, gcp) = atlas.peers(hosts["only"]["project_id"])
    atlas.reciprocate(gcp["id"])
    again = job(hosts).start()
    assert again.finish() == "successful", again.output
    assert not again.artifacts["atlas_peering_of_only"]["changed"]
    assert len(atlas.exchanges) > polled
    assert [write.method for write in atlas.writes()] == ["POST", "POST"]
