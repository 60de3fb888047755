# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Whether Atlas may peer with the virtual networks of connections, worked out of what was read there. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.usability import (
    ACCEPTED,
    NO,
    YES,
    Finding,
    finding,
    unknown,
)

_RUN = "Run the role atlas_peering with atlas_peering_other_side: [azure] and atlas_peering_azure_create: true"
#: Kinds of errors that tell what is wrong on Azure. All others tell only that it could not be read.
_MISSING, _WRONG = "MissingAccessError", "PlanError"


def azure_key(peer_network: str) -> str:
    """Return what tells virtual networks apart, of ``peer_network`` of their connections; Azure ignores case."""
    return peer_network.lower()


def inspect(results: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Finding]]:
    """Return what the module for the access of Atlas found in check mode, by virtual network."""
    return {
        azure_key("{subscription_id}/{virtual_network}".format_map(one["item"])): {ACCEPTED: _access(one)}
        for one in results
    }


def _access(result: Mapping[str, Any]) -> Finding:
    if "access" in result:
        return finding(YES)
    message, failure = str(result.get("msg")), result.get("failure") or {}
    hint, kind = failure.get("hint"), failure.get("kind")
    if kind not in (_MISSING, _WRONG):
        return unknown(message)
    reason = message.removesuffix(hint or "").rstrip()
    if kind == _WRONG:
        return finding(NO, reason, hint)
    return finding(NO, reason, f"{_RUN}, or: {' && '.join(failure['commands'])}")
