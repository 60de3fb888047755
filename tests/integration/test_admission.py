# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role lets the networks of its connections in, and no longer once they are removed."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from simulator import Simulator
from support.run_playbook import Play, Run, Task
from support.samples import OPTIONS, identity
from support.tasks import connection

FIRST = "Peering with 123456789012/vpc-0f1e2d3c4b5a69781"
GROUP = "sg-0f1e2d3c4b5a69788"
GCP = "Peering with my-project-191923/default"


def vpc(number: int) -> dict[str, Any]:
    own = {"vpc_id": f"vpc-0f1e2d3c4b5a6978{number}", "route_table_cidr_block": f"10.{number}.0.0/16"}
    return {**OPTIONS["AWS"], **own}


def role(connections: list[dict[str, Any]], **variables: Any) -> Task:
    given = {"connections": connections, "interval": 0.2, "heartbeat": 600, **variables}
    return {
        "name": "Peer",
        "ansible.builtin.include_role": {"name": "atlasops.network.atlas_peering"},
        "vars": {f"atlas_peering_{name}": value for name, value in given.items()},
    }


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "act_after": 0.1, "access_list_lag_seconds": 0.0}


def comments(atlas: Simulator) -> dict[str, str | None]:
    return {one.get("cidrBlock") or one["awsSecurityGroup"]: one.get("comment") for one in atlas.access_list()}


def tasks(run: Run) -> list[str]:
    return [entry["task"].rpartition(" : ")[2] for entry in run.results if "access_list" in entry["action"]]


def succeed(play: Play, *tasks: Task, **how: Any) -> Run:
    run = play(*tasks, **how)
    assert run.returncode == 0, run.output
    return run


def test_networks_are_let_in_and_shut_out(atlas: Simulator, play: Play) -> None:
    """The security group only once its connection is available, before which Atlas refuses it."""
    atlas.add_access_list_entry("10.2.0.0/16", comment="Shop")
    first, second = {**vpc(1), "access_list": ["10.1.0.0/16", GROUP]}, vpc(2)
    declared = [first, second, {**connection("GCP"), "access_list": ["10.128.0.0/20", "10.129.0.7"]}]
    done = succeed(play, role(declared, access_list=True), role(declared, access_list=True))
    added = {"10.1.0.0/16": FIRST, GROUP: FIRST, "10.128.0.0/20": GCP, "10.129.0.7/32": GCP}
    assert comments(atlas) == {"10.2.0.0/16": "Shop", **added}
    assert tasks(done) == ["Read the IP access lists", "Add the networks to the IP access lists"] * 2
    posts = [one for one in atlas.writes() if one.path.endswith("/accessList")]
    assert len(posts) == 1, "one request for all, and none in the second run"

    succeed(play, role([first], access_list=True, state="absent"))
    assert comments(atlas) == {"10.2.0.0/16": "Shop", "10.128.0.0/20": GCP, "10.129.0.7/32": GCP}
    gone = [identity("AWS") | {"vpc_id": second["vpc_id"]}, {**identity("GCP"), "access_list": []}]
    succeed(play, role(gone, access_list=True, state="absent"), role(gone, state="absent"))
    assert (comments(atlas), atlas.peers()) == ({"10.2.0.0/16": "Shop"}, [])


@pytest.mark.slow
def test_access_list_is_not_touched_unless_asked(atlas: Simulator, play: Play) -> None:
    """Nor is there a task more for each host."""
    atlas.add_access_list_entry("10.1.0.0/16", comment=FIRST)
    done = succeed(play, role([vpc(1)]), role([vpc(1)], state="absent"))
    assert tasks(done) == []
    assert [one.path for one in atlas.exchanges if "accessList" in one.path] == []


def test_check_mode_shows_access_list_as_step(atlas: Simulator, play: Play) -> None:
    done = succeed(play, role([{**vpc(1), "access_list": ["10.1.0.0/17"]}]), args=["--check", "--diff"])
    (steps,) = done["Show the steps"]["msg"]
    assert f"Atlas adds 10.1.0.0/17 to the IP access list of project {atlas.project_id}, if missing." in steps
    assert atlas.writes() == []


@pytest.mark.slow
def test_what_is_not_available_is_not_let_in(make_atlas: Callable[..., Simulator], play: Play) -> None:
    atlas = make_atlas(pace=0.0)
    tasks = role([vpc(1)], access_list=True, until="action_required")
    done = succeed(play, tasks, environment=atlas.environment())
    assert comments(atlas) == {}
    assert done.outcome("Add the networks to the IP access lists") == "skipped"


def test_wrong_declaration_fails_before_any_write(atlas: Simulator, play: Play) -> None:
    wrong = [{**vpc(1), "access_list": ["10.1.0.0/33"]}, connection("GCP")]
    message = play(role(wrong, access_list=True)).msg("Check the connections")
    assert "atlas_peering_connections[0]: access_list: cidr_block is '10.1.0.0/33', but must be a CIDR" in message
    assert "atlas_peering_connections[1]: access_list is missing, and Atlas does not know" in message
    assert atlas.writes() == []


@pytest.mark.slow
def test_refusal_by_atlas_is_the_failure_of_the_role(atlas: Simulator, play: Play) -> None:
    """Also in the artifact of the job."""
    body = {"errorCode": "ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED"}
    atlas.fault("POST", "/accessList", status=400, body=body, times=None)
    done = play(role([vpc(1)], access_list=True, stats=True))
    reason = done.msg("Report what is wrong with the IP access list")
    assert "ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED" in reason
    (artifact,) = done["Publish the result as an artifact"]["ansible_stats"]["data"].values()
    assert (artifact["failed"], artifact["msg"]) == (True, reason)
