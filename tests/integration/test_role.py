# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role and the playbooks, by their full names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable

import pytest

from simulator import Simulator
from support.run_playbook import Play, Run, Task
from support.samples import identity, in_api
from support.tasks import CLOUDS, connection

ROLE = "atlasops.network.atlas_peering"


def role(name: str, connections: list[dict[str, Any]], **variables: Any) -> Task:
    """Return a task that runs the role and shows its result, even where it fails."""
    given = {f"atlas_peering_{key}": value for key, value in variables.items()}
    return {
        "name": name,
        "block": [
            {"include_role": {"name": ROLE}, "vars": {"atlas_peering_connections": connections, **given}},
        ],
        "rescue": [{"name": f"{name} failed", "debug": {"var": "ansible_failed_result.msg"}}],
        "always": [
            {"name": f"result of {name}", "debug": {"msg": "{{ atlas_peering_result | default('unset') }}"}},
            {"name": f"forget {name}", "set_fact": {"atlas_peering_result": "forgotten"}},
        ],
    }


def result_of(run: Run, name: str) -> Any:
    return run[f"result of {name}"]["msg"]


def reason_of(run: Run, name: str) -> str:
    return str(run[f"{name} failed"]["ansible_failed_result.msg"])


def phases(run: Run, name: str) -> list[str]:
    return [record["phase"] for record in result_of(run, name)]


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "act_after": 0.5}


def test_role_present_and_absent(atlas: Simulator, play: Play) -> None:
    every = [connection(cloud) for cloud in CLOUDS]
    run = play(
        role("until", every, until="action_required"),
        role("present", every, interval=0.2, project_id=atlas.project_id),
        role("again", every, timeout=5),
        role("off", every, wait=False),
        role("absent", [identity(cloud) for cloud in CLOUDS], state="absent", interval=0.2),
        role("absent again", every, state="absent"),
    )
    assert run.returncode == 0, run.output
    assert not any("failed" in entry["task"] for entry in run.results)
    assert set(phases(run, "until")) <= {"action_required", "available"}
    for name in ("present", "again", "off"):
        assert phases(run, name) == ["available"] * 3
        assert [record["provider_name"] for record in result_of(run, name)] == list(CLOUDS)
    assert [record["id"] for record in result_of(run, "present")] == [
        record["id"] for record in result_of(run, "until")
    ]
    for name in ("absent", "absent again"):
        assert phases(run, name) == ["absent"] * 3
        assert [record["peer_network"] for record in result_of(run, name)] == [
            record["peer_network"] for record in result_of(run, "present")
        ]
    assert [write.method for write in atlas.writes()] == ["POST"] * 3 + ["DELETE"] * 3


def test_role_check_mode_predicts_without_writing(atlas: Simulator, play: Play) -> None:
    atlas.add_peer(atlas.project_id, "AZURE", status="AVAILABLE", **in_api("AZURE"))
    run = play(
        role("present", [connection(cloud) for cloud in CLOUDS]),
        role("absent", [identity(cloud) for cloud in CLOUDS], state="absent"),
        args=["--check", "--diff"],
    )
    assert run.returncode == 0, run.output
    assert phases(run, "present") == ["pending", "available", "pending"]
    assert phases(run, "absent") == ["absent", "deleting", "absent"]
    assert atlas.writes() == []


def test_role_purge_deletes_undeclared_connections(atlas: Simulator, play: Play) -> None:
    """What is not declared goes, of the clouds that have declared connections, and only if that is asked for."""
    for cloud in CLOUDS:
        atlas.add_peer(atlas.project_id, cloud, status="AVAILABLE", **in_api(cloud))
    strays = [atlas.add_peer(atlas.project_id, cloud, status="AVAILABLE") for cloud in CLOUDS]
    declared = [connection("AWS"), connection("GCP")]
    run = play(role("predicted", declared, purge=True), args=["--check", "--diff"])
    assert run.returncode == 0, run.output
    assert run["Declare the connections"]["changed"]
    assert [record["id"] for record in run["Declare the connections"]["purged"]] == [strays[0], strays[2]]
    assert atlas.writes() == []
    run = play(
        role("off", declared),
        role("on", declared, purge=True),
        role("nothing declared", [], purge=True),
        role("absent", [identity("AWS")], purge=True, state="absent"),
    )
    more = [atlas.add_peer(atlas.project_id, "AWS", status="AVAILABLE") for _number in range(2)]
    bounded = play(role("bounded", declared, purge=True, purge_limit=1))
    told = f"atlas_peering_purge would delete 2 peering connections of project {atlas.project_id}, and atlas_peering_p"
    assert all(words in reason_of(bounded, "bounded") for words in (told, *more))
    assert [write.path.rpartition("/")[2] for write in atlas.writes()] == [strays[0], strays[2]]
    assert phases(run, "on") == ["available"] * 2
    words = "atlas_peering_purge needs atlas_peering_state: present, and connections that should stay"
    for name in ("nothing declared", "absent"):
        assert words in reason_of(run, name)


def test_role_result_is_set_if_wait_fails(make_atlas: Callable[..., Simulator], play: Play) -> None:
    """At a failure of one connection and at the deadline, what is known of every connection is known afterwards."""
    atlas = make_atlas(pace=0.0)
    every = [connection(cloud) for cloud in CLOUDS]
    running = play.start(
        role("failing", every, interval=0.2),
        role("late", every[1:], timeout=1),
        environment=atlas.environment(),
    )
    running.await_line("1/3 available · 2 action required")
    atlas.reject(atlas.peers()[0]["id"])
    run = running.finish()
    assert phases(run, "failing") == ["failed", "available", "action_required"]
    assert result_of(run, "failing")[0]["error"] == "REJECTED"
    assert "at least one never will be. [failed] AWS" in reason_of(run, "failing")
    assert phases(run, "late") == ["available", "action_required"]
    assert "the time is up. [action required] GCP" in reason_of(run, "late")


def test_role_result_is_set_if_entry_fails(atlas: Simulator, play: Play) -> None:
    """One that is wrong keeps no other from being made, and what was made is known."""
    wrong = connection("GCP", container_id="0" * 24)
    run = play(role("wrong", [connection("AZURE"), wrong, connection("AWS")]))
    assert run["wrong failed"]
    assert [record["provider_name"] for record in result_of(run, "wrong")] == ["AZURE", "GCP", "AWS"]
    assert [record["id"] is None for record in result_of(run, "wrong")] == [False, True, False]
    assert "CLOUD_PROVIDER_CONTAINER_NOT_FOUND" in run.output
    assert len(atlas.peers()) == 2


def test_role_stats_are_of_last_run(atlas: Simulator, play: Play) -> None:
    """What an earlier run of the role in the same play left does not get into them."""
    shown = {**atlas.environment(), "ANSIBLE_SHOW_CUSTOM_STATS": "1"}
    azure, wrong = connection("AZURE"), connection("GCP", container_id="0" * 24)
    run = play(role("fine", [azure], stats=True), role("wrong", [wrong, azure], stats=True), environment=shown)
    assert run.stats["atlas_peering_of_localhost"] == {
        "state": "present",
        "changed": False,
        "failed": True,
        "msg": reason_of(run, "wrong"),
        "peerings": result_of(run, "wrong"),
    }
    assert [record["phase"] for record in result_of(run, "wrong")] == ["absent", "available"]
    run = play(role("fine", [azure], state="absent", wait=False, stats=True), environment=shown)
    told = run.stats["atlas_peering_of_localhost"]
    assert (told["state"], told["changed"], told["failed"], told["msg"]) == ("absent", True, False, "")
    assert [record["phase"] for record in told["peerings"]] == ["deleting"]


def test_role_with_misspelled_key_fails(atlas: Simulator, play: Play) -> None:
    aws = connection("AWS")
    run = play(
        role("key", [{**aws, "vpcid": "vpc-1"}]),
        role("cloud", [{**aws, "provider_name": "aws"}]),
        role("no cloud", [connection("AWS", provider_name=None)]),
        role("state", [aws], state="gone"),
        role("until", [aws], until="absent"),
        role("no list", "AWS"),  # type: ignore[arg-type]
    )
    assert run.returncode == 0, run.output
    for name, words in {
        "key": "vpcid",
        "cloud": "AWS, AZURE, GCP",
        "no cloud": "provider_name",
        "state": "present, absent",
        "until": "available, action_required",
        "no list": "atlas_peering_connections",
    }.items():
        assert words in reason_of(run, name)
        assert result_of(run, name) in ("unset", "forgotten", [])
    assert atlas.exchanges == []


def inventory(folder: Path, hosts: Mapping[str, Mapping[str, Any]]) -> str:
    path = folder / "inventory.json"
    path.write_text(json.dumps({"projects": {"hosts": hosts}}))
    return str(path)


def test_playbooks_peer_and_info_cover_hosts(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """One host for each project; then localhost alone, described by extra variables."""
    other = atlas.add_project("other", containers=False)
    container = atlas.add_container(other, "GCP")
    hosts = {
        "first": {
            "atlas_peering_project_id": atlas.project_id,
            "atlas_peering_connections": [connection("AWS"), connection("AZURE")],
        },
        "second": {
            "atlas_peering_project_id": other,
            "atlas_peering_connections": [connection("GCP", container_id=container)],
        },
    }
    args = ["--inventory", inventory(tmp_path, hosts), "--extra-vars", "atlas_peering_hosts=projects"]
    run = play(playbook="atlasops.network.peer", args=args)
    assert run.returncode == 0, run.output
    available = [peer.get("status") or peer.get("statusName") for peer in (*atlas.peers(), *atlas.peers(other))]
    assert available == ["AVAILABLE"] * 3
    assert "ok: [first]\n" in run.stdout.partition("TASK [atlasops.network.atlas_peering : Publish the result as")[2]
    assert "peer_network" not in run.stdout, "the artifact is not shown"
    assert "CUSTOM STATS" not in run.stdout
    variables = json.dumps({**hosts["first"], "atlas_peering_stats": False})
    shown = {**atlas.environment(), "ANSIBLE_SHOW_CUSTOM_STATS": "1"}
    run = play(playbook="atlasops.network.peer", args=["--extra-vars", variables], environment=shown)
    assert "CUSTOM STATS" not in run.stdout

    variables = json.dumps({"atlas_peering_project_id": atlas.project_id})
    run = play(playbook="atlasops.network.info", args=["--extra-vars", variables])
    assert run.returncode == 0, run.output
    table = run["Connections"]["msg"]
    assert [line.split()[0] for line in table] == ["CLOUD", "AWS", "AZURE"]
    assert all("AVAILABLE" in line for line in table[1:])


def test_settings_of_the_other_side_are_ignored_and_cost_no_task(atlas: Simulator, play: Play) -> None:
    """A task costs time for each host of a fleet, even if it is skipped."""
    declared = [connection("AWS", aws={"role_arn": "any", "typo": 1}), connection("GCP", gcp={"name": "any"})]
    play(role("first", declared))
    run = play(role("second", declared))
    assert phases(run, "second") == ["available", "available"]
    tasks = [(one["task"].rpartition(" : ")[2], one["outcome"]) for one in run.results[2:-2]]
    assert tasks == [
        ("Declare the connections", "ok"),
        ("Set atlas_peering_result", "ok"),
        ("Wait, and do whatever else is left", "skipped"),
    ]


# Containers


def rest(run: Run) -> list[str]:
    """Return what the role says about each container that is left."""
    shown = run["Show the remaining containers and how to delete them"]
    return [one["msg"] for one in shown.get("results", [])]


@pytest.mark.parametrize("variables", [{}, pytest.param({"remove_containers": "no"}, marks=pytest.mark.slow)])
def test_role_absent_reports_remaining_containers(atlas: Simulator, play: Play, variables: dict[str, Any]) -> None:
    every = [connection(cloud) for cloud in CLOUDS]
    for cloud in CLOUDS:
        atlas.add_peer(atlas.project_id, cloud, status="AVAILABLE", **in_api(cloud))
    run = play(
        role("absent", every, state="absent", interval=0.2, **variables),
        {"name": "left", "debug": {"var": "atlas_peering_containers_left"}},
    )
    assert run.returncode == 0, run.output
    assert [one["id"] for one in run["left"]["atlas_peering_containers_left"]] == list(atlas.containers.values())
    assert [text for text in rest(run) if "set atlas_peering_remove_containers to delete it" not in text] == []
    assert rest(run)[0].startswith(f"AWS container {atlas.containers['AWS']} (192.168.240.0/21) of project ")
    assert [write.method for write in atlas.writes()] == ["DELETE"] * 3


def test_role_absent_removes_containers(make_atlas: Callable[..., Simulator], play: Play) -> None:
    """One that Atlas clears up late goes, one that another connection uses and one with a cluster stay."""
    atlas = make_atlas(pace=0.0, clear_up_seconds=2.0)
    places = {"AWS": "EU_WEST_1", "AZURE": "EUROPE_WEST"}
    homes = {
        cloud: atlas.add_container(atlas.project_id, cloud, place, provisioned=False) for cloud, place in places.items()
    }
    declared = [
        connection("AWS", container_id=None, container_region="eu-west-1"),
        connection("AZURE", container_id=homes["AZURE"]),
        connection("GCP"),
    ]
    for cloud in CLOUDS:
        home = homes.get(cloud, atlas.containers["GCP"])
        atlas.add_peer(atlas.project_id, cloud, status="AVAILABLE", **in_api(cloud, container_id=home))
    other = atlas.add_peer(atlas.project_id, "AZURE", status="AVAILABLE", containerId=homes["AZURE"])
    how = {"state": "absent", "interval": 0.2, "remove_containers": "yes", "delete_timeout": 4}
    run = play(role("predicted", declared, **how), args=["--check"], environment=atlas.environment())
    assert run.returncode == 0, run.output
    assert atlas.writes() == []
    run = play(
        role("absent", declared, **how),
        {"name": "left", "debug": {"var": "atlas_peering_containers_left"}},
        environment=atlas.environment(),
    )
    assert run.returncode == 0, run.output
    left = {homes["AZURE"], atlas.containers["GCP"]}
    assert {one["id"] for one in run["left"]["atlas_peering_containers_left"]} == left
    cluster, used = sorted(rest(run), reverse=True)
    assert used.endswith("remains. Other peering connections use it.")
    assert "CONTAINERS_IN_USE" in cluster
    assert "or raise atlas_peering_delete_timeout." in cluster
    assert [peer["id"] for peer in atlas.peers()] == [other]


@pytest.mark.parametrize(("fault", "cure"), [({"status": 403}, "Project Owner"), ({"drop": True}, "Could not delete")])
def test_role_absent_reports_containers_that_cannot_be_deleted(
    atlas: Simulator, play: Play, fault: dict[str, Any], cure: str
) -> None:
    atlas.add_peer(atlas.project_id, "AWS", status="AVAILABLE", **in_api("AWS"))
    atlas.fault("DELETE", "containers", times=None, **fault)
    run = play(
        role("absent", [connection("AWS")], state="absent", interval=0.2, remove_containers=True),
        module_defaults={"group/atlasops.network.atlas": {"retry_timeout": 0}},
    )
    assert phases(run, "absent") == ["absent"]
    (refused,) = run["Delete the containers that no connection uses"]["results"]
    assert cure in refused["msg"]
    assert reason_of(run, "absent") == "One or more items failed"
