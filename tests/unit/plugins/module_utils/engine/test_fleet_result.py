# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a task, made of what became of each resource."""

from __future__ import annotations

from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.fleet import FleetResult
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import ProjectSync, SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from support.samples import OTHER_PEER, OTHER_PROJECT, PEER, PROJECT, parse_desired, record

AWS, GCP = parse_desired("AWS"), parse_desired("GCP", project_id=OTHER_PROJECT)
CREATED = Outcome(AWS, "created", True, None, record("AWS"))
UNCHANGED = Outcome(AWS, "unchanged", False, record("AWS"), record("AWS"))
RECREATED = Outcome(AWS, "recreated", True, record("AWS"), {**record("AWS"), "id": OTHER_PEER})
GONE = Outcome(AWS, "deleted", True, record("AWS"), None)
ERROR = AtlasError("It is closed.", "Ask an owner.")
ERROR.leave_in_doubt()
FAILED = Outcome(GCP, "failed", False, None, None, ERROR)


def result(*outcomes: Outcome, projects: int = 2, purged: Outcome | None = None) -> dict[str, Any]:
    every = [ProjectSync(PeeringApi.__new__(PeeringApi), [AWS], SyncOptions(True, False)) for _one in range(projects)]
    every[0].purged = [purged] if purged else []
    return FleetResult(every, outcomes, ("Beware.",)).as_result("peerings")


def test_entries_are_records_with_actions() -> None:
    done = result(CREATED, UNCHANGED, RECREATED, purged=GONE)
    assert done["peerings"] == [
        {**record("AWS"), "action": "created", "failure": None},
        {**record("AWS"), "action": "unchanged", "failure": None},
        {**record("AWS"), "id": OTHER_PEER, "action": "recreated", "failure": None},
    ]
    assert done["purged"] == [{**AWS.absent, "id": PEER, "action": "deleted", "failure": None}]
    assert (done["changed"], done["warnings"]) == (True, ["Beware."])


def test_difference_has_what_changed_under_its_name() -> None:
    done = result(CREATED, UNCHANGED, purged=GONE)
    named = {"before_header": AWS.name, "after_header": AWS.name}
    assert done["diff"] == [
        {"before": {}, "after": record("AWS"), **named},
        {"before": record("AWS"), "after": {}, **named},
    ]
    unchanged = result(UNCHANGED)
    assert (unchanged["changed"], unchanged["diff"], "failed" in unchanged) == (False, [], False)


def test_failure_of_one_is_a_problem_beside_the_results_of_others() -> None:
    done = result(CREATED, FAILED)
    assert (done["failed"], done["changed"]) == (True, True)
    assert [one["action"] for one in done["peerings"]] == ["created", "failed"]
    assert done["peerings"][1]["failure"] == ERROR.as_result()["failure"]
    assert done["msg"].startswith(f"1 of 2 peering connections failed. {ERROR}")
    (problem,) = done["failure"]["problems"]
    assert problem == {
        **ERROR.as_result(),
        "connection": GCP.name,
        "project_id": OTHER_PROJECT,
        "cause": "It is closed.",
        "changed": False,
    }


def test_error_of_the_only_project_is_the_result() -> None:
    every = ProjectSync(PeeringApi.__new__(PeeringApi), [AWS], SyncOptions(True, False))
    every.error = ERROR
    failed = Outcome(AWS, "failed", True, None, None, ERROR)
    done = FleetResult([every], [failed, failed], ["Beware."]).as_result("peerings")
    assert done == {"failed": True, **ERROR.as_result(), "changed": True, "warnings": ["Beware."]}
    assert "problems" in FleetResult([every, every], [failed], []).as_result("peerings")["failure"]


def test_single_result_is_that_of_its_resource() -> None:
    assert FleetResult([], [CREATED], ("Beware.",)).as_single_result() == {
        "changed": True,
        "peering": record("AWS"),
        "diff": {"before": {}, "after": record("AWS")},
        "warnings": ["Beware."],
    }
    assert GONE.as_result()["peering"] == AWS.absent
    assert PROJECT == GONE.record["project_id"]
