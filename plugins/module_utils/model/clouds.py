# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The three clouds as one frozen table: all that tells AWS, Azure and GCP apart.

Option specs, validation, payloads, matching, normalised results and next actions come from here, so
that nothing else asks for a cloud's name. Field names, formats and statuses are those of the Atlas
Administration API's network peering resources; ``tests/contract`` compares them with its specification.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model import regions

PENDING = "pending"
ACTION_REQUIRED = "action_required"
AVAILABLE = "available"
FAILED = "failed"
DELETING = "deleting"
ABSENT = "absent"

#: What a status means, the same words for all clouds, in the order in which a connection meets them.
PHASES = (PENDING, ACTION_REQUIRED, AVAILABLE, FAILED, DELETING, ABSENT)


def snake_case(name: str) -> str:
    """Return the option's name for an API field: ``awsAccountId`` -> ``aws_account_id``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _cidr(value: str) -> str:
    """Spell a CIDR block canonically. Raises ValueError where it is none or has host bits set."""
    if "/" not in value:
        raise ValueError("its prefix length is missing")
    return str(ipaddress.ip_network(value))


_QUOTE = "YAML takes words such as no and on for booleans, and 1.10 and 0123 for numbers: put the name in quotes."


@dataclass(frozen=True)
class Field:
    """One field of a resource.

    Attributes:
        api: Name in the API.
        pattern: Regular expression of a whole valid value, in its canonical spelling.
        looks_like: What a valid value is, for error messages.
        canonical: Brings a value into its canonical spelling; ValueError where it cannot be.
        name: Name of the option, where it is not the API's in snake case.
        identity: Atlas tells two resources of one project and cloud apart by this field.
        mutable: Atlas can change it in place.
        inherits: Key of the container's record that the value is taken from if it is not given; Atlas may answer
            null if both are the same.
        ignores_case: The cloud takes upper and lower case for the same.
        adoptable: May be left out to take an existing resource as it is.
        chosen: Atlas chooses a value where none is given.
        many: The value is a list, whose order means nothing.
        places: It says where a container is.
        link: Regular expression of an address that stands for the value, with a group for each option that it tells.
        free_text: People choose it freely, so that it may read like something else in YAML. Its option takes whatever
            comes, since to make text of it would hide that `NO` has become False, `1.10` 1.1, and `0123` 83.
    """

    api: str
    pattern: str
    expected: str
    canonical: Callable[[str], str] = str
    name: str = ""
    identity: bool = False
    mutable: bool = False
    inherits: str = ""
    ignores_case: bool = False
    optional: bool = False
    computed: bool = False
    many: bool = False
    places: bool = False
    link: str = ""
    free_text: bool = False

    @cached_property
    def option(self) -> str:
        return self.name or snake_case(self.api)

    @property
    def spec(self) -> dict[str, str]:
        """The option's argument spec."""
        return {"type": "list", "elements": "str"} if self.many else {"type": "raw" if self.free_text else "str"}

    def clean(self, label: str, value: Any) -> Any:
        """Return a declared value in its canonical spelling. Raises InputError, which names `label` and the cure."""
        if self.many:
            return sorted({self._clean(label, str(one)) for one in value})
        if self.free_text and (not isinstance(value, str) or value in ("True", "False")):
            raise InputError(f"{label} is {value!r}, which may not be what was written. {_QUOTE}")
        return self._clean(label, str(value))

    def _clean(self, label: str, value: str) -> str:
        try:
            cleaned = self.canonical(value.strip())
        except ValueError as error:
            raise InputError(f"{label} is {value!r}, but must be {self.expected} ({error}).") from None
        if not re.fullmatch(self.pattern, cleaned):
            raise InputError(f"{label} is {value!r}, but must be {self.expected}.")
        return cleaned

    def linked(self, value: Any) -> Mapping[str, str]:
        """Return what an address tells, option by option; nothing where the value is none."""
        match = re.fullmatch(self.link, str(value).strip()) if self.link else None
        return match.groupdict() if match else {}

    def normalise(self, value: Any) -> Any:
        """Return a value from Atlas in its canonical spelling where it has one, else as it came."""
        try:
            if self.many:
                return sorted(self.canonical(one) for one in value or [])
            return value if value is None else self.canonical(value)
        except ValueError:
            return value

    def same(self, one: Any, other: Any) -> bool:
        """Tell whether two canonical values mean the same."""
        if self.ignores_case and one and other:
            return bool(one.lower() == other.lower())
        return bool(one == other)


@dataclass(frozen=True)
class Resource:
    """What one kind of resource consists of in one cloud.

    Attributes:
        fields: What it is created from.
        read_only: Further API fields of an answer.
    """

    fields: tuple[Field, ...]
    read_only: tuple[str, ...] = ()

    @cached_property
    def identity(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.identity)

    @cached_property
    def options(self) -> tuple[str, ...]:
        return tuple(one.option for one in self.fields)


@dataclass(frozen=True, eq=False)
class Cloud:
    """One cloud.

    Attributes:
        name: Value of ``providerName``.
        marker: A field whose presence tells a connection of this cloud where it names no provider (API v1.0).
        peering: Its peering connections.
        container: Its containers.
        prefixes: The shortest and the longest prefix length of a container's CIDR block.
        regional_prefixes: The same for a container that is limited to some regions, where there are such.
        status_key: API field of a connection's status.
        error_key: API field that says why a connection failed.
        phases: Status -> phase; one that is not listed is pending.
        actions: Status, or the error of a failed one, -> what the other side must do now; formatted
            with the normalised connection and the name of the option ``state``.
        unknown: Option -> what an action calls it while Atlas has not told it.
        needs: Keys of a normalised connection without which nobody can act; until they are known it is pending.
        reasons: A fragment of the error of a failed connection -> the action, where `actions` does not list the error.
        failure_action: The action for any other failure.
        ailments: Error of a failed connection -> its word in ``recreate_on``; for any other it is "failed".
        request_days: Days within which the other side must act, where there is such a limit.
        undeletable: Statuses that say a deletion was tried and did not succeed.
        from_container: Key of the container's record -> the key by which a normalised connection carries it, null
            unless the containers were read.
    """

    name: str
    marker: str
    peering: Resource
    container: Resource
    prefixes: tuple[int, int]
    status_key: str
    error_key: str
    phases: Mapping[str, str]
    actions: Mapping[str, str]
    failure_action: str
    reasons: Mapping[str, str] = field(default_factory=dict)
    regional_prefixes: tuple[int, int] | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)
    replace_reasons: Mapping[str, str] = field(default_factory=dict)
    request_days: int | None = None
    undeletable: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    from_container: Mapping[str, str] = field(
        default_factory=lambda: {"region": "container_region", "atlas_cidr_block": "atlas_cidr_block"}
    )

    @cached_property
    def result_only(self) -> tuple[str, ...]:
        """Names under which read-only fields stand in a normalised connection."""
        return (*(snake_case(name) for name in self.peering.read_only), *self.from_container.values())

    @property
    def has_one_container(self) -> bool:
        """Whether a project has one container for all regions of this cloud."""
        return not self.container.identity

    def action_for(self, status: str, error: str | None) -> str | None:
        """Return what the other side must do about a status and, if it has failed, its error: a template, or None."""
        if self.phases.get(status) != FAILED:
            return self.actions.get(status)
        said = str(error)
        known = (action for fragment, action in self.reasons.items() if fragment.lower() in said.lower())
        return self.actions.get(said) or next(known, self.failure_action)

    def first_status(self, phase: str) -> str:
        """Return the first status of a phase: how a new or a deleted connection will read."""
        return next(status for status, meaning in self.phases.items() if meaning == phase)


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
    canonical=_cidr,
    mutable=True,
    optional=True,
)
# Words and numbers, all set apart: no name of Atlas is a single word, or ends in a digit that is not set apart.
_ATLAS_REGION = "[A-Z]+(_([A-Z]+|[0-9]+))+"
_REGION_AWS = Field(
    "regionName",
    "[A-Z]{2}(_[A-Z]+)+_[0-9]+",
    "a region of AWS, like us-east-1, which Atlas spells US_EAST_1",
    canonical=regions.atlas_spelling({}),
    name="region",
    identity=True,
    places=True,
)
_REGION_AZURE = Field(
    "region",
    _ATLAS_REGION,
    "a region of Azure, like northeurope, which Atlas spells EUROPE_NORTH",
    canonical=regions.atlas_spelling(regions.AZURE_REGIONS),
    identity=True,
    places=True,
)
_REGIONS_GCP = Field(
    "regions",
    _ATLAS_REGION,
    "a region of GCP, like us-east1, which Atlas spells EASTERN_US",
    canonical=regions.atlas_spelling(regions.GCP_REGIONS),
    optional=True,
    computed=True,
    many=True,
    places=True,
)

_REPLACE = "Delete the connection ({state}: absent), wait until it is gone, and create it again."

AWS = Cloud(
    name="AWS",
    marker="vpcId",
    peering=Resource(
        (
            CONTAINER_ID,
            Field(
                "accepterRegionName",
                r"[a-z]{2}(-[a-z]+)+-[0-9]+",
                "an AWS region like us-east-1",
                canonical=regions.aws_spelling,
                inherits="region",
            ),
            Field(
                "awsAccountId",
                "[0-9]{12}",
                "the 12 digits of an AWS account (in quotes, if it begins with 0)",
                identity=True,
            ),
            Field("routeTableCidrBlock", r".+", "a CIDR block like 10.15.0.0/16", canonical=_cidr, mutable=True),
            Field("vpcId", r"vpc-[0-9a-f]{8,17}", "the id of a VPC like vpc-0f1e2d3c4b5a69788", identity=True),
        ),
        read_only=("connectionId",),
    ),
    container=Resource((_REGION_AWS, replace(ATLAS_CIDR_BLOCK, computed=True)), read_only=("provisioned", "vpcId")),
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
    actions={
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
    failure_action=_REPLACE,
    replace_reasons={"REJECTED": "rejected", "EXPIRED": "expired"},
    request_days=7,
    unknown={"accepter_region_name": "the region of its Atlas container"},
    needs=("connection_id",),
)

AZURE = Cloud(
    name="AZURE",
    marker="vnetName",
    peering=Resource(
        (
            CONTAINER_ID,
            Field("azureDirectoryId", _UUID, _UUID_LOOKS, canonical=str.lower),
            Field("azureSubscriptionId", _UUID, _UUID_LOOKS, canonical=str.lower, identity=True),
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
    container=Resource((_REGION_AZURE, ATLAS_CIDR_BLOCK), read_only=("provisioned", "azureSubscriptionId", "vnetName")),
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
    actions={},
    # As seen in public logs of tests against Atlas.
    reasons={
        "RETRYABLE": "Atlas gave up for a reason that may pass. " + _REPLACE,
        "Internal Error": "Atlas tells no reason; ask MongoDB's support if it happens again. " + _REPLACE,
        "peer with an overlapping CIDR block already exists": (
            "{vnet_name} is peered with an overlapping block already, perhaps that of another project's container: "
            "declare a container that has another block. " + _REPLACE
        ),
    },
    failure_action=(
        "If the error names no reason, check that {vnet_name} is in resource group {resource_group_name} of the "
        "subscription, and that Atlas' service principal has its role there. " + _REPLACE
    ),
    undeletable=("DELETION_FAILED",),
)

GCP = Cloud(
    name="GCP",
    marker="networkName",
    peering=Resource(
        (
            replace(CONTAINER_ID, inherits="id"),
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
    container=Resource((ATLAS_CIDR_BLOCK, _REGIONS_GCP), read_only=("provisioned", "gcpProjectId", "networkName")),
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
    actions={
        "WAITING_FOR_USER": (
            "Create a peering from network {network_name} of GCP project {gcp_project_id} "
            "to network {atlas_network_name} of project {atlas_gcp_project_id}."
        ),
    },
    failure_action="Check that network {network_name} exists in GCP project {gcp_project_id}. " + _REPLACE,
    needs=("atlas_gcp_project_id", "atlas_network_name"),
    from_container={
        "atlas_cidr_block": "atlas_cidr_block",
        "gcp_project_id": "atlas_gcp_project_id",
        "network_name": "atlas_network_name",
    },
)

CLOUDS: Mapping[str, Cloud] = {cloud.name: cloud for cloud in (AWS, AZURE, GCP)}
