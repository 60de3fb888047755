# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The declared form of existing connections: declaring them as exported changes nothing. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import DELETING, FAILED
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import (
    parse_connection,
    parse_container,
    region_error,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import NO_OP, Record

#: One entry of ``atlas_peering_connections``, its options in the order in which they are written.
Entry = dict[str, str]


@dataclass(frozen=True)
class LeftOut:
    """A connection that is not declared.

    Attributes:
        record: The connection.
        reason: Why it is not declared, one sentence.
    """

    record: Record
    reason: str

    def as_result(self) -> dict[str, Any]:
        """Return it as data."""
        keys = ("provider_name", "id", "peer_network", "container_id", "container_region", "status", "error")
        return {**{key: self.record.get(key) for key in keys}, "reason": self.reason}


@dataclass(frozen=True)
class Export:
    """The connections of one project.

    Attributes:
        connections: The declared form of each that can be declared, in a stable order.
        left_out: The others.
    """

    connections: Sequence[Entry]
    left_out: Sequence[LeftOut]

    @property
    def is_empty(self) -> bool:
        """Whether the project has no connection at all."""
        return not self.connections and not self.left_out


def export(existing: Sequence[Record], containers: Sequence[Record]) -> Export:
    """Return the declared form of a project's connections.

    Args:
        existing: All its connections, with what their containers say.
        containers: All its containers.
    """
    connections: list[Entry] = []
    left_out: list[LeftOut] = []
    for record in sorted(existing, key=_order):
        declared = _declare(record, existing, containers)
        if isinstance(declared, LeftOut):
            left_out.append(declared)
        else:
            connections.append(declared)
    return Export(connections, left_out)


def _order(record: Record) -> tuple[str, ...]:
    """Return what connections are sorted by: the ID decides only between connections that are otherwise alike."""
    keys = ("provider_name", "peer_network", "container_region", "container_id", "id")
    return tuple(str(record.get(key) or "") for key in keys)


def _declare(record: Record, existing: Sequence[Record], containers: Sequence[Record]) -> Entry | LeftOut:
    """Return the shortest entry that the plan finds nothing to change for, or why there is none."""
    if record["phase"] in (FAILED, DELETING):
        cause = f" ({record['error']})" if record["error"] else ""
        action = f" {record['next_action']}" if record["next_action"] else ""
        return LeftOut(record, f"It is {record['phase']}{cause}.{action}")
    reason = ""
    for entry in _entries(record, containers):
        try:
            reason = _objection(entry, record, existing)
        except AtlasError as error:
            reason = f"It cannot be declared: {error.message}"
        if not reason:
            return entry
    return LeftOut(record, reason)


def _entries(record: Record, containers: Sequence[Record]) -> Iterator[Entry]:
    """Yield ways to declare a connection, each more specific than the one before."""
    cloud = CLOUDS[record["provider_name"]]
    given = {f.option: record[f.option] for f in cloud.peering.fields if record[f.option] is not None}
    by_id = {name: given.pop(name) for name in ("container_id",) if name in given}
    by_region = _region(record, containers)
    start, place = {"provider_name": cloud.name}, by_region or ({} if cloud.has_one_container else by_id)
    yield {**start, **place, **given}
    yield {**start, **by_id, **given}
    yield {**start, "peer_id": str(record["id"]), **place, **given}


def _region(record: Record, containers: Sequence[Record]) -> Entry:
    """Return the option that names the container by region; empty if that does not identify it."""
    region, cloud = record.get("container_region"), CLOUDS[record["provider_name"]]
    if not region:
        return {}
    container = parse_container(cloud, region, None, record["project_id"])
    is_unique = len(planning.candidates(container, containers)) == 1
    found = planning.match(container, containers) if is_unique and not region_error(container) else None
    return {"container_region": str(region)} if found and found["id"] == record["container_id"] else {}


def _objection(entry: Mapping[str, str], record: Record, existing: Sequence[Record]) -> str:
    """Return what declaring an entry would do to a connection, in a sentence; empty if nothing.

    Raises:
        AtlasError: The entry is malformed, or matches several connections.
    """
    desired = parse_connection(entry, record["project_id"], present=True).peering
    if "container_region" in entry:
        desired = replace(desired, values={**desired.values, "container_id": record["container_id"]})
    change = planning.plan(desired, existing, present=True)
    if change.id == record["id"] and change.action == NO_OP:
        return ""
    changed = ", ".join(f.option for f in planning.differences(desired, record))
    return f"Atlas' answer is ambiguous: declaring it would change {changed}."
