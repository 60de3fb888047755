# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The survey answers of the schedules and the workflow, for surveys of every kind."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from awx_stub import launch_config
from support.awx_data import PATHS, SURVEYS

Json = dict[str, Any]
REPORT, FLEET = "Atlas peering - report", "Atlas peering - fleet"
CHOICES = {"choices": ["a", "b"]}
# Questions, each with the answer that its default is.
ANSWERED: list[tuple[Json, Any]] = [
    ({"type": "text", "default": "x"}, "x"),
    ({"type": "text", "default": "5"}, "5"),
    ({"type": "textarea", "default": "x\ny"}, "x\ny"),
    ({"type": "integer", "default": 0}, 0),
    ({"type": "float", "default": 1.5}, 1.5),
    ({"type": "multiplechoice", "default": "b", **CHOICES}, "b"),
    ({"type": "multiselect", "default": "b", **CHOICES}, ["b"]),
    ({"type": "multiselect", "default": "a\nb", **CHOICES}, ["a", "b"]),
]
# Questions whose default cannot be the answer.
UNANSWERED: list[tuple[Json, Any]] = [
    ({"type": "text", "default": ""}, None),
    ({"type": "text"}, None),
    ({"type": "password", "default": "x"}, None),
    ({"type": "integer", "default": ""}, None),
    ({"type": "multiplechoice", "default": "", **CHOICES}, None),
    ({"type": "multiselect", "default": "", **CHOICES}, None),
]


def templated(overrides: Json, *names: str) -> list[Any]:
    """Return variables of the role, templated with these extra variables."""
    variables = {**loaded(), **overrides}
    return [Templar(loader=DataLoader(), variables=variables).template(variables[name]) for name in names]


@functools.cache
def loaded() -> Json:
    """Return the variables of the role as Ansible loads them."""
    loader, found = DataLoader(), {}
    for path in PATHS:
        found.update(loader.load_from_file(str(path), trusted_as_template=True))
    return found


def surveys_with(name: str, questions: Sequence[Json]) -> Json:
    """Return the surveys, with questions added to one of them."""
    found: Json = deepcopy(SURVEYS)
    found[name]["spec"].extend(questions)
    return found


def accepts(template: Json, extra_data: Json, *, required: bool) -> bool:
    """Whether AWX accepts these answers; launch_config.check raises if not."""
    stored = {
        **dict.fromkeys(launch_config.PROMPT_FLAGS.values(), False),
        **template,
        "type": "job_template",
        "survey_enabled": template["survey_enabled"],
    }
    launch_config.check(
        stored, {**dict.fromkeys(launch_config.PROMPT_FLAGS), "extra_data": extra_data}, required=required
    )
    return True


@pytest.mark.parametrize("name", ["fleet", "report"])
@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("asked", [ANSWERED, UNANSWERED], ids=["answered", "unanswered"])
def test_schedules_and_nodes_answer_each_required_question(
    name: str, enabled: bool, required: bool, asked: list[tuple[Json, Any]]
) -> None:
    answers = {f"asked_{number}": answer for number, (_question, answer) in enumerate(asked)}
    questions = [
        {"question_name": variable, "variable": variable, "required": required, **question}
        for variable, (question, _answer) in zip(answers, asked)
    ]
    overrides: Json = {"atlas_awx_surveys": surveys_with(name, questions)}
    (templates,) = templated(overrides, "controller_templates")
    overrides["controller_templates"] = [{**one, "survey_enabled": enabled} for one in templates]
    found = templated(overrides, "controller_schedules", "controller_workflows", "__atlas_awx_unanswered")
    (nightly, weekly), (workflow,), unanswered = found
    needed = answers if enabled and required else {}
    assert sorted(unanswered) == [variable for variable, answer in needed.items() if answer is None]
    nodes = {node["identifier"]: node for node in workflow["simplified_workflow_nodes"]}
    expected = {variable: answer for variable, answer in needed.items() if answer is not None}
    started = {"report": (REPORT, [nightly, nodes["report"]]), "fleet": (FLEET, [nodes["reconcile"]])}
    assert "extra_data" not in weekly, "the workflow has no survey"
    for survey, (title, starters) in started.items():
        (template,) = (one for one in overrides["controller_templates"] if one["name"] == title)
        for starter in starters:
            assert starter["unified_job_template"] == title
            extra_data = starter["extra_data"]
            assert {key: value for key, value in extra_data.items() if key in answers} == (
                expected if survey == name else {}
            )
            assert unanswered or accepts(template, extra_data, required=True)


@pytest.mark.parametrize("default", ["yes", "no"])
def test_workflow_report_always_fails_on_drift(default: str) -> None:
    surveys: Json = deepcopy(SURVEYS)
    question = next(one for one in surveys["report"]["spec"] if one["variable"] == "fail_on_drift")
    question["default"] = default
    (nightly, _weekly), (workflow,) = templated(
        {"atlas_awx_surveys": surveys}, "controller_schedules", "controller_workflows"
    )
    others = {"atlas_peering_report_usable": "no"}
    assert nightly["extra_data"] == {"fail_on_drift": default, **others}
    assert workflow["simplified_workflow_nodes"][0]["extra_data"] == {"fail_on_drift": "yes", **others}


def test_schedules_without_templates_answer_the_default_surveys() -> None:
    (nightly, _weekly), (workflow,) = templated(
        {"controller_templates": []}, "controller_schedules", "controller_workflows"
    )
    assert nightly["extra_data"] == {"fail_on_drift": "yes", "atlas_peering_report_usable": "no"}
    assert set(workflow["simplified_workflow_nodes"][2]["extra_data"]) == {
        "atlas_peering_until",
        "atlas_peering_timeout",
    }


def test_all_jobs_get_credentials_of_other_side() -> None:
    (bare,) = templated({}, "controller_templates")
    (found,) = templated({"atlas_awx_cloud_credentials": ["AWS", "Azure"]}, "controller_templates")
    assert [one["credentials"] for one in bare] == [["MongoDB Atlas"]] * 4
    assert [one["credentials"] for one in found] == [["MongoDB Atlas", "AWS", "Azure"]] * 4


def test_survey_in_template_is_answered() -> None:
    spec = [{"question_name": "q", "variable": "v", "required": True, "type": "text", "default": "x"}]
    own = {"name": REPORT, "survey_enabled": True, "survey_spec": {"name": "n", "description": "", "spec": spec}}
    (nightly, _weekly), (workflow,) = templated(
        {"controller_templates": [own]}, "controller_schedules", "controller_workflows"
    )
    assert nightly["extra_data"] == {"v": "x"}
    assert workflow["simplified_workflow_nodes"][0]["extra_data"] == {"v": "x"}
