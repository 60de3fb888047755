# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating, listing, changing and deleting peers, and every way to be refused."""

from __future__ import annotations

import pytest

from support.api_errors import refusal

UNKNOWN = "0123456789abcdef01234567"


@pytest.mark.parametrize("cloud", ["AWS", "AZURE", "GCP"])
def test_created_peer_is_found(atlas, api, example, cloud):
    sent = example(cloud)
    created = api.create(**sent)
    peer = created.json()
    assert created.status_code == 200
    assert len(peer["id"]) == 24
    region = {"accepterRegionName": None} if cloud == "AWS" else {}
    assert {**peer, **sent, **region} == peer, "the answer holds what was sent"
    assert api.peer(peer["id"]) == peer
    assert api.get(f"{api.group}/peers", providerName=cloud).json()["results"] == [peer]
    assert atlas.peers() == [peer]


def test_create_status_setting(simulate, client, example):
    assert client(simulate(create_status=201)).create(**example()).status_code == 201


def test_version_1_omits_provider_name(atlas, client, example):
    api = client(atlas, version="v1.0")
    created = api.create(**example("AZURE"))
    assert created.status_code == 200
    assert created.headers["Content-Type"] == "application/json"
    assert "providerName" not in created.json()
    assert created.json()["vnetName"] == "hub"
    listed = api.get(f"{api.group}/peers", providerName="AZURE").json()["results"]
    assert listed == [created.json()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "AWS"),
        ({"providerName": ""}, "AWS"),
        ({"providerName": "AZURE"}, "AZURE"),
        ({"providerName": "GCP"}, "GCP"),
    ],
)
def test_list_returns_one_cloud(atlas, api, query, found):
    for cloud in ("AWS", "AZURE", "GCP"):
        atlas.add_peer(atlas.project_id, cloud, "AVAILABLE")
    results = api.get(f"{api.group}/peers", **query).json()["results"]
    assert [peer["providerName"] for peer in results] == [found]


def test_provider_defaults_to_aws(api, example):
    assert api.create(**example(providerName=...)).json()["providerName"] == "AWS"


def test_provider_in_lower_case_is_rejected(api, example):
    """Only the query of the containers' list takes it in any case."""
    assert refusal(api.get(f"{api.group}/peers", providerName="Azure")) == (400, "INVALID_ENUM_VALUE")
    assert refusal(api.create(**example("AZURE", providerName="Azure"))) == (400, "INVALID_ENUM_VALUE")
    created = api.create("containers", providerName="Azure", region="US_EAST_2", atlasCidrBlock="10.8.0.0/21")
    assert refusal(created) == (400, "INVALID_ENUM_VALUE")


@pytest.mark.parametrize(("region", "shown"), [("us-east-1", None), ("eu-west-1", "eu-west-1")])
def test_region_equal_to_container_is_null(api, example, region, shown):
    assert api.create(**example(accepterRegionName=region)).json()["accepterRegionName"] == shown


@pytest.mark.parametrize(
    ("cloud", "changes", "status", "code"),
    [
        ("AWS", {"vpcId": ...}, 400, "MISSING_ATTRIBUTE"),
        ("AWS", {"vpcId": ""}, 400, "MISSING_ATTRIBUTE"),
        ("AWS", {"containerId": ...}, 400, "MISSING_ATTRIBUTE"),
        ("AWS", {"vpcId": ..., "awsAccountId": None}, 400, "MISSING_ATTRIBUTES"),
        ("AZURE", {"vnetName": ...}, 400, "MISSING_ATTRIBUTE"),
        ("GCP", {"networkName": ...}, 400, "MISSING_ATTRIBUTE"),
        ("AWS", {"providerName": "ORACLE"}, 400, "INVALID_ENUM_VALUE"),
        ("AWS", {"awsAccountId": "12345"}, 400, "INVALID_ATTRIBUTE"),
        ("AWS", {"awsAccountId": 123456789012}, 400, "INVALID_JSON_ATTRIBUTE"),
        ("AWS", {"vpcId": "subnet-0123"}, 400, "INVALID_ATTRIBUTE"),
        ("AWS", {"accepterRegionName": "US_EAST_1"}, 400, "INVALID_REGION"),
        ("AWS", {"vnetName": "hub"}, 400, "INVALID_ATTRIBUTE"),
        ("AWS", {"connectionId": "pcx-1"}, 400, "ATTRIBUTE_READ_ONLY"),
        ("GCP", {"status": "AVAILABLE"}, 400, "ATTRIBUTE_READ_ONLY"),
        ("AZURE", {"azureSubscriptionId": "mine"}, 400, "INVALID_ATTRIBUTE"),
        ("AZURE", {"vnetName": "a b"}, 400, "INVALID_ATTRIBUTE"),
        ("GCP", {"gcpProjectId": "My Project"}, 400, "INVALID_ATTRIBUTE"),
        ("GCP", {"networkName": "Default"}, 400, "INVALID_ATTRIBUTE"),
        ("AWS", {"containerId": UNKNOWN}, 404, "CLOUD_PROVIDER_CONTAINER_NOT_FOUND"),
        ("AWS", {"containerId": "my-container"}, 500, "UNEXPECTED_ERROR"),
        ("AWS", {"routeTableCidrBlock": "10.1.0.0"}, 400, "INVALID_CIDR_BLOCK"),
        ("AWS", {"routeTableCidrBlock": "10.1.0.0/33"}, 400, "INVALID_CIDR_BLOCK"),
        ("AWS", {"routeTableCidrBlock": "8.8.0.0/16"}, 400, "INVALID_ROUTE_TABLE_CIDR"),
        ("AWS", {"routeTableCidrBlock": "10.0.0.0/7"}, 400, "INVALID_ROUTE_TABLE_CIDR"),
        ("AWS", {"routeTableCidrBlock": "fd00::/64"}, 400, "INVALID_ROUTE_TABLE_CIDR"),
        ("AWS", {"routeTableCidrBlock": "192.168.0.0/16"}, 409, "OVERLAPPING_ATLAS_CIDR_BLOCK"),
    ],
)
def test_invalid_peer_is_rejected(atlas, api, example, cloud, changes, status, code):
    assert refusal(api.create(**example(cloud, **changes))) == (status, code)
    assert atlas.peers() == []


@pytest.mark.parametrize("block", ["10.1.0.0/16", "10.1.2.3/16", "172.31.255.0/24", "192.168.64.0/24"])
def test_private_blocks_are_accepted(api, example, block):
    assert api.create(**example(routeTableCidrBlock=block)).json()["routeTableCidrBlock"] == block


def test_container_of_other_cloud_is_rejected(atlas, api, example):
    response = api.create(**example(containerId=atlas.containers["GCP"]))
    assert refusal(response) == (400, "INVALID_PROVIDER_PARAMETERS")


@pytest.mark.parametrize(
    ("cloud", "first", "second", "code"),
    [
        ("AWS", {}, {"routeTableCidrBlock": "10.9.0.0/16"}, "PEER_ALREADY_EXISTS"),
        ("AZURE", {}, {"resourceGroupName": "other"}, "PEER_ALREADY_EXISTS_AZURE"),
        ("GCP", {}, {}, "PEER_ALREADY_EXISTS_GCP"),
        ("AWS", {}, {"vpcId": "vpc-0000000000000000f"}, "OVERLAPPING_CIDR_BLOCK"),
        ("AWS", {"routeTableCidrBlock": "10.1.2.3/16"}, {"vpcId": "vpc-0000000000000000f"}, "OVERLAPPING_CIDR_BLOCK"),
        ("AWS", {"routeTableCidrBlock": "10.0.0.0/8"}, {"vpcId": "vpc-0000000000000000f"}, "OVERLAPPING_CIDR_BLOCK"),
    ],
)
def test_conflicting_peers_are_rejected(atlas, api, example, cloud, first, second, code):
    assert api.create(**example(cloud, **first)).status_code == 200
    response = api.create(**example(cloud, **second))
    assert refusal(response) == (409, code)
    assert len(atlas.peers()) == 1


def test_conflict_error_names_identity(api, example):
    api.create(**example())
    assert api.create(**example()).json()["parameters"] == ["123456789012", "vpc-0123456789abcdef0"]


@pytest.mark.parametrize(("blocks", "status"), [(True, 409), (False, 200)])
def test_failed_peer_blocks_successor_per_setting(simulate, client, example, blocks, status):
    atlas = simulate(failed_peer_blocks=blocks)
    api = client(atlas)
    atlas.fail(api.create(**example()).json()["id"])
    assert api.create(**example()).status_code == status


def test_peer_of_other_project_is_no_conflict(atlas, api, example):
    other = atlas.add_project("other")
    document = example()
    atlas.add_peer(other, "AWS", "AVAILABLE", **{name: document[name] for name in ("awsAccountId", "vpcId")})
    assert api.create(**document).status_code == 200


def test_number_of_pending_peers_is_limited(atlas, api, example):
    for _turn in range(25):
        atlas.add_peer(atlas.project_id, "GCP", "WAITING_FOR_USER")
    response = api.create(**example())
    assert refusal(response) == (409, "PEER_MAXIMUM_REACHED")
    assert response.json()["parameters"] == [25]
    atlas.reciprocate(atlas.peers()[0]["id"])
    assert api.create(**example()).status_code == 200


def test_number_of_peers_is_limited(atlas, api, example):
    for _turn in range(50):
        atlas.add_peer(atlas.project_id, "AZURE", "AVAILABLE")
    response = api.create(**example())
    assert refusal(response) == (409, "PEER_MAXIMUM_REACHED")
    assert response.json()["parameters"] == [50]


def test_azure_without_access_is_rejected(simulate, client, example):
    api = client(simulate(azure_access_granted=False))
    assert refusal(api.create(**example("AZURE"))) == (400, "AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED")
    assert api.create(**example("GCP")).status_code == 200


def test_unknown_attributes_are_ignored_per_setting(simulate, client, example):
    created = client(simulate(reject_unknown_attributes=False)).create(**example(surprise=1))
    assert created.status_code == 200
    assert "surprise" not in created.json()


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"{", "MALFORMED_JSON"), (b"", "MALFORMED_JSON"), (b"[]", "INVALID_JSON"), (b"1", "INVALID_JSON")],
)
def test_body_that_is_no_object_is_rejected(api, body, code):
    headers = {"Content-Type": "application/json"}
    assert refusal(api.send("POST", f"{api.group}/peers", data=body, headers=headers)) == (400, code)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"peers/{UNKNOWN}", 404, "PEER_NOT_FOUND"),
        ("peers/pcx-0123456789abcdef0", 400, "PATH_PARAM_PARSE_ERROR"),
        (f"peers/{UNKNOWN.upper()}", 400, "PATH_PARAM_PARSE_ERROR"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_unknown_peer_is_not_found(api, method, path, status, code):
    assert refusal(api.send(method, f"{api.group}/{path}", json={})) == (status, code)


def test_peer_of_other_project_is_not_found(atlas, api):
    peer = atlas.add_peer(atlas.add_project("other"), "AWS", "AVAILABLE")
    assert refusal(api.get(f"{api.group}/peers/{peer}")) == (404, "PEER_NOT_FOUND")
