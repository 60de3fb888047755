# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What access to a virtual network takes of Microsoft's APIs: networks, service principals, roles."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.pauses import Pauses
from ansible_collections.atlasops.network.plugins.module_utils.azure.access import (
    Assignment,
    Desired,
    Principal,
    Role,
    VirtualNetwork,
)
from ansible_collections.atlasops.network.plugins.module_utils.azure.errors import AzureApiError
from ansible_collections.atlasops.network.plugins.module_utils.azure.session import AzureSession, unreadable
from ansible_collections.atlasops.network.plugins.module_utils.azure.settings import AZURE, GRAPH, Service, Settings
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError

_NETWORK_VERSION = {"api-version": "2024-05-01"}
_ROLE_VERSION = {"api-version": "2022-04-01"}
_ROLES = "providers/Microsoft.Authorization/roleDefinitions"
_ASSIGNMENTS = "providers/Microsoft.Authorization/roleAssignments"


class AzureClient:
    """One session. Its methods raise what those of `AzureSession` do.

    Args:
        settings: Where, and how to authenticate.
        wait_timeout: Seconds for which Azure is given time until a change takes effect.
    """

    def __init__(self, settings: Settings, wait_timeout: float = 600) -> None:
        self.wait_timeout = wait_timeout
        #: Whether a request was sent that may have changed something.
        self.has_written = False
        self._session = AzureSession(settings)

    def __enter__(self) -> AzureClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def address_prefixes(self, network: VirtualNetwork) -> tuple[str, ...] | None:
        """Return the address space of a virtual network, or None if there is no such network."""
        operation = f"read virtual network {network}"
        try:
            answer = self._session.get(AZURE, network.scope, operation, **_NETWORK_VERSION)
        except AzureApiError as error:
            if error.is_missing:
                return None
            raise
        space = _mapping(_mapping(answer.get("properties")).get("addressSpace")).get("addressPrefixes")
        if not isinstance(space, list):
            raise unreadable(operation, AZURE, "no addressSpace")
        return tuple(map(str, space))

    def principal(self, application_id: str) -> Principal | None:
        """Return the service principal of an application, or None if the directory has none."""
        operation = f"look for the service principal of application {application_id}"
        query = {"$filter": f"appId eq '{application_id}'", "$select": "id,appId,accountEnabled"}
        found = self._session.list(GRAPH, "/v1.0/servicePrincipals", operation, **query)
        if not found:
            return None
        return Principal(_text(found[0], "id", operation, GRAPH), found[0].get("accountEnabled") is not False)

    def create_principal(self, application_id: str) -> str:
        """Create the service principal of an application, unless it exists after all. Return its object ID."""
        operation = f"create the service principal of application {application_id}"
        self.has_written = True
        try:
            answer = self._session.post(GRAPH, "/v1.0/servicePrincipals", operation, {"appId": application_id})
        except AtlasError as error:
            if not (error.outcome_unknown or (isinstance(error, AzureApiError) and error.is_duplicate)):
                raise
            return self._await_principal(application_id, error)
        return _text(answer, "id", operation, GRAPH, writes=True)

    def _await_principal(self, application_id: str, error: AtlasError) -> str:
        """Wait until the directory lists a service principal whose creation failed. Raises `error` if it does not."""
        patience = self.wait_timeout if not error.outcome_unknown else 0
        end, pauses = time.monotonic() + patience, Pauses()
        while True:
            try:
                found = self.principal(application_id)
            except AtlasError:
                raise error from None
            if found:
                return found.id
            if not pauses.pause_until(end):
                raise error

    def assignments(self, network: VirtualNetwork, principal_id: str) -> tuple[Assignment, ...]:
        """Return the role assignments of a service principal, and of its groups, that apply to a virtual network."""
        operation = f"list the role assignments on virtual network {network}"
        query = {**_ROLE_VERSION, "$filter": f"atScope() and assignedTo('{principal_id}')"}
        roles: dict[str, Role] = {}
        assignments = []
        for one in self._session.list(AZURE, f"{network.scope}/{_ASSIGNMENTS}", operation, **query):
            properties = _mapping(one.get("properties"))
            role_id, owner, scope = (
                _text(properties, key, operation, AZURE) for key in ("roleDefinitionId", "principalId", "scope")
            )
            if role_id not in roles:
                roles[role_id] = self._role(role_id)
            assignments.append(Assignment(_text(one, "id", operation, AZURE), owner, scope, roles[role_id]))
        return tuple(assignments)

    def _role(self, role_id: str) -> Role:
        operation = f"read role definition {role_id}"
        return _parse_role(self._session.get(AZURE, role_id, operation, **_ROLE_VERSION), operation)

    def role_named(self, network: VirtualNetwork, name: str) -> Role | None:
        """Return the role of a name that can be assigned on a virtual network, if there is one."""
        operation = f"look for role {name}"
        quoted = name.replace("'", "''")
        query = {**_ROLE_VERSION, "$filter": f"roleName eq '{quoted}'"}
        found = self._session.list(AZURE, f"{network.scope}/{_ROLES}", operation, **query)
        return _parse_role(found[0], operation) if found else None

    def put_role(self, role: Role, description: str) -> Role:
        """Create a role definition, or change it. Return it."""
        operation = f"define role {role.name}"
        properties = {
            "roleName": role.name,
            "description": description,
            "type": "CustomRole",
            "permissions": list(role.permissions),
            "assignableScopes": list(role.assignable_scopes),
        }
        body = {"name": role.guid, "properties": properties}
        answer = self._write("PUT", _path(role), operation, self.wait_timeout, body)
        return _parse_role(answer, operation, writes=True)

    def put_assignment(self, desired: Desired, principal_id: str, role: Role) -> None:
        """Assign a role to a service principal. The name of the assignment follows from the rest, as Azure advises."""
        scope = desired.network.scope
        operation = f"assign role {role.name} to service principal {principal_id}"
        properties = {
            "roleDefinitionId": role.id,
            "principalId": principal_id,
            "principalType": "ServicePrincipal",  # or Azure would look for it, perhaps before it is replicated
        }
        patience = 0 if desired.principal_id else self.wait_timeout  # one that was given is not a new one
        path = f"{scope}/{_ASSIGNMENTS}/{guid(scope, principal_id, role.guid)}"
        try:
            self._write("PUT", path, operation, patience, {"properties": properties})
        except AzureApiError as error:
            if error.code != "RoleAssignmentExists":
                raise

    def delete_assignment(self, assignment: Assignment) -> None:
        self._delete(assignment.id, f"delete the assignment of role {assignment.role.name}", 0)

    def delete_role(self, role: Role) -> None:
        """Delete a role definition, once nothing is assigned to it any more."""
        self._delete(_path(role), f"delete role {role.name}", self.wait_timeout)

    def _delete(self, path: str, operation: str, patience: float) -> None:
        """Delete something. Azure answers with what it has deleted, or with nothing if that did not exist."""
        answer = self._write("DELETE", path, operation, patience)
        if answer and str(answer.get("name")).lower() != path.rpartition("/")[2].lower():
            raise unreadable(operation, AZURE, "something else", writes=True)

    def _write(
        self, method: str, path: str, operation: str, patience: float, body: dict[str, Any] | None = None
    ) -> Mapping[str, Any]:
        self.has_written = True
        return self._session.write(AZURE, method, path, operation, patience, body, **_ROLE_VERSION)


def guid(*parts: str) -> str:
    """Return an ID that follows from some texts, whose case does not matter."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(parts).lower()))


def _path(role: Role) -> str:
    return f"{role.assignable_scopes[0]}/{_ROLES}/{role.guid}"


def _parse_role(answer: Mapping[str, Any], operation: str, writes: bool = False) -> Role:
    properties = _mapping(answer.get("properties"))
    permissions, scopes = properties.get("permissions"), properties.get("assignableScopes")
    if not isinstance(permissions, list) or not all(isinstance(one, dict) for one in permissions):
        raise unreadable(operation, AZURE, "no permissions", writes)
    if not isinstance(scopes, list) or not scopes:
        raise unreadable(operation, AZURE, "no assignableScopes", writes)
    return Role(
        _text(answer, "id", operation, AZURE, writes),
        _text(properties, "roleName", operation, AZURE, writes),
        tuple(permissions),
        tuple(map(str, scopes)),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(answer: Mapping[str, Any], key: str, operation: str, service: Service, writes: bool = False) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise unreadable(operation, service, f"no {key}", writes)
    return value
