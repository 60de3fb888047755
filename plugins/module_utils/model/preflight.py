# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Preflight: what Atlas would refuse, reported before the first write. Pure, no I/O."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations

from ansible_collections.atlasops.network.plugins.module_utils.errors import option
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import (
    ACTION_REQUIRED,
    DELETING,
    FAILED,
    PENDING,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import qualified_network
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import CREATE, UPDATE, Change, Record

_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_PRIVATE_TEXT = "10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
_CIDR_OPTION = "route_table_cidr_block"
_MOST_NAMED = 5  # of many, in one sentence


@dataclass(frozen=True)
class Limits:
    """Limits on what one run may do in one project.

    Attributes:
        peers: Connections that Atlas allows. Its documentation on network peering limits a project to 50.
        pending: Connections that may be pending. The same page limits them to 25.
        purge: Resources that may be purged.
    """

    peers: int = 50
    pending: int = 25
    purge: int = 5


DOCUMENTED_LIMITS = Limits()


def check_peerings(
    changes: Sequence[Change], existing: Sequence[Record], containers: Sequence[Record], limits: Limits
) -> Iterator[str]:
    """Yield why these changes would fail, one sentence each.

    Args:
        changes: The changes planned for the peering connections of a project.
        existing: The existing connections.
        containers: The containers that exist, or will have been created.
        limits: What Atlas allows.
    """
    yield from _beyond_limits(changes, existing, limits)
    for one, other in combinations(changes, 2):
        if (one.writes or other.writes) and _same_target(one, other):
            yield f"The {other.desired.name} is declared twice."
    moving = [change for change in changes if change.writes and (change.after or {}).get(_CIDR_OPTION)]
    replaced = {change.before["id"] for change in moving if change.before}
    # Whether the block of a failed connection is still taken is for Atlas to judge.
    standing = [one for one in existing if one["phase"] not in (DELETING, FAILED) and one["id"] not in replaced]
    atlas_blocks = {container["id"]: container["atlas_cidr_block"] for container in containers}
    for change in moving:
        yield from _check_block(change, standing, atlas_blocks)
    for one, other in combinations(moving, 2):
        if blocks(one.after or {}, other) and not _same_target(one, other):
            yield f"The blocks of {one.desired.name} and {other.desired.name} overlap: {_block(one)}, {_block(other)}."


def blocks(record: Record, change: Change) -> bool:
    """Report whether a connection prevents a change: its block overlaps, and it starts from the same container."""
    after, taken = change.after or {}, record.get(_CIDR_OPTION)
    if not (change.writes and taken and after.get(_CIDR_OPTION)) or record["project_id"] != change.desired.project_id:
        return False
    return record["container_id"] == after["container_id"] and _overlap(_block(change), taken)


def overlap_warnings(planned: Sequence[Record]) -> Iterator[str]:
    """Yield a warning for each network that several projects peer from overlapping blocks of Atlas.

    Args:
        planned: The connections as they will be, of any project; those whose container's block is unknown are skipped.
    """
    networks: dict[str, dict[str, dict[str, Record]]] = defaultdict(lambda: defaultdict(dict))
    for one in planned:
        if one.get("atlas_cidr_block"):
            networks[qualified_network(one)][one["atlas_cidr_block"]][one["project_id"]] = one
    for projects in networks.values():
        ends = [one for block, at in projects.items() for one in at.values() if _is_shared(one, block, projects)]
        if ends:
            named = ", ".join(f"{one['atlas_cidr_block']} of project {one['project_id']}" for one in ends[:_MOST_NAMED])
            more = f" and {len(ends) - _MOST_NAMED} more" if len(ends) > _MOST_NAMED else ""
            yield (
                f"{ends[0]['peer_network']} is peered with overlapping blocks of Atlas: {named}{more}. It can "
                "have routes to only one of them. Give the containers of these projects blocks of their own."
            )


def _is_shared(record: Record, block: str, projects: Mapping[str, Mapping[str, Record]]) -> bool:
    """Report whether another project peers the same network from an overlapping block."""
    project = record["project_id"]
    return any(len(at) > (project in at) and _overlap(block, other) for other, at in projects.items())


def how_to_make_room() -> str:
    """Return what to do about a connection whose block overlaps."""
    return f"Delete it first ({option('state')}: absent) if it is no longer used, or choose another block."


def check_purge(strays: Sequence[Change], limits: Limits) -> Iterator[str]:
    """Yield an error if more would be purged than is allowed."""
    if len(strays) > limits.purge:
        labels = ", ".join(f"{s.desired.name} ({s.desired.resource_type.label(s.before or {})})" for s in strays)
        plural, project_id = strays[0].desired.resource_type.plural, strays[0].desired.project_id
        yield (
            f"{option('purge')} would delete {len(strays)} {plural} of project {project_id}, and "
            f"{option('purge_limit')} allows {limits.purge}: {labels}. Declare those that should stay, or set "
            f"{option('purge_limit')} to {len(strays)}."
        )


def check_container(change: Change) -> Iterator[str]:
    """Yield why creating or changing a container would fail."""
    cloud = change.desired.cloud
    block = (change.after or {}).get("atlas_cidr_block")
    if change.action not in (CREATE, UPDATE) or cloud is None or not block:
        return
    if not _is_private(block):
        yield f"atlas_cidr_block {block} is not within {_PRIVATE_TEXT}. Choose one that is."
    regional = cloud.regional_prefixes if (change.after or {}).get("regions") else None
    shortest, longest = regional or cloud.prefixes
    network = _network(block)
    if network and not shortest <= network.prefixlen <= longest:
        limited = " for a container that is limited to regions" if regional else ""
        yield f"atlas_cidr_block {block} must be from /{shortest} to /{longest} on {cloud.name}{limited}."
    elif network and regional:
        yield from _check_room(network, longest, (change.after or {})["regions"])


def _check_room(block: IPv4Network, longest: int, regions: Sequence[str]) -> Iterator[str]:
    """Yield an error if a block is too small for its regions. A block of the longest prefix holds one region."""
    room = 2 ** (longest - block.prefixlen)
    if len(regions) > room:
        yield (
            f"atlas_cidr_block {block} has room for {room} region{'s' if room > 1 else ''}, and {len(regions)} are "
            f"named: {', '.join(regions)}. Choose a larger block, or name fewer."
        )


def _beyond_limits(changes: Sequence[Change], existing: Sequence[Record], limits: Limits) -> Iterator[str]:
    there = [record for record in existing if record["phase"] != DELETING]
    open_ = [record for record in existing if record["phase"] in (PENDING, ACTION_REQUIRED)]
    created = [change for change in changes if change.action == CREATE]
    opened = [change for change in changes if change.creates and change.before not in open_]
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
        yield f"The {_CIDR_OPTION} {block} of the {name} is not within {_PRIVATE_TEXT}. Choose one that is."
    atlas = atlas_blocks.get((change.after or {})["container_id"])
    if atlas and _overlap(block, atlas):
        yield f"The {_CIDR_OPTION} {block} of the {name} overlaps with {atlas} of its Atlas container. Choose another."
    for record in standing:
        if blocks(record, change):
            yield (
                f"The {_CIDR_OPTION} {block} of the {name} overlaps with {record[_CIDR_OPTION]} of connection "
                f"{record['id']} to {record['peer_network']} ({record['status']}). {how_to_make_room()}"
            )


def _block(change: Change) -> str:
    return str((change.after or {})[_CIDR_OPTION])


def _same_target(one: Change, other: Change) -> bool:
    """Report whether two changes concern the same connection, or lead to connections with the same identity."""
    if one.before and other.before and one.before["id"] == other.before["id"]:
        return True
    return _identity(one) == _identity(other)


def _identity(change: Change) -> tuple[str, str, str]:
    record = change.after or {}
    return record["project_id"], qualified_network(record), str(record["container_id"])


def _network(block: str) -> IPv4Network | None:
    """Return an IPv4 block; None for anything else, which is left to Atlas."""
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
