# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding the connections of one project: requests, containers by region, ambiguous networks, lists that lag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine import declarations
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.plugin_utils.peering_finder import PeeringFinder, await_peering
from simulator import Simulator
from simulator.settings import PROJECT_ID
from support.samples import answer, identity

REGIONS = ("US_EAST_1", "EU_WEST_1")
#: What finds the connections, and returns an error for one that cannot be identified.
Find = Callable[[], list[Any]]


def finder(
    client: Client, *entries: Mapping[str, Any], wait_for_containers: bool = True, home: Mapping[str, Any] | None = None
) -> Find:
    home = home or {"project_id": PROJECT_ID}
    options = [
        {**{k: v for k, v in entry.items() if k not in PEERING.result_only}, "peer_id": entry.get("id")}
        for entry in entries
    ]
    checked = declarations.validate_connections({**home, "connections": options}, present=False)
    awaited = [await_peering(declared, entry) for (declared, _home), entry in zip(checked, options)]
    return PeeringFinder(client, home, awaited, wait_for_containers).find


def asked(atlas: Simulator) -> list[str]:
    """Return what was asked since the last time, without the project."""
    paths = [exchange.path.rpartition(f"{PROJECT_ID}/")[2] for exchange in atlas.exchanges]
    atlas.clear_log()
    return paths


@pytest.fixture
def twins(atlas: Simulator) -> list[str]:
    """Two connections of one VPC, one for each region."""
    containers = [atlas.containers["AWS"], atlas.add_container(PROJECT_ID, "AWS", REGIONS[1])]
    return [
        atlas.add_peer(PROJECT_ID, "AWS", status="AVAILABLE", containerId=one, **peer_network()) for one in containers
    ]


def peer_network() -> dict[str, str]:
    return {"awsAccountId": identity("AWS")["aws_account_id"], "vpcId": identity("AWS")["vpc_id"]}


def test_container_region_distinguishes_connections(atlas: Simulator, client: Client, twins: list[str]) -> None:
    """The containers are read once for all of them, and complete the records."""
    find = finder(client, *({**identity("AWS"), "container_region": region} for region in REGIONS))
    for times in (1, 2):
        seen = find()
        assert [one["id"] for one in seen] == twins
        assert [one["container_region"] for one in seen] == list(REGIONS)
        assert all(one["atlas_cidr_block"] for one in seen)
        assert asked(atlas) == (["containers", "peers"] if times == 1 else ["peers"])


def test_several_matches_are_listed_with_regions(atlas: Simulator, client: Client, twins: list[str]) -> None:
    (error,) = finder(client, identity("AWS"))()
    assert f"{twins[0]} (AVAILABLE, US_EAST_1), {twins[1]} (AVAILABLE, EU_WEST_1)" in error.message
    assert asked(atlas) == ["peers", "containers"]


def test_earlier_result_finds_its_connection(atlas: Simulator, client: Client, twins: list[str]) -> None:
    """By its id, or by its container, which takes precedence over the region; no containers are read for it."""
    regions = [{**identity("AWS"), "container_region": region} for region in REGIONS]
    results = finder(client, *regions)()
    asked(atlas)
    assert finder(client, *results)() == results
    nameless = [{**result, "id": None, "container_region": "US_EAST_1"} for result in results]
    assert [one["id"] for one in finder(client, *nameless)()] == twins
    assert asked(atlas) == ["peers", "peers"]


def test_earlier_result_completes_absent_record(atlas: Simulator, client: Client, twins: list[str]) -> None:
    (before,) = finder(client, {**identity("AWS"), "container_region": "EU_WEST_1"})()
    (gone,) = finder(client, {**before, "id": "0" * 24})()
    assert (gone["phase"], gone["container_region"]) == ("absent", "EU_WEST_1")
    assert gone["atlas_cidr_block"] == before["atlas_cidr_block"]


@pytest.mark.parametrize("wait_for_containers", [True, False])
def test_region_without_container_is_absent(
    atlas: Simulator, client: Client, twins: list[str], wait_for_containers: bool
) -> None:
    """Its connection is absent; the container is read again only if it may still be created."""
    find = finder(
        client,
        {**identity("AWS"), "container_id": None, "container_region": "EU_WEST_2"},
        wait_for_containers=wait_for_containers,
    )
    assert [(one["phase"], one["container_region"], one["container_id"]) for one in find()] == [
        ("absent", "EU_WEST_2", None)
    ]
    assert asked(atlas) == ["containers", "peers"]
    missing = f"Project {PROJECT_ID} has no AWS container in EU_WEST_2: create it, or correct container_region."
    assert [one["next_action"] for one in find()] == [missing if wait_for_containers else None]
    asked(atlas)
    container = atlas.add_container(PROJECT_ID, "AWS", "EU_WEST_2")
    peer = atlas.add_peer(PROJECT_ID, "AWS", containerId=container, **peer_network())
    assert [one["id"] for one in find()] == [peer if wait_for_containers else None]
    assert asked(atlas) == (["containers", "peers"] if wait_for_containers else ["peers"])


def test_gcp_region_reads_no_containers(atlas: Simulator, client: Client) -> None:
    names = {"gcpProjectId": identity("GCP")["gcp_project_id"], "networkName": identity("GCP")["network_name"]}
    peer = atlas.add_peer(PROJECT_ID, "GCP", status="AVAILABLE", **names)
    assert [one["id"] for one in finder(client, {**identity("GCP"), "container_region": "EASTERN_US"})()] == [peer]
    assert asked(atlas) == ["peers"]


def test_unlisted_connection_with_id_is_read_by_id(
    simulate: Callable[..., Simulator], connect: Callable[..., Client]
) -> None:
    """A known id is asked for by itself; a connection that has none is not there yet."""
    atlas = simulate(list_lag_seconds=5)
    client = connect(atlas)
    whole = answer("AWS", container_id=atlas.containers["AWS"])
    created = {k: v for k, v in whole.items() if k not in ("id", "connectionId", "statusName", "errorStateName")}
    peer = client.post(f"groups/{PROJECT_ID}/peers", "create", created)["id"]
    find = finder(client, {**identity("AWS"), "id": peer}, identity("AWS"))
    asked(atlas)
    assert [one["phase"] for one in find()] == ["pending", "absent"]
    assert asked(atlas) == ["peers", f"peers/{peer}"]
    atlas.advance(5)
    assert [one["id"] for one in find()] == [peer, peer]
    assert asked(atlas) == ["peers"]


def test_found_connection_is_read_by_id_before_it_is_absent(atlas: Simulator, client: Client) -> None:
    """Once: where Atlas says that there is none of this id, there is none."""
    peer = atlas.add_peer(PROJECT_ID, "AWS", **peer_network())
    find = finder(client, identity("AWS"))
    assert [one["id"] for one in find()] == [peer]
    asked(atlas)
    atlas.fault("GET", "/peers", body={"results": [], "totalCount": 0}, status=200)
    assert [one["id"] for one in find()] == [peer]
    assert asked(atlas) == ["peers", f"peers/{peer}"]
    client.delete(f"groups/{PROJECT_ID}/peers/{peer}", "delete")
    atlas.advance(100)
    asked(atlas)
    assert [one["phase"] for one in (*find(), *find())] == ["absent"] * 2
    assert asked(atlas) == ["peers", f"peers/{peer}", "peers"]


def test_project_name_is_resolved_by_first_successful_poll(atlas: Simulator, client: Client) -> None:
    atlas.add_peer(PROJECT_ID, "AWS", **peer_network())
    find = finder(client, identity("AWS"), home={"project_name": "peering-playground"})
    atlas.fault("GET", "/byName/", status=400, body={"errorCode": "SOMETHING"})
    with pytest.raises(ApiError):
        find()
    asked(atlas)
    for _time in range(2):
        assert [one["project_id"] for one in find()] == [PROJECT_ID]
    assert [path.rpartition("/")[2] for path in asked(atlas)] == ["peering-playground", "peers", "peers"]


def test_invalid_atlas_cidr_block_fails(atlas: Simulator, client: Client) -> None:
    with pytest.raises(InputError, match="atlas_cidr_block is"):
        finder(client, {**identity("AWS"), "id": "0" * 24, "atlas_cidr_block": "10.8.0.0"})
    assert asked(atlas) == []


@pytest.mark.parametrize("wait_for_containers", [True, False])
def test_invalid_region_fails_and_others_are_found(atlas: Simulator, client: Client, wait_for_containers: bool) -> None:
    """The first poll knows which exist. A connection in a wrong one is not absent for that, and others are found."""
    peer = atlas.add_peer(PROJECT_ID, "AWS", status="AVAILABLE", **peer_network())
    regions = [{**identity("AWS"), "container_region": region} for region in ("nowhere", "US_EAST_1")]
    find = finder(client, *regions, wait_for_containers=wait_for_containers)
    for _time in range(2):
        refused, seen = find()
        assert isinstance(refused, InputError)
        assert "a region of AWS, " in refused.message
        assert f"{atlas.containers['AWS']} in US_EAST_1" in refused.message
        assert seen["id"] == peer
    assert asked(atlas) == ["containers", "peers", "peers"]
