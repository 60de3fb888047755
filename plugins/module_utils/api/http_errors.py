# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Errors of HTTP: Atlas refuses, does not respond, or responds with something unreadable. Hints are data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, format_hint, option, shortened

_ROLE_HINT = "Give the API key or service account the role {role}."
# Roles as in the Atlas documentation, page "Atlas User Roles", section "Project Roles".
_ROLE = "Project Network Access Manager (Project Read Only to read)"
_ROLE_FOR_CONTAINERS = "Project Owner, which is required to create, update and delete containers"

#: ``errorCode`` of Atlas -> hint. Options stand in braces; {project} is the option that named the project, {role} the
#: role that the request needs. Codes as in the Atlas Administration API documentation, page
#: "Atlas Administration API Error Codes".
_HINTS_BY_CODE: Mapping[str, str] = {
    "IP_ADDRESS_NOT_ON_ACCESS_LIST": (
        "Add the address this task runs from to the API access list of the API key or service account."
    ),
    **dict.fromkeys(
        ("ORG_REQUIRES_ACCESS_LIST", "ORG_REQUIRES_WHITELIST", "RESOURCE_REQUIRES_WHITELIST"),
        "Set up an API access list for the API key or service account: its organization or this resource requires one.",
    ),
    "USER_UNAUTHORIZED": _ROLE_HINT,
    "NOT_IN_GROUP": "Add the API key or service account to the project, or check {project_id}.",
    "GROUP_NOT_FOUND": "Check {project}, and that {base_url} names the Atlas (commercial or government) it belongs to.",
    "INVALID_GROUP_ID": "Check {project_id}: it is the 24 hexadecimal characters of the project's address.",
    "CLOUD_PROVIDER_CONTAINER_NOT_FOUND": "Check container_id: it must name a container of this project and cloud.",
    "INVALID_PROVIDER_PARAMETERS": "Check that container_id names a container of the cloud in provider_name.",
    "PEER_MAXIMUM_REACHED": "Delete connections that are no longer used, or ask MongoDB support to raise the limit.",
    "OVERLAPPING_CIDR_BLOCK": "Choose a route_table_cidr_block that no other connection of the project uses.",
    "OVERLAPPING_ATLAS_CIDR_BLOCK": "Choose a CIDR block that does not overlap with that of an Atlas container.",
    "INVALID_ROUTE_TABLE_CIDR": "Use a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
    **dict.fromkeys(
        ("PEER_ALREADY_EXISTS", "PEER_ALREADY_EXISTS_AZURE", "PEER_ALREADY_EXISTS_GCP"),
        "Atlas lists no such connection in this project yet. Run the task again in a minute to adopt it.",
    ),
    "CONTAINER_ALREADY_EXISTS": (
        "Atlas lists no such container in this project yet. Run the task again in a minute to adopt it."
    ),
    "CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION": (
        "Wait until a peering connection of AWS is available in this project (atlas_peering_wait). Its VPC may have to "
        "be in the region of its container."
    ),
    **dict.fromkeys(
        ("ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED", "CROSS_REGION_NETWORK_PERMISSIONS_LIMIT_EXCEEDED"),
        "Delete entries that are no longer used, or combine them to larger blocks.",
    ),
    "NO_CAPACITY": "Choose another region for the container, or run the task again later.",
    "REGION_UNAVAILABLE": "Choose another region for the container.",
    "PEER_INVALID_STATE": "Wait until the connection is AVAILABLE (atlas_peering_wait), then run the task again.",
    "AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED": (
        "Grant Atlas' service principal its role on the virtual network before the connection is created, "
        "and check the directory, subscription, resource group and network names. The module azure_vnet_peering_access "
        "reports what is missing, and can create it."
    ),
    "AZURE_CUSTOMER_NETWORK_UNREACHABLE": (
        "Check azure_subscription_id, and that Atlas' service principal exists in the directory with its role."
    ),
    "RATE_LIMITED": "Request fewer tokens: use one access_token for the whole play, or an API key.",
    "RATE_LIMITED_TOKEN_BUCKET": "Run the task again later, or raise {retry_timeout} above the seconds of Retry-After.",
    "INVALID_VERSION_DATE": "Check {api_version}: this Atlas does not know the requested version.",
    "VERSION_GONE": "Upgrade the collection: Atlas no longer serves the API version that it uses.",
    "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES": "Run the task again when the upgrade of Atlas has finished.",
    "invalid_client": "Check client_id and client_secret, and whether the secret has expired.",
    "access_denied": "Use one access_token for many tasks, or revoke old tokens: an account can have at most 100.",
}

#: HTTP status -> hint, used if the code has none.
_HINTS_BY_STATUS: Mapping[int, str] = {
    401: (
        "Check the credentials, and that {base_url} names the Atlas they belong to: "
        "https://cloud.mongodb.com, or https://cloud.mongodbgov.com for the government cloud."
    ),
    403: _ROLE_HINT,
    404: "Check {project} and {base_url}.",
    407: "Check the user and password in the proxy's environment variable.",
    **dict.fromkeys((408, 429), "Run the task again later."),
}

_SERVER_ERROR_HINT = (
    "Atlas has a problem, or a proxy answers in its place. Run the task again later; it continues where it stopped."
)
#: Hint if something other than Atlas seems to respond.
NOT_ATLAS_HINT = "Check {base_url}, and whether a proxy or login page answers in place of Atlas."

#: Parameters of an error that are passed on.
_MAX_PARAMETERS = 20


class AuthenticationError(AtlasError):
    """The credentials could not be presented to Atlas."""


class TransportError(AtlasError):
    """There is no usable response: refused, timed out, cut off, or not from Atlas.

    Args:
        message: What was attempted and how it failed.
        hint: The known way out.
        outcome_unknown: Whether a write may have taken effect.
        transient: Whether a retry may help.
        cause: How it failed, without what was attempted: ``no connection could be made``.
        details: More about the failure, as data.
    """

    def __init__(
        self,
        message: str,
        hint: str | None,
        outcome_unknown: bool,
        transient: bool = True,
        cause: str | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message, hint, **details)
        self.cause = cause or message
        self.transient = transient
        if outcome_unknown:
            self.leave_in_doubt()


class ApiError(AtlasError):
    """Atlas responded with an error.

    Args:
        operation: What was attempted, to follow "Could not": ``list the peers``.
        method: HTTP method.
        path: Path of the request.
        status: HTTP status of the response.
        body: The decoded response, empty if it was not a JSON object.
        writes: Whether the request was to create, update or delete something.
        retry_after: Seconds after which Atlas asks for a retry, if it does.
    """

    def __init__(
        self,
        operation: str,
        method: str,
        path: str,
        status: int,
        body: Mapping[str, Any],
        writes: bool = False,
        retry_after: float | None = None,
    ) -> None:
        code, detail = _code_and_detail(body)
        quoted = ": ".join(str(shortened(part)) for part in (code, _with_fields(detail, body)) if part)
        message = f"Could not {operation}: Atlas answered HTTP {status}{' ' + quoted if quoted else ''}"
        super().__init__(
            message if message.endswith(".") else message + ".",
            _hint(code, status, method, path),
            status=status,
            error_code=shortened(code),
            detail=shortened(detail),
            parameters=[shortened(parameter) for parameter in _list(body.get("parameters"))[:_MAX_PARAMETERS]],
            method=method,
            path=path,
        )
        self.status = status
        self.code = shortened(code)
        self.cause = f"HTTP {status} {self.code}"
        self.retry_after = retry_after
        self.transient = status in (408, 429) or status >= 500 or _is_strange(code, status)
        if writes and (status == 408 or status >= 500):
            self.leave_in_doubt()


def unreadable(operation: str, content: str, writes: bool = False, **details: Any) -> TransportError:
    """Return the error for a success whose content Atlas would not have sent.

    Args:
        operation: What was attempted, to follow "Could not".
        content: What came instead: ``no id in it``.
        writes: Whether the request was to create, update or delete something.
        details: More about the failure, as data.
    """
    cause = f"the answer ({shortened(content)}) is not the JSON that Atlas sends"
    message = f"Could not {operation}: {cause}."
    return TransportError(message, format_hint(NOT_ATLAS_HINT), outcome_unknown=writes, cause=cause, **details)


def _code_and_detail(body: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return ``("PEER_ALREADY_EXISTS", "A peer …")``.

    The token endpoint responds in the form of OAuth 2 (error, error_description), all others in that of Atlas.
    """
    error = body.get("error")
    code = body.get("errorCode") or (error if isinstance(error, str) else None)
    return code, body.get("detail") or body.get("error_description") or body.get("reason")


def _is_strange(code: object, status: int) -> bool:
    """Report whether a response is not from Atlas, whose every 404 has a code; what is in front of it may recover."""
    return status == 404 and code is None


def _hint(code: object, status: int, method: str, path: str) -> str | None:
    """Return the known way out, if there is one."""
    template = _HINTS_BY_CODE.get(str(code)) or _HINTS_BY_STATUS.get(status)
    if _is_strange(code, status):
        template = NOT_ATLAS_HINT
    elif template is None and (status >= 500 or code is None):
        template = _SERVER_ERROR_HINT if status >= 500 else NOT_ATLAS_HINT
    project = option("project_name" if "/byName/" in path else "project_id")
    return template and format_hint(template, project=project, role=_role(method, path))


def _role(method: str, path: str) -> str:
    """Return the role that a request needs."""
    return _ROLE_FOR_CONTAINERS if method != "GET" and "/containers" in path else _ROLE


def _with_fields(detail: Any, body: Mapping[str, Any]) -> str:
    """Append the fields that Atlas objects to, if it names any, to its detail: ``Invalid. (vpcId is too long)``."""
    more = body.get("badRequestDetail")
    fields = _list(more.get("fields")) if isinstance(more, dict) else []
    named = [f"{field.get('field')} {field.get('description')}" for field in fields if isinstance(field, dict)]
    return " ".join([str(detail or ""), f"({'; '.join(named)})" if named else ""]).strip()


def _list(value: Any) -> list[Any]:
    """Return a list unchanged and anything else as an empty list: the response need not come from Atlas."""
    return value if isinstance(value, list) else []
