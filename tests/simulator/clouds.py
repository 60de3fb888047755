# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three clouds as one table: attributes, statuses and the ways between them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Callable

from .errors import ApiError

AVAILABLE = "AVAILABLE"
FAILED = "FAILED"
GONE = ""
NetworkName = Callable[[str], str]


@dataclass(frozen=True)
class Cloud:
    """What Atlas knows about a cloud. A status in `steps` passes by itself, one in `waiting` needs the other side."""

    name: str
    # peers
    attributes: Mapping[str, str]  # needed to create one, each with its shape
    natural_key: tuple[str, str]
    conflict: str
    status_key: str
    error_key: str
    steps: Mapping[str, str]
    first: str
    deleting: str
    waiting: str | None = None
    acted: str = AVAILABLE
    expires_after: float = float("inf")
    errors: tuple[str, ...] = ()  # the only words its error attribute knows, the default one first
    deletion_failed: str | None = None
    has_connection_id: bool = False
    has_route_table: bool = False
    changeable: tuple[str, ...] = ()  # what PATCH may change
    needs_grant: bool = False  # Atlas needs a role in the other account before it can begin
    # containers
    region_key: str = "region"
    region_shape: str = r"[A-Z]+(_[A-Z0-9]+)*"
    default_region: str | None = None
    network: Mapping[str, NetworkName] = field(default_factory=dict)  # attributes it has once provisioned
    one_per_project: bool = False
    prefixes: range = range(21, 25)
    prefixes_wording: str = "21 to /24"
    block_needed: bool = True

    @property
    def read_only(self) -> frozenset[str]:
        return frozenset(("id", "connectionId", self.status_key, self.error_key))

    def is_pending(self, status: str) -> bool:
        """Is a peer of this status still on its way to AVAILABLE?"""
        return status == self.waiting or self.steps.get(status, GONE) != GONE


def _digits(container_id: str, count: int) -> str:
    """Return hexadecimal digits that stay the same for a container."""
    return hashlib.sha256(container_id.encode()).hexdigest()[:count]


AWS = Cloud(
    name="AWS",
    attributes={
        "accepterRegionName": r"[a-z]{2}(-[a-z]+)+-\d",
        "awsAccountId": r"\d{12}",
        "routeTableCidrBlock": r".+",
        "vpcId": r"vpc-[0-9a-z]{8,17}",
    },
    natural_key=("awsAccountId", "vpcId"),
    conflict="PEER_ALREADY_EXISTS",
    status_key="statusName",
    error_key="errorStateName",
    steps={"INITIATING": "PENDING_ACCEPTANCE", "FINALIZING": AVAILABLE, "TERMINATING": GONE},
    first="INITIATING",
    deleting="TERMINATING",
    waiting="PENDING_ACCEPTANCE",
    acted="FINALIZING",
    expires_after=7 * 24 * 3600.0,
    errors=("INVALID_ARGUMENT", "REJECTED", "EXPIRED"),
    has_connection_id=True,
    has_route_table=True,
    changeable=("awsAccountId", "routeTableCidrBlock", "vpcId"),
    region_key="regionName",
    region_shape=r"[A-Z]{2}(_[A-Z]+)+_\d",
    default_region="US_EAST_1",
    block_needed=False,
    network={"vpcId": lambda container: f"vpc-{_digits(container, 17)}"},
)

AZURE = Cloud(
    name="AZURE",
    attributes={
        "azureDirectoryId": r"[0-9a-zA-Z-]{36}",
        "azureSubscriptionId": r"[0-9a-zA-Z-]{36}",
        "resourceGroupName": r"[-\w.()]+",
        "vnetName": r"[-\w.()]+",
    },
    natural_key=("azureSubscriptionId", "vnetName"),
    conflict="PEER_ALREADY_EXISTS_AZURE",
    status_key="status",
    error_key="errorState",
    steps={"ADDING_PEER": AVAILABLE, "DELETING": GONE},
    first="ADDING_PEER",
    deleting="DELETING",
    deletion_failed="DELETION_FAILED",
    needs_grant=True,
    default_region="EUROPE_NORTH",
    network={
        "azureSubscriptionId": lambda container: _digits(container, 24),
        "vnetName": lambda container: f"vnet_{container}_{_digits(container, 8)}",
    },
)

GCP = Cloud(
    name="GCP",
    attributes={"gcpProjectId": r"[a-z][0-9a-z-]{4,28}[0-9a-z]", "networkName": r"[a-z][-a-z0-9]{0,62}"},
    natural_key=("gcpProjectId", "networkName"),
    conflict="PEER_ALREADY_EXISTS_GCP",
    status_key="status",
    error_key="errorMessage",
    steps={"ADDING_PEER": "WAITING_FOR_USER", "DELETING": GONE},
    first="ADDING_PEER",
    deleting="DELETING",
    waiting="WAITING_FOR_USER",
    region_key="regions",
    one_per_project=True,
    prefixes=range(8, 19),
    prefixes_wording="18 or larger",
    network={
        "gcpProjectId": lambda container: f"p-{_digits(container, 24)}",
        "networkName": lambda container: f"nt-{container}-{_digits(container, 8)}",
    },
)

CLOUDS = {cloud.name: cloud for cloud in (AWS, AZURE, GCP)}


def cloud_called(name: object = None) -> Cloud:
    """Return the cloud of a providerName, which is upper case; none means AWS."""
    if name is None:
        return AWS
    cloud = CLOUDS.get(str(name))
    if cloud is None:
        raise ApiError("INVALID_ENUM_VALUE", name)
    return cloud


def cloud_in_any_case(name: str | None = None) -> Cloud:
    """Return the cloud of a providerName where its case does not matter: in the query of the containers' list."""
    return cloud_called(name and name.upper())


def is_id(text: object) -> bool:
    """Is it one of Atlas' 24-digit ids?"""
    return isinstance(text, str) and re.fullmatch("[a-f0-9]{24}", text) is not None
