# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What traffic to Atlas finds in AWS, worked out of what was read there. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.usability import (
    NO,
    RESOLVABLE,
    ROUTED,
    YES,
    Finding,
    finding,
    unknown,
)
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_failure import explain
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_reads import Reads
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_routes import Routes
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target

_RUN = "Run the role atlas_peering with atlas_peering_other_side: [aws]"
#: Attribute of a VPC -> its name in AWS, which is also the option of the command that sets it.
_DNS: Mapping[str, tuple[str, str]] = {
    "enable_dns_support": ("enableDnsSupport", "--enable-dns-support"),
    "enable_dns_hostnames": ("enableDnsHostnames", "--enable-dns-hostnames"),
}


def inspect(
    targets: Iterable[Target], reads: Reads, refused: Iterable[Mapping[str, Any]]
) -> dict[str, dict[str, Finding]]:
    """Return what is known of each connection, by its ID in AWS: ``{"pcx-…": {"routed": {…}, "resolvable": {…}}}``.

    Args:
        targets: The connections.
        reads: What was read.
        refused: Results of the roles that could not be assumed, whose items have the account.
    """
    causes = {one["item"]["account"]: explain({**one, "item": None}) for one in refused}
    return {one.connection_id: _findings(one, reads, causes.get(one.account)) for one in targets}


def _findings(target: Target, reads: Reads, refused: str | None) -> dict[str, Finding]:
    vpc, cause = reads.vpc(target), refused or reads.failure("vpcs", target.place)
    if cause:
        return dict.fromkeys((ROUTED, RESOLVABLE), unknown(cause))
    if vpc is None:
        return dict.fromkeys((ROUTED, RESOLVABLE), _unseen(target, reads))
    failure = reads.failure("route_tables", target.place) or reads.failure("subnets", target.place)
    return {ROUTED: unknown(failure) if failure else _routed(target, reads), RESOLVABLE: _resolvable(target, vpc)}


def _unseen(target: Target, reads: Reads) -> Finding:
    """Return why nothing is known of a VPC that these credentials do not see."""
    caller = reads.caller(target.place)
    whose = f" The credentials are of the account {caller}." if caller and caller != target.account_id else ""
    return unknown(
        f"{target.vpc_id} was not found in {target.region}.{whose}",
        f"Set role_arn or profile to credentials of the account {target.account_id}.",
    )


def _routed(target: Target, reads: Reads) -> Finding:
    routes, block = Routes(target, reads), target.atlas_cidr_block
    if routes.problems:
        return finding(NO, " ".join(routes.problems))
    if routes.missing:
        return finding(NO, f"No route to {block} in {', '.join(routes.missing)}.", _how(target, routes.missing[0]))
    if routes.tables or any(_leads_to(table, target) for table in reads.route_tables(target)):
        return finding(YES)
    declare = "Name the application's in route_tables or subnets."
    return finding(NO, f"No route table of {target.vpc_id} has a route to {block}.", f"{declare} {_RUN}.")


def _leads_to(table: Mapping[str, Any], target: Target) -> bool:
    return any(
        route.get("destination_cidr_block") == target.atlas_cidr_block
        and route.get("vpc_peering_connection_id") == target.connection_id
        and route.get("state") != "blackhole"
        for route in table.get("routes") or []
    )


def _how(target: Target, table: str) -> str:
    return (
        f"{_RUN}, or: aws ec2 create-route --region {target.region} --route-table-id {table} "
        f"--destination-cidr-block {target.atlas_cidr_block} --vpc-peering-connection-id {target.connection_id}"
    )


def _resolvable(target: Target, vpc: Mapping[str, Any]) -> Finding:
    off = [key for key in _DNS if not vpc.get(key)]
    if not off:
        return finding(YES)
    names = " and ".join(_DNS[key][0] for key in off)
    command = f"aws ec2 modify-vpc-attribute --region {target.region} --vpc-id {target.vpc_id} {_DNS[off[0]][1]}"
    return finding(NO, f"{target.vpc_id} has {names} off.", f"{_RUN} and vpc_dns, or: {command}")
