# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx, applied to one organization of a stub of AWX."""

from __future__ import annotations

import json

import pytest

from support.run_awx import (
    LOGIN,
    ONLY_CREDENTIALS,
    PLAYBOOK,
    SECRET,
    SETTINGS,
    WEBHOOK_URL,
    needs_awx,
    runner_in,
    written,
)
from support.run_playbook import Play


@pytest.fixture
def runner(tmp_path):
    with runner_in(tmp_path) as runner:
        yield runner


@pytest.fixture
def configured(tmp_path, applied):
    """A stub that the playbook has been applied to once."""
    with runner_in(tmp_path, like=applied) as runner:
        yield runner


def objects(runner, name):
    return {one.get("name") or one["identifier"]: one for one in runner.stub.store.find(name)}


def names_of(runner, one, relation, name):
    numbers = runner.stub.store.attached(one, relation)
    found = [runner.stub.store.get(name, number) for number in numbers]
    return [other.get("name") or other["identifier"] for other in found]


@needs_awx
def test_first_run_creates_all_objects(configured, applied):
    assert applied.first.run.returncode == 0
    made = {
        name: list(objects(configured, name)) for name in ("credential_types", "credentials", "projects", "inventories")
    }
    assert made == {
        "credential_types": ["Source Control", "MongoDB Atlas"],
        "credentials": ["MongoDB Atlas"],
        "projects": ["Atlas peering"],
        "inventories": ["Atlas projects"],
    }
    (source,) = objects(configured, "inventory_sources").values()
    assert (source["source"], source["source_path"]) == ("scm", "inventories/atlas_projects.yml")
    assert configured.stub.store.get("credentials", source["credential"])["name"] == "MongoDB Atlas"
    templates = objects(configured, "job_templates")
    assert len(templates) == 4
    for template in templates.values():
        assert names_of(configured, template, "credentials", "credentials") == ["MongoDB Atlas"]
        assert names_of(configured, template, "instance_groups", "instance_groups") == ["default"]
        assert names_of(configured, template, "notification_templates_error", "notification_templates") == [
            "Atlas peering failures"
        ]


@needs_awx
def test_credential_is_filled_from_environment(configured):
    (credential,) = objects(configured, "credentials").values()
    assert credential["inputs"] == {"client_id": "mdb_sa_id_1", "client_secret": SECRET}
    kind = objects(configured, "credential_types")["MongoDB Atlas"]
    assert kind["injectors"]["env"]["MONGODB_ATLAS_CLIENT_SECRET"] == "{{ client_secret }}"


@needs_awx
def test_surveys_schedules_and_nodes_are_complete(configured):
    templates = objects(configured, "job_templates")
    survey = configured.stub.store.survey(templates["Atlas peering - fleet"]["id"])
    assert [(q["variable"], q["type"], q.get("min"), q.get("max"), q.get("choices")) for q in survey["spec"]] == [
        ("atlas_peering_until", "multiplechoice", None, None, ["action_required", "available"]),
        ("atlas_peering_recreate_on", "multiselect", None, None, ["failed", "expired", "rejected", "changed"]),
        ("atlas_peering_timeout", "integer", 60, 14400, None),
    ]
    schedules = {name: (one["rrule"], one["enabled"]) for name, one in objects(configured, "schedules").items()}
    assert schedules == {
        "Atlas peering - nightly drift report": ("DTSTART:20260105T023000Z RRULE:FREQ=DAILY;INTERVAL=1", True),
        "Atlas peering - weekly reconcile": ("DTSTART:20260105T050000Z RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO", True),
    }
    report = {"fail_on_drift": "yes", "atlas_peering_report_usable": "no"}
    assert objects(configured, "schedules")["Atlas peering - nightly drift report"]["extra_data"] == report
    nodes = objects(configured, "workflow_job_template_nodes")
    assert {name: node["extra_data"] for name, node in nodes.items()} == {
        "report": report,
        "approval": {},
        "reconcile": {"atlas_peering_until": "action_required", "atlas_peering_timeout": 7200},
    }
    ways = {
        (name, way): names_of(configured, node, f"{way}_nodes", "workflow_job_template_nodes")
        for name, node in nodes.items()
        for way in ("success", "failure", "always")
    }
    assert {key: led for key, led in ways.items() if led} == {
        ("report", "failure"): ["approval"],
        ("approval", "success"): ["reconcile"],
    }
    (approval,) = configured.stub.store.find("workflow_approval_templates")
    assert nodes["approval"]["unified_job_template"] == approval["id"]
    assert approval["timeout"] == 3 * 24 * 3600
    assert nodes["reconcile"]["unified_job_template"] == templates["Atlas peering - fleet"]["id"]


@needs_awx
def test_output_contains_no_secret(applied):
    for secret in (SECRET, WEBHOOK_URL, applied.stub.TOKEN):
        assert secret not in applied.first.output


@needs_awx
def test_second_run_is_unchanged(configured):
    login = {"CONTROLLER_USERNAME": configured.stub.USERNAME, "CONTROLLER_PASSWORD": configured.stub.PASSWORD}
    again = configured(environment=LOGIN, login=login)
    assert written(again.writes) == []
    assert again.changed == []
    assert configured.stub.PASSWORD not in again.output


@needs_awx
def test_one_changed_schedule_is_one_write(configured):
    """Without Atlas credentials in the environment, AWX keeps the stored ones."""
    rrule = "DTSTART;TZID=Europe/Berlin:20260105T060000 RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=TU"
    changes = {**SETTINGS, "atlas_awx_reconcile_rrule": rrule}
    only_schedules = {name: value for name, value in ONLY_CREDENTIALS.items() if name != "controller_schedules"}
    predicted = configured("--check", settings={**changes, **only_schedules})
    assert (written(predicted.writes), predicted.changed) == ([], ["Schedules"])
    done = configured(settings={**changes, **only_schedules})
    number = objects(configured, "schedules")["Atlas peering - weekly reconcile"]["id"]
    ((method, path, body),) = written(done.writes)
    assert (method, path, body["rrule"]) == ("PATCH", f"schedules/{number}/", rrule)
    assert done.changed == ["Schedules"]


@needs_awx
def test_schedule_without_required_answers_is_rejected(configured):
    """AWX does not use the default of a question here, so the data must not rely on it."""
    mute = {"name": "mute", "description": "", "organization": "Default", "enabled": False}
    mute |= {
        "unified_job_template": "Atlas peering - report",
        "rrule": "DTSTART:20260105T023000Z RRULE:FREQ=DAILY;INTERVAL=1",
    }
    run = configured(settings={**SETTINGS, **ONLY_CREDENTIALS, "controller_schedules": [mute]}).run
    missing = ["'fail_on_drift' value missing", "'atlas_peering_report_usable' value missing"]
    assert f"Unable to create schedule mute: {{'variables_needed_to_start': {missing}}}" in run.output


@needs_awx
def test_unanswered_required_question_fails_before_any_write(configured):
    question = {"question_name": "q", "variable": "reason", "type": "text", "required": True}
    survey = {"name": "n", "description": "", "spec": [question]}
    run = configured(
        settings={**SETTINGS, "atlas_awx_surveys": dict.fromkeys(("peer", "fleet", "report", "remove"), survey)}
    )
    assert "require reason and have no usable default" in run.run.msg(
        "Check that jobs without a prompt have all required answers"
    )
    assert written(run.writes) == []


@needs_awx
def test_check_mode_writes_nothing_to_empty_awx(runner):
    predicted = runner("--check")
    assert predicted.run.returncode == 0, predicted.output
    assert written(predicted.writes) == []
    assert {"Credential type", "Project", "Inventory"} <= set(predicted.changed)
    assert "Some objects do not exist yet" in predicted.output


@needs_awx
@pytest.mark.slow
def test_image_and_notification_are_optional(runner):
    bare = {"atlas_awx_scm_url": SETTINGS["atlas_awx_scm_url"]}
    assert runner(settings=bare).run.returncode == 0
    assert objects(runner, "execution_environments") == {}
    assert objects(runner, "notification_templates") == {}
    assert objects(runner, "credentials")["MongoDB Atlas"]["inputs"] == {}
    assert all(one["execution_environment"] is None for one in objects(runner, "job_templates").values())


@needs_awx
def test_secrets_are_updated_only_on_request(configured):
    settings = {**SETTINGS, **ONLY_CREDENTIALS}
    stray = {"MONGODB_ATLAS_PROJECT_ID": "5f1a2b3c4d5e6f7a8b9c0d1e", "MONGODB_ATLAS_CLIENT_ID": "mdb_sa_id_2"}
    assert written(configured(environment=stray, settings=settings).writes) == [], "incomplete ones change nothing"
    other = {**LOGIN, "MONGODB_ATLAS_CLIENT_SECRET": "mdb_sa_sk_other"}
    assert written(configured(environment=other, settings=settings).writes) == []
    renewed = configured(
        "-vvv",
        environment=other,
        settings={**settings, "atlas_awx_update_secrets": True},
        expected="has encrypted data",
    )
    ((method, path, body),) = written(renewed.writes)
    assert (method, path.partition("/")[0]) == ("PATCH", "credentials")
    assert body["inputs"]["client_secret"] == "mdb_sa_sk_other"
    assert "mdb_sa_sk_other" not in renewed.output


@needs_awx
def test_rejected_credential_shows_no_secret(runner):
    inputs = {"client_secret": SECRET, "colour": "red"}
    settings = {**SETTINGS, **ONLY_CREDENTIALS, "atlas_awx_credential_inputs": inputs}
    run = runner("-vvv", settings=settings).run
    assert run.returncode != 0
    assert "'colour' was unexpected" in run.output
    assert SECRET not in run.output


def test_missing_awx_awx_fails_with_command(tmp_path):
    play = Play(tmp_path, {})
    run = play(playbook=PLAYBOOK, environment={}, args=["-e", json.dumps(SETTINGS)])
    assert run.returncode != 0
    assert "The collection awx.awx is not installed" in run.msg("Check that awx.awx is installed")
    assert "ansible-galaxy collection install awx.awx" in run.output


@needs_awx
def test_missing_scm_url_fails(runner):
    run = runner(settings={}).run
    assert "atlas_awx_scm_url is empty" in run.msg("Check that the address of the project is set")
