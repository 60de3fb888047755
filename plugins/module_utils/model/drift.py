# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What is declared in one project against what is there. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.engine.project import DesiredPeering
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, option
from ansible_collections.atlasops.network.plugins.module_utils.model import peering
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import (
    ACTION_REQUIRED,
    ATLAS_CIDR_BLOCK,
    AVAILABLE,
    CLOUDS,
    FAILED,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import Desired
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import candidates, differing, match
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record

MISSING, DIFFERENT, UNDECLARED, UNKNOWN = "missing", "different", "undeclared", "unknown"
_MEANS = "atlas_peering_set or the playbook atlasops.network.peer"

Entry = dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    """What is declared in one project against what is there.

    Attributes:
        declared: An entry for each declared connection, in their order.
        undeclared: An entry for each other connection.
        containers: An entry for each container that is declared or there.
        errors: Position of a declared connection -> why it could not be compared.
    """

    declared: Sequence[Entry]
    undeclared: Sequence[Entry]
    containers: Sequence[Entry]
    errors: Mapping[int, AtlasError]


def compare(
    declared: Sequence[DesiredPeering], found: Sequence[Record], containers: Sequence[Record], now: datetime
) -> Comparison:
    """Compare one project.

    Args:
        declared: What should be there, each connection with the id of its container if there is one.
        found: All connections of the project.
        containers: All its containers.
        now: The time that remaining times are counted from, in UTC.

    Raises:
        PlanError: Several containers are the same to Atlas.
    """
    entries: list[Entry] = []
    errors: dict[int, AtlasError] = {}
    for number, one in enumerate(declared):
        try:
            entries.append(_entry(one, found, now))
        except AtlasError as error:
            errors[number] = error
            entries.append(_unknown(one.peering, error, now))
    known = {record["id"] for one in declared for record in candidates(one.peering, found)}
    strangers = [one for one in found if one["id"] not in known]
    named = [*(entry["peering"] or one.peering.absent for entry, one in zip(entries, declared)), *strangers]
    every = _placed([*entries, *(_stranger(one, now) for one in strangers)], named, containers)
    rooms = _rooms(declared, containers, {entry["container_id"] for entry in every[: len(entries)]})
    return Comparison(every[: len(entries)], every[len(entries) :], rooms, errors)


def unread(declared: Sequence[DesiredPeering], error: AtlasError, now: datetime) -> Comparison:
    """Return what can be said of a project that could not be read."""
    entries = [_unknown(one.peering, error, now) for one in declared]
    entries = _placed(entries, [one.peering.absent for one in declared], [])
    return Comparison(entries, [], [], dict.fromkeys(range(len(entries)), error))


def _entry(declared: DesiredPeering, found: Sequence[Record], now: datetime) -> Entry:
    if declared.refusal:
        raise declared.refusal
    desired = declared.peering
    record = match(desired, found)
    if record is None:
        action = "Leave peer_id out to create one." if desired.id else f"Create it with {_MEANS}."
        return {**_as_entry(MISSING, desired.absent, None, now), "next_action": action}
    fields = differing(desired, record)
    # A failure is what a person must know first; what differs is listed beside it.
    state = DIFFERENT if fields and record["phase"] != FAILED else record["phase"]
    entry = _as_entry(state, record, record, now)
    entry["differences"] = [
        {"field": f.option, "declared": desired.values[f.option], "found": record[f.option]} for f in fields
    ]
    if state == DIFFERENT:
        entry["next_action"] = entry["next_action"] or _to_change([f.option for f in fields if not f.mutable])
    return entry


def _to_change(fixed: Sequence[str]) -> str:
    if not fixed:
        return f"Change it with {_MEANS}, or declare what is there."
    return (
        f"Declare what is there, or replace the connection ({option('recreate_on')}: [changed]): Atlas cannot change "
        f"{', '.join(fixed)} in place."
    )


def _unknown(desired: Desired, error: AtlasError, now: datetime) -> Entry:
    return {**_as_entry(UNKNOWN, desired.absent, None, now), "next_action": error.hint or error.message}


def _as_entry(state: str, named: Record, record: Record | None, now: datetime) -> Entry:
    return {
        "state": state,
        **{key: named.get(key) for key in ("project_id", "provider_name", "peer_network", "container_id")},
        "container_region": named.get("container_region"),
        "differences": [],
        "next_action": record["next_action"] if record else None,
        "peering": record,
        **_times(record, now),
    }


def _stranger(record: Record, now: datetime) -> Entry:
    """Return the entry of a connection that nobody declared: whatever it waits for, that comes first."""
    either = f"Declare it, or delete it with atlas_peering (state: absent, peer_id: {record['id']})."
    entry = _as_entry(UNDECLARED, record, record, now)
    return {**entry, "next_action": None if PEERING.is_deleting(record) else either}


def _placed(entries: Sequence[Entry], named: Sequence[Record], containers: Sequence[Record]) -> list[Entry]:
    """Return entries with their containers, and with names that tell them apart.

    Args:
        entries: Entries of one project.
        named: The record that names each of them.
        containers: The containers of the project.
    """
    places = []
    for entry in entries:
        container = _container_of(entry, containers)
        region = entry["container_region"] or container.get("region")
        places.append({"container_id": entry["container_id"] or container.get("id"), "container_region": region})
    apart = peering.distinctions([{**one, **place} for one, place in zip(named, places)])
    return [
        {**entry, **place, "name": f"{entry['peer_network'] or one['id']}{distinction}"}
        for entry, one, place, distinction in zip(entries, named, places, apart)
    ]


def _container_of(entry: Entry, containers: Sequence[Record]) -> Record:
    """Return the container of an entry, which may go without saying where a project has only one; else nothing."""
    cloud, container_id = CLOUDS.get(str(entry["provider_name"])), entry["container_id"]
    if container_id is None and cloud and cloud.has_one_container:
        return next((one for one in containers if one["provider_name"] == cloud.name), {})
    return next((one for one in containers if one["id"] == container_id), {})


def _times(record: Record | None, now: datetime) -> dict[str, Any]:
    """Tell when a connection was made and when its request expires.

    Derived: an id of Atlas begins with four bytes that count the seconds from 1970 to its making.
    """
    if record is None or not record["id"]:
        return {"created_at": None, "expires_at": None, "expires_in_hours": None}
    created = datetime.fromtimestamp(int(record["id"][:8], 16), timezone.utc)
    days = CLOUDS[record["provider_name"]].request_days
    if record["phase"] != ACTION_REQUIRED or not days:
        return {"created_at": created.isoformat(), "expires_at": None, "expires_in_hours": None}
    expires = created + timedelta(days=days)
    hours = round((expires - now).total_seconds() / 3600, 1)
    return {"created_at": created.isoformat(), "expires_at": expires.isoformat(), "expires_in_hours": hours}


def _rooms(declared: Sequence[DesiredPeering], containers: Sequence[Record], used: set[str | None]) -> list[Entry]:
    """Return an entry for each container: those that are named by region first, then the others."""
    desired = [one.container for one in declared if one.container and not one.refusal]
    desired.sort(key=lambda one: ATLAS_CIDR_BLOCK.option in one.values)  # one that gives the block counts
    rooms = [_container_entry(one, containers) for one in {one.name: one for one in desired}.values()]
    named = {entry["id"] for entry in rooms}
    return rooms + [_found_container(one, one["id"] in used) for one in containers if one["id"] not in named]


def _container_entry(desired: Desired, containers: Sequence[Record]) -> Entry:
    record = match(desired, containers)
    block = desired.values.get(ATLAS_CIDR_BLOCK.option)
    if record is None:
        return {**desired.absent, "state": MISSING, "declared_cidr_block": block, "atlas_cidr_block": None}
    same = block is None or ATLAS_CIDR_BLOCK.same(block, record["atlas_cidr_block"])
    return {**record, "state": AVAILABLE if same else DIFFERENT, "declared_cidr_block": block}


def _found_container(record: Record, used: bool) -> Entry:
    """Return the entry of a container that is not named by region; a connection may name it by its id."""
    return {**record, "state": AVAILABLE if used else UNDECLARED, "declared_cidr_block": None}
