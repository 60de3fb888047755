# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left to do in AWS, for everything that AWS may have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.plugin_utils.aws_plan import Plan, inactive, make_plan
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_reads import Reads
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target

ACCOUNT, VPC, PCX, BLOCK = "210987654321", "vpc-1", "pcx-1", "192.168.0.0/21"


def target(**changes: Any) -> Target:
    known: dict[str, Any] = {
        **{"name": "AWS app", "connection_id": PCX, "account_id": ACCOUNT, "vpc_id": VPC, "cidr_block": "10.1.0.0/16"},
        **{"atlas_cidr_block": BLOCK, "phase": "action_required", "region": "eu-west-1"},
        **{"role_arn": "", "external_id": "", "profile": "", "accept": True},
        **{"route_tables": [], "subnets": [], "all_route_tables": True, "vpc_dns": False, "dns_resolution": False},
        **{"security_groups": [], "ports": "27015-27017"},
    }
    return Target(**{**known, **changes})


def vpc(**changes: Any) -> dict[str, Any]:
    associated = [{"cidr_block": "10.1.0.0/16", "cidr_block_state": {"state": "associated"}}]
    known = {"vpc_id": VPC, "cidr_block": "10.1.0.0/16", "cidr_block_association_set": associated}
    return {**known, "enable_dns_support": True, "enable_dns_hostnames": True, **changes}


def request(code: str = "pending-acceptance", **accepter: Any) -> dict[str, Any]:
    info = {"vpc_id": VPC, "owner_id": ACCOUNT, **accepter}
    return {"vpc_peering_connection_id": PCX, "status": {"code": code}, "accepter_vpc_info": info}


def table(table_id: str, *routes: dict[str, Any], name: str = "", **changes: Any) -> dict[str, Any]:
    tags = {"Name": name} if name else {}
    local = {"destination_cidr_block": "10.1.0.0/16", "gateway_id": "local", "state": "active"}
    known = {"route_table_id": table_id, "vpc_id": VPC, "tags": tags, "routes": [local, *routes], "associations": []}
    return {**known, **changes}


def route(**leads_to: Any) -> dict[str, Any]:
    return {"destination_cidr_block": BLOCK, "state": "active", **leads_to}


def group(*rules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    named = {"group_id": "sg-1", "group_name": "app", "description": "Of the application."}
    return {**named, "vpc_id": VPC, "ip_permissions_egress": list(rules), **changes}


def plan(targets: Target | Iterable[Target] | None = None, **read: Any) -> Plan:
    """Make the plan; what is not named is as it is before a request is accepted."""
    wanted = [targets or target()] if targets is None or isinstance(targets, Target) else list(targets)
    found = {"vpcs": [vpc()], "requests": [request()], "route_tables": [table("rtb-1")], **read}
    keys = {"requests": "vpc_peering_connections"}
    item = {"place": wanted[0].place, "name": "AWS app"}
    results = {kind: [{"item": item, keys.get(kind, kind): things}] for kind, things in found.items()}
    return make_plan(wanted, Reads(results))


def steps(made: Plan) -> dict[str, int]:
    found = {name: len(getattr(made, name)) for name in ("accept", "routes", "vpc_dns", "dns_resolution", "rules")}
    return {name: number for name, number in found.items() if number}


def test_new_connection_plans_all_steps() -> None:
    off = vpc(enable_dns_support=True, enable_dns_hostnames=False)
    wanted = target(vpc_dns=True, dns_resolution=True, security_groups=["sg-1"])
    made = plan(wanted, vpcs=[off], security_groups=[group()])
    assert steps(made) == {"accept": 1, "routes": 1, "vpc_dns": 1, "dns_resolution": 1, "rules": 1}
    assert (made.problems, made.notes) == ([], [])
    assert made.routes[0]["routes"] == [{"dest": BLOCK, "vpc_peering_connection_id": PCX}]
    assert made.rules[0]["rules"][0]["cidr_ip"] == BLOCK
    assert (made.rules[0]["group_name"], made.rules[0]["description"]) == ("app", "Of the application.")


def test_complete_connection_plans_no_steps() -> None:
    rule = {"ip_protocol": "tcp", "from_port": 27000, "to_port": 27020, "ip_ranges": [{"cidr_ip": "192.168.0.0/16"}]}
    wanted = target(phase="available", security_groups=["sg-1"], dns_resolution=True)
    active = request("active", peering_options={"allow_dns_resolution_from_remote_vpc": True})
    made = plan(
        wanted,
        requests=[active],
        route_tables=[table("rtb-1", route(vpc_peering_connection_id=PCX))],
        security_groups=[group(rule)],
    )
    assert (steps(made), made.problems, made.notes) == ({}, [], [])
    (result,) = made.result
    assert (result["accepted"], result["route_table_ids"]) == (True, ["rtb-1"])


def test_connections_share_one_item_per_route_table() -> None:
    other = target(connection_id="pcx-2", atlas_cidr_block="192.168.8.0/21")
    both = [request(), {**request(), "vpc_peering_connection_id": "pcx-2"}]
    made = plan([target(), other], requests=both)
    (item,) = made.routes
    assert [one["vpc_peering_connection_id"] for one in item["routes"]] == [PCX, "pcx-2"]


@pytest.mark.parametrize(("code", "accepts"), [("pending-acceptance", 1), ("active", 0), ("provisioning", 0)])
def test_only_pending_request_is_accepted(code: str, accepts: int) -> None:
    made = plan(requests=[request(code)])
    assert (len(made.accept), len(made.routes), made.problems) == (accepts, 1, [])


def test_accept_false_plans_no_routes() -> None:
    made = plan(target(accept=False))
    assert (steps(made), made.result[0]["accepted"]) == ({}, False)
    assert "accept is false" in made.notes[0]


@pytest.mark.parametrize("code", ["rejected", "expired", "failed", "deleted", "deleting"])
def test_ended_request_is_a_problem_with_hint(code: str) -> None:
    made = plan(requests=[request(code)])
    (problem,) = made.problems
    assert problem.startswith(f"AWS app: {PCX} ")
    assert "atlas_peering_recreate_on" in problem or "create it again" in problem
    assert made.accept == []


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ({"vpcs": []}, f"The AWS account {ACCOUNT} has no {VPC} in eu-west-1."),
        ({"requests": []}, f"The AWS account has no request {PCX} in eu-west-1"),
        ({"requests": [request(vpc_id="vpc-2")]}, f"{PCX} leads to vpc-2, not to {VPC}"),
        ({"requests": [request(owner_id="1")]}, f"{PCX} leads to 1, not to {ACCOUNT}"),
        (
            {"vpcs": [vpc(cidr_block_association_set=[{"cidr_block": "10.2.0.0/16"}])]},
            f"{VPC} has 10.2.0.0/16, but route_table_cidr_block is 10.1.0.0/16.",
        ),
        (
            {"route_tables": [table("rtb-1", route(gateway_id="igw-1"))]},
            f"rtb-1 has a route to {BLOCK} already, through igw-1.",
        ),
        (
            {"route_tables": [table("rtb-1", route(vpc_peering_connection_id="pcx-2"))]},
            f"rtb-1 has a route to {BLOCK} already, through pcx-2.",
        ),
    ],
)
def test_conflict_with_vpc_or_route_is_a_problem(read: dict[str, Any], expected: str) -> None:
    made = plan(**read)
    (problem,) = made.problems
    assert problem.startswith(f"AWS app: {expected}")


def test_block_within_vpc_is_no_problem() -> None:
    assert plan(target(cidr_block="10.1.2.0/24")).problems == []


def test_blackhole_route_of_deleted_connection_is_replaced() -> None:
    lost = route(vpc_peering_connection_id="pcx-0", state="blackhole")
    made = plan(route_tables=[table("rtb-1", lost)])
    assert (len(made.routes), made.problems) == (1, [])


def test_blackhole_route_of_available_connection_is_a_problem() -> None:
    lost = route(vpc_peering_connection_id=PCX, state="blackhole")
    (problem,) = plan(target(phase="available"), route_tables=[table("rtb-1", lost)]).problems
    assert f"AWS no longer has {PCX}" in problem


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["rtb-2"], None),
        (["app"], None),
        (["twin"], f"2 route tables of {VPC} are named twin (rtb-3, rtb-4)."),
        (["rtb-9"], f"{VPC} has no route table rtb-9; it has rtb-1, rtb-2, rtb-3, rtb-4."),
    ],
)
def test_route_tables_by_id_or_name(names: list[str], expected: str | None) -> None:
    tables = [table("rtb-1"), table("rtb-2", name="app"), table("rtb-3", name="twin"), table("rtb-4", name="twin")]
    made = plan(target(all_route_tables=False, route_tables=names), route_tables=tables)
    if expected is None:
        assert [item["route_table_id"] for item in made.routes] == ["rtb-2"]
    else:
        (problem,) = made.problems
        assert problem.startswith(f"AWS app: {expected}")


MAIN = table("rtb-1", associations=[{"main": True}])
ASSOCIATED = table("rtb-2", associations=[{"main": False, "subnet_id": "subnet-1"}])


def test_subnet_uses_associated_or_main_route_table() -> None:
    made = plan(target(all_route_tables=False, subnets=["subnet-1"]), route_tables=[MAIN, ASSOCIATED])
    assert [item["route_table_id"] for item in made.routes] == ["rtb-2"]
    assert made.unassociated == []
    made = plan(target(all_route_tables=False, subnets=["subnet-2"]), route_tables=[MAIN, ASSOCIATED])
    assert [item["route_table_id"] for item in made.routes] == ["rtb-1"]
    assert [item["subnets"] for item in made.unassociated] == [["subnet-2"]]


@pytest.mark.parametrize(("subnets", "problems"), [([{"subnet_id": "subnet-2"}], 0), ([], 1)])
def test_unassociated_subnet_must_exist(subnets: list[dict[str, str]], problems: int) -> None:
    wanted = target(all_route_tables=False, subnets=["subnet-2"])
    made = plan(wanted, route_tables=[MAIN, ASSOCIATED], subnets=subnets)
    assert len(made.problems) == problems


def test_unrequested_routes_and_dns_are_noted() -> None:
    made = plan(target(all_route_tables=False), vpcs=[vpc(enable_dns_hostnames=False)])
    assert ["Nothing is routed to" in note or "enable_dns_hostnames off" in note for note in made.notes] == [True, True]
    assert made.vpc_dns == []


@pytest.mark.parametrize(
    ("rule", "allows"),
    [
        ({"ip_protocol": "-1", "ip_ranges": [{"cidr_ip": "0.0.0.0/0"}]}, True),
        ({"ip_protocol": "-1", "ip_ranges": [{"cidr_ip": "10.0.0.0/8"}]}, False),
        ({"ip_protocol": "udp", "from_port": 0, "to_port": 65535, "ip_ranges": [{"cidr_ip": BLOCK}]}, False),
        ({"ip_protocol": "tcp", "from_port": 27016, "to_port": 27017, "ip_ranges": [{"cidr_ip": BLOCK}]}, False),
        ({"ip_protocol": "tcp", "from_port": 27015, "to_port": 27017, "ip_ranges": [{"cidr_ip": BLOCK}]}, True),
    ],
)
def test_security_group_rule_is_added_only_if_none_allows_it(rule: dict[str, Any], allows: bool) -> None:
    made = plan(target(security_groups=["sg-1"]), security_groups=[group(rule)])
    assert len(made.rules) == (not allows)


@pytest.mark.parametrize("groups", [[], [group(vpc_id="vpc-2")]])
def test_security_group_outside_vpc_is_a_problem(groups: list[dict[str, Any]]) -> None:
    made = plan(target(security_groups=["sg-1"]), security_groups=groups)
    assert made.problems == [f"AWS app: {VPC} has no security group sg-1. Correct security_groups."]


def test_credentials_of_other_account_are_a_problem() -> None:
    item = {"place": target().place, "name": "AWS app"}
    made = make_plan([target()], Reads({"vpcs": [{"item": item, "vpcs": []}]}))
    assert [one["place"] for one in made.unseen] == [target().place]
    read = {"vpcs": [{"item": item, "vpcs": []}], "callers": [{"item": item, "account": "123456789012"}]}
    (problem,) = make_plan([target()], Reads(read)).problems
    assert f"credentials are of the AWS account 123456789012, but {VPC} belongs to {ACCOUNT}" in problem


def test_failed_read_is_one_problem_and_ends_plan() -> None:
    item = {"place": target().place, "name": "AWS app"}
    failed = {"item": item, "failed": False, "failed_when_result": False, "msg": "Unable to locate credentials"}
    made = make_plan([target()], Reads({"vpcs": [failed], "route_tables": [failed]}))
    (problem,) = made.problems
    assert problem.startswith("AWS app: Unable to locate credentials. Set AWS_ACCESS_KEY_ID")
    assert made.result == []


def test_accepted_request_that_is_unreadable_is_a_problem() -> None:
    results = [{"item": {"connection_id": PCX, "name": "AWS app"}, "msg": "no", "error": {"code": "ExpiredToken"}}]
    (problem,) = inactive([target()], results)
    assert problem == "AWS app: no. The credentials for AWS are wrong or have expired. Renew them."


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("active", []),
        ("rejected", [f"AWS app: {PCX} was rejected."]),
        ("provisioning", [f"AWS app: {PCX} is provisioning in AWS, not active"]),
    ],
)
def test_accepted_request_must_be_active(code: str, expected: list[str]) -> None:
    results = [{"item": {"connection_id": PCX}, "vpc_peering_connections": [request(code)]}]
    found = inactive([target()], results)
    assert [text[: len(start)] for text, start in zip(found, expected)] == expected
    assert len(found) == len(expected)
