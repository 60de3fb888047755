# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Preflight: what Atlas would refuse, known before the first write. Pure, no I/O."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations

from ansible_collections.atlasops.network.plugins.module_utils.errors import option
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import (
    ACTION_REQUIRED,
    DELETING,
    FAILED,
    PENDING,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import whole_network
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import Change
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record

_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_PRIVATE_SPOKEN = "10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
_BLOCK = "route_table_cidr_block"
_NAMED = 5  # how many of many a sentence names
_OPENING = (planning.CREATE, planning.REPLACE)


@dataclass(frozen=True)
class Limits:
    """What one run may come to in one project.

    Attributes:
        peers: How many connections Atlas allows, as its documentation says.
        pending: How many of them may be pending, as its documentation says.
        purge: How many connections may be purged.
    """

    peers: int = 50
    pending: int = 25
    purge: int = 5


DOCUMENTED_LIMITS = Limits()


def check_peerings(
    changes: Sequence[Change], found: Sequence[Record], containers: Sequence[Record], limits: Limits
) -> Iterator[str]:
    """Tell what speaks against taking these steps, one sentence each.

    Args:
        changes: The steps planned for peering connections.
        found: The connections that were listed.
        containers: The containers that are known, or will have been created.
        limits: What Atlas allows.
    """
    yield from _beyond_limits(changes, found, limits)
    for one, other in combinations(changes, 2):
        if (one.writes or other.writes) and _same_target(one, other):
            yield f"The {other.desired.name} is declared twice."
    moving = [change for change in changes if change.writes and (change.after or {}).get(_BLOCK)]
    replaced = {change.before["id"] for change in moving if change.before}
    # Whether the block of a failed connection is still taken is for Atlas to judge.
    standing = [one for one in found if one["phase"] not in (DELETING, FAILED) and one["id"] not in replaced]
    atlas_blocks = {container["id"]: container["atlas_cidr_block"] for container in containers}
    for change in moving:
        yield from _check_block(change, standing, atlas_blocks)
    for one, other in combinations(moving, 2):
        if blocks(one.after or {}, other) and not _same_target(one, other):
            yield f"The blocks of {one.desired.name} and {other.desired.name} overlap: {_block(one)}, {_block(other)}."


def blocks(record: Record, change: Change) -> bool:
    """Tell whether a connection's block keeps a step from being taken: it overlaps, from the same container."""
    after, taken = change.after or {}, record.get(_BLOCK)
    if not (change.writes and taken and after.get(_BLOCK)) or record["project_id"] != change.desired.project_id:
        return False
    return record["container_id"] == after["container_id"] and _overlap(_block(change), taken)


def shared_blocks(planned: Sequence[Record]) -> Iterator[str]:
    """Warn of each network that several projects peer from overlapping blocks of Atlas, one sentence for each.

    Args:
        planned: The connections as they will be, of any projects; those whose container's block is unknown are skipped.
    """
    networks: dict[str, dict[str, dict[str, Record]]] = defaultdict(lambda: defaultdict(dict))
    for one in planned:
        if one.get("atlas_cidr_block"):
            networks[whole_network(one)][one["atlas_cidr_block"]][one["project_id"]] = one
    for projects in networks.values():
        ends = [one for block, at in projects.items() for one in at.values() if _is_shared(one, block, projects)]
        if ends:
            named = ", ".join(f"{one['atlas_cidr_block']} of project {one['project_id']}" for one in ends[:_NAMED])
            more = f" and {len(ends) - _NAMED} more" if len(ends) > _NAMED else ""
            yield (
                f"{ends[0]['peer_network']} is peered with blocks of Atlas that overlap: {named}{more}. It can have "
                "routes to one of them only. Give the containers of these projects blocks of their own."
            )


def _is_shared(record: Record, block: str, projects: Mapping[str, Mapping[str, Record]]) -> bool:
    """Tell whether another project peers the same network from a block that overlaps."""
    project = record["project_id"]
    return any(len(at) > (project in at) and _overlap(block, other) for other, at in projects.items())


def make_room() -> str:
    """Return what to do about a connection whose block is in the way."""
    return f"It must go first ({option('state')}: absent) if it is no longer used; otherwise choose another block."


def check_purge(strays: Sequence[Change], limits: Limits) -> Iterator[str]:
    """Tell whether more would be purged than is allowed."""
    if len(strays) > limits.purge:
        labels = ", ".join(f"{s.desired.name} ({s.desired.resource_type.label(s.before or {})})" for s in strays)
        yield (
            f"{option('purge')} would delete {len(strays)} connections of project {strays[0].desired.project_id}, and "
            f"{option('purge_limit')} allows {limits.purge}: {labels}. Declare those that are to stay, or set "
            f"{option('purge_limit')} to {len(strays)}."
        )


def check_container(change: Change) -> Iterator[str]:
    """Tell what speaks against creating or changing a container."""
    cloud = change.desired.cloud
    block = (change.after or {}).get("atlas_cidr_block")
    if change.action not in (planning.CREATE, planning.UPDATE) or cloud is None or not block:
        return
    if not _is_private(block):
        yield f"atlas_cidr_block {block} is not within {_PRIVATE_SPOKEN}. Choose one that is."
    regional = cloud.regional_prefixes if (change.after or {}).get("regions") else None
    shortest, longest = regional or cloud.prefixes
    network = _network(block)
    if network and not shortest <= network.prefixlen <= longest:
        limited = " for a container that is limited to regions" if regional else ""
        yield f"atlas_cidr_block {block} must be from /{shortest} to /{longest} on {cloud.name}{limited}."
    elif network and regional:
        yield from _check_room(network, longest, (change.after or {})["regions"])


def _check_room(block: IPv4Network, longest: int, regions: Sequence[str]) -> Iterator[str]:
    """Tell whether a block is too small for its regions; the smallest one, of the longest prefix, holds one region."""
    room = 2 ** (longest - block.prefixlen)
    if len(regions) > room:
        yield (
            f"atlas_cidr_block {block} has room for {room} region{'s' if room > 1 else ''}, and {len(regions)} are "
            f"named: {', '.join(regions)}. Choose a larger block, or name fewer."
        )


def _beyond_limits(changes: Sequence[Change], found: Sequence[Record], limits: Limits) -> Iterator[str]:
    there = [record for record in found if record["phase"] != DELETING]
    open_ = [record for record in found if record["phase"] in (PENDING, ACTION_REQUIRED)]
    created = [change for change in changes if change.action == planning.CREATE]
    opened = [change for change in changes if change.action in _OPENING and change.before not in open_]
    for known, new, limit, which in ((there, created, limits.peers, ""), (open_, opened, limits.pending, "pending ")):
        before = Counter(record["project_id"] for record in known)
        for project_id, count in Counter(change.desired.project_id for change in new).items():
            if before[project_id] + count > limit:
                yield (
                    f"Project {project_id} would have {before[project_id] + count} {which}connections, "
                    f"{count} of them new; Atlas allows {limit}."
                )


def _check_block(change: Change, standing: Sequence[Record], atlas_blocks: dict[str, str | None]) -> Iterator[str]:
    block, name = _block(change), change.desired.name
    if not _is_private(block):
        yield f"The {_BLOCK} {block} of the {name} is not within {_PRIVATE_SPOKEN}. Choose one that is."
    atlas = atlas_blocks.get((change.after or {})["container_id"])
    if atlas and _overlap(block, atlas):
        yield f"The {_BLOCK} {block} of the {name} overlaps with {atlas} of its Atlas container. Choose another."
    for record in standing:
        if blocks(record, change):
            yield (
                f"The {_BLOCK} {block} of the {name} overlaps with {record[_BLOCK]} of connection {record['id']} to "
                f"{record['peer_network']} ({record['status']}). {make_room()}"
            )


def _block(change: Change) -> str:
    return str((change.after or {})[_BLOCK])


def _same_target(one: Change, other: Change) -> bool:
    """Tell whether two steps act on the same connection, or come to connections that nothing tells apart."""
    if one.before and other.before and one.before["id"] == other.before["id"]:
        return True
    return bool(one.after and other.after) and _identity(one.after or {}) == _identity(other.after or {})


def _identity(record: Record) -> tuple[str, str, str]:
    return record["project_id"], whole_network(record), str(record["container_id"])


def _network(block: str) -> IPv4Network | None:
    """Return a block of IPv4; None for anything else, which Atlas itself may judge."""
    try:
        return IPv4Network(block, strict=False)
    except ValueError:
        return None


def _is_private(block: str) -> bool:
    network = _network(block)
    return network is None or any(network.subnet_of(private) for private in _PRIVATE)


def _overlap(one: str, other: str) -> bool:
    first, second = _network(one), _network(other)
    return bool(first and second and first.overlaps(second))
