# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Which route tables of a VPC are to lead to Atlas, and which of them do not yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.plugin_utils.aws_reads import Reads
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target

_TARGETS = (
    "vpc_peering_connection_id",
    "gateway_id",
    "nat_gateway_id",
    "transit_gateway_id",
    "network_interface_id",
    "instance_id",
    "egress_only_internet_gateway_id",
    "carrier_gateway_id",
    "local_gateway_id",
)


class Routes:
    """The routes of one connection.

    Attributes:
        tables: The IDs of the route tables that are to lead to Atlas.
        route: The route that each of them gets.
        missing: Those of them that do not yet.
        problems: A sentence for each thing that keeps a route from being created.
        unassociated: Subnets that no route table names, so that they use the main one if they exist.
    """

    def __init__(self, target: Target, reads: Reads) -> None:
        self._target = target
        self._all = reads.route_tables(target)
        self._subnets = {str(one.get("subnet_id")) for one in reads.all("subnets", target.place)}
        self._subnets_read = reads.was_read("subnets", target.place)
        self.route = {"dest": target.atlas_cidr_block, "vpc_peering_connection_id": target.connection_id}
        self.problems: list[str] = []
        self.unassociated: list[str] = []
        self.tables = list(dict.fromkeys(str(table["route_table_id"]) for table in self._wanted()))
        self.missing = [str(one["route_table_id"]) for one in self._all if self._is_missing(one)]

    def _wanted(self) -> Iterable[Mapping[str, Any]]:
        if self._target.all_route_tables:
            yield from self._all
        for name in self._target.route_tables:
            yield from self._named(name)
        for subnet in self._target.subnets:
            yield from self._of_subnet(subnet)

    def _named(self, name: str) -> list[Mapping[str, Any]]:
        """Return the one route table with an ID or a Name tag, or none and say why."""
        found = [
            one for one in self._all if name == one["route_table_id"] or (one.get("tags") or {}).get("Name") == name
        ]
        if len(found) == 1:
            return found
        ids = ", ".join(str(one["route_table_id"]) for one in found or self._all) or "none"
        self.problems.append(
            f"{len(found)} route tables of {self._target.vpc_id} are named {name} ({ids}). "
            "Name the one that is meant by its ID in route_tables."
            if found
            else f"{self._target.vpc_id} has no route table {name}; it has {ids}. Correct route_tables."
        )
        return []

    def _of_subnet(self, subnet: str) -> list[Mapping[str, Any]]:
        """Return the route table that a subnet uses: the one that is associated with it, else the main one."""
        for table in self._all:
            if any(one.get("subnet_id") == subnet for one in table.get("associations") or []):
                return [table]
        self.unassociated.append(subnet)
        if self._subnets_read and subnet not in self._subnets:
            self.problems.append(f"{self._target.vpc_id} has no subnet {subnet}. Correct subnets.")
            return []
        return [table for table in self._all if any(one.get("main") for one in table.get("associations") or [])]

    def _is_missing(self, table: Mapping[str, Any]) -> bool:
        """Report whether a table that is to lead to Atlas does not; note a route that is in the way."""
        if table["route_table_id"] not in self.tables:
            return False
        block = self._target.atlas_cidr_block
        route = next((one for one in table.get("routes") or [] if one.get("destination_cidr_block") == block), None)
        if route is None:
            return True
        leads_to = next((str(route[key]) for key in _TARGETS if route.get(key)), "another target")
        if leads_to == self._target.connection_id:
            self._note_lost(table, route)
            return False
        if route.get("state") == "blackhole" and leads_to.startswith("pcx-"):
            return True  # of a connection that is gone, which this one replaces
        self.problems.append(
            f"{table['route_table_id']} has a route to {block} already, through {leads_to}. "
            "Remove it, or leave this table out of route_tables."
        )
        return False

    def _note_lost(self, table: Mapping[str, Any], route: Mapping[str, Any]) -> None:
        if route.get("state") == "blackhole" and self._target.phase == "available":
            self.problems.append(
                f"The route of {table['route_table_id']} to {route['destination_cidr_block']} leads nowhere: AWS no "
                f"longer has {self._target.connection_id}. Run the play from its beginning, to see what Atlas says."
            )
