# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a wait is for, and how it speaks of that: all connections in one line, one connection in one. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import (
    ABSENT,
    ACTION_REQUIRED,
    AVAILABLE,
    DELETING,
    FAILED,
    PHASES,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record

#: What is waited for -> the phases that meet it.
TARGETS: Mapping[str, tuple[str, ...]] = {
    "available": (AVAILABLE,),
    "action_required": (ACTION_REQUIRED, AVAILABLE),
    "absent": (ABSENT,),
}

#: The same in words, to follow "are".
SPOKEN_GOALS: Mapping[str, str] = {
    "available": "available",
    "action_required": "ready for the other side",
    "absent": "absent",
}

_UNKNOWN = "unknown"  # the phase of a connection that has not been seen yet is None

# What to do about a connection that cannot get there and has no next action.
_ADVICE: Mapping[str, str] = {
    ABSENT: "There is no such connection in the project: create it, or check what names it.",
    DELETING: "It is being deleted: wait until it is absent, then create it again.",
}


def cannot_reach(record: Record, until: str) -> bool:
    """Tell whether a connection will not get there however long one waits."""
    if until == "absent":
        return bool(record["provider_name"]) and PEERING.deletion_failed(record)
    return record["phase"] in (FAILED, DELETING, ABSENT)


def summary(records: Sequence[Record], until: str) -> str:
    """Return where things stand: ``3/5 available · 1 pending · 1 action required``."""
    there = TARGETS[until]
    phases = [record["phase"] for record in records]
    reached = sum(phase in there for phase in phases)
    rest = [
        f"{phases.count(phase)} {humanize(phase)}"
        for phase in (*PHASES, None)
        if phase not in there and phase in phases
    ]
    return " · ".join([f"{reached}/{len(records)} {SPOKEN_GOALS[until]}", *rest])


def describe(record: Record, distinction: str = "") -> str:
    """Return one connection's name, status and next action.

    Args:
        record: The connection.
        distinction: What tells it apart from others of the same network, to follow its name.
    """
    error = f" ({record['error']})" if record["error"] else ""
    state = f"{record['status'] or humanize(record['phase'])}{error}"
    return f"{name_of(record)}{distinction}: {state}. {record['next_action'] or ''}".strip()


def name_of(record: Record) -> str:
    """Return what to call a connection: ``AWS 123456789012/vpc-0f1e2d3c4b5a69788``."""
    return f"{record['provider_name'] or 'connection'} {record['peer_network'] or record['id']}"


def advice(record: Record, until: str) -> str | None:
    """Return what to do about a connection that is not there, if that is known."""
    action: str | None = record["next_action"]
    return action or (_ADVICE.get(record["phase"]) if until != "absent" else None)


def humanize(phase: str | None) -> str:
    return phase.replace("_", " ") if phase else _UNKNOWN


def clock(seconds: float) -> str:
    """Return a duration as ``mm:ss``, or ``h:mm:ss`` from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
