# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launch configurations of schedules and workflow nodes, checked against the template that they start."""

from __future__ import annotations

from typing import Any

import pytest

from awx_stub import surveys
from awx_stub.errors import ApiError
from awx_stub.store import Store

MISSING_ANSWERS = "variables_needed_to_start"
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
    created = store.create("job_templates", {**body, "survey_enabled": True, **template})["id"]
    if questions:
        store.set_survey("job_templates", created, {"name": "n", "description": "", "spec": list(questions)})
    return store, created, store.create("workflow_job_templates", {"name": "w", "organization": 1})["id"]


def rejection(store: Store, of: str, **body: Any) -> Any:
    with pytest.raises(ApiError) as caught:
        store.create(of, body)
    assert caught.value.status == 400
    return caught.value.body


def test_a_schedule_must_answer_required_questions_despite_defaults() -> None:
    store, template, _workflow = make_store(question(default="x"))
    body = {"name": "s", "unified_job_template": template, "rrule": DAILY}
    assert rejection(store, "schedules", **body) == {MISSING_ANSWERS: ["'v' value missing"]}
    store.create("schedules", {**body, "extra_data": {"v": "y"}})


def test_a_workflow_node_may_omit_answers_but_not_give_invalid_ones() -> None:
    store, template, workflow = make_store(question(max=1))
    body = {"workflow_job_template": workflow, "unified_job_template": template}
    store.create("workflow_job_template_nodes", {**body, "identifier": "one"})
    wrong = rejection(store, "workflow_job_template_nodes", **body, identifier="two", extra_data={"v": "long"})
    assert wrong == {MISSING_ANSWERS: ["'v' value long is too large (must be no more than 1)."]}


def test_a_node_without_a_template_discards_its_launch_configuration() -> None:
    store, _template, workflow = make_store()
    body = {"workflow_job_template": workflow, "identifier": "ask", "extra_data": {"v": "x"}, "limit": "h"}
    created = store.create("workflow_job_template_nodes", body)
    assert (created["extra_data"], created["limit"], created["identifier"]) == ({}, None, "ask")
    changed = store.change("workflow_job_template_nodes", created["id"], {"identifier": "asked", "limit": "h"})
    assert (changed["limit"], changed["identifier"]) == (None, "asked")


@pytest.mark.parametrize("flags", [{"survey_enabled": False}, {}], ids=["off", "on"])
def test_fields_without_a_prompt_are_rejected(flags: dict[str, Any]) -> None:
    store, template, _workflow = make_store(question(variable="other", required=False), **flags)
    body = {"name": "s", "unified_job_template": template, "rrule": DAILY}
    (text,) = rejection(store, "schedules", **body, extra_data={"v": "x"})["extra_data"]
    assert text.startswith("Variables v are not allowed on launch.")
    (text,) = rejection(store, "schedules", **body, limit="h")["limit"]
    assert text == "Field is not configured to prompt on launch."


def test_fields_with_a_prompt_are_accepted() -> None:
    store, template, _workflow = make_store(ask_variables_on_launch=True, ask_limit_on_launch=True)
    body = {"name": "s", "unified_job_template": template, "rrule": DAILY}
    store.create("schedules", {**body, "extra_data": {"v": "x"}, "limit": "h"})


def test_a_project_rejects_any_launch_configuration() -> None:
    store, _template, _workflow = make_store()
    (project,) = store.find("projects")
    body = {"name": "s", "unified_job_template": project["id"], "rrule": DAILY}
    assert rejection(store, "schedules", **body, limit="h") == {"limit": ["Field is not allowed on launch."]}
    store.create("schedules", body)


def test_only_a_request_with_launch_fields_is_checked_against_the_survey() -> None:
    store, template, _workflow = make_store()
    created = store.create("schedules", {"name": "s", "unified_job_template": template, "rrule": DAILY})["id"]
    store.set_survey("job_templates", template, {"name": "n", "description": "", "spec": [question()]})
    store.change("schedules", created, {"enabled": False})
    with pytest.raises(ApiError):
        store.change("schedules", created, {"enabled": True, "extra_data": {}})


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
def test_answer_problems_by_type_and_limit(given: dict[str, Any], answer: Any, problem: str | None) -> None:
    found = list(surveys.answer_problems(question(**given), {"v": answer}, required=True))
    assert found == ([] if problem is None else [problem])


def test_a_node_accepts_credentials_only_if_its_template_prompts_for_them() -> None:
    store, template, workflow = make_store()
    kind = store.create("credential_types", {"name": "k", "kind": "cloud"})["id"]
    credential = {"id": store.create("credentials", {"name": "c", "organization": 1, "credential_type": kind})["id"]}
    nodes = [
        store.create("workflow_job_template_nodes", {"workflow_job_template": workflow, "identifier": name, **starts})
        for name, starts in (("ask", {}), ("start", {"unified_job_template": template}))
    ]
    for node, text in zip(nodes, ("when related template is null", "not configured to accept credentials")):
        with pytest.raises(ApiError, match=text):
            store.attach("workflow_job_template_nodes", node["id"], "credentials", credential)
    store.change("job_templates", template, {"ask_credential_on_launch": True})
    store.attach("workflow_job_template_nodes", nodes[1]["id"], "credentials", credential)
