# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One network in the containers of several regions of a project, and what keeps a connection from being created."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model import connection
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import Limits
from simulator import Simulator
from support.engine import sync_peerings
from support.samples import NAMES, OPTIONS

Bring = Callable[..., dict[str, Any]]
HERE, THERE = {"AWS": "US_EAST_1", "AZURE": "EUROPE_NORTH"}, {"AWS": "EU_WEST_1", "AZURE": "EUROPE_WEST"}
BLOCKS = {"AWS": "192.168.240.0/21", "AZURE": "192.168.248.0/21", "GCP": "192.168.0.0/18"}
REGIONAL = pytest.mark.parametrize("name", list(HERE))
BY = pytest.mark.parametrize("by", ["region", "id"])


@pytest.fixture(autouse=True)
def _time_flies(fast_forward: Any) -> None:
    """No test here waits."""


@pytest.fixture
def bring(atlas: Simulator, client: Client) -> Bring:
    return bringing(atlas, client)


def bringing(atlas: Simulator, client: Client) -> Bring:
    """Return a function that declares connections of the seeded project and gives back the result."""

    def ensure(*entries: dict[str, Any], present: bool = True, check_mode: bool = False, **how: Any) -> dict[str, Any]:
        declared = [connection.parse_connection(entry, atlas.project_id, present) for entry in entries]
        return sync_peerings(client, declared, SyncOptions(present, check_mode, **how)).as_result("peerings")

    return ensure


Place = Callable[..., dict[str, Any]]


@pytest.fixture
def place(atlas: Simulator) -> Place:
    return placing(atlas)


def placing(atlas: Simulator) -> Place:
    """Return a function that gives the sample connection in a region's container, which is made if it is missing."""
    ids = {HERE[name]: atlas.containers[name] for name in HERE}

    def place(name: str, by: str, region: str) -> dict[str, Any]:
        if region not in ids:
            ids[region] = atlas.add_container(atlas.project_id, name, region)
        named = {"container_region": region} if by == "region" else {"container_id": ids[region]}
        return {**{k: v for k, v in OPTIONS[name].items() if k != "container_id"}, **named}

    return place


@BY
@REGIONAL
def test_present_with_two_regions_creates_two_connections(
    atlas: Simulator, bring: Bring, place: Place, name: str, by: str
) -> None:
    both = [place(name, by, region) for region in (HERE[name], THERE[name])]
    predicted = bring(*both, check_mode=True)
    assert (predicted["changed"], len(predicted["diff"]), atlas.writes()) == (True, 2, [])
    created = bring(*both)
    assert [peer["containerId"] for peer in atlas.peers()] == [one["container_id"] for one in created["peerings"]]
    assert len({one["container_id"] for one in created["peerings"]}) == 2
    assert [one["container_region"] for one in created["peerings"]] == [HERE[name], THERE[name]]
    assert bring(*both)["changed"] is False
    assert bring(*both[::-1])["changed"] is False


@BY
@REGIONAL
def test_present_with_second_region_keeps_first_connection(
    atlas: Simulator, bring: Bring, place: Place, name: str, by: str
) -> None:
    """The second region is a connection of its own, whatever may be replaced or purged because of the first."""
    anything = ReplacePolicy(("failed", "expired", "rejected", "changed"), 60)
    first = bring(place(name, by, HERE[name]))["peerings"][0]
    second = bring(place(name, by, THERE[name]), replace_policy=anything)["peerings"][0]
    assert [peer["id"] for peer in atlas.peers()] == [first["id"], second["id"]]
    assert [write.method for write in atlas.writes()] == ["POST", "POST"]


@BY
@REGIONAL
def test_absent_with_region_deletes_only_that_connection(
    atlas: Simulator, bring: Bring, place: Place, name: str, by: str
) -> None:
    both = [place(name, by, region) for region in (HERE[name], THERE[name])]
    first, second = bring(*both)["peerings"]
    gone = bring(both[1], present=False)
    assert ([one["id"] for one in gone["peerings"]], gone["changed"]) == ([second["id"]], True)
    atlas.advance(60)
    assert [peer["id"] for peer in atlas.peers()] == [first["id"]]
    again = bring(both[1], present=False)
    assert (again["changed"], again["peerings"][0]["phase"]) == (False, "absent")
    assert {*place(name, by, THERE[name]).items()} - {*OPTIONS[name].items()} <= {*again["peerings"][0].items()}
    assert bring(both[0], present=False)["changed"] is True


@REGIONAL
def test_absent_in_region_without_container_is_unchanged(bring: Bring, place: Place, name: str) -> None:
    bring(OPTIONS[name])
    entry = {**place(name, "region", HERE[name]), "container_region": THERE[name]}
    result = bring(entry, present=False)
    assert (result["changed"], result["peerings"][0]["phase"]) == (False, "absent")
    assert (result["peerings"][0]["container_id"], result["peerings"][0]["container_region"]) == (None, THERE[name])


@REGIONAL
@pytest.mark.parametrize("present", [True, False])
def test_several_matches_without_container_fail(
    atlas: Simulator, bring: Bring, place: Place, name: str, present: bool
) -> None:
    made = bring(*(place(name, "id", region) for region in (HERE[name], THERE[name])))["peerings"]
    atlas.clear_log()
    entry = {**OPTIONS[name], "container_id": None}
    with pytest.raises((PlanError, InputError)) as refusal:
        bring(entry, present=present)
    if present:
        assert refusal.value.message.startswith("container_id is missing")
        return
    assert refusal.value.message.startswith("2 peering connections of project")
    for one in made:
        assert f"{one['id']} ({one['status']}, {one['container_region']})" in refusal.value.message
    assert refusal.value.hint == "Set container_id or container_region or peer_id to choose one."
    assert atlas.writes() == []


@REGIONAL
def test_purge_deletes_connection_in_other_container(atlas: Simulator, bring: Bring, place: Place, name: str) -> None:
    both = [place(name, "region", region) for region in (HERE[name], THERE[name])]
    first, second = bring(*both)["peerings"]
    purged = bring(both[0], purge=True)["purged"]
    assert [one["id"] for one in purged] == [second["id"]]
    assert [peer["id"] for peer in atlas.peers() if status(peer) not in ("TERMINATING", "DELETING")] == [first["id"]]


def status(peer: dict[str, Any]) -> Any:
    return peer.get("statusName") or peer.get("status")


def test_names_include_region_and_project_only_if_ambiguous(atlas: Simulator, client: Client, place: Place) -> None:
    other = atlas.add_project("other", containers=False)
    small = {"container_region": "US_EAST_1", "atlas_cidr_block": "10.8.0.0/21"}
    here = [place("AWS", "region", region) for region in ("US_EAST_1", "EU_WEST_1")]
    alone = {**here[0], "vpc_id": "vpc-0000000a", "route_table_cidr_block": "10.99.0.0/16"}
    declared = [connection.parse_connection(entry, atlas.project_id, True) for entry in (*here, alone)]
    declared.append(connection.parse_connection({**here[0], **small}, other, True))
    headers = [
        one["after_header"]
        for one in sync_peerings(client, declared, SyncOptions(True, False)).as_result("peerings")["diff"]
    ]
    name = "AWS peering connection aws_account_id=123456789012, vpc_id=vpc-"
    assert headers == [
        f"{name}0f1e2d3c4b5a69788 in US_EAST_1 of project {atlas.project_id}",
        f"{name}0f1e2d3c4b5a69788 in EU_WEST_1 of project {atlas.project_id}",
        f"{name}0000000a",
        f"{name}0f1e2d3c4b5a69788 of project {other}",
    ]


# What Atlas answers where it judges otherwise


@REGIONAL
def test_second_region_fails_if_atlas_allows_one_connection_per_network(
    simulate: Callable[..., Simulator], connect: Callable[..., Client], fast_forward: Any, name: str
) -> None:
    atlas = simulate(conflict_scope="project")
    bring, place = bringing(atlas, connect(atlas)), placing(atlas)
    (first,) = bring(place(name, "region", HERE[name]))["peerings"]
    result = bring(place(name, "region", THERE[name]))
    (problem,) = result["failure"]["problems"]
    assert f"In its way: {first['id']} ({first['status']}, {HERE[name]}) to {first['peer_network']}." in problem["msg"]
    assert "Delete it first (state: absent), or declare the container that it is in." in problem["msg"]
    assert (problem["failure"]["kind"], problem["failure"]["peering"]["id"]) == ("PlanError", first["id"])
    assert fast_forward.pauses == [], "what is in the way is known"
    assert [peer["id"] for peer in atlas.peers()] == [first["id"]]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seconds", [0, 5])
def test_connection_listed_late_is_adopted(
    simulate: Callable[..., Simulator], connect: Callable[..., Client], fast_forward: Any, name: str, seconds: int
) -> None:
    """Another run has created it; this one sees it in no list, is answered 409, and looks again."""
    atlas = simulate(list_lag_seconds=seconds)
    fast_forward.on_sleep = lambda: atlas.advance(fast_forward.pauses[-1])
    bring = bringing(atlas, connect(atlas))
    (made,) = bring(OPTIONS[name])["peerings"]
    result = bring(OPTIONS[name])
    assert (result["changed"], result["peerings"][0]["id"]) == (False, made["id"])
    assert fast_forward.pauses == [1.0] * seconds


def test_connection_never_listed_fails_with_hint(
    simulate: Callable[..., Simulator], connect: Callable[..., Client], fast_forward: Any
) -> None:
    atlas = simulate(list_lag_seconds=3600)
    bring = bringing(atlas, connect(atlas))
    bring(OPTIONS["AWS"])
    (problem,) = bring(OPTIONS["AWS"])["failure"]["problems"]
    assert "PEER_ALREADY_EXISTS" in problem["msg"]
    assert problem["failure"]["hint"] == (
        "Atlas lists no such connection in this project yet. Run the task again in a minute to adopt it."
    )
    assert 8 <= sum(fast_forward.pauses) <= 10


@pytest.mark.parametrize("reinitiates", [True, False])
@pytest.mark.parametrize("needs_all", [True, False])
@pytest.mark.parametrize("accepter", ["us-east-1", None])
def test_update_sends_all_fields_only_if_atlas_requires_them(
    simulate: Callable[..., Simulator],
    connect: Callable[..., Client],
    needs_all: bool,
    reinitiates: bool,
    accepter: str | None,
) -> None:
    atlas = simulate(patch_needs_all=needs_all, patch_reinitiates=reinitiates)
    fields = {f.api: OPTIONS["AWS"][f.option] for f in CLOUDS["AWS"].peering.fields}
    atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE", **{**fields, "accepterRegionName": accepter})
    bring = bringing(atlas, connect(atlas))
    moved = {**OPTIONS["AWS"], "route_table_cidr_block": "10.16.0.0/16", "accepter_region_name": accepter}
    result = bring({option: value for option, value in moved.items() if value})
    short = {"containerId", "providerName", "routeTableCidrBlock"}
    sent = [set(write.request_json) for write in atlas.writes()]
    assert sent == ([short, {*short, "accepterRegionName", "awsAccountId", "vpcId"}] if needs_all else [short])
    (record,) = result["peerings"]
    assert record["status"] == ("INITIATING" if needs_all and reinitiates else "AVAILABLE")
    assert (record["phase"], record["route_table_cidr_block"]) == (
        "pending" if needs_all and reinitiates else "available",
        "10.16.0.0/16",
    )
    assert bring({option: value for option, value in moved.items() if value})["changed"] is False


@pytest.mark.parametrize("code", ["MISSING_ATTRIBUTE", "MISSING_ATTRIBUTES", "INVALID_ATTRIBUTE"])
def test_update_retries_once_with_all_fields(atlas: Simulator, bring: Bring, code: str) -> None:
    bring(OPTIONS["AWS"])
    atlas.advance(60)
    atlas.clear_log()
    atlas.fault("PATCH", times=None, status=400, body={"errorCode": code, "detail": "No."})
    result = bring({**OPTIONS["AWS"], "route_table_cidr_block": "10.16.0.0/16"})
    assert code in result["msg"]
    assert [write.method for write in atlas.writes()] == ["PATCH", "PATCH"]


@pytest.mark.parametrize(("status", "code"), [(409, "INVALID_ATTRIBUTE"), (400, "PEER_INVALID_STATE")])
def test_rejected_update_is_not_retried(atlas: Simulator, bring: Bring, status: int, code: str) -> None:
    bring(OPTIONS["AWS"])
    atlas.clear_log()
    atlas.fault("PATCH", times=None, status=status, body={"errorCode": code, "detail": "No."})
    assert code in bring({**OPTIONS["AWS"], "route_table_cidr_block": "10.16.0.0/16"})["msg"]
    assert len(atlas.writes()) == 1


# Blocks


@pytest.mark.parametrize("check_mode", [True, False])
def test_overlap_with_container_by_container_id_fails(atlas: Simulator, bring: Bring, check_mode: bool) -> None:
    with pytest.raises(PlanError, match=r"overlaps with 192\.168\.240\.0/21 of its Atlas container"):
        bring({**OPTIONS["AWS"], "route_table_cidr_block": "192.168.0.0/16"}, check_mode=check_mode)
    assert atlas.writes() == []


def test_overlap_of_updated_block_with_container_fails(atlas: Simulator, bring: Bring) -> None:
    bring(OPTIONS["AWS"])
    atlas.advance(60)
    with pytest.raises(PlanError, match="of its Atlas container"):
        bring({**OPTIONS["AWS"], "route_table_cidr_block": "192.168.0.0/16"}, check_mode=True)


def rebuilt(name: str = "vpc-0000000b") -> dict[str, Any]:
    """Return the sample connection to a VPC that was built anew, with the same block."""
    return {**OPTIONS["AWS"], "vpc_id": name}


def test_rebuilt_vpc_with_same_block_fails_naming_old_connection(atlas: Simulator, bring: Bring) -> None:
    (old,) = bring(OPTIONS["AWS"])["peerings"]
    with pytest.raises(PlanError) as refusal:
        bring(rebuilt())
    blocker = f"connection {old['id']} to {old['peer_network']} (INITIATING)"
    assert f"overlaps with 10.15.0.0/16 of {blocker}. Delete it first" in str(refusal.value)
    assert len(atlas.writes()) == 1


@pytest.mark.parametrize("blocks", [True, False])
@pytest.mark.parametrize("error", ["REJECTED", "EXPIRED", "INVALID_ARGUMENT"])
def test_overlap_with_failed_connection_is_left_to_atlas(
    simulate: Callable[..., Simulator], connect: Callable[..., Client], error: str, blocks: bool
) -> None:
    atlas = simulate(failed_peer_blocks=blocks)
    bring = bringing(atlas, connect(atlas))
    (old,) = bring(OPTIONS["AWS"])["peerings"]
    atlas.fail(old["id"], error)
    result = bring(rebuilt())
    assert result["changed"] is not blocks
    if blocks:
        blocker = f"{old['id']} (FAILED, US_EAST_1) to {old['peer_network']}"
        assert f"In its way: {blocker}. Delete it first" in result["msg"]


@pytest.mark.parametrize("state", ["AVAILABLE", "FAILED"])
def test_purge_deletes_overlapping_connection_before_create(
    atlas: Simulator, bring: Bring, fast_forward: Any, state: str
) -> None:
    """A stray whose block is in the way goes first, and is waited for; another one goes last, and is not."""
    (old,) = bring(OPTIONS["AWS"])["peerings"]
    if state == "FAILED":
        atlas.fail(old["id"], "EXPIRED")
    other = atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE", containerId=atlas.containers["AWS"])
    atlas.clear_log()
    how = {"purge": True, "replace_policy": ReplacePolicy((), 60)}
    predicted = bring(rebuilt(), check_mode=True, **how)
    assert ([one["id"] for one in predicted["purged"]], atlas.writes()) == ([old["id"], other], [])
    result = bring(rebuilt(), **how)
    assert [(write.method, write.path.rpartition("/")[2]) for write in atlas.writes()] == [
        ("DELETE", old["id"]),
        ("POST", "peers"),
        ("DELETE", other),
    ]
    assert ([one["id"] for one in result["purged"]], result["peerings"][0]["action"]) == ([old["id"], other], "created")
    assert sum(fast_forward.pauses) >= 1
    assert bring(rebuilt(), **how)["changed"] is False


def test_purge_fails_if_overlapping_connection_remains(atlas: Simulator, bring: Bring, fast_forward: Any) -> None:
    (old,) = bring(OPTIONS["AWS"])["peerings"]
    fast_forward.on_sleep = lambda: None
    failure = bring(rebuilt(), purge=True, replace_policy=ReplacePolicy((), 10))
    told = failure["msg"]
    assert f"({old['id']}) must make room for another, but after 10 seconds it is still being deleted." in told
    assert (failure["failed"], failure["changed"]) == (True, True)


@pytest.mark.parametrize("check_mode", [True, False])
def test_purge_of_too_many_connections_fails(atlas: Simulator, bring: Bring, check_mode: bool) -> None:
    bring(OPTIONS["AWS"])
    strays = [atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE") for _number in range(6)]
    atlas.clear_log()
    with pytest.raises(PlanError) as refusal:
        bring(OPTIONS["AWS"], purge=True, check_mode=check_mode)
    told = f"purge would delete 6 peering connections of project {atlas.project_id}, and purge_limit allows 5: "
    assert refusal.value.message.startswith(told)
    assert all(stray in refusal.value.message for stray in strays)
    assert "set purge_limit to 6" in refusal.value.message
    assert atlas.writes() == []
    allowed = bring(OPTIONS["AWS"], purge=True, check_mode=check_mode, limits=Limits(purge=6))
    assert len(allowed["purged"]) == 6


# Less to say


def test_gcp_without_container_id_uses_only_container(atlas: Simulator, bring: Bring) -> None:
    entry = {k: v for k, v in OPTIONS["GCP"].items() if k != "container_id"}
    (record,) = bring(entry)["peerings"]
    assert (record["action"], record["container_id"]) == ("created", atlas.containers["GCP"])
    atlas.clear_log()
    assert bring(entry)["changed"] is False
    assert [exchange.path.rpartition("/")[2] for exchange in atlas.exchanges] == ["peers"]


def test_gcp_without_container_in_project_fails(atlas: Simulator, client: Client) -> None:
    project = atlas.add_project("empty", containers=False)
    entry = {k: v for k, v in OPTIONS["GCP"].items() if k != "container_id"}
    with pytest.raises(InputError) as refusal:
        sync_peerings(client, [connection.parse_connection(entry, project, True)], SyncOptions(True, False))
    assert refusal.value.message.startswith(f"Project {project} has no container of GCP for the GCP peering connection")
    assert refusal.value.hint == "Set atlas_cidr_block to create one."
    declared = [connection.parse_connection({**entry, "atlas_cidr_block": "10.128.0.0/18"}, project, True)]
    assert sync_peerings(client, declared, SyncOptions(True, False)).as_result("peerings")["changed"] is True
    assert [write.path.rpartition("/")[2] for write in atlas.writes()] == ["containers", "peers"]


@BY
def test_accepter_region_name_defaults_to_container_region(
    atlas: Simulator, bring: Bring, place: Place, by: str
) -> None:
    entry = place("AWS", by, "EU_WEST_1")
    del entry["accepter_region_name"]
    predicted = bring(entry, check_mode=True)["peerings"][0]
    assert predicted["accepter_region_name"] == "eu-west-1"
    bring(entry)
    assert atlas.writes()[0].request_json["accepterRegionName"] == "eu-west-1"
    assert bring(entry)["changed"] is False


def test_accepter_region_name_is_required_for_unknown_container(atlas: Simulator, bring: Bring) -> None:
    entry = {**OPTIONS["AWS"], "container_id": "0" * 24, "accepter_region_name": None}
    with pytest.raises(InputError) as refusal:
        bring(entry)
    assert refusal.value.message.startswith("accepter_region_name is missing to create the AWS peering connection")
    assert atlas.writes() == []


@pytest.mark.parametrize("name", NAMES)
def test_result_includes_atlas_cidr_block(atlas: Simulator, bring: Bring, name: str) -> None:
    created = bring(OPTIONS[name])["peerings"][0]
    assert created["atlas_cidr_block"] == BLOCKS[name]
    region = {"container_region": HERE.get(name, "EASTERN_US")}
    unchanged = bring({**OPTIONS[name], "container_id": None, **region})["peerings"][0]
    assert (unchanged["action"], unchanged["atlas_cidr_block"]) == ("unchanged", BLOCKS[name])


# What contradicts itself


@REGIONAL
def test_replace_by_peer_id_with_existing_identity_fails(
    atlas: Simulator, bring: Bring, place: Place, name: str
) -> None:
    """One that is chosen by its id is not deleted to become what another one is already."""
    first, second = bring(*(place(name, "id", region) for region in (HERE[name], THERE[name])))["peerings"]
    atlas.clear_log()
    moved = {**place(name, "region", THERE[name]), "peer_id": first["id"]}
    for check_mode in (True, False):
        with pytest.raises(PlanError, match=rf"cannot be replaced by .*, which exists: {second['id']} "):
            bring(moved, replace_policy=ReplacePolicy(("changed",), 60), check_mode=check_mode)
    assert atlas.writes() == []


@REGIONAL
def test_replace_by_peer_id_with_declared_identity_is_a_duplicate(
    atlas: Simulator, bring: Bring, place: Place, name: str
) -> None:
    (first,) = bring(place(name, "id", HERE[name]))["peerings"]
    there = place(name, "region", THERE[name])
    with pytest.raises(PlanError, match="is declared twice") as refusal:
        bring({**there, "peer_id": first["id"]}, there, replace_policy=ReplacePolicy(("changed",), 60))
    assert "overlap" not in str(refusal.value)


@pytest.mark.parametrize("provider", [True, False])
@pytest.mark.parametrize("option", ["container_id", "container_region", "vpc_id"])
def test_absent_by_peer_id_in_other_container_is_unchanged_or_fails(
    atlas: Simulator, bring: Bring, provider: bool, option: str
) -> None:
    (there,) = bring(OPTIONS["AWS"])["peerings"]
    other = {"container_id": "64a1f0c35b7e2d4198c3ea99", "container_region": "EU_WEST_1", "vpc_id": "vpc-0000000b"}
    entry = {"peer_id": there["id"], option: other[option], **({"provider_name": "AWS"} if provider else {})}
    atlas.clear_log()
    if provider:
        result = bring(entry, present=False)
        assert (result["changed"], result["peerings"][0]["phase"]) == (False, "absent")
    else:
        with pytest.raises(InputError, match="provider_name"):
            bring(entry, present=False)
    assert atlas.writes() == []


@REGIONAL
def test_purge_deletes_conflicting_connection_named_by_atlas(
    simulate: Callable[..., Simulator], connect: Callable[..., Client], fast_forward: Any, name: str
) -> None:
    """An Atlas that allows one connection for each network names the stray, which is to go anyway."""
    atlas = simulate(conflict_scope="project")
    fast_forward.on_sleep = lambda: atlas.advance(fast_forward.pauses[-1])
    bring, place = bringing(atlas, connect(atlas)), placing(atlas)
    (old,) = bring(place(name, "region", HERE[name]))["peerings"]
    how = {"purge": True, "replace_policy": ReplacePolicy((), 60)}
    result = bring(place(name, "region", THERE[name]), **how)
    assert ([one["id"] for one in result["purged"]], result["peerings"][0]["action"]) == ([old["id"]], "created")
    assert [write.method for write in atlas.writes()] == ["POST", "POST", "DELETE", "POST"]
    assert bring(place(name, "region", THERE[name]), **how)["changed"] is False


def test_create_is_skipped_if_overlapping_connection_remains(atlas: Simulator, bring: Bring, fast_forward: Any) -> None:
    bring(OPTIONS["AWS"])
    fast_forward.on_sleep = lambda: None
    atlas.clear_log()
    result = bring(rebuilt(), purge=True, replace_policy=ReplacePolicy((), 10))
    assert "must make room for another" in result["msg"]
    assert [write.method for write in atlas.writes()] == ["DELETE"]


def test_deleting_conflict_is_waited_for_and_not_deleted(
    simulate: Callable[..., Simulator], connect: Callable[..., Client]
) -> None:
    atlas = simulate(conflict_scope="project")
    bring, place = bringing(atlas, connect(atlas)), placing(atlas)
    bring(place("AWS", "region", "US_EAST_1"))
    bring(place("AWS", "region", "US_EAST_1"), present=False)
    (problem,) = bring(place("AWS", "region", "EU_WEST_1"))["failure"]["problems"]
    assert problem["failure"]["hint"] == "It is being deleted. Run the task again when it is gone."


@pytest.mark.parametrize("option", ["peer_id", "container_id", "container_region", "atlas_cidr_block"])
def test_blank_option_is_treated_as_unset(atlas: Simulator, bring: Bring, option: str) -> None:
    entry = {**OPTIONS["GCP"], "container_id": None, option: " "}
    assert bring(entry)["changed"] is True
