# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The other side of the connections of a drift report: which to look at, and what was found. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.usability import (
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
from ansible_collections.atlasops.network.plugins.plugin_utils.other_side import SIDES, with_settings

#: Key of a cloud -> what tells its connections apart in what was found.
_KEYS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "aws": lambda one: str(one["connection_id"]),
    "gcp": lambda one: gcp_key(
        one["gcp_project_id"], one["network_name"], one["atlas_gcp_project_id"], one["atlas_network_name"]
    ),
}

Report = Mapping[str, Any]


def gcp_key(project: str, network: str, peer_project: str, peer_network: str) -> str:
    return f"{project}/{network} to {peer_project}/{peer_network}"


def connections_to_inspect(report: Report, declared: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the accepted connections of a report, with what is declared about their other side."""
    settings = [*declared, *[{}] * (len(report["connections"]) - len(declared))]
    accepted = [
        (one, entry["peering"])
        for one, entry in zip(settings, report["connections"])
        if entry["usable"]["accepted"]["state"] == YES
    ]
    return with_settings([one for one, _peering in accepted], [peering for _one, peering in accepted])


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


def _merged(
    entry: Mapping[str, Any], key: str, found: Mapping[str, Mapping[str, Finding]], failure: str | None
) -> dict[str, Any]:
    known = {need: entry["usable"][need] for need in NEEDS}
    if entry["provider_name"] != SIDES[key].cloud.name or known["accepted"]["state"] != YES:
        return dict(entry)
    new = found.get(_KEYS[key](entry["peering"]), {})
    if failure:
        new = {need: unknown(failure) for need in (ROUTED, RESOLVABLE) if need == ROUTED or _is_unread(known[need])}
    return {**entry, "usable": complete({**known, **new})}


def _is_unread(one: Finding) -> bool:
    return bool(one["state"] == UNKNOWN)


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
