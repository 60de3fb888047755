# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look, plan, apply: real requests, and a simulator that counts them."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api import client as client_module
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired
from simulator import Simulator
from support import samples
from support.engine import only, sync_bare_peerings
from support.samples import NAMES, OTHER_PEER, parse_desired, seed

FIRST = {"AWS": "INITIATING", "AZURE": "ADDING_PEER", "GCP": "ADDING_PEER"}
GOING = {"AWS": "TERMINATING", "AZURE": "DELETING", "GCP": "DELETING"}
EVERY_CLOUD = pytest.mark.parametrize("name", NAMES)
LOST: list[dict[str, Any]] = [
    {"drop": True},
    {"status": 500},
    {"status": 504, "body": "<html>"},
    {"status": 200, "body": "<html>"},
    {"truncate": True},
]


@pytest.fixture(autouse=True)
def _time_flies(clock: Any) -> None:
    """No test here waits between retries."""


def one(client: Client, desired: Desired, present: bool = True, check_mode: bool = False) -> Outcome:
    return only(sync_bare_peerings(client, [desired], present, check_mode))


def made(atlas: Simulator) -> list[str]:
    """Return the methods of all requests, in their order."""
    return [exchange.method for exchange in atlas.exchanges]


def shown(atlas: Simulator, name: str) -> list[dict[str, Any]]:
    """Return the connections of a cloud as records, without what only a container knows."""
    records = [PEERING.normalise(answer, atlas.project_id) for answer in atlas.peers()]
    return [record for record in records if record["provider_name"] == name]


@EVERY_CLOUD
def test_missing_connection_is_created(atlas: Simulator, client: Client, name: str) -> None:
    outcome = one(client, parse_desired(name))
    assert made(atlas) == ["GET", "POST"]
    assert (outcome.changed, outcome.before) == (True, None)
    (peer,) = shown(atlas, name)
    assert outcome.after == {**peer, **samples.OPTIONS[name]}
    assert (peer["id"] is not None, peer["status"]) == (True, FIRST[name])


@EVERY_CLOUD
def test_existing_connection_is_unchanged(atlas: Simulator, client: Client, name: str) -> None:
    created = one(client, parse_desired(name))
    again = one(client, parse_desired(name))
    assert made(atlas) == ["GET", "POST", "GET"]
    assert again == Outcome(parse_desired(name), "unchanged", False, created.after, created.after)


@EVERY_CLOUD
def test_check_mode_predicts_create_without_writing(atlas: Simulator, client: Client, name: str) -> None:
    predicted = one(client, parse_desired(name), check_mode=True)
    assert made(atlas) == ["GET"]
    created = one(client, parse_desired(name))
    assert (predicted.changed, predicted.before) == (True, None)
    assert created.after == {**(predicted.after or {}), "id": (created.after or {})["id"]}


def test_different_route_table_cidr_block_is_updated(atlas: Simulator, client: Client) -> None:
    seed(atlas, "AWS")
    desired = parse_desired("AWS", route_table_cidr_block="10.16.0.0/16")
    (before,) = shown(atlas, "AWS")
    predicted = one(client, desired, check_mode=True)
    assert atlas.writes() == []
    outcome = one(client, desired)
    assert outcome == predicted
    filled = {"accepter_region_name": "us-east-1"}
    assert outcome.before == {**before, **filled}
    assert outcome.after == {**before, **filled, "route_table_cidr_block": "10.16.0.0/16"}
    assert outcome.changed is True
    assert [exchange.method for exchange in atlas.writes()] == ["PATCH"]


@EVERY_CLOUD
@pytest.mark.parametrize("by_id", [False, True])
def test_absent_deletes_connection(atlas: Simulator, client: Client, name: str, by_id: bool) -> None:
    peer_id = seed(atlas, name)
    other = atlas.add_peer(atlas.project_id, name, "AVAILABLE")
    desired = Desired(PEERING, atlas.project_id, None, peer_id, {}) if by_id else parse_desired(name, complete=False)
    predicted = one(client, desired, present=False, check_mode=True)
    assert atlas.writes() == []
    outcome = one(client, desired, present=False)
    assert outcome == predicted
    assert outcome.changed is True
    assert (outcome.after or {})["phase"] == "deleting"
    assert {peer["id"]: peer["status"] for peer in shown(atlas, name)} == {peer_id: GOING[name], other: "AVAILABLE"}
    again = one(client, desired, present=False)
    assert (again.changed, again.after) == (False, outcome.after)
    atlas.advance(1)
    gone = one(client, desired, present=False)
    assert gone == Outcome(desired, "unchanged", False, None, None)
    assert [exchange.method for exchange in atlas.writes()] == ["DELETE"]


def test_absent_by_peer_id_reads_only_that_connection(atlas: Simulator, client: Client) -> None:
    peer_id = seed(atlas, "AZURE")
    one(client, Desired(PEERING, atlas.project_id, None, peer_id, {}), present=False, check_mode=True)
    assert [exchange.path.rpartition("/")[2] for exchange in atlas.exchanges] == [peer_id]


@EVERY_CLOUD
def test_peer_id_with_provider_name_is_found_in_list(atlas: Simulator, client: Client, name: str) -> None:
    peer_id = seed(atlas, name)
    outcome = one(client, parse_desired(name, peer_id=peer_id))
    assert (outcome.changed, (outcome.after or {})["id"]) == (False, peer_id)
    assert [exchange.path.rpartition("/")[2] for exchange in atlas.exchanges] == ["peers"]


@pytest.mark.parametrize("status", [401, 403, 500])
@pytest.mark.parametrize("by_id", [False, True])
def test_failed_read_is_never_treated_as_absent(atlas: Simulator, client: Client, status: int, by_id: bool) -> None:
    desired = Desired(PEERING, atlas.project_id, None, OTHER_PEER, {}) if by_id else parse_desired("AWS")
    atlas.fault("GET", times=None, status=status)
    with pytest.raises(ApiError):
        one(client, desired, present=by_id is False)
    assert atlas.writes() == []


def test_unknown_project_is_never_treated_as_absent(atlas: Simulator, client: Client) -> None:
    for desired in (Desired(PEERING, "0" * 24, None, OTHER_PEER, {}), parse_desired("AWS", project_id="0" * 24)):
        with pytest.raises(ApiError, match="GROUP_NOT_FOUND"):
            one(client, desired, present=False)


def test_list_for_reads_each_project_and_cloud_once(atlas: Simulator, client: Client) -> None:
    other = atlas.add_project("other")
    several = [
        parse_desired("AWS"),
        parse_desired("AWS", vpc_id="vpc-00000000"),
        parse_desired("GCP"),
        parse_desired("AWS", project_id=other),
    ]
    PeeringApi(client).list_for(several)
    asked = [(exchange.path.split("/")[5], exchange.query["providerName"]) for exchange in atlas.exchanges]
    assert asked == [(atlas.project_id, "AWS"), (atlas.project_id, "GCP"), (other, "AWS")]


def test_list_for_records_include_project_id(atlas: Simulator, client: Client) -> None:
    other = atlas.add_project("other")
    atlas.add_peer(other, "AWS", "AVAILABLE")
    seed(atlas, "AWS")
    found = PeeringApi(client).list_for([parse_desired("AWS"), parse_desired("AWS", project_id=other)])
    assert [record["project_id"] for record in found] == [atlas.project_id, other]


@pytest.mark.parametrize("position", [0, 1])
def test_plan_error_of_one_connection_prevents_all_writes(atlas: Simulator, client: Client, position: int) -> None:
    seed(atlas, "GCP", "FAILED", "Something.")
    several = [parse_desired("AWS"), parse_desired("AZURE")]
    several.insert(position, parse_desired("GCP"))
    outcomes = sync_bare_peerings(client, several, present=True, check_mode=False)
    assert ["has failed" in str(outcome.error) for outcome in outcomes] == [True] * 3
    assert atlas.writes() == []


def test_outcomes_are_in_declared_order(atlas: Simulator, client: Client) -> None:
    seed(atlas, "AZURE")
    several = [parse_desired(name) for name in ("GCP", "AZURE", "AWS")]
    outcomes = sync_bare_peerings(client, several, present=True, check_mode=False)
    assert [(outcome.desired, outcome.changed) for outcome in outcomes] == list(zip(several, (True, False, True)))


def test_duplicate_entry_is_created_once(atlas: Simulator, client: Client) -> None:
    outcomes = sync_bare_peerings(client, [parse_desired("AWS"), parse_desired("AWS")], present=True, check_mode=False)
    assert [outcome.changed for outcome in outcomes] == [True, False]
    assert outcomes[0].after == outcomes[1].after
    assert len(atlas.peers()) == 1


# Answers that are lost


@EVERY_CLOUD
@pytest.mark.parametrize("fault", LOST)
def test_lost_create_that_took_effect_is_adopted(
    atlas: Simulator, client: Client, name: str, fault: dict[str, Any]
) -> None:
    atlas.fault("POST", applied=True, **fault)
    outcome = one(client, parse_desired(name))
    assert made(atlas) == ["GET", "POST", "GET"]
    (peer,) = shown(atlas, name)
    assert outcome == Outcome(parse_desired(name), "created", True, None, {**peer, **samples.OPTIONS[name]})


@EVERY_CLOUD
@pytest.mark.parametrize("fault", LOST[:4])
def test_lost_create_without_effect_fails(atlas: Simulator, client: Client, name: str, fault: dict[str, Any]) -> None:
    atlas.fault("POST", **fault)
    with pytest.raises(AtlasError) as caught:
        one(client, parse_desired(name))
    assert caught.value.outcome_unknown is True
    assert caught.value.message.startswith(
        f"Could not create the {parse_desired(name).name} in project {atlas.project_id}: "
    )
    assert made(atlas) == ["GET", "POST", "GET"]
    assert atlas.peers() == []


@pytest.mark.parametrize("fault", LOST)
def test_lost_update_that_took_effect_is_adopted(atlas: Simulator, client: Client, fault: dict[str, Any]) -> None:
    seed(atlas, "AWS")
    (before,) = shown(atlas, "AWS")
    atlas.fault("PATCH", applied=True, **fault)
    outcome = one(client, parse_desired("AWS", route_table_cidr_block="10.16.0.0/16"))
    assert made(atlas) == ["GET", "PATCH", "GET"]
    assert (outcome.changed, outcome.before) == (True, {**before, "accepter_region_name": "us-east-1"})
    assert (outcome.after or {})["route_table_cidr_block"] == "10.16.0.0/16"


def test_lost_update_without_effect_fails(atlas: Simulator, client: Client) -> None:
    seed(atlas, "AWS")
    atlas.fault("PATCH", drop=True)
    with pytest.raises(
        TransportError, match="Could not update the AWS peering connection aws_account_id=123456789012,"
    ):
        one(client, parse_desired("AWS", route_table_cidr_block="10.16.0.0/16"))
    assert made(atlas) == ["GET", "PATCH", "GET"]
    atlas.fault("PATCH", drop=True)
    (outcome,) = sync_bare_peerings(client, [parse_desired("AWS", route_table_cidr_block="10.16.0.0/16")])
    assert (outcome.action, outcome.changed, outcome.after) == ("failed", True, outcome.before)


@pytest.mark.parametrize("look", [{"status": 403}, {"status": 503, "times": None}, {"drop": True, "times": None}])
def test_lost_create_reports_first_error_if_second_read_fails(
    atlas: Simulator, client: Client, look: dict[str, Any]
) -> None:
    atlas.fault("GET", skip=1, **look)
    atlas.fault("POST", drop=True, applied=True)
    with pytest.raises(TransportError, match="Could not create"):
        one(client, parse_desired("AWS"))


def test_lost_create_that_left_failed_connection_fails(atlas: Simulator, client: Client) -> None:
    atlas.fault("POST", drop=True)
    failed = samples.answer("GCP", "FAILED", "No such network.")
    atlas.fault("GET", skip=1, status=200, body={"results": [failed], "totalCount": 1})
    with pytest.raises(PlanError, match=r"has failed: FAILED, No such network\."):
        one(client, parse_desired("GCP"))


def race(atlas: Simulator, **answers: Any) -> None:
    """Hide from the first look what another run has created meanwhile."""
    atlas.fault("GET", status=200, body={"results": [], "totalCount": 0}, **answers)


@EVERY_CLOUD
def test_connection_created_concurrently_is_adopted(atlas: Simulator, client: Client, name: str) -> None:
    peer_id = seed(atlas, name, FIRST[name])
    race(atlas)
    outcome = one(client, parse_desired(name))
    assert made(atlas) == ["GET", "POST", "GET"]
    assert (outcome.action, outcome.before, (outcome.after or {})["id"]) == ("unchanged", None, peer_id)
    assert (outcome.changed, len(atlas.peers())) == (False, 1)


def test_different_connection_created_concurrently_fails(atlas: Simulator, client: Client) -> None:
    seed(atlas, "AWS", routeTableCidrBlock="10.20.0.0/16")
    race(atlas)
    with pytest.raises(PlanError, match="PEER_ALREADY_EXISTS: The peer with AWS Account ID 123456789012") as refusal:
        one(client, parse_desired("AWS"))
    assert "It was created meanwhile, with other values than declared here." in str(refusal.value)
    assert made(atlas) == ["GET", "POST", "GET"]


@pytest.mark.parametrize(("code", "status"), [("PEER_MAXIMUM_REACHED", 409), ("INVALID_ATTRIBUTE", 400)])
def test_rejected_create_fails_without_second_read(atlas: Simulator, client: Client, code: str, status: int) -> None:
    atlas.fault("POST", status=status, body={"errorCode": code, "detail": "No."})
    with pytest.raises(ApiError, match=code):
        one(client, parse_desired("AWS"))
    assert made(atlas) == ["GET", "POST"]


def test_refused_tcp_connection_fails_without_second_read(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, client: Client
) -> None:
    refused = TransportError("Could not create it.", None, outcome_unknown=False)

    def refuse(*_arguments: Any) -> None:
        raise refused

    monkeypatch.setattr(client, "post", refuse)
    with pytest.raises(TransportError) as caught:
        one(client, parse_desired("AWS"))
    assert caught.value is refused
    assert made(atlas) == ["GET"]


@pytest.mark.parametrize(("code", "status"), [("PEER_NOT_FOUND", 404), ("PEER_ALREADY_REQUESTED_DELETION", 409)])
def test_delete_of_missing_or_deleting_connection_succeeds(
    atlas: Simulator, client: Client, code: str, status: int
) -> None:
    seed(atlas, "AWS")
    atlas.fault("DELETE", status=status, body={"errorCode": code, "detail": "No."})
    outcome = one(client, parse_desired("AWS", complete=False), present=False)
    assert (outcome.changed, (outcome.after or {})["status"]) == (True, "TERMINATING")


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 503}])
def test_lost_delete_is_retried(atlas: Simulator, client: Client, fault: dict[str, Any]) -> None:
    seed(atlas, "AWS")
    atlas.fault("DELETE", applied=True, **fault)
    outcome = one(client, parse_desired("AWS", complete=False), present=False)
    assert outcome.changed is True
    assert made(atlas) == ["GET", "DELETE", "DELETE"]
    assert [record["phase"] for record in shown(atlas, "AWS")] == ["deleting"]


@pytest.mark.parametrize(("code", "status"), [("GROUP_NOT_FOUND", 404), ("ACCESS_FORBIDDEN", 403), ("X", 409)])
def test_rejected_delete_fails(atlas: Simulator, client: Client, code: str, status: int) -> None:
    seed(atlas, "AWS")
    atlas.fault("DELETE", status=status, body={"errorCode": code})
    with pytest.raises(ApiError, match="Could not delete the AWS peering connection") as caught:
        one(client, parse_desired("AWS", complete=False), present=False)
    assert caught.value.code == code
    assert made(atlas) == ["GET", "DELETE"]


@pytest.mark.parametrize(("applied", "look"), [(True, {}), (False, {}), (True, {"status": 403})])
def test_delete_without_any_answer_succeeds_if_it_is_seen_to_take_effect(
    atlas: Simulator, client: Client, applied: bool, look: dict[str, Any]
) -> None:
    seed(atlas, "AWS")
    atlas.fault("DELETE", drop=True, applied=applied, times=None)
    if look:
        atlas.fault("GET", skip=1, **look)
    desired = parse_desired("AWS", complete=False)
    (outcome,) = sync_bare_peerings(client, [desired], present=False)
    assert (outcome.action, outcome.changed) == ("deleted" if applied and not look else "failed", True)
    assert made(atlas)[-2:] == ["DELETE", "GET"]


# What only the container of a connection knows


def test_gcp_waiting_for_user_reads_containers_once(atlas: Simulator, client: Client) -> None:
    for network in ("one", "two"):
        seed(atlas, "GCP", "WAITING_FOR_USER", networkName=network)
    records = PeeringApi(client).list_for([parse_desired("GCP")])
    paths = [exchange.path.rpartition("/")[2] for exchange in atlas.exchanges]
    assert paths == ["peers", "containers"]
    assert atlas.exchanges[1].query["providerName"] == "GCP"
    for record in records:
        assert record["atlas_gcp_project_id"].startswith("p-")
        assert record["atlas_network_name"].startswith(f"nt-{samples.OPTIONS['GCP']['container_id']}-")
        assert f"to network {record['atlas_network_name']} of project {record['atlas_gcp_project_id']}." in str(
            record["next_action"]
        )


@pytest.mark.parametrize("status", ["ADDING_PEER", "AVAILABLE", "FAILED", "DELETING"])
def test_gcp_in_other_status_reads_no_containers(atlas: Simulator, client: Client, status: str) -> None:
    seed(atlas, "GCP", status)
    (record,) = PeeringApi(client).list_for([parse_desired("GCP")])
    assert len(atlas.exchanges) == 1
    assert (record["atlas_gcp_project_id"], record["atlas_network_name"]) == (None, None)


def test_gcp_with_unlisted_container_is_pending(atlas: Simulator, client: Client) -> None:
    seed(atlas, "GCP", "WAITING_FOR_USER")
    atlas.fault("GET", "containers", status=200, body={"results": [], "totalCount": 0})
    (record,) = PeeringApi(client).list_for([parse_desired("GCP")])
    assert (record["phase"], record["atlas_network_name"]) == ("pending", None)


def test_containers_are_cached_between_reads(atlas: Simulator, client: Client) -> None:
    seed(atlas, "GCP", "WAITING_FOR_USER")
    peers = PeeringApi(client)
    assert peers.list_for([parse_desired("GCP")]) == peers.list_for([parse_desired("GCP")])
    assert [exchange.path.rpartition("/")[2] for exchange in atlas.exchanges] == ["peers", "containers", "peers"]


@EVERY_CLOUD
def test_api_version_1_gives_equal_results(atlas: Simulator, connect: Callable[..., Client], name: str) -> None:
    old = connect(atlas, api_version="v1.0")
    created = one(old, parse_desired(name))
    again = one(connect(atlas), parse_desired(name))
    assert (again.changed, again.after) == (False, created.after)
    assert one(old, parse_desired(name)).changed is False


def test_connection_on_last_page_is_found(monkeypatch: pytest.MonkeyPatch, atlas: Simulator, client: Client) -> None:
    monkeypatch.setattr(client_module, "PAGE_SIZE", 2)
    for _number in range(4):
        atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE")
    peer_id = seed(atlas, "AWS")
    assert (one(client, parse_desired("AWS")).after or {})["id"] == peer_id


# Results


def test_result_of_updated_outcome() -> None:
    before, after = samples.record("AWS"), samples.record("AWS", "FINALIZING")
    result = Outcome(parse_desired("AWS"), "updated", True, before, after).as_result()
    assert result == {"changed": True, "peering": after, "diff": {"before": before, "after": after}}


def test_result_of_absent_outcome() -> None:
    result = Outcome(parse_desired("AWS"), "unchanged", False, None, None).as_result()
    absent = parse_desired("AWS").absent
    assert result == {"changed": False, "peering": absent, "diff": {"before": {}, "after": {}}}


def test_result_of_failed_outcome_is_the_error() -> None:
    error = PlanError("No.")
    result = Outcome(parse_desired("AWS"), "failed", True, None, None, error).as_result()
    assert result == {"failed": True, **error.as_result(), "changed": True}
