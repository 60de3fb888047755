# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""One peering of a GCP network, brought into being or out of it: look, plan, apply."""

from __future__ import annotations

from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.gcp.client import ComputeClient
from ansible_collections.atlasops.network.plugins.module_utils.gcp.peering import (
    CREATE,
    DELETE,
    NO_OP,
    Change,
    Desired,
    Record,
    plan,
)


def ensure(client: ComputeClient, desired: Desired, present: bool, check_mode: bool) -> dict[str, Any]:
    """Return the result of the module. In check mode nothing is written, and it is predicted.

    Raises:
        PlanError: The network does not exist, or another peering is in the way.
    """
    existing = client.peerings(desired.network)
    if existing is None and present:
        raise PlanError(
            f"GCP project {desired.network.project} has no network {desired.network.name}.",
            "Check project and network.",
        )
    change = plan(desired, existing or [], present)
    after = change.after
    if change.kind != NO_OP and not check_mode:
        try:
            _write(client, desired, change)
        except AtlasError as error:
            return _adopted(client, desired, present, error)
        try:
            after = _written(client, desired, change)
        except AtlasError as error:
            return {"failed": True, **error.as_result(), "changed": True}
    return {
        "changed": change.kind != NO_OP,
        "peering": after or _absent(desired, change.before),
        "diff": {"before": change.before or {}, "after": after or {}},
    }


def _adopted(client: ComputeClient, desired: Desired, present: bool, error: AtlasError) -> dict[str, Any]:
    """Return the result if the peering is as desired although a write failed, by another run or by a lost answer.

    Raises `error` if it is not.
    """
    try:
        change = plan(desired, client.peerings(desired.network) or [], present)
    except AtlasError:
        raise error from None
    if change.kind != NO_OP:
        raise error
    return {
        "changed": error.outcome_unknown,
        "peering": change.after or _absent(desired, change.before),
        "diff": {"before": change.before or {}, "after": change.after or {}},
    }


def _write(client: ComputeClient, desired: Desired, change: Change) -> None:
    record = change.after or change.before or {}
    write = {CREATE: client.add_peering, DELETE: client.remove_peering}.get(change.kind, client.update_peering)
    write(desired.network, record)


def _written(client: ComputeClient, desired: Desired, change: Change) -> Record | None:
    """Return the peering as it is after a change; None if that deleted it."""
    if change.kind == DELETE or change.after is None:
        return None
    existing = client.peerings(desired.network) or []
    return next((one for one in existing if one["name"] == change.after["name"]), change.after)


def _absent(desired: Desired, before: Record | None) -> Record:
    """Return what identifies a peering that does not exist."""
    peer = desired.peer
    return {
        "project": desired.network.project,
        "network": desired.network.name,
        "name": before["name"] if before else desired.name or None,
        "peer_project": before["peer_project"] if before else peer and peer.project,
        "peer_network": before["peer_network"] if before else peer and peer.name,
    }
