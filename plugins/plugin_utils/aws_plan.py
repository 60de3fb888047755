# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What is to be done in AWS, worked out of what is asked for and what AWS has, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import contains
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_failure import explain
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_reads import Reads, blocks, status
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_routes import Routes
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_rules import Rules
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target

_ACCEPTED = ("active", "provisioning")
_ENDED: Mapping[str, str] = {
    "rejected": "was rejected. Let atlas_peering_recreate_on: [rejected] replace it, once its owner agrees.",
    "expired": "has expired after 7 days. Let atlas_peering_recreate_on: [expired] replace it.",
    "failed": "has failed. Check that the blocks of the two VPCs do not overlap, then delete and create it again.",
    "deleted": "was deleted. Let atlas_peering_recreate_on: [failed] replace it.",
    "deleting": "is being deleted. Let atlas_peering_recreate_on: [failed] replace it.",
}
_NOT_ACTIVE = "{id} is {status} in AWS, not active, although it was accepted. Run the play again in a minute."


@dataclass
class Plan:
    """What the role does, step by step; each step is the items of a loop.

    Attributes:
        problems: A sentence for each thing that keeps the role from writing.
        notes: A sentence for each thing that was not asked for, but that traffic may need.
        unassociated: Subnets to look for, since no route table names them.
        unseen: Places whose account is worth knowing, since a VPC was not found there.
        result: A record for each connection, as it will be.
    """

    accept: list[dict[str, Any]] = field(default_factory=list)
    routes: list[dict[str, Any]] = field(default_factory=list)
    vpc_dns: list[dict[str, Any]] = field(default_factory=list)
    dns_resolution: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unassociated: list[dict[str, Any]] = field(default_factory=list)
    unseen: list[dict[str, Any]] = field(default_factory=list)
    result: list[dict[str, Any]] = field(default_factory=list)


def make_plan(targets: Iterable[Target], reads: Reads) -> Plan:
    """Return what is to be done for each connection."""
    plan = Plan(problems=reads.problems())
    if not plan.problems:
        for target in targets:
            _Step(plan, target, reads).add()
    return plan


def inactive(targets: Iterable[Target], results: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each accepted request that is not active.

    Args:
        targets: The connections.
        results: What a loop over the accepted ones has read of them afterwards.
    """
    by_id = {target.connection_id: target for target in targets}
    problems = []
    for one in results:
        target = by_id[one["item"]["connection_id"]]
        if not one.get("vpc_peering_connections"):
            problems.append(explain(one))
            continue
        now = status(one["vpc_peering_connections"][0])
        if now != "active":
            why = _ENDED.get(now)
            text = f"{target.connection_id} {why}" if why else _NOT_ACTIVE.format(id=target.connection_id, status=now)
            problems.append(f"{target.name}: {text}")
    return problems


class _Step:
    """Adds one connection to the plan."""

    def __init__(self, plan: Plan, target: Target, reads: Reads) -> None:
        self._plan = plan
        self._target = target
        self._reads = reads

    def add(self) -> None:
        vpc = self._reads.vpc(self._target)
        if vpc is None:
            self._miss_vpc()
            return
        self._add_problems([*self._problems_of_vpc(vpc), *self._problems_of_request()])
        accepted = self._accept()
        routes = self._route(accepted)
        self._set_vpc_dns(vpc)
        self._resolve(accepted)
        self._open_groups()
        self._plan.result.append(
            {
                "connection_id": self._target.connection_id,
                "vpc_id": self._target.vpc_id,
                "aws_account_id": self._target.account_id,
                "region": self._target.region,
                "accepted": accepted,
                "route_table_ids": routes.tables if accepted else [],
            }
        )

    def _add_problems(self, problems: Iterable[str]) -> None:
        self._plan.problems += [f"{self._target.name}: {problem}" for problem in problems]

    def _note(self, text: str) -> None:
        self._plan.notes.append(f"{self._target.name}: {text}")

    def _item(self, **more: Any) -> dict[str, Any]:
        ids = {"connection_id": self._target.connection_id, "vpc_id": self._target.vpc_id}
        return {**self._target.where, **ids, **more}

    def _miss_vpc(self) -> None:
        """Say whose account does not have the VPC; the role asks AWS for it only now."""
        target = self._target
        self._plan.unseen.append({**target.where, "place": target.place})
        caller = self._reads.caller(target.place)
        self._add_problems(
            [
                f"The credentials are of the AWS account {caller}, but {target.vpc_id} belongs to {target.account_id}. "
                "Set role_arn or profile to credentials of that account."
                if caller and caller != target.account_id
                else f"The AWS account {target.account_id} has no {target.vpc_id} in {target.region}. "
                "Check vpc_id and accepter_region_name of the connection."
            ]
        )

    def _problems_of_vpc(self, vpc: Mapping[str, Any]) -> Iterable[str]:
        declared, found = self._target.cidr_block, blocks(vpc)
        if declared and not any(contains(block, declared) for block in found):
            yield (
                f"{self._target.vpc_id} has {' and '.join(found)}, but route_table_cidr_block is {declared}. "
                "Declare a block of the VPC, so that Atlas routes to it."
            )

    def _problems_of_request(self) -> Iterable[str]:
        target, request = self._target, self._reads.request(self._target)
        if request is None:
            if target.needs_request:
                yield (
                    f"The AWS account has no request {target.connection_id} in {target.region}; it may have expired. "
                    "Run the play from its beginning, to see what Atlas says."
                )
            return
        accepter = request.get("accepter_vpc_info") or {}
        for key, declared in (("vpc_id", target.vpc_id), ("owner_id", target.account_id)):
            if accepter.get(key) and accepter[key] != declared:
                yield f"{target.connection_id} leads to {accepter[key]}, not to {declared}. Pass current results."
        if status(request) in _ENDED:
            yield f"{target.connection_id} {_ENDED[status(request)]}"

    def _accept(self) -> bool:
        """Return whether the connection is accepted once the plan is carried out."""
        request = self._reads.request(self._target)
        if request is None or status(request) in _ACCEPTED:
            return True
        if not self._target.accept:
            self._note(f"{self._target.connection_id} is not accepted, and nothing is routed to it: accept is false.")
        elif status(request) not in _ENDED:
            self._plan.accept.append(self._item())
        return self._target.accept

    def _route(self, accepted: bool) -> Routes:
        routes = Routes(self._target, self._reads)
        self._add_problems(routes.problems)
        if routes.unassociated:
            where = {**self._target.where, "place": self._target.place, "vpc_id": self._target.vpc_id}
            self._plan.unassociated.append({**where, "subnets": routes.unassociated})
        if accepted:
            for table in routes.missing:
                self._add_to(self._plan.routes, {"route_table_id": table}, "routes", routes.route)
        if not routes.tables and not routes.problems:
            self._note(
                f"Nothing is routed to {self._target.atlas_cidr_block}: no route_tables, subnets or all_route_tables."
            )
        return routes

    def _set_vpc_dns(self, vpc: Mapping[str, Any]) -> None:
        off = [key for key in ("enable_dns_support", "enable_dns_hostnames") if not vpc.get(key)]
        if not off:
            return
        if not self._target.vpc_dns:
            self._note(
                f"{self._target.vpc_id} has {' and '.join(off)} off, so that Atlas' host names do not resolve to "
                "private addresses there. Set vpc_dns to switch them on."
            )
        elif all(item["vpc_id"] != self._target.vpc_id for item in self._plan.vpc_dns):
            self._plan.vpc_dns.append(self._item())

    def _resolve(self, accepted: bool) -> None:
        request = self._reads.request(self._target)
        if not (self._target.dns_resolution and accepted and request):
            return
        options = (request.get("accepter_vpc_info") or {}).get("peering_options") or {}
        if not options.get("allow_dns_resolution_from_remote_vpc"):
            self._plan.dns_resolution.append(self._item())

    def _open_groups(self) -> None:
        rules = Rules(self._target, self._reads)
        self._add_problems(rules.problems)
        for group in rules.missing:
            self._add_to(self._plan.rules, group, "rules", rules.rule)

    def _add_to(self, items: list[dict[str, Any]], owner: dict[str, str], many: str, one: dict[str, Any]) -> None:
        """Add one thing to the item of the table or group that it is for, which may serve several connections."""
        for item in items:
            if owner.items() <= item.items():
                item[many].append(one)
                return
        items.append(self._item(**owner, **{many: [one]}))
