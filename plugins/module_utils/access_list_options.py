# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Options of the IP access list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.settings import at_least
from ansible_collections.atlasops.network.plugins.module_utils.model import access_list

#: Fragment ``atlas.entries``: entries of the IP access list.
ENTRIES_SPEC: Mapping[str, Any] = {
    "type": "list",
    "elements": "dict",
    "required": True,
    "options": {f.option: f.spec for f in access_list.OPTIONS},
}

#: The limit of the IP access list, and the wait for its entries.
ACCESS_LIST_SPEC: Mapping[str, Mapping[str, Any]] = {
    "entry_limit": {"type": "int", "default": access_list.LIMIT},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 300},
}


def entry_limit(params: Mapping[str, Any]) -> int:
    """Return the number of entries that Atlas allows in an IP access list.

    Raises:
        InputError: It is less than 1.
    """
    return at_least(1, params, "entry_limit", " (entries)")


def wait_timeout(params: Mapping[str, Any]) -> float | None:
    """Return the seconds to wait for what was written; None not to wait.

    Raises:
        InputError: The number is negative.
    """
    seconds = at_least(0, params, "wait_timeout", " (seconds)")
    return seconds if params["wait"] else None
