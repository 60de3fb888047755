# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections by names alone: projects by name, containers by region, and what is known before the first write."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.run_playbook import Play, Run, Task
from support.samples import identity, in_api
from support.tasks import CLOUDS, connection

REGIONS = {"AWS": "us-east-1", "AZURE": "EUROPE_NORTH", "GCP": "EASTERN_US"}
BLOCKS = {"AWS": "192.168.240.0/21", "AZURE": "192.168.232.0/21", "GCP": "10.128.0.0/18"}
PROJECT = "names&places"


def named(cloud: str, **changes: Any) -> dict[str, Any]:
    """Return the options of a connection that names its container by region."""
    options = {"container_id": None, "container_region": REGIONS[cloud], "atlas_cidr_block": BLOCKS[cloud]}
    return connection(cloud, **{**options, **changes})


def several(name: str, connections: list[dict[str, Any]], **options: Any) -> Task:
    keywords = {key: options.pop(key) for key in ("check_mode", "ignore_errors") if key in options}
    return {"name": name, "atlasops.network.atlas_peering_set": {"connections": connections, **options}, **keywords}


def container(name: str, **options: Any) -> Task:
    return {"name": name, "atlasops.network.atlas_container": options, "ignore_errors": True}


def role(name: str, connections: list[dict[str, Any]], **variables: Any) -> list[Task]:
    given = {f"atlas_peering_{key}": value for key, value in variables.items()}
    return [
        {
            "name": name,
            "include_role": {"name": "atlasops.network.atlas_peering"},
            "vars": {"atlas_peering_connections": connections, **given},
        },
        {"name": f"result of {name}", "debug": {"msg": "{{ atlas_peering_result }}"}},
    ]


def phases(run: Run, name: str) -> list[str]:
    return [record["phase"] for record in run[f"result of {name}"]["msg"]]


def lists(atlas: Simulator, resource: str) -> int:
    return sum(one.method == "GET" and one.path.rstrip("/").endswith(resource) for one in atlas.exchanges)


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "act_after": 0.3}


@pytest.mark.parametrize(
    "made_by_a_cluster",
    [pytest.param(False, marks=pytest.mark.smoke), pytest.param(True, marks=pytest.mark.slow)],
    ids=["empty project", "project with clusters"],
)
def test_project_region_and_network_are_sufficient(made_by_a_cluster: bool, atlas: Simulator, play: Play) -> None:
    project_id = atlas.add_project(PROJECT, containers=False)
    if made_by_a_cluster:
        for cloud in CLOUDS:
            atlas.add_container(project_id, cloud, None if cloud == "GCP" else REGIONS[cloud].upper().replace("-", "_"))
    every = [named(cloud, **({"atlas_cidr_block": None} if made_by_a_cluster else {})) for cloud in CLOUDS]
    run = play(
        several("predicted", every, project_name=PROJECT, check_mode=True),
        *role("first", every, project_name=PROJECT, interval=0.2),
        *role("again", every, project_name=PROJECT),
    )
    assert run.returncode == 0, run.output
    assert [record["phase"] for record in run["predicted"]["peerings"]] == ["pending"] * 3
    assert phases(run, "first") == phases(run, "again") == ["available"] * 3
    made = [write.path.rpartition("/")[2] for write in atlas.writes()]
    assert made == ([] if made_by_a_cluster else ["containers"] * 3) + ["peers"] * 3
    assert len(atlas.peers(project_id)) == 3


def test_container_region_costs_one_list_more(atlas: Simulator, play: Play) -> None:
    run = play(
        {"name": "by region", "atlasops.network.atlas_peering": named("AWS")},
        {"name": "unchanged", "atlasops.network.atlas_peering": named("AWS", atlas_cidr_block=None)},
    )
    assert (run["by region"]["changed"], run["unchanged"]["changed"]) == (True, False)
    assert (lists(atlas, "/containers"), lists(atlas, "/peers")) == (2 + 2, 2), "each task begins with a challenge"
    assert run["by region"]["peering"]["container_id"] == atlas.containers["AWS"]


def test_unknown_region_or_project_fails_and_other_block_warns(atlas: Simulator, play: Play) -> None:
    west = named("AWS", container_region="us-west-2", atlas_cidr_block=None)
    run = play(
        {"name": "nowhere", "atlasops.network.atlas_peering": west, "ignore_errors": True},
        {
            "name": "no project",
            "atlasops.network.atlas_peering": {**named("AWS"), "project_name": "nobody's"},
            "environment": {"MONGODB_ATLAS_PROJECT_ID": ""},
            "ignore_errors": True,
        },
        {
            "name": "two projects",
            "atlasops.network.atlas_peering": {**named("AWS"), "project_name": "a", "project_id": "a" * 24},
            "ignore_errors": True,
        },
        {"name": "other block", "atlasops.network.atlas_peering": named("AWS", atlas_cidr_block="192.168.0.0/21")},
        expected="has the block",
    )
    assert "has no AWS container in US_WEST_2, only" in run.msg("nowhere")
    assert atlas.containers["AWS"] in run.msg("nowhere")
    assert "Set atlas_cidr_block" in run.msg("nowhere")
    assert f'named "nobody\'s" among those that API key {atlas.public_key} can see' in run.msg("no project")
    assert "project_id and project_name are both given" in run.msg("two projects")
    assert any("has the block 192.168.240.0/21, not 192.168.0.0/21" in text for text in run["other block"]["warnings"])
    assert [write.method for write in atlas.writes()] == ["POST"]


#: What is known from the list alone, and only from Atlas; tests/unit has the others.
FINDINGS = {
    "overlaps in the list": (named("AWS", route_table_cidr_block="10.15.128.0/17"), "overlap: "),
    "cannot change": (connection("AZURE", resource_group_name="elsewhere"), "resource_group_name is app-production"),
}


@pytest.mark.parametrize("finding", FINDINGS)
def test_invalid_last_entry_prevents_all_writes(finding: str, atlas: Simulator, play: Play) -> None:
    bad, said = FINDINGS[finding]
    if bad["provider_name"] == "AWS":
        bad = {**bad, "vpc_id": "vpc-0aaaaaaaaaaaaaaaa"}
    others = in_api("AWS", vpc_id="vpc-0bbbbbbbbbbbbbbbb", route_table_cidr_block="10.99.0.0/16")
    atlas.add_peer(atlas.project_id, "AWS", status="AVAILABLE", **others)
    atlas.add_peer(atlas.project_id, "AZURE", status="AVAILABLE", **in_api("AZURE"))
    run = play(
        several("set", [connection("AWS"), connection("GCP"), bad], ignore_errors=True),
        several("checked", [connection("AWS"), connection("GCP"), bad], check_mode=True, ignore_errors=True),
        *({**task, "ignore_errors": True} for task in role("role", [connection("AWS"), connection("GCP"), bad])[:1]),
    )
    assert said in run.msg("set")
    assert run.msg("checked") == run.msg("set")
    assert run.output.count(said) >= 3, "the role says it too"
    assert not atlas.writes()


def test_limits_are_checked_before_any_write(atlas: Simulator, play: Play) -> None:
    for number in range(24):
        fields = in_api("AWS", vpc_id=f"vpc-{number:017x}", route_table_cidr_block=f"10.{100 + number}.0.0/16")
        atlas.add_peer(atlas.project_id, "AWS", status="PENDING_ACCEPTANCE", **fields)
    two = [connection("AWS"), connection("AWS", vpc_id="vpc-0cccccccccccccccc", route_table_cidr_block="10.16.0.0/16")]
    run = play(several("set", two, ignore_errors=True))
    assert "would have 26 pending connections, 2 of them new; Atlas allows 25" in run.msg("set")
    assert not atlas.writes()


def test_all_problems_are_reported_in_one_message(atlas: Simulator, play: Play) -> None:
    bad = [
        connection("AWS", route_table_cidr_block="52.1.0.0/16"),
        connection("AZURE", container_id=None, container_region="CANADA_EAST"),
    ]
    run = play(several("set", bad, ignore_errors=True))
    assert run.msg("set").startswith("2 problems found")
    assert len(run["set"]["failure"]["problems"]) == 2
    assert not atlas.writes()


def test_failed_write_of_one_connection_leaves_others_changed(atlas: Simulator, play: Play) -> None:
    atlas.fault(method="POST", path="/peers$", status=400, skip=1)
    every = [connection(cloud) for cloud in CLOUDS]
    run = play(several("set", every, ignore_errors=True), several("again", every))
    assert run.msg("set").startswith("1 of 3 peering connections failed.")
    assert run["set"]["changed"] is True
    assert [one["connection"].partition(" ")[0] for one in run["set"]["failure"]["problems"]] == ["AZURE"]
    assert [record["phase"] for record in run["set"]["peerings"]][1] == "absent"
    assert run["again"]["changed"] is True
    assert len(atlas.peers()) == 3


def test_recreate_on_replaces_only_matching_failure(atlas: Simulator, play: Play) -> None:
    error, word = "EXPIRED", "expired"
    old = atlas.add_peer(atlas.project_id, "AWS", status="FAILED", error=error, **in_api("AWS"))
    other = {"failed", "expired", "rejected", "changed"} - {word}
    run = play(
        {"name": "refused", "atlasops.network.atlas_peering": connection("AWS"), "ignore_errors": True},
        several("other words", [connection("AWS")], recreate_on=sorted(other), ignore_errors=True),
        several("predicted", [connection("AWS")], recreate_on=[word], check_mode=True),
        {"name": "replaced", "atlasops.network.atlas_peering": {**connection("AWS"), "recreate_on": [word]}},
        {"name": "again", "atlasops.network.atlas_peering": {**connection("AWS"), "recreate_on": [word]}},
    )
    assert f"has failed: FAILED, {error}" in run.msg("refused")
    assert f"recreate_on: [{word}]" in run.msg("refused")
    assert "has failed" in run.msg("other words")
    assert [run[name]["changed"] for name in ("predicted", "replaced", "again")] == [True, True, False]
    assert run["replaced"]["peering"]["id"] != old
    assert [write.method for write in atlas.writes()] == ["DELETE", "POST"]


def test_recreate_on_changed_replaces_connection(atlas: Simulator, play: Play) -> None:
    atlas.add_peer(atlas.project_id, "AZURE", status="AVAILABLE", **in_api("AZURE"))
    elsewhere = connection("AZURE", resource_group_name="elsewhere")
    run = play(
        *role("replaced", [elsewhere], recreate_on=["changed"], interval=0.2),
        *role("again", [elsewhere], recreate_on=["changed"]),
    )
    assert phases(run, "replaced") == phases(run, "again") == ["available"]
    assert [peer["resourceGroupName"] for peer in atlas.peers()] == ["elsewhere"]
    assert [write.method for write in atlas.writes()] == ["DELETE", "POST"]


@pytest.mark.parametrize(
    ("cloud", "version"),
    [
        pytest.param("AWS", "v2", marks=pytest.mark.slow),
        ("AZURE", "v1.0"),
        pytest.param("GCP", "v2", marks=pytest.mark.slow),
    ],
)
def test_lifecycle_of_container_per_cloud(cloud: str, version: str, atlas: Simulator, play: Play) -> None:
    project_id = atlas.add_project("fresh", containers=False)
    place = {} if cloud == "GCP" else {"region": REGIONS[cloud]}
    desired = {"provider_name": cloud, **place, "atlas_cidr_block": BLOCKS[cloud]}
    other = {"AWS": "192.168.0.0/21", "AZURE": "192.168.0.0/22", "GCP": "10.0.0.0/16"}[cloud]
    run = play(
        {**container("predicted", **desired), "check_mode": True},
        container("created", **desired),
        container("again", **desired),
        container("adopted", provider_name=cloud, **place),
        {**container("changed", **{**desired, "atlas_cidr_block": other}), "diff": True},
        {"name": "all", "atlasops.network.atlas_container_info": {}},
        {"name": "of the cloud", "atlasops.network.atlas_container_info": {"provider_name": cloud}},
        container("deleted", provider_name=cloud, **place, state="absent"),
        container("deleted again", provider_name=cloud, **place, state="absent"),
        module_defaults={"group/atlasops.network.atlas": {"project_name": "fresh", "api_version": version}},
    )
    names = ("predicted", "created", "again", "adopted", "changed", "deleted", "deleted again")
    assert [run[name]["changed"] for name in names] == [True, True, False, False, True, True, False]
    created = run["created"]["container"]
    assert run["predicted"]["container"] == {**created, "id": None}
    assert (created["provider_name"], created["atlas_cidr_block"], created["provisioned"]) == (
        cloud,
        BLOCKS[cloud],
        False,
    )
    assert run["changed"]["container"] == {**created, "atlas_cidr_block": other}
    assert run["changed"]["diff"]["after"]["atlas_cidr_block"] == other
    assert run["all"]["containers"] == run["of the cloud"]["containers"] == [run["changed"]["container"]]
    # Within a second of its creation, Atlas refuses to delete a container, and the module asks again.
    done = [write.method for write in atlas.writes() if write.status < 400]
    assert done == ["POST", "PATCH", "DELETE"]
    assert project_id in atlas.writes()[0].path


def test_container_in_use_fails_with_its_connections(atlas: Simulator, play: Play) -> None:
    peer = atlas.add_peer(atlas.project_id, "AWS", status="AVAILABLE", **in_api("AWS"))
    here = {"provider_name": "AWS", "region": "US_EAST_1"}
    run = play(
        container("changed", **here, atlas_cidr_block="192.168.0.0/21"),
        container("deleted", **here, state="absent"),
        container("clusters", provider_name="AZURE", region="northeurope", state="absent", delete_timeout=1),
        container("incomplete", provider_name="AZURE", region="CANADA_EAST"),
    )
    for name in ("changed", "deleted"):
        assert f"Peering connections use it: {peer} to {identity('AWS')['aws_account_id']}" in run.msg(name)
    assert "Atlas does not report what does: a cluster" in run.msg("clusters")
    assert "atlas_cidr_block is missing" in run.msg("incomplete")
    assert len(atlas.peers()) == 1
