# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What is declared in one project compared with what exists. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, option, readable
from ansible_collections.atlasops.network.plugins.module_utils.model import peering
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import ACTION_REQUIRED, AVAILABLE, FAILED
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import ATLAS_CIDR_BLOCK, CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import DesiredPeering
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import candidates, differences, match
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired, Record

MISSING, DIFFERENT, UNDECLARED, UNKNOWN = "missing", "different", "undeclared", "unknown"
_HOW = "atlas_peering_set or the playbook atlasops.network.peer"

#: One connection or container of the report, with its ``state``: a phase, or one of the words above.
Entry = dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    """What is declared in one project compared with what exists.

    Attributes:
        declared: An entry for each declared connection, in their order.
        undeclared: An entry for each other connection.
        containers: An entry for each container that is declared or exists.
        errors: Position of a declared connection -> why it could not be compared.
    """

    declared: Sequence[Entry]
    undeclared: Sequence[Entry]
    containers: Sequence[Entry]
    errors: Mapping[int, AtlasError]


def compare(
    declared: Sequence[DesiredPeering], existing: Sequence[Record], containers: Sequence[Record], now: datetime
) -> Comparison:
    """Compare one project.

    Args:
        declared: What is declared, each connection with the ID of its container if that exists.
        existing: All connections of the project.
        containers: All its containers.
        now: The time from which remaining times are counted, in UTC.

    Raises:
        PlanError: Several containers are the same to Atlas.
    """
    entries: list[Entry] = []
    errors: dict[int, AtlasError] = {}
    for number, one in enumerate(declared):
        try:
            entries.append(_declared_entry(one, existing, now))
        except AtlasError as error:
            errors[number] = error
            entries.append(_unknown_entry(one.peering, error, now))
    known = {record["id"] for one in declared for record in candidates(one.peering, existing)}
    others = [one for one in existing if one["id"] not in known]
    named = [*(entry["peering"] or one.peering.absent for entry, one in zip(entries, declared)), *others]
    every = _with_containers([*entries, *(_undeclared_entry(one, now) for one in others)], named, containers)
    compared, undeclared = every[: len(entries)], every[len(entries) :]
    used = {entry["container_id"] for entry in compared}
    return Comparison(compared, undeclared, _container_entries(declared, containers, used), errors)


def unread(declared: Sequence[DesiredPeering], error: AtlasError, now: datetime) -> Comparison:
    """Return the comparison of a project that could not be read."""
    entries = [_unknown_entry(one.peering, error, now) for one in declared]
    entries = _with_containers(entries, [one.peering.absent for one in declared], [])
    return Comparison(entries, [], [], dict.fromkeys(range(len(entries)), error))


def _declared_entry(declared: DesiredPeering, existing: Sequence[Record], now: datetime) -> Entry:
    if declared.error:
        raise declared.error
    desired = declared.peering
    record = match(desired, existing)
    if record is None:
        action = "Leave peer_id out to create one." if desired.id else f"Create it with {_HOW}."
        return {**_entry(MISSING, desired.absent, None, now), "next_action": action}
    fields = differences(desired, record)
    # A failure is what a person must know first; the differences are listed beside it.
    state = DIFFERENT if fields and record["phase"] != FAILED else record["phase"]
    entry = _entry(state, record, record, now)
    entry["differences"] = [
        {"field": f.option, "declared": desired.values[f.option], "found": record[f.option]} for f in fields
    ]
    if state == DIFFERENT:
        entry["next_action"] = entry["next_action"] or _how_to_change([f.option for f in fields if not f.mutable])
    return entry


def _how_to_change(immutable: Sequence[str]) -> str:
    if not immutable:
        return f"Change it with {_HOW}, or declare what exists."
    return (
        f"Declare what exists, or replace the connection ({option('recreate_on')}: [changed]): Atlas cannot change "
        f"{', '.join(immutable)} in place."
    )


def _unknown_entry(desired: Desired, error: AtlasError, now: datetime) -> Entry:
    return {**_entry(UNKNOWN, desired.absent, None, now), "next_action": error.hint or error.message}


def _entry(state: str, named: Record, record: Record | None, now: datetime) -> Entry:
    return {
        "state": state,
        **{key: named.get(key) for key in ("provider_name", "peer_network", "container_id")},
        "container_region": named.get("container_region"),
        "differences": [],
        **{key: record[key] if record else None for key in ("next_action", "next_command")},
        "peering": record,
        "usable": None,
        **_times(record, now),
    }


def _undeclared_entry(record: Record, now: datetime) -> Entry:
    """Return the entry of a connection that is not declared: whatever it waits for, that comes first."""
    action = f"Declare it, or delete it with atlas_peering (state: absent, peer_id: {record['id']})."
    entry = _entry(UNDECLARED, record, record, now)
    return {**entry, "next_action": None if PEERING.is_deleting(record) else action, "next_command": None}


def _with_containers(entries: Sequence[Entry], named: Sequence[Record], containers: Sequence[Record]) -> list[Entry]:
    """Return entries with their containers, and with names that tell them apart.

    Args:
        entries: Entries of one project.
        named: The record that names each of them.
        containers: The containers of the project.
    """
    located = []
    for entry in entries:
        container = _container_of(entry, containers)
        region = entry["container_region"] or container.get("region")
        located.append({"container_id": entry["container_id"] or container.get("id"), "container_region": region})
    suffixes = peering.distinctions([{**one, **place} for one, place in zip(named, located)])
    return [
        {**entry, **place, "name": readable(f"{entry['peer_network'] or one['id']}{suffix}")}
        for entry, one, place, suffix in zip(entries, named, located, suffixes)
    ]


def _container_of(entry: Entry, containers: Sequence[Record]) -> Record:
    """Return the container of an entry, which need not name it if a project has only one; otherwise nothing."""
    cloud = CLOUDS[entry["provider_name"]]
    key, value = ("provider_name", cloud.name) if cloud.has_one_container else ("id", entry["container_id"])
    return next((one for one in containers if one[key] == value), {})


def _times(record: Record | None, now: datetime) -> dict[str, Any]:
    """Return when a connection was created and when its request expires.

    Derived: the first four bytes of an Atlas ID, a MongoDB ObjectId, count the seconds from 1970 to its creation.
    """
    if record is None:
        return {"created_at": None, "expires_at": None, "expires_in_hours": None}
    created = datetime.fromtimestamp(int(record["id"][:8], 16), timezone.utc)
    days = CLOUDS[record["provider_name"]].request_days
    if record["phase"] != ACTION_REQUIRED or not days:
        return {"created_at": created.isoformat(), "expires_at": None, "expires_in_hours": None}
    expires = created + timedelta(days=days)
    hours = round((expires - now).total_seconds() / 3600, 1)
    return {"created_at": created.isoformat(), "expires_at": expires.isoformat(), "expires_in_hours": hours}


def _container_entries(
    declared: Sequence[DesiredPeering], containers: Sequence[Record], used: set[str | None]
) -> list[Entry]:
    """Return an entry for each container: those that are named by region first, then the others."""
    desired = [one.container for one in declared if one.container and not one.error]
    desired.sort(key=lambda one: ATLAS_CIDR_BLOCK.option in one.values)  # one with a block overrides one without
    entries = [_declared_container(one, containers) for one in {one.name: one for one in desired}.values()]
    named = {entry["id"] for entry in entries}
    return entries + [_existing_container(one, one["id"] in used) for one in containers if one["id"] not in named]


def _declared_container(desired: Desired, containers: Sequence[Record]) -> Entry:
    record = match(desired, containers)
    block = desired.values.get(ATLAS_CIDR_BLOCK.option)
    if record is None:
        return {**desired.absent, "state": MISSING, "declared_cidr_block": block, "atlas_cidr_block": None}
    is_equal = block is None or ATLAS_CIDR_BLOCK.equal(block, record["atlas_cidr_block"])
    return {**record, "state": AVAILABLE if is_equal else DIFFERENT, "declared_cidr_block": block}


def _existing_container(record: Record, is_used: bool) -> Entry:
    """Return the entry of a container that is not named by region; a connection may name it by ID."""
    return {**record, "state": AVAILABLE if is_used else UNDECLARED, "declared_cidr_block": None}
