# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The drift report: what is declared against what is there. Pure, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.clouds import (
    ACTION_REQUIRED,
    ATLAS_CIDR_BLOCK,
    AVAILABLE,
    CLOUDS,
    FAILED,
)
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import raise_all
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.places import misspelled
from ansible_collections.atlasops.network.plugins.module_utils.plan import differing, match
from ansible_collections.atlasops.network.plugins.module_utils.project_network import Declared

MISSING, DIFFERENT, UNDECLARED = "missing", "different", "undeclared"


def compare(
    declared: Sequence[Declared], found: Sequence[Record], containers: Sequence[Record], now: datetime
) -> dict[str, Any]:
    """Return the report.

    Args:
        declared: What should be there.
        found: All connections of the projects.
        containers: All their containers.
        now: The time that remaining times are counted from, in UTC.

    Returns:
        ``connections`` and ``containers``, one entry for each that is declared or found, ``counts`` of the
        states of connections, and ``drift``, whether anything is not as declared.

    Raises:
        InputError: A region that is declared is none.
    """
    raise_all([problem for one in declared if one.container and (problem := misspelled(one.container))])
    rooms = [_container_entry(one, containers) for one in _rooms(declared)]
    entries = [_entry(_placed(one, containers), found, now) for one in declared]
    known = {entry["peering"]["id"] for entry in entries if entry["peering"]}
    entries += [_undeclared(record, now) for record in found if record["id"] not in known]
    named = {entry["id"] for entry in rooms}
    used = {one.peering.values.get("container_id") for one in declared}
    rooms += [_found_container(one, one["id"] in used) for one in containers if one["id"] not in named]
    counts = Counter(entry["state"] for entry in entries)
    drift = any(entry["state"] != AVAILABLE for entry in entries) or any(
        entry["state"] in (MISSING, DIFFERENT) for entry in rooms
    )
    return {"connections": entries, "containers": rooms, "counts": dict(counts), "drift": drift}


def _rooms(declared: Sequence[Declared]) -> list[Wanted]:
    """Return each container that is named by region once, with its block where any connection gives that."""
    rooms = [one.container for one in declared if one.container]
    rooms.sort(key=lambda room: ATLAS_CIDR_BLOCK.option in room.values)
    return list({(room.project_id, room.name): room for room in rooms}.values())


def _placed(declared: Declared, containers: Sequence[Record]) -> Wanted:
    """Return the wanted connection with the id of the container that it names by region, where there is one."""
    wanted = declared.peering
    if declared.container is None:
        return wanted
    container = match(declared.container, containers)
    return replace(wanted, values={**wanted.values, "container_id": container["id"] if container else None})


def _entry(wanted: Wanted, found: Sequence[Record], now: datetime) -> dict[str, Any]:
    # Of several the first that stays counts; the others will be listed as undeclared.
    alike = sorted((one for one in found if wanted.matches(one)), key=wanted.kind.is_going)
    record = match(wanted, alike[:1])
    if record is None:
        return _as_entry(MISSING, wanted.absent, None, [], now)
    differences = [
        {"field": f.option, "declared": wanted.values[f.option], "found": record[f.option]}
        for f in differing(wanted, record)
    ]
    # A failure is what a person must know first; what differs is listed beside it.
    state = DIFFERENT if differences and record["phase"] != FAILED else record["phase"]
    return _as_entry(state, record, record, differences, now)


def _undeclared(record: Record, now: datetime) -> dict[str, Any]:
    return _as_entry(UNDECLARED, record, record, [], now)


def _as_entry(
    state: str, named: Record, record: Record | None, differences: list[dict[str, Any]], now: datetime
) -> dict[str, Any]:
    return {
        "state": state,
        "project_id": named["project_id"],
        "provider_name": named["provider_name"],
        "network": named["network"],
        "differences": differences,
        "next_action": record["next_action"] if record else None,
        "peering": record,
        **_times(record, now),
    }


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


def _container_entry(wanted: Wanted, containers: Sequence[Record]) -> dict[str, Any]:
    record = match(wanted, containers)
    block = wanted.values.get(ATLAS_CIDR_BLOCK.option)
    if record is None:
        return {**wanted.absent, "state": MISSING, "declared_cidr_block": block, "atlas_cidr_block": None}
    same = block is None or ATLAS_CIDR_BLOCK.same(block, record["atlas_cidr_block"])
    return {**record, "state": AVAILABLE if same else DIFFERENT, "declared_cidr_block": block}


def _found_container(record: Record, used: bool) -> dict[str, Any]:
    """Return the entry of a container that is not named by region; a connection may name it by its id."""
    return {**record, "state": AVAILABLE if used else UNDECLARED, "declared_cidr_block": None}
