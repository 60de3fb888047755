# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft Entra ID, Microsoft Graph and Azure Resource Manager behind one HTTP server."""

from __future__ import annotations

import re
from typing import Any

from stub_server import Exchange, Request, StubServer

from .directory import AZURE, GRAPH, WRITE, Directory, Principal, view
from .errors import AzureError
from .manager import Manager

_TOKEN = re.compile(r"/([^/]+)/oauth2/v2\.0/token")
_PRINCIPALS = "/v1.0/servicePrincipals"
_BY_APPLICATION = re.compile(r"appId eq '([^']*)'")
ATLAS_APPLICATION, ATLAS_TOKEN = "e90a1407-55c3-432d-9cb1-3638900a9d22", "atlas"


class AzureStub(StubServer):
    """A server in a thread. Atlas' application is one of those of which anybody may create a service principal."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.directory = Directory()
        self.directory.applications.add(ATLAS_APPLICATION)
        self.manager = Manager(self.url, self.directory)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead the module here."""
        names = ("AZURE_AUTHORITY_HOST", "AZURE_RESOURCE_MANAGER_URL", "AZURE_GRAPH_URL")
        return dict.fromkeys(names, self.url)

    def add_network(self, tenant: str, subscription: str, group: str, name: str, *prefixes: str) -> str:
        """Add a virtual network, and its subscription to a directory. Return its ID."""
        scope = (
            f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{name}"
        )
        with self._lock:
            self.manager.tenants[subscription.lower()] = tenant
            self.manager.networks[scope.lower()] = (scope, prefixes)
        return scope

    def add_application(
        self, tenant: str, client_id: str, secret: str = "", permissions: tuple[str, ...] = (WRITE,), **roles: str
    ) -> Principal:
        """Add the service principal of an application, with permissions in Microsoft Graph.

        Args:
            tenant: The directory.
            client_id: The application.
            secret: What it authenticates with.
            permissions: What it may do in Microsoft Graph.
            roles: Name of a role -> scope that it is assigned at: ``Owner="/subscriptions/…"``.
        """
        with self._lock:
            principal = Principal(client_id, tenant, secret, permissions)
            self.directory.principals.append(principal)
            for name, scope in roles.items():
                self.manager.roles.assign(name.replace("_", " "), principal.id, scope)
        return principal

    def add_token(self, token: str, principal: Principal, audience: str = AZURE) -> str:
        """Let a token act as a principal, in Azure or in Microsoft Graph."""
        with self._lock:
            self.directory.add_token(token, principal, audience)
        return token

    def assign(self, role: str, principal: Principal, scope: str) -> None:
        """Assign a role without a request."""
        with self._lock:
            self.manager.roles.assign(role, principal.id, scope)

    def is_write(self, exchange: Exchange) -> bool:
        return super().is_write(exchange) and not _TOKEN.fullmatch(exchange.path)

    def process(self, request: Request) -> tuple[int, dict[str, Any]]:
        of_token = _TOKEN.fullmatch(request.path)
        try:
            if of_token and request.method == "POST":
                return 200, self.directory.issue(of_token[1], request.form)
            if request.path == _PRINCIPALS:
                return self._graph(request)
            caller = self._caller(request)
            return self.manager.answer(caller, request.method, request.path, request.query, request.json)
        except AzureError as error:
            return error.status, error.view()

    def _caller(self, request: Request) -> Principal:
        """Return who sends a request to Azure: Atlas itself acts in the directory of the subscription."""
        if request.authorization != f"Bearer {ATLAS_TOKEN}":
            return self.directory.bearer(request.authorization, AZURE)
        tenant = self.manager.tenants.get(request.path.split("/")[2].lower(), "")
        principal = self.directory.find(tenant, ATLAS_APPLICATION)
        if principal is None:
            raise AzureError(401, "InvalidAuthenticationToken", "The access token is invalid.")
        return principal

    def _graph(self, request: Request) -> tuple[int, dict[str, Any]]:
        caller = self.directory.bearer(request.authorization, GRAPH)
        if request.method == "POST":
            return 201, view(self.directory.create(caller, request.json.get("appId", "")))
        wanted = _BY_APPLICATION.fullmatch(request.query.get("$filter", ""))
        if wanted is None:
            raise AzureError(400, "Request_UnsupportedQuery", "Unsupported Query.")
        found = self.directory.look_up(caller, wanted[1])
        return 200, {"value": [view(found)] if found else []}
