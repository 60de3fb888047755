# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The three clouds as one frozen table: everything in which AWS, Azure and GCP differ.

Option specs, validation, payloads, matching, normalised results and next actions come from here, so that no other code
compares a cloud's name. Field names, formats and statuses are those of the Atlas Administration API's network peering
resources; ``tests/contract`` compares them with its specification.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.atlasops.network.plugins.module_utils.model import regions
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import (
    ACTION_REQUIRED,
    AVAILABLE,
    DELETING,
    FAILED,
    PENDING,
    Cloud,
    Field,
    Schema,
)


def canonical_cidr(value: str) -> str:
    """Return a CIDR block in canonical spelling. Raises ValueError if it is malformed or has host bits set."""
    if "/" not in value:
        raise ValueError("its prefix length is missing")
    return str(ipaddress.ip_network(value))


def contains(outer: str, inner: str) -> bool:
    """Report whether a block is within another."""
    one, other = (ipaddress.ip_network(block, strict=False) for block in (inner, outer))
    return one.version == other.version and one.subnet_of(other)  # type: ignore[arg-type]


_ID = "[a-f0-9]{24}"
_UUID = "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"
_UUID_LOOKS = "a UUID like 35039750-6ebd-4ad5-bcfe-cb4e5fc2d915"
_AZURE_NAME = "[-A-Za-z0-9_.()]+"

PROJECT_ID = Field("groupId", _ID, "the 24 hexadecimal characters of an Atlas project's id")
PROJECT_NAME = Field("name", ".+", "the name of an Atlas project", free_text=True)
ORG_ID = Field("orgId", _ID, "the 24 hexadecimal characters of an Atlas organization's id")
PEER_ID = Field("id", _ID, "the 24 hexadecimal characters of a peering connection's id")
CONTAINER_ID = Field("containerId", _ID, "the 24 hexadecimal characters of an Atlas container's id")

ATLAS_CIDR_BLOCK = Field(
    "atlasCidrBlock",
    r"[0-9.]+/[0-9]+",
    "a CIDR block of IPv4 like 192.168.248.0/21",
    canonicalize=canonical_cidr,
    mutable=True,
    optional=True,
)
# Words and numbers joined by _: no region name of Atlas is a single word or ends in a digit without a _ before it.
_ATLAS_REGION = "[A-Z]+(_([A-Z]+|[0-9]+))+"
_REGION_AWS = Field(
    "regionName",
    "[A-Z]{2}(_[A-Z]+)+_[0-9]+",
    "a region of AWS, like us-east-1, which Atlas spells US_EAST_1",
    canonicalize=regions.atlas_spelling({}),
    name="region",
    identity=True,
    is_location=True,
)
_REGION_AZURE = Field(
    "region",
    _ATLAS_REGION,
    "a region of Azure, like northeurope, which Atlas spells EUROPE_NORTH",
    canonicalize=regions.atlas_spelling(regions.AZURE_REGIONS),
    identity=True,
    is_location=True,
)
_REGIONS_GCP = Field(
    "regions",
    _ATLAS_REGION,
    "a region of GCP, like us-east1, which Atlas spells EASTERN_US",
    canonicalize=regions.atlas_spelling(regions.GCP_REGIONS),
    optional=True,
    computed=True,
    is_set=True,
    is_location=True,
)

_REPLACE = "Delete the connection ({state}: absent), wait until it is gone, and create it again."

AWS = Cloud(
    name="AWS",
    discriminator="vpcId",
    peering=Schema(
        (
            CONTAINER_ID,
            Field(
                "accepterRegionName",
                r"[a-z]{2}(-[a-z]+)+-[0-9]+",
                "an AWS region like us-east-1",
                canonicalize=regions.aws_spelling,
                default_from="region",
            ),
            Field(
                "awsAccountId",
                "[0-9]{12}",
                "the 12 digits of an AWS account (in quotes, if it begins with 0)",
                identity=True,
            ),
            Field(
                "routeTableCidrBlock",
                r".+",
                "a CIDR block like 10.15.0.0/16",
                canonicalize=canonical_cidr,
                mutable=True,
            ),
            Field("vpcId", r"vpc-[0-9a-f]{8,17}", "the id of a VPC like vpc-0f1e2d3c4b5a69788", identity=True),
        ),
        read_only=("connectionId",),
    ),
    container=Schema((_REGION_AWS, replace(ATLAS_CIDR_BLOCK, computed=True)), read_only=("provisioned", "vpcId")),
    prefixes=(21, 24),
    status_key="statusName",
    error_key="errorStateName",
    phases={
        "INITIATING": PENDING,
        "PENDING_ACCEPTANCE": ACTION_REQUIRED,
        "FINALIZING": PENDING,
        "AVAILABLE": AVAILABLE,
        "FAILED": FAILED,
        "TERMINATING": DELETING,
    },
    initial_status="INITIATING",
    deleting_status="TERMINATING",
    next_actions={
        "PENDING_ACCEPTANCE": (
            "Accept {connection_id} in AWS account {aws_account_id}, {accepter_region_name}, "
            "before it expires after 7 days."
        ),
        "REJECTED": "The owner of AWS account {aws_account_id} rejected it: agree with the owner first. " + _REPLACE,
        "EXPIRED": "Nobody accepted it within 7 days. " + _REPLACE,
        "INVALID_ARGUMENT": (
            "AWS refused the request: check that {vpc_id} exists in account {aws_account_id}, {accepter_region_name}, "
            "and that its CIDR blocks do not overlap with the Atlas container's. " + _REPLACE
        ),
    },
    next_commands={
        "PENDING_ACCEPTANCE": (
            "aws ec2 accept-vpc-peering-connection --region {accepter_region_name} "
            "--vpc-peering-connection-id {connection_id}"
        ),
    },
    failure_action=_REPLACE,
    replace_reasons={"REJECTED": "rejected", "EXPIRED": "expired"},
    request_days=7,
    placeholders={"accepter_region_name": "the region of its Atlas container"},
    needed_to_act=("connection_id",),
)

AZURE = Cloud(
    name="AZURE",
    discriminator="vnetName",
    peering=Schema(
        (
            CONTAINER_ID,
            Field("azureDirectoryId", _UUID, _UUID_LOOKS, canonicalize=str.lower),
            Field("azureSubscriptionId", _UUID, _UUID_LOOKS, canonicalize=str.lower, identity=True),
            Field(
                "resourceGroupName",
                r"[-\w._()]+",
                "the name of an Azure resource group",
                ignores_case=True,
                free_text=True,
            ),
            Field(
                "vnetName",
                _AZURE_NAME,
                "the name of an Azure virtual network",
                identity=True,
                ignores_case=True,
                free_text=True,
            ),
        )
    ),
    container=Schema((_REGION_AZURE, ATLAS_CIDR_BLOCK), read_only=("provisioned", "azureSubscriptionId", "vnetName")),
    prefixes=(21, 24),
    status_key="status",
    error_key="errorState",
    phases={
        "ADDING_PEER": PENDING,
        "AVAILABLE": AVAILABLE,
        "FAILED": FAILED,
        "DELETING": DELETING,
        "DELETION_FAILED": FAILED,
    },
    initial_status="ADDING_PEER",
    deleting_status="DELETING",
    next_actions={},
    # As seen in public logs of tests against Atlas.
    next_actions_by_fragment={
        "RETRYABLE": "Atlas gave up for a reason that may pass. " + _REPLACE,
        "Internal Error": "Atlas gives no reason; contact MongoDB support if it happens again. " + _REPLACE,
        "peer with an overlapping CIDR block already exists": (
            "{vnet_name} is peered with an overlapping block already, perhaps that of another project's container: "
            "declare a container that has another block. " + _REPLACE
        ),
    },
    failure_action=(
        "If the error names no reason, check that {vnet_name} is in resource group {resource_group_name} of the "
        "subscription, and that Atlas' service principal has its role there. " + _REPLACE
    ),
    undeletable_statuses=("DELETION_FAILED",),
)

GCP = Cloud(
    name="GCP",
    discriminator="networkName",
    peering=Schema(
        (
            replace(CONTAINER_ID, default_from="id"),
            Field(
                "gcpProjectId",
                r"[a-z][a-z0-9-]{4,28}[a-z0-9]",
                "the id of a GCP project like my-project-191923",
                identity=True,
            ),
            Field(
                "networkName",
                r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?",
                "the name of a GCP VPC network, or its self link",
                identity=True,
                free_text=True,
                link=r"(https://[a-z.]+/compute/\w+/)?projects/(?P<gcp_project_id>[^/]+)/global/networks/(?P<network_name>[^/]+)",
            ),
        )
    ),
    container=Schema((ATLAS_CIDR_BLOCK, _REGIONS_GCP), read_only=("provisioned", "gcpProjectId", "networkName")),
    prefixes=(8, 18),
    regional_prefixes=(21, 24),
    status_key="status",
    error_key="errorMessage",
    phases={
        "ADDING_PEER": PENDING,
        "WAITING_FOR_USER": ACTION_REQUIRED,
        "AVAILABLE": AVAILABLE,
        "FAILED": FAILED,
        "DELETING": DELETING,
    },
    initial_status="ADDING_PEER",
    deleting_status="DELETING",
    next_actions={
        "WAITING_FOR_USER": (
            "Create a peering from network {network_name} of GCP project {gcp_project_id} "
            "to network {atlas_network_name} of project {atlas_gcp_project_id}."
        ),
    },
    next_commands={
        "WAITING_FOR_USER": (
            "gcloud compute networks peerings create atlas-{atlas_network_name} --project={gcp_project_id} "
            "--network={network_name} --peer-project={atlas_gcp_project_id} --peer-network={atlas_network_name}"
        ),
    },
    failure_action="Check that network {network_name} exists in GCP project {gcp_project_id}. " + _REPLACE,
    needed_to_act=("atlas_gcp_project_id", "atlas_network_name"),
    from_container={
        "atlas_cidr_block": "atlas_cidr_block",
        "gcp_project_id": "atlas_gcp_project_id",
        "network_name": "atlas_network_name",
    },
)

CLOUDS: Mapping[str, Cloud] = {cloud.name: cloud for cloud in (AWS, AZURE, GCP)}
