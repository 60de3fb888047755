# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIDR blocks: parsing, the private ranges, overlaps, free blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, ip_network

from ..errors import ApiError

PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def parse_block(text: str) -> IPv4Network | None:
    """Return the network, or None for a valid IPv6 one."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        network = None
    if network is None or "/" not in text:
        raise ApiError("INVALID_CIDR_BLOCK", text)
    return network if isinstance(network, IPv4Network) else None


def private_block(text: str, refusal: str) -> IPv4Network:
    """Return a network within the private ranges or raise the refusal."""
    network = parse_block(text)
    if network is None or not any(network.subnet_of(block) for block in PRIVATE):
        raise ApiError(refusal, text)
    return network


def overlaps(network: IPv4Network, others: Iterable[str]) -> bool:
    """Whether the network overlaps one of the others; what is not an IPv4 network is ignored."""
    return any(network.overlaps(other) for other in _networks(others))


def _networks(texts: Iterable[str]) -> Iterator[IPv4Network]:
    for text in texts:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            continue
        if isinstance(network, IPv4Network):
            yield network


def free_block(prefix: int, within: str, taken: Iterable[str]) -> str:
    """Return the highest free block of that size."""
    used = list(taken)
    for block in reversed(list(IPv4Network(within).subnets(new_prefix=prefix))):
        if not overlaps(block, used):
            return str(block)
    raise ApiError("OVERLAPPING_ATLAS_CIDR_BLOCK", within)
