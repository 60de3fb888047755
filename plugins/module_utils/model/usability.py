# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Whether an application reaches the cluster through a connection: what is known of each thing that it needs.

Pure, no I/O. What nobody has looked at is unknown, and why; it is never missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_network
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError
from ansible_collections.atlasops.network.plugins.module_utils.model import access_list, admission
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import AVAILABLE, PENDING
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import AWS, contains
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired, Record

YES, NO, UNKNOWN = "yes", "no", "unknown"
ACCEPTED, ROUTED, RESOLVABLE, LET_IN = "accepted", "routed", "resolvable", "let_in"

#: What an application needs, in the order in which it comes about.
NEEDS = (ACCEPTED, ROUTED, RESOLVABLE, LET_IN)

#: Clouds on which the owner of the network adds routes and enables DNS. On others the connection does that.
_BY_OWNER = (AWS.name,)

_DECLARE = "List those of the application in access_list of the connection."

#: What is known of one need: ``{"state": "no", "reason": "…", "cure": "…"}``.
Finding = dict[str, Any]
Entry = Mapping[str, Any]


def finding(state: str, reason: str | None = None, cure: str | None = None) -> Finding:
    return {"state": state, "reason": reason, "cure": cure}


def unknown(reason: str, cure: str | None = None) -> Finding:
    return finding(UNKNOWN, reason, cure)


def assess(entry: Entry, connection: Entry, listed: Sequence[Record] | AtlasError) -> dict[str, Any]:
    """Return what Atlas alone tells about a connection.

    Args:
        entry: The connection in the drift report.
        connection: The same as it exists or is declared, with what it declares in `admission.KEY`.
        listed: The IP access list of its project, or why it could not be read.
    """
    accepted = _accepted(entry)
    if accepted["state"] == YES:
        routed, resolvable = _other_side(entry, "routes"), _other_side(entry, "DNS settings")
    else:
        first = {NO: "The connection is not available.", UNKNOWN: accepted["reason"]}[accepted["state"]]
        routed = resolvable = finding(accepted["state"], first)
    return complete({ACCEPTED: accepted, ROUTED: routed, RESOLVABLE: resolvable, LET_IN: _let_in(connection, listed)})


def complete(findings: Mapping[str, Finding]) -> dict[str, Any]:
    """Return findings with the state of all of them: no if anything is, otherwise unknown if anything is."""
    states = {findings[need]["state"] for need in NEEDS}
    return {
        "state": next(state for state in (NO, UNKNOWN, YES) if state in states),
        **{need: findings[need] for need in NEEDS},
    }


def count(connections: Iterable[Entry]) -> dict[str, int]:
    """Return how many connections of a report are usable, are not, and of how many that is not known."""
    states = Counter(one["usable"]["state"] for one in connections)
    return {state: states[state] for state in (YES, NO, UNKNOWN)}


def _accepted(entry: Entry) -> Finding:
    peering = entry["peering"]
    if entry["state"] == UNKNOWN:
        return unknown(entry["next_action"])
    if peering is None:
        return finding(NO, "The connection does not exist.", entry["next_action"])
    if peering["phase"] == AVAILABLE:
        return finding(YES)
    waiting = "Wait until it is available." if peering["phase"] == PENDING else None
    reason = f"Atlas reports {peering['status']}{': ' + peering['error'] if peering['error'] else ''}."
    return finding(NO, reason, peering["next_action"] or waiting)


def _other_side(entry: Entry, what: str) -> Finding:
    """Return what is known of the other side before anybody has looked at it."""
    cloud = str(entry["provider_name"])
    if cloud not in _BY_OWNER:
        return finding(YES)
    return unknown(
        f"The {what} in {cloud} were not read.",
        f"Report with the role atlas_peering, and set atlas_peering_other_side to [{cloud.lower()}].",
    )


def _let_in(connection: Entry, listed: Sequence[Record] | AtlasError) -> Finding:
    """Return whether the network, or what is declared of it, is in the IP access list."""
    if isinstance(listed, AtlasError):
        return unknown(str(listed))
    if not listed:
        return finding(NO, "The IP access list of the project is empty.", _how_to_let_in(connection))
    try:
        wanted = wanted_entries(connection)
    except InputError as error:
        return unknown(error.message, "Correct access_list of the connection.")
    if not wanted:
        return unknown("Atlas does not know the blocks of the network.", _DECLARE)
    covering = [(one, covers(one, listed)) for one in wanted]
    absent = [str(one.values[key]) for one, found in covering if not found for key in one.values]
    if absent:
        return _absent(connection, absent, listed)
    return _in_effect([found for _one, found in covering if found])


def wanted_entries(connection: Entry) -> list[Desired]:
    """Return the entries that would let a connection in: those declared, or that of the block which Atlas knows.

    Raises:
        InputError: What is declared names none.
    """
    return [admission.parse_name(name) for name in admission.names(connection) or ()]


def covers(wanted: Desired, listed: Iterable[Record]) -> Record | None:
    """Return the entry that lets in what is wanted: the smallest block that contains it, or the same group."""
    group = wanted.values.get("aws_security_group")
    if group:
        return next((one for one in listed if one["aws_security_group"] == group), None)
    block = wanted.values["cidr_block"]
    containing = [one for one in listed if one["cidr_block"] and contains(one["cidr_block"], block)]
    return max(containing, key=lambda one: ip_network(one["cidr_block"]).prefixlen, default=None)


def _absent(connection: Entry, absent: Sequence[str], listed: Sequence[Record]) -> Finding:
    named = f"{', '.join(absent)} {'is' if len(absent) == 1 else 'are'} not in the IP access list of the project"
    within = ", ".join(str(one["id"]) for one in listed if _may_be_part(one, absent))
    if within and not connection.get(admission.KEY):
        return unknown(f"{named}, but {within} may be what the application uses.", _DECLARE)
    return finding(NO, f"{named}.", _how_to_let_in(connection))


def _may_be_part(record: Record, blocks: Sequence[str]) -> bool:
    """Report whether an entry is a group, or a part of one of these blocks."""
    return not record["cidr_block"] or any(contains(block, record["cidr_block"]) for block in blocks)


def _in_effect(entries: Sequence[Record]) -> Finding:
    """Return whether entries are in effect, as far as their statuses were read."""
    for one in entries:
        if one["status"] == access_list.FAILED:
            return finding(
                NO, f"The entry {one['id']} of the IP access list has failed.", "Delete and create it again."
            )
    late = [str(one["id"]) for one in entries if one["status"] not in (None, access_list.ACTIVE)]
    if late:
        return finding(NO, f"{', '.join(late)} of the IP access list is not in effect yet.", "Wait until it is.")
    return finding(YES)


def _how_to_let_in(connection: Entry) -> str:
    how = "Run the role atlas_peering with atlas_peering_access_list, or add it with the module atlas_access_list."
    return how if admission.names(connection) else f"{_DECLARE} {how}"
