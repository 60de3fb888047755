# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Options of what changes peering connections: when to replace, how many there may be, what to purge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.settings import at_least
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import Limits
from ansible_collections.atlasops.network.plugins.module_utils.options import positive_seconds

#: Fragment ``atlas.replace``: when a connection may be replaced.
REPLACE_SPEC: Mapping[str, Mapping[str, Any]] = {
    "recreate_on": {
        "type": "list",
        "elements": "str",
        "choices": ["failed", "expired", "rejected", "changed"],
        "default": [],
    },
    "recreate_timeout": {"type": "int", "default": 600},
}

#: Fragment ``atlas.limits``: what Atlas allows in one project.
LIMITS_SPEC: Mapping[str, Mapping[str, Any]] = {
    "peer_limit": {"type": "int", "default": Limits.peers},
    "pending_limit": {"type": "int", "default": Limits.pending},
}

#: Deletion of what is not declared.
PURGE_SPEC: Mapping[str, Mapping[str, Any]] = {
    "purge": {"type": "bool", "default": False},
    "purge_limit": {"type": "int", "default": Limits.purge},
}


def limits(params: Mapping[str, Any]) -> Limits:
    """Return the limits of one project.

    Raises:
        InputError: One of them is too small.
    """
    return Limits(
        at_least(1, params, "peer_limit", " (connections)"),
        at_least(1, params, "pending_limit", " (connections)"),
        at_least(0, {"purge_limit": 0, **params}, "purge_limit", " (connections)"),
    )


def purge_limits(params: Mapping[str, Any]) -> Limits:
    """Return the limits of one project whose only limit is that of a purge.

    Raises:
        InputError: It is negative.
    """
    return Limits(purge=at_least(0, params, "purge_limit"))


def replace_policy(params: Mapping[str, Any]) -> ReplacePolicy:
    """Return when a connection may be replaced, and how long that may take.

    Raises:
        InputError: recreate_timeout is not positive.
    """
    return ReplacePolicy(params["recreate_on"], positive_seconds(params, "recreate_timeout"))
