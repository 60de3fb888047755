# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The other side of the connections of a drift report: which to look at, and what was found. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import PENDING
from ansible_collections.atlasops.network.plugins.module_utils.model.usability import (
    ACCEPTED,
    NEEDS,
    NO,
    RESOLVABLE,
    ROUTED,
    UNKNOWN,
    YES,
    Finding,
    complete,
    count,
    finding,
    unknown,
)
from ansible_collections.atlasops.network.plugins.plugin_utils.azure_usability import azure_key
from ansible_collections.atlasops.network.plugins.plugin_utils.other_side import SIDES, Side, with_settings

Report = Mapping[str, Any]
Entry = Mapping[str, Any]

#: Key of a cloud -> what tells its connections apart in what was found.
_KEYS: Mapping[str, Callable[[Entry], str]] = {
    "aws": lambda one: str(one["peering"]["connection_id"]),
    "azure": lambda one: azure_key(str(one["peer_network"])),
    "gcp": lambda one: gcp_key(
        *(
            one["peering"][key]
            for key in ("gcp_project_id", "network_name", "atlas_gcp_project_id", "atlas_network_name")
        )
    ),
}
#: Key of a cloud -> the needs that are unknown if its other side could not be read. By default, those of the traffic.
_UNREAD: Mapping[str, Sequence[str]] = {"azure": (ACCEPTED,)}
_STALE = "Atlas reports it as available, but this may be out of date."


def gcp_key(project: str, network: str, peer_project: str, peer_network: str) -> str:
    return f"{project}/{network} to {peer_project}/{peer_network}"


def connections_to_inspect(report: Report, declared: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the connections of a report whose other side can be read, with what is declared about it."""
    settings = [*declared, *[{}] * (len(report["connections"]) - len(declared))]
    found = [
        (one, entry["peering"] or {"phase": PENDING, "project_id": entry["project_id"]})
        for one, entry in zip(settings, report["connections"])
        if any(side.cloud.name == entry["provider_name"] and _is_readable(entry, side) for side in SIDES.values())
    ]
    return with_settings([one for one, _peering in found], [peering for _one, peering in found])


def _is_readable(entry: Entry, side: Side) -> bool:
    """Report whether there is anything to read: before a connection is available, only what comes before Atlas."""
    return entry["usable"][ACCEPTED]["state"] == YES or bool(
        side.prepare and entry["state"] != UNKNOWN and entry["peer_network"]
    )


def merge(report: Report, key: str, found: Mapping[str, Mapping[str, Finding]], failure: str | None) -> dict[str, Any]:
    """Return a report with what was found on the other side of one cloud, or with why it could not be read.

    Args:
        report: The report.
        key: Key of the cloud: ``aws``.
        found: What was found, by what tells its connections apart.
        failure: Why nothing could be read.
    """
    connections = [_merged(one, key, found, failure) for one in report["connections"]]
    return {**report, "connections": connections, "usable": count(connections)}


def _merged(entry: Entry, key: str, found: Mapping[str, Mapping[str, Finding]], failure: str | None) -> dict[str, Any]:
    known = {need: entry["usable"][need] for need in NEEDS}
    if entry["provider_name"] != SIDES[key].cloud.name or not _is_readable(entry, SIDES[key]):
        return dict(entry)
    new = dict(found.get(_KEYS[key](entry), {}))
    if failure:
        new = {need: unknown(failure) for need in _UNREAD.get(key, _unread_traffic(known))}
    access = new.pop(ACCEPTED, finding(YES))
    return _with_access({**entry, "usable": complete({**known, **new})}, access)


def _unread_traffic(known: Mapping[str, Finding]) -> list[str]:
    return [need for need in (ROUTED, RESOLVABLE) if need == ROUTED or known[need]["state"] == UNKNOWN]


def _with_access(entry: Entry, access: Finding) -> dict[str, Any]:
    """Return an entry with what Atlas lacks on the other side.

    An available connection may carry traffic without it, but Atlas no longer sees whether it does. For another one, it
    comes before everything else that is left to do.
    """
    accepted = entry["usable"][ACCEPTED]
    if access["state"] == YES:
        return dict(entry)
    if accepted["state"] == YES:
        found = finding(UNKNOWN, _joined(_STALE if access["state"] == NO else None, access["reason"]), access["cure"])
    else:
        causes, cures = (accepted["reason"], access["reason"]), (access["cure"], accepted["cure"])
        found = finding(NO, _joined(*causes), _joined(*cures))
    usable = complete({**entry["usable"], ACCEPTED: found})
    if accepted["state"] == YES or access["state"] == UNKNOWN:
        return {**entry, "usable": usable}
    return {**entry, "usable": usable, "next_action": _joined(access["reason"], access["cure"], entry["next_action"])}


def _joined(*sentences: str | None) -> str | None:
    return " ".join(filter(None, sentences)) or None


def inspect_gcp(results: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Finding]]:
    """Return what the module for a GCP network found in check mode, by what tells the connections apart."""
    return {
        gcp_key(*(one["item"][key] for key in ("project", "network", "peer_project", "peer_network"))): {
            ROUTED: _routed_by_gcp(one)
        }
        for one in results
    }


def _routed_by_gcp(result: Mapping[str, Any]) -> Finding:
    run = "Run the role atlas_peering with atlas_peering_other_side: [gcp]."
    if "peering" not in result:
        return unknown(str(result.get("msg")))
    peering = result["peering"]
    if peering["state"] is None:
        return finding(NO, f"The network {peering['project']}/{peering['network']} has no peering to Atlas.", run)
    if peering["state"] != "ACTIVE":
        return finding(NO, f"The peering {peering['name']} is {peering['state']}: {peering['state_details']}", run)
    if result["changed"]:
        return finding(NO, f"The peering {peering['name']} does not exchange the custom routes that are declared.", run)
    return finding(YES)
