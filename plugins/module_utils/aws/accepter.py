# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The accepter's side of one VPC peering connection, as far as amazon.aws has no module for it; needs boto3."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any, Callable

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    MissingLibraryError,
    shortened,
)

try:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError
    from botocore.parsers import ResponseParserError
except ImportError:
    BOTO3_TRACE: str | None = traceback.format_exc()
else:
    BOTO3_TRACE = None

#: The description of a rule by which it is known again.
RULE_DESCRIPTION = "MongoDB Atlas"
Thing = dict[str, Any]

_NOT_AWS_HINT = "Check AWS_ENDPOINT_URL, and whether a proxy or login page answers in place of AWS."


class AwsError(AtlasError):
    """AWS refused a request, or could not be asked."""


class Accepter:
    """Reads and changes what the owner of the VPC decides about a connection.

    Args:
        params: The options of the module: how to log in, and the connection.

    Raises:
        MissingLibraryError: boto3 is not installed.
        AwsError: There are no usable credentials.
    """

    def __init__(self, params: Mapping[str, Any]) -> None:
        if BOTO3_TRACE:
            raise MissingLibraryError(missing_required_lib("boto3"), BOTO3_TRACE)
        self._id: str = params["connection_id"]
        #: Whether a request was sent that may have changed something.
        self.has_written = False
        keys = {
            "profile_name": params["profile"] or None,
            "aws_access_key_id": params["access_key"] or None,
            "aws_secret_access_key": params["secret_key"] or None,
            "aws_session_token": params["session_token"] or None,
        }
        if keys["profile_name"] and keys["aws_access_key_id"]:
            raise InputError("profile and access_key are both set. Set one of them.")
        if keys["aws_session_token"] and not (keys["aws_access_key_id"] and keys["aws_secret_access_key"]):
            raise InputError("session_token is set, but access_key or secret_key is missing. Set all three of them.")
        self._ec2: Any = _call("log in", lambda: boto3.Session(**keys).client("ec2", region_name=params["region"]))

    def __enter__(self) -> Accepter:
        return self

    def __exit__(self, *exception: object) -> None:
        self._ec2.close()

    def dns_resolution(self) -> bool:
        """Report whether Atlas resolves public host names of the VPC to private addresses."""
        operation = f"read {self._id}"
        found = _call(
            operation, lambda: self._ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[self._id])
        )["VpcPeeringConnections"]
        if not found:
            raise AwsError(f"Could not {operation}: AWS has no such connection in this region.")
        options = found[0].get("AccepterVpcInfo", {}).get("PeeringOptions") or {}
        return bool(options.get("AllowDnsResolutionFromRemoteVpc"))

    def set_dns_resolution(self, value: bool) -> None:
        self._write(
            f"change {self._id}",
            lambda: self._ec2.modify_vpc_peering_connection_options(
                VpcPeeringConnectionId=self._id,
                AccepterPeeringConnectionOptions={"AllowDnsResolutionFromRemoteVpc": value},
            ),
        )

    def routes(self) -> list[Thing]:
        """Return the routes that lead to the connection, in all route tables of the region."""
        found = self._all("describe_route_tables", "RouteTables", "route.vpc-peering-connection-id", [self._id])
        return [
            {"route_table_id": table["RouteTableId"], "destination": route["DestinationCidrBlock"]}
            for table in found
            for route in table["Routes"]
            if route.get("VpcPeeringConnectionId") == self._id and route.get("DestinationCidrBlock")
        ]

    def delete_route(self, route: Thing) -> None:
        self._write(
            f"delete the route to {route['destination']} from {route['route_table_id']}",
            lambda: self._ec2.delete_route(
                RouteTableId=route["route_table_id"], DestinationCidrBlock=route["destination"]
            ),
        )

    def rules(self, group_ids: list[str], block: str | None, first: int, last: int) -> list[Thing]:
        """Return the outbound rules that the role has added to security groups."""
        found = self._all("describe_security_groups", "SecurityGroups", "group-id", group_ids) if group_ids else []
        return [
            {"group_id": group["GroupId"], "cidr_block": block, "from_port": first, "to_port": last}
            for group in found
            for rule in group["IpPermissionsEgress"]
            if (rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort")) == ("tcp", first, last)
            for one in rule["IpRanges"]
            if (one["CidrIp"], one.get("Description")) == (block, RULE_DESCRIPTION)
        ]

    def delete_rule(self, rule: Thing) -> None:
        ranges = [{"CidrIp": rule["cidr_block"], "Description": RULE_DESCRIPTION}]
        ports = {"FromPort": rule["from_port"], "ToPort": rule["to_port"]}
        self._write(
            f"delete the rule for {rule['cidr_block']} from {rule['group_id']}",
            lambda: self._ec2.revoke_security_group_egress(
                GroupId=rule["group_id"], IpPermissions=[{"IpProtocol": "tcp", **ports, "IpRanges": ranges}]
            ),
        )

    def _write(self, operation: str, request: Callable[[], Any]) -> None:
        """Send a request that changes something. If its answer is lost, it may have taken effect."""
        self.has_written = True
        try:
            _call(operation, request)
        except AwsError as error:
            if isinstance(error.__cause__, (ConnectionClosedError, ReadTimeoutError, ResponseParserError)):
                error.leave_in_doubt()
            raise

    def _all(self, operation: str, key: str, name: str, values: list[str]) -> list[Thing]:
        """Return what is found by a filter, from all pages."""
        filters = [{"Name": name, "Values": values}]
        pages = self._ec2.get_paginator(operation).paginate(Filters=filters)
        found: list[Thing] = _call(
            f"read what leads to {self._id}", lambda: [one for page in pages for one in page[key]]
        )
        return found


def _call(operation: str, request: Callable[[], Any]) -> Any:
    """Send a request; whatever goes wrong is raised as an AwsError."""
    try:
        return request()
    except ClientError as error:
        answer = error.response.get("Error", {})
        code = answer.get("Code")
        said = shortened(answer.get("Message"))
        raise AwsError(f"Could not {operation}: AWS answered {code}: {said}.", error_code=code) from error
    except BotoCoreError as error:
        raise AwsError(f"Could not {operation}: {shortened(error)}.") from error
    except ResponseParserError as error:  # Its message may quote the answer.
        raise AwsError(f"Could not {operation}: the answer is not one that AWS sends.", _NOT_AWS_HINT) from error
