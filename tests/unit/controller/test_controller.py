# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for AWX refuses what AWX refuses, and answers as awx.awx reads it."""

from __future__ import annotations

import pytest
import requests

from controller import Controller

REFERENCES = {"organization": 1}
SURVEY = {"name": "a", "description": "", "spec": []}
QUESTION = {"type": "text", "question_name": "q", "variable": "v", "required": True}


class Client:
    """Asks the stand-in, as an administrator."""

    def __init__(self, controller):
        self.controller = controller
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {controller.TOKEN}"
        self.session.trust_env = False

    def __call__(self, method, path, **body):
        return self.session.request(method, f"{self.controller.url}/api/v2/{path}", json=body or None, timeout=10)

    def made(self, of, /, **body):
        answer = self("POST", f"{of}/", **body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def refused(self, method, path, status=400, **body):
        answer = self(method, path, **body)
        assert answer.status_code == status, answer.text
        return answer.text


@pytest.fixture(scope="module")
def client():
    with Controller(["peer.yml"]) as controller:
        yield Client(controller)


@pytest.fixture(scope="module")
def project(client):
    made = client.made("projects", name="p", organization=1, scm_type="git", scm_url="https://git.example.com/p.git")
    update = made["summary_fields"]["current_update"]["id"]
    assert client("GET", f"project_updates/{update}/").json()["status"] == "successful"
    return made["id"]


@pytest.fixture(scope="module")
def inventory(client):
    return client.made("inventories", name="i", organization=1)["id"]


@pytest.fixture(scope="module")
def template(client, project, inventory):
    return client.made("job_templates", name="t", project=project, inventory=inventory, playbook="peer.yml")


@pytest.fixture(scope="module")
def workflow(client):
    return client.made("workflow_job_templates", name="w", organization=1)["id"]


@pytest.fixture(scope="module")
def kind(client):
    fields = [{"id": "user", "label": "User"}, {"id": "word", "label": "Word", "secret": True}]
    return client.made("credential_types", name="k", kind="cloud", inputs={"fields": fields})["id"]


def test_strangers_are_refused(client):
    answer = requests.get(f"{client.controller.url}/api/v2/projects/", timeout=10)
    assert answer.status_code == 401
    assert answer.headers["X-API-Product-Name"] == "AWX"
    assert requests.get(f"{client.controller.url}/api/v2/ping/", timeout=10).status_code == 200


def test_a_password_gives_a_token(client):
    url = f"{client.controller.url}/api/v2/tokens/"
    login = client.controller.USERNAME, client.controller.PASSWORD
    assert requests.post(url, json={}, auth=login, timeout=10).json()["token"] == client.controller.TOKEN
    assert requests.post(url, json={}, auth=("admin", "wrong"), timeout=10).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "organization"),
        ({"name": "x", "organization": 999}, "organization"),
        ({"name": "x", "organization": "1"}, "organization"),
        ({"name": "", "organization": 1}, "name"),
        ({"name": 7, "organization": 1}, "name"),
        ({"name": "x" * 513, "organization": 1}, "name"),
        ({"name": "x", "organization": 1, "kind": "clever"}, "kind"),
        ({"name": "x", "organization": 1, "colour": "red"}, "colour"),
        ({"name": "x", "organization": 1, "prevent_instance_group_fallback": 1}, "prevent_instance_group_fallback"),
    ],
)
def test_fields_are_held_against_the_table(client, body, field):
    assert f'"{field}"' in client.refused("POST", "inventories/", **body)


def test_numbers_have_a_lower_limit(client, template):
    assert "forks" in client.refused("PATCH", f"job_templates/{template['id']}/", forks=-1)


def test_null_means_empty_in_a_text(client):
    made = client.made("inventories", name="null", organization=1, kind=None, host_filter=None)
    assert (made["kind"], made["host_filter"]) == ("", None)


def test_names_are_unique_within_an_organization(client, inventory):
    taken = client.refused("POST", "inventories/", name="i", organization=1)
    assert "Inventory with this Name and Organization already exists." in taken


def test_lists_come_in_pages_and_by_filters(client):
    for number in range(30):
        client.made("execution_environments", name=f"ee{number}", image="x")
    first = client("GET", "execution_environments/").json()
    assert (first["count"], len(first["results"])) == (30, 25)
    assert first["next"] == "/api/v2/execution_environments/?page=2"
    second = client("GET", "execution_environments/?page=2").json()
    assert (len(second["results"]), second["next"]) == (5, None)
    assert client("GET", "execution_environments/?name=ee7").json()["count"] == 1
    assert (
        client("GET", f"execution_environments/?or__id={first['results'][0]['id']}&or__name=ee7").json()["count"] == 2
    )
    assert "no field named" in client.refused("GET", "execution_environments/?colour=red")


def test_what_is_not_there_is_not_found(client):
    client.refused("GET", "inventories/999/", status=404)
    client.refused("GET", "teapots/", status=404)
    client.refused("PUT", "inventories/", status=501)


def test_objects_can_be_deleted(client):
    made = client.made("inventories", name="gone", organization=1)
    assert client("DELETE", f"inventories/{made['id']}/").status_code == 204
    client.refused("GET", f"inventories/{made['id']}/", status=404)


def test_secrets_are_hidden_and_kept(client, kind):
    made = client.made("credentials", name="c", organization=1, credential_type=kind, inputs={"user": "u", "word": "s"})
    assert made["inputs"] == {"user": "u", "word": "$encrypted$"}
    client("PATCH", f"credentials/{made['id']}/", inputs={"user": "v", "word": "$encrypted$"})
    assert client.controller.store.get("credentials", made["id"])["inputs"] == {"user": "v", "word": "s"}


def test_inputs_are_those_of_the_type(client, kind):
    body = {"name": "d", "organization": 1, "credential_type": kind}
    assert "unexpected" in client.refused("POST", "credentials/", **body, inputs={"colour": "red"})
    assert "is not of type 'string'" in client.refused("POST", "credentials/", **body, inputs={"user": True})
    assert "reserved keyword" in client.refused("POST", "credentials/", **body, inputs={"word": "$encrypted$"})
    assert "organization" in client.refused("POST", "credentials/", name="d", credential_type=kind)


def test_a_type_in_use_keeps_its_inputs(client, kind):
    client("POST", "credentials/", name="e", organization=1, credential_type=kind, inputs={})
    client.refused("PATCH", f"credential_types/{kind}/", status=403, inputs={"fields": []})


def test_a_managed_type_cannot_be_changed(client):
    (managed,) = client("GET", "credential_types/?name=Source+Control").json()["results"]
    assert "managed" in client.refused("PATCH", f"credential_types/{managed['id']}/", status=403, description="x")


def test_a_template_takes_no_credential_of_a_repository(client, template):
    (managed,) = client("GET", "credential_types/?name=Source+Control").json()["results"]
    git = client.made("credentials", name="git", organization=1, credential_type=managed["id"])["id"]
    path = f"job_templates/{template['id']}/credentials/"
    assert "Cannot assign a Credential of kind `scm`." in client.refused("POST", path, id=git)


def test_a_template_needs_a_playbook_of_its_project(client, project, inventory):
    body = {"name": "u", "project": project}
    assert "not found" in client.refused("POST", "job_templates/", **body, inventory=inventory, playbook="other.yml")
    assert "inventory" in client.refused("POST", "job_templates/", **body, playbook="peer.yml")


def test_a_project_holds_no_playbook_before_its_first_update(client, inventory):
    project = client.made("projects", name="q", organization=1, scm_type="git", scm_url="https://git.example.com/q.git")
    body = {"name": "v", "project": project["id"], "inventory": inventory, "playbook": "peer.yml"}
    assert "not found" in client.refused("POST", "job_templates/", **body)


def test_one_credential_of_a_type_is_attached(client, kind, template):
    path = f"job_templates/{template['id']}/credentials/"
    first, second = (
        client.made("credentials", name=name, organization=1, credential_type=kind)["id"] for name in ("f", "g")
    )
    assert client("POST", path, id=first).status_code == 204
    assert "Cannot assign multiple k credentials." in client.refused("POST", path, id=second)
    assert client("POST", path, id=first, disassociate=True).status_code == 204
    assert client("POST", path, id=second).status_code == 204
    assert [one["id"] for one in client("GET", path).json()["results"]] == [second]
    client.refused("POST", path, id=first, order=1)


def test_surveys_are_checked_and_kept(client, template):
    path = f"job_templates/{template['id']}/survey_spec/"
    assert "any items" in client.refused("POST", path, **SURVEY)
    spec = {**SURVEY, "spec": [QUESTION]}
    assert client("POST", path, **spec).status_code == 200
    assert client("GET", path).json() == spec
    assert client("GET", f"job_templates/{template['id']}/").json()["related"]["survey_spec"].endswith(path)
    assert client("DELETE", path).status_code == 200
    assert client("GET", path).json() == {}


@pytest.mark.parametrize(
    "rrule",
    [
        "RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20260101T000000 RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20260101T000000Z",
        "DTSTART:20260101T000000Z RRULE:FREQ=DAILY",
        "DTSTART:20260101T000000Z RRULE:FREQ=SECONDLY;INTERVAL=1",
        "DTSTART:20260101T000000Z DTSTART:20260102T000000Z RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20260101T000000Z RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=2MO",
        "DTSTART:20260101T000000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=2;UNTIL=20260201T000000Z",
        "DTSTART:20260101T000000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1000",
        "DTSTART:20260101T000000Z RRULE:every day;INTERVAL=1",
    ],
)
def test_rules_of_schedules_are_held_against_the_subset(client, workflow, rrule):
    assert "rrule" in client.refused("POST", "schedules/", name="r", unified_job_template=workflow, rrule=rrule)


def test_a_webhook_has_all_its_parameters(client):
    body = {"name": "n", "organization": 1, "notification_type": "webhook"}
    path, config = "notification_templates/", {"url": "https://hook.example.com", "headers": {}}
    assert "headers" in client.refused("POST", path, **body, notification_configuration={"url": config["url"]})
    assert "colour" in client.refused("POST", path, **body, notification_configuration={**config, "colour": "red"})
    assert "incorrect" in client.refused("POST", path, **body, notification_configuration={**config, "url": 1})
    assert "HTTP method" in client.refused(
        "POST", path, **body, notification_configuration={**config, "http_method": "GET"}
    )
    made = client.made("notification_templates", **body, notification_configuration=config)
    assert made["notification_configuration"]["http_method"] == "POST"


def test_an_inventory_of_a_project_names_it(client, inventory):
    body = {"name": "s", "inventory": inventory, "source": "scm"}
    assert "source_project" in client.refused("POST", "inventory_sources/", **body)


def test_an_inventory_of_a_cloud_names_no_project(client, inventory, project):
    body = {"name": "s", "inventory": inventory, "source": "ec2", "source_project": project}
    assert "Cannot set source_project" in client.refused("POST", "inventory_sources/", **body)


def test_a_smart_inventory_takes_a_filter_and_no_source(client, project):
    body = {"name": "smart", "organization": 1, "kind": "smart"}
    assert "host_filter" in client.refused("POST", "inventories/", **body)
    smart = client.made("inventories", **body, host_filter="name=a")["id"]
    source = {"name": "s", "inventory": smart, "source": "scm", "source_project": project}
    assert "Smart" in client.refused("POST", "inventory_sources/", **source)


def test_a_project_is_of_one_kind(client, kind):
    body = {"name": "m", "organization": 1}
    assert "manual projects" in client.refused("POST", "projects/", **body, scm_clean=True)
    assert "SCM URL is required." in client.refused("POST", "projects/", **body, scm_type="git")
    other = client.made("credentials", name="no scm", organization=1, credential_type=kind)["id"]
    git = {"scm_type": "git", "scm_url": "https://git.example.com/m.git", "credential": other}
    assert "Credential kind must be 'scm'." in client.refused("POST", "projects/", **body, **git)


def test_an_execution_environment_stays_with_its_organization(client):
    other = client.made("organizations", name="other")["id"]
    made = client.made("execution_environments", name="ours", image="x", organization=1)["id"]
    path = f"execution_environments/{made}/"
    assert "Cannot change the organization" in client.refused("PATCH", path, organization=other)
    taken = client.refused("POST", "execution_environments/", name="ours", image="x", organization=other)
    assert "Execution environment with this Name already exists." in taken


def test_nodes_lead_on_and_never_back(client, workflow, template):
    one, two = (
        client.made(
            "workflow_job_template_nodes",
            workflow_job_template=workflow,
            identifier=name,
            unified_job_template=template["id"],
        )["id"]
        for name in ("one", "two")
    )
    path = "workflow_job_template_nodes/{}/{}/"
    assert client("POST", path.format(one, "success_nodes"), id=two).status_code == 204
    assert "not allowed" in client.refused("POST", path.format(one, "failure_nodes"), id=two)
    assert "Cycle" in client.refused("POST", path.format(two, "always_nodes"), id=one)


def test_an_approval_is_made_through_its_node(client, workflow):
    node = client.made("workflow_job_template_nodes", workflow_job_template=workflow, identifier="ask")
    path = f"workflow_job_template_nodes/{node['id']}/"
    client.refused("POST", "workflow_approval_templates/", status=405, name="ok?")
    made = client("POST", f"{path}create_approval_template/", name="ok?", timeout=60)
    assert made.status_code == 201
    assert client("GET", path).json()["related"]["unified_job_template"] == made.json()["url"]
    assert client("GET", "unified_job_templates/?name=ok?").json()["count"] == 0
    assert client("PATCH", made.json()["url"].removeprefix("/api/v2/"), timeout=90).json()["timeout"] == 90
