# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: what Atlas would refuse, known before the first write. Pure, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import combinations

from ansible_collections.atlasops.network.plugins.module_utils import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.clouds import ACTION_REQUIRED, DELETING, PENDING
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.plan import Step

# Limits of one project, from the documentation of Atlas.
MAX_PEERS = 50
MAX_PENDING = 25

_PRIVATE = tuple(ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_BLOCK = "route_table_cidr_block"


def check_peerings(steps: Sequence[Step], found: Sequence[Record], containers: Sequence[Record]) -> Iterator[str]:
    """Tell what speaks against taking these steps, one sentence each.

    Args:
        steps: The steps planned for peering connections.
        found: The connections that were listed.
        containers: The containers that are known, or will have been created.
    """
    yield from _beyond_limits(steps, found)
    for name, count in Counter((step.wanted.project_id, step.wanted.name) for step in steps).items():
        if count > 1:
            yield f"The {name[1]} is declared {count} times."
    moving = [step for step in steps if step.action != planning.NOTHING and (step.after or {}).get(_BLOCK)]
    replaced = {step.before["id"] for step in moving if step.before}
    standing = [record for record in found if record["phase"] != DELETING and record["id"] not in replaced]
    blocks = {container["id"]: container["atlas_cidr_block"] for container in containers}
    for step in moving:
        yield from _check_block(step, standing, blocks)
    for one, other in combinations(moving, 2):
        if one.wanted.project_id == other.wanted.project_id and _overlap(_block(one), _block(other)):
            yield f"The blocks of {one.wanted.name} and {other.wanted.name} overlap: {_block(one)}, {_block(other)}."


def check_container(step: Step) -> Iterator[str]:
    """Tell what speaks against creating or changing a container."""
    cloud = step.wanted.cloud
    block = (step.after or {}).get("atlas_cidr_block")
    if step.action not in (planning.CREATE, planning.UPDATE) or cloud is None or not block:
        return
    if not _is_private(block):
        yield f"atlas_cidr_block {block} is not within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
    regional = cloud.regional_prefixes if (step.after or {}).get("regions") else None
    shortest, longest = regional or cloud.prefixes
    if not shortest <= ip_network(block).prefixlen <= longest:
        limited = " for a container that is limited to regions" if regional else ""
        yield f"atlas_cidr_block {block} must be from /{shortest} to /{longest} on {cloud.name}{limited}."


def _beyond_limits(steps: Sequence[Step], found: Sequence[Record]) -> Iterator[str]:
    new = Counter(step.wanted.project_id for step in steps if step.action == planning.CREATE)
    there = Counter(record["project_id"] for record in found if record["phase"] != DELETING)
    open_ = Counter(record["project_id"] for record in found if record["phase"] in (PENDING, ACTION_REQUIRED))
    for project_id, count in new.items():
        for known, limit, which in ((there, MAX_PEERS, ""), (open_, MAX_PENDING, "pending ")):
            if known[project_id] + count > limit:
                yield (
                    f"Project {project_id} would have {known[project_id] + count} {which}connections, "
                    f"{count} of them new; Atlas allows {limit}."
                )


def _check_block(step: Step, standing: Sequence[Record], blocks: dict[str, str | None]) -> Iterator[str]:
    block, name = _block(step), step.wanted.name
    if not _is_private(block):
        yield f"The {_BLOCK} {block} of the {name} is not within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
    atlas = blocks.get((step.after or {})["container_id"])
    if atlas and _overlap(block, atlas):
        yield f"The {_BLOCK} {block} of the {name} overlaps with the block {atlas} of its Atlas container."
    for record in standing:
        taken = record.get(_BLOCK)
        if taken and record["project_id"] == step.wanted.project_id and _overlap(block, taken):
            yield f"The {_BLOCK} {block} of the {name} overlaps with {taken} of connection {record['id']}."


def _block(step: Step) -> str:
    return str((step.after or {})[_BLOCK])


def _is_private(block: str) -> bool:
    return any(_within(ip_network(block), private) for private in _PRIVATE)


def _within(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    return isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network) and inner.subnet_of(outer)


def _overlap(one: str, other: str) -> bool:
    first, second = ip_network(one, strict=False), ip_network(other, strict=False)
    return isinstance(first, IPv4Network) and isinstance(second, IPv4Network) and first.overlaps(second)
