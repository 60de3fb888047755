# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Resource Manager: virtual networks, and the roles that are assigned on them."""

from __future__ import annotations

import re
from typing import Any, Callable

from .directory import Directory, Principal
from .errors import AzureError, unauthorized
from .roles import Roles, assignment_view, is_within, role_view

Json = dict[str, Any]
_NETWORK = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.Network/virtualNetworks/(?P<name>[^/]+)",
    re.IGNORECASE,
)
_OF_ROLES = re.compile(
    r"(?P<scope>.*)/providers/Microsoft\.Authorization/(?P<kind>roleDefinitions|roleAssignments|permissions)"
    r"(?:/(?P<guid>[0-9a-f-]{36}))?",
    re.IGNORECASE,
)
_FILTER = re.compile(
    r"(?:atScope\(\))?(?: and )?(?:assignedTo\('(?P<assigned>[^']+)'\)|principalId eq '(?P<principal>[^']+)')?"
)


class Manager:
    """Answers requests. `page_size` is how many items a page of a list has."""

    def __init__(self, url: str, directory: Directory) -> None:
        self._url, self._directory = url, directory
        self.roles = Roles()
        self.networks: dict[str, tuple[str, tuple[str, ...]]] = {}  # ID in lower case -> ID and address space
        self.tenants: dict[str, str] = {}  # of each subscription
        self.trusts_type = True  # False: a service principal is looked for although its type is given
        self.page_size = 100

    def answer(self, caller: Principal, method: str, path: str, query: dict[str, str], body: Json) -> tuple[int, Json]:
        """Return status and body of the response. Raises AzureError."""
        if "api-version" not in query:
            raise AzureError(
                400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required."
            )
        of_roles = _OF_ROLES.fullmatch(path)
        scope = of_roles["scope"] if of_roles else path
        self._check_subscription(caller, scope)
        if of_roles:
            kind, guid = of_roles["kind"].lower(), (of_roles["guid"] or "").lower()
            action = self._actions()[kind, method, bool(guid)]
            return action(caller, scope, guid, query, body.get("properties") or {})
        return self._network(caller, method, path)

    def _actions(self) -> dict[tuple[str, str, bool], Callable[..., tuple[int, Json]]]:
        return {
            ("permissions", "GET", False): self._permissions,
            ("roledefinitions", "GET", False): self._list_roles,
            ("roledefinitions", "GET", True): self._get_role,
            ("roledefinitions", "PUT", True): self._put_role,
            ("roledefinitions", "DELETE", True): self._delete_role,
            ("roleassignments", "GET", False): self._list_assignments,
            ("roleassignments", "PUT", True): self._put_assignment,
            ("roleassignments", "DELETE", True): self._delete_assignment,
        }

    def _check_subscription(self, caller: Principal, scope: str) -> None:
        match = re.match("/subscriptions/([^/]+)", scope, re.IGNORECASE)
        if match is None:
            return
        tenant = self.tenants.get(match[1].lower())
        if tenant is None:
            raise AzureError(404, "SubscriptionNotFound", f"The subscription '{match[1]}' could not be found.")
        if tenant != caller.tenant:
            text = f"The access token is from the wrong issuer. It must match the tenant '{tenant}'."
            raise AzureError(401, "InvalidAuthenticationTokenTenant", text)

    def _require(self, caller: Principal, action: str, scope: str) -> None:
        if not self.roles.allows(self._directory.owners(caller.id), action, scope):
            raise unauthorized(caller.id, action, scope)

    def _network(self, caller: Principal, method: str, path: str) -> tuple[int, Json]:
        match = _NETWORK.fullmatch(path)
        if match is None or method != "GET":
            raise AzureError(404, "InvalidResourceType", "The resource type could not be found in the namespace.")
        self._require(caller, "Microsoft.Network/virtualNetworks/read", path)
        known = self.networks.get(path.lower())
        if known is None:
            group = path[: match.end("group")]
            if not any(is_within(one, group) for one in self.networks):
                text = f"Resource group '{match['group']}' could not be found."
                raise AzureError(404, "ResourceGroupNotFound", text)
            text = (
                f"The Resource 'Microsoft.Network/virtualNetworks/{match['name']}' under resource group "
                f"'{match['group']}' was not found."
            )
            raise AzureError(404, "ResourceNotFound", text)
        network_id, prefixes = known
        return 200, {
            "id": network_id,
            "name": network_id.rpartition("/")[2],
            "type": "Microsoft.Network/virtualNetworks",
            "location": "northeurope",
            "properties": {
                "provisioningState": "Succeeded",
                "addressSpace": {"addressPrefixes": list(prefixes)},
                "virtualNetworkPeerings": [],
            },
        }

    def _permissions(self, caller: Principal, scope: str, _guid: str, _query: Any, _body: Json) -> tuple[int, Json]:
        return 200, {"value": self.roles.permissions(self._directory.owners(caller.id), scope)}

    def _list_roles(
        self, caller: Principal, scope: str, _guid: str, query: dict[str, str], _body: Json
    ) -> tuple[int, Json]:
        self._require(caller, "Microsoft.Authorization/roleDefinitions/read", scope)
        wanted = re.fullmatch("roleName eq '(.*)'", query.get("$filter", ""))
        found = [
            role_view(one, scope)
            for one in self.roles.definitions
            if one.is_assignable(scope) and (not wanted or one.name.lower() == wanted[1].replace("''", "'").lower())
        ]
        return 200, {"value": found}

    def _get_role(self, caller: Principal, scope: str, guid: str, _query: Any, _body: Json) -> tuple[int, Json]:
        self._require(caller, "Microsoft.Authorization/roleDefinitions/read", scope)
        role = self.roles.role(guid)
        if role is None:
            raise AzureError(
                404, "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{guid}' does not exist."
            )
        return 200, role_view(role, scope)

    def _put_role(self, caller: Principal, scope: str, guid: str, _query: Any, body: Json) -> tuple[int, Json]:
        for one in body.get("assignableScopes") or [scope]:
            self._require(caller, "Microsoft.Authorization/roleDefinitions/write", one)
        return 201, role_view(self.roles.put_role(guid, body), scope)

    def _delete_role(self, caller: Principal, scope: str, guid: str, _query: Any, _body: Json) -> tuple[int, Json]:
        self._require(caller, "Microsoft.Authorization/roleDefinitions/delete", scope)
        role = self.roles.delete_role(guid)
        return (200, role_view(role, scope)) if role else (204, {})

    def _list_assignments(
        self, caller: Principal, scope: str, _guid: str, query: dict[str, str], _body: Json
    ) -> tuple[int, Json]:
        self._require(caller, "Microsoft.Authorization/roleAssignments/read", scope)
        words = query.get("$filter", "")
        match = _FILTER.fullmatch(words)
        if match is None:
            raise AzureError(400, "UnsupportedQuery", f"The query filter '{words}' is not supported.")
        owners = self._directory.owners(match["assigned"]) if match["assigned"] else {match["principal"]}
        found = [
            assignment_view(one)
            for one in self.roles.assignments
            if (is_within(scope, one.scope) or ("atScope" not in words and is_within(one.scope, scope)))
            and (owners == {None} or one.principal_id in owners)
            and one.is_seen()
        ]
        return 200, self._page(found, f"{scope}/providers/Microsoft.Authorization/roleAssignments", query)

    def _page(self, found: list[Json], path: str, query: dict[str, str]) -> Json:
        start = int(query.get("$skiptoken", 0))
        end = start + self.page_size
        rest = "&".join(f"{key}={value.replace(' ', '+')}" for key, value in query.items() if key != "$skiptoken")
        more = {"nextLink": f"{self._url}{path}?{rest}&$skiptoken={end}"} if len(found) > end else {}
        return {"value": found[start:end], **more}

    def _put_assignment(self, caller: Principal, scope: str, guid: str, _query: Any, body: Json) -> tuple[int, Json]:
        self._require(caller, "Microsoft.Authorization/roleAssignments/write", scope)
        role_id, principal_id = body.get("roleDefinitionId"), body.get("principalId")
        if not role_id or not principal_id:
            raise AzureError(400, "BadRequestFormat", "The request was incorrectly formatted.")
        known = next((one for one in self._directory.principals if one.id == principal_id), None)
        trusted = self.trusts_type and body.get("principalType") == "ServicePrincipal"
        if known is None or not (trusted or known.is_seen()):
            raise AzureError(
                400,
                "PrincipalNotFound",
                f"Principal {principal_id} does not exist in the directory {caller.tenant}. Check that you have the "
                "correct principal ID. If you are creating this principal and then immediately assigning a role, this "
                "error might be related to a replication delay.",
            )
        is_new, assignment = self.roles.put_assignment(guid, scope, role_id, principal_id)
        return 201 if is_new else 200, assignment_view(assignment)

    def _delete_assignment(
        self, caller: Principal, scope: str, guid: str, _query: Any, _body: Json
    ) -> tuple[int, Json]:
        self._require(caller, "Microsoft.Authorization/roleAssignments/delete", scope)
        for one in self.roles.assignments:
            if one.guid == guid:
                self.roles.assignments.remove(one)
                return 200, assignment_view(one)
        return 204, {}
