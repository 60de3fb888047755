# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What an application may do with a virtual network, by which roles. Pure, no I/O."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

#: The application with which Atlas peers virtual networks, and what it has to be allowed to do (MongoDB Atlas
#: documentation, "Set Up a Network Peering Connection", Azure).
ATLAS_APPLICATION = "e90a1407-55c3-432d-9cb1-3638900a9d22"
ACTIONS = (
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/read",
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/write",
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/delete",
    "Microsoft.Network/virtualNetworks/peer/action",
)


@dataclass(frozen=True)
class VirtualNetwork:
    """A virtual network by its names."""

    subscription_id: str
    resource_group: str
    name: str

    @property
    def scope(self) -> str:
        """Its ID, which is a scope for roles."""
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.Network/virtualNetworks/{self.name}"
        )

    def __str__(self) -> str:
        return f"{self.resource_group}/{self.name}"


@dataclass(frozen=True)
class Desired:
    """Who is to have access to what.

    Attributes:
        network: The virtual network.
        application_id: The application.
        principal_id: Object ID of its service principal, if that is not to be looked up.
        role_name: Name of the role that is to give access.
        peer_cidr_blocks: Blocks of the networks that are to be peered with it, as far as they are known.
    """

    network: VirtualNetwork
    application_id: str
    principal_id: str
    role_name: str
    peer_cidr_blocks: tuple[ipaddress.IPv4Network, ...] = ()

    @property
    def who(self) -> str:
        """The application in words, to begin a sentence."""
        name = "MongoDB Atlas" if self.application_id == ATLAS_APPLICATION else "The application"
        return f"{name} (application {self.application_id})"

    @property
    def description(self) -> str:
        """Description of the role."""
        return f"Lets MongoDB Atlas manage the peering connections of the virtual network {self.network.name}"


@dataclass(frozen=True)
class Role:
    """A role definition.

    Attributes:
        id: Its ID, which ends with a GUID.
        name: Its name.
        permissions: ``({"actions": ["*/read"], "notActions": []},)``.
        assignable_scopes: Where it can be assigned.
    """

    id: str
    name: str
    permissions: tuple[Mapping[str, Any], ...]
    assignable_scopes: tuple[str, ...]

    @property
    def guid(self) -> str:
        return self.id.rpartition("/")[2].lower()

    def allows(self, action: str) -> bool:
        return any(
            matches(action, one.get("actions")) and not matches(action, one.get("notActions"))
            for one in self.permissions
        )

    def is_only_for(self, network: VirtualNetwork) -> bool:
        """Report whether it can be assigned on one virtual network and nowhere else."""
        return [scope.lower() for scope in self.assignable_scopes] == [network.scope.lower()]


@dataclass(frozen=True)
class Assignment:
    """A role assignment to the service principal, or to a group that it belongs to."""

    id: str
    principal_id: str
    scope: str
    role: Role


class Principal(NamedTuple):
    """A service principal: its object ID, and whether somebody can act as it."""

    id: str
    is_enabled: bool = True


@dataclass(frozen=True)
class Existing:
    """What exists.

    Attributes:
        address_prefixes: Address space of the virtual network.
        principal: The service principal; None if the directory has none.
        assignments: Its role assignments that apply to the virtual network.
        role: The role of the desired name, if it was looked for.
    """

    address_prefixes: tuple[str, ...]
    principal: Principal | None = None
    assignments: tuple[Assignment, ...] = ()
    role: Role | None = None

    @property
    def principal_id(self) -> str | None:
        return self.principal.id if self.principal else None

    @property
    def missing_actions(self) -> list[str]:
        return [one for one in ACTIONS if not any(assignment.role.allows(one) for assignment in self.assignments)]

    def own_assignments(self, desired: Desired) -> list[Assignment]:
        """Return the assignments of the desired role to the service principal itself, on the virtual network itself."""
        return [
            one
            for one in self.assignments
            if one.scope.lower() == desired.network.scope.lower()
            and one.principal_id.lower() == str(self.principal_id).lower()
            and one.role.name.lower() == desired.role_name.lower()
        ]

    def overlaps(self, desired: Desired) -> list[str]:
        """Return a sentence for each block that overlaps with the address space, which Azure does not peer."""
        spaces = [ipaddress.ip_network(one, strict=False) for one in self.address_prefixes]
        return [
            f"{block} overlaps with {space} of virtual network {desired.network}."
            for block in desired.peer_cidr_blocks
            for space in spaces
            if space.version == block.version and space.overlaps(block)
        ]

    def as_record(self, desired: Desired) -> dict[str, Any]:
        """Return it as the module does."""
        return {
            "subscription_id": desired.network.subscription_id,
            "resource_group": desired.network.resource_group,
            "virtual_network": desired.network.name,
            "address_prefixes": list(self.address_prefixes),
            "application_id": desired.application_id,
            "principal_id": self.principal_id,
            "roles": sorted({one.role.name for one in self.assignments}),
            "missing_actions": self.missing_actions,
        }


def matches(action: str, patterns: Any) -> bool:
    """Report whether one of some patterns, in which ``*`` stands for anything, is for an action."""
    return any(
        re.fullmatch(".*".join(map(re.escape, str(pattern).split("*"))), action, re.IGNORECASE)
        for pattern in patterns or ()
    )
