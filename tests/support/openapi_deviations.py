# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where exchanges may differ from the official description, each with its reason. Nothing else may."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Callable
from urllib.parse import unquote

from simulator import Exchange
from simulator.http.messages import Headers

MEDIA_TYPE = "application/vnd.atlas.2023-01-01+json"
CHANGE_OF_BLOCK = {"containerId", "providerName", "routeTableCidrBlock"}
REST = {"accepterRegionName": "us-east-1", "awsAccountId": "123456789012", "vpcId": "vpc-0f1e2d3c4b5a69788"}

Json = dict[str, Any]


# Part of the description, what belongs there instead, and why.
CORRECTIONS: tuple[tuple[tuple[str, ...], Callable[[Json], Json], str], ...] = (
    (
        ("components", "securitySchemes", "ServiceAccounts"),
        lambda document: {"type": "http", "scheme": "bearer"},
        "that is what a service account is on the wire; openapi-core knows no OAuth 2 flows",
    ),
    (
        ("components", "schemas", "ApiError", "properties", "parameters", "items"),
        lambda document: {},
        "described as objects, but strings and numbers in every recorded answer",
    ),
    *(
        (
            ("components", "schemas", schema, "properties", "providerName"),
            lambda document, cloud=cloud: {"type": "string", "enum": [cloud]},
            "described as any cloud, so that a container of AWS or Azure is one of GCP, too, against oneOf",
        )
        for cloud, schema in {
            "AWS": "AWSCloudProviderContainer",
            "AZURE": "AzureCloudProviderContainer",
            "GCP": "GCPCloudProviderContainer",
        }.items()
    ),
    *(
        (
            ("components", "schemas", schema, "properties", "name", "pattern"),
            lambda document: r"^[\w\-_.(),:&@+' ]{1,64}$",
            "described without spaces, which recorded names have",
        )
        for schema in ("Group", "AtlasOrganization")
    ),
)


def correct(description: Mapping[str, Any]) -> Json:
    """Return the description with its known mistakes mended."""
    document = copy.deepcopy(dict(description))
    for (*parents, last), right, reason in CORRECTIONS:
        place = document
        for name in parents:
            place = place[name]
        assert place[last] != right(document), f"mended meanwhile, drop the correction: {reason}"
        place[last] = right(document)
    return document


@dataclass(frozen=True)
class Adapted:
    """An exchange as it is held against the description, and which halves of it are."""

    exchange: Exchange
    check_request: bool = True
    check_response: bool = True


@dataclass(frozen=True)
class Deviation:
    """A difference that is right."""

    reason: str
    applies: Callable[[Exchange], bool]
    adapt: Callable[[Adapted], Adapted]


def adapt(exchange: Exchange) -> Adapted:
    """Return the exchange as it would be without the differences that are right."""
    adapted = Adapted(exchange)
    for deviation in DEVIATIONS:
        if deviation.applies(adapted.exchange):
            adapted = deviation.adapt(adapted)
    return adapted


def _changes_only_the_block(exchange: Exchange) -> bool:
    """Is it a change as it was documented until 2019, complete in itself?"""
    document = exchange.request_json
    return exchange.method == "PATCH" and isinstance(document, dict) and set(document) == CHANGE_OF_BLOCK


def _with_the_rest(adapted: Adapted) -> Adapted:
    """Return the exchange with the attributes that its request left out, so that all others are checked."""
    body = json.dumps({**adapted.exchange.request_json, **REST}).encode()
    return replace(adapted, exchange=replace(adapted.exchange, request_body=body))


def _without_request(adapted: Adapted) -> Adapted:
    return replace(adapted, check_request=False)


def _without_response(adapted: Adapted) -> Adapted:
    return replace(adapted, check_response=False)


def _with_status_200(adapted: Adapted) -> Adapted:
    return replace(adapted, exchange=replace(adapted.exchange, status=200))


def _as_version_2(adapted: Adapted) -> Adapted:
    exchange = adapted.exchange
    good = exchange.status is not None and exchange.status < 400
    return replace(
        adapted,
        exchange=replace(
            exchange,
            path=exchange.path.replace("/v1.0/", "/v2/"),
            request_headers=_versioned(exchange.request_headers),
            response_headers=_versioned(exchange.response_headers) if good else exchange.response_headers,
            response_body=_with_provider(exchange),
        ),
    )


def _versioned(headers: Mapping[str, str]) -> Headers:
    """Return headers in which the plain media type is that of version 2, and any other is none at all."""
    media = ("accept", "content-type")
    return Headers(
        {
            name: value if name.lower() not in media else MEDIA_TYPE if value == "application/json" else "none"
            for name, value in headers.items()
        }
    )


def _with_provider(exchange: Exchange) -> bytes:
    """Return the answer's body with the name of the cloud in each connection."""
    body = exchange.response_json
    if "/peers" not in exchange.path or not isinstance(body, dict):
        return exchange.response_body
    for peer in body.get("results", [body]):
        if "containerId" in peer and "providerName" not in peer:
            peer["providerName"] = "AZURE" if "vnetName" in peer else "GCP" if "networkName" in peer else "AWS"
    return json.dumps(body).encode()


def _is_wrapped(exchange: Exchange) -> bool:
    return exchange.query.get("envelope") == "true" and isinstance(exchange.response_json, dict)


def _unwrapped(adapted: Adapted) -> Adapted:
    """Return an answer that a request wanted in an envelope as it is without one."""
    document = adapted.exchange.response_json
    content = document.get("content", {key: value for key, value in document.items() if key != "status"})
    return replace(adapted, exchange=replace(adapted.exchange, response_body=json.dumps(content).encode()))


DEVIATIONS = (
    Deviation(
        "an answer that a test ordered to be wrong is no answer of Atlas",
        lambda exchange: exchange.faulty,
        _without_response,
    ),
    Deviation(
        "a name that a test planted to see it escaped is none that Atlas would give",
        lambda exchange: "<script>" in unquote(exchange.path) or b"<script>" in exchange.response_body,
        lambda adapted: _without_request(_without_response(adapted)),
    ),
    Deviation(
        "an answer without content (204) has nothing to be described",
        lambda exchange: exchange.status == 204,
        _without_response,
    ),
    Deviation(
        "a connection that was closed without an answer has none",
        lambda exchange: exchange.status is None,
        _without_response,
    ),
    Deviation(
        "HTTP Digest begins with a request without credentials, to be answered 401",
        lambda exchange: (
            "Authorization" not in exchange.request_headers and (exchange.status == 401 or exchange.faulty)
        ),
        _without_request,
    ),
    Deviation(
        "a change is described with all attributes of a creation, but naming account and VPC may start the connection "
        "anew; the block alone may be sent first, which Atlas takes or refuses with 400",
        _changes_only_the_block,
        _with_the_rest,
    ),
    Deviation(
        "a creation is described to answer 200, but other resources were recorded to answer 201",
        lambda exchange: exchange.status == 201,
        _with_status_200,
    ),
    Deviation(
        "the query parameter envelope is described to wrap the answer, but no answer is described wrapped",
        _is_wrapped,
        _unwrapped,
    ),
    Deviation(
        "v1.0 is version 2023-01-01 at another path, with a plain media type; its answers do not name the cloud",
        lambda exchange: exchange.path.startswith("/api/atlas/v1.0/"),
        _as_version_2,
    ),
)

# Field -> a value that the description's pattern and the collection's judge differently, what they say, and why.
DIFFERENT_PATTERNS: dict[str, tuple[str, bool, bool, str]] = {
    "vpcId": ("vpc-1a2b3c4d", False, True, "AWS gave out ids of 8 digits until 2018, and they live on"),
    "routeTableCidrBlock": ("999.0.0.0/99", True, False, "described by its form only"),
    "gcpProjectId": ("my-project-191923!", True, False, "described without its end"),
    "networkName": ("Default network", True, False, "described without anchors: a small letter anywhere is enough"),
}
