# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers: one per region, their blocks, when they can change and go."""

from __future__ import annotations

import re

import pytest

UNKNOWN = "0123456789abcdef01234567"


def code(response):
    assert response.headers.get("X-Error-Code") == response.json().get("errorCode")
    return response.status_code, response.json().get("errorCode")


@pytest.fixture
def bare(atlas, api):
    """Return the id of a project without containers, which the client then speaks of."""
    project = atlas.add_project("bare", containers=False)
    api.group = f"/groups/{project}"
    return project


AWS = {"providerName": "AWS", "regionName": "EU_WEST_1", "atlasCidrBlock": "10.8.0.0/21"}
AZURE = {"providerName": "AZURE", "region": "US_EAST_2", "atlasCidrBlock": "10.8.0.0/21"}
GCP = {"providerName": "GCP", "atlasCidrBlock": "10.64.0.0/18"}


def test_project_has_seeded_containers(atlas, api):
    found = api.get(f"{api.group}/containers/all").json()["results"]
    assert {container["providerName"]: container["id"] for container in found} == atlas.containers
    assert all(container["provisioned"] for container in found)
    aws, azure, gcp = found
    assert (aws["regionName"], aws["atlasCidrBlock"]) == ("US_EAST_1", "192.168.240.0/21")
    assert re.fullmatch("vpc-[0-9a-f]{17}", aws["vpcId"])
    assert azure["region"] == "EUROPE_NORTH"
    assert re.fullmatch("[0-9a-f]{24}", azure["azureSubscriptionId"])
    assert azure["vnetName"].startswith(f"vnet_{azure['id']}_")
    assert re.fullmatch("p-[0-9a-z]{24}", gcp["gcpProjectId"])
    assert re.fullmatch("nt-[0-9a-f]{24}-[0-9a-z]{8}", gcp["networkName"])


@pytest.mark.parametrize(
    ("query", "cloud"), [({}, "AWS"), ({"providerName": "AZURE"}, "AZURE"), ({"providerName": "Gcp"}, "GCP")]
)
def test_list_returns_one_cloud(api, query, cloud):
    results = api.get(f"{api.group}/containers", **query).json()["results"]
    assert [container["providerName"] for container in results] == [cloud]


@pytest.mark.parametrize("kind", ["peers", "containers"])
def test_list_of_unknown_cloud_is_rejected(api, kind):
    assert code(api.get(f"{api.group}/{kind}", providerName="ORACLE")) == (400, "INVALID_ENUM_VALUE")


@pytest.mark.parametrize(
    ("document", "network"),
    [
        (AWS, {"vpcId": None}),
        (AZURE, {"azureSubscriptionId": None, "vnetName": None}),
        (GCP, {"gcpProjectId": None, "networkName": None}),
        ({**GCP, "atlasCidrBlock": "10.8.0.0/22", "regions": ["US_WEST_2"]}, {"gcpProjectId": None}),
    ],
)
def test_create_returns_container(api, bare, document, network):
    created = api.create("containers", **document)
    container = created.json()
    assert created.status_code == 200
    assert {**container, **document, **network, "provisioned": False} == container
    assert api.get(f"{api.group}/containers/{container['id']}").json() == container
    assert api.get(f"{api.group}/containers/all").json()["results"] == [container]


def test_first_peer_provisions_container(atlas, api, bare, example):
    container = api.create("containers", **GCP).json()["id"]
    assert api.create(**example("GCP", containerId=container)).status_code == 200
    provisioned = api.get(f"{api.group}/containers/{container}").json()
    assert provisioned["provisioned"] is True
    assert provisioned["gcpProjectId"].startswith("p-")


def test_aws_container_without_block_gets_one(api, bare):
    first = api.create("containers", providerName="AWS", regionName="US_EAST_1").json()
    second = api.create("containers", providerName="AWS", regionName="EU_WEST_1").json()
    assert [first["atlasCidrBlock"], second["atlasCidrBlock"]] == ["192.168.248.0/21", "192.168.240.0/21"]


@pytest.mark.parametrize(
    ("document", "status", "error"),
    [
        ({**AWS, "regionName": ...}, 400, "MISSING_ATTRIBUTE"),
        ({**AZURE, "atlasCidrBlock": ...}, 400, "MISSING_ATTRIBUTE"),
        ({**AZURE, "atlasCidrBlock": ..., "region": ...}, 400, "MISSING_ATTRIBUTES"),
        ({**GCP, "atlasCidrBlock": ...}, 400, "MISSING_ATTRIBUTE"),
        ({**AWS, "providerName": "TENANT"}, 400, "INVALID_ENUM_VALUE"),
        ({**AWS, "regionName": "us-east-1"}, 400, "INVALID_REGION"),
        ({**AWS, "regionName": ["US_EAST_1"]}, 400, "INVALID_JSON_ATTRIBUTE"),
        ({**GCP, "regions": "US_WEST_2"}, 400, "INVALID_JSON_ATTRIBUTE"),
        ({**GCP, "regions": ["us-west2"]}, 400, "INVALID_REGION"),
        ({**AWS, "provisioned": True}, 400, "ATTRIBUTE_READ_ONLY"),
        ({**AWS, "region": "US_EAST_1"}, 400, "INVALID_ATTRIBUTE"),
        ({**AWS, "atlasCidrBlock": 21}, 400, "INVALID_JSON_ATTRIBUTE"),
        ({**AWS, "atlasCidrBlock": "10.8.0.0"}, 400, "INVALID_CIDR_BLOCK"),
        ({**AWS, "atlasCidrBlock": "8.8.0.0/21"}, 400, "ATLAS_INVALID_CIDR_RANGE"),
        ({**AWS, "atlasCidrBlock": "10.8.0.1/21"}, 400, "ATLAS_NON_CANONICAL_CIDR_BLOCK"),
        ({**AWS, "atlasCidrBlock": "10.8.0.0/20"}, 400, "ATLAS_INVALID_CIDR_BLOCK"),
        ({**AZURE, "atlasCidrBlock": "10.8.0.0/25"}, 400, "ATLAS_INVALID_CIDR_BLOCK"),
        ({**GCP, "atlasCidrBlock": "10.8.0.0/21"}, 400, "ATLAS_INVALID_CIDR_BLOCK"),
        ({**GCP, "regions": ["US_WEST_2"]}, 400, "ATLAS_INVALID_CIDR_BLOCK_FOR_SMALL_CONTAINER"),
    ],
)
def test_invalid_container_is_rejected(api, bare, document, status, error):
    document = {name: value for name, value in document.items() if value is not ...}
    assert code(api.create("containers", **document)) == (status, error)
    assert api.get(f"{api.group}/containers/all").json()["results"] == []


@pytest.mark.parametrize("prefix", [21, 22, 23, 24])
@pytest.mark.parametrize("document", [AWS, AZURE, {**GCP, "regions": ["US_WEST_2"]}])
def test_container_prefix_is_checked(api, bare, document, prefix):
    assert api.create("containers", **{**document, "atlasCidrBlock": f"10.8.0.0/{prefix}"}).status_code == 200


@pytest.mark.parametrize(("prefix", "room"), [(24, 1), (23, 2), (22, 4), (21, 8)])
def test_gcp_block_limits_number_of_regions(api, bare, prefix, room):
    document = {**GCP, "atlasCidrBlock": f"10.8.0.0/{prefix}"}
    regions = [f"REGION_{number}" for number in range(room + 1)]
    refused = api.create("containers", **document, regions=regions)
    assert code(refused) == (400, "INVALID_ATTRIBUTE" if room == 8 else "ATLAS_INVALID_CIDR_BLOCK")
    if room < 8:
        detail = f"Atlas CIDR 10.8.0.0/{prefix} must be a /21 to /{prefix - 1} block for GCP."
        assert refused.json()["detail"] == detail
    assert api.create("containers", **document, regions=regions[:room]).status_code == 200


def test_update_to_gcp_block_too_small_is_rejected(api, bare):
    regions = ["US_WEST_2", "US_EAST_4"]
    made = api.create("containers", **{**GCP, "atlasCidrBlock": "10.8.0.0/23"}, regions=regions).json()["id"]
    refused = api.update(made, "containers", providerName="GCP", atlasCidrBlock="10.8.0.0/24")
    assert code(refused) == (400, "ATLAS_INVALID_CIDR_BLOCK")


def test_regions_without_capacity_setting(simulate, client):
    atlas = simulate(regions_without_capacity=("EU_WEST_1", "US_EAST_4"))
    api, bare = client(atlas), atlas.add_project("bare", containers=False)
    api.group = f"/groups/{bare}"
    for document in (AWS, {**GCP, "atlasCidrBlock": "10.8.0.0/21", "regions": ["US_WEST_2", "US_EAST_4"]}):
        assert code(api.create("containers", **document)) == (409, "NO_CAPACITY")
    assert api.create("containers", **{**AWS, "regionName": "US_EAST_1"}).status_code == 200
    assert api.create("containers", **GCP).status_code == 200


@pytest.mark.parametrize("block", ["10.64.0.0/18", "10.64.0.0/12", "10.0.0.0/8"])
def test_gcp_container_prefix_is_checked(api, bare, block):
    assert api.create("containers", **{**GCP, "atlasCidrBlock": block}).status_code == 200


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        (AWS, {**AWS, "atlasCidrBlock": "10.16.0.0/21"}, "CONTAINER_ALREADY_EXISTS"),
        (AZURE, {**AZURE, "atlasCidrBlock": "10.16.0.0/21"}, "CONTAINER_ALREADY_EXISTS"),
        (GCP, {**GCP, "atlasCidrBlock": "10.128.0.0/18"}, "CONTAINER_ALREADY_EXISTS"),
        (AWS, {**AWS, "regionName": "US_EAST_1"}, "OVERLAPPING_ATLAS_CIDR_BLOCK"),
        (AWS, {**AWS, "regionName": "US_EAST_1", "atlasCidrBlock": "10.8.4.0/24"}, "OVERLAPPING_ATLAS_CIDR_BLOCK"),
        (AWS, AZURE, None),
        (AWS, {**AWS, "regionName": "US_EAST_1", "atlasCidrBlock": "10.16.0.0/21"}, None),
    ],
)
def test_overlapping_and_duplicate_containers_are_rejected(api, bare, first, second, error):
    assert api.create("containers", **first).status_code == 200
    assert code(api.create("containers", **second)) == ((409, error) if error else (200, None))


def test_update_changes_block(api, bare):
    container = api.create("containers", **AWS).json()
    updated = api.update(container["id"], "containers", providerName="AWS", atlasCidrBlock="10.8.0.0/24")
    assert updated.status_code == 200
    assert updated.json() == {**container, "atlasCidrBlock": "10.8.0.0/24"}


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"regionName": "US_EAST_1"}, 400, "CANNOT_CHANGE_CONTAINER_REGION"),
        ({"providerName": "GCP"}, 400, "INVALID_PROVIDER_PARAMETERS"),
        ({"atlasCidrBlock": "10.8.0.0/20"}, 400, "ATLAS_INVALID_CIDR_BLOCK"),
        ({"vpcId": "vpc-1"}, 400, "ATTRIBUTE_READ_ONLY"),
    ],
)
def test_invalid_container_update_is_rejected(api, bare, changes, status, error):
    container = api.create("containers", **AWS).json()
    assert code(api.update(container["id"], "containers", **changes)) == (status, error)
    assert api.get(f"{api.group}/containers/{container['id']}").json() == container


def test_container_in_use_by_cluster_rejects_changes(atlas, api):
    container = atlas.containers["AWS"]
    assert code(api.delete(container, "containers")) == (409, "CONTAINERS_IN_USE")
    assert code(api.update(container, "containers", atlasCidrBlock="10.8.0.0/21")) == (409, "CONTAINERS_IN_USE")
    assert api.update(container, "containers", atlasCidrBlock="192.168.240.0/21").status_code == 200


def test_container_is_in_use_until_peer_is_gone(atlas, api, bare, example):
    container = api.create("containers", **AWS).json()["id"]
    peer = api.create(**example(containerId=container)).json()["id"]
    atlas.advance(10)
    assert code(api.delete(container, "containers")) == (409, "CONTAINERS_IN_USE")
    api.delete(peer)
    assert code(api.delete(container, "containers")) == (409, "CONTAINERS_IN_USE")
    atlas.advance(1)
    assert api.delete(container, "containers").status_code == 204
    assert code(api.get(f"{api.group}/containers/{container}")) == (404, "CLOUD_PROVIDER_CONTAINER_NOT_FOUND")


def test_recently_created_container_cannot_be_deleted(atlas, api, bare):
    container = api.create("containers", **AWS).json()["id"]
    refused = api.delete(container, "containers")
    assert code(refused) == (409, "CANNOT_DELETE_RECENTLY_CREATED_CONTAINER")
    assert "2027-01-15T08:00:01.000Z" in refused.json()["detail"]
    atlas.advance(1)
    deleted = api.delete(container, "containers")
    assert (deleted.status_code, deleted.content, atlas.exchanges[-1].response_body) == (204, b"", b"")


def test_container_delete_status_setting(simulate, client):
    atlas = simulate(container_delete_status=202)
    container = atlas.add_container(atlas.project_id, "AWS", "EU_WEST_1", provisioned=False)
    deleted = client(atlas).delete(container, "containers")
    assert (deleted.status_code, deleted.json()) == (202, {})


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_unknown_container_is_not_found(api, method):
    response = api.send(method, f"{api.group}/containers/{UNKNOWN}", json={})
    assert code(response) == (404, "CLOUD_PROVIDER_CONTAINER_NOT_FOUND")
    assert code(api.send(method, f"{api.group}/containers/mine", json={})) == (400, "PATH_PARAM_PARSE_ERROR")


def test_add_container_seeds_container(atlas, api, bare):
    made = atlas.add_container(bare, "AWS", provisioned=False)
    other = atlas.add_container(bare, "AWS", "EU_WEST_1", "10.8.0.0/21", container_id="6746ceedaef48d1cb265896b")
    assert other == "6746ceedaef48d1cb265896b"
    found = {item["id"]: item for item in api.get(f"{api.group}/containers/all").json()["results"]}
    assert (found[made]["provisioned"], found[made]["vpcId"], found[made]["regionName"]) == (False, None, "US_EAST_1")
    assert (found[other]["provisioned"], found[other]["atlasCidrBlock"]) == (True, "10.8.0.0/21")
    assert api.get(api.group).json()["clusterCount"] == 1
    peer = atlas.add_peer(bare, "AWS", containerId=other)
    assert atlas.container_of(peer) == found[other]
