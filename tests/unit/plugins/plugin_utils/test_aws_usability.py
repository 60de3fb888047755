# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What traffic to Atlas finds in AWS; what could not be read there is unknown, and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.filter.aws_usability import aws_usability
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target

ACCOUNT, VPC, PCX, BLOCK = "210987654321", "vpc-1", "pcx-1", "192.168.0.0/21"
YES = {"state": "yes", "reason": None, "cure": None}


def target(**changes: Any) -> Target:
    known: dict[str, Any] = {
        **{"name": "AWS app", "connection_id": PCX, "account_id": ACCOUNT, "vpc_id": VPC, "cidr_block": "10.1.0.0/16"},
        **{"atlas_cidr_block": BLOCK, "phase": "available", "region": "eu-west-1", "role_arn": "", "external_id": ""},
        **{"profile": "", "accept": True, "route_tables": [], "subnets": [], "all_route_tables": False},
        **{"vpc_dns": False, "dns_resolution": False, "security_groups": [], "ports": "27015-27017"},
    }
    return Target(**{**known, **changes})


def vpc(**changes: Any) -> dict[str, Any]:
    return {"vpc_id": VPC, "enable_dns_support": True, "enable_dns_hostnames": True, **changes}


def table(table_id: str, *routes: dict[str, Any]) -> dict[str, Any]:
    return {"route_table_id": table_id, "vpc_id": VPC, "tags": {}, "routes": list(routes), "associations": []}


def route(leads_to: str = PCX, state: str = "active") -> dict[str, Any]:
    return {"destination_cidr_block": BLOCK, "state": state, "vpc_peering_connection_id": leads_to}


def inspect(one: Target, refused: Any = (), **read: Any) -> dict[str, Any]:
    """Return the findings; what is read is named by kind, a text is why it could not be."""
    found = {"vpcs": [vpc()], "route_tables": [table("rtb-1", route())], **read}
    item = {"place": one.place, "name": "AWS app"}
    results = {
        kind: [{"item": item, **({"msg": things} if isinstance(things, str) else {kind: things})}]
        for kind, things in found.items()
    }
    return dict(aws_usability([asdict(one)], results, refused)[PCX])


def test_route_in_any_table_is_enough_unless_tables_are_named() -> None:
    tables = [table("rtb-1"), table("rtb-2", route())]
    assert inspect(target(), route_tables=tables) == {"routed": YES, "resolvable": YES}
    found = inspect(target(route_tables=["rtb-1", "rtb-2"]), route_tables=tables)["routed"]
    assert (found["state"], found["reason"]) == ("no", f"No route to {BLOCK} in rtb-1.")
    assert found["cure"].endswith(
        f"or: aws ec2 create-route --region eu-west-1 --route-table-id rtb-1 --destination-cidr-block {BLOCK} "
        f"--vpc-peering-connection-id {PCX}"
    )


@pytest.mark.parametrize("tables", [[], [table("rtb-1")], [table("rtb-1", route("pcx-2"), route(state="blackhole"))]])
def test_network_without_route_is_not_routed(tables: list[dict[str, Any]]) -> None:
    found = inspect(target(), route_tables=tables)["routed"]
    assert (found["state"], found["reason"]) == ("no", f"No route table of {VPC} has a route to {BLOCK}.")
    assert found["cure"].startswith("Name the application's in route_tables or subnets.")


def test_route_that_leads_elsewhere_or_nowhere_is_named() -> None:
    named = target(route_tables=["rtb-1"])
    elsewhere = inspect(named, route_tables=[table("rtb-1", route("pcx-2"))])["routed"]
    assert elsewhere["reason"].startswith(f"rtb-1 has a route to {BLOCK} already, through pcx-2.")
    nowhere = inspect(named, route_tables=[table("rtb-1", route(state="blackhole"))])["routed"]
    assert "leads nowhere" in nowhere["reason"]


def test_dns_settings_that_are_off_are_named_with_the_command() -> None:
    found = inspect(target(), vpcs=[vpc(enable_dns_hostnames=False)])["resolvable"]
    assert (found["state"], found["reason"]) == ("no", f"{VPC} has enableDnsHostnames off.")
    assert found["cure"].endswith(f"--vpc-id {VPC} --enable-dns-hostnames")
    assert "enableDnsSupport and enableDns" in inspect(target(), vpcs=[{"vpc_id": VPC}])["resolvable"]["reason"]


def test_what_could_not_be_read_is_unknown() -> None:
    denied = "UnauthorizedOperation: no"
    found = inspect(target(), route_tables=denied)
    assert (found["routed"]["state"], found["resolvable"]) == ("unknown", YES)
    assert found["routed"]["reason"].startswith(denied)
    found = inspect(target(), vpcs=denied)
    assert {one["state"] for one in found.values()} == {"unknown"}
    one = target(role_arn="arn:aws:iam::210987654321:role/network")
    found = inspect(one, refused=[{"item": {"account": one.account}, "msg": "AccessDenied"}])
    assert {(piece["state"], piece["reason"].split(".")[0]) for piece in found.values()} == {
        ("unknown", "AccessDenied")
    }


def test_network_of_another_account_is_unknown() -> None:
    found = inspect(target(), vpcs=[])["routed"]
    assert (found["state"], found["reason"]) == ("unknown", f"{VPC} was not found in eu-west-1.")
    item = {"place": target().place}
    seen = aws_usability(
        [asdict(target())], {"vpcs": [{"item": item, "vpcs": []}], "callers": [{"item": item, "account": "1"}]}
    )
    assert seen[PCX]["routed"]["reason"].endswith("The credentials are of the account 1.")
