# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What starts a template by itself has to bring what the template asks, as AWX holds it."""

from __future__ import annotations

from typing import Any

import pytest

from controller import surveys
from controller.errors import Refused
from controller.store import Store

ASKED = "variables_needed_to_start"
DAILY = "DTSTART:20260101T000000Z RRULE:FREQ=DAILY;INTERVAL=1"
CHOICES = ["a", "b"]


def question(**given: Any) -> dict[str, Any]:
    return {"type": "text", "question_name": "q", "variable": "v", "required": True, **given}


def make_store(*questions: dict[str, Any], **template: Any) -> tuple[Store, int, int]:
    """Return a store with a job template that asks these questions, and the ids of the template and a workflow."""
    store = Store(["peer.yml"])
    store.create("organizations", {"name": "Default"})
    git = {"scm_type": "git", "scm_url": "https://git.example.com/p.git"}
    project = store.create("projects", {"name": "p", "organization": 1, **git})
    store.project_update(project["current_update"])
    inventory = store.create("inventories", {"name": "i", "organization": 1})["id"]
    body = {"name": "t", "project": project["id"], "inventory": inventory, "playbook": "peer.yml"}
    made = store.create("job_templates", {**body, "survey_enabled": True, **template})["id"]
    if questions:
        store.set_survey("job_templates", made, {"name": "n", "description": "", "spec": list(questions)})
    return store, made, store.create("workflow_job_templates", {"name": "w", "organization": 1})["id"]


def refusal(store: Store, of: str, **body: Any) -> Any:
    with pytest.raises(Refused) as caught:
        store.create(of, body)
    assert caught.value.status == 400
    return caught.value.body


def test_a_default_is_no_answer_of_a_schedule() -> None:
    store, template, _workflow = make_store(question(default="x"))
    body = {"name": "s", "unified_job_template": template, "rrule": DAILY}
    assert refusal(store, "schedules", **body) == {ASKED: ["'v' value missing"]}
    store.create("schedules", {**body, "extra_data": {"v": "y"}})


def test_a_node_of_a_workflow_may_leave_answers_out_but_not_give_wrong_ones() -> None:
    store, template, workflow = make_store(question(max=1))
    body = {"workflow_job_template": workflow, "unified_job_template": template}
    store.create("workflow_job_template_nodes", {**body, "identifier": "one"})
    wrong = refusal(store, "workflow_job_template_nodes", **body, identifier="two", extra_data={"v": "long"})
    assert wrong == {ASKED: ["'v' value long is too large (must be no more than 1)."]}


def test_a_node_without_a_template_keeps_nothing_of_one() -> None:
    store, _template, workflow = make_store()
    body = {"workflow_job_template": workflow, "identifier": "ask", "extra_data": {"v": "x"}, "limit": "h"}
    made = store.create("workflow_job_template_nodes", body)
    assert (made["extra_data"], made["limit"], made["identifier"]) == ({}, None, "ask")
    changed = store.change("workflow_job_template_nodes", made["id"], {"identifier": "asked", "limit": "h"})
    assert (changed["limit"], changed["identifier"]) == (None, "asked")


@pytest.mark.parametrize("flags", [{"survey_enabled": False}, {}], ids=["off", "on"])
def test_what_is_not_asked_is_not_allowed(flags: dict[str, Any]) -> None:
    store, template, _workflow = make_store(question(variable="other", required=False), **flags)
    body = {"name": "s", "unified_job_template": template, "rrule": DAILY}
    (text,) = refusal(store, "schedules", **body, extra_data={"v": "x"})["extra_data"]
    assert text.startswith("Variables v are not allowed on launch.")
    (text,) = refusal(store, "schedules", **body, limit="h")["limit"]
    assert text == "Field is not configured to prompt on launch."


def test_what_is_prompted_for_is_allowed() -> None:
    store, template, _workflow = make_store(ask_variables_on_launch=True, ask_limit_on_launch=True)
    body = {"name": "s", "unified_job_template": template, "rrule": DAILY}
    store.create("schedules", {**body, "extra_data": {"v": "x"}, "limit": "h"})


def test_a_project_takes_nothing_on_launch() -> None:
    store, _template, _workflow = make_store()
    (project,) = store.find("projects")
    body = {"name": "s", "unified_job_template": project["id"], "rrule": DAILY}
    assert refusal(store, "schedules", **body, limit="h") == {"limit": ["Field is not allowed on launch."]}
    store.create("schedules", body)


def test_a_change_of_something_else_is_not_held_against_the_survey() -> None:
    store, template, _workflow = make_store()
    made = store.create("schedules", {"name": "s", "unified_job_template": template, "rrule": DAILY})["id"]
    store.set_survey("job_templates", template, {"name": "n", "description": "", "spec": [question()]})
    store.change("schedules", made, {"enabled": False})
    with pytest.raises(Refused):
        store.change("schedules", made, {"enabled": True, "extra_data": {}})


@pytest.mark.parametrize(
    ("given", "answer", "problem"),
    [
        ({}, "x", None),
        ({}, "", None),
        ({}, 1, "Value 1 for 'v' expected to be a string."),
        ({"min": 2}, "x", "'v' value x is too small (length is 1 must be at least 2)."),
        ({"max": 1}, "xy", "'v' value xy is too large (must be no more than 1)."),
        ({"type": "integer", "min": 1}, 1, None),
        ({"type": "integer", "min": 2}, 1, "'v' value 1 is too small (must be at least 2)."),
        ({"type": "integer"}, "1", "Value 1 for 'v' expected to be an integer."),
        ({"type": "integer"}, True, "Value True for 'v' expected to be an integer."),
        ({"type": "float", "max": 1}, 1.5, "'v' value 1.5 is too large (must be no more than 1)."),
        ({"type": "float"}, "1", "Value 1 for 'v' expected to be a numeric type."),
        ({"type": "multiplechoice", "choices": CHOICES}, "a", None),
        ({"type": "multiplechoice", "choices": "a\n\nb"}, "b", None),
        ({"type": "multiplechoice", "choices": CHOICES}, "c", "Value c for 'v' expected to be one of ['a', 'b']."),
        ({"type": "multiselect", "choices": CHOICES}, ["a", "b"], None),
        ({"type": "multiselect", "choices": CHOICES}, ["a", "c"], "Value c for 'v' expected to be one of ['a', 'b']."),
        ({"type": "multiselect", "choices": CHOICES}, "a", "'v' value is expected to be a list."),
    ],
)
def test_answers(given: dict[str, Any], answer: Any, problem: str | None) -> None:
    found = list(surveys.answer_problems(question(**given), {"v": answer}, required=True))
    assert found == ([] if problem is None else [problem])


def test_credentials_are_set_only_where_the_template_prompts_for_them() -> None:
    store, template, workflow = make_store()
    kind = store.create("credential_types", {"name": "k", "kind": "cloud"})["id"]
    credential = {"id": store.create("credentials", {"name": "c", "organization": 1, "credential_type": kind})["id"]}
    nodes = [
        store.create("workflow_job_template_nodes", {"workflow_job_template": workflow, "identifier": name, **starts})
        for name, starts in (("ask", {}), ("start", {"unified_job_template": template}))
    ]
    for node, text in zip(nodes, ("when related template is null", "not configured to accept credentials")):
        with pytest.raises(Refused, match=text):
            store.attach("workflow_job_template_nodes", node["id"], "credentials", credential)
    store.change("job_templates", template, {"ask_credential_on_launch": True})
    store.attach("workflow_job_template_nodes", nodes[1]["id"], "credentials", credential)
