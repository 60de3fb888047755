# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Errors of the Compute API, each with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, shortened

#: Google allows one peering operation at a time on a network and the network that it is peered with (VPC
#: documentation, "Set up and manage VPC Network Peering").
_IN_PROGRESS = "operation in progress"
#: Hint if something other than Google seems to respond.
NOT_GOOGLE_HINT = "Check base_url, and whether a proxy or login page answers in place of Google."
_RATE_REASONS = ("ratelimitexceeded", "userratelimitexceeded")


class ComputeApiError(AtlasError):
    """The Compute API answered with an error, or an operation ended with one.

    Args:
        operation: What was tried, to follow "Could not".
        project: The GCP project, which hints name.
        status: HTTP status.
        reason: Google's word for the error: ``forbidden``, ``QUOTA_EXCEEDED``.
        text: Google's sentence about it.
        writes: Whether the request was to create, change or delete something.
    """

    def __init__(self, operation: str, project: str, status: int, reason: str, text: str, writes: bool = False) -> None:
        said = ": ".join(str(shortened(part)) for part in (reason, text) if part)
        message = f"Could not {operation}: Google answered HTTP {status}{' ' + said if said else ''}"
        self.status, self.reason, self.text, self.writes = status, reason, text, writes
        hint = next((words for applies, words in _HINTS if applies(self)), None)
        super().__init__(
            message if message.endswith(".") else message + ".",
            hint and hint.format(project=project),
            status=status,
            error_code=shortened(reason) or None,
            detail=shortened(text) or None,
        )
        self.cause = f"HTTP {status} {reason}"
        self.transient = self.is_conflict or self.is_rate_limit or status in (408, 429) or status >= 500
        if writes and (status == 408 or status >= 500):
            self.leave_in_doubt()

    @property
    def is_conflict(self) -> bool:
        """Whether another operation on one of the two networks has to end first."""
        return _IN_PROGRESS in self.text.lower()

    @property
    def is_rate_limit(self) -> bool:
        return self.reason.lower() in _RATE_REASONS

    @property
    def is_quota(self) -> bool:
        return "quota" in f"{self.reason} {self.text}".lower() and not self.is_rate_limit

    @property
    def is_disabled_api(self) -> bool:
        return self.reason in ("accessNotConfigured", "SERVICE_DISABLED") or "has not been used in" in self.text

    @property
    def is_missing_network(self) -> bool:
        """Whether there is no such network, in a project that there is."""
        return self.status == 404 and "/global/networks/" in self.text

    @property
    def is_read_refusal(self) -> bool:
        return self.status == 403 and not self.writes


_HINTS: tuple[tuple[Callable[[ComputeApiError], bool], str], ...] = (
    (
        lambda error: error.is_conflict,
        "Another peering operation on one of the two networks goes on for longer than wait_timeout. Run the task again "
        "later, or raise wait_timeout.",
    ),
    (lambda error: error.is_rate_limit or error.status in (408, 429), "Run the task again later."),
    (
        lambda error: error.is_disabled_api,
        "Enable the API: gcloud services enable compute.googleapis.com --project={project}",
    ),
    (
        lambda error: "overlap" in error.text.lower(),
        "The ranges of two peered networks cannot overlap: choose a network with other ranges, or an Atlas container "
        "with another atlas_cidr_block.",
    ),
    (
        lambda error: error.is_quota,
        "Delete peerings of the network that are no longer used, or ask Google for a higher quota in project "
        "{project}.",
    ),
    (
        lambda error: error.is_read_refusal,
        "Grant the credentials the role Compute Network Viewer (roles/compute.networkViewer), or Compute Network Admin "
        "(roles/compute.networkAdmin) to change peerings, in project {project}.",
    ),
    (
        lambda error: error.status == 403,
        "Grant the credentials the role Compute Network Admin (roles/compute.networkAdmin) in project {project}.",
    ),
    (
        lambda error: error.status == 401,
        "Check the credentials: an access token is valid for one hour.",
    ),
    (lambda error: error.is_missing_network, "Check network and project."),
    (lambda error: error.status == 404, "Check project, and whether the credentials may see it."),
    (lambda error: error.status >= 500, "Google has a problem: run the task again."),
    (lambda error: not error.reason and not error.text, NOT_GOOGLE_HINT),
)


def api_error(operation: str, project: str, status: int, body: Any, writes: bool = False) -> ComputeApiError:
    """Return the error of a response: ``{"error": {"code": 403, "message": …, "errors": [{"reason": …}]}}``."""
    error = body.get("error") if isinstance(body, Mapping) else None
    error = error if isinstance(error, Mapping) else {}
    reasons = error.get("errors")
    first = reasons[0] if isinstance(reasons, list) and reasons and isinstance(reasons[0], Mapping) else {}
    reason = first.get("reason") or error.get("status") or ""
    return ComputeApiError(operation, project, status, str(reason), str(error.get("message") or ""), writes)


def operation_error(operation: str, project: str, answer: Mapping[str, Any]) -> ComputeApiError | None:
    """Return the error that an operation ended with, if any: ``{"error": {"errors": [{"code": …, "message": …}]}}``."""
    error = answer.get("error")
    if not error:
        return None
    errors = error.get("errors") if isinstance(error, Mapping) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], Mapping) else {}
    status = answer.get("httpErrorStatusCode")
    code = str(first.get("code") or answer.get("httpErrorMessage") or "")
    return ComputeApiError(
        operation, project, status if isinstance(status, int) else 400, code, str(first.get("message") or "")
    )
