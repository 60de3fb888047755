# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated AWS with the account of a customer in it, for the real modules of amazon.aws."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import requests
from moto.ec2.models import ec2_backends
from moto.server import ThreadedMotoServer
from moto.sts.models import sts_backends

from support.patience import PATIENCE

ACCOUNT = "210987654321"  # of the VPC
ROLE = f"arn:aws:iam::{ACCOUNT}:role/network"
CALLER = "123456789012"  # the account of all other credentials, by moto
SECRET = "customer-secret-key-0123456789abcdef"


@dataclass
class Vpc:
    """A VPC with a route table for each of two subnets, and a third subnet that uses the main route table."""

    vpc_id: str
    main: str
    tables: list[str]
    subnets: list[str]
    group: str


def secrets() -> list[str]:
    """Return every secret that was in use: of the caller, and of the roles that were assumed."""
    assumed = [one for account in (ACCOUNT, CALLER) for one in sts_backends[account]["aws"].assumed_roles]
    return [SECRET, *(secret for one in assumed for secret in (one.secret_access_key, one.session_token))]


class Aws:
    """A server of moto; nothing leaves the machine."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)

    def __enter__(self) -> Aws:
        self._server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()

    @property
    def endpoint(self) -> str:
        return "http://{}:{}".format(*self._server.get_host_and_port())

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which any SDK finds it."""
        return {
            "AWS_ACCESS_KEY_ID": "customer",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str, region: str = "us-east-1", role: str | None = None) -> Any:
        """Return a client of the account of a role, or of the caller's own."""
        session = boto3.Session("customer", SECRET)
        options = {"endpoint_url": self.endpoint, "region_name": region}
        if role:
            assumed = session.client("sts", **options).assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
            keys = ("AccessKeyId", "SecretAccessKey", "SessionToken")
            session = boto3.Session(*(assumed[key] for key in keys))
        return session.client(service, **options)

    def ec2(self, region: str, role: str | None = ROLE) -> Any:
        return self.client("ec2", region, role)

    def make_vpc(self, region: str, block: str, role: str | None = ROLE) -> Vpc:
        ec2 = self.ec2(region, role)
        vpc_id = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
        (main,) = self.tables(region, vpc_id, role)
        prefix = ".".join(block.split(".")[:2])
        subnets = [
            ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"{prefix}.{number}.0/24")["Subnet"]["SubnetId"]
            for number in range(3)
        ]
        tables = [ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"] for _number in range(2)]
        for table, subnet in zip(tables, subnets):
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
            ec2.create_tags(Resources=[table], Tags=[{"Key": "Name", "Value": f"app-{subnet}"}])
        (group,) = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["SecurityGroups"]
        return Vpc(vpc_id, main["RouteTableId"], tables, subnets, group["GroupId"])

    def tables(self, region: str, vpc_id: str, role: str | None = ROLE) -> list[dict[str, Any]]:
        found = self.ec2(region, role).describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])
        return list(found["RouteTables"])

    def routes(self, region: str, vpc_id: str, role: str | None = ROLE) -> dict[str, dict[str, str]]:
        """Return {route table: {destination: connection}} of the routes to peering connections."""
        return {
            table["RouteTableId"]: {
                route["DestinationCidrBlock"]: route["VpcPeeringConnectionId"]
                for route in table["Routes"]
                if route.get("VpcPeeringConnectionId")
            }
            for table in self.tables(region, vpc_id, role)
        }

    def status(self, region: str, connection_id: str, role: str | None = ROLE) -> str:
        found = self.ec2(region, role).describe_vpc_peering_connections(VpcPeeringConnectionIds=[connection_id])
        return str(found["VpcPeeringConnections"][0]["Status"]["Code"])

    def force_status(self, region: str, connection_id: str, code: str) -> None:
        """Put a connection into a status that nobody can ask for, such as expired."""
        ec2_backends[ACCOUNT][region].vpc_pcxs[connection_id]._status.code = code

    def gateway(self, region: str, vpc: Vpc) -> str:
        """Return an internet gateway of a VPC."""
        ec2 = self.ec2(region)
        gateway: str = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc.vpc_id)
        return gateway

    def destinations(self, region: str, table: str) -> list[str]:
        """Return the destinations of a route table."""
        (found,) = self.ec2(region).describe_route_tables(RouteTableIds=[table])["RouteTables"]
        return [route["DestinationCidrBlock"] for route in found["Routes"]]

    def egress(self, region: str, vpc: Vpc) -> list[tuple[int, int, str]]:
        """Return ports and block of each outbound rule of a VPC's security group."""
        (group,) = self.ec2(region).describe_security_groups(GroupIds=[vpc.group])["SecurityGroups"]
        rules = [(rule, one) for rule in group["IpPermissionsEgress"] for one in rule["IpRanges"]]
        return [(rule["FromPort"], rule["ToPort"], one["CidrIp"]) for rule, one in rules]

    def resolves(self, region: str, connection_id: str) -> bool:
        """Report whether Atlas may resolve host names of the VPC."""
        options = ec2_backends[ACCOUNT][region].vpc_pcxs[connection_id].accepter_options
        return str(options["AllowDnsResolutionFromRemoteVpc"]).lower() == "true"

    @contextmanager
    def permissions(self, *actions: str) -> Iterator[dict[str, str]]:
        """Let AWS check permissions; yields the environment of a user who has those that are named."""
        iam = self.client("iam")
        user = f"user-{uuid.uuid4()}"
        iam.create_user(UserName=user)
        allowed = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        iam.put_user_policy(UserName=user, PolicyName="peering", PolicyDocument=document)
        key = iam.create_access_key(UserName=user)["AccessKey"]
        self._check_permissions_after(0)
        try:
            yield {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        finally:
            self._check_permissions_after(float("inf"))

    def _check_permissions_after(self, number: float) -> None:
        """Let AWS answer this many requests before it checks permissions."""
        requests.post(f"{self.endpoint}/moto-api/reset-auth", data=str(number), timeout=PATIENCE).raise_for_status()
