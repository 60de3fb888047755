# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one exception family: whatever goes wrong ends as one readable sentence and the same facts as data.

Modules turn an `AtlasError` into ``fail_json(**error.as_result())``; nothing below them exits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import option_names

_ROLE_CURE = "Give the API key or service account the role {role}."
_ROLE = "Project Network Access Manager (Project Read Only to look)"
_ROLE_FOR_CONTAINERS = "Project Owner, which creating, changing and deleting containers needs"

# What to do about an error of Atlas, by its errorCode. Options stand in braces; {project} is the one that was used,
# {role} the one that was needed.
_CURES_BY_CODE: Mapping[str, str] = {
    "IP_ADDRESS_NOT_ON_ACCESS_LIST": (
        "Add the address this task runs from to the API access list of the API key or service account."
    ),
    "ORG_REQUIRES_ACCESS_LIST": "Give the API key or service account an API access list; its organization demands one.",
    "ORG_REQUIRES_WHITELIST": "Give the API key or service account an API access list; its organization demands one.",
    "RESOURCE_REQUIRES_WHITELIST": "Give the API key or service account an API access list; this resource demands one.",
    "USER_UNAUTHORIZED": _ROLE_CURE,
    "NOT_IN_GROUP": "Add the API key or service account to the project, or check {project_id}.",
    "GROUP_NOT_FOUND": "Check {project}, and that {base_url} names the Atlas (commercial or government) it lives in.",
    "INVALID_GROUP_ID": "Check {project_id}: it is the 24 hexadecimal characters of the project's address.",
    "CLOUD_PROVIDER_CONTAINER_NOT_FOUND": "Check container_id: it must be one of this project and this cloud.",
    "INVALID_PROVIDER_PARAMETERS": "Check that container_id names a container of the cloud in provider_name.",
    "PEER_MAXIMUM_REACHED": "Delete connections that are no longer used, or ask MongoDB support to raise the limit.",
    "OVERLAPPING_CIDR_BLOCK": "Choose a route_table_cidr_block that no other connection of the project uses.",
    "OVERLAPPING_ATLAS_CIDR_BLOCK": "Choose a CIDR block that does not overlap with an Atlas container's.",
    "INVALID_ROUTE_TABLE_CIDR": "Use a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
    **dict.fromkeys(
        ("PEER_ALREADY_EXISTS", "PEER_ALREADY_EXISTS_AZURE", "PEER_ALREADY_EXISTS_GCP"),
        "Atlas lists no such connection in this project yet. Run the task again in a minute to adopt it.",
    ),
    "CONTAINER_ALREADY_EXISTS": (
        "Atlas lists no such container in this project yet. Run the task again in a minute to adopt it."
    ),
    "NO_CAPACITY": "Choose another region for the container, or run the task again later.",
    "REGION_UNAVAILABLE": "Choose another region for the container.",
    "PEER_INVALID_STATE": "Wait until the connection is AVAILABLE (atlas_peering_wait), then run the task again.",
    "AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED": (
        "Grant Atlas' service principal its role on the virtual network before the connection is created, "
        "and check the directory, subscription, resource group and network names."
    ),
    "AZURE_CUSTOMER_NETWORK_UNREACHABLE": (
        "Check azure_subscription_id, and that Atlas' service principal exists in the directory with its role."
    ),
    "RATE_LIMITED": "Take fewer tokens: use one access_token for the whole play, or an API key.",
    "RATE_LIMITED_TOKEN_BUCKET": "Run the task again later, or raise {retry_timeout} so that it outlasts Retry-After.",
    "INVALID_VERSION_DATE": "Check {api_version}: this Atlas does not know the version that was asked for.",
    "VERSION_GONE": "Upgrade the collection: Atlas no longer serves the API version that it speaks.",
    "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES": "Run the task again when the upgrade of Atlas is over.",
    "invalid_client": "Check client_id and client_secret, and whether the secret has expired.",
    "access_denied": "Use one access_token for many tasks, or revoke old tokens: an account holds 100 at most.",
}

# What to do where the code says nothing, by the HTTP status.
_CURES_BY_STATUS: Mapping[int, str] = {
    401: (
        "Check the credentials, and that {base_url} names the Atlas they belong to: "
        "https://cloud.mongodb.com, or https://cloud.mongodbgov.com for the government cloud."
    ),
    403: _ROLE_CURE,
    404: "Check {project} and {base_url}.",
    407: "Check the user and password in the proxy's environment variable.",
    429: "Run the task again later.",
}

_SERVER_ERROR_CURE = (
    "Atlas is in trouble or a proxy answers in its place: run the task again; it continues where it stopped."
)


#: Characters of one thing that somebody else said, and how many things, that are passed on.
_LONGEST_SAYING, _MOST_PARAMETERS = 500, 20

_DOUBT = "Whether it took effect is unknown: run the task again, it finds what is there."
#: What to do where something else than Atlas seems to answer.
STRANGER_CURE = "Check {base_url}, and whether a proxy or login page answers in place of Atlas."


class AtlasError(Exception):
    """Base of the family.

    Args:
        message: What was tried and what came of it, one sentence.
        hint: The known cure, one sentence, or None.
        details: More of the failure, as data.
    """

    #: The request may have taken effect although no good answer came.
    outcome_unknown = False
    #: Trying again later may succeed without anyone changing anything.
    transient = False

    #: Something had been written before it went wrong, or may have been.
    changed = False

    def __init__(self, message: str, hint: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details
        #: What errors have in common that befall different resources for one reason.
        self.cause = message
        #: What playbooks tell errors apart by, ``failure.kind``.
        self.kind = type(self).__name__

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message

    def leave_in_doubt(self) -> None:
        """Say that the request may have taken effect: nobody is to believe that nothing was changed."""
        self.outcome_unknown = self.changed = True
        self.hint = f"{self.hint or ''} {_DOUBT}".strip()

    def again(self) -> AtlasError:
        """Return the same error for another resource: what becomes of that one is noted in it."""
        copy = type(self).__new__(type(self), *self.args)
        copy.__dict__.update(self.__dict__)
        return copy

    def as_result(self) -> dict[str, Any]:
        """Return the keywords for ``fail_json``: ``msg`` for people and ``failure`` for playbooks."""
        doubt = {"outcome_unknown": True} if self.outcome_unknown else {}
        failure = {"kind": self.kind, "hint": self.hint, **doubt, **self.details}
        return {"msg": str(self), "failure": failure, "changed": self.changed}


class InputError(AtlasError):
    """An option is wrong; the message names it and the cure. Nothing was sent that changes anything."""


class PlanError(AtlasError):
    """What is declared and what is there cannot be brought together; nothing was written."""


class PartialError(AtlasError):
    """Some of many failed; the others are done. Its kind is theirs if they share one.

    Args:
        message: How many of how many, and why.
        results: What became of all of them, as keywords for the result.
        problems: What went wrong with each that failed, as data.
        hint: What is left to do.
    """

    def __init__(
        self,
        message: str,
        results: Mapping[str, Any],
        problems: list[dict[str, Any]],
        hint: str = "What is done stays done: run the task again for the rest.",
    ) -> None:
        super().__init__(message, hint, problems=problems)
        self.results = results
        kinds = {problem["failure"]["kind"] for problem in problems}
        self.kind = kinds.pop() if len(kinds) == 1 else self.kind

    def as_result(self) -> dict[str, Any]:
        return {**super().as_result(), **self.results}


class MissingLibraryError(AtlasError):
    """A Python library is missing where the task runs."""

    def __init__(self, message: str, trace: str | None) -> None:
        super().__init__(message)
        self.trace = trace

    def as_result(self) -> dict[str, Any]:
        return {**super().as_result(), "exception": self.trace}


class AuthenticationError(AtlasError):
    """The credentials could not even be presented."""


class TransportError(AtlasError):
    """No usable answer came: refused, timed out, cut off, or not what Atlas says.

    Args:
        message: What was tried and what came of it.
        hint: The known cure.
        outcome_unknown: Whether a write may have taken effect.
        transient: Whether trying again later may help.
        cause: What came of it, without a word on what was tried.
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
    """Atlas answered with an error.

    Args:
        operation: What was tried, to follow "Could not".
        method: HTTP method.
        path: Path of the request.
        status: HTTP status of the answer.
        body: The decoded answer, empty where it was no JSON object.
        writes: Whether the request was to create, change or delete something.
        retry_after: Seconds after which Atlas wants to be asked again, where it says so.
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
        # The token endpoint speaks OAuth 2 (error, error_description), all others Atlas' own form.
        code = body.get("errorCode") or (body["error"] if isinstance(body.get("error"), str) else None)
        detail = body.get("detail") or body.get("error_description") or body.get("reason")
        said = ": ".join(str(shortened(part)) for part in (code, _with_fields(detail, body)) if part)
        message = f"Could not {operation}: Atlas answered HTTP {status}{' ' + said if said else ''}"
        # A 404 of Atlas has a code; one without comes from whatever answers in its place, and may pass.
        is_strange = status == 404 and code is None
        hint = _CURES_BY_CODE.get(str(code)) or (STRANGER_CURE if is_strange else _CURES_BY_STATUS.get(status))
        if hint is None and status >= 500:
            hint = _SERVER_ERROR_CURE
        project = "project_name" if "/byName/" in path else "project_id"
        super().__init__(
            message if message.endswith(".") else message + ".",
            hint and option_names.fill_in(hint, project=option_names.option(project), role=_role(method, path)),
            status=status,
            error_code=shortened(code),
            detail=shortened(detail),
            parameters=[shortened(one) for one in _list(body.get("parameters"))[:_MOST_PARAMETERS]],
            method=method,
            path=path,
        )
        self.status = status
        self.code = shortened(code)
        self.cause = f"HTTP {status} {self.code}"
        self.retry_after = retry_after
        self.transient = status in (408, 429) or status >= 500 or is_strange
        if writes and (status == 408 or status >= 500):
            self.leave_in_doubt()


def unreadable(operation: str, what: str, writes: bool = False, **details: Any) -> TransportError:
    """Return the error for a success that does not hold what Atlas would have sent.

    Args:
        operation: What was tried, to follow "Could not".
        what: What came instead.
        writes: Whether the request was to create, change or delete something.
        details: More of it, as data.
    """
    why = f"the answer ({shortened(what)}) is not the JSON that Atlas sends"
    cure = option_names.fill_in(STRANGER_CURE)
    return TransportError(f"Could not {operation}: {why}.", cure, outcome_unknown=writes, cause=why, **details)


def shortened(said: Any) -> Any:
    """Return what somebody else said as it is, or the beginning of it as a text if there is more than anybody reads."""
    text = str(said)
    return (
        said if len(text) <= _LONGEST_SAYING else f"{text[:_LONGEST_SAYING]} (and {len(text) - _LONGEST_SAYING} more)"
    )


def _role(method: str, path: str) -> str:
    """Return the role that a request needs."""
    return _ROLE_FOR_CONTAINERS if method != "GET" and "/containers" in path else _ROLE


def by_cause(errors: Iterable[AtlasError]) -> dict[str, list[AtlasError]]:
    """Return errors in groups of one cause each, in the order in which causes come first."""
    groups: dict[str, list[AtlasError]] = {}
    for error in errors:
        groups.setdefault(error.cause, []).append(error)
    return groups


def raise_all(problems: Sequence[AtlasError], so: str = "") -> None:
    """Raise what was found: one problem as it is, several in one message, which may say what comes of them."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        listed = " ".join(f"({number}) {problem}" for number, problem in enumerate(problems, start=1))
        of_input = all(isinstance(problem, InputError) for problem in problems)
        raise (InputError if of_input else PlanError)(
            f"{len(problems)} things stand in the way{so}: {listed}",
            problems=[problem.as_result() for problem in problems],
        )


def told(errors: Iterable[AtlasError]) -> str:
    """Tell every cause once, with the first error that it led to and the number of them."""
    groups = by_cause(errors).values()
    return " ".join(str(alike[0]) + (f" ({len(alike)} times)" if len(alike) > 1 else "") for alike in groups)


def _with_fields(detail: Any, body: Mapping[str, Any]) -> str | None:
    """Append the fields that Atlas found fault with, if it names any, to its detail."""
    more = body.get("badRequestDetail")
    fields = _list(more.get("fields")) if isinstance(more, dict) else []
    named = [f"{field.get('field')} {field.get('description')}" for field in fields if isinstance(field, dict)]
    return " ".join([str(detail or ""), f"({'; '.join(named)})" if named else ""]).strip() or None


def _list(value: Any) -> list[Any]:
    """Return a list as it is and anything else as an empty one: what answers is not always Atlas."""
    return value if isinstance(value, list) else []
