# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules for the attributes of peers and containers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network
from typing import Any

from ..errors import ApiError
from .blocks import overlaps, private_block
from .clouds import Cloud
from .resources import Container, Peer

# An example of version 1.0's documentation sends this attribute of the container with an Azure peer.
TOLERATED = frozenset(("atlasCidrBlock",))


def require(document: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse a document that lacks one of the attributes."""
    missing = [name for name in names if document.get(name) in (None, "")]
    if len(missing) > 1:
        raise ApiError("MISSING_ATTRIBUTES", ", ".join(missing))
    if missing:
        raise ApiError("MISSING_ATTRIBUTE", missing[0])


def refuse_others(document: Mapping[str, Any], known: Iterable[str], read_only: Iterable[str]) -> None:
    """Refuse attributes that only Atlas sets, and those it does not know."""
    expected, fixed = set(known) | TOLERATED, set(read_only)
    for name in document:
        if name in fixed:
            raise ApiError("ATTRIBUTE_READ_ONLY", name)
        if name not in expected:
            raise ApiError("INVALID_ATTRIBUTE", name)


def check_texts(document: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse attributes that are present but no strings."""
    for name in names:
        if not isinstance(document.get(name, ""), (str, type(None))):
            raise ApiError("INVALID_JSON_ATTRIBUTE", name)


def check_shapes(document: Mapping[str, Any], cloud: Cloud) -> None:
    """Refuse malformed attributes of a peer."""
    check_texts(document, cloud.attributes)
    for name, shape in cloud.attributes.items():
        value = document.get(name)
        if value is not None and re.fullmatch(shape, value) is None:
            if name == "accepterRegionName":
                raise ApiError("INVALID_REGION", value, cloud.name)
            raise ApiError("INVALID_ATTRIBUTE", name)


def check_route_table(block: str, others: Iterable[Peer], containers: Iterable[Container]) -> None:
    """Refuse a block that is malformed, public, or overlaps those of other peers or containers."""
    network = private_block(block, "INVALID_ROUTE_TABLE_CIDR")
    if overlaps(network, (peer.attributes["routeTableCidrBlock"] for peer in others)):
        raise ApiError("OVERLAPPING_CIDR_BLOCK", block)
    if overlaps(network, (container.atlas_cidr_block for container in containers)):
        raise ApiError("OVERLAPPING_ATLAS_CIDR_BLOCK", block)


def check_atlas_block(block: str, cloud: Cloud, regions: str | list[str] | None) -> None:
    """Refuse a container's block that is malformed, public, not canonical, or of a wrong size for its regions."""
    network = private_block(block, "ATLAS_INVALID_CIDR_RANGE")
    if str(network) != block:
        raise ApiError("ATLAS_NON_CANONICAL_CIDR_BLOCK", block, str(network))
    if isinstance(regions, list) and regions:
        if network.prefixlen not in range(21, 25):
            raise ApiError("ATLAS_INVALID_CIDR_BLOCK_FOR_SMALL_CONTAINER")
        _check_room(network, regions, cloud)
    elif network.prefixlen not in cloud.prefixes:
        raise ApiError("ATLAS_INVALID_CIDR_BLOCK", block, cloud.prefixes_wording, cloud.name)


def _check_room(network: IPv4Network, regions: list[str], cloud: Cloud) -> None:
    """Refuse more regions than the block holds: one of /24, and twice as many with each bit more."""
    needed = 24 - (len(set(regions)) - 1).bit_length()
    if needed < 21:
        raise ApiError("INVALID_ATTRIBUTE", cloud.region_key)
    if network.prefixlen > needed:
        raise ApiError("ATLAS_INVALID_CIDR_BLOCK", str(network), f"21 to /{needed}", cloud.name)


def check_free(block: str, others: Iterable[Container], peers: Iterable[Peer]) -> None:
    """Refuse a container's block that overlaps another container's or a peer's."""
    network = private_block(block, "ATLAS_INVALID_CIDR_RANGE")
    if overlaps(network, (container.atlas_cidr_block for container in others)):
        raise ApiError("OVERLAPPING_ATLAS_CIDR_BLOCK", block)
    if overlaps(network, (str(peer.attributes.get("routeTableCidrBlock")) for peer in peers)):
        raise ApiError("OVERLAPPING_CIDR_BLOCK", block)


def check_regions(regions: object, cloud: Cloud) -> None:
    """Refuse regions of another cloud, and a list where one region is due or the reverse."""
    several = cloud.one_per_project
    if isinstance(regions, list) != several:
        raise ApiError("INVALID_JSON_ATTRIBUTE", cloud.region_key)
    for region in regions if isinstance(regions, list) else [regions]:
        if not isinstance(region, str) or re.fullmatch(cloud.region_shape, region) is None:
            raise ApiError("INVALID_REGION", region, cloud.name)
