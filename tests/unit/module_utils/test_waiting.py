# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait: when it looks, what it says, and why it stops; on a clock that only its own pauses move on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Callable, Union

import pytest

from ansible_collections.atlasops.network.plugins.module_utils import waiting
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import ApiError, AtlasError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.waiting import Terms, Verdict, Wait, Watch
from ansible_collections.atlasops.network.tests.unit.module_utils import samples
from ansible_collections.atlasops.network.tests.unit.module_utils.samples import NAMES, OTHER_PEER, PEER, record

#: What one look brings: records, or what it raises.
Look = Union[Sequence[Record], AtlasError]
TRANSIENT = TransportError("Could not look: no answer came in time.", None, outcome_unknown=False)

PENDING = record("AWS", "INITIATING")
ACCEPTABLE = record("AWS", "PENDING_ACCEPTANCE")
AVAILABLE = record("AWS", "AVAILABLE")
FAILED = record("AWS", "FAILED", "REJECTED")
DELETING = record("AWS", "TERMINATING")
ABSENT = samples.declare("AWS").absent


def one_by_one(work: Callable[[Watch], None], watches: Sequence[Watch]) -> None:
    for watch in watches:
        work(watch)


class Scene:
    """A wait, the looks it will take, what it said, and when."""

    def __init__(self, clock: Any, looks: Sequence[Look], **how: Any) -> None:
        self.clock, self.looks = clock, list(looks)
        self.said: list[str] = []
        self.seen_at: list[float] = []
        self.alive = True
        first = looks[0] if not isinstance(looks[0], AtlasError) else [PENDING]
        unseen = [{**record, "status": None, "phase": "pending"} for record in first]
        watches = [Watch(range(len(first)), unseen, self._look)]
        terms = Terms(
            **{"until": "available", "timeout": 3600.0, "interval": 10.0, "heartbeat": 60.0, "patience": 0.0, **how}
        )
        self.wait = Wait(watches, one_by_one, self.said.append, lambda: self.alive, terms)

    def _look(self) -> Sequence[Record]:
        self.seen_at.append(self.clock.now - 1000.0)
        look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(look, AtlasError):
            raise look
        return look

    @property
    def pauses(self) -> list[float]:
        return [later - sooner for sooner, later in zip(self.seen_at, self.seen_at[1:])]


@pytest.fixture
def wait(clock: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Scene]:
    monkeypatch.setattr(waiting, "time", clock)

    def make(*looks: Look, **how: Any) -> Scene:
        return Scene(clock, looks, **how)

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
    ("available", [ABSENT], "failure"),
    ("available", [AVAILABLE, FAILED], "failure"),
    ("available", [PENDING, ABSENT], "failure"),
    ("action_required", [ACCEPTABLE], "reached"),
    ("action_required", [AVAILABLE], "reached"),
    ("action_required", [ACCEPTABLE, AVAILABLE], "reached"),
    ("action_required", [PENDING], "deadline"),
    ("action_required", [FAILED], "failure"),
    ("action_required", [DELETING], "failure"),
    ("action_required", [ABSENT], "failure"),
    ("absent", [ABSENT], "reached"),
    ("absent", [DELETING], "deadline"),
    ("absent", [AVAILABLE], "deadline"),
    ("absent", [PENDING], "deadline"),
    ("absent", [FAILED], "deadline"),
    ("absent", [record("AZURE", "FAILED", "Something.")], "deadline"),
    ("absent", [record("AZURE", "DELETION_FAILED", "Something.")], "failure"),
    ("absent", [ABSENT, DELETING], "deadline"),
    ("absent", [Wanted(PEERING, samples.PROJECT, None, PEER, {}).absent, DELETING], "deadline"),
]


@pytest.mark.parametrize(("until", "records", "reason"), REASONS)
def test_why_it_stops(wait: Callable[..., Scene], until: str, records: list[Record], reason: str) -> None:
    verdict = wait(records, until=until, timeout=30).wait.run()
    assert verdict.reason == reason
    assert verdict.elapsed == (30 if reason == "deadline" else 0)
    assert verdict.records == records
    assert verdict.error is None


def test_goals() -> None:
    assert waiting.GOALS == {
        "available": ("available",),
        "action_required": ("action_required", "available"),
        "absent": ("absent",),
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_on_its_way(wait: Callable[..., Scene], name: str) -> None:
    statuses = [status for status, _error in samples.statuses(name) if status != "AVAILABLE"]
    pending = [status for status in statuses if record(name, status)["phase"] in ("pending", "action_required")]
    scene = wait(*([record(name, status)] for status in pending), [record(name, "AVAILABLE")])
    verdict = scene.wait.run()
    assert (verdict.reason, verdict.looks) == ("reached", len(pending) + 1)
    assert verdict.elapsed == len(pending) * 1.0
    assert list(verdict.records) == [record(name, "AVAILABLE")]


def test_a_failure_ends_the_wait_at_once(wait: Callable[..., Scene]) -> None:
    verdict = wait([PENDING, PENDING], [PENDING, PENDING], [PENDING, FAILED]).wait.run()
    assert (verdict.reason, verdict.looks, verdict.elapsed) == ("failure", 3, 2.0)


@pytest.mark.parametrize(("timeout", "reason"), [(0, "reached"), (10, "reached")])
def test_what_is_reached_is_reached_even_without_time(wait: Callable[..., Scene], timeout: float, reason: str) -> None:
    assert wait([AVAILABLE], timeout=timeout).wait.run().reason == reason


def test_without_time_it_looks_once(wait: Callable[..., Scene]) -> None:
    verdict = wait([PENDING], timeout=0).wait.run()
    assert (verdict.reason, verdict.looks, verdict.elapsed) == ("deadline", 1, 0)


# When it looks


def test_pauses_are_a_share_of_the_time_waited(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=300, interval=10)
    scene.wait.run()
    expected = [min(10, max(1, 0.05 * seen), 300 - seen) for seen in scene.seen_at[:-1]]
    assert scene.pauses == pytest.approx(expected)
    assert scene.pauses[:21] == pytest.approx([1.0] * 21)
    assert scene.pauses[21] == pytest.approx(1.05)
    assert max(scene.pauses) == pytest.approx(10)
    assert scene.seen_at[-1] == pytest.approx(300)


def test_a_short_interval_is_kept(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=1, interval=0.25)
    assert scene.wait.run().looks == 5
    assert scene.pauses == [0.25] * 4


def test_the_last_look_is_at_the_deadline(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=2.5)
    scene.wait.run()
    assert scene.seen_at == [0, 1, 2, 2.5]


def test_a_pause_is_slept_in_pieces(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=1.2, interval=1.2)
    scene.wait.run()
    assert scene.clock.pauses == pytest.approx([0.5, 0.5, 0.2])


def test_it_ends_with_the_process_that_started_it(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING])
    scene.clock.on_sleep = lambda: setattr(scene, "alive", scene.clock.now < 1005.5)
    with pytest.raises(AtlasError, match="the process that started it has ended"):
        scene.wait.run()
    assert scene.clock.now == 1005.5


# What it says


def test_it_says_what_has_changed(wait: Callable[..., Scene]) -> None:
    other = record("GCP", "ADDING_PEER", id=OTHER_PEER)
    scene = wait([PENDING, other], [ACCEPTABLE, other], [ACCEPTABLE, other], [AVAILABLE, other], timeout=3)
    scene.wait.run()
    assert scene.said == [
        "00:00  0/2 available · 2 pending",
        "00:01  0/2 available · 1 pending · 1 action required",
        "       AWS 123456789012/vpc-0f1e2d3c4b5a69788: PENDING_ACCEPTANCE. Accept pcx-0f1e2d3c4b5a69788 in AWS "
        "account 123456789012, us-east-1, before it expires after 7 days.",
        "00:03  1/2 available · 1 pending",
    ]


def test_what_is_there_already_is_said_as_well(wait: Callable[..., Scene]) -> None:
    scene = wait([AVAILABLE])
    scene.wait.run()
    assert scene.said == ["00:00  1/1 available"]


def test_no_connections_at_all_are_there_already(wait: Callable[..., Scene]) -> None:
    scene = wait([])
    assert scene.wait.run().reason == "reached"
    assert scene.said == ["00:00  0/0 available"]


def test_a_failure_is_said_with_what_to_do(wait: Callable[..., Scene]) -> None:
    scene = wait([FAILED])
    scene.wait.run()
    assert scene.said[0] == "00:00  0/1 available · 1 failed"
    assert scene.said[1].startswith(
        "       AWS 123456789012/vpc-0f1e2d3c4b5a69788: FAILED (REJECTED). The owner of AWS"
    )


def test_what_is_not_there_is_said_by_its_name(wait: Callable[..., Scene]) -> None:
    scene = wait([ABSENT], [ABSENT], until="absent")
    scene.wait.run()
    assert scene.said == ["00:00  1/1 absent"]


def test_from_time_to_time_it_says_that_nothing_has_changed(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], timeout=181, interval=1)
    scene.wait.run()
    assert [line[:5] for line in scene.said] == ["00:00", "01:00", "02:00", "03:00"]
    assert {line[5:] for line in scene.said} == {"  0/1 available · 1 pending"}


def test_news_puts_the_heartbeat_off(wait: Callable[..., Scene]) -> None:
    looks = [[PENDING]] * 41 + [[ACCEPTABLE]]
    scene = wait(*looks, timeout=101, interval=1)
    scene.wait.run()
    assert [line[:5] for line in scene.said] == ["00:00", "00:41", "     ", "01:41"]


def test_it_is_not_silent_for_longer_than_the_heartbeat(wait: Callable[..., Scene]) -> None:
    """However seldom it looks."""
    scene = wait([PENDING], timeout=100, interval=90, heartbeat=30)
    scene.wait.run()
    assert [line[:5] for line in scene.said] == ["00:00", "00:30", "01:00", "01:30"]


# Looks that fail


def test_trouble_that_passes_is_outlived(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], TRANSIENT, TRANSIENT, [AVAILABLE])
    verdict = scene.wait.run()
    assert (verdict.reason, verdict.looks, verdict.error) == ("reached", 4, None)
    assert scene.said == [
        "00:00  0/1 available · 1 pending",
        "00:01  Could not look: no answer came in time. Looking again.",
        "00:03  1/1 available",
    ]


def test_trouble_is_said_again_when_it_comes_back(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], TRANSIENT, [PENDING], TRANSIENT, [AVAILABLE])
    scene.wait.run()
    assert [line[:5] for line in scene.said if "Looking again" in line] == ["00:01", "00:03"]


def test_trouble_that_stays_is_said_from_time_to_time(wait: Callable[..., Scene]) -> None:
    scene = wait([PENDING], TRANSIENT, timeout=101, interval=1, heartbeat=30)
    scene.wait.run()
    assert [line[:5] for line in scene.said] == ["00:00", "00:01", "00:31", "01:01", "01:31"]


def test_other_trouble_is_said_as_well(wait: Callable[..., Scene]) -> None:
    other = TransportError("Could not look: refused.", None, outcome_unknown=False)
    scene = wait([PENDING], TRANSIENT, other, [AVAILABLE])
    scene.wait.run()
    assert [line[7:] for line in scene.said[1:3]] == [f"{error.message} Looking again." for error in (TRANSIENT, other)]


def test_trouble_until_the_end_is_told(wait: Callable[..., Scene]) -> None:
    verdict = wait([PENDING], TRANSIENT, timeout=5).wait.run()
    assert (verdict.reason, verdict.error) == ("deadline", "Could not look: no answer came in time.")
    assert list(verdict.records) == [PENDING]


def test_trouble_at_the_first_look_ends_the_wait(wait: Callable[..., Scene]) -> None:
    scene = wait(TRANSIENT, [AVAILABLE])
    with pytest.raises(TransportError) as caught:
        scene.wait.run()
    assert caught.value is TRANSIENT
    assert scene.said == []


def test_trouble_at_the_first_look_is_outlived_for_a_while(wait: Callable[..., Scene]) -> None:
    scene = wait(TRANSIENT, TRANSIENT, TRANSIENT, [AVAILABLE], patience=2.5)
    assert scene.wait.run().reason == "reached"
    assert scene.said == [
        "00:00  Could not look: no answer came in time. Looking again.",
        "00:00  0/1 available · 1 pending",
        "00:03  1/1 available",
    ]
    scene = wait(TRANSIENT, patience=2.5)
    with pytest.raises(TransportError):
        scene.wait.run()
    assert scene.seen_at[-1] - scene.seen_at[0] == 3


def test_trouble_that_will_not_pass_ends_the_wait(wait: Callable[..., Scene]) -> None:
    final = AtlasError("Could not look: forbidden.")
    scene = wait([PENDING], final, [AVAILABLE])
    with pytest.raises(AtlasError) as caught:
        scene.wait.run()
    assert caught.value is final


def test_after_trouble_what_was_known_is_still_known(wait: Callable[..., Scene]) -> None:
    scene = wait([ACCEPTABLE], TRANSIENT, [ACCEPTABLE], timeout=2)
    scene.wait.run()
    assert len([line for line in scene.said if "PENDING_ACCEPTANCE" in line]) == 1


# Many projects


def throttled(seconds: float | None) -> ApiError:
    return ApiError("look", "GET", "/", 429, {"errorCode": "RATE_LIMITED_TOKEN_BUCKET"}, retry_after=seconds)


class Fleet:
    """A wait for one connection in each of some projects; each project takes its looks in turn and keeps the last."""

    def __init__(self, clock: Any, *projects: Sequence[Look]) -> None:
        self.said: list[str] = []
        self.seen: list[list[float]] = [[] for _project in projects]
        unseen = {**PENDING, "status": None}
        watches = [
            Watch([len(projects) - 1 - number], [unseen], partial(self._look, clock, number, list(looks)))
            for number, looks in enumerate(projects)
        ]
        self.wait = Wait(watches, one_by_one, self.said.append, lambda: True, Terms("available", 30, 10, 60, 0))

    def _look(self, clock: Any, number: int, looks: list[Look]) -> Sequence[Record]:
        self.seen[number].append(clock.now - 1000.0)
        look = looks.pop(0) if len(looks) > 1 else looks[0]
        if isinstance(look, AtlasError):
            raise look
        return look


@pytest.fixture
def fleet(clock: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Fleet]:
    monkeypatch.setattr(waiting, "time", clock)
    return partial(Fleet, clock)


def test_records_come_in_the_order_of_the_connections(fleet: Callable[..., Fleet]) -> None:
    """Number 0 is the last project's."""
    scene = fleet([[AVAILABLE]], [[PENDING], [FAILED]])
    verdict = scene.wait.run()
    assert (verdict.reason, verdict.records) == ("failure", [FAILED, AVAILABLE])


def test_a_project_that_is_there_is_not_asked_again(fleet: Callable[..., Fleet]) -> None:
    scene = fleet([[AVAILABLE]], [[PENDING], [PENDING], [AVAILABLE]])
    assert scene.wait.run().reason == "reached"
    assert scene.seen == [[0], [0, 1, 2]]


def test_a_throttled_project_alone_is_left_alone(fleet: Callable[..., Fleet]) -> None:
    scene = fleet([[PENDING], throttled(5), [PENDING], [AVAILABLE]], [[PENDING]] * 8 + [[AVAILABLE]])
    assert scene.wait.run().reason == "reached"
    assert scene.seen == [[0, 1, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7, 8]]
    assert sum("RATE_LIMITED_TOKEN_BUCKET. Looking again." in line for line in scene.said) == 1


def test_one_that_is_not_told_for_how_long_is_asked_at_the_next_look(fleet: Callable[..., Fleet]) -> None:
    scene = fleet([throttled(None), [AVAILABLE]])
    assert scene.wait.run().reason == "reached"
    assert scene.seen == [[0, 1]]


def test_one_that_was_throttled_from_the_beginning_is_pending(fleet: Callable[..., Fleet]) -> None:
    scene = fleet([throttled(100)], [[AVAILABLE]])
    verdict = scene.wait.run()
    assert (verdict.reason, [record["phase"] for record in verdict.records]) == ("deadline", ["available", "pending"])
    assert "HTTP 429 RATE_LIMITED_TOKEN_BUCKET" in str(verdict.error)


def test_a_round_that_takes_long_ends_and_the_next_begins_with_the_rest(
    clock: Any, fleet: Callable[..., Fleet]
) -> None:
    """Each look takes twenty seconds here, so that a round has time for two of five."""
    scene = fleet(*([[PENDING]] for _number in range(5)))
    for watch in scene.wait._watches:
        look = watch._look
        watch._look = lambda look=look: (setattr(clock, "now", clock.now + 20), look())[1]
    assert scene.wait.run().looks == 1
    assert [len(seen) for seen in scene.seen] == [1, 1, 0, 0, 0]
    scene.wait._look()
    assert [len(seen) for seen in scene.seen] == [1, 1, 1, 1, 0]
    scene.wait._look()
    assert [len(seen) for seen in scene.seen] == [2, 1, 1, 1, 1]


def test_trouble_of_many_is_told_once(fleet: Callable[..., Fleet]) -> None:
    forbidden = [ApiError(f"list the peers of {number}", "GET", "/", 500, {}) for number in range(3)]
    scene = fleet(*([[PENDING], error, error, [AVAILABLE]] for error in forbidden))
    assert scene.wait.run().reason == "reached"
    assert [line for line in scene.said if "again" in line] == [
        "00:01  Could not list the peers of 0: Atlas answered HTTP 500. The same of 2 more. Looking again."
    ]


# Sentences


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (0.99, "00:00"),
        (59.9, "00:59"),
        (60, "01:00"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (45296, "12:34:56"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert waiting.clock(seconds) == text


@pytest.mark.parametrize(
    ("until", "summary"),
    [
        ("available", "1/6 available · 1 pending · 1 action required · 1 failed · 1 deleting · 1 absent"),
        ("action_required", "2/6 ready for the other side · 1 pending · 1 failed · 1 deleting · 1 absent"),
        ("absent", "1/6 absent · 1 pending · 1 action required · 1 available · 1 failed · 1 deleting"),
    ],
)
def test_summaries(until: str, summary: str) -> None:
    assert waiting.summary([ABSENT, DELETING, FAILED, AVAILABLE, ACCEPTABLE, PENDING], until) == summary


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (AVAILABLE, "AWS 123456789012/vpc-0f1e2d3c4b5a69788: AVAILABLE."),
        (ABSENT, "AWS 123456789012/vpc-0f1e2d3c4b5a69788: absent."),
        (Wanted(PEERING, samples.PROJECT, None, PEER, {}).absent, f"connection {PEER}: absent."),
        (
            record("GCP", "FAILED", "Quota."),
            "GCP my-project-191923/default: FAILED (Quota.). Check that network default exists in GCP project "
            "my-project-191923. Delete the connection (state: absent), wait until it is gone, and create it again.",
        ),
    ],
)
def test_descriptions(seen: Record, text: str) -> None:
    assert waiting.describe(seen) == text


def test_a_deadline_is_explained() -> None:
    verdict = Verdict("deadline", [AVAILABLE, ACCEPTABLE, record("GCP", "ADDING_PEER")], 65.2, 9, "Could not look.")
    assert waiting.explain(verdict, "available") == (
        "1 of 3 connections are available after 01:05; the time is up. "
        "[action required] AWS 123456789012/vpc-0f1e2d3c4b5a69788: PENDING_ACCEPTANCE. Accept pcx-0f1e2d3c4b5a69788 in "
        "AWS account 123456789012, us-east-1, before it expires after 7 days. "
        "[pending] GCP my-project-191923/default: ADDING_PEER. "
        "The last look failed: Could not look. "
        "Everything is left as it is: run it again to go on waiting."
    )


def test_a_failure_is_explained() -> None:
    verdict = Verdict("failure", [ABSENT], 0, 1, None)
    assert waiting.explain(verdict, "action_required") == (
        "0 of 1 connections are ready for the other side after 00:00; a connection cannot get there. "
        "[absent] AWS 123456789012/vpc-0f1e2d3c4b5a69788: absent. "
        "Everything is left as it is: run it again to go on waiting."
    )
