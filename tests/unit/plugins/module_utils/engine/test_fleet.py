# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many projects at once: how many requests, what one project's trouble does to the others, and what purge deletes."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.engine import declarations, peerings
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import Limits
from simulator import Settings, Simulator
from support import samples
from support.engine import sync_peerings
from support.patience import PATIENCE
from support.samples import NAMES, OPTIONS

Connect = Callable[..., Client]
KEY = ("api_key", {"public_key": Settings.public_key, "private_key": Settings.private_key})
PRESENT, ABSENT = SyncOptions(True, False), SyncOptions(False, False)
PURGE = SyncOptions(True, False, purge=True)


def vpc(number: int, **changes: Any) -> dict[str, Any]:
    return samples.vpc(number, **{"container_id": None, "container_region": "US_EAST_1", **changes})


@pytest.fixture
def projects(atlas: Simulator) -> list[str]:
    return [atlas.add_project(f"project-{number}") for number in range(6)]


def bring(client: Client, order: SyncOptions, *entries: dict[str, Any]) -> dict[str, Any]:
    """Return the result of the task, of which some may have failed."""
    task = {"connections": list(entries)}
    declared = declarations.parse_connections(task, ProjectResolver(client), order.present)
    return sync_peerings(client, declared, order).as_result("peerings")


def actions(result: dict[str, Any]) -> list[str]:
    return [record["action"] for record in result["peerings"]]


def api(atlas: Simulator) -> Counter[tuple[str, str]]:
    """Count requests by method and path."""
    return Counter((exchange.method, exchange.path) for exchange in atlas.exchanges if exchange.status != 401)


# Requests


def test_sync_lists_each_project_and_cloud_once(atlas: Simulator, connect: Connect, projects: list[str]) -> None:
    entries = [vpc(number, project_id=one, container_region=None) for one in projects for number in (1, 2)]
    for entry in entries:
        entry["container_id"] = atlas.add_container(entry["project_id"], "AWS", "EU_WEST_1")
    client = connect(atlas, workers=4)
    result = bring(client, PRESENT, *entries)
    assert actions(result) == ["created"] * 12
    paths = [f"/api/atlas/v2/groups/{one}/peers" for one in projects]
    containers = {("GET", path.replace("/peers", "/containers")): 1 for path in paths}
    assert api(atlas) == {**{("GET", path): 1 for path in paths}, **containers, **{("POST", path): 2 for path in paths}}
    assert [record["project_id"] for record in result["peerings"]] == [entry["project_id"] for entry in entries]
    atlas.clear_log()
    assert actions(bring(client, PRESENT, *entries)) == ["unchanged"] * 12
    assert api(atlas) == {("GET", path): 1 for path in paths}


def test_each_worker_answers_one_digest_challenge(atlas: Simulator, connect: Connect, projects: list[str]) -> None:
    client = connect(atlas, KEY, workers=3)
    for _time in range(2):
        bring(client, PRESENT, *(vpc(1, project_id=one) for one in projects))
    challenges = [exchange for exchange in atlas.exchanges if exchange.status == 401]
    assert 1 <= len(challenges) <= 3


@pytest.mark.parametrize("named", [True, False])
def test_projects_are_synced_concurrently(atlas: Simulator, connect: Connect, projects: list[str], named: bool) -> None:
    """All requests for names, all lists and all creations are under way before the first of them is answered."""
    together = threading.Barrier(len(projects))
    client = connect(atlas, workers=len(projects))
    real = client._call

    def call(*request: Any, **details: Any) -> dict[str, Any]:
        together.wait(PATIENCE)
        return real(*request, **details)

    client._call = call  # type: ignore[method-assign]
    homes = [
        {"project_name": f"project-{number}"} if named else {"project_id": one} for number, one in enumerate(projects)
    ]
    result = bring(client, PRESENT, *({**vpc(1), **home} for home in homes))
    assert [record["project_id"] for record in result["peerings"]] == projects
    assert actions(result) == ["created"] * len(projects)


def test_writes_of_one_project_are_sequential(atlas: Simulator, connect: Connect, projects: list[str]) -> None:
    """Containers first, then changes, then the rest, each in the order declared."""
    client = connect(atlas, workers=8)
    bring(client, PRESENT, vpc(3, project_id=projects[0]))
    atlas.clear_log()
    new = {"container_region": "EU_WEST_1", "atlas_cidr_block": "172.16.0.0/21"}
    entries = [vpc(1), vpc(2, **new), vpc(3, route_table_cidr_block="10.30.0.0/16"), vpc(4)]
    bring(client, PRESENT, *({**entry, "project_id": projects[0]} for entry in entries))
    said = [(one.method, (one.request_json or {}).get("vpcId", "")[-1:]) for one in atlas.writes()]
    assert said == [("POST", ""), ("PATCH", ""), ("POST", "1"), ("POST", "2"), ("POST", "4")]


# What one project's trouble does to the others


def test_unreadable_project_fails_alone(atlas: Simulator, connect: Connect, projects: list[str]) -> None:
    atlas.fault("GET", f"{projects[1]}/peers", status=403, body={"errorCode": "ACCESS_FORBIDDEN"}, times=None)
    result = bring(connect(atlas, workers=3), PURGE, *(vpc(1, project_id=one) for one in projects))
    assert actions(result) == ["created", "failed", *["created"] * 4]
    assert result["msg"].startswith(
        "1 of 6 peering connections failed. Could not list the AWS peering connections of project "
    )
    stopped = result["peerings"][1]
    assert (stopped["phase"], stopped["failure"]["error_code"]) == (None, "ACCESS_FORBIDDEN")
    (problem,) = result["failure"]["problems"]
    assert (problem["project_id"], problem["cause"]) == (projects[1], "HTTP 403 ACCESS_FORBIDDEN")


def test_unknown_project_name_fails_alone(atlas: Simulator, connect: Connect, projects: list[str]) -> None:
    entries = [vpc(1, project_name=name) for name in ("project-0", "nowhere", "project-1")]
    result = bring(connect(atlas, workers=3), PURGE, *entries, vpc(2, project_name="nowhere"))
    assert actions(result) == ["created", "failed", "created", "failed"]
    assert "GROUP_NAME_NOT_FOUND" in result["msg"]
    assert "(2 times)" in result["msg"]
    assert result["peerings"][1]["project_id"] == ""


def test_invalid_entry_fails_before_any_request(atlas: Simulator, connect: Connect) -> None:
    with pytest.raises(AtlasError, match=r"^connections\[2\]: "):
        bring(connect(atlas), PRESENT, vpc(1, project_name="project-0"), {"project_name": "nowhere"})
    assert atlas.exchanges == []


def test_project_with_problem_fails_alone_without_writes(
    atlas: Simulator, connect: Connect, projects: list[str]
) -> None:
    """Nothing is written there, and the others are as declared."""
    entries = [vpc(1, project_id=projects[0]), vpc(1, project_id=projects[1]), vpc(2, project_id=projects[0])]
    entries[2]["route_table_cidr_block"] = "8.8.0.0/16"
    for check_mode in (True, False):
        result = bring(connect(atlas, workers=3), SyncOptions(True, check_mode), *entries)
        assert actions(result) == ["failed", "created", "failed"]
        assert (result["changed"], result["peerings"][0]["phase"]) == (True, "absent")
        assert "2 of 3 peering connections failed. The route_table_cidr_block 8.8.0.0/16" in result["msg"]
        assert "(2 times)" in result["msg"]
    assert atlas.peers(projects[0]) == []


def test_failed_connection_does_not_block_other_projects(
    atlas: Simulator, connect: Connect, projects: list[str]
) -> None:
    entries = [vpc(1, project_id=one) for one in projects[:3]]
    client = connect(atlas, workers=3)
    bring(client, PRESENT, entries[0])
    atlas.fail(atlas.peers(projects[0])[0]["id"], "EXPIRED")
    result = bring(client, PRESENT, *entries)
    assert actions(result) == ["failed", "created", "created"]
    assert (result["peerings"][0]["phase"], result["peerings"][0]["error"]) == ("failed", "EXPIRED")


def test_failed_container_create_fails_its_project_alone(
    atlas: Simulator, connect: Connect, projects: list[str]
) -> None:
    atlas.fault("POST", f"{projects[0]}/containers", status=403, skip=1)
    place = {"container_region": "EU_WEST_1", "atlas_cidr_block": "172.16.0.0/21"}
    other = {"container_region": "EU_WEST_2", "atlas_cidr_block": "172.17.0.0/21"}
    entries = [
        vpc(1, project_id=projects[0], **place),
        vpc(2, project_id=projects[0], **other),
        vpc(1, project_id=projects[1], **place),
    ]
    result = bring(connect(atlas, workers=3), PRESENT, *entries)
    assert actions(result) == ["failed", "failed", "created"]
    assert (result["changed"], len(atlas.peers(projects[0]))) == (True, 0)
    assert actions(bring(connect(atlas), PRESENT, *entries)) == ["created", "created", "unchanged"]


def test_failed_container_create_reports_earlier_writes(
    atlas: Simulator, connect: Connect, projects: list[str]
) -> None:
    atlas.fault("POST", "containers", status=403, skip=1)
    places = [("EU_WEST_1", "172.16.0.0/21"), ("EU_WEST_2", "172.17.0.0/21")]
    entries = [
        vpc(number, project_id=projects[0], container_region=region, atlas_cidr_block=block)
        for number, (region, block) in enumerate(places)
    ]
    task = {"connections": entries}
    client = connect(atlas)
    declared = declarations.parse_connections(task, ProjectResolver(client), True)
    result = peerings.sync(client, declared, PRESENT).as_result("peerings")
    assert (result["failed"], result["changed"], result["failure"]["kind"]) == (True, True, "ApiError")


def test_created_container_is_changed_if_peering_create_fails(
    atlas: Simulator, connect: Connect, projects: list[str]
) -> None:
    atlas.fault("POST", "peers", status=403)
    entry = vpc(1, project_id=projects[0], container_region="EU_WEST_1", atlas_cidr_block="172.16.0.0/21")
    result = bring(connect(atlas), PRESENT, entry)
    assert (result["changed"], actions(result), result["peerings"][0]["phase"]) == (True, ["failed"], "absent")


def test_equal_errors_of_projects_are_reported_once(atlas: Simulator, connect: Connect, projects: list[str]) -> None:
    forbidden = {"status": 403, "body": {"errorCode": "ACCESS_FORBIDDEN", "detail": "No."}}
    for one in projects[:3]:
        atlas.fault("POST", f"{one}/peers", **forbidden)
    atlas.fault("POST", f"{projects[3]}/peers", status=400, body={"errorCode": "INVALID_ATTRIBUTE", "detail": "Odd."})
    result = bring(connect(atlas, workers=2), PRESENT, *(vpc(1, project_id=one) for one in projects))
    assert actions(result) == ["failed"] * 4 + ["created"] * 2
    assert result["msg"].startswith("4 of 6 peering connections failed. Could not create the AWS peering connection")
    assert (result["msg"].count("ACCESS_FORBIDDEN: No."), result["msg"].count("(3 times)")) == (1, 1)
    assert "INVALID_ATTRIBUTE: Odd." in result["msg"]
    assert Counter(problem["cause"] for problem in result["failure"]["problems"]) == {
        "HTTP 403 ACCESS_FORBIDDEN": 3,
        "HTTP 400 INVALID_ATTRIBUTE": 1,
    }


def test_only_project_fails_with_its_own_error(atlas: Simulator, connect: Connect, projects: list[str]) -> None:
    atlas.fault("GET", "peers", status=403)
    with pytest.raises(ApiError, match=r"^Could not list the AWS peering connections"):
        bring(connect(atlas), PRESENT, vpc(1, project_id=projects[0]))


def test_outage_is_waited_for_once_for_all_projects(
    atlas: Simulator, connect: Connect, clock: Any, projects: list[str]
) -> None:
    """The time to try again is that of the outage, not of every request that it befalls."""
    client = connect(atlas, retry_timeout=60)
    atlas.fault("GET", "/groups/", status=503, times=None)
    result = bring(client, PRESENT, *(vpc(1, project_id=one) for one in projects))
    assert actions(result) == ["failed"] * 6
    assert sum(clock.pauses) <= 60
    atlas.clear_faults()
    assert actions(bring(client, PRESENT, *(vpc(1, project_id=one) for one in projects))) == ["created"] * 6
    atlas.fault("GET", "/peers", status=503, times=2)
    assert actions(bring(client, PRESENT, *(vpc(1, project_id=one) for one in projects))) == ["unchanged"] * 6


def test_raised_limits_are_accepted_as_options(simulate: Callable[..., Simulator], connect: Connect) -> None:
    atlas = simulate(max_peers=60, max_pending_peers=55)
    client, project = connect(atlas), atlas.add_project("large")
    entries = [vpc(number, project_id=project) for number in range(1, 53)]
    with pytest.raises(PlanError, match=r"(?s)would have 52 connections.*would have 52 pending"):
        bring(client, PRESENT, *entries)
    assert atlas.writes() == []
    assert actions(bring(client, SyncOptions(True, False, limits=Limits(60, 55)), *entries)) == ["created"] * 52


# Purge


def seed(atlas: Simulator, project: str, cloud: str = "AWS", status: str = "AVAILABLE", **fields: Any) -> str:
    return atlas.add_peer(project, cloud, status, **fields)


def left(atlas: Simulator, project: str) -> dict[str, str]:
    """Return the phases of a project's connections."""
    peers = atlas.peers(project)
    return {peer["id"]: CLOUDS[peer["providerName"]].phases[peer.get("statusName") or peer["status"]] for peer in peers}


@pytest.fixture
def declared(atlas: Simulator, client: Client, projects: list[str]) -> dict[str, Any]:
    """Return a connection that is there and declared."""
    entry = vpc(1, project_id=projects[0])
    bring(client, PRESENT, entry)
    return entry


def test_purge_deletes_undeclared_connections(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any]
) -> None:
    strays = [seed(atlas, projects[0], status=status) for status in ("AVAILABLE", "PENDING_ACCEPTANCE", "FAILED")]
    atlas.clear_log()
    assert bring(client, PRESENT, declared)["purged"] == []
    predicted = bring(client, SyncOptions(True, True, purge=True), declared)
    assert ([record["id"] for record in predicted["purged"]], predicted["changed"]) == (strays, True)
    assert [one["before_header"].split(",")[-1][:12] for one in predicted["diff"]] == [" vpc_id=vpc-"] * 3
    assert atlas.writes() == []
    result = bring(client, PURGE, declared)
    assert [(record["id"], record["action"], record["phase"]) for record in result["purged"]] == [
        (stray, "deleted", "deleting") for stray in strays
    ]
    assert actions(result) == ["unchanged"]
    assert [left(atlas, projects[0])[stray] for stray in strays] == ["deleting"] * 3
    again = bring(client, PURGE, declared)
    assert (again["changed"], again["purged"]) == (False, [])


def test_purge_is_limited_to_declared_projects_and_clouds(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any]
) -> None:
    azure = {**OPTIONS["AZURE"], "container_id": None, "container_region": "EUROPE_NORTH", "project_id": projects[1]}
    bring(client, PRESENT, azure)
    stray = {(number, name): seed(atlas, projects[number], name) for number in range(3) for name in NAMES}
    before = {number: left(atlas, projects[number]) for number in range(3)}
    purged = bring(client, PURGE, declared, azure)["purged"]
    assert {record["id"] for record in purged} == {stray[0, "AWS"], stray[1, "AZURE"]}
    for (number, name), peer_id in stray.items():
        expected = "deleting" if (number, name) in ((0, "AWS"), (1, "AZURE")) else before[number][peer_id]
        assert left(atlas, projects[number])[peer_id] == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"vnet_name": "APP-VNET"},
        {"resource_group_name": "App-Production", "vnet_name": "App-Vnet"},
        {"azure_subscription_id": OPTIONS["AZURE"]["azure_subscription_id"].upper()},
    ],
)
def test_purge_keeps_connection_in_other_spelling(
    atlas: Simulator, client: Client, projects: list[str], changes: dict[str, str]
) -> None:
    entry = {**OPTIONS["AZURE"], "container_id": None, "container_region": "EUROPE_NORTH", "project_id": projects[0]}
    bring(client, PRESENT, entry)
    assert bring(client, PURGE, {**entry, **changes})["purged"] == []


def test_purge_keeps_connection_declared_by_peer_id(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any]
) -> None:
    """One that is named by id is kept, and so is the one that its fields describe."""
    (named,) = left(atlas, projects[0])
    other = seed(atlas, projects[0], vpcId="vpc-00000009", awsAccountId=OPTIONS["AWS"]["aws_account_id"])
    entry = {"provider_name": "AWS", "peer_id": named, "project_id": projects[0]}
    assert bring(client, PURGE, entry, {**entry, "peer_id": other})["purged"] == []
    assert [record["id"] for record in bring(client, PURGE, entry)["purged"]] == [other]


@pytest.mark.parametrize("statuses", [("AVAILABLE", "AVAILABLE"), ("AVAILABLE", "FAILED"), ("FAILED", "FAILED")])
def test_purge_with_several_matches_fails(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any], statuses: tuple[str, ...]
) -> None:
    same = {"vpcId": vpc(2)["vpc_id"], "awsAccountId": vpc(2)["aws_account_id"]}
    for status in statuses:
        seed(atlas, projects[0], status=status, **same)
    stray = seed(atlas, projects[0])
    with pytest.raises(PlanError, match=r"2 peering connections .* match"):
        bring(client, PURGE, declared, vpc(2, project_id=projects[0]))
    assert left(atlas, projects[0])[stray] == "available"


@pytest.mark.parametrize("reason", ["declared failed", "different", "preflight", "creation fails", "listing fails"])
def test_purge_deletes_nothing_in_project_with_problem(
    atlas: Simulator, connect: Connect, projects: list[str], declared: dict[str, Any], reason: str
) -> None:
    """What should stand in the place of the old is not there, so the old stays. Elsewhere it goes on."""
    peer_id = next(iter(left(atlas, projects[0])))
    stray, elsewhere = seed(atlas, projects[0]), seed(atlas, projects[1])
    entries = [declared, vpc(1, project_id=projects[1])]
    if reason == "declared failed":
        atlas.fail(peer_id, "EXPIRED")
    elif reason == "different":
        entries[0] = {**declared, "peer_id": peer_id, "vpc_id": "vpc-0000000f"}
    elif reason == "preflight":
        entries.append(vpc(2, project_id=projects[0], route_table_cidr_block="8.0.0.0/16"))
    elif reason == "creation fails":
        entries.append(vpc(2, project_id=projects[0]))
        atlas.fault("POST", f"{projects[0]}/peers", status=500)
    else:
        atlas.fault("GET", f"{projects[0]}/peers", status=403, times=None)
    result = bring(connect(atlas, workers=2, retry_timeout=0), PURGE, *entries)
    assert "failed" in actions(result)
    assert [record["id"] for record in result["purged"]] == [elsewhere]
    assert left(atlas, projects[0])[stray] == "available"


def test_purge_keeps_connections_matching_peer_id_and_identity(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any], fast_forward: Any
) -> None:
    """An entry that gives the id of one and the fields of another means both, so neither is purged or replaced."""
    (named,) = left(atlas, projects[0])
    new = {"vpcId": vpc(2)["vpc_id"], "awsAccountId": vpc(2)["aws_account_id"], "routeTableCidrBlock": "10.99.0.0/16"}
    seed(atlas, projects[0], **new)
    entry = {**vpc(2, project_id=projects[0]), "peer_id": named}
    with pytest.raises(PlanError, match="which exists"):
        bring(client, SyncOptions(True, False, ReplacePolicy(("changed",), 60), purge=True), entry)
    assert set(left(atlas, projects[0]).values()) <= {"available", "pending"}


def test_purge_fails_if_list_holds_other_clouds_or_projects(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any]
) -> None:
    azure, foreign = seed(atlas, projects[0], "AZURE"), seed(atlas, projects[1])
    everything = [peer for one in projects[:2] for peer in atlas.peers(one)]
    atlas.fault("GET", f"{projects[0]}/peers", times=None, status=200, body={"results": everything})
    with pytest.raises(TransportError, match=r"something else than peering connections of AWS in it"):
        bring(client, PURGE, declared)
    assert left(atlas, projects[0])[azure] == "available"
    assert left(atlas, projects[1])[foreign] == "available"


def test_purge_does_not_report_replaced_connection(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any], fast_forward: Any
) -> None:
    (old,) = left(atlas, projects[0])
    atlas.fail(old, "EXPIRED")
    order = SyncOptions(True, False, ReplacePolicy(("expired",), 60), purge=True)
    result = bring(client, order, declared)
    assert (actions(result), result["purged"]) == (["recreated"], [])
    assert list(left(atlas, projects[0]).values()) == ["pending"]


def test_purge_keeps_connection_without_identity(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any]
) -> None:
    seed(atlas, projects[0], vpcId=None)
    seed(atlas, projects[0], awsAccountId="")
    assert bring(client, PURGE, declared)["purged"] == []


def test_purge_reports_failed_delete(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any]
) -> None:
    strays = [seed(atlas, projects[0]) for _number in range(2)]
    atlas.fault("DELETE", strays[0], status=403)
    result = bring(client, PURGE, declared)
    assert result["msg"].startswith("1 of 3 peering connections failed. Could not delete the AWS peering connection")
    assert [record["action"] for record in result["purged"]] == ["failed", "deleted"]


def test_purge_treats_concurrent_delete_as_deleted(
    atlas: Simulator, client: Client, projects: list[str], declared: dict[str, Any]
) -> None:
    seed(atlas, projects[0])
    atlas.fault("DELETE", "peers", status=404, body={"errorCode": "PEER_NOT_FOUND"})
    assert [record["action"] for record in bring(client, PURGE, declared)["purged"]] == ["deleted"]


def test_map_concurrently_raises_programming_error(atlas: Simulator, connect: Connect, projects: list[str]) -> None:
    """A mistake in here is not taken for one of Atlas."""

    def spoilt(_item: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        connect(atlas, workers=2).map_concurrently(spoilt, [1, 2, 3])
    assert not issubclass(ZeroDivisionError, AtlasError)
