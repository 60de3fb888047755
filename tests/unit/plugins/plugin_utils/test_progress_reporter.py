# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wait prints, and when."""

from __future__ import annotations

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from support import samples
from support.samples import OTHER_PEER, record
from support.waits import (
    ABSENT,
    ACCEPTABLE,
    AVAILABLE,
    FAILED,
    PENDING,
    TRANSIENT,
    MakeFleet,
    MakeWait,
)


def test_changed_phase_is_printed(wait: MakeWait) -> None:
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


def test_lines_control_no_terminal(wait: MakeWait) -> None:
    scene = wait([record("AWS", "FAILED", "\x1b]0;title\x07 x")], [PENDING])
    scene.wait.run()
    assert r"FAILED (\x1b]0;title\x07 x)." in scene.printed[1]
    assert all(line.isprintable() for line in scene.printed)


def test_first_poll_is_printed(wait: MakeWait) -> None:
    scene = wait([AVAILABLE])
    scene.wait.run()
    assert scene.printed == ["00:00  1/1 available"]


def test_no_connections_are_reached_at_once(wait: MakeWait) -> None:
    scene = wait([])
    assert scene.wait.run().stop_reason == "reached"
    assert scene.printed == ["00:00  0/0 available"]


def test_failed_connection_is_printed_with_next_action(wait: MakeWait) -> None:
    scene = wait([FAILED])
    scene.wait.run()
    assert scene.printed[0] == "00:00  0/1 available · 1 failed"
    assert scene.printed[1].startswith(
        "       AWS 123456789012/vpc-0f1e2d3c4b5a69788: FAILED (REJECTED). The owner of AWS"
    )


def test_absent_connection_is_printed_as_absent(wait: MakeWait) -> None:
    scene = wait([ABSENT], [ABSENT], until="absent")
    scene.wait.run()
    assert scene.printed == ["00:00  1/1 absent"]


def test_heartbeat_repeats_summary(wait: MakeWait) -> None:
    scene = wait([PENDING], timeout=181, interval=1)
    scene.wait.run()
    assert [line[:5] for line in scene.printed] == ["00:00", "01:00", "02:00", "03:00"]
    assert {line[5:] for line in scene.printed} == {"  0/1 available · 1 pending"}


def test_change_postpones_heartbeat(wait: MakeWait) -> None:
    polls = [[PENDING]] * 41 + [[ACCEPTABLE]]
    scene = wait(*polls, timeout=101, interval=1)
    scene.wait.run()
    assert [line[:5] for line in scene.printed] == ["00:00", "00:41", "     ", "01:41"]


def test_heartbeat_is_printed_between_polls(wait: MakeWait) -> None:
    """However seldom Atlas is polled."""
    scene = wait([PENDING], timeout=100, interval=90, heartbeat=30)
    scene.wait.run()
    assert [line[:5] for line in scene.printed] == ["00:00", "00:30", "01:00", "01:30"]


def test_next_action_known_later_is_printed(wait: MakeWait) -> None:
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


def test_same_network_is_named_by_region_and_project(wait: MakeWait) -> None:
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


def test_transient_error_is_printed_once(wait: MakeWait) -> None:
    scene = wait([PENDING], TRANSIENT, TRANSIENT, [AVAILABLE])
    result = scene.wait.run()
    assert (result.stop_reason, result.polls, result.poll_error) == ("reached", 4, None)
    assert scene.printed == [
        "00:00  0/1 available · 1 pending",
        "00:01  Could not poll: no answer came in time. Retrying.",
        "00:03  1/1 available",
    ]


def test_recurring_error_is_printed_again(wait: MakeWait) -> None:
    scene = wait([PENDING], TRANSIENT, [PENDING], TRANSIENT, [AVAILABLE])
    scene.wait.run()
    assert [line[:5] for line in scene.printed if "Retrying" in line] == ["00:01", "00:03"]


def test_heartbeat_repeats_lasting_error(wait: MakeWait) -> None:
    scene = wait([PENDING], TRANSIENT, timeout=101, interval=1, heartbeat=30)
    scene.wait.run()
    assert [line[:5] for line in scene.printed] == ["00:00", "00:01", "00:31", "01:01", "01:31"]


def test_different_error_is_printed(wait: MakeWait) -> None:
    other = TransportError("Could not poll: refused.", None, outcome_unknown=False)
    scene = wait([PENDING], TRANSIENT, other, [AVAILABLE])
    scene.wait.run()
    assert [line[7:] for line in scene.printed[1:3]] == [f"{error.message} Retrying." for error in (TRANSIENT, other)]


def test_next_action_is_not_repeated_after_error(wait: MakeWait) -> None:
    scene = wait([ACCEPTABLE], TRANSIENT, [ACCEPTABLE], timeout=2)
    scene.wait.run()
    assert len([line for line in scene.printed if "PENDING_ACCEPTANCE" in line]) == 1


def test_error_of_several_projects_is_printed_once(fleet: MakeFleet) -> None:
    forbidden = [ApiError(f"list the peers of {number}", "GET", "/", 500, {}) for number in range(3)]
    scene = fleet(*([[PENDING], error, error, [AVAILABLE]] for error in forbidden))
    assert scene.wait.run().stop_reason == "reached"
    assert [line for line in scene.printed if "Retrying" in line] == [
        "00:01  Could not list the peers of 0: Atlas answered HTTP 500. The same for 2 more. Retrying."
    ]
