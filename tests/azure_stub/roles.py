# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and their assignments: who may do what at which scope."""

from __future__ import annotations

import fnmatch
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import AzureError

Json = dict[str, Any]
PROVIDER = "/providers/Microsoft.Authorization"


@dataclass
class Role:
    """A role definition. It is not known everywhere before it was looked for `unseen` times."""

    guid: str
    name: str
    permissions: list[Json]
    scopes: list[str]
    kind: str = "CustomRole"
    unseen: int = 0

    def allows(self, action: str) -> bool:
        return any(
            _matches(action, one.get("actions", ())) and not _matches(action, one.get("notActions", ()))
            for one in self.permissions
        )

    def is_assignable(self, scope: str) -> bool:
        return any(is_within(scope, one) for one in self.scopes)

    def is_seen(self) -> bool:
        self.unseen -= 1
        return self.unseen < 0


@dataclass
class Assignment:
    """A role assignment. It has no effect and is not listed before it was looked for `unseen` times."""

    guid: str
    scope: str
    role: Role
    principal_id: str
    unseen: int = 0

    def is_seen(self) -> bool:
        self.unseen -= 1
        return self.unseen < 0


def _built_in(guid: str, name: str, *actions: str, denied: Iterable[str] = ()) -> Role:
    return Role(guid, name, [{"actions": list(actions), "notActions": list(denied)}], ["/"], "BuiltInRole")


#: Roles that come with Azure, by name (Azure documentation, "Azure built-in roles").
BUILT_IN = {
    role.name: role
    for role in (
        _built_in("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", "*"),
        _built_in(
            "b24988ac-6180-42a0-ab88-20f7382dd24c",
            "Contributor",
            "*",
            denied=("Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"),
        ),
        _built_in("acdd72a7-3385-48ef-bd42-f606fba814ae", "Reader", "*/read"),
        _built_in(
            "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", "*/read", "Microsoft.Authorization/*"
        ),
        _built_in(
            "4d97b98b-1d4f-4787-a291-c67834d212e7",
            "Network Contributor",
            "Microsoft.Authorization/*/read",
            "Microsoft.Network/*",
        ),
    )
}


class Roles:
    """All role definitions and assignments.

    Attributes:
        role_lag: How often a new role is not found.
        assignment_lag: How often a new assignment is not found.
    """

    def __init__(self) -> None:
        self.definitions: list[Role] = list(BUILT_IN.values())
        self.assignments: list[Assignment] = []
        self.role_lag = self.assignment_lag = 0

    def permissions(self, owners: set[str], scope: str) -> list[Json]:
        """Return what principals may do at a scope, all in all."""
        applying = [one for one in self.assignments if one.principal_id in owners and is_within(scope, one.scope)]
        return [permission for one in applying if one.unseen <= 0 for permission in one.role.permissions]

    def allows(self, owners: set[str], action: str, scope: str) -> bool:
        applying = [one for one in self.assignments if one.principal_id in owners and is_within(scope, one.scope)]
        return any(one.role.allows(action) for one in applying)

    def role(self, guid: str) -> Role | None:
        return next((one for one in self.definitions if one.guid == guid), None)

    def named(self, name: str) -> Role | None:
        return next((one for one in self.definitions if one.name.lower() == name.lower()), None)

    def put_role(self, guid: str, properties: Mapping[str, Any]) -> Role:
        name, scopes = properties.get("roleName"), properties.get("assignableScopes")
        if not name or not scopes or properties.get("type") not in (None, "CustomRole"):
            raise AzureError(400, "InvalidRoleDefinition", "The role definition is not valid.")
        same_name, existing = self.named(name), self.role(guid)
        if same_name and same_name is not existing:
            raise AzureError(
                409,
                "RoleDefinitionWithSameNameExists",
                f"A custom role with the same name already exists in this directory. Use a different name: {name}",
            )
        role = existing or Role(guid, name, [], [], unseen=self.role_lag)
        role.name, role.permissions, role.scopes = name, list(properties["permissions"]), list(scopes)
        if existing is None:
            self.definitions.append(role)
        return role

    def delete_role(self, guid: str) -> Role | None:
        role = self.role(guid)
        if role and any(one.role is role for one in self.assignments):
            raise AzureError(
                400, "RoleDefinitionHasAssignments", "There are existing role assignments referencing role."
            )
        if role:
            self.definitions.remove(role)
        return role

    def put_assignment(self, guid: str, scope: str, role_id: str, principal_id: str) -> tuple[bool, Assignment]:
        """Return whether an assignment is new, and the assignment. Raises AzureError."""
        role = self.role(role_id.rpartition("/")[2])
        if role is None or not role.is_assignable(scope) or not role.is_seen():
            raise AzureError(
                404,
                "RoleDefinitionDoesNotExist",
                f"The specified role definition with ID '{role_id.rpartition('/')[2]}' does not exist.",
            )
        for one in self.assignments:
            same = (one.scope.lower(), one.role, one.principal_id) == (scope.lower(), role, principal_id)
            if one.guid == guid and same:
                return False, one
            if one.guid == guid:
                text = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
                raise AzureError(400, "RoleAssignmentUpdateNotPermitted", text)
            if same:
                raise AzureError(409, "RoleAssignmentExists", "The role assignment already exists.")
        assignment = Assignment(guid, scope, role, principal_id, self.assignment_lag)
        self.assignments.append(assignment)
        return True, assignment

    def assign(self, role_name: str, principal_id: str, scope: str) -> None:
        """Assign a role without a request."""
        role = self.named(role_name)
        assert role is not None, role_name
        self.assignments.append(Assignment(str(uuid.uuid4()), scope, role, principal_id))


def is_within(scope: str, other: str) -> bool:
    """Report whether a scope is another one or below it."""
    ours, theirs = scope.strip("/").lower(), other.strip("/").lower()
    return not theirs or ours == theirs or ours.startswith(f"{theirs}/")


def _matches(action: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def role_view(role: Role, scope: str) -> Json:
    """Return a role definition as Azure shows it to who asks at a scope."""
    parts = scope.strip("/").split("/")
    subscription = f"/subscriptions/{parts[1]}" if parts[0] == "subscriptions" else ""
    return {
        "id": f"{subscription}{PROVIDER}/roleDefinitions/{role.guid}",
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": role.guid,
        "properties": {
            "roleName": role.name,
            "type": role.kind,
            "description": "",
            "assignableScopes": role.scopes,
            "permissions": role.permissions,
        },
    }


def assignment_view(assignment: Assignment) -> Json:
    return {
        "id": f"{assignment.scope}{PROVIDER}/roleAssignments/{assignment.guid}",
        "type": "Microsoft.Authorization/roleAssignments",
        "name": assignment.guid,
        "properties": {
            "roleDefinitionId": role_view(assignment.role, assignment.scope)["id"],
            "principalId": assignment.principal_id,
            "principalType": "ServicePrincipal",
            "scope": assignment.scope,
            "condition": None,
        },
    }
