# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx against a stand-in for AWX, through the real modules of awx.awx.

They are not part of the tests' environment: `nox -s controller` fetches them and names their folder, AWX_COLLECTIONS.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from controller import Controller
from support.run_playbook import ROOT, Play

COLLECTIONS = os.environ.get("AWX_COLLECTIONS", "")
PROJECT = ROOT / "examples" / "awx-project"
PATIENCE = 300.0  # a run is two dozen modules
PLAYBOOK = "atlasops.network.awx"
SECRET, HOOK = "mdb_sa_sk_9f3c71", "https://hook.example.com/services/token-48a1"
LOGIN = {"MONGODB_ATLAS_CLIENT_ID": "mdb_sa_id_1", "MONGODB_ATLAS_CLIENT_SECRET": SECRET}
SETTINGS = {
    "atlas_awx_scm_url": "https://git.example.com/atlas.git",
    "atlas_awx_image": "registry.example.com/atlas-peering:1",
    "atlas_awx_notification_url": HOOK,
    "atlas_awx_instance_groups": ["default"],
}
# What has nothing to do with the credential.
NOTHING_ELSE = {
    f"controller_{name}": []
    for name in (
        "execution_environments",
        "notifications",
        "projects",
        "inventories",
        "inventory_sources",
        "templates",
        "workflows",
        "schedules",
    )
}

# Tests of one controller, which one process has to run one after the other.
of_settled = pytest.mark.xdist_group("settled")
needs_awx = pytest.mark.skipif(not COLLECTIONS, reason="awx.awx is not at hand; nox -s controller fetches it")


def playbooks():
    """Return what AWX would offer of the skeleton."""
    return [path.name for path in PROJECT.glob("*.yml")]


class Console:
    """Runs the playbook against one controller, each time as somebody at a console would."""

    def __init__(self, folder: Path, controller: Controller):
        self.controller = controller
        self.settings = folder / "settings.json"
        self._play = Play(folder, {})

    def __call__(self, *args, environment=None, settings=None, expected="", login=None):
        collections = os.pathsep.join([str(ROOT / ".cache" / "collections"), COLLECTIONS])
        variables = {
            "ANSIBLE_COLLECTIONS_PATH": collections,
            "CONTROLLER_HOST": self.controller.url,
            **(login or {"CONTROLLER_OAUTH_TOKEN": self.controller.TOKEN}),
            **(environment or {}),
        }
        before = len(self.controller.writes)
        # In a file, as somebody would who has secrets in it: -vvv shows the command line.
        self.settings.write_text(json.dumps(SETTINGS if settings is None else settings))
        args = ["-e", f"@{self.settings}", *args]
        run = self._play.start(playbook=PLAYBOOK, environment=variables, args=args, expected=expected).finish(PATIENCE)
        writes = self.controller.writes[before:]
        return SimpleNamespace(run=run, writes=writes, output=run.output, changed=changed(run))

    def stop(self):
        self._play.stop()


def changed(run):
    return sorted({entry["task"].rpartition(" : ")[2] for entry in run.results if entry["result"].get("changed")})


def written(writes):
    return [(one.method, one.path.removeprefix("/api/v2/"), one.body) for one in writes]


@contextmanager
def console_in(folder):
    with Controller(playbooks()) as controller:
        console = Console(folder, controller)
        try:
            yield console
        finally:
            console.stop()


@pytest.fixture
def console(tmp_path):
    with console_in(tmp_path) as console:
        yield console


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """A controller that the playbook has been applied to once."""
    with console_in(tmp_path_factory.mktemp("settled")) as console:
        console.first = console("-vvv", environment=LOGIN)
        yield console


def objects(console, name):
    return {one.get("name") or one["identifier"]: one for one in console.controller.api.find(name)}


def names_of(console, one, relation, name):
    numbers = console.controller.api.attached(one, relation)
    found = [console.controller.api.get(name, number) for number in numbers]
    return [other.get("name") or other["identifier"] for other in found]


@needs_awx
@of_settled
def test_it_makes_everything(settled):
    assert settled.first.run.returncode == 0
    made = {
        name: list(objects(settled, name)) for name in ("credential_types", "credentials", "projects", "inventories")
    }
    assert made == {
        "credential_types": ["Source Control", "MongoDB Atlas"],
        "credentials": ["MongoDB Atlas"],
        "projects": ["Atlas peering"],
        "inventories": ["Atlas projects"],
    }
    (source,) = objects(settled, "inventory_sources").values()
    assert (source["source"], source["source_path"]) == ("scm", "inventories/atlas_projects.yml")
    assert settled.controller.api.get("credentials", source["credential"])["name"] == "MongoDB Atlas"
    templates = objects(settled, "job_templates")
    assert len(templates) == 4
    for template in templates.values():
        assert names_of(settled, template, "credentials", "credentials") == ["MongoDB Atlas"]
        assert names_of(settled, template, "instance_groups", "instance_groups") == ["default"]
        assert names_of(settled, template, "notification_templates_error", "notification_templates") == [
            "Atlas peering failures"
        ]


@needs_awx
@of_settled
def test_it_fills_the_credential_from_the_environment(settled):
    (credential,) = objects(settled, "credentials").values()
    assert credential["inputs"] == {"client_id": "mdb_sa_id_1", "client_secret": SECRET}
    kind = objects(settled, "credential_types")["MongoDB Atlas"]
    assert kind["injectors"]["env"]["MONGODB_ATLAS_CLIENT_SECRET"] == "{{ client_secret }}"


@needs_awx
@of_settled
def test_it_sends_surveys_schedules_and_nodes_whole(settled):
    templates = objects(settled, "job_templates")
    survey = settled.controller.api.survey(templates["Atlas peering - fleet"]["id"])
    assert [(q["variable"], q["type"], q.get("min"), q.get("max"), q.get("choices")) for q in survey["spec"]] == [
        ("atlas_peering_until", "multiplechoice", None, None, ["action_required", "available"]),
        ("atlas_peering_recreate_on", "multiselect", None, None, ["failed", "expired", "rejected", "changed"]),
        ("atlas_peering_timeout", "integer", 60, 14400, None),
    ]
    schedules = {name: (one["rrule"], one["enabled"]) for name, one in objects(settled, "schedules").items()}
    assert schedules == {
        "Atlas peering - nightly drift report": ("DTSTART:20260105T023000Z RRULE:FREQ=DAILY;INTERVAL=1", True),
        "Atlas peering - weekly reconcile": ("DTSTART:20260105T050000Z RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO", True),
    }
    assert objects(settled, "schedules")["Atlas peering - nightly drift report"]["extra_data"] == {
        "fail_on_drift": "yes"
    }
    nodes = objects(settled, "workflow_job_template_nodes")
    assert {name: node["extra_data"] for name, node in nodes.items()} == {
        "report": {"fail_on_drift": "yes"},
        "approval": {},
        "reconcile": {"atlas_peering_until": "action_required", "atlas_peering_timeout": 7200},
    }
    ways = {
        (name, way): names_of(settled, node, f"{way}_nodes", "workflow_job_template_nodes")
        for name, node in nodes.items()
        for way in ("success", "failure", "always")
    }
    assert {key: led for key, led in ways.items() if led} == {
        ("report", "failure"): ["approval"],
        ("approval", "success"): ["reconcile"],
    }
    (approval,) = settled.controller.api.find("workflow_approval_templates")
    assert nodes["approval"]["unified_job_template"] == approval["id"]
    assert approval["timeout"] == 3 * 24 * 3600
    assert nodes["reconcile"]["unified_job_template"] == templates["Atlas peering - fleet"]["id"]


@needs_awx
@of_settled
def test_no_secret_is_in_the_output(settled):
    for secret in (SECRET, HOOK, settled.controller.TOKEN):
        assert secret not in settled.first.output


@needs_awx
@of_settled
def test_a_second_run_changes_nothing(settled):
    login = {"CONTROLLER_USERNAME": settled.controller.USERNAME, "CONTROLLER_PASSWORD": settled.controller.PASSWORD}
    again = settled(environment=LOGIN, login=login)
    assert written(again.writes) == []
    assert again.changed == []
    assert settled.controller.PASSWORD not in again.output


@needs_awx
@of_settled
def test_one_other_time_is_one_change(settled):
    """And without Atlas' secrets at hand, the controller keeps those it has."""
    rrule = "DTSTART;TZID=Europe/Berlin:20260105T060000 RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=TU"
    changes = {**SETTINGS, "atlas_awx_reconcile_rrule": rrule}
    only_schedules = {name: value for name, value in NOTHING_ELSE.items() if name != "controller_schedules"}
    predicted = settled("--check", settings={**changes, **only_schedules})
    assert (written(predicted.writes), predicted.changed) == ([], ["Schedules"])
    done = settled(settings=changes)
    number = objects(settled, "schedules")["Atlas peering - weekly reconcile"]["id"]
    ((method, path, body),) = written(done.writes)
    assert (method, path, body["rrule"]) == ("PATCH", f"schedules/{number}/", rrule)
    assert done.changed == ["Schedules"]


@needs_awx
@of_settled
def test_a_schedule_without_answers_is_refused_as_awx_does(settled):
    """The default of a question is no answer to AWX, so the data must not rely on it."""
    mute = {"name": "mute", "description": "", "organization": "Default", "enabled": False}
    mute |= {
        "unified_job_template": "Atlas peering - report",
        "rrule": "DTSTART:20260105T023000Z RRULE:FREQ=DAILY;INTERVAL=1",
    }
    run = settled(settings={**SETTINGS, **NOTHING_ELSE, "controller_schedules": [mute]}).run
    assert (
        "Unable to create schedule mute: {'variables_needed_to_start': [\"'fail_on_drift' value missing\"]}"
        in run.output
    )


@needs_awx
@of_settled
def test_a_question_that_nothing_answers_is_told_before_anything_is_written(settled):
    question = {"question_name": "q", "variable": "reason", "type": "text", "required": True}
    survey = {"name": "n", "description": "", "spec": [question]}
    run = settled(
        settings={**SETTINGS, "atlas_awx_surveys": dict.fromkeys(("peer", "fleet", "report", "remove"), survey)}
    )
    assert "require reason without a default" in run.run.msg(
        "Jobs that start by themselves have an answer to each required question"
    )
    assert written(run.writes) == []


@needs_awx
def test_check_mode_writes_nothing_to_an_empty_controller(console):
    predicted = console("--check")
    assert predicted.run.returncode == 0, predicted.output
    assert written(predicted.writes) == []
    assert {"Credential type", "Project", "Inventory"} <= set(predicted.changed)
    assert "Not all of it is on the controller yet" in predicted.output


@needs_awx
def test_a_bare_setting_needs_neither_image_nor_notification(console):
    bare = {"atlas_awx_scm_url": SETTINGS["atlas_awx_scm_url"]}
    assert console(settings=bare).run.returncode == 0
    assert objects(console, "execution_environments") == {}
    assert objects(console, "notification_templates") == {}
    assert objects(console, "credentials")["MongoDB Atlas"]["inputs"] == {}
    assert all(one["execution_environment"] is None for one in objects(console, "job_templates").values())


@needs_awx
def test_secrets_are_renewed_on_request_only(console):
    settings = {**SETTINGS, **NOTHING_ELSE}
    console(environment=LOGIN, settings=settings)
    stray = {"MONGODB_ATLAS_PROJECT_ID": "5f1a2b3c4d5e6f7a8b9c0d1e", "MONGODB_ATLAS_CLIENT_ID": "mdb_sa_id_2"}
    assert written(console(environment=stray, settings=settings).writes) == [], "half a way to log in empties nothing"
    other = {**LOGIN, "MONGODB_ATLAS_CLIENT_SECRET": "mdb_sa_sk_other"}
    assert written(console(environment=other, settings=settings).writes) == []
    renewed = console(
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
def test_a_refused_credential_shows_no_secret(console):
    inputs = {"client_secret": SECRET, "colour": "red"}
    settings = {**SETTINGS, **NOTHING_ELSE, "atlas_awx_credential_inputs": inputs}
    run = console("-vvv", settings=settings).run
    assert run.returncode != 0
    assert "'colour' was unexpected" in run.output
    assert SECRET not in run.output


def test_without_awx_awx_it_says_what_to_install(tmp_path):
    play = Play(tmp_path, {})
    run = play(playbook=PLAYBOOK, environment={}, args=["-e", json.dumps(SETTINGS)])
    assert run.returncode != 0
    assert "The collection awx.awx is missing" in run.msg("The collection that talks to the controller is there")
    assert "ansible-galaxy collection install awx.awx" in run.output


@needs_awx
def test_without_a_project_it_says_what_to_set(console):
    run = console(settings={}).run
    assert "atlas_awx_scm_url is empty" in run.msg("The project's repository is named")
