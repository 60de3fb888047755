# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One project during a wait: states that may still change, transient and final errors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError
from support.waits import (
    ABSENT,
    AVAILABLE,
    PENDING,
    TRANSIENT,
    MakeFleet,
    MakeWait,
    records,
    refused,
    throttled,
)


@pytest.mark.parametrize("until", ["available", "action_required"])
def test_connection_never_seen_may_appear_within_a_minute(wait: MakeWait, until: str) -> None:
    """A list may lag behind a creation."""
    result = wait([ABSENT, PENDING], until=until).wait.run()
    assert (result.stop_reason, [one.cannot_reach for one in result.observations]) == ("failure", [True, False])
    assert 60 <= result.elapsed < 64
    result = wait([ABSENT], [ABSENT], [PENDING], [AVAILABLE], until=until).wait.run()
    assert (result.stop_reason, result.elapsed) == ("reached", 3)


def test_minute_to_appear_begins_with_first_successful_poll(wait: MakeWait) -> None:
    result = wait(*[TRANSIENT] * 20, [ABSENT], startup_timeout=100).wait.run()
    assert result.stop_reason == "failure"
    assert 80 <= result.elapsed < 85


def test_connection_that_disappears_ends_wait(wait: MakeWait) -> None:
    result = wait([PENDING], [PENDING], [ABSENT]).wait.run()
    assert (result.stop_reason, result.elapsed) == ("failure", 2)


def test_error_at_deadline_is_in_result(wait: MakeWait) -> None:
    result = wait([PENDING], TRANSIENT, timeout=5).wait.run()
    assert (result.stop_reason, result.poll_error) == ("deadline", "Could not poll: no answer came in time.")
    assert records(result) == [PENDING]


def test_transient_error_of_first_poll_is_final_without_startup_timeout(
    wait: MakeWait,
) -> None:
    scene = wait(TRANSIENT, [AVAILABLE])
    result = scene.wait.run()
    assert [(one.error, one.record["phase"]) for one in result.observations] == [(TRANSIENT, None)]
    assert scene.printed == [f"00:00  {TRANSIENT.message}", "00:00  0/1 available · 1 unknown"]


def test_transient_error_of_first_poll_is_retried_within_startup_timeout(
    wait: MakeWait,
) -> None:
    scene = wait(TRANSIENT, TRANSIENT, TRANSIENT, [AVAILABLE], startup_timeout=2.5)
    assert scene.wait.run().stop_reason == "reached"
    assert scene.printed == [
        "00:00  Could not poll: no answer came in time. Retrying.",
        "00:00  0/1 available · 1 unknown",
        "00:03  1/1 available",
    ]
    scene = wait(TRANSIENT, startup_timeout=2.5)
    assert scene.wait.run().stop_reason == "failure"
    assert scene.polled_at[-1] - scene.polled_at[0] == 3


def test_final_error_ends_wait(wait: MakeWait) -> None:
    final = AtlasError("Could not poll: forbidden.")
    result = wait([PENDING], final, [AVAILABLE]).wait.run()
    assert (result.stop_reason, result.elapsed) == ("failure", 1)
    assert [(one.record, one.error) for one in result.observations] == [(PENDING, final)]


def test_only_throttled_project_is_paused(fleet: MakeFleet) -> None:
    scene = fleet([[PENDING], throttled(5), [PENDING], [AVAILABLE]], [[PENDING]] * 8 + [[AVAILABLE]])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.seen == [[0, 1, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7, 8]]
    assert sum("RATE_LIMITED_TOKEN_BUCKET. Retrying." in line for line in scene.printed) == 1


def test_throttled_project_without_retry_after_is_polled_again(fleet: MakeFleet) -> None:
    scene = fleet([throttled(None), [AVAILABLE]])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.seen == [[0, 1]]


def test_project_throttled_from_first_poll_is_unknown(fleet: MakeFleet) -> None:
    scene = fleet([throttled(100)], [[AVAILABLE]])
    result = scene.wait.run()
    assert (result.stop_reason, [one["phase"] for one in records(result)]) == ("deadline", ["available", None])
    assert "HTTP 429 RATE_LIMITED_TOKEN_BUCKET" in str(result.poll_error)


def test_credentials_that_worked_may_be_rejected_twice(wait: MakeWait) -> None:
    """A token that others revoked is replaced, but not at once if it replaced another."""
    scene = wait([PENDING], refused(), refused(), [PENDING], refused(), [AVAILABLE])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.pauses[:3] == pytest.approx([1, 30, 30], abs=3)


def test_credentials_rejected_three_times_end_wait(wait: MakeWait) -> None:
    scene = wait([PENDING], refused())
    result = scene.wait.run()
    assert (result.stop_reason, result.polls > 3, scene.polls) == ("failure", True, [scene.polls[0]])
    assert len(scene.polled_at) == 4
    assert "Check the credentials" in str(result.as_error())


def test_credentials_that_never_worked_end_wait_at_once(wait: MakeWait) -> None:
    result = wait(refused()).wait.run()
    assert (result.stop_reason, result.elapsed) == ("failure", 0)
    assert "Check the credentials" in str(result.as_error())


def test_hint_of_credentials_rejected_later(clock: Any, wait: MakeWait) -> None:
    scene = wait([PENDING], refused())
    scene.wait._pollers[0]._hint_if_refused = "It lives for an hour."
    error = scene.wait.run().as_error()
    assert error.hint == "It lives for an hour. Nothing was changed: run the task again to continue waiting."
    assert error.details["problems"][0]["failure"]["hint"] == "It lives for an hour."


def test_project_with_final_error_does_not_end_wait_for_others(fleet: MakeFleet) -> None:
    forbidden = [ApiError(f"list {number}", "GET", "/", 403, {"errorCode": "USER_UNAUTHORIZED"}) for number in (0, 1)]
    gone = ApiError("list 2", "GET", "/", 404, {"errorCode": "GROUP_NOT_FOUND"})
    scene = fleet([[PENDING], forbidden[0]], [[PENDING], forbidden[1]], [gone], [[PENDING]] * 5 + [[AVAILABLE]])
    result = scene.wait.run()
    assert (result.stop_reason, result.elapsed) == ("failure", 5)
    assert [len(seen) for seen in scene.seen] == [2, 2, 1, 6]
    assert [line for line in scene.printed if "Still waiting" in line] == [
        "00:00  Could not list 2: Atlas answered HTTP 404 GROUP_NOT_FOUND. Still waiting for the others.",
        "00:01  Could not list 0: Atlas answered HTTP 403 USER_UNAUTHORIZED. The same for 1 more. "
        "Still waiting for the others.",
    ]
    error = result.as_error()
    assert error.message.startswith("1 of 4 connections are available after 00:05; the others could not be checked")
    for code in ("USER_UNAUTHORIZED", "GROUP_NOT_FOUND"):
        assert error.message.count(code) == 1
    assert [(one["phase"], (one["failure"] or {}).get("status")) for one in result.peerings] == [
        ("available", None),
        (None, 404),
        ("pending", 403),
        ("pending", 403),
    ]
    assert result.peerings[1]["error"] == "Could not list 2: Atlas answered HTTP 404 GROUP_NOT_FOUND."


def test_last_state_of_project_with_final_error_is_ignored(fleet: MakeFleet) -> None:
    """Not there yet, and then out of sight, is no reason to end the wait for others when its minute is over."""
    lost = ApiError("list", "GET", "/", 403, {})
    scene = fleet([[ABSENT], lost], [[PENDING]])
    scene.wait._options = replace(scene.wait._options, timeout=100)
    assert (scene.wait.run().stop_reason, scene.seen[1][-1]) == ("deadline", 100)


def test_ambiguous_connection_does_not_end_wait_for_others(wait: MakeWait) -> None:
    """It is certain to fail, as one of a lost project is; the others are carried to their end."""
    several = PlanError("2 peering connections match.", "Set container_id.")
    scene = wait([PENDING, PENDING], *[[PENDING, several]] * 3, [AVAILABLE, several])
    result = scene.wait.run()
    assert (result.stop_reason, result.elapsed) == ("failure", 4)
    assert "00:01  2 peering connections match. Still waiting for the others." in scene.printed
    error = result.as_error()
    assert str(error) == (
        "1 of 2 connections are available after 00:04; the others could not be checked. "
        "2 peering connections match. Set container_id. Nothing was changed: run the task again to continue waiting."
    )
    assert (error.kind, [problem["failure"]["kind"] for problem in error.details["problems"]]) == (
        "PlanError",
        ["PlanError"],
    )
    assert [bool(one["failure"]) for one in result.peerings] == [False, True]


def test_connection_no_longer_ambiguous_is_waited_for(wait: MakeWait) -> None:
    """Because the other one was deleted, say."""
    several = PlanError("2 peering connections match.", "Set container_id.")
    assert (
        wait([PENDING] * 2, [several, PENDING], [AVAILABLE, PENDING], [AVAILABLE] * 2).wait.run().stop_reason
        == "reached"
    )
