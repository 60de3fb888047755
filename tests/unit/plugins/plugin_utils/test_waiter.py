# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of a wait: when it polls and why it stops."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired, Record
from ansible_collections.atlasops.network.plugins.plugin_utils import waiter
from support import samples
from support.samples import NAMES, PEER, record
from support.waits import (
    ABSENT,
    ACCEPTABLE,
    AVAILABLE,
    DELETING,
    FAILED,
    PENDING,
    TRANSIENT,
    MakeFleet,
    MakeWait,
    records,
    stop_answering,
    throttled,
)

REASONS = [
    ("available", [AVAILABLE], "reached"),
    ("available", [AVAILABLE, AVAILABLE], "reached"),
    ("available", [AVAILABLE, PENDING], "deadline"),
    ("available", [ACCEPTABLE], "deadline"),
    ("available", [PENDING], "deadline"),
    ("available", [FAILED], "failure"),
    ("available", [DELETING], "failure"),
    ("available", [ABSENT], "deadline"),
    ("available", [AVAILABLE, FAILED], "failure"),
    ("available", [PENDING, ABSENT], "deadline"),
    ("action_required", [ACCEPTABLE], "reached"),
    ("action_required", [AVAILABLE], "reached"),
    ("action_required", [ACCEPTABLE, AVAILABLE], "reached"),
    ("action_required", [PENDING], "deadline"),
    ("action_required", [FAILED], "failure"),
    ("action_required", [DELETING], "failure"),
    ("action_required", [ABSENT], "deadline"),
    ("absent", [ABSENT], "reached"),
    ("absent", [DELETING], "deadline"),
    ("absent", [AVAILABLE], "deadline"),
    ("absent", [PENDING], "deadline"),
    ("absent", [FAILED], "deadline"),
    ("absent", [record("AZURE", "FAILED", "Something.")], "deadline"),
    ("absent", [record("AZURE", "DELETION_FAILED", "Something.")], "failure"),
    ("absent", [ABSENT, DELETING], "deadline"),
    ("absent", [Desired(PEERING, samples.PROJECT, None, PEER, {}).absent, DELETING], "deadline"),
]


@pytest.mark.parametrize(("until", "seen", "reason"), REASONS)
def test_stop_reason_and_elapsed_by_target(wait: MakeWait, until: str, seen: list[Record], reason: str) -> None:
    result = wait(seen, until=until, timeout=30).wait.run()
    assert result.stop_reason == reason
    assert result.elapsed == (30 if reason == "deadline" else 0)
    assert records(result) == seen
    assert result.poll_error is None


@pytest.mark.parametrize("name", NAMES)
def test_until_available_waits_out_pending_statuses(wait: MakeWait, name: str) -> None:
    statuses = [status for status, _error in samples.statuses(name) if status != "AVAILABLE"]
    pending = [status for status in statuses if record(name, status)["phase"] in ("pending", "action_required")]
    scene = wait(*([record(name, status)] for status in pending), [record(name, "AVAILABLE")])
    result = scene.wait.run()
    assert (result.stop_reason, result.polls) == ("reached", len(pending) + 1)
    assert result.elapsed == len(pending) * 1.0
    assert records(result) == [record(name, "AVAILABLE")]


def test_failed_connection_ends_wait_at_once(wait: MakeWait) -> None:
    result = wait([PENDING, PENDING], [PENDING, PENDING], [PENDING, FAILED]).wait.run()
    assert (result.stop_reason, result.polls, result.elapsed) == ("failure", 3, 2.0)


@pytest.mark.parametrize(("timeout", "reason"), [(0, "reached"), (10, "reached")])
def test_met_target_is_reached_for_any_timeout(wait: MakeWait, timeout: float, reason: str) -> None:
    assert wait([AVAILABLE], timeout=timeout).wait.run().stop_reason == reason


def test_timeout_zero_polls_once(wait: MakeWait) -> None:
    result = wait([PENDING], timeout=0).wait.run()
    assert (result.stop_reason, result.polls, result.elapsed) == ("deadline", 1, 0)


def test_pauses_grow_with_elapsed_time_up_to_interval(wait: MakeWait) -> None:
    scene = wait([PENDING], timeout=300, interval=10)
    scene.wait.run()
    expected = [min(10, max(1, 0.05 * seen), 300 - seen) for seen in scene.polled_at[:-1]]
    assert scene.pauses == pytest.approx(expected)
    assert scene.pauses[:21] == pytest.approx([1.0] * 21)
    assert scene.pauses[21] == pytest.approx(1.05)
    assert max(scene.pauses) == pytest.approx(10)
    assert scene.polled_at[-1] == pytest.approx(300)


def test_interval_below_one_second_is_kept(wait: MakeWait) -> None:
    scene = wait([PENDING], timeout=1, interval=0.25)
    assert scene.wait.run().polls == 5
    assert scene.pauses == [0.25] * 4


def test_last_poll_is_at_deadline(wait: MakeWait) -> None:
    scene = wait([PENDING], timeout=2.5)
    scene.wait.run()
    assert scene.polled_at == [0, 1, 2, 2.5]


def test_pause_is_slept_in_pieces(wait: MakeWait) -> None:
    scene = wait([PENDING], timeout=1.2, interval=1.2)
    scene.wait.run()
    assert scene.clock.pauses == pytest.approx([0.5, 0.5, 0.2])


def test_end_of_parent_process_ends_pause(wait: MakeWait) -> None:
    scene = wait([PENDING])
    scene.clock.on_sleep = lambda: setattr(scene, "alive", scene.clock.now < 1005.5)
    result = scene.wait.run()
    assert scene.clock.now == 1005.5
    assert (result.stop_reason, records(result)) == ("failure", [PENDING])
    assert "Stopped waiting because the parent process exited." in str(result.as_error())


def test_on_first_pause_is_called_once_unless_first_poll_ends_wait(
    wait: MakeWait,
) -> None:
    for polls, times in [([AVAILABLE],), 0], [([PENDING], [PENDING], [AVAILABLE]), 1]:
        scene, calls = wait(*polls), []
        scene.wait._on_first_pause = lambda calls=calls: calls.append(1)
        assert scene.wait.run().stop_reason == "reached"
        assert len(calls) == times


def test_deadline_and_heartbeat_hold_while_atlas_does_not_answer(wait: MakeWait) -> None:
    scene = wait([PENDING], timeout=100, heartbeat=30)
    stop_answering(scene)
    result = scene.wait.run()
    assert (result.stop_reason, result.poll_error) == ("deadline", "Atlas did not answer in time.")
    assert 100 <= result.elapsed <= 102
    assert scene.printed[:4] == [f"{at}  0/1 available · 1 unknown" for at in ("00:30", "01:00", "01:30", "01:42")]


def test_poll_at_deadline_may_take_two_seconds(wait: MakeWait) -> None:
    scene = wait([PENDING], timeout=3)
    scene.clock.on_sleep = lambda: stop_answering(scene) if scene.clock.now >= 1003 else None
    result = scene.wait.run()
    assert (result.stop_reason, result.elapsed, records(result)) == ("deadline", 3 + waiter.LAST_POLL, [PENDING])


def test_end_of_parent_process_ends_poll(wait: MakeWait) -> None:
    scene = wait([PENDING])
    stop_answering(scene)
    scene.clock.on_sleep = lambda: setattr(scene, "alive", scene.clock.now < 1005.5)
    assert "parent process exited" in str(scene.wait.run().interruption)
    assert scene.clock.now == 1005.5


def test_abandoned_poll_does_not_change_result(wait: MakeWait) -> None:
    """The reason and the result are of one moment."""
    scene = wait([PENDING], timeout=0)
    stop_reason = scene.wait._stop_reason
    scene.wait._stop_reason = lambda elapsed: (stop_reason(elapsed), scene.wait._pollers[0]._note([AVAILABLE]))[0]
    result = scene.wait.run()
    assert (result.stop_reason, records(result)) == ("deadline", [PENDING])


def test_records_are_in_order_of_connections(fleet: MakeFleet) -> None:
    """Number 0 is the last project's."""
    scene = fleet([[AVAILABLE]], [[PENDING], [FAILED]])
    result = scene.wait.run()
    assert (result.stop_reason, records(result)) == ("failure", [FAILED, AVAILABLE])


def test_finished_project_is_not_polled_again(fleet: MakeFleet) -> None:
    scene = fleet([[AVAILABLE]], [[PENDING], [PENDING], [AVAILABLE]])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.seen == [[0], [0, 1, 2]]


def test_long_poll_continues_with_remaining_projects(clock: Any, fleet: MakeFleet) -> None:
    """Each project takes twenty seconds here, so that one poll has time for two of five."""
    scene = fleet(*([[PENDING]] for _number in range(5)))
    for one in scene.wait._pollers:
        find = one._find
        one._find = lambda find=find: (setattr(clock, "now", clock.now + 20), find())[1]
    assert scene.wait.run().polls == 1
    assert [len(seen) for seen in scene.seen] == [1, 1, 0, 0, 0]
    scene.wait._poll()
    assert [len(seen) for seen in scene.seen] == [1, 1, 1, 1, 0]
    scene.wait._poll()
    assert [len(seen) for seen in scene.seen] == [2, 1, 1, 1, 1]


def test_check_mode_polls_once_and_does_not_fail_for_any_phase(wait: MakeWait) -> None:
    for seen in (PENDING, FAILED, ABSENT, AVAILABLE):
        result = wait([seen], once=True).wait.run()
        assert (result.stop_reason, result.polls, result.is_failure) == ("check_mode", 1, False)
        assert records(result) == [seen]


@pytest.mark.parametrize("error", [throttled(5), throttled(None), TRANSIENT, AtlasError("Could not poll: no.")])
def test_check_mode_fails_for_any_error(wait: MakeWait, error: AtlasError) -> None:
    """Even for a transient one."""
    scene = wait(error, once=True, startup_timeout=100)
    result = scene.wait.run()
    assert (result.stop_reason, result.polls, result.is_failure) == ("check_mode", 1, True)
    assert error.message in result.as_error().message
    assert scene.printed == [f"00:00  {error.message}", "00:00  0/1 available · 1 unknown"]


def test_check_mode_fails_without_response(wait: MakeWait) -> None:
    scene = wait([PENDING], once=True, timeout=10)
    stop_answering(scene)
    result = scene.wait.run()
    assert (result.stop_reason, result.is_failure, result.elapsed) == ("check_mode", True, 10 + waiter.LAST_POLL)
    error = result.as_error()
    assert (error.kind, error.hint) == ("TransportError", "Raise wait_timeout, or try again later.")
    assert error.message.count("Atlas did not answer in time.") == 1


def test_check_mode_polls_every_project_for_any_duration(clock: Any, fleet: MakeFleet) -> None:
    scene = fleet(*([[PENDING]] for _number in range(5)))
    scene.wait._options = replace(scene.wait._options, once=True, timeout=1000)
    for one in scene.wait._pollers:
        find = one._find
        one._find = lambda find=find: (setattr(clock, "now", clock.now + 20), find())[1]
    assert not scene.wait.run().is_failure
    assert [len(seen) for seen in scene.seen] == [1] * 5
