# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connections of one project: what else is read, what makes room for what, and what becomes of the rest."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import peerings
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import ContainerSync, SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model import connection
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import Limits
from simulator import Simulator
from support.engine import sync_peerings
from support.samples import OPTIONS, declare_container, seed, vpc

PURGE = {"purge": True, "replace_policy": ReplacePolicy((), 10)}
HERE, THERE = "US_EAST_1", "EU_WEST_1"
REBUILT = {**OPTIONS["AWS"], "vpc_id": "vpc-0000000b"}


@pytest.fixture(autouse=True)
def _time_flies(fast_forward: Any) -> None:
    """No test here waits."""


def bring(
    atlas: Simulator, client: Client, *entries: dict[str, Any], present: bool = True, **how: Any
) -> dict[str, Any]:
    """Declare connections of the seeded project, or of their own one, and return the result."""
    declared = [
        connection.parse_connection(
            {name: value for name, value in one.items() if name != "project_id"},
            one.get("project_id", atlas.project_id),
            present,
        )
        for one in entries
    ]
    return sync_peerings(client, declared, SyncOptions(present, False, **how)).as_result("peerings")


def requests(atlas: Simulator) -> list[tuple[str, str]]:
    return [(one.method, one.path.rpartition("/")[2]) for one in atlas.exchanges]


def writes(atlas: Simulator) -> list[str]:
    return [one.method for one in atlas.writes()]


def test_containers_are_not_read_for_every_problem(atlas: Simulator, client: Client) -> None:
    """They tell several matches apart, and nothing else."""
    seed(atlas, "AWS", "FAILED", "EXPIRED")
    with pytest.raises(PlanError, match="has failed"):
        bring(atlas, client, OPTIONS["AWS"])
    assert requests(atlas) == [("GET", "peers")]


def test_purged_connection_is_named_with_its_region(atlas: Simulator, client: Client) -> None:
    """It has the network of a declared one."""
    atlas.add_container(atlas.project_id, "AWS", THERE)
    place = {"container_id": None, "container_region": HERE}
    bring(
        atlas, client, {**OPTIONS["AWS"], **place}, {**OPTIONS["AWS"], "container_id": None, "container_region": THERE}
    )
    result = bring(atlas, client, {**OPTIONS["AWS"], **place}, **PURGE)
    assert [one["before_header"].rpartition(" ")[2] for one in result["diff"]] == [THERE]


def test_limit_counts_what_is_purged_last(atlas: Simulator, client: Client) -> None:
    """Only what is in the way is deleted before others are created."""
    seed(atlas, "AWS")
    with pytest.raises(PlanError, match="would have 2 connections, 1 of them new; Atlas allows 1"):
        bring(atlas, client, vpc(9), limits=Limits(peers=1), **PURGE)
    assert writes(atlas) == []
    done = bring(atlas, client, REBUILT, limits=Limits(peers=1), purge=True, replace_policy=ReplacePolicy((), 60))
    assert (done["peerings"][0]["action"], writes(atlas)) == ("created", ["DELETE", "POST"])


def test_connection_in_the_way_of_any_declared_one_is_purged_first(atlas: Simulator, client: Client) -> None:
    seed(atlas, "AWS")
    policy = ReplacePolicy((), 60)
    result = bring(atlas, client, vpc(9), REBUILT, purge=True, replace_policy=policy)
    assert ([one["action"] for one in result["peerings"]], writes(atlas)) == (
        ["created"] * 2,
        ["DELETE", "POST", "POST"],
    )


def test_what_makes_no_room_fails_only_what_it_is_in_the_way_of(
    atlas: Simulator, client: Client, fast_forward: Any
) -> None:
    fast_forward.on_sleep = lambda: None
    old = seed(atlas, "AWS")
    result = bring(atlas, client, vpc(9), REBUILT, **PURGE)
    assert [one["action"] for one in result["peerings"]] == ["created", "failed"]
    assert [one["id"] for one in result["purged"]] == [old]
    stuck, deletion = result["failure"]["problems"]
    assert (stuck["changed"], deletion["changed"], stuck["msg"]) == (False, True, deletion["msg"])
    assert f"({old}) must make room for another" in stuck["msg"]


def test_create_is_not_repeated_if_what_atlas_names_cannot_be_deleted(
    simulate: Callable[..., Simulator], connect: Callable[..., Client]
) -> None:
    atlas = simulate(conflict_scope="project")
    client = connect(atlas)
    there = {**OPTIONS["AWS"], "container_id": atlas.add_container(atlas.project_id, "AWS", THERE)}
    seed(atlas, "AWS")
    atlas.fault("DELETE", "peers", status=403)
    result = bring(atlas, client, there, **PURGE)
    assert [one["action"] for one in (*result["peerings"], *result["purged"])] == ["failed", "failed"]
    assert (writes(atlas), result["changed"]) == (["POST", "DELETE"], False)


@pytest.mark.parametrize(
    ("fault", "changed"), [({"status": 403}, False), ({"drop": True}, True), ({"status": 403, "skip": 2}, True)]
)
def test_failed_creation_of_a_container_reports_whether_anything_was_written(
    atlas: Simulator, client: Client, fault: dict[str, Any], changed: bool
) -> None:
    """One container before it may have been created, and another one adopted."""
    blocks = {"EU_WEST_1": "172.16.0.0/21", "EU_WEST_2": "172.17.0.0/21", "EU_WEST_3": "172.18.0.0/21"}
    atlas.add_container(atlas.project_id, "AWS", "EU_WEST_2", blocks["EU_WEST_2"])
    atlas.fault("GET", "containers", status=200, body={"results": [], "totalCount": 0})
    atlas.fault("POST", "containers", **fault)
    places = [
        {"container_id": None, "container_region": region, "atlas_cidr_block": block}
        for region, block in blocks.items()
    ]
    entries = [{**vpc(number), **place} for number, place in enumerate(places, start=1)]
    declared = [connection.parse_connection(one, atlas.project_id, True) for one in entries]
    result = peerings.sync(client, declared, SyncOptions(True, False))
    assert [(one.action, one.changed) for one in result.outcomes] == [("failed", changed)] * 3
    assert len(writes(atlas)) == fault.get("skip", 0) + 1


def test_problem_of_a_project_shows_each_connection_as_it_is(atlas: Simulator, client: Client) -> None:
    first, second = (seed(atlas, "AWS", vpcId=vpc(n)["vpc_id"], routeTableCidrBlock=f"10.{n}.0.0/16") for n in (1, 2))
    other = atlas.add_project("other")
    wrong = vpc(3, route_table_cidr_block="8.8.0.0/16")
    result = bring(
        atlas,
        client,
        vpc(2),
        vpc(1),
        wrong,
        {**OPTIONS["AZURE"], "project_id": other, "container_id": None, "container_region": "EUROPE_NORTH"},
    )
    assert [one["action"] for one in result["peerings"]] == ["failed"] * 3 + ["created"]
    assert [one["id"] for one in result["peerings"]][:3] == [second, first, None]


@pytest.mark.parametrize("present", [True, False])
def test_network_with_overlapping_blocks_of_atlas_warns_if_it_is_to_exist(
    atlas: Simulator, client: Client, present: bool
) -> None:
    place = {"container_id": None, "container_region": HERE}
    both = [{**OPTIONS["AWS"], **place, "project_id": one} for one in (atlas.project_id, atlas.add_project("other"))]
    made = bring(atlas, client, *both)
    result = made if present else bring(atlas, client, *both, present=False)
    assert ["is peered with overlapping blocks of Atlas" in one for one in result["warnings"]] == [True] * present


def test_stray_is_purged_once_whatever_other_clouds_are_declared(atlas: Simulator, client: Client) -> None:
    strays = [atlas.add_peer(atlas.project_id, name, "AVAILABLE") for name in ("AWS", "AZURE")]
    purged = bring(atlas, client, OPTIONS["AWS"], OPTIONS["AZURE"], **PURGE)["purged"]
    assert [one["id"] for one in purged] == strays


def test_connection_that_is_replaced_by_its_id_is_not_purged(atlas: Simulator, client: Client) -> None:
    old = seed(atlas, "AWS")
    policy = ReplacePolicy(("changed",), 60)
    result = bring(atlas, client, {**vpc(9), "peer_id": old}, purge=True, replace_policy=policy)
    assert ([one["action"] for one in result["peerings"]], result["purged"]) == (["recreated"], [])


def test_purge_of_containers_is_limited_too(atlas: Simulator, client: Client) -> None:
    kept = declare_container("AWS", project_id=atlas.project_id)
    every = [atlas.add_container(atlas.project_id, "AWS", region) for region in (THERE, "EU_CENTRAL_1")]
    sync = ContainerSync(client, [kept], SyncOptions(True, False, purge=True, limits=Limits(purge=1)))
    sync.plan()
    assert "purge would delete 2 containers" in str(sync.error)
    assert every[1] in str(sync.error)
