# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of a connection through its statuses, cloud by cloud."""

from __future__ import annotations

import re

import pytest

from simulator import ControlError

DAY = 24 * 3600
OVERLAP = (
    "Could not create peering connection in Atlas Azure account"
    " because a peer with an overlapping CIDR block already exists."
)


@pytest.fixture
def begin(api, example):
    """Return a function that creates a peer and gives its id."""

    def create(cloud):
        response = api.create(**example(cloud))
        assert response.status_code == 200, response.text
        return response.json()["id"]

    return create


def test_aws_lifecycle(atlas, api, example):
    created = api.create(**example("AWS")).json()
    peer = created["id"]
    assert (created["statusName"], created["connectionId"], created["errorStateName"]) == ("INITIATING", None, None)
    atlas.advance(0.99)
    assert api.status(peer) == "INITIATING"
    atlas.advance(0.01)
    pending = api.peer(peer)
    assert pending["statusName"] == "PENDING_ACCEPTANCE"
    assert re.fullmatch("pcx-[0-9a-f]{17}", pending["connectionId"])
    atlas.advance(6 * DAY)
    assert api.status(peer) == "PENDING_ACCEPTANCE"
    atlas.accept(peer)
    assert api.status(peer) == "FINALIZING"
    atlas.advance(1)
    available = api.peer(peer)
    assert available == {**pending, "statusName": "AVAILABLE"}
    atlas.advance(30 * DAY)
    assert api.status(peer) == "AVAILABLE"


@pytest.mark.parametrize(("act", "error"), [("reject", "REJECTED"), ("expire", "EXPIRED")])
def test_aws_request_that_is_rejected_or_expired_fails(atlas, api, begin, act, error):
    peer = begin("AWS")
    atlas.advance(1)
    getattr(atlas, act)(peer)
    assert api.status(peer) == "FAILED"
    assert api.peer(peer)["errorStateName"] == error


def test_aws_request_expires_after_seven_days(atlas, api, begin):
    peer = begin("AWS")
    atlas.advance(1 + 7 * DAY - 1)
    assert api.status(peer) == "PENDING_ACCEPTANCE"
    atlas.advance(1)
    assert (api.status(peer), api.peer(peer)["errorStateName"]) == ("FAILED", "EXPIRED")


def test_azure_lifecycle(atlas, api, example):
    created = api.create(**example("AZURE")).json()
    assert (created["status"], created["errorState"]) == ("ADDING_PEER", None)
    atlas.advance(1)
    assert api.status(created["id"]) == "AVAILABLE"


def test_gcp_lifecycle(atlas, api, example):
    created = api.create(**example("GCP")).json()
    assert (created["status"], created["errorMessage"]) == ("ADDING_PEER", None)
    atlas.advance(1)
    assert api.status(created["id"]) == "WAITING_FOR_USER"
    atlas.advance(30 * DAY)
    assert api.status(created["id"]) == "WAITING_FOR_USER"
    atlas.reciprocate(created["id"])
    assert api.status(created["id"]) == "AVAILABLE"


def test_gcp_reciprocated_early_becomes_available(atlas, api, begin):
    peer = begin("GCP")
    atlas.reciprocate(peer)
    assert api.status(peer) == "ADDING_PEER"
    atlas.advance(1)
    assert api.status(peer) == "AVAILABLE"


@pytest.mark.parametrize(
    ("cloud", "text", "key", "error"),
    [
        ("AWS", "INVALID_ARGUMENT", "errorStateName", "INVALID_ARGUMENT"),
        ("AWS", "EXPIRED", "errorStateName", "EXPIRED"),
        ("AWS", "its VPC is gone", "errorStateName", "INVALID_ARGUMENT"),
        ("AZURE", "RETRYABLE", "errorState", "RETRYABLE"),
        ("AZURE", "Internal Error", "errorState", "Internal Error"),
        ("AZURE", OVERLAP, "errorState", OVERLAP),
        ("GCP", "its network is gone", "errorMessage", "its network is gone"),
    ],
)
def test_fail_sets_failed_with_error(atlas, api, begin, cloud, text, key, error):
    peer = begin(cloud)
    atlas.fail(peer, text)
    atlas.advance(DAY)
    assert (api.status(peer), api.peer(peer)[key]) == ("FAILED", error)


@pytest.mark.parametrize("cloud", ["AWS", "AZURE", "GCP"])
def test_available_connection_can_fail(atlas, api, begin, cloud):
    """Somebody deleted the peering on the other side, which nobody told Atlas."""
    peer = begin(cloud)
    atlas.advance(1)
    act = {"AWS": atlas.accept, "GCP": atlas.reciprocate}.get(cloud)
    if act is not None:
        act(peer)
    atlas.advance(1)
    assert api.status(peer) == "AVAILABLE"
    atlas.fail(peer)
    assert api.status(peer) == "FAILED"
    assert api.delete(peer).status_code == 202


@pytest.mark.parametrize(("cloud", "status"), [("AWS", "TERMINATING"), ("AZURE", "DELETING"), ("GCP", "DELETING")])
@pytest.mark.parametrize("failed", [False, True])
def test_deletion_removes_connection(atlas, api, begin, cloud, status, failed):
    peer = begin(cloud)
    if failed:
        atlas.fail(peer, "")
    response = api.delete(peer)
    assert (response.status_code, response.json()) == (202, {})
    assert api.status(peer) == status
    assert [item["id"] for item in api.get(f"{api.group}/peers", providerName=cloud).json()["results"]] == [peer]
    again = api.delete(peer)
    assert (again.status_code, again.json()["errorCode"]) == (409, "PEER_ALREADY_REQUESTED_DELETION")
    atlas.advance(1)
    assert api.peer(peer) is None
    assert api.get(f"{api.group}/peers", providerName=cloud).json()["results"] == []
    assert api.delete(peer).status_code == 404


def test_azure_failed_deletion_can_be_repeated(atlas, api, begin):
    peer = begin("AZURE")
    api.delete(peer)
    atlas.fail(peer, "a lock")
    assert (api.status(peer), api.peer(peer)["errorState"]) == ("DELETION_FAILED", "a lock")
    assert api.delete(peer).status_code == 202
    atlas.advance(1)
    assert api.peer(peer) is None


@pytest.mark.parametrize(
    ("cloud", "statuses"),
    [
        ("AWS", ["INITIATING", "PENDING_ACCEPTANCE", "PENDING_ACCEPTANCE", "FINALIZING", "AVAILABLE"]),
        ("GCP", ["ADDING_PEER", "WAITING_FOR_USER", "WAITING_FOR_USER", "AVAILABLE", "AVAILABLE"]),
    ],
)
def test_other_side_acts_by_itself(simulate, client, example, cloud, statuses):
    atlas = simulate(act_after=2)
    api = client(atlas)
    peer = api.create(**example(cloud)).json()["id"]
    seen = []
    for _turn in statuses:
        seen.append(api.status(peer))
        atlas.advance(1)
    assert seen == statuses


def test_steps_are_taken_at_their_own_times(simulate, client, example):
    atlas = simulate(act_after=2)
    api = client(atlas)
    peer = api.create(**example("AWS")).json()["id"]
    atlas.advance(3.5)  # nobody looked in between: accepted half a second ago
    assert api.status(peer) == "FINALIZING"
    atlas.advance(0.5)
    assert api.status(peer) == "AVAILABLE"


def test_create_without_pace_returns_initial_status(simulate, client, example):
    atlas = simulate(pace=0)
    api = client(atlas)
    created = api.create(**example("AWS")).json()
    assert created["statusName"] == "INITIATING"
    assert api.status(created["id"]) == "PENDING_ACCEPTANCE"


@pytest.mark.parametrize(
    ("cloud", "status", "acts"),
    [
        ("AWS", "INITIATING", ["accept", "reject", "expire", "reciprocate"]),
        ("AWS", "PENDING_ACCEPTANCE", ["reciprocate"]),
        ("AWS", "AVAILABLE", ["accept", "reject", "expire", "reciprocate"]),
        ("AWS", "TERMINATING", ["accept", "fail"]),
        ("AZURE", "ADDING_PEER", ["accept", "reject", "expire", "reciprocate"]),
        ("GCP", "WAITING_FOR_USER", ["accept", "reject", "expire"]),
        ("GCP", "AVAILABLE", ["reciprocate"]),
        ("GCP", "DELETING", ["reciprocate", "fail"]),
    ],
)
def test_act_in_wrong_status_fails(atlas, cloud, status, acts):
    peer = atlas.add_peer(atlas.project_id, cloud, status)
    for act in acts:
        with pytest.raises(ControlError, match=f"in status {status}") as refusal:
            getattr(atlas, act)(peer)
        assert refusal.value.status == 409
    assert [item.get("statusName", item.get("status")) for item in atlas.peers()] == [status]


def test_act_on_unknown_peer_fails(atlas):
    with pytest.raises(ControlError, match="no peer") as refusal:
        atlas.accept("0" * 24)
    assert refusal.value.status == 404


def test_seeded_status_is_kept_until_act(atlas, api):
    peer = atlas.add_peer(atlas.project_id, "AWS", "PENDING_ACCEPTANCE")
    atlas.advance(30 * DAY)
    assert api.status(peer) == "PENDING_ACCEPTANCE"
    atlas.accept(peer)
    atlas.advance(1)
    assert api.status(peer) == "AVAILABLE"


def test_seeded_peer_without_status_advances(atlas, api):
    peer = atlas.add_peer(atlas.project_id, "AZURE", vnetName="mine", somethingNew=1)
    assert api.peer(peer)["vnetName"] == "mine"
    assert api.peer(peer)["somethingNew"] == 1
    assert api.status(peer) == "ADDING_PEER"
    atlas.advance(1)
    assert api.status(peer) == "AVAILABLE"


@pytest.mark.parametrize(
    ("status", "connected"),
    [("INITIATING", False), ("PENDING_ACCEPTANCE", True), ("AVAILABLE", True), ("FAILED", True)],
)
def test_seeded_connection_id_depends_on_status(atlas, api, status, connected):
    peer = atlas.add_peer(atlas.project_id, "AWS", status)
    assert (api.peer(peer)["connectionId"] is not None) is connected
    assert "connectionId" not in api.peer(atlas.add_peer(atlas.project_id, "GCP", "AVAILABLE"))


def test_any_status_can_be_seeded(atlas, api):
    peer = atlas.add_peer(atlas.project_id, "AWS", "MIGRATING", error="NEW_WORD")
    atlas.advance(DAY)
    assert (api.status(peer), api.peer(peer)["errorStateName"]) == ("MIGRATING", "NEW_WORD")
    assert api.delete(peer).status_code == 202


def test_seed_with_unknown_project_or_container_fails(atlas):
    with pytest.raises(ControlError, match="no project"):
        atlas.add_peer("0" * 24, "AWS")
    with pytest.raises(ControlError, match="no container"):
        atlas.add_peer(atlas.project_id, "AWS", containerId="0" * 24)
    bare = atlas.add_project("bare", containers=False)
    atlas.add_peer(bare, "GCP", "AVAILABLE")
    assert [peer["status"] for peer in atlas.peers(bare)] == ["AVAILABLE"]
