# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a wait that did not get there explains itself: in words, and as data."""

from __future__ import annotations

from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import Observation
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import TARGETS
from ansible_collections.atlasops.network.plugins.plugin_utils.wait_result import WaitResult
from support import samples
from support.samples import record

AVAILABLE = record("AWS", "AVAILABLE")
ACCEPTABLE = record("AWS", "PENDING_ACCEPTANCE", id="6112222b3bf99403840e8936", vpc_id="vpc-0aaaaaaaaaaaaaaaa")
GO_ON = "Nothing was changed: run the task again to continue waiting."


def ended_by(reason: str, *seen: Observation, until: str = "available", **more: Any) -> WaitResult:
    return WaitResult(reason, TARGETS[until], seen, **{"elapsed": 65.2, "polls": 9, **more})


def test_deadline_names_each_connection_and_its_next_action() -> None:
    seen = (Observation(AVAILABLE), Observation(ACCEPTABLE), Observation(record("GCP", "ADDING_PEER")))
    ended = ended_by("deadline", *seen, poll_error="Could not poll.")
    result = ended.as_error().as_result()
    assert result["msg"] == (
        "1 of 3 connections are available after 01:05; the time is up. "
        "[action required] AWS 123456789012/vpc-0aaaaaaaaaaaaaaaa: PENDING_ACCEPTANCE. Accept pcx-0f1e2d3c4b5a69788 in "
        "AWS account 123456789012, us-east-1, before it expires after 7 days. "
        "[pending] GCP my-project-191923/default: ADDING_PEER. "
        f"The last poll failed: Could not poll. {GO_ON}"
    )
    failure = result["failure"]
    assert (failure["kind"], failure["hint"]) == ("DeadlineError", GO_ON)
    assert [(one["connection"], one["phase"], one["failure"]["kind"]) for one in failure["problems"]] == [
        ("AWS 123456789012/vpc-0aaaaaaaaaaaaaaaa", "action_required", "DeadlineError"),
        ("GCP my-project-191923/default", "pending", "DeadlineError"),
    ]
    assert failure["problems"][0]["failure"]["hint"].startswith("Accept pcx-0f1e2d3c4b5a69788 in AWS account")
    assert failure["problems"][1]["msg"] == f"GCP my-project-191923/default is ADDING_PEER after 01:05. {GO_ON}"
    assert [one["failure"] and one["failure"]["kind"] for one in ended.peerings] == [None, *["DeadlineError"] * 2]


def test_state_error_names_each_connection_and_hint() -> None:
    rejected, absent = record("AWS", "FAILED", "REJECTED"), samples.parse_desired("GCP").absent
    seen = (
        Observation(rejected, cannot_reach=True),
        Observation(absent, cannot_reach=True),
        Observation(record("AZURE", "ADDING_PEER")),
    )
    ended = ended_by("failure", *seen, until="action_required")
    error = ended.as_error()
    assert error.message == (
        "0 of 3 connections are ready for the other side after 01:05; at least one never will be. "
        f"[failed] AWS 123456789012/vpc-0f1e2d3c4b5a69788: FAILED (REJECTED). {rejected['next_action']} "
        "[absent] GCP my-project-191923/default: absent. The project has no such connection: create it, "
        "or check the options that identify it. "
        "[pending] AZURE 8dec2d92-478d-bc50-cf99-d31b9e90a1c7/app-vnet: ADDING_PEER."
    )
    assert "resolve what is reported for each connection, then run the task again" in str(error)
    assert [problem["failure"] for problem in error.details["problems"]] == [
        {"kind": "StateError", "hint": rejected["next_action"]},
        {
            "kind": "StateError",
            "hint": "The project has no such connection: create it, or check the options that identify it.",
        },
    ]
    assert [bool(one["failure"]) for one in ended.peerings] == [True, True, False]


def test_error_of_several_connections_is_the_failure() -> None:
    """However many connections it befalls; what to do about it stands at the end, once."""
    lost = ApiError("poll", "GET", "/", 403, {})
    error = ended_by(
        "failure", Observation(AVAILABLE, lost), Observation(ACCEPTABLE, lost), Observation(ACCEPTABLE, lost)
    ).as_error()
    assert str(error) == (
        "1 of 3 connections are available after 01:05; the others could not be checked. "
        f"Could not poll: Atlas answered HTTP 403. (2 connections) {lost.hint} {GO_ON}"
    )
    failure = error.as_result()["failure"]
    assert (failure["kind"], failure["status"], len(failure["problems"])) == ("ApiError", 403, 2)


def test_several_errors_are_named_once_each() -> None:
    lost = [ApiError("poll", "GET", "/", status, {}) for status in (403, 404, 403)]
    error = ended_by("failure", *(Observation(ACCEPTABLE, one) for one in lost)).as_error()
    assert f"Could not poll: Atlas answered HTTP 403. {lost[0].hint} (2 connections)" in str(error)
    assert f"Could not poll: Atlas answered HTTP 404. {lost[1].hint} {GO_ON}" in str(error)
    assert str(error).count("HTTP 403") == 1


def test_interruption_is_the_failure() -> None:
    ended = ended_by("failure", Observation(ACCEPTABLE), interruption=AtlasError("It was stopped."))
    assert str(ended.as_error()) == "It was stopped."
    assert ended.peerings == [{**ACCEPTABLE, "failure": None}]


def test_check_mode_fails_only_if_connection_is_unreadable() -> None:
    """Not for what it sees, and it does not speak of time or of going on."""
    rejected = Observation(record("AWS", "FAILED", "REJECTED"), cannot_reach=True)
    assert not ended_by("check_mode", Observation(ACCEPTABLE), rejected).is_failure
    assert [one["failure"] for one in ended_by("check_mode", Observation(ACCEPTABLE)).peerings] == [None]
    lost = ApiError("poll", "GET", "/", 429, {})
    ended = ended_by("check_mode", Observation(AVAILABLE), Observation({**ACCEPTABLE, "phase": None}, lost), rejected)
    assert ended.is_failure
    result = ended.as_error().as_result()
    assert result["msg"].startswith(
        "1 of 3 connections are available after 01:05; not all connections could be checked. "
    )
    assert result["msg"].endswith("Could not poll: Atlas answered HTTP 429. Run the task again later.")
    assert (result["failure"]["kind"], result["failure"]["status"]) == ("ApiError", 429)
