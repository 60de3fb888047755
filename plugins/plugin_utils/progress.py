# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The state of connections in words: of all in one line, of one in one. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import PHASES
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import Target

_UNKNOWN = "unknown"  # A connection that has not been seen yet has the phase None.


def summarize(records: Sequence[Record], target: Target) -> str:
    """Return how many connections are in which phase: ``3/5 available · 1 pending · 1 action required``."""
    phases = [record["phase"] for record in records]
    reached = sum(map(target.is_met_by, records))
    rest = [
        f"{phases.count(phase)} {humanize(phase)}"
        for phase in (*PHASES, None)
        if phase not in target.phases and phase in phases
    ]
    return " · ".join([f"{reached}/{len(records)} {target.words}", *rest])


def describe(record: Record, distinction: str = "") -> str:
    """Return the name, status and next action of a connection.

    Args:
        record: The connection.
        distinction: Follows the name if the same network has several connections: `` in US_EAST_1``.

    Returns:
        For example ``AZURE 8dec2d92-…/app-vnet: FAILED (Quota.). Check that …``.
    """
    error = f" ({record['error']})" if record["error"] else ""
    state = f"{record['status'] or humanize(record['phase'])}{error}"
    return f"{name_of(record)}{distinction}: {state}. {record['next_action'] or ''}".strip()


def name_of(record: Record) -> str:
    """Return what to call a connection: ``AWS 123456789012/vpc-0f1e2d3c4b5a69788``."""
    return f"{record['provider_name'] or 'connection'} {record['peer_network'] or record['id']}"


def advice(record: Record, target: Target) -> str | None:
    """Return what to do about a connection that cannot reach the target, or None if that is not known."""
    action: str | None = record["next_action"]
    return action or target.advice.get(record["phase"])


def humanize(phase: str | None) -> str:
    """Return a phase as words: ``action required``."""
    return phase.replace("_", " ") if phase else _UNKNOWN


def format_duration(seconds: float) -> str:
    """Return a duration as ``mm:ss``, or as ``h:mm:ss`` from one hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
