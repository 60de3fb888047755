# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for a peering: what is done about what exists, and what is refused."""

from __future__ import annotations

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.gcp.peering import (
    CREATE,
    DELETE,
    NO_OP,
    UPDATE,
    Desired,
    Network,
    creation,
    normalise,
    plan,
    update,
)

OURS = Network("my-project", "default")
ATLAS = Network("p-1a2b3c", "nt-4d5e6f")
OTHER = Network("other-project", "default")


def peering(name="atlas-nt-4d5e6f", peer=ATLAS, **more):
    return normalise(OURS, {"name": name, "network": f"https://www.googleapis.com/compute/v1/{peer.path}", **more})


def desired(name="", peer=ATLAS, **routes):
    return Desired(OURS, name, peer, routes)


def test_create_names_peering_after_peer_network():
    change = plan(desired(), [peering("vpn", OTHER)], True)
    assert (change.kind, change.before) == (CREATE, None)
    assert change.after == {
        "project": "my-project",
        "network": "default",
        "name": "atlas-nt-4d5e6f",
        "peer_project": "p-1a2b3c",
        "peer_network": "nt-4d5e6f",
        "state": None,
        "state_details": None,
        "export_custom_routes": False,
        "import_custom_routes": False,
        "export_subnet_routes_with_public_ip": True,
        "import_subnet_routes_with_public_ip": False,
    }


@pytest.mark.parametrize("length", [56, 57, 58, 63])
def test_default_name_is_valid_for_google(length):
    name = desired(peer=Network("p-1a2b3c", "n" * (length - 3) + "-" * 2 + "x")).default_name
    assert len(name) <= 63
    assert not name.endswith("-")


@pytest.mark.parametrize("name", ["", "made-by-hand"])
def test_present_existing_peering_keeps_its_name(name):
    existing = peering("made-by-hand")
    assert plan(desired(name), [existing], True) == plan(desired(name), [existing, peering("x", OTHER)], True)
    assert plan(desired(name), [existing], True).kind == NO_OP


def test_present_compares_only_given_route_options():
    existing = peering(exportCustomRoutes=True)
    assert plan(desired(), [existing], True).kind == NO_OP
    assert plan(desired(export_custom_routes=True), [existing], True).kind == NO_OP
    change = plan(desired(export_custom_routes=False), [existing], True)
    assert (change.kind, change.after) == (UPDATE, {**existing, "export_custom_routes": False})


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (desired(), "atlas-nt-4d5e6f"),
        (desired("atlas-nt-4d5e6f"), "atlas-nt-4d5e6f"),
        (desired("vpn", None), "vpn"),
        (desired(peer=Network("p-1a2b3c", "unknown")), None),
        (desired("unknown", None), None),
        (desired("unknown", Network("p-1a2b3c", "unknown")), None),
    ],
)
def test_absent_deletes_matching_peering(wanted, found):
    existing = [peering(), peering("vpn", OTHER)]
    change = plan(wanted, existing, False)
    assert (change.kind, change.after) == (DELETE if found else NO_OP, None)
    assert (change.before or {}).get("name") == found


@pytest.mark.parametrize("present", [True, False])
def test_name_of_peering_to_other_network_fails(present):
    with pytest.raises(PlanError) as caught:
        plan(desired("vpn"), [peering("vpn", OTHER)], present)
    assert str(caught.value) == (
        "The peering vpn of network my-project/default leads to other-project/default, not to p-1a2b3c/nt-4d5e6f. Set "
        "name to one that the network does not have yet, or delete that peering if nothing uses it."
    )


def test_default_name_of_peering_to_other_network_fails_if_present():
    with pytest.raises(PlanError, match="The peering atlas-nt-4d5e6f of network"):
        plan(desired(), [peering(peer=OTHER)], True)
    assert plan(desired(), [peering(peer=OTHER)], False).kind == NO_OP


@pytest.mark.parametrize("present", [True, False])
def test_peering_with_other_name_fails(present):
    with pytest.raises(PlanError) as caught:
        plan(desired("atlas"), [peering("made-by-hand")], present)
    assert str(caught.value) == (
        "name is atlas, but the peering of network my-project/default to p-1a2b3c/nt-4d5e6f exists as made-by-hand, "
        "and there cannot be two. Set name to made-by-hand, or leave it out to use the existing peering."
    )


def test_create_without_peer_network_fails():
    with pytest.raises(InputError, match="peer_project and peer_network are missing"):
        plan(desired("atlas", None), [], True)


def test_request_bodies():
    record = {**peering(), "export_custom_routes": True}
    routes = {
        "exportCustomRoutes": True,
        "importCustomRoutes": False,
        "exportSubnetRoutesWithPublicIp": True,
        "importSubnetRoutesWithPublicIp": False,
    }
    assert update(record) == {"name": "atlas-nt-4d5e6f", **routes}
    network = "projects/p-1a2b3c/global/networks/nt-4d5e6f"
    assert creation(record) == {**update(record), "network": network, "exchangeSubnetRoutes": True}


def test_peering_to_unreadable_network_url_fails():
    record = normalise(OURS, {"name": "odd", "network": "https://example.com/whatever"})
    assert (record["peer_project"], record["peer_network"]) == (None, "https://example.com/whatever")
    with pytest.raises(PlanError, match="leads to https://example"):
        plan(desired("odd"), [record], True)
