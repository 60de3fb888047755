# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Atlas' own account in a simulated AWS, such as a server of moto; needs boto3."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Callable

from ..domain.resources import Container, Peer

Connect = Callable[[str], Any]  # returns the EC2 client of Atlas' account in a region


def region_of(container: Container) -> str:
    """Return the region of a container in the spelling of AWS."""
    return str(container.region).lower().replace("_", "-")


class AwsAccount:
    """Requests VPC peering connections as Atlas does, from VPCs of its own."""

    cloud_name = "AWS"

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._clients: dict[str, Any] = {}
        self._regions: dict[str, str] = {}  # of each requested connection, by its id

    @classmethod
    def at(cls, endpoint: str, account_id: str) -> AwsAccount:
        """Return the account at an endpoint that knows any role and any credentials."""
        try:
            boto3, config = import_module("boto3"), import_module("botocore.config")
        except ImportError as error:
            raise ValueError(f"aws_endpoint needs boto3, which cannot be imported: {error}") from error
        options = {
            "endpoint_url": endpoint,
            "config": config.Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 0}),
        }
        session = boto3.Session("simulator", "simulator", region_name="us-east-1")
        role = f"arn:aws:iam::{account_id}:role/atlas-simulator"

        def connect(region: str) -> Any:
            assumed = session.client("sts", **options).assume_role(RoleArn=role, RoleSessionName="simulator")
            keys = assumed["Credentials"]
            own = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region)
            return own.client("ec2", **options)

        return cls(connect)

    def _client(self, region: str) -> Any:
        if region not in self._clients:
            self._clients[region] = self._connect(region)
        return self._clients[region]

    def provision(self, container: Container) -> Mapping[str, str]:
        made = self._client(region_of(container)).create_vpc(CidrBlock=container.atlas_cidr_block)
        return {"vpcId": made["Vpc"]["VpcId"]}

    def request(self, peer: Peer) -> str | None:
        region = region_of(peer.container)
        client = self._client(region)
        try:
            made = client.create_vpc_peering_connection(
                VpcId=peer.container.network["vpcId"],
                PeerVpcId=peer.attributes["vpcId"],
                PeerOwnerId=peer.attributes["awsAccountId"],
                PeerRegion=peer.attributes.get("accepterRegionName") or region,
            )
        except client.exceptions.ClientError:
            return None
        connection_id: str = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        self._regions[connection_id] = region
        return connection_id

    def statuses(self) -> Mapping[str, str]:
        return {
            one["VpcPeeringConnectionId"]: one["Status"]["Code"]
            for region in set(self._regions.values())
            for page in self._client(region).get_paginator("describe_vpc_peering_connections").paginate()
            for one in page["VpcPeeringConnections"]
        }

    def withdraw(self, connection_id: str) -> None:
        client = self._client(self._regions.pop(connection_id))
        try:
            client.delete_vpc_peering_connection(VpcPeeringConnectionId=connection_id)
        except client.exceptions.ClientError:
            return  # rejected, expired or deleted by its other side
