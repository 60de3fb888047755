# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PATCH of a connection: what it changes, when it starts the connection anew, and every way to be refused."""

from __future__ import annotations

import pytest

from support.api_errors import refusal

UNKNOWN = "0123456789abcdef01234567"


@pytest.fixture
def atlas(simulate):
    """Return an Atlas that takes a change of some attributes alone."""
    return simulate(patch_needs_all=False)


@pytest.fixture
def available(atlas, api, example):
    """Return the id of an AWS peer that is AVAILABLE."""
    peer = api.create(**example()).json()["id"]
    atlas.advance(1)
    atlas.accept(peer)
    atlas.advance(1)
    return peer


def test_update_of_route_table_cidr_block(atlas, api, available):
    before = api.peer(available)
    response = api.update(
        available, containerId=atlas.containers["AWS"], providerName="AWS", routeTableCidrBlock="10.2.0.0/16"
    )
    assert response.status_code == 200
    assert response.json() == api.peer(available) == {**before, "routeTableCidrBlock": "10.2.0.0/16"}


def test_update_of_account_and_vpc_restarts_connection(atlas, api, available):
    changes = {"awsAccountId": "999999999999", "vpcId": "vpc-0000000000000000f"}
    response = api.update(available, containerId=atlas.containers["AWS"], **changes)
    assert response.json()["statusName"] == "INITIATING"
    assert response.json()["connectionId"] is None
    atlas.advance(1)
    assert {**api.peer(available), **changes, "statusName": "PENDING_ACCEPTANCE"} == api.peer(available)


@pytest.mark.parametrize(("again", "status"), [(True, "INITIATING"), (False, "AVAILABLE")])
def test_update_with_all_attributes_restarts_connection_per_setting(simulate, client, example, again, status):
    """Whether the same account and VPC do so is not known; others do."""
    atlas = simulate(patch_needs_all=True, patch_reinitiates=again)
    api = client(atlas)
    peer = atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE", **example(containerId=..., providerName=...))
    before = api.peer(peer)
    document = example(routeTableCidrBlock="10.2.0.0/16")
    changed = api.update(peer, **document).json()
    assert (changed["statusName"], changed["routeTableCidrBlock"]) == (status, "10.2.0.0/16")
    assert (changed["connectionId"] == before["connectionId"]) is not again


@pytest.mark.parametrize("again", [True, False])
def test_update_of_vpc_always_restarts_connection(simulate, client, example, again):
    atlas = simulate(patch_reinitiates=again)
    api = client(atlas)
    peer = atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE", **example(containerId=..., providerName=...))
    assert api.update(peer, **example(vpcId="vpc-0000000000000000f")).json()["statusName"] == "INITIATING"


@pytest.mark.parametrize(
    ("absent", "code"),
    [
        (["awsAccountId", "vpcId", "accepterRegionName"], "MISSING_ATTRIBUTES"),
        (["accepterRegionName"], "MISSING_ATTRIBUTE"),
        (["routeTableCidrBlock"], "MISSING_ATTRIBUTE"),
        (["containerId"], "MISSING_ATTRIBUTE"),
    ],
)
def test_update_requires_all_attributes_per_setting(simulate, client, example, absent, code):
    atlas = simulate(patch_needs_all=True)
    api = client(atlas)
    peer = atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE", **example(containerId=..., providerName=...))
    before = api.peer(peer)
    document = example(**{"routeTableCidrBlock": "10.2.0.0/16", **dict.fromkeys(absent, ...)})
    assert refusal(api.update(peer, **document)) == (400, code)
    assert api.peer(peer) == before
    assert api.update(peer, **example(routeTableCidrBlock="10.2.0.0/16")).status_code == 200


def test_update_clears_error_of_failed_peer(atlas, api, example):
    peer = api.create(**example()).json()["id"]
    atlas.fail(peer)
    document = {name: example()[name] for name in ("containerId", "awsAccountId", "vpcId")}
    assert api.update(peer, **document).json()["errorStateName"] is None
    assert api.status(peer) == "INITIATING"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"containerId": ...}, 400, "MISSING_ATTRIBUTE"),
        ({"containerId": UNKNOWN}, 400, "ATTRIBUTE_READ_ONLY"),
        ({"accepterRegionName": "eu-west-1"}, 400, "ATTRIBUTE_READ_ONLY"),
        ({"statusName": "AVAILABLE"}, 400, "ATTRIBUTE_READ_ONLY"),
        ({"vnetName": "hub"}, 400, "INVALID_ATTRIBUTE"),
        ({"providerName": "GCP"}, 404, "PEER_NOT_FOUND"),
        ({"vpcId": "vpc-0000000000000000f"}, 400, "MISSING_ATTRIBUTE"),
        ({"routeTableCidrBlock": "10.2.0.0"}, 400, "INVALID_CIDR_BLOCK"),
        ({"routeTableCidrBlock": "8.8.8.0/24"}, 400, "INVALID_ROUTE_TABLE_CIDR"),
        ({"routeTableCidrBlock": "10.77.0.0/24"}, 409, "OVERLAPPING_CIDR_BLOCK"),
        ({"routeTableCidrBlock": "192.168.240.0/24"}, 409, "OVERLAPPING_ATLAS_CIDR_BLOCK"),
        ({"awsAccountId": "777777777777", "vpcId": "vpc-77777777777777777"}, 409, "PEER_ALREADY_EXISTS"),
    ],
)
def test_invalid_update_is_rejected(atlas, api, available, changes, status, code):
    neighbour = {
        "awsAccountId": "777777777777",
        "vpcId": "vpc-77777777777777777",
        "routeTableCidrBlock": "10.77.0.0/16",
    }
    atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE", **neighbour)
    before = api.peer(available)
    document = {"containerId": atlas.containers["AWS"], **changes}
    response = api.update(available, **{name: value for name, value in document.items() if value is not ...})
    assert refusal(response) == (status, code)
    assert api.peer(available) == before


@pytest.mark.parametrize("region", ["us-east-1", None])
def test_update_with_equal_region_and_vpc_is_unchanged(atlas, api, available, region):
    before = api.peer(available)
    document = {"containerId": atlas.containers["AWS"], "accepterRegionName": region, "vpcId": before["vpcId"]}
    assert api.update(available, **document).json() == before


@pytest.mark.parametrize("status", ["INITIATING", "FINALIZING", "TERMINATING"])
def test_update_in_other_status_is_rejected(atlas, api, status):
    peer = atlas.add_peer(atlas.project_id, "AWS", status)
    document = {"containerId": atlas.containers["AWS"], "routeTableCidrBlock": "10.2.0.0/16"}
    assert refusal(api.update(peer, **document)) == (409, "PEER_INVALID_STATE")


def test_updatable_statuses_setting(simulate, client):
    atlas = simulate(patch_needs_all=False, updatable_statuses=("AVAILABLE",))
    document = {"containerId": atlas.containers["AWS"], "routeTableCidrBlock": "10.2.0.0/16"}
    peers = [atlas.add_peer(atlas.project_id, "AWS", status) for status in ("AVAILABLE", "PENDING_ACCEPTANCE")]
    assert [client(atlas).update(peer, **document).status_code for peer in peers] == [200, 409]


@pytest.mark.parametrize("cloud", ["AZURE", "GCP"])
def test_update_of_azure_and_gcp_is_rejected(atlas, api, example, cloud):
    """Without its cloud such a peer is none of AWS; with it Atlas finds fault with the first attribute."""
    peer = atlas.add_peer(atlas.project_id, cloud, "AVAILABLE")
    first = {"AZURE": "azureDirectoryId", "GCP": "gcpProjectId"}[cloud]
    for document in (example(cloud), {"providerName": cloud, "containerId": atlas.containers[cloud]}):
        refused = api.update(peer, **document)
        assert refusal(refused) == (400, "INVALID_ATTRIBUTE")
        assert refused.json()["detail"] == f"Invalid attribute {first} specified."
    assert refusal(api.update(peer, **example(cloud, providerName=...))) == (404, "PEER_NOT_FOUND")
