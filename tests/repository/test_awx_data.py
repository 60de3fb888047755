# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that the role atlas_awx defines: they are consistent, and in the form that the infra.* roles document."""

from __future__ import annotations

import re

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.module_utils import options
from awx_stub import surveys
from support.awx_data import DATA, SURVEYS

TEMPLATES = {one["playbook"].removesuffix(".yml"): one for one in DATA["controller_templates"]}
QUESTIONS = [(name, question) for name, survey in SURVEYS.items() for question in survey["spec"]]
YES_OR_NO = ("yes", "no")

# The keys that infra.aap_configuration documents for the items of each variable, as far as the role uses them.
NAMED = {"name", "description", "organization"}
DOCUMENTED = {
    "controller_credential_types": {"name", "description", "kind", "inputs", "injectors"},
    "controller_credentials": NAMED | {"credential_type", "inputs", "update_secrets"},
    "controller_execution_environments": NAMED | {"image", "pull", "credential"},
    "controller_notifications": NAMED | {"notification_type", "notification_configuration", "messages"},
    "controller_projects": NAMED
    | {"scm_type", "scm_url", "scm_branch", "scm_clean", "scm_update_on_launch", "scm_update_cache_timeout"}
    | {"credential", "default_environment", "timeout", "wait"},
    "controller_inventories": NAMED | {"kind", "variables", "host_filter", "instance_groups"},
    "controller_inventory_sources": NAMED
    | {"inventory", "source", "source_project", "source_path", "source_vars", "credential", "execution_environment"}
    | {"overwrite", "overwrite_vars", "update_on_launch", "update_cache_timeout", "timeout", "verbosity"}
    | {"notification_templates_error"},
    "controller_templates": NAMED
    | {"job_type", "project", "playbook", "inventory", "credentials", "execution_environment", "instance_groups"}
    | {"notification_templates_error", "ask_job_type_on_launch", "ask_limit_on_launch", "diff_mode", "survey_enabled"}
    | {"survey_spec", "allow_simultaneous", "forks", "job_slice_count", "timeout"},
    "controller_workflows": NAMED
    | {"allow_simultaneous", "notification_templates_error", "notification_templates_approvals"}
    | {"simplified_workflow_nodes"},
    "controller_schedules": NAMED | {"unified_job_template", "rrule", "enabled", "extra_data"},
}
DOCUMENTED_NODE = {"identifier", "unified_job_template", "lookup_organization", "approval_node", "extra_data"} | {
    f"{way}_nodes" for way in ("success", "failure", "always")
}
# Variables whose list depends on a setting -> their only possible item.
OPTIONAL = {
    "controller_execution_environments": "__atlas_awx_execution_environment",
    "controller_notifications": "__atlas_awx_notification",
}


def items(variable):
    return [DATA[OPTIONAL[variable]]] if variable in OPTIONAL else DATA[variable]


def test_every_infra_variable_is_documented():
    assert {name for name in DATA if name.startswith("controller_")} == set(DOCUMENTED)


@pytest.mark.parametrize("variable", DOCUMENTED)
def test_items_have_documented_keys_only(variable):
    for item in items(variable):
        assert set(item) <= DOCUMENTED[variable]
        for node in item.get("simplified_workflow_nodes", []):
            assert set(node) <= DOCUMENTED_NODE


@pytest.mark.parametrize("variable", DOCUMENTED)
def test_tasks_use_every_documented_key(root, variable):
    files = (root / "roles" / "atlas_awx" / "tasks").glob("*.yml")
    tasks = [task for path in files for task in path.read_text().split("\n- name: ") if variable in task]
    used = set(re.findall(r"(?:\bitem|item\.[01]|atlas_awx_item)\.([a-z_]+)", "".join(tasks)))
    for item in items(variable):
        nodes = {key for node in item.get("simplified_workflow_nodes", []) for key in node}
        assert (set(item) | nodes) - {"simplified_workflow_nodes"} <= used


def test_every_reference_is_defined():
    names = {variable: {item["name"] for item in items(variable)} for variable in DOCUMENTED}
    for template in DATA["controller_templates"]:
        assert template["project"] in names["controller_projects"]
        assert template["inventory"] in names["controller_inventories"]
        assert template["credentials"] == "{{ ['MongoDB Atlas'] + atlas_awx_cloud_credentials }}"
        assert "MongoDB Atlas" in names["controller_credentials"]
    runnable = names["controller_templates"] | names["controller_workflows"]
    assert {one["unified_job_template"] for one in DATA["controller_schedules"]} <= runnable
    (workflow,) = DATA["controller_workflows"]
    nodes = {node["identifier"]: node for node in workflow["simplified_workflow_nodes"]}
    assert nodes["report"]["failure_nodes"] == ["approval"]
    assert nodes["approval"]["success_nodes"] == ["reconcile"]
    assert {node["unified_job_template"] for node in nodes.values() if "approval_node" not in node} <= runnable


def test_example_project_has_playbooks_of_jobs(root):
    project = root / "examples" / "awx-project"
    (source,) = DATA["controller_inventory_sources"]
    assert (project / source["source_path"]).is_file()
    for name in TEMPLATES:
        last = yaml.safe_load((project / f"{name}.yml").read_text())[-1]
        assert last["ansible.builtin.import_playbook"] == f"atlasops.network.{name}"


def test_surveys_follow_awx_rules():
    assert {name: list(surveys.problems(survey)) for name, survey in SURVEYS.items()} == {
        name: [] for name in TEMPLATES
    }
    assert {name: f"{{{{ atlas_awx_surveys.{name} }}}}" for name in TEMPLATES} == {
        name: template["survey_spec"] for name, template in TEMPLATES.items()
    }


@pytest.mark.parametrize(("survey", "question"), QUESTIONS)
def test_questions_have_a_description_and_limits(survey, question):
    assert len(question["question_description"]) > 10
    if question["type"] in ("multiplechoice", "multiselect"):
        assert question["choices"]
    else:
        assert "max" in question
    if question["type"] == "text" and not question["required"]:
        assert "min" not in question, "an empty answer would violate it"


@pytest.mark.parametrize(("survey", "question"), QUESTIONS)
def test_defaults_are_valid_answers(survey, question):
    """AWX does not check a default against the limits, and drops one beyond them when it starts the job."""
    given = {question["variable"]: question["default"]} if question["default"] != "" else {}
    assert list(surveys.answer_problems(question, given, required=False)) == []


@pytest.mark.parametrize(("survey", "question"), QUESTIONS)
def test_answers_set_existing_variables(root, survey, question):
    variables = yaml.safe_load((root / "roles/atlas_peering/vars/main.yml").read_text())["__atlas_peering_spec"]
    name = question["variable"]
    if name.startswith("connection_"):
        option = options.PEERING_SPEC[name.removeprefix("connection_")]
    elif name in variables:
        option = variables[name]
    else:
        assert re.search(rf"\b{name}\b", (root / "examples" / "awx-project" / f"{survey}.yml").read_text())
        return
    if "choices" in question:
        assert set(question["choices"]) == set(option.get("choices", YES_OR_NO if option["type"] == "bool" else ()))
    assert question["type"] != "integer" or option["type"] == "int"


def test_survey_of_peer_asks_for_every_connection_option():
    asked = {question["variable"] for question in SURVEYS["peer"]["spec"]}
    instead_of_ids = {"peer_id", "container_id"}  # by identity and by region, which people know
    assert {f"connection_{name}" for name in set(options.PEERING_SPEC) - instead_of_ids} <= asked


def test_surveys_offer_the_other_side_except_to_a_fleet():
    """An answer would override what the inventory of a fleet says."""
    asked = {name: {question["variable"] for question in survey["spec"]} for name, survey in SURVEYS.items()}
    acting = {"atlas_peering_other_side", "atlas_peering_access_list"}
    assert acting <= asked["peer"] & asked["remove"]
    assert {"atlas_peering_other_side", "atlas_peering_report_usable"} <= asked["report"]
    assert not acting & asked["fleet"]


def test_job_timeouts_exceed_the_longest_wait():
    for name, survey in SURVEYS.items():
        waits = [question["max"] for question in survey["spec"] if question["variable"] == "atlas_peering_timeout"]
        assert all(TEMPLATES[name]["timeout"] > longest for longest in waits)


def test_recreate_on_has_empty_default_in_surveys():
    defaults = {q["variable"]: q["default"] for name, q in QUESTIONS}
    assert defaults["atlas_peering_recreate_on"] == ""


def test_guide_awx_names_every_setting(root):
    specs = yaml.safe_load((root / "roles" / "atlas_awx" / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    guide = (root / "docs" / "docsite" / "rst" / "guide_awx.rst").read_text()
    assert [name for name in specs["main"]["options"] if name not in guide] == []
