# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Errors of Azure, of Microsoft Graph and of the token endpoint, each with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.azure.settings import AZURE, GRAPH, LOGIN, Service
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, format_hint, shortened

#: What Azure answers while a principal or a role that was just created is not known everywhere (Azure RBAC
#: documentation, "Troubleshoot Azure RBAC"), and while an assignment that was just deleted still is.
LAGGING_CODES = ("PrincipalNotFound", "RoleDefinitionDoesNotExist", "RoleDefinitionHasAssignments")
_MISSING_CODES = ("ResourceNotFound", "ResourceGroupNotFound")


class AzureApiError(AtlasError):
    """A service of Microsoft answered with an error.

    Args:
        operation: What was tried, to follow "Could not".
        service: Which service.
        status: HTTP status.
        code: Microsoft's word for the error: ``AuthorizationFailed``.
        text: Microsoft's sentence about it.
        writes: Whether the request was to create, change or delete something.
    """

    def __init__(
        self, operation: str, service: Service, status: int, code: str, text: str, writes: bool = False
    ) -> None:
        said = ": ".join(str(shortened(part)) for part in (code, text) if part)
        message = f"Could not {operation}: {service.name} answered HTTP {status}{' ' + said if said else ''}"
        self.service, self.status, self.code, self.text, self.writes = service, status, code, text, writes
        hint = next((format_hint(words) for applies, words in _HINTS if applies(self)), None)
        super().__init__(
            message if message.endswith(".") else message + ".",
            hint if hint or code or text else other_server_hint(service),
            status=status,
            error_code=shortened(code) or None,
            detail=shortened(text) or None,
        )
        self.cause = f"HTTP {status} {code}"
        self.transient = self.is_lagging or status in (408, 429) or status >= 500
        if writes and (status == 408 or status >= 500):
            self.leave_in_doubt()

    @property
    def is_lagging(self) -> bool:
        """Whether Azure may only need time until it knows what was just created or deleted."""
        return self.code in LAGGING_CODES

    @property
    def is_missing(self) -> bool:
        """Whether there is no such virtual network, in a subscription that there is."""
        return self.status == 404 and self.code in _MISSING_CODES

    @property
    def is_duplicate(self) -> bool:
        """Whether the service principal exists already, also if the directory does not list it yet."""
        return self.service is GRAPH and self.status in (400, 409) and "already exists" in self.text

    @property
    def is_forbidden(self) -> bool:
        return self.status == 403


def _refuses(service: Service, writes: bool) -> Callable[[AzureApiError], bool]:
    return lambda error: error.status == 403 and error.service is service and error.writes is writes


def _says(*words: str) -> Callable[[AzureApiError], bool]:
    return lambda error: any(word in (error.code, error.text.partition(":")[0]) for word in words)


#: Codes of the token endpoint as in Microsoft's page "Microsoft Entra authentication and authorization error codes".
_HINTS: tuple[tuple[Callable[[AzureApiError], bool], str], ...] = (
    (_says("AADSTS7000215"), "Check secret: it is the value of a client secret, not its ID."),
    (_says("AADSTS7000222"), "The secret has expired: create a new one for the application."),
    (
        _says("AADSTS700016"),
        "Check client_id and tenant: the application must exist in the directory of the virtual network.",
    ),
    (_says("AADSTS90002", "AADSTS900023"), "Check tenant: it is the ID or a domain name of a directory."),
    (lambda error: error.service is LOGIN and error.status < 429, "Check tenant, client_id and secret."),
    (
        _refuses(GRAPH, writes=False),
        "Grant the application of the credentials the permission Application.Read.All of Microsoft Graph, or set "
        "{principal_id}, so that the directory need not be read.",
    ),
    (
        _refuses(GRAPH, writes=True),
        "Creating the service principal of an application of another directory takes the permission "
        "Application.ReadWrite.All of Microsoft Graph, or the role Cloud Application Administrator.",
    ),
    (_refuses(AZURE, writes=False), "Grant the credentials the role Reader on the virtual network."),
    (
        _refuses(AZURE, writes=True),
        "Defining and assigning roles takes the role Owner or User Access Administrator on the virtual network.",
    ),
    (
        lambda error: error.status == 401,
        "Check the credentials: an access token is for one directory and one service, and expires after about an hour.",
    ),
    (
        _says("PrincipalNotFound"),
        "Check {principal_id}: it is the object ID of the service principal in the directory of the subscription, not "
        "the ID of the application.",
    ),
    (
        _says("RoleDefinitionWithSameNameExists"),
        "The directory has a role of this name that cannot be assigned on this virtual network. Choose another "
        "{role_name}, or add the virtual network to the assignable scopes of that role.",
    ),
    (
        _says("RoleAssignmentLimitExceeded", "RoleDefinitionLimitExceeded"),
        "Delete role assignments or custom roles that are no longer used.",
    ),
    (
        _says("SubscriptionNotFound", "InvalidSubscriptionId"),
        "Check {subscription_id}, and whether the credentials may see the subscription.",
    ),
    (lambda error: error.status in (408, 429), "Run the task again later."),
    (lambda error: error.status >= 500, "Microsoft has a problem: run the task again."),
)


def other_server_hint(service: Service) -> str:
    """Return the hint if something other than a service seems to respond."""
    return f"Check {service.url_option}, and whether a proxy or login page answers in place of {service.name}."


def api_error(operation: str, service: Service, status: int, body: Any, writes: bool = False) -> AzureApiError:
    r"""Return the error of a response.

    Azure and Graph answer ``{"error": {"code": …, "message": …}}``, the token endpoint ``{"error": "invalid_client",
    "error_description": "AADSTS7000215: …\r\nTrace ID: …"}``.
    """
    body = body if isinstance(body, Mapping) else {}
    error = body.get("error")
    if isinstance(error, Mapping):
        code, text = error.get("code"), error.get("message")
    else:
        code, text = error, body.get("error_description")
    first_line = str(text or "").strip().partition("\n")[0].strip()
    return AzureApiError(operation, service, status, code if isinstance(code, str) else "", first_line, writes)
