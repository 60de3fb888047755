# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Which security groups are to let traffic to Atlas out, and which of them do not yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.aws.accepter import RULE_DESCRIPTION
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import contains
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_reads import Reads
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target


class Rules:
    """The outbound rules of one connection.

    Attributes:
        rule: The rule that each group gets.
        missing: The groups that do not let this traffic out yet, each with ID, name and description.
        problems: A sentence for each group that the VPC does not have.
    """

    def __init__(self, target: Target, reads: Reads) -> None:
        self._target = target
        self.rule: dict[str, Any] = {
            "proto": "tcp",
            "ports": [target.ports],
            "cidr_ip": target.atlas_cidr_block,
            "rule_desc": RULE_DESCRIPTION,
        }
        self.missing: list[dict[str, str]] = []
        self.problems: list[str] = []
        for group_id in target.security_groups:
            group = reads.one("security_groups", target.place, group_id)
            if group is None or group.get("vpc_id") != target.vpc_id:
                self.problems.append(f"{target.vpc_id} has no security group {group_id}. Correct security_groups.")
            elif not any(self._allows(rule) for rule in group.get("ip_permissions_egress") or []):
                named = {"group_name": group.get("group_name", ""), "description": group.get("description", "")}
                self.missing.append({"group_id": group_id, **named})

    def _allows(self, rule: Mapping[str, Any]) -> bool:
        """Report whether an outbound rule lets this traffic out."""
        ranges = [str(one["cidr_ip"]) for one in rule.get("ip_ranges") or []]
        if not any(contains(block, self._target.atlas_cidr_block) for block in ranges):
            return False
        if str(rule.get("ip_protocol")) == "-1":
            return True
        first, _dash, last = self._target.ports.partition("-")
        lowest, highest = rule.get("from_port"), rule.get("to_port")
        return (
            str(rule.get("ip_protocol")) == "tcp"
            and lowest is not None
            and highest is not None
            and int(lowest) <= int(first)
            and int(last or first) <= int(highest)
        )
