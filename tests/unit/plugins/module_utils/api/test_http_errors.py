# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of HTTP: one sentence for people, the same as data for playbooks, and a hint if one is known."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.api import http_errors
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import (
    ApiError,
    TransportError,
    unreadable,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    option,
    option_name_scope,
)
from simulator.errors import ERRORS

PATH = "/api/atlas/v2/groups/64a1f0c35b7e2d4198c3e001/peers"


def api_error(status: int = 400, method: str = "GET", **body: Any) -> ApiError:
    return ApiError("list the peers", method, PATH, status, body)


def test_api_error_message_and_result() -> None:
    detail = "An invalid cloud provider container ID 64 was specified."
    code = "CLOUD_PROVIDER_CONTAINER_NOT_FOUND"
    error = api_error(404, "POST", errorCode=code, detail=detail, parameters=["64"], error=404, reason="Not Found")
    hint = http_errors._HINTS_BY_CODE[code]
    assert error.as_result() == {
        "msg": f"Could not list the peers: Atlas answered HTTP 404 {code}: {detail} {hint}",
        "failure": {
            "kind": "ApiError",
            "hint": hint,
            "status": 404,
            "error_code": code,
            "detail": detail,
            "parameters": ["64"],
            "method": "POST",
            "path": PATH,
        },
        "changed": False,
    }


SENTENCES = [
    ({}, "Could not list the peers: Atlas answered HTTP 418."),
    ({"errorCode": "X"}, "Could not list the peers: Atlas answered HTTP 418 X."),
    ({"detail": "No."}, "Could not list the peers: Atlas answered HTTP 418 No."),
    ({"reason": "Teapot"}, "Could not list the peers: Atlas answered HTTP 418 Teapot."),
    (
        {"errorCode": "X", "detail": "No.", "reason": "Teapot"},
        "Could not list the peers: Atlas answered HTTP 418 X: No.",
    ),
    ({"error": 418, "detail": "No."}, "Could not list the peers: Atlas answered HTTP 418 No."),
    (
        {"error": "invalid_request", "error_description": "Wrong"},
        "Could not list the peers: Atlas answered HTTP 418 invalid_request: Wrong.",
    ),
    (
        {
            "errorCode": "VALIDATION",
            "detail": "Invalid.",
            "badRequestDetail": {
                "fields": [{"field": "vpcId", "description": "is odd"}, {"field": "id", "description": "is even"}]
            },
        },
        "Could not list the peers: Atlas answered HTTP 418 VALIDATION: Invalid. (vpcId is odd; id is even).",
    ),
    (
        {"badRequestDetail": {"fields": [{"field": "vpcId", "description": "is odd"}]}},
        "Could not list the peers: Atlas answered HTTP 418 (vpcId is odd).",
    ),
    ({"detail": "No.", "badRequestDetail": {"fields": []}}, "Could not list the peers: Atlas answered HTTP 418 No."),
    ({"detail": "No.", "badRequestDetail": None}, "Could not list the peers: Atlas answered HTTP 418 No."),
]


@pytest.mark.parametrize(("body", "sentence"), SENTENCES)
def test_api_error_quotes_atlas_detail(body: dict[str, Any], sentence: str) -> None:
    assert api_error(418, **body).message == sentence


@pytest.mark.parametrize(("code", "hint"), [(None, "whether a proxy or login page answers"), ("TEAPOT", "None")])
@pytest.mark.parametrize("status", [400, 405, 409, 418])
def test_refusal_without_code_is_not_of_atlas(status: int, code: str | None, hint: str) -> None:
    """Every refusal of Atlas has one."""
    assert hint in str(api_error(status, **({"errorCode": code} if code else {})).hint)


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, None), ({"error": 418}, None), ({"error": "x"}, "x"), ({"errorCode": "X", "error": "x"}, "X")],
)
def test_api_error_code_of_atlas_takes_precedence_over_oauth(body: dict[str, Any], code: str | None) -> None:
    error = api_error(418, **body)
    assert (error.code, error.details["error_code"]) == (code, code)


HINTS = [
    (403, {"errorCode": "IP_ADDRESS_NOT_ON_ACCESS_LIST"}, "API access list"),
    (401, {"errorCode": "NOT_IN_GROUP"}, "Add the API key or service account to the project"),
    (401, {"errorCode": "UNEXPECTED_ERROR"}, "Check the credentials, and that base_url names the Atlas they belong to"),
    (401, {"errorCode": "UNEXPECTED_ERROR"}, "https://cloud.mongodbgov.com"),
    (401, {"error": "invalid_client"}, "Check client_id and client_secret"),
    (403, {"error": "access_denied"}, "at most 100"),
    (403, {"errorCode": "SOMETHING_NEW"}, "Project Network Access Manager"),
    (404, {"errorCode": "SOMETHING_NEW"}, "Check project_id and base_url."),
    (404, {}, "whether a proxy or login page answers in place of Atlas"),
    (407, {}, "proxy's environment variable"),
    (429, {}, "Run the task again later."),
    (429, {"errorCode": "RATE_LIMITED_TOKEN_BUCKET"}, "raise retry_timeout"),
    (409, {"errorCode": "NO_CAPACITY"}, "Choose another region for the container, or run the task again later."),
    (409, {"errorCode": "OVERLAPPING_CIDR_BLOCK"}, "Choose a route_table_cidr_block"),
    (500, {}, "it continues where it stopped"),
    (503, {"errorCode": "UNEXPECTED_ERROR"}, "it continues where it stopped"),
    (503, {"errorCode": "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES"}, "when the upgrade of Atlas has finished"),
]


@pytest.mark.parametrize(("status", "body", "cure"), HINTS)
def test_known_errors_have_their_hint(status: int, body: dict[str, Any], cure: str) -> None:
    error = api_error(status, **body)
    assert cure in str(error.hint)
    assert str(error) == f"{error.message} {error.hint}"


LESSER, OWNER = "Project Network Access Manager (Project Read Only to read)", "Project Owner"


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("POST", "groups/1/containers", OWNER),
        ("PATCH", "groups/1/containers/2", OWNER),
        ("DELETE", "groups/1/containers/2", OWNER),
        ("GET", "groups/1/containers", LESSER),
        ("GET", "groups/1/peers", LESSER),
        ("POST", "groups/1/peers", LESSER),
        ("DELETE", "groups/1/peers/2", LESSER),
    ],
)
@pytest.mark.parametrize(("status", "code"), [(403, "ACCESS_FORBIDDEN"), (401, "USER_UNAUTHORIZED")])
def test_missing_permission_hint_names_the_role(method: str, path: str, role: str, status: int, code: str) -> None:
    error = ApiError("do it", method, path, status, {"errorCode": code})
    assert str(error.hint).startswith(f"Give the API key or service account the role {role}")


@pytest.mark.parametrize("status", [400, 409, 418, 499])
def test_unknown_errors_have_no_hint(status: int) -> None:
    assert api_error(status, errorCode="SOMETHING_NEW").hint is None


def test_hints_are_for_error_codes_of_simulator() -> None:
    """What the simulator does not answer has to be written down here; a code that is misspelt is in neither place."""
    beyond = {
        "AZURE_CUSTOMER_NETWORK_UNREACHABLE",
        "CROSS_REGION_NETWORK_PERMISSIONS_LIMIT_EXCEEDED",
        "INVALID_GROUP_ID",
        "ORG_REQUIRES_ACCESS_LIST",
        "ORG_REQUIRES_WHITELIST",
        "REGION_UNAVAILABLE",
        "RESOURCE_REQUIRES_WHITELIST",
        "VERSION_GONE",
        "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",
        "access_denied",
        "invalid_client",
    }
    assert set(http_errors._HINTS_BY_CODE) - set(ERRORS) == beyond


@pytest.mark.parametrize("table", [http_errors._HINTS_BY_CODE, http_errors._HINTS_BY_STATUS])
def test_hints_are_sentences(table: dict[Any, str]) -> None:
    assert not [cure for cure in table.values() if not (cure[0].isupper() and cure.endswith("."))]


@pytest.mark.parametrize(
    ("status", "writes", "unknown"),
    [(500, True, True), (503, True, True), (499, True, False), (429, True, False), (500, False, False)],
)
def test_failed_write_outcome_unknown(status: int, writes: bool, unknown: bool) -> None:
    error = ApiError("do it", "DELETE", PATH, status, {}, writes)
    assert (error.outcome_unknown, error.as_result()["changed"]) == (unknown, unknown)
    assert ("Whether it took effect is unknown" in str(error)) is unknown
    assert ApiError("do it", "POST", PATH, status, {}).outcome_unknown is False


@pytest.mark.parametrize(
    ("status", "transient"),
    [(429, True), (500, True), (503, True), (520, True), (408, True), (400, False), (401, False), (499, False)],
)
def test_api_error_transient_by_status(status: int, transient: bool) -> None:
    assert api_error(status).transient is transient


def test_api_error_404_without_code_is_transient() -> None:
    assert api_error(404).transient is True
    assert api_error(404, errorCode="GROUP_NOT_FOUND").transient is False


def test_transport_error_of_lost_write_has_unknown_outcome() -> None:
    error = TransportError("Broken.", "Check it.", outcome_unknown=True, method="POST")
    unknown = "Whether it took effect is unknown: run the task again, which finds what exists."
    assert error.hint == f"Check it. {unknown}"
    failure = {"kind": "TransportError", "hint": error.hint, "outcome_unknown": True, "method": "POST"}
    assert error.as_result() == {"msg": str(error), "failure": failure, "changed": True}
    assert (error.outcome_unknown, error.transient) == (True, True)
    assert TransportError("Broken.", None, outcome_unknown=True).hint == unknown


def test_transport_error_of_unsent_request_has_known_outcome() -> None:
    error = TransportError("Broken.", "Check it.", outcome_unknown=False, transient=False)
    assert (error.hint, error.outcome_unknown, error.transient) == ("Check it.", False, False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["fields", "field", "x"]), inner),
    max_leaves=4,
)


KEYS = st.sampled_from(
    ["errorCode", "detail", "reason", "error", "error_description", "parameters", "badRequestDetail"]
)


@given(st.integers(400, 599), st.dictionaries(KEYS, JSON))
def test_any_body_makes_an_api_error(status: int, body: dict[str, Any]) -> None:
    error = api_error(status, **body)
    assert str(error).startswith(f"Could not list the peers: Atlas answered HTTP {status}")
    assert isinstance(error.details["parameters"], list)


NAMES = {"project_id": "role_project_id", "project_name": "role_project_name"}


def missing_project(path: str) -> ApiError:
    body = {"errorCode": "GROUP_NOT_FOUND", "detail": "No group project_id {project_id} {0}."}
    return ApiError("look", "GET", path, 404, body)


def test_option_name_scope_renames_options_in_all_threads() -> None:
    with option_name_scope(NAMES), ThreadPoolExecutor() as threads:
        assert threads.submit(option, "project_id").result() == "role_project_id"
        assert "Check role_project_id, and that base_url names" in str(missing_project("groups/1/peers").hint)
    assert "Check project_id, and" in str(missing_project("groups/1/peers").hint)


def test_group_not_found_by_name_hint_names_project_name() -> None:
    assert "Check project_name, and that base_url" in str(missing_project("groups/byName/shop").hint)
    with option_name_scope(NAMES):
        assert "Check role_project_name, and that base_url" in str(missing_project("groups/byName/shop").hint)


def test_error_detail_is_not_treated_as_template() -> None:
    with option_name_scope(NAMES):
        assert "No group project_id {project_id} {0}." in missing_project("groups/1").message


@pytest.mark.parametrize(("status", "in_doubt"), [(400, False), (408, True), (409, False), (499, False), (500, True)])
def test_outcome_of_a_write_is_in_doubt_if_atlas_may_have_acted(status: int, in_doubt: bool) -> None:
    assert ApiError("do it", "POST", "/", status, {"errorCode": "X"}, writes=True).outcome_unknown is in_doubt
    assert ApiError("do it", "GET", "/", status, {"errorCode": "X"}).outcome_unknown is False


@pytest.mark.parametrize("status", [500, 599])
def test_server_error_without_a_code_is_a_problem_of_atlas(status: int) -> None:
    for body in ({}, {"errorCode": "NEVER_HEARD_OF"}):
        error = ApiError("look", "GET", "/", status, body)
        assert str(error.hint).startswith("Atlas has a problem, or a proxy answers in its place.")
        assert error.transient is True


def test_errors_with_one_cause_are_alike() -> None:
    errors = [ApiError(f"look at {one}", "GET", "/", 409, {"errorCode": "X"}) for one in "ab"]
    assert {error.cause for error in errors} == {"HTTP 409 X"}
    answers = [unreadable(f"look at {one}", "no id in it") for one in "ab"]
    assert {error.cause for error in answers} == {"the answer (no id in it) is not the JSON that Atlas sends"}
    assert TransportError("No answer.", None, False).cause == "No answer."


def test_parameters_and_fields_that_are_strange_are_left_out() -> None:
    fields = {"fields": ["odd", {"field": "vpcId", "description": "is odd"}]}
    error = ApiError("look", "GET", "/", 400, {"parameters": list(range(30)), "badRequestDetail": fields})
    assert error.details["parameters"] == list(range(20))
    assert error.message == "Could not look: Atlas answered HTTP 400 (vpcId is odd)."
