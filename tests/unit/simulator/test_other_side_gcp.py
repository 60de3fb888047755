# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections on GCP between a simulated Atlas and a stub of the Compute API."""

from __future__ import annotations

import pytest
import requests

from compute_stub import ComputeStub
from simulator import Settings, Simulator
from support.clock import NOON
from support.patience import PATIENCE

OURS = ("my-project-191923", "default")


@pytest.fixture
def google():
    with ComputeStub() as stub:
        stub.add_network(*OURS, "10.128.0.0/20")
        stub.add_token("t0ken")
        yield stub


@pytest.fixture
def atlas(google):
    with Simulator(Settings(clock=lambda: NOON, gcp_endpoint=google.url)) as started:
        yield started


@pytest.fixture
def peer(atlas, api):
    body = {"providerName": "GCP", "gcpProjectId": OURS[0], "networkName": OURS[1]}
    created = api.create(**body, containerId=atlas.containers["GCP"]).json()["id"]
    atlas.advance(1)
    api.peer(created)
    return created


@pytest.fixture
def network(atlas, api, peer):
    """Project and name of Atlas' network."""
    container = api.get(f"{api.group}/containers/{atlas.containers['GCP']}").json()
    return container["gcpProjectId"], container["networkName"]


@pytest.fixture
def change(google):
    """Return a function that changes the peerings of our network."""

    def post(verb, body):
        url = f"{google.url}/compute/v1/projects/{OURS[0]}/global/networks/{OURS[1]}/{verb}"
        requests.post(url, json=body, headers={"Authorization": "Bearer t0ken"}, timeout=PATIENCE).raise_for_status()

    return post


def reciprocal(network):
    return {"networkPeering": {"name": "atlas", "network": "projects/{}/global/networks/{}".format(*network)}}


def test_connection_follows_peerings_of_google(atlas, api, google, change, peer, network):
    assert api.status(peer) == "WAITING_FOR_USER"
    (half,) = google.peerings(*network)
    assert (half["name"], half["state"]) == (f"peering-{peer}", "INACTIVE")
    assert half["network"].endswith("projects/my-project-191923/global/networks/default")
    change("addPeering", reciprocal(network))
    assert api.status(peer) == "AVAILABLE"
    change("removePeering", {"name": "atlas"})
    assert api.status(peer) == "FAILED"
    assert api.peer(peer)["errorMessage"]
    api.delete(peer)
    atlas.advance(1)
    assert api.peer(peer) is None
    assert google.peerings(*network) == []


def test_deletion_of_a_connection_leaves_the_other_half(atlas, api, google, change, peer, network):
    change("addPeering", reciprocal(network))
    api.peer(peer)
    api.delete(peer)
    atlas.advance(1)
    assert api.peer(peer) is None
    assert google.peerings(*network) == []
    assert [one["state"] for one in google.peerings(*OURS)] == ["INACTIVE"]


def test_overlapping_ranges_fail_connection(atlas, api, google, change):
    google.add_network("my-project-191923", "overlaps", "192.168.0.0/20")
    body = {"providerName": "GCP", "gcpProjectId": "my-project-191923", "networkName": "overlaps"}
    peer = api.create(**body, containerId=atlas.containers["GCP"]).json()["id"]
    atlas.advance(1)
    assert api.status(peer) == "FAILED"


def test_other_operations_are_waited_for(atlas, api, google):
    google.occupy(*OURS, 0.2)
    body = {"providerName": "GCP", "gcpProjectId": OURS[0], "networkName": OURS[1]}
    peer = api.create(**body, containerId=atlas.containers["GCP"]).json()["id"]
    atlas.advance(1)
    assert api.status(peer) == "WAITING_FOR_USER"
