# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes Atlas its time: names of networks, connection ids, lists, clearing up."""

from __future__ import annotations

import pytest

from simulator import ControlError
from support.api_errors import refusal

GCP = {"providerName": "GCP", "atlasCidrBlock": "10.64.0.0/18"}
AWS = {"providerName": "AWS", "regionName": "EU_WEST_1", "atlasCidrBlock": "10.8.0.0/21"}


@pytest.fixture
def start(simulate, client):
    """Return a function that starts a simulator with settings and gives a client for a project without containers."""

    def make(**settings):
        atlas = simulate(**settings)
        api = client(atlas)
        api.bare = atlas.add_project("bare", containers=False)
        api.group = f"/groups/{api.bare}"
        return api

    return make


def container_of(api, container):
    return api.get(f"{api.group}/containers/{container}").json()


def test_container_is_provisioned_after_delay(start, example):
    """Then nobody can act on the other side yet, although GCP already waits for that."""
    api = start(provision_seconds=10)
    container = api.create("containers", **GCP).json()["id"]
    api.atlas.advance(100)
    assert container_of(api, container)["provisioned"] is False
    peer = api.create(**example("GCP", containerId=container)).json()["id"]
    api.atlas.advance(9)
    assert api.status(peer) == "WAITING_FOR_USER"
    early = container_of(api, container)
    assert (early["provisioned"], early["gcpProjectId"], early["networkName"]) == (False, None, None)
    with pytest.raises(ControlError, match="not known yet"):
        api.atlas.reciprocate(peer)
    api.atlas.advance(1)
    ready = container_of(api, container)
    assert ready["provisioned"] is True
    assert ready["networkName"].startswith("nt-")
    api.atlas.reciprocate(peer)
    assert api.status(peer) == "AVAILABLE"


def test_second_peer_does_not_restart_provisioning(start, example):
    api = start(provision_seconds=10)
    container = api.create("containers", **AWS).json()["id"]
    api.create(**example(containerId=container))
    api.atlas.advance(6)
    api.create(**example(containerId=container, vpcId="vpc-0000000000000000f", routeTableCidrBlock="10.2.0.0/16"))
    api.atlas.advance(4)
    assert container_of(api, container)["vpcId"].startswith("vpc-")


def test_other_side_acts_by_itself_once_it_can(start, example):
    api = start(provision_seconds=10, connection_id_seconds=10, act_after=2)
    container = api.create("containers", **GCP).json()["id"]
    gcp = api.create(**example("GCP", containerId=container)).json()["id"]
    container = api.create("containers", **AWS).json()["id"]
    aws = api.create(**example(containerId=container)).json()["id"]
    api.atlas.advance(11)
    assert (api.status(gcp), api.status(aws)) == ("WAITING_FOR_USER", "PENDING_ACCEPTANCE")
    api.atlas.advance(2)
    assert (api.status(gcp), api.status(aws)) == ("AVAILABLE", "FINALIZING")


def test_connection_id_is_shown_after_delay(start, example):
    api = start(connection_id_seconds=5)
    container = api.create("containers", **AWS).json()["id"]
    peer = api.create(**example(containerId=container)).json()["id"]
    api.atlas.advance(1 + 4)
    early = api.peer(peer)
    assert (early["statusName"], early["connectionId"]) == ("PENDING_ACCEPTANCE", None)
    with pytest.raises(ControlError, match="not known yet"):
        api.atlas.accept(peer)
    api.atlas.advance(1)
    shown = api.peer(peer)["connectionId"]
    assert shown.startswith("pcx-")
    api.atlas.accept(peer)
    assert api.peer(peer)["connectionId"] == shown


def test_seeded_connection_id_is_kept(start):
    api = start()
    for wanted in ("pcx-1", None):
        peer = api.atlas.add_peer(api.bare, "AWS", "PENDING_ACCEPTANCE", connectionId=wanted)
        assert api.peer(peer)["connectionId"] == wanted


@pytest.mark.parametrize("lag", [0, 5])
def test_list_lags_behind_a_creation(start, example, lag):
    api = start(list_lag_seconds=lag)

    def listed(path):
        return [item["id"] for item in api.get(f"{api.group}/{path}").json()["results"]]

    container = api.create("containers", **AWS).json()["id"]
    peer = api.create(**example(containerId=container)).json()["id"]
    assert listed("containers") == listed("containers/all") == ([] if lag else [container])
    assert listed("peers") == ([] if lag else [peer])
    assert container_of(api, container)["id"] == container
    assert api.peer(peer)["id"] == peer
    assert refusal(api.create("containers", **AWS)) == (409, "CONTAINER_ALREADY_EXISTS")
    assert refusal(api.create(**example(containerId=container))) == (409, "PEER_ALREADY_EXISTS")
    api.atlas.advance(lag)
    assert listed("containers") == listed("containers/all") == [container]
    assert listed("peers") == [peer]


def test_seeded_resources_are_listed_at_once(start):
    api = start(list_lag_seconds=5)
    container = api.atlas.add_container(api.bare, "AWS")
    peer = api.atlas.add_peer(api.bare, "AWS", "AVAILABLE", containerId=container)
    assert [item["id"] for item in api.get(f"{api.group}/peers").json()["results"]] == [peer]
    assert [item["id"] for item in api.get(f"{api.group}/containers").json()["results"]] == [container]


@pytest.mark.parametrize("seconds", [0, 30])
def test_container_in_use_until_clear_up_delay(start, example, seconds):
    """The block cannot be changed before either."""
    api = start(clear_up_seconds=seconds)
    container = api.create("containers", **AWS).json()["id"]
    peer = api.create(**example(containerId=container)).json()["id"]
    api.atlas.advance(100)
    api.delete(peer)
    assert refusal(api.delete(container, "containers")) == (409, "CONTAINERS_IN_USE")
    api.atlas.advance(1)
    assert api.peer(peer) is None
    if seconds:
        api.atlas.advance(seconds - 1)
        assert refusal(api.delete(container, "containers")) == (409, "CONTAINERS_IN_USE")
        changed = api.update(container, "containers", atlasCidrBlock="10.16.0.0/21")
        assert refusal(changed) == (409, "CONTAINERS_IN_USE")
        api.atlas.advance(1)
    assert api.update(container, "containers", atlasCidrBlock="10.16.0.0/21").status_code == 200
    assert api.delete(container, "containers").status_code == 204


def test_container_is_released_after_clusters_are_removed(start):
    api = start(clear_up_seconds=30)
    container = api.atlas.add_container(api.bare, "AWS")
    api.atlas.remove_clusters(container)
    api.atlas.advance(29)
    assert refusal(api.delete(container, "containers")) == (409, "CONTAINERS_IN_USE")
    api.atlas.advance(1)
    assert api.delete(container, "containers").status_code == 204
    with pytest.raises(ControlError, match="no container"):
        api.atlas.remove_clusters(container)


def test_unused_container_can_be_deleted_at_once(start):
    api = start(clear_up_seconds=30)
    container = api.create("containers", **AWS).json()["id"]
    api.atlas.advance(1)
    assert api.delete(container, "containers").status_code == 204
