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

from ..errors import ApiError

AVAILABLE = "AVAILABLE"
FAILED = "FAILED"
GONE = ""
NetworkName = Callable[[str], str]


@dataclass(frozen=True)
class Cloud:
    """What differs between clouds.

    A status in `transitions` is followed by the next one after a while, `waiting_status` once the other side acts.
    """

    name: str
    # peers
    attributes: Mapping[str, str]  # needed to create one, each with its shape
    natural_key: tuple[str, str]
    conflict_code: str
    status_key: str
    error_key: str
    transitions: Mapping[str, str]
    initial_status: str
    deleting_status: str
    waiting_status: str | None = None
    accepted_status: str = AVAILABLE
    expires_after: float = float("inf")
    error_values: tuple[str, ...] = ()  # the values of its error attribute, the default first; none: any text
    deletion_failed: str | None = None
    has_connection_id: bool = False
    has_route_table: bool = False
    mutable: tuple[str, ...] = ()  # what PATCH may change
    needs_role: bool = False  # Atlas needs a role in the other account before it can begin
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
        """Whether a peer of this status is still on its way to AVAILABLE."""
        return status == self.waiting_status or self.transitions.get(status, GONE) != GONE


def _digits(container_id: str, count: int) -> str:
    """Return hexadecimal digits derived from the id of a container."""
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
    conflict_code="PEER_ALREADY_EXISTS",
    status_key="statusName",
    error_key="errorStateName",
    transitions={"INITIATING": "PENDING_ACCEPTANCE", "FINALIZING": AVAILABLE, "TERMINATING": GONE},
    initial_status="INITIATING",
    deleting_status="TERMINATING",
    waiting_status="PENDING_ACCEPTANCE",
    accepted_status="FINALIZING",
    expires_after=7 * 24 * 3600.0,
    error_values=("INVALID_ARGUMENT", "REJECTED", "EXPIRED"),
    has_connection_id=True,
    has_route_table=True,
    mutable=("awsAccountId", "routeTableCidrBlock", "vpcId"),
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
    conflict_code="PEER_ALREADY_EXISTS_AZURE",
    status_key="status",
    error_key="errorState",
    transitions={"ADDING_PEER": AVAILABLE, "DELETING": GONE},
    initial_status="ADDING_PEER",
    deleting_status="DELETING",
    deletion_failed="DELETION_FAILED",
    needs_role=True,
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
    conflict_code="PEER_ALREADY_EXISTS_GCP",
    status_key="status",
    error_key="errorMessage",
    transitions={"ADDING_PEER": "WAITING_FOR_USER", "DELETING": GONE},
    initial_status="ADDING_PEER",
    deleting_status="DELETING",
    waiting_status="WAITING_FOR_USER",
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


def cloud_named(name: object = None) -> Cloud:
    """Return the cloud of a providerName in upper case; None means AWS."""
    if name is None:
        return AWS
    cloud = CLOUDS.get(str(name))
    if cloud is None:
        raise ApiError("INVALID_ENUM_VALUE", name)
    return cloud


def cloud_ignoring_case(name: str | None = None) -> Cloud:
    """Return the cloud of a providerName in any case, as the query of the containers' list accepts it."""
    return cloud_named(name and name.upper())


def is_id(text: object) -> bool:
    """Whether it has the form of Atlas' ids: 24 hexadecimal digits."""
    return isinstance(text, str) and re.fullmatch("[a-f0-9]{24}", text) is not None
