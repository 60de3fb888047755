# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stub of AWX over HTTP: it rejects what AWX rejects, and answers in the form that awx.awx reads."""

from __future__ import annotations

import pytest
import requests

from awx_stub import AwxStub
from support.patience import PATIENCE

REFERENCES = {"organization": 1}
SURVEY = {"name": "a", "description": "", "spec": []}
QUESTION = {"type": "text", "question_name": "q", "variable": "v", "required": True}


class Client:
    """Sends requests to the stub as an administrator."""

    def __init__(self, stub):
        self.stub = stub
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {stub.TOKEN}"
        self.session.trust_env = False

    def __call__(self, method, path, **body):
        return self.session.request(method, f"{self.stub.url}/api/v2/{path}", json=body or None, timeout=PATIENCE)

    def create(self, of, /, **body):
        answer = self("POST", f"{of}/", **body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def rejected(self, method, path, status=400, **body):
        answer = self(method, path, **body)
        assert answer.status_code == status, answer.text
        return answer.text


@pytest.fixture(scope="module")
def client():
    with AwxStub(["peer.yml"]) as stub:
        yield Client(stub)


@pytest.fixture(scope="module")
def project(client):
    created = client.create(
        "projects", name="p", organization=1, scm_type="git", scm_url="https://git.example.com/p.git"
    )
    update = created["summary_fields"]["current_update"]["id"]
    assert client("GET", f"project_updates/{update}/").json()["status"] == "successful"
    return created["id"]


@pytest.fixture(scope="module")
def inventory(client):
    return client.create("inventories", name="i", organization=1)["id"]


@pytest.fixture(scope="module")
def template(client, project, inventory):
    return client.create("job_templates", name="t", project=project, inventory=inventory, playbook="peer.yml")


@pytest.fixture(scope="module")
def workflow(client):
    return client.create("workflow_job_templates", name="w", organization=1)["id"]


@pytest.fixture(scope="module")
def kind(client):
    fields = [{"id": "user", "label": "User"}, {"id": "word", "label": "Word", "secret": True}]
    return client.create("credential_types", name="k", kind="cloud", inputs={"fields": fields})["id"]


def test_a_request_without_a_token_is_unauthorized(client):
    answer = requests.get(f"{client.stub.url}/api/v2/projects/", timeout=PATIENCE)
    assert answer.status_code == 401
    assert answer.headers["X-API-Product-Name"] == "AWX"
    assert requests.get(f"{client.stub.url}/api/v2/ping/", timeout=PATIENCE).status_code == 200


def test_a_password_returns_a_token(client):
    url = f"{client.stub.url}/api/v2/tokens/"
    login = client.stub.USERNAME, client.stub.PASSWORD
    assert requests.post(url, json={}, auth=login, timeout=PATIENCE).json()["token"] == client.stub.TOKEN
    assert requests.post(url, json={}, auth=("admin", "wrong"), timeout=PATIENCE).status_code == 401


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
def test_an_invalid_field_is_rejected_by_name(client, body, field):
    assert f'"{field}"' in client.rejected("POST", "inventories/", **body)


def test_a_number_below_its_minimum_is_rejected(client, template):
    assert "forks" in client.rejected("PATCH", f"job_templates/{template['id']}/", forks=-1)


def test_null_in_a_string_field_is_stored_as_empty(client):
    created = client.create("inventories", name="null", organization=1, kind=None, host_filter=None)
    assert (created["kind"], created["host_filter"]) == ("", None)


def test_a_second_object_of_the_same_name_and_organization_is_rejected(client, inventory):
    taken = client.rejected("POST", "inventories/", name="i", organization=1)
    assert "Inventory with this Name and Organization already exists." in taken


def test_lists_are_paginated_and_filtered(client):
    for number in range(30):
        client.create("execution_environments", name=f"ee{number}", image="x")
    first = client("GET", "execution_environments/").json()
    assert (first["count"], len(first["results"])) == (30, 25)
    assert first["next"] == "/api/v2/execution_environments/?page=2"
    second = client("GET", "execution_environments/?page=2").json()
    assert (len(second["results"]), second["next"]) == (5, None)
    assert client("GET", "execution_environments/?name=ee7").json()["count"] == 1
    assert (
        client("GET", f"execution_environments/?or__id={first['results'][0]['id']}&or__name=ee7").json()["count"] == 2
    )
    assert "no field named" in client.rejected("GET", "execution_environments/?colour=red")


def test_an_unknown_object_or_resource_is_not_found(client):
    client.rejected("GET", "inventories/999/", status=404)
    client.rejected("GET", "teapots/", status=404)
    client.rejected("PUT", "inventories/", status=501)


def test_a_deleted_object_is_not_found(client):
    created = client.create("inventories", name="gone", organization=1)
    assert client("DELETE", f"inventories/{created['id']}/").status_code == 204
    client.rejected("GET", f"inventories/{created['id']}/", status=404)


def test_a_secret_is_shown_encrypted_and_kept_on_update(client, kind):
    created = client.create(
        "credentials", name="c", organization=1, credential_type=kind, inputs={"user": "u", "word": "s"}
    )
    assert created["inputs"] == {"user": "u", "word": "$encrypted$"}
    client("PATCH", f"credentials/{created['id']}/", inputs={"user": "v", "word": "$encrypted$"})
    assert client.stub.store.get("credentials", created["id"])["inputs"] == {"user": "v", "word": "s"}


def test_credential_inputs_that_do_not_match_the_type_are_rejected(client, kind):
    body = {"name": "d", "organization": 1, "credential_type": kind}
    assert "unexpected" in client.rejected("POST", "credentials/", **body, inputs={"colour": "red"})
    assert "is not of type 'string'" in client.rejected("POST", "credentials/", **body, inputs={"user": True})
    assert "reserved keyword" in client.rejected("POST", "credentials/", **body, inputs={"word": "$encrypted$"})
    assert "organization" in client.rejected("POST", "credentials/", name="d", credential_type=kind)


def test_inputs_of_a_credential_type_in_use_cannot_change(client, kind):
    client("POST", "credentials/", name="e", organization=1, credential_type=kind, inputs={})
    client.rejected("PATCH", f"credential_types/{kind}/", status=403, inputs={"fields": []})


def test_a_managed_credential_type_cannot_change(client):
    (managed,) = client("GET", "credential_types/?name=Source+Control").json()["results"]
    assert "managed" in client.rejected("PATCH", f"credential_types/{managed['id']}/", status=403, description="x")


def test_a_job_template_rejects_a_source_control_credential(client, template):
    (managed,) = client("GET", "credential_types/?name=Source+Control").json()["results"]
    git = client.create("credentials", name="git", organization=1, credential_type=managed["id"])["id"]
    path = f"job_templates/{template['id']}/credentials/"
    assert "Cannot assign a Credential of kind `scm`." in client.rejected("POST", path, id=git)


def test_a_job_template_needs_an_inventory_and_a_playbook_of_its_project(client, project, inventory):
    body = {"name": "u", "project": project}
    assert "not found" in client.rejected("POST", "job_templates/", **body, inventory=inventory, playbook="other.yml")
    assert "inventory" in client.rejected("POST", "job_templates/", **body, playbook="peer.yml")


def test_a_project_has_no_playbooks_before_its_first_update(client, inventory):
    project = client.create(
        "projects", name="q", organization=1, scm_type="git", scm_url="https://git.example.com/q.git"
    )
    body = {"name": "v", "project": project["id"], "inventory": inventory, "playbook": "peer.yml"}
    assert "not found" in client.rejected("POST", "job_templates/", **body)


def test_a_second_credential_of_the_same_type_is_rejected(client, kind, template):
    path = f"job_templates/{template['id']}/credentials/"
    first, second = (
        client.create("credentials", name=name, organization=1, credential_type=kind)["id"] for name in ("f", "g")
    )
    assert client("POST", path, id=first).status_code == 204
    assert "Cannot assign multiple k credentials." in client.rejected("POST", path, id=second)
    assert client("POST", path, id=first, disassociate=True).status_code == 204
    assert client("POST", path, id=second).status_code == 204
    assert [one["id"] for one in client("GET", path).json()["results"]] == [second]
    client.rejected("POST", path, id=first, order=1)


def test_a_survey_is_checked_stored_and_deleted(client, template):
    path = f"job_templates/{template['id']}/survey_spec/"
    assert "any items" in client.rejected("POST", path, **SURVEY)
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
def test_an_unsupported_recurrence_rule_is_rejected(client, workflow, rrule):
    assert "rrule" in client.rejected("POST", "schedules/", name="r", unified_job_template=workflow, rrule=rrule)


def test_a_webhook_needs_valid_parameters(client):
    body = {"name": "n", "organization": 1, "notification_type": "webhook"}
    path, config = "notification_templates/", {"url": "https://hook.example.com", "headers": {}}
    assert "headers" in client.rejected("POST", path, **body, notification_configuration={"url": config["url"]})
    assert "colour" in client.rejected("POST", path, **body, notification_configuration={**config, "colour": "red"})
    assert "incorrect" in client.rejected("POST", path, **body, notification_configuration={**config, "url": 1})
    assert "HTTP method" in client.rejected(
        "POST", path, **body, notification_configuration={**config, "http_method": "GET"}
    )
    created = client.create("notification_templates", **body, notification_configuration=config)
    assert created["notification_configuration"]["http_method"] == "POST"


def test_an_scm_inventory_source_needs_a_project(client, inventory):
    body = {"name": "s", "inventory": inventory, "source": "scm"}
    assert "source_project" in client.rejected("POST", "inventory_sources/", **body)


def test_a_cloud_inventory_source_rejects_a_project(client, inventory, project):
    body = {"name": "s", "inventory": inventory, "source": "ec2", "source_project": project}
    assert "Cannot set source_project" in client.rejected("POST", "inventory_sources/", **body)


def test_a_smart_inventory_needs_a_filter_and_rejects_sources(client, project):
    body = {"name": "smart", "organization": 1, "kind": "smart"}
    assert "host_filter" in client.rejected("POST", "inventories/", **body)
    smart = client.create("inventories", **body, host_filter="name=a")["id"]
    source = {"name": "s", "inventory": smart, "source": "scm", "source_project": project}
    assert "Smart" in client.rejected("POST", "inventory_sources/", **source)


def test_a_project_rejects_options_of_another_scm_type(client, kind):
    body = {"name": "m", "organization": 1}
    assert "manual projects" in client.rejected("POST", "projects/", **body, scm_clean=True)
    assert "SCM URL is required." in client.rejected("POST", "projects/", **body, scm_type="git")
    other = client.create("credentials", name="no scm", organization=1, credential_type=kind)["id"]
    git = {"scm_type": "git", "scm_url": "https://git.example.com/m.git", "credential": other}
    assert "Credential kind must be 'scm'." in client.rejected("POST", "projects/", **body, **git)


def test_an_execution_environment_cannot_change_organization_and_its_name_is_global(client):
    other = client.create("organizations", name="other")["id"]
    created = client.create("execution_environments", name="ours", image="x", organization=1)["id"]
    path = f"execution_environments/{created}/"
    assert "Cannot change the organization" in client.rejected("PATCH", path, organization=other)
    taken = client.rejected("POST", "execution_environments/", name="ours", image="x", organization=other)
    assert "Execution environment with this Name already exists." in taken


def test_node_links_reject_duplicates_and_cycles(client, workflow, template):
    one, two = (
        client.create(
            "workflow_job_template_nodes",
            workflow_job_template=workflow,
            identifier=name,
            unified_job_template=template["id"],
        )["id"]
        for name in ("one", "two")
    )
    path = "workflow_job_template_nodes/{}/{}/"
    assert client("POST", path.format(one, "success_nodes"), id=two).status_code == 204
    assert "not allowed" in client.rejected("POST", path.format(one, "failure_nodes"), id=two)
    assert "Cycle" in client.rejected("POST", path.format(two, "always_nodes"), id=one)


def test_an_approval_is_created_through_its_node(client, workflow):
    node = client.create("workflow_job_template_nodes", workflow_job_template=workflow, identifier="ask")
    path = f"workflow_job_template_nodes/{node['id']}/"
    client.rejected("POST", "workflow_approval_templates/", status=405, name="ok?")
    created = client("POST", f"{path}create_approval_template/", name="ok?", timeout=60)
    assert created.status_code == 201
    assert client("GET", path).json()["related"]["unified_job_template"] == created.json()["url"]
    assert client("GET", "unified_job_templates/?name=ok?").json()["count"] == 0
    assert client("PATCH", created.json()["url"].removeprefix("/api/v2/"), timeout=90).json()["timeout"] == 90
