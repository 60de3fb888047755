# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directories: their applications, service principals and groups, and the tokens of those who authenticate."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from .errors import AzureError, TokenError, denied

AZURE, GRAPH = "https://management.azure.com", "https://graph.microsoft.com"
READ, WRITE, WRITE_OWNED = "Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"


@dataclass
class Principal:
    """A service principal. It is not known everywhere before it was looked for `unseen` times."""

    application_id: str
    tenant: str
    secret: str = ""
    permissions: tuple[str, ...] = ()  # in Microsoft Graph
    enabled: bool = True
    unseen: int = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def is_seen(self) -> bool:
        """Report whether a replica that is asked now knows it."""
        self.unseen -= 1
        return self.unseen < 0


class Directory:
    """All directories, which share the applications of the world.

    Attributes:
        applications: Those of other directories of which anybody may create a service principal.
        groups: The object IDs of the members of each group, by its own.
        principal_lag: How often a new service principal is not found.
    """

    def __init__(self) -> None:
        self.applications: set[str] = set()
        self.principals: list[Principal] = []
        self.groups: dict[str, set[str]] = {}
        self.principal_lag = 0
        self._tokens: dict[str, tuple[Principal, str]] = {}

    def issue(self, tenant: str, form: dict[str, str]) -> dict[str, object]:
        """Exchange the secret of an application for a token. Raises TokenError."""
        client_id, audience = form.get("client_id", ""), form.get("scope", "").removesuffix("/.default")
        if form.get("grant_type") != "client_credentials":
            raise TokenError(400, "unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type.")
        if tenant not in {one.tenant for one in self.principals}:
            raise TokenError(400, "invalid_request", f"AADSTS90002: Tenant '{tenant}' not found.")
        principal = self.find(tenant, client_id)
        if principal is None:
            raise TokenError(
                400,
                "unauthorized_client",
                f"AADSTS700016: Application with identifier '{client_id}' was not found in the directory '{tenant}'.",
            )
        if not principal.secret or form.get("client_secret") != principal.secret:
            raise TokenError(
                401, "invalid_client", f"AADSTS7000215: Invalid client secret provided for app '{client_id}'."
            )
        if audience not in (AZURE, GRAPH):
            raise TokenError(400, "invalid_resource", f"AADSTS500011: The resource principal {audience} was not found.")
        token = f"token-{len(self._tokens) + 1}-of-{client_id}"
        self._tokens[token] = (principal, audience)
        return {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": token}

    def add_token(self, token: str, principal: Principal, audience: str) -> None:
        self._tokens[token] = (principal, audience)

    def bearer(self, header: str, audience: str) -> Principal:
        """Return who sends a request to a service. Raises AzureError."""
        principal, its_audience = self._tokens.get(header.removeprefix("Bearer "), (None, ""))
        if principal is None:
            code = "InvalidAuthenticationToken"
            raise AzureError(401, code, "The access token is invalid.")
        if its_audience != audience:
            code = "InvalidAuthenticationTokenAudience" if audience == AZURE else "InvalidAuthenticationToken"
            raise AzureError(401, code, f"The access token is for wrong audience or resource '{its_audience}'.")
        return principal

    def find(self, tenant: str, application_id: str) -> Principal | None:
        of_tenant = (one for one in self.principals if one.tenant == tenant)
        return next((one for one in of_tenant if one.application_id == application_id), None)

    def look_up(self, caller: Principal, application_id: str) -> Principal | None:
        """Return the service principal of an application in the directory of the caller, if it is seen there."""
        if not {READ, WRITE} & set(caller.permissions):
            raise denied()
        found = self.find(caller.tenant, application_id)
        return found if found is not None and found.is_seen() else None

    def create(self, caller: Principal, application_id: str) -> Principal:
        """Create a service principal in the directory of the caller. Raises AzureError."""
        if not {WRITE, WRITE_OWNED} & set(caller.permissions):
            raise denied()
        if application_id in self.applications and WRITE not in caller.permissions:
            raise denied(
                "When using this permission, the backing application of the service principal being created must in "
                "the local tenant"
            )
        if application_id not in self.applications:
            raise AzureError(
                400,
                "Request_BadRequest",
                f"The appId '{application_id}' of the service principal does not reference a valid application object.",
            )
        if self.find(caller.tenant, application_id):
            raise AzureError(
                409,
                "Request_MultipleObjectsWithSameKeyValue",
                f"The service principal cannot be created because the service principal name {application_id} already "
                "exists.",
            )
        principal = Principal(application_id, caller.tenant, unseen=self.principal_lag)
        self.principals.append(principal)
        return principal

    def owners(self, principal_id: str) -> set[str]:
        """Return a principal and the groups that it belongs to, also by way of others."""
        found, size = {principal_id}, 0
        while size < len(found):
            size = len(found)
            found |= {group for group, members in self.groups.items() if members & found}
        return found


def view(principal: Principal) -> dict[str, object]:
    """Return a service principal as Microsoft Graph shows it."""
    return {
        "id": principal.id,
        "appId": principal.application_id,
        "accountEnabled": principal.enabled,
        "displayName": principal.application_id,
        "servicePrincipalType": "Application",
    }
