# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official description of the API, the checker that holds exchanges against it, and the table of clouds."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.atlasops.network.plugins.module_utils import errors
from ansible_collections.atlasops.network.plugins.module_utils.api import http_errors
from ansible_collections.atlasops.network.plugins.module_utils.model import cloud as cloud_model
from ansible_collections.atlasops.network.plugins.module_utils.model import clouds, regions
from simulator import Exchange, Simulator
from simulator.domain.clock import timestamp
from simulator.http.messages import Headers
from support.openapi import VARIABLE, check_exchanges, description
from support.openapi_deviations import DIFFERENT_PATTERNS, MEDIA_TYPE
from support.patience import PATIENCE
from support.samples import in_api

DESCRIPTION = description()
if DESCRIPTION is None:
    pytest.skip(
        f"contract not checked: set {VARIABLE} to the file of Atlas' official OpenAPI description",
        allow_module_level=True,
    )

SCHEMAS = DESCRIPTION["components"]["schemas"]
EVERY_CLOUD = pytest.mark.parametrize("cloud", clouds.CLOUDS.values(), ids=clouds.CLOUDS)


# The checker


@pytest.fixture(scope="module")
def creation() -> Iterator[Exchange]:
    """A good exchange: the creation of a connection."""
    with Simulator() as atlas:
        requests.post(
            f"{atlas.url}/api/atlas/v2/groups/{atlas.project_id}/peers",
            json={"providerName": "AWS", **in_api("AWS")},
            headers={
                "Accept": MEDIA_TYPE,
                "Content-Type": MEDIA_TYPE,
                "Authorization": f"Bearer {atlas.issue_token()}",
            },
            timeout=PATIENCE,
        )
        yield atlas.exchanges[0]


def without(headers: Headers, name: str, **others: str) -> Headers:
    return Headers({key: value for key, value in {**headers, **others}.items() if key != name})


def altered(body: bytes, **changes: Any) -> bytes:
    return json.dumps({**json.loads(body), **changes}).encode()


def test_valid_exchange_passes(creation: Exchange) -> None:
    assert check_exchanges([creation]) == []


WRONG: dict[str, Callable[[Exchange], dict[str, Any]]] = {
    "media type of the request": lambda one: {
        "request_headers": without(one.request_headers, "Content-Type", **{"content-type": "text/plain"})
    },
    "version that is accepted": lambda one: {"request_headers": without(one.request_headers, "Accept", accept="*/*")},
    "no credentials": lambda one: {"request_headers": without(one.request_headers, "Authorization")},
    "attribute missing": lambda one: {"request_body": b'{"providerName": "AWS"}'},
    "malformed attribute": lambda one: {"request_body": altered(one.request_body, awsAccountId="1")},
    "unknown cloud": lambda one: {"request_body": altered(one.request_body, providerName="aws")},
    "unknown path": lambda one: {"path": one.path + "s"},
    "unknown method": lambda one: {"method": "PUT"},
    "undescribed status": lambda one: {"status": 299},
    "media type of the answer": lambda one: {"response_headers": Headers({"Content-Type": "application/json"})},
    "unknown connection status": lambda one: {"response_body": altered(one.response_body, statusName="READY")},
    "number for a text": lambda one: {"response_body": altered(one.response_body, vpcId=7)},
    "malformed id": lambda one: {"response_body": altered(one.response_body, id="1")},
    "no JSON": lambda one: {"response_body": b"<html>"},
    "old path with the new media type": lambda one: {"path": one.path.replace("v2", "v1.0")},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_invalid_exchange_is_found(wrong: str, creation: Exchange) -> None:
    assert check_exchanges([replace(creation, **WRONG[wrong](creation))]) != []


def change(creation: Exchange, **document: str) -> Exchange:
    """Return the exchange as a change of the connection that was created."""
    body = json.dumps({"providerName": "AWS", "containerId": "1" * 24, **document}).encode()
    path = f"{creation.path}/{creation.response_json['id']}"
    return replace(creation, method="PATCH", path=path, request_body=body)


def test_route_table_cidr_block_alone_is_a_valid_update(creation: Exchange) -> None:
    """Atlas takes that or answers 400; nothing else may be left out."""
    assert check_exchanges([change(creation, routeTableCidrBlock="10.9.0.0/16")]) == []
    assert check_exchanges([change(creation, routeTableCidrBlock="all")]) != []
    assert check_exchanges([change(creation)]) != []
    assert check_exchanges([change(creation, routeTableCidrBlock="10.9.0.0/16", awsAccountId="1" * 12)]) != []
    assert check_exchanges([change(creation, **{**in_api("AWS"), "accepterRegionName": "eu-west-1"})]) == []


# The simulator


@pytest.mark.parametrize("version", ["v2", "v1.0"])
def test_access_list_of_simulator_matches_specification(version: str) -> None:
    with Simulator() as atlas, requests.Session() as session:
        atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE")
        media_type = MEDIA_TYPE if version == "v2" else "application/json"
        session.headers.update(
            {"Accept": media_type, "Content-Type": media_type, "Authorization": f"Bearer {atlas.issue_token()}"}
        )
        url = f"{atlas.url}/api/atlas/{version}/groups/{atlas.project_id}/accessList"
        entries = [
            {"cidrBlock": "10.1.0.0/16", "comment": "VPC", "deleteAfterDate": timestamp(time.time() + 3600)},
            {"ipAddress": "192.0.2.1"},
            {"awsSecurityGroup": "sg-0123456789abcdef0"},
        ]
        statuses = [session.post(url, json=entries, timeout=PATIENCE).status_code]
        for path in ("", "/10.1.0.0%2F16", "/192.0.2.1", "/sg-0123456789abcdef0", "/192.0.2.1/status", "/192.0.2.2"):
            statuses.append(session.get(url + path, timeout=PATIENCE).status_code)
        statuses += [
            session.delete(f"{url}/{entry}", timeout=PATIENCE).status_code for entry in ("10.1.0.0%2F16", "192.0.2.1")
        ]
        assert statuses == [201, 200, 200, 200, 200, 200, 404, 204, 204]
        assert check_exchanges(atlas.exchanges) == []


# The table of clouds


def schema_of(cloud: cloud_model.Cloud) -> dict[str, Any]:
    reference = SCHEMAS["BaseNetworkPeeringConnectionSettings"]["discriminator"]["mapping"][cloud.name]
    schema: dict[str, Any] = SCHEMAS[reference.rpartition("/")[2]]
    return schema


def test_clouds_equal_specification() -> None:
    mapping = SCHEMAS["BaseNetworkPeeringConnectionSettings"]["discriminator"]["mapping"]
    assert list(mapping) == list(clouds.CLOUDS)


@EVERY_CLOUD
def test_peering_fields_equal_specification(cloud: cloud_model.Cloud) -> None:
    schema = schema_of(cloud)
    described = {name for name, field in schema["properties"].items() if not field.get("readOnly")}
    assert {field.api for field in cloud.peering.fields} == described - {"providerName"} == set(schema["required"])


@EVERY_CLOUD
def test_read_only_peering_fields_equal_specification(cloud: cloud_model.Cloud) -> None:
    described = {name for name, field in schema_of(cloud)["properties"].items() if field.get("readOnly")}
    assert {"id", *cloud.peering.read_only, cloud.status_key, cloud.error_key} == described


@EVERY_CLOUD
def test_every_status_has_a_phase(cloud: cloud_model.Cloud) -> None:
    assert sorted(cloud.phases) == sorted(schema_of(cloud)["properties"][cloud.status_key]["enum"])
    assert set(cloud.phases.values()) <= set(cloud_model.PHASES)


@EVERY_CLOUD
def test_every_error_has_a_next_action(cloud: cloud_model.Cloud) -> None:
    described = schema_of(cloud)["properties"][cloud.error_key].get("enum", [])
    assert set(described) - {None} <= set(cloud.next_actions)
    assert set(cloud.next_actions) <= {*described, *cloud.phases}


@EVERY_CLOUD
def test_nullable_fields_are_those_defaulting_to_region(cloud: cloud_model.Cloud) -> None:
    properties = schema_of(cloud)["properties"]
    assert [f.api for f in cloud.peering.fields if f.default_from == "region"] == [
        f.api for f in cloud.peering.fields if properties[f.api].get("nullable")
    ]


@EVERY_CLOUD
def test_container_fields_are_in_specification(cloud: cloud_model.Cloud) -> None:
    reference = SCHEMAS["CloudProviderContainer"]["discriminator"]["mapping"][cloud.name]
    assert set(cloud.from_container) <= {
        *cloud.container.options,
        *map(cloud_model.snake_case, cloud.container.read_only),
    }
    read_only = set(cloud.container.read_only)
    assert read_only <= set(SCHEMAS[reference.rpartition("/")[2]]["properties"])


# Containers


def container_schema_of(cloud: cloud_model.Cloud) -> dict[str, Any]:
    reference = SCHEMAS["CloudProviderContainer"]["discriminator"]["mapping"][cloud.name]
    schema: dict[str, Any] = SCHEMAS[reference.rpartition("/")[2]]
    return schema


def test_container_clouds_equal_specification() -> None:
    assert list(SCHEMAS["CloudProviderContainer"]["discriminator"]["mapping"]) == list(clouds.CLOUDS)


@EVERY_CLOUD
def test_container_fields_equal_specification(cloud: cloud_model.Cloud) -> None:
    properties = container_schema_of(cloud)["properties"]
    described = {name for name, field in properties.items() if not field.get("readOnly")}
    assert {field.api for field in cloud.container.fields} == described - {"providerName"}
    read_only = {name for name, field in properties.items() if field.get("readOnly")}
    assert {"id", *cloud.container.read_only} == read_only


@EVERY_CLOUD
def test_required_container_fields_equal_specification(cloud: cloud_model.Cloud) -> None:
    """What may be left out to create one is what Atlas chooses."""
    required = container_schema_of(cloud)["required"]
    assert {field.api for field in cloud.container.fields if not field.computed} == set(required)


@EVERY_CLOUD
def test_list_fields_of_container_equal_specification(cloud: cloud_model.Cloud) -> None:
    properties = container_schema_of(cloud)["properties"]
    many = [name for name, field in properties.items() if field["type"] == "array"]
    assert [field.api for field in cloud.container.fields if field.is_set] == many


@EVERY_CLOUD
def test_every_specified_region_is_accepted(cloud: cloud_model.Cloud) -> None:
    """Also as AWS would spell it; ``us-east-1`` and ``US_EAST_1`` are one region. No network is everywhere."""
    for field in cloud.container.fields:
        described = container_schema_of(cloud)["properties"][field.api]
        for region in {*described.get("enum", []), *described.get("items", {}).get("enum", [])} - {"GLOBAL"}:
            spellings = [region, region.lower(), region.replace("_", "-").lower()]
            values = [[one] for one in spellings] if field.is_set else spellings
            assert [field.parse("region", one) for one in values] == [[region] if field.is_set else region] * 3


@pytest.mark.parametrize("name", ["AZURE", "GCP"])
def test_every_specified_region_is_accepted_in_spelling_of_cloud(name: str) -> None:
    (field,) = [one for one in clouds.CLOUDS[name].container.fields if one.is_location]
    described = container_schema_of(clouds.CLOUDS[name])["properties"][field.api]
    known = {"AZURE": regions.AZURE_REGIONS, "GCP": regions.GCP_REGIONS}[name]
    assert {*described.get("enum", []), *described.get("items", {}).get("enum", [])} <= set(known.values())


@EVERY_CLOUD
def test_container_blocks_are_validated_like_specification(cloud: cloud_model.Cloud) -> None:
    (field,) = [one for one in cloud.container.fields if one.api == "atlasCidrBlock"]
    pattern = container_schema_of(cloud)["properties"]["atlasCidrBlock"]["pattern"]
    for value, good in (("10.8.0.0/21", True), ("192.168.0.0/16", True), ("10.8.0.0", False), ("vpc", False)):
        assert (bool(re.search(pattern, value)), is_clean(field, value)) == (good, good)


# Values that the description's patterns and the table's must judge alike: good ones, bad ones.
SAMPLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "containerId": (
        ("32b6e34b3d91647abb20e7b8",),
        ("32b6e34b3d91647abb20e7b", "32B6E34B3D91647ABB20E7B8", "x" * 24, ""),
    ),
    "awsAccountId": (("123456789012", "000000000000"), ("12345678901", "1234567890123", "12345678901a", "")),
    "routeTableCidrBlock": (("10.0.0.0/8", "192.168.1.0/24"), ("10.0.0.0", "10.0.0.0/", "vpc", "")),
    "vpcId": (("vpc-0f1e2d3c4b5a69788",), ("vpc-0f1e2d3c4b5a6978g", "0f1e2d3c4b5a69788", "vpc-", "")),
    "resourceGroupName": (("group", "a_b.c-(d)", "Gruppe-1"), ("a b", "a/b", "")),
    "vnetName": (("net", "a_b.c-(d)"), ("a b", "a/b", "")),
    "gcpProjectId": (("my-project-191923", "abcdef"), ("1project", "My-project", "abc", "")),
    "networkName": (("default", "a", "net-1"), ("", "1", "-")),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_patterns_validate_like_specification(name: str) -> None:
    """Also in every cloud that has the field."""
    good, bad = SAMPLES[name]
    for cloud in clouds.CLOUDS.values():
        for field in (one for one in cloud.peering.fields if one.api == name):
            pattern = schema_of(cloud)["properties"][name]["pattern"]
            assert [value for value in good if not (re.search(pattern, value) and is_clean(field, value))] == []
            assert [value for value in bad if re.search(pattern, value) or is_clean(field, value)] == []


@pytest.mark.parametrize("name", DIFFERENT_PATTERNS)
def test_known_differences_of_patterns_still_exist(name: str) -> None:
    value, described, ours, _reason = DIFFERENT_PATTERNS[name]
    ((cloud, field),) = [(c, f) for c in clouds.CLOUDS.values() for f in c.peering.fields if f.api == name]
    assert bool(re.search(schema_of(cloud)["properties"][name]["pattern"], value)) is described
    assert is_clean(field, value) is ours


def is_clean(field: cloud_model.Field, value: str) -> bool:
    try:
        field.parse(field.option, value)
    except errors.InputError:
        return False
    return True


def test_every_pattern_has_samples() -> None:
    described = {
        name
        for cloud in clouds.CLOUDS.values()
        for name, field in schema_of(cloud)["properties"].items()
        if "pattern" in field and not field.get("readOnly")
    }
    assert described == set(SAMPLES)


@pytest.mark.skipif(
    "ATLAS_FIXTURES" not in os.environ, reason="ATLAS_FIXTURES does not name the folder of error-codes.json"
)
def test_known_error_codes_exist() -> None:
    listed = json.loads((Path(os.environ["ATLAS_FIXTURES"]) / "error-codes.json").read_text(encoding="utf-8"))
    codes = {entry["errorCode"] for entry in listed["errors"]}
    of_oauth, renamed = {"invalid_client", "access_denied"}, {"ORG_REQUIRES_ACCESS_LIST"}
    assert set(http_errors._HINTS_BY_CODE) - of_oauth - renamed <= codes
