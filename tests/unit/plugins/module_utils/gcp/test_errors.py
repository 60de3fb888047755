# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the Compute API: one sentence each, with what to do about it."""

from __future__ import annotations

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.gcp.errors import api_error, operation_error

OVERLAP = "An IP range in the peer network (10.0.0.0/20) overlaps with an IP range in the local network (10.0.0.0/16)."


def body(message, reason):
    return {"error": {"code": 400, "message": message, "errors": [{"message": message, "reason": reason}]}}


@pytest.mark.parametrize(
    ("status", "reason", "message", "writes", "cure"),
    [
        (403, "forbidden", "Required 'compute.networks.get' permission for 'n'", False, "roles/compute.networkViewer"),
        (403, "forbidden", "Required 'compute.networks.addPeering' permission", True, "roles/compute.networkAdmin"),
        (403, "accessNotConfigured", "Compute Engine API has not been used", False, "gcloud services enable compute"),
        (403, "SERVICE_DISABLED", "It is disabled", False, "--project=my-project"),
        (403, "quotaExceeded", "Quota 'PEERINGS_PER_NETWORK' exceeded", True, "a higher quota in project my-project"),
        (403, "rateLimitExceeded", "Quota exceeded for quota metric", True, "Run the task again later."),
        (401, "authError", "Invalid credentials", False, "an access token is valid for one hour"),
        (404, "notFound", "The resource 'projects/my-project' was not found", False, "Check project, and whether"),
        (404, "notFound", "The resource 'projects/p/global/networks/n' was not found", True, "Check network and"),
        (400, "invalid", OVERLAP, True, "another atlas_cidr_block"),
        (400, "badRequest", "There is a peering operation in progress on the local", True, "raise wait_timeout"),
        (503, "backendError", "Try later", True, "run the task again"),
    ],
)
def test_known_errors_have_a_hint(status, reason, message, writes, cure):
    error = api_error("create peering x", "my-project", status, body(message, reason), writes)
    assert str(error).startswith(f"Could not create peering x: Google answered HTTP {status} {reason}: {message}")
    assert cure in str(error.hint)
    assert error.as_result()["failure"]["error_code"] == reason
    ended = {"error": {"errors": [{"code": reason, "message": message}]}, "httpErrorStatusCode": status}
    assert message in str(operation_error("create peering x", "my-project", ended))


@pytest.mark.parametrize(
    ("status", "reason", "message", "transient"),
    [
        (400, "badRequest", "There is a peering operation in progress on the local or peer network.", True),
        (403, "rateLimitExceeded", "Slow down", True),
        (429, "", "", True),
        (500, "", "", True),
        (403, "forbidden", "No", False),
        (400, "invalid", OVERLAP, False),
    ],
)
def test_api_error_transient_by_status_and_reason(status, reason, message, transient):
    assert api_error("x", "my-project", status, body(message, reason)).transient is transient


@pytest.mark.parametrize("odd", [None, [], "<html>", {}, {"error": "no"}, {"error": {"errors": [1]}}])
def test_api_error_with_malformed_body(odd):
    error = api_error("read it", "my-project", 418, odd)
    assert error.message == "Could not read it: Google answered HTTP 418."
    assert "whether a proxy or login page answers in place of Google" in str(error.hint)


@pytest.mark.parametrize("odd", [{"error": "no"}, {"error": {"errors": []}}, {"error": {"errors": ["no"]}}])
def test_operation_with_malformed_error_fails(odd):
    assert "HTTP 400" in str(operation_error("do it", "my-project", odd))


def test_operation_without_error_is_none():
    assert operation_error("do it", "my-project", {"status": "DONE"}) is None


@pytest.mark.parametrize(("status", "writes", "doubt"), [(503, True, True), (503, False, False), (403, True, False)])
def test_failed_write_outcome_unknown(status, writes, doubt):
    error = api_error("do it", "my-project", status, body("No", "no"), writes)
    assert (error.outcome_unknown, error.as_result()["changed"]) == (doubt, doubt)
