# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What AWS has, as the role has read it: the results of its tasks, looked up by place and ID."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.plugin_utils.aws_failure import explain
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target

#: What was read -> the key of its list in a result, and the key of the ID there.
_LISTS: Mapping[str, tuple[str, str]] = {
    "vpcs": ("vpcs", "vpc_id"),
    "requests": ("vpc_peering_connections", "vpc_peering_connection_id"),
    "route_tables": ("route_tables", "route_table_id"),
    "subnets": ("subnets", "subnet_id"),
    "security_groups": ("security_groups", "group_id"),
}


class Reads:
    """Looks things up in registered results of loops whose items are places.

    Args:
        results: What was read, such as ``vpcs``, and the results of the loop that read it.
    """

    def __init__(self, results: Mapping[str, list[Mapping[str, Any]]]) -> None:
        self._results = {
            kind: {one["item"]["place"]: one for one in found if "item" in one} for kind, found in results.items()
        }

    def problems(self) -> list[str]:
        """Return a sentence for each thing that could not be read; the same cause is named once."""
        failed = [
            one
            for kind, (key, _id) in _LISTS.items()
            for one in self._results.get(kind, {}).values()
            if key not in one  # the tasks that read count as successful, whatever happens
        ]
        causes: dict[str, str] = {}
        for one in failed:
            cause = explain({**one, "item": None})
            causes.setdefault(cause, f"{one['item']['name']}: {cause}")
        return list(causes.values())

    def failure(self, kind: str, place: str) -> str | None:
        """Return why something could not be read in a place, if it could not."""
        result = self._results.get(kind, {}).get(place)
        key, _id = _LISTS[kind]
        return None if result is None or key in result else explain({**result, "item": None})

    def was_read(self, kind: str, place: str) -> bool:
        return place in self._results.get(kind, {})

    def all(self, kind: str, place: str) -> list[Mapping[str, Any]]:
        """Return what was read of one kind in one place."""
        key, _id = _LISTS[kind]
        found: list[Mapping[str, Any]] = self._results.get(kind, {}).get(place, {}).get(key) or []
        return found

    def one(self, kind: str, place: str, wanted: str) -> Mapping[str, Any] | None:
        """Return one thing by its ID."""
        _key, id_key = _LISTS[kind]
        return next((one for one in self.all(kind, place) if one.get(id_key) == wanted), None)

    def caller(self, place: str) -> str | None:
        """Return the account of the credentials, if that was read."""
        account = self._results.get("callers", {}).get(place, {}).get("account")
        return str(account) if account else None

    def request(self, target: Target) -> Mapping[str, Any] | None:
        return self.one("requests", target.place, target.connection_id)

    def vpc(self, target: Target) -> Mapping[str, Any] | None:
        return self.one("vpcs", target.place, target.vpc_id)

    def route_tables(self, target: Target) -> list[Mapping[str, Any]]:
        """Return the route tables of the VPC."""
        return [one for one in self.all("route_tables", target.place) if one.get("vpc_id") == target.vpc_id]


def status(request: Mapping[str, Any]) -> str:
    """Return the status of a request, such as ``pending-acceptance`` or ``active``."""
    return str((request.get("status") or {}).get("code"))


def blocks(vpc: Mapping[str, Any]) -> list[str]:
    """Return the IPv4 blocks of a VPC."""
    associated = vpc.get("cidr_block_association_set") or []
    found = [str(one["cidr_block"]) for one in associated if _is_associated(one)]
    return found or [str(vpc["cidr_block"])]


def _is_associated(association: Mapping[str, Any]) -> bool:
    state = association.get("cidr_block_state") or {}
    return str(state.get("state", "associated")) in ("associating", "associated")
