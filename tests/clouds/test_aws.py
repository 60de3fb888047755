# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both sides of connections to AWS: the simulator as Atlas, moto as AWS, the real modules of both collections."""

from __future__ import annotations

import json
import re

import pytest
import yaml

pytest.importorskip("moto", reason="moto is installed by the nox session clouds")

from clouds.aws import ACCOUNT, CALLER, ROLE, secrets
from clouds.aws_tasks import (
    ATLAS_BLOCK,
    BLOCK,
    OTHER_ATLAS_BLOCK,
    OTHER_REGION,
    REGION,
    both_sides,
    changed,
    cloud_tasks,
    connection,
    declare,
    failures,
    kill_at,
    other_side,
    removal,
    requested,
    succeed,
)
from support.documented_examples import blocks
from support.run_playbook import ROOT

ALL_TRAFFIC = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]  # what a new group lets out


def test_role_makes_connections_available_and_removes_them(aws, atlas, play):
    """Two accounts, two regions of Atlas, as verbosely as it gets."""
    vpc = aws.make_vpc(REGION, BLOCK)
    connections = [connection(vpc), connection(vpc, OTHER_REGION, OTHER_ATLAS_BLOCK)]
    how = {"all_route_tables": True, "vpc_dns": True}
    first = succeed(play, *both_sides(connections, **how), args=["-vvv"])
    peers = atlas.peers()
    assert [peer["statusName"] for peer in peers] == ["AVAILABLE", "AVAILABLE"]
    ids = [peer["connectionId"] for peer in peers]
    routes = {ATLAS_BLOCK: ids[0], OTHER_ATLAS_BLOCK: ids[1]}
    assert aws.routes(REGION, vpc.vpc_id) == dict.fromkeys([vpc.main, *vpc.tables], routes)
    assert len(secrets()) > 1
    assert "sts_assume_role" in first.output, "it is verbose"

    second = succeed(play, *both_sides(connections, **how))
    assert changed(second) == []
    assert len(cloud_tasks(second)) <= 3, cloud_tasks(second)

    succeed(play, *removal(connections))
    assert atlas.peers() == []
    assert aws.routes(REGION, vpc.vpc_id) == {table: {} for table in [vpc.main, *vpc.tables]}
    assert [aws.status(REGION, one) for one in ids] == ["deleted", "deleted"]


def test_role_with_all_options_sets_routes_dns_and_rules(aws, play):
    """On a named route table and that of a subnet; others keep what they have."""
    vpc = aws.make_vpc(REGION, BLOCK)
    ec2 = aws.ec2(REGION)
    ec2.create_route(RouteTableId=vpc.tables[0], DestinationCidrBlock="0.0.0.0/0", GatewayId=aws.gateway(REGION, vpc))
    ec2.revoke_security_group_egress(GroupId=vpc.group, IpPermissions=ALL_TRAFFIC)
    own = {"route_tables": f"app-{vpc.subnets[0]}", "subnets": [vpc.subnets[2]], "security_groups": [vpc.group]}
    record = requested(aws, vpc, aws={**own, "dns_resolution": "yes"})
    first = succeed(play, other_side([record]), args=["-vvv"])
    assert changed(first) == [
        "Accept the requests",
        "Route to Atlas",
        "Let traffic to Atlas out",
        "Let Atlas resolve host names of the VPCs",
    ]
    pcx = record["connection_id"]
    assert aws.routes(REGION, vpc.vpc_id) == {
        vpc.main: {ATLAS_BLOCK: pcx},
        vpc.tables[0]: {ATLAS_BLOCK: pcx},
        vpc.tables[1]: {},
    }
    assert aws.egress(REGION, vpc) == [(27015, 27017, ATLAS_BLOCK)]
    assert aws.resolves(REGION, pcx)
    assert changed(succeed(play, other_side([{**record, "phase": "available"}]))) == []

    check = succeed(play, other_side([record], "remove"), args=["--check", "--diff"])
    assert "Remove what leads to the connections" in changed(check)
    assert aws.status(REGION, pcx) == "active"
    assert aws.egress(REGION, vpc) == [(27015, 27017, ATLAS_BLOCK)]
    succeed(play, other_side([record], "remove"), args=["-vvv"])
    assert aws.routes(REGION, vpc.vpc_id) == {table: {} for table in [vpc.main, *vpc.tables]}
    assert "0.0.0.0/0" in aws.destinations(REGION, vpc.tables[0])
    assert (aws.egress(REGION, vpc), aws.status(REGION, pcx)) == ([], "deleted")
    assert changed(succeed(play, other_side([record], "remove"))) == []


def test_check_mode_writes_nothing(aws, atlas, play):
    vpc = aws.make_vpc(REGION, BLOCK)
    connections = [connection(vpc)]
    predicted = succeed(play, *both_sides(connections), args=["--check", "--diff"])
    assert cloud_tasks(predicted) == [], "nobody has requested it"
    succeed(play, declare(connections, atlas_peering_until="action_required"))
    check = succeed(play, *both_sides(connections, all_route_tables=True, vpc_dns=True), args=["--check", "--diff"])
    assert changed(check) == ["Accept the requests", "Switch on DNS in the VPCs", "Route to Atlas"]
    (peer,) = atlas.peers()
    assert aws.status(REGION, peer["connectionId"]) == "pending-acceptance"
    assert aws.routes(REGION, vpc.vpc_id) == {table: {} for table in [vpc.main, *vpc.tables]}


def test_killed_role_is_completed_by_next_run(aws, play):
    """After the acceptance, and after the routes; the third run ends as one that was never killed."""
    vpc = aws.make_vpc(REGION, BLOCK)
    record = requested(aws, vpc)
    task = other_side([record], route_tables=[vpc.main], vpc_dns=True)
    for step in ("Assert that they are active", "Let traffic to Atlas out"):
        kill_at(play, step, task)
    assert changed(succeed(play, task)) == []
    assert aws.status(REGION, record["connection_id"]) == "active"
    assert aws.routes(REGION, vpc.vpc_id)[vpc.main] == {ATLAS_BLOCK: record["connection_id"]}


def test_all_conflicts_are_reported_in_one_message(aws, play):
    """Each with the cure, and nothing is written, not even for the connection that is all right."""
    vpc = aws.make_vpc(REGION, BLOCK)
    ec2 = aws.ec2(REGION)
    good, rejected, expired = (requested(aws, vpc) for _number in range(3))
    other = requested(aws, aws.make_vpc(REGION, BLOCK))
    ec2.reject_vpc_peering_connection(VpcPeeringConnectionId=rejected["connection_id"])
    aws.force_status(REGION, expired["connection_id"], "expired")
    ec2.create_tags(Resources=vpc.tables, Tags=[{"Key": "Name", "Value": "twin"}])
    ec2.create_route(RouteTableId=vpc.main, DestinationCidrBlock=ATLAS_BLOCK, GatewayId=aws.gateway(REGION, vpc))
    wrong = [
        (
            {"aws": {"role_arn": ""}},
            f"credentials are of the AWS account {CALLER}, but {vpc.vpc_id} belongs to {ACCOUNT}",
        ),
        ({"vpc_id": "vpc-0123456789abcdef0"}, "has no vpc-0123456789abcdef0 in eu-west-1. Check vpc_id and"),
        ({"accepter_region_name": OTHER_REGION}, f"has no {vpc.vpc_id} in us-west-2. Check vpc_id and"),
        (
            {"route_table_cidr_block": "10.2.0.0/16"},
            f"{vpc.vpc_id} has {BLOCK}, but route_table_cidr_block is 10.2.0.0/16",
        ),
        ({"connection_id": other["connection_id"]}, f"not to {vpc.vpc_id}. Pass current results."),
        (rejected, "was rejected. Let atlas_peering_recreate_on: [rejected] replace it"),
        (expired, "has expired after 7 days. Let atlas_peering_recreate_on: [expired] replace it."),
        ({"connection_id": "pcx-0123456789abcdef0"}, "has no request pcx-0123456789abcdef0 in eu-west-1"),
        ({"aws": {"route_tables": ["twin"]}}, f"2 route tables of {vpc.vpc_id} are named twin"),
        ({"aws": {"route_tables": ["rtb-9"]}}, f"{vpc.vpc_id} has no route table rtb-9; it has"),
        ({"aws": {"subnets": ["subnet-9"]}}, f"{vpc.vpc_id} has no subnet subnet-9. Correct subnets."),
        ({"aws": {"security_groups": ["sg-9"]}}, f"{vpc.vpc_id} has no security group sg-9."),
        ({"aws": {"route_tables": [vpc.main]}}, f"{vpc.main} has a route to {ATLAS_BLOCK} already, through igw-"),
    ]
    records = [good, *({**good, **change} for change, _expected in wrong)]
    records = [{**record, "aws": {"role_arn": ROLE, **record.get("aws", {})}} for record in records]
    (message,) = failures(play, {"act": other_side(records, role_arn="")}).values()
    assert [expected for _change, expected in wrong if expected not in message] == []
    assert aws.status(REGION, good["connection_id"]) == "pending-acceptance"
    assert aws.routes(REGION, vpc.vpc_id) == {table: {} for table in [vpc.main, *vpc.tables]}


def test_unreadable_aws_fails_with_hint(aws, play, bare_python):
    vpc = aws.make_vpc(REGION, BLOCK)
    record = requested(aws, vpc)
    without_boto3 = other_side([record])
    without_boto3["vars"]["ansible_python_interpreter"] = str(bare_python)
    found = failures(
        play,
        {
            "account": other_side([record], role_arn=ROLE.replace(ACCOUNT, "999999999999")),
            "request": other_side([{**record, "connection_id": None, "phase": "pending"}]),
            "both": other_side([record], profile="nobody"),
            "boto3": without_boto3,
        },
    )
    no_keys = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    profiles = {
        "profile": other_side([record], role_arn="", profile="nobody"),
        "profile for the role": other_side([record], profile="nobody"),
    }
    found |= failures(play, profiles, no_keys)
    expected = {
        "account": f"is a role of the account 999999999999, but the VPC belongs to {ACCOUNT}.",
        "request": "Atlas has not requested it yet. Wait until it can be accepted",
        "profile": "Check atlas_peering_aws_profile and the file ~/.aws/config",
        "profile for the role": "Check atlas_peering_aws_profile and the file ~/.aws/config",
        "both": "Unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
        "boto3": "Install boto3 for the Python that runs the tasks (pip install boto3)",
    }
    assert {name: text for name, text in found.items() if expected[name] not in text} == {}


def test_missing_accept_permission_fails(aws, play, environment):
    vpc = aws.make_vpc(REGION, BLOCK, role=None)
    record = requested(aws, vpc, aws_account_id=CALLER)
    with aws.permissions("ec2:Describe*") as keys:
        who = {**environment, **keys}
        found = failures(play, {"accept": other_side([record], role_arn="")}, environment=who)
    assert "The credentials lack a permission." in found["accept"]
    assert "Give them the policy that the README of the role atlas_peering_aws shows" in found["accept"]


def test_permissions_in_readme_are_sufficient(aws, play, environment):
    """For everything that the role can be asked for, and its removal."""
    vpc = aws.make_vpc(REGION, BLOCK, role=None)
    aws.ec2(REGION, None).revoke_security_group_egress(GroupId=vpc.group, IpPermissions=ALL_TRAFFIC)
    record = requested(aws, vpc, aws_account_id=CALLER)
    how = {"route_tables": [vpc.tables[0]], "subnets": [vpc.subnets[2]], "security_groups": [vpc.group]}
    (policy,) = blocks((ROOT / "roles" / "atlas_peering_aws" / "README.md").read_text(), "json")
    with aws.permissions(*json.loads(policy)["Statement"][0]["Action"]) as keys:
        acts = other_side([record], role_arn="", vpc_dns=True, dns_resolution=True, **how)
        done = succeed(
            play, acts, other_side([record], "remove", role_arn="", **how), environment={**environment, **keys}
        )
    assert len(changed(done)) == 7
    assert aws.status(REGION, record["connection_id"], None) == "deleted"


def test_demo_of_both_sides_runs(play, environment):
    """It starts simulators of its own."""
    pytest.importorskip("google.auth")
    others = {"PATH", "ANSIBLE_COLLECTIONS_PATH"}
    bare = {name: value for name, value in environment.items() if name in others}
    done = succeed(play, playbook="atlasops.network.demo_both_sides", args=["-e", "demo_pace=0.1"], environment=bare)
    assert re.search(r"^second_run +: ok=\d+ +changed=0 ", done.output, re.MULTILINE)


def test_demo_of_both_sides_without_amazon_aws_fails_with_command(play):
    """Before it starts anything."""
    done = play(playbook="atlasops.network.demo_both_sides", environment={})
    assert "ansible-galaxy collection install amazon.aws" in done.msg("Check the connections")
    assert "Create a temporary directory" not in done.stdout


def test_example_of_both_sides_runs(aws, atlas, play, environment, tmp_path):
    """The file as it is, but for the IDs that are the reader's to replace."""
    vpc = aws.make_vpc("us-east-1", "10.15.0.0/16", role=None)
    text = (ROOT / "examples" / "both-sides" / "aws.yml").read_text()
    text = text.replace("vpc-0f1e2d3c4b5a69788", vpc.vpc_id).replace("rtb-0a1b2c3d4e5f60718", vpc.tables[0])
    playbook = tmp_path / "aws.yml"
    playbook.write_text(text)
    project = atlas.add_project("example", containers=False)
    succeed(play, playbook=str(playbook), environment={**environment, "MONGODB_ATLAS_PROJECT_ID": project})
    (peer,) = atlas.peers(project)
    assert (peer["statusName"], peer["awsAccountId"]) == ("AVAILABLE", CALLER)
    assert aws.routes("us-east-1", vpc.vpc_id, None)[vpc.tables[0]] == {"192.168.248.0/21": peer["connectionId"]}
    (declared,) = yaml.safe_load(text)[0]["vars"]["atlas_peering_connections"]
    assert declared["aws_account_id"] == CALLER
