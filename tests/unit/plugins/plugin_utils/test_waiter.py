# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait: when it polls, what it prints, and why it stops; on a clock that only its own pauses move on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Callable, Union

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import Desired
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.plugin_utils import progress_reporter, project_poller, waiter
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import Finding, ProjectPoller
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import TARGETS
from ansible_collections.atlasops.network.plugins.plugin_utils.wait_result import WaitResult
from ansible_collections.atlasops.network.plugins.plugin_utils.waiter import Waiter, WaitOptions
from support import samples
from support.samples import NAMES, OTHER_PEER, PEER, record

#: What one poll brings: findings, or what it raises.
Poll = Union[Sequence[Finding], AtlasError]
TRANSIENT = TransportError("Could not look: no answer came in time.", None, outcome_unknown=False)

PENDING = record("AWS", "INITIATING")
ACCEPTABLE = record("AWS", "PENDING_ACCEPTANCE")
AVAILABLE = record("AWS", "AVAILABLE")
FAILED = record("AWS", "FAILED", "REJECTED")
DELETING = record("AWS", "TERMINATING")
ABSENT = samples.parse_desired("AWS").absent


def one_by_one(
    work: Callable[[ProjectPoller], None], pollers: Sequence[ProjectPoller], may_continue: Callable[[], bool]
) -> bool:
    for one in pollers:
        work(one)
    return True


def records(result: WaitResult) -> list[Record]:
    return [one.record for one in result.observations]


class Scene:
    """A wait, what its polls will bring, what it printed, and when."""

    def __init__(self, clock: Any, polls: Sequence[Poll], until: str = "available", **how: Any) -> None:
        self.clock, self.polls = clock, list(polls)
        self.printed: list[str] = []
        self.polled_at: list[float] = []
        self.alive = True
        first = polls[0] if not isinstance(polls[0], AtlasError) else [PENDING]
        unseen = [{**record, "status": None, "phase": None, "next_action": None} for record in first]
        times = {"timeout": 3600.0, "interval": 10.0, "heartbeat": 60.0, "startup_timeout": 0.0}
        options = WaitOptions(TARGETS[until], **{**times, **how})
        pollers = [ProjectPoller(range(len(first)), unseen, self._find, options.target)]
        self.wait = Waiter(pollers, one_by_one, self.printed.append, lambda: self.alive, options)

    def _find(self) -> Sequence[Finding]:
        self.polled_at.append(self.clock.now - 1000.0)
        poll = self.polls.pop(0) if len(self.polls) > 1 else self.polls[0]
        if isinstance(poll, AtlasError):
            raise poll
        return poll

    @property
    def pauses(self) -> list[float]:
        return [later - sooner for sooner, later in zip(self.polled_at, self.polled_at[1:])]


@pytest.fixture
def wait(clock: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Scene]:
    for module in (waiter, project_poller, progress_reporter):
        monkeypatch.setattr(module, "time", clock)

    def make(*polls: Poll, **how: Any) -> Scene:
        return Scene(clock, polls, **how)

    return make


# Why it stops

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
def test_why_it_stops(wait: Callable[..., Scene], until: str, seen: list[Record], reason: str) -> None:
    result = wait(seen, until=until, timeout=30).wait.run()
    assert result.stop_reason == reason
    assert result.elapsed == (30 if reason == "deadline" else 0)
    assert records(result) == seen
    assert result.poll_error is None


@pytest.mark.parametrize("until", ["available", "action_required"])
def test_what_was_never_seen_may_still_appear_for_a_minute(wait: Callable[..., Scene], until: str) -> None:
    """A list may lag behind a creation."""
    result = wait([ABSENT, PENDING], until=until).wait.run()
    assert (result.stop_reason, [one.cannot_reach for one in result.observations]) == ("failure", [True, False])
    assert 60 <= result.elapsed < 64
    result = wait([ABSENT], [ABSENT], [PENDING], [AVAILABLE], until=until).wait.run()
    assert (result.stop_reason, result.elapsed) == ("reached", 3)


def test_the_minute_begins_with_the_first_look_that_succeeds(wait: Callable[..., Scene]) -> None:
    result = wait(*[TRANSIENT] * 20, [ABSENT], startup_timeout=100).wait.run()
    assert result.stop_reason == "failure"
    assert 80 <= result.elapsed < 85


def test_what_was_seen_and_is_not_there_any_more_ends_the_wait(wait: Callable[..., Scene]) -> None:
    result = wait([PENDING], [PENDING], [ABSENT]).wait.run()
    assert (result.stop_reason, result.elapsed) == ("failure", 2)


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_on_its_way(wait: Callable[..., Scene], name: str) -> None:
    statuses = [status for status, _error in samples.statuses(name) if status != "AVAILABLE"]
    pending = [status for status in statuses if record(name, status)["phase"] in ("pending", "action_required")]
    scene = wait(*([record(name, status)] for status in pending), [record(name, "AVAILABLE")])
    result = scene.wait.run()
    assert (result.stop_reason, result.polls) == ("reached", len(pending) + 1)
    assert result.elapsed == len(pending) * 1.0
    assert records(result) == [record(name, "AVAILABLE")]


def test_a_failure_ends_the_wait_at_once(wait: Callable[..., Scene]) -> None:
    result = wait([PENDING, PENDING], [PENDING, PENDING], [PENDING, FAILED]).wait.run()
    assert (result.stop_reason, result.polls, result.elapsed) == ("failure", 3, 2.0)


@pytest.mark.parametrize(("timeout", "reason"), [(0, "reached"), (10, "reached")])
def test_what_is_reached_is_reached_even_without_time(wait: Callable[..., Scene], timeout: float, reason: str) -> None:
    assert wait([AVAILABLE], timeout=timeout).wait.run().stop_reason == reason


def test_without_time_it_looks_once(wait: Callable[..., Scene]) -> None:
    result = wait([PENDING], timeout=0).wait.run()
    assert (result.stop_reason, result.polls, result.elapsed) == ("deadline", 1, 0)


# When it looks


def test_pauses_are_a_share_of_the_time_waited(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=300, interval=10)
    scene.wait.run()
    expected = [min(10, max(1, 0.05 * seen), 300 - seen) for seen in scene.polled_at[:-1]]
    assert scene.pauses == pytest.approx(expected)
    assert scene.pauses[:21] == pytest.approx([1.0] * 21)
    assert scene.pauses[21] == pytest.approx(1.05)
    assert max(scene.pauses) == pytest.approx(10)
    assert scene.polled_at[-1] == pytest.approx(300)


def test_a_short_interval_is_kept(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=1, interval=0.25)
    assert scene.wait.run().polls == 5
    assert scene.pauses == [0.25] * 4


def test_the_last_look_is_at_the_deadline(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=2.5)
    scene.wait.run()
    assert scene.polled_at == [0, 1, 2, 2.5]


def test_a_pause_is_slept_in_pieces(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=1.2, interval=1.2)
    scene.wait.run()
    assert scene.clock.pauses == pytest.approx([0.5, 0.5, 0.2])


def test_it_ends_with_the_process_that_started_it(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING])
    scene.clock.on_sleep = lambda: setattr(scene, "alive", scene.clock.now < 1005.5)
    result = scene.wait.run()
    assert scene.clock.now == 1005.5
    assert (result.stop_reason, records(result)) == ("failure", [PENDING])
    assert "Stopped waiting because the parent process exited." in str(result.as_error())


def test_who_has_something_to_say_to_a_wait_that_lasts_says_it_once(wait: Callable[..., Scene]) -> None:
    for looks, times in [([AVAILABLE],), 0], [([PENDING], [PENDING], [AVAILABLE]), 1]:
        scene, calls = wait(*looks), []
        scene.wait._on_first_pause = lambda calls=calls: calls.append(1)
        assert scene.wait.run().stop_reason == "reached"
        assert len(calls) == times


# What it says


def test_it_says_what_has_changed(wait: Callable[..., Scene]) -> None:
    other = record("GCP", "ADDING_PEER", id=OTHER_PEER)
    scene = wait([PENDING, other], [ACCEPTABLE, other], [ACCEPTABLE, other], [AVAILABLE, other], timeout=3)
    scene.wait.run()
    assert scene.printed == [
        "00:00  0/2 available · 2 pending",
        "00:01  0/2 available · 1 pending · 1 action required",
        "       AWS 123456789012/vpc-0f1e2d3c4b5a69788: PENDING_ACCEPTANCE. Accept pcx-0f1e2d3c4b5a69788 in AWS "
        "account 123456789012, us-east-1, before it expires after 7 days.",
        "00:03  1/2 available · 1 pending",
    ]


def test_what_is_there_already_is_said_as_well(wait: Callable[..., Scene]) -> None:
    scene = wait([AVAILABLE])
    scene.wait.run()
    assert scene.printed == ["00:00  1/1 available"]


def test_no_connections_at_all_are_there_already(wait: Callable[..., Scene]) -> None:
    scene = wait([])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.printed == ["00:00  0/0 available"]


def test_a_failure_is_said_with_what_to_do(wait: Callable[..., Scene]) -> None:
    scene = wait([FAILED])
    scene.wait.run()
    assert scene.printed[0] == "00:00  0/1 available · 1 failed"
    assert scene.printed[1].startswith(
        "       AWS 123456789012/vpc-0f1e2d3c4b5a69788: FAILED (REJECTED). The owner of AWS"
    )


def test_what_is_not_there_is_said_by_its_name(wait: Callable[..., Scene]) -> None:
    scene = wait([ABSENT], [ABSENT], until="absent")
    scene.wait.run()
    assert scene.printed == ["00:00  1/1 absent"]


def test_from_time_to_time_it_says_that_nothing_has_changed(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=181, interval=1)
    scene.wait.run()
    assert [line[:5] for line in scene.printed] == ["00:00", "01:00", "02:00", "03:00"]
    assert {line[5:] for line in scene.printed} == {"  0/1 available · 1 pending"}


def test_news_puts_the_heartbeat_off(wait: Callable[..., Scene]) -> None:
    looks = [[PENDING]] * 41 + [[ACCEPTABLE]]
    scene = wait(*looks, timeout=101, interval=1)
    scene.wait.run()
    assert [line[:5] for line in scene.printed] == ["00:00", "00:41", "     ", "01:41"]


def test_it_is_not_silent_for_longer_than_the_heartbeat(wait: Callable[..., Scene]) -> None:
    """However seldom it looks."""
    scene = wait([PENDING], timeout=100, interval=90, heartbeat=30)
    scene.wait.run()
    assert [line[:5] for line in scene.printed] == ["00:00", "00:30", "01:00", "01:30"]


def test_it_says_a_next_action_that_is_known_later(wait: Callable[..., Scene]) -> None:
    """The status stays the same: Atlas' network of a GCP connection gets its names later."""
    unnamed = record("GCP", "WAITING_FOR_USER")
    unnamed = {**unnamed, "phase": "pending", "next_action": None, "atlas_network_name": None}
    scene = wait([unnamed], [unnamed], [record("GCP", "WAITING_FOR_USER")], until="action_required")
    assert scene.wait.run().stop_reason == "reached"
    assert [line.partition(": ")[0] for line in scene.printed] == [
        "00:00  0/1 ready for the other side · 1 pending",
        "00:02  1/1 ready for the other side",
        "       GCP my-project-191923/default",
    ]


def test_it_tells_connections_of_one_network_apart(wait: Callable[..., Scene]) -> None:
    """By region within a project, by project across projects, and only where that is needed."""
    places = [("US_EAST_1", samples.PROJECT), ("EU_WEST_1", samples.PROJECT), ("US_EAST_1", samples.OTHER_PROJECT)]
    twins = [{**ACCEPTABLE, "container_region": region, "project_id": project} for region, project in places]
    scene = wait([*twins, record("GCP", "WAITING_FOR_USER")], timeout=0)
    error = scene.wait.run().as_error()
    network = "AWS 123456789012/vpc-0f1e2d3c4b5a69788"
    names = [
        f"{network} in US_EAST_1 of project {samples.PROJECT}",
        f"{network} in EU_WEST_1 of project {samples.PROJECT}",
        f"{network} of project {samples.OTHER_PROJECT}",
        "GCP my-project-191923/default",
    ]
    assert [line.strip().partition(": ")[0] for line in scene.printed[1:]] == names
    assert [problem["connection"] for problem in error.details["problems"]] == names
    assert all(f"[action required] {name}: " in error.message for name in names)


# While requests are under way


def stalled(scene: Scene) -> None:
    """Let all requests from now on get no answer."""

    def never_done(
        work: Callable[[ProjectPoller], None], pollers: Sequence[ProjectPoller], may_continue: Callable[[], bool]
    ) -> bool:
        while may_continue():
            scene.clock.sleep(0.5)
        return False

    scene.wait._run_concurrently = never_done


def test_it_ends_and_is_heard_while_atlas_does_not_answer(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=100, heartbeat=30)
    stalled(scene)
    result = scene.wait.run()
    assert (result.stop_reason, result.poll_error) == ("deadline", "Atlas did not answer in time.")
    assert 100 <= result.elapsed <= 102
    assert scene.printed[:4] == [f"{at}  0/1 available · 1 unknown" for at in ("00:30", "01:00", "01:30", "01:42")]


def test_a_last_look_has_a_moment(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=3)
    scene.clock.on_sleep = lambda: stalled(scene) if scene.clock.now >= 1003 else None
    result = scene.wait.run()
    assert (result.stop_reason, result.elapsed, records(result)) == ("deadline", 3 + waiter.LAST_POLL, [PENDING])


def test_it_ends_with_its_process_while_atlas_does_not_answer(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING])
    stalled(scene)
    scene.clock.on_sleep = lambda: setattr(scene, "alive", scene.clock.now < 1005.5)
    assert "parent process exited" in str(scene.wait.run().interruption)
    assert scene.clock.now == 1005.5


def test_what_a_thread_sees_that_is_left_to_itself_comes_too_late(wait: Callable[..., Scene]) -> None:
    """The reason and the result are of one moment."""
    scene = wait([PENDING], timeout=0)
    stop_reason = scene.wait._stop_reason
    scene.wait._stop_reason = lambda elapsed: (stop_reason(elapsed), scene.wait._pollers[0]._note([AVAILABLE]))[0]
    result = scene.wait.run()
    assert (result.stop_reason, records(result)) == ("deadline", [PENDING])


# Looks that fail


def test_trouble_that_passes_is_outlived(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], TRANSIENT, TRANSIENT, [AVAILABLE])
    result = scene.wait.run()
    assert (result.stop_reason, result.polls, result.poll_error) == ("reached", 4, None)
    assert scene.printed == [
        "00:00  0/1 available · 1 pending",
        "00:01  Could not look: no answer came in time. Retrying.",
        "00:03  1/1 available",
    ]


def test_trouble_is_said_again_when_it_comes_back(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], TRANSIENT, [PENDING], TRANSIENT, [AVAILABLE])
    scene.wait.run()
    assert [line[:5] for line in scene.printed if "Retrying" in line] == ["00:01", "00:03"]


def test_trouble_that_stays_is_said_from_time_to_time(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], TRANSIENT, timeout=101, interval=1, heartbeat=30)
    scene.wait.run()
    assert [line[:5] for line in scene.printed] == ["00:00", "00:01", "00:31", "01:01", "01:31"]


def test_other_trouble_is_said_as_well(wait: Callable[..., Scene]) -> None:
    other = TransportError("Could not look: refused.", None, outcome_unknown=False)
    scene = wait([PENDING], TRANSIENT, other, [AVAILABLE])
    scene.wait.run()
    assert [line[7:] for line in scene.printed[1:3]] == [f"{error.message} Retrying." for error in (TRANSIENT, other)]


def test_trouble_until_the_end_is_told(wait: Callable[..., Scene]) -> None:
    result = wait([PENDING], TRANSIENT, timeout=5).wait.run()
    assert (result.stop_reason, result.poll_error) == ("deadline", "Could not look: no answer came in time.")
    assert records(result) == [PENDING]


def test_trouble_at_the_first_look_ends_the_wait(wait: Callable[..., Scene]) -> None:
    scene = wait(TRANSIENT, [AVAILABLE])
    result = scene.wait.run()
    assert [(one.error, one.record["phase"]) for one in result.observations] == [(TRANSIENT, None)]
    assert scene.printed == [f"00:00  {TRANSIENT.message}", "00:00  0/1 available · 1 unknown"]


def test_trouble_at_the_first_look_is_outlived_for_a_while(wait: Callable[..., Scene]) -> None:
    scene = wait(TRANSIENT, TRANSIENT, TRANSIENT, [AVAILABLE], startup_timeout=2.5)
    assert scene.wait.run().stop_reason == "reached"
    assert scene.printed == [
        "00:00  Could not look: no answer came in time. Retrying.",
        "00:00  0/1 available · 1 unknown",
        "00:03  1/1 available",
    ]
    scene = wait(TRANSIENT, startup_timeout=2.5)
    assert scene.wait.run().stop_reason == "failure"
    assert scene.polled_at[-1] - scene.polled_at[0] == 3


def test_trouble_that_will_not_pass_ends_the_wait(wait: Callable[..., Scene]) -> None:
    final = AtlasError("Could not look: forbidden.")
    result = wait([PENDING], final, [AVAILABLE]).wait.run()
    assert (result.stop_reason, result.elapsed) == ("failure", 1)
    assert [(one.record, one.error) for one in result.observations] == [(PENDING, final)]


def test_after_trouble_what_was_known_is_still_known(wait: Callable[..., Scene]) -> None:
    scene = wait([ACCEPTABLE], TRANSIENT, [ACCEPTABLE], timeout=2)
    scene.wait.run()
    assert len([line for line in scene.printed if "PENDING_ACCEPTANCE" in line]) == 1


# Many projects


def throttled(seconds: float | None) -> ApiError:
    return ApiError("look", "GET", "/", 429, {"errorCode": "RATE_LIMITED_TOKEN_BUCKET"}, retry_after=seconds)


class Fleet:
    """A wait for one connection in each of some projects; each project takes its looks in turn and keeps the last."""

    def __init__(self, clock: Any, *projects: Sequence[Poll]) -> None:
        self.printed: list[str] = []
        self.seen: list[list[float]] = [[] for _project in projects]
        unseen = {**PENDING, "status": None, "phase": None}
        options = WaitOptions(TARGETS["available"], 30, 10, 60, 0)
        pollers = [
            ProjectPoller(
                [len(projects) - 1 - number], [unseen], partial(self._find, clock, number, list(polls)), options.target
            )
            for number, polls in enumerate(projects)
        ]
        self.wait = Waiter(pollers, one_by_one, self.printed.append, lambda: True, options)

    def _find(self, clock: Any, number: int, polls: list[Poll]) -> Sequence[Finding]:
        self.seen[number].append(clock.now - 1000.0)
        poll = polls.pop(0) if len(polls) > 1 else polls[0]
        if isinstance(poll, AtlasError):
            raise poll
        return poll


@pytest.fixture
def fleet(clock: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Fleet]:
    for module in (waiter, project_poller, progress_reporter):
        monkeypatch.setattr(module, "time", clock)
    return partial(Fleet, clock)


def test_records_come_in_the_order_of_the_connections(fleet: Callable[..., Fleet]) -> None:
    """Number 0 is the last project's."""
    scene = fleet([[AVAILABLE]], [[PENDING], [FAILED]])
    result = scene.wait.run()
    assert (result.stop_reason, records(result)) == ("failure", [FAILED, AVAILABLE])


def test_a_project_that_is_there_is_not_asked_again(fleet: Callable[..., Fleet]) -> None:
    scene = fleet([[AVAILABLE]], [[PENDING], [PENDING], [AVAILABLE]])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.seen == [[0], [0, 1, 2]]


def test_a_throttled_project_alone_is_left_alone(fleet: Callable[..., Fleet]) -> None:
    scene = fleet([[PENDING], throttled(5), [PENDING], [AVAILABLE]], [[PENDING]] * 8 + [[AVAILABLE]])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.seen == [[0, 1, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7, 8]]
    assert sum("RATE_LIMITED_TOKEN_BUCKET. Retrying." in line for line in scene.printed) == 1


def test_one_that_is_not_told_for_how_long_is_asked_at_the_next_look(fleet: Callable[..., Fleet]) -> None:
    scene = fleet([throttled(None), [AVAILABLE]])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.seen == [[0, 1]]


def test_one_that_was_throttled_from_the_beginning_is_unknown(fleet: Callable[..., Fleet]) -> None:
    scene = fleet([throttled(100)], [[AVAILABLE]])
    result = scene.wait.run()
    assert (result.stop_reason, [one["phase"] for one in records(result)]) == ("deadline", ["available", None])
    assert "HTTP 429 RATE_LIMITED_TOKEN_BUCKET" in str(result.poll_error)


def test_a_round_that_takes_long_ends_and_the_next_begins_with_the_rest(
    clock: Any, fleet: Callable[..., Fleet]
) -> None:
    """Each look takes twenty seconds here, so that a round has time for two of five."""
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


def test_trouble_of_many_is_told_once(fleet: Callable[..., Fleet]) -> None:
    forbidden = [ApiError(f"list the peers of {number}", "GET", "/", 500, {}) for number in range(3)]
    scene = fleet(*([[PENDING], error, error, [AVAILABLE]] for error in forbidden))
    assert scene.wait.run().stop_reason == "reached"
    assert [line for line in scene.printed if "Retrying" in line] == [
        "00:01  Could not list the peers of 0: Atlas answered HTTP 500. The same for 2 more. Retrying."
    ]


def refused(code: str | None = None) -> ApiError:
    return ApiError("look", "GET", "/", 401, {"errorCode": code} if code else {})


def test_credentials_that_worked_may_be_refused_twice(wait: Callable[..., Scene]) -> None:
    """A token that others revoked is replaced, but not at once if it replaced another."""
    scene = wait([PENDING], refused(), refused(), [PENDING], refused(), [AVAILABLE])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.pauses[:3] == pytest.approx([1, 30, 30], abs=3)


def test_credentials_that_are_refused_for_long_end_the_wait(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], refused())
    result = scene.wait.run()
    assert (result.stop_reason, result.polls > 3, scene.polls) == ("failure", True, [scene.polls[0]])
    assert len(scene.polled_at) == 4
    assert "Check the credentials" in str(result.as_error())


def test_credentials_that_never_worked_end_the_wait_at_once(wait: Callable[..., Scene]) -> None:
    result = wait(refused()).wait.run()
    assert (result.stop_reason, result.elapsed) == ("failure", 0)
    assert "Check the credentials" in str(result.as_error())


def test_what_to_do_about_credentials_that_ran_out(clock: Any, wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], refused())
    scene.wait._pollers[0]._hint_if_refused = "It lives for an hour."
    error = scene.wait.run().as_error()
    assert error.hint == "It lives for an hour. Nothing was changed: run the task again to continue waiting."
    assert error.details["problems"][0]["failure"]["hint"] == "It lives for an hour."


def test_a_project_that_is_lost_does_not_end_the_wait_for_others(fleet: Callable[..., Fleet]) -> None:
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


def test_what_a_lost_project_was_when_last_seen_is_not_held_against_it(fleet: Callable[..., Fleet]) -> None:
    """Not there yet, and then out of sight, is no reason to end the wait for others when its minute is over."""
    lost = ApiError("list", "GET", "/", 403, {})
    scene = fleet([[ABSENT], lost], [[PENDING]])
    scene.wait._options = replace(scene.wait._options, timeout=100)
    assert (scene.wait.run().stop_reason, scene.seen[1][-1]) == ("deadline", 100)


def test_one_that_cannot_be_told_from_others_does_not_end_the_wait_for_them(wait: Callable[..., Scene]) -> None:
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


def test_one_that_can_be_told_again_is_waited_for(wait: Callable[..., Scene]) -> None:
    """Because the other one was deleted, say."""
    several = PlanError("2 peering connections match.", "Set container_id.")
    assert (
        wait([PENDING] * 2, [several, PENDING], [AVAILABLE, PENDING], [AVAILABLE] * 2).wait.run().stop_reason
        == "reached"
    )


# One look, for check mode


def test_one_look_is_all_there_is_of_it(wait: Callable[..., Scene]) -> None:
    for seen in (PENDING, FAILED, ABSENT, AVAILABLE):
        result = wait([seen], once=True).wait.run()
        assert (result.stop_reason, result.polls, result.is_failure) == ("check_mode", 1, False)
        assert records(result) == [seen]


@pytest.mark.parametrize("trouble", [throttled(5), throttled(None), TRANSIENT, AtlasError("Could not look: no.")])
def test_one_look_that_fails_is_a_failure(wait: Callable[..., Scene], trouble: AtlasError) -> None:
    """Even where the trouble would pass."""
    scene = wait(trouble, once=True, startup_timeout=100)
    result = scene.wait.run()
    assert (result.stop_reason, result.polls, result.is_failure) == ("check_mode", 1, True)
    assert trouble.message in result.as_error().message
    assert scene.printed == [f"00:00  {trouble.message}", "00:00  0/1 available · 1 unknown"]


def test_one_look_that_gets_no_answer_is_a_failure(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], once=True, timeout=10)
    stalled(scene)
    result = scene.wait.run()
    assert (result.stop_reason, result.is_failure, result.elapsed) == ("check_mode", True, 10 + waiter.LAST_POLL)
    error = result.as_error()
    assert (error.kind, error.hint) == ("TransportError", "Raise wait_timeout, or try again later.")
    assert error.message.count("Atlas did not answer in time.") == 1


def test_one_look_leaves_no_project_for_the_next(clock: Any, fleet: Callable[..., Fleet]) -> None:
    scene = fleet(*([[PENDING]] for _number in range(5)))
    scene.wait._options = replace(scene.wait._options, once=True, timeout=1000)
    for one in scene.wait._pollers:
        find = one._find
        one._find = lambda find=find: (setattr(clock, "now", clock.now + 20), find())[1]
    assert not scene.wait.run().is_failure
    assert [len(seen) for seen in scene.seen] == [1] * 5
