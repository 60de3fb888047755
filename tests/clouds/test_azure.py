# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both sides of connections on Azure: the simulator as Atlas, a stub of Microsoft's APIs, real playbooks."""

from __future__ import annotations

import html
import json
import os
import re
from pathlib import Path

import pytest
import yaml

from clouds.azure import NETWORK, SECRET, SUBSCRIPTION, TENANT
from support.run_playbook import ROOT, Play

ROLE = Path(ROOT) / "roles" / "atlas_peering_azure"
EXAMPLE = Path(ROOT) / "examples" / "both-sides" / "azure.yml"
ON_AZURE = {
    "provider_name": "AZURE",
    "container_region": "EUROPE_NORTH",
    "atlas_cidr_block": "192.168.248.0/21",
    "azure_directory_id": TENANT,
    "azure_subscription_id": SUBSCRIPTION,
    "resource_group_name": NETWORK[0],
    "vnet_name": NETWORK[1],
}
ACT = "Check, grant or revoke access"
takes_long = pytest.mark.skipif("CLOUD_COLLECTIONS" not in os.environ, reason="takes long: make test-clouds runs it")


@pytest.fixture
def atlas(make_atlas, azure):
    """An Atlas that asks Azure whether it may peer."""
    return make_atlas(pace=0.0, azure_endpoint=azure.url)


@pytest.fixture
def project(atlas):
    return atlas.add_project("empty", containers=False)


@pytest.fixture
def play(tmp_path, atlas, azure, project):
    """Run playbooks with credentials for both sides."""
    environment = {**atlas.environment(), **azure.environment, "MONGODB_ATLAS_PROJECT_ID": project}
    runner = Play(tmp_path, environment)
    yield runner
    runner.stop()


def role(*connections, **variables):
    given = {"connections": list(connections), "other_side": ["azure"], "heartbeat": 600, **variables}
    return {
        "name": "Both sides",
        "ansible.builtin.include_role": {"name": "atlasops.network.atlas_peering"},
        "vars": {f"atlas_peering_{name}": value for name, value in given.items()},
    }


def succeed(play, *tasks, **how):
    done = play(*tasks, **how)
    assert done.returncode == 0, done.output
    assert SECRET not in done.output
    return done


def changed(done):
    return [entry["task"].rpartition(" : ")[2] for entry in done.results if entry["result"].get("changed")]


def on_azure(done):
    return [entry for entry in done.results if entry["task"].endswith(ACT)]


def statuses(atlas, project):
    return [peer["status"] for peer in atlas.peers(project)]


@pytest.mark.slow
def test_role_grants_access_makes_connections_available_and_revokes_it(atlas, azure, play, project):
    """Two regions from one virtual network: one grant, and one task in a second run, which changes nothing."""
    azure.directory.principal_lag = azure.manager.roles.assignment_lag = 1
    own = {"create": "yes", "revoke": True}
    regions = [
        {**ON_AZURE, "azure": own},
        {**ON_AZURE, "container_region": "westeurope", "atlas_cidr_block": "192.168.240.0/21", "azure": own},
    ]
    succeed(play, role(*regions), args=["-vvv"])
    assert statuses(atlas, project) == ["AVAILABLE", "AVAILABLE"]
    assert len(azure.writes) == 3

    second = succeed(play, role(*regions))
    assert (changed(second), len(on_azure(second))) == ([], 1)

    kept = succeed(play, role(regions[0], state="absent"))
    assert "AZURE app-production/app-vnet keeps the access of Atlas, because connection" in str(
        kept["Show which access stays"]["msg"]
    )
    assert (statuses(atlas, project), len(azure.writes)) == (["AVAILABLE"], 3)

    predicted = succeed(play, role(regions[1], state="absent"), args=["--check"])
    assert ACT in changed(predicted)
    assert "2. Atlas deletes" not in predicted["Show the steps"]["msg"][0]
    assert "2. The owner of the Azure credentials revokes Atlas' access" in predicted["Show the steps"]["msg"][0]
    succeed(play, role(regions[1], state="absent"))
    assert (statuses(atlas, project), [one.method for one in azure.writes[3:]]) == ([], ["DELETE", "DELETE"])
    assert changed(succeed(play, role(regions[1], state="absent"))) == []


@takes_long
def test_access_that_another_project_needs_stays(atlas, azure, play, project):
    """Both projects were peered by the same service principal. Without a look at one of them, nothing is revoked."""
    other = atlas.add_project("another", containers=False)
    for one in (project, other):
        succeed(play, role(ON_AZURE, azure_create=True, project_id=one))
    granted = len(azure.writes)
    removal = {"state": "absent", "azure_revoke": True}
    kept = succeed(play, role(ON_AZURE, project_id=project, **removal))
    assert f"keeps the access of Atlas, because connection {atlas.peers(other)[0]['id']} of project {other}" in str(
        kept["Show which access stays"]["msg"]
    )
    unread = atlas.add_project("unreadable")
    atlas.fault(path=f"groups/{unread}/peers", status=403)
    blind = play(role(ON_AZURE, project_id=other, **removal))
    assert "1 of 4 projects could not be read." in blind.msg("Report what is wrong on the other side")
    assert len(azure.writes) == granted
    succeed(play, role(ON_AZURE, project_id=other, **removal))
    assert [one.method for one in azure.writes[granted:]] == ["DELETE", "DELETE"]


def test_missing_access_ends_the_run_before_any_write(atlas, azure, play, project):
    done = play(role(ON_AZURE, stats=True))
    reason = done.msg("Report what is wrong on the other side")
    assert "may not peer with virtual network app-production/app-vnet of subscription" in reason
    assert "Set atlas_peering_azure_create to true, or run:\naz ad sp create --id " in reason
    assert reason.count("\naz ") == 3
    (artifact,) = done["Publish the result as an artifact"]["ansible_stats"]["data"].values()
    assert (artifact["failed"], artifact["msg"]) == (True, reason)
    assert (atlas.peers(project), azure.writes) == ([], [])


def test_check_mode_shows_steps_without_writing(atlas, azure, play, project):
    done = succeed(play, role({**ON_AZURE, "azure": {"create": True}}), args=["--check", "--diff"])
    (steps,) = done["Show the steps"]["msg"]
    assert steps.endswith(
        "1. The owner of the Azure credentials grants Atlas what it lacks to peer with app-vnet in subscription "
        f"{SUBSCRIPTION}. 2. Atlas creates the connection in project {project}."
    )
    assert ACT in changed(done)
    assert f'"AtlasPeering/{SUBSCRIPTION}/app-production/app-vnet"' in done.stdout
    assert (atlas.peers(project), azure.writes) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("own", "variables", "words"),
    [
        (
            {"azure": {"creat": True}},
            {},
            "azure.creat is no setting. Those are create, principal_id, revoke, role_name.",
        ),
        ({"azure": {"create": "maybe"}}, {}, "azure.create is 'maybe', but must be true or false."),
        ({"gcp": {}}, {}, "atlas_peering_connections[0] has gcp, but its provider_name is AZURE. Remove gcp."),
        ({}, {"azure_timeout": "soon"}, "atlas_peering_azure_timeout is 'soon', but must be a whole number."),
        ({"atlas_cidr_block": "10.20.8.0/21"}, {}, "10.20.8.0/21 overlaps with 10.20.0.0/16 of virtual network"),
        ({"vnet_name": "other"}, {}, "Check azure_subscription_id, resource_group_name and vnet_name."),
        ({"vnet_name": ""}, {}, "atlas_peering_azure_connections[0] lacks vnet_name."),
    ],
)
def test_invalid_input_fails_before_any_write(atlas, azure, play, project, own, variables, words):
    done = play(role({**ON_AZURE, **own}, azure_create=True, **variables))
    assert words in done.msg("Report what is wrong on the other side")
    assert (atlas.peers(project), azure.writes) == ([], [])


@pytest.mark.slow
def test_killed_role_is_completed_by_next_run(atlas, azure, play, project):
    task = role(ON_AZURE, azure_create=True)
    azure.fault("PUT", "roleAssignments")
    running = play.start(task)
    running.await_line(ACT)
    running.kill()
    succeed(play, task)
    assert (statuses(atlas, project), len(azure.manager.roles.assignments)) == (["AVAILABLE"], 2)


@pytest.mark.slow
def test_playbooks_act_on_azure_and_wait_is_optional(atlas, azure, play, project):
    variables = {"atlas_peering_connections": [ON_AZURE], "atlas_peering_other_side": "azure"}

    def playbook(name, **more):
        args = ["--extra-vars", json.dumps({**variables, **more})]
        return succeed(play, playbook=f"atlasops.network.{name}", args=args)

    playbook("peer", atlas_peering_azure_create="yes", atlas_peering_wait=False)
    playbook("peer")
    assert statuses(atlas, project) == ["AVAILABLE"]
    playbook("remove", atlas_peering_remove=1, atlas_peering_azure_revoke=True)
    assert (atlas.peers(project), len(azure.writes)) == ([], 5)


@takes_long
def test_report_tells_whether_atlas_may_peer(atlas, azure, play, project, tmp_path):
    """Before the creation, while it is available, after somebody revoked the access, and without credentials."""
    page = tmp_path / "report.html"

    def report(**how):
        given = {"connections": [ON_AZURE], "other_side": "azure", "report_usable": True, "report_html": str(page)}
        extra = json.dumps({f"atlas_peering_{name}": value for name, value in given.items()})
        before = len(azure.writes)
        done = succeed(play, playbook="atlasops.network.report", args=["--extra-vars", extra], **how)
        facts = [one["result"]["ansible_facts"] for one in done.results if "ansible_facts" in one["result"]]
        content = next(one["atlas_peering_report"] for one in reversed(facts) if "atlas_peering_report" in one)
        assert len(azure.writes) == before
        (one,) = content["connections"]
        return one, "\n".join(done["Show the report"]["msg"])

    missing, text = report()
    assert missing["next_action"].startswith("MongoDB Atlas (application ")
    assert missing["next_action"].endswith("Create it with atlas_peering_set or the playbook atlasops.network.peer.")
    for shown in (text, html.unescape(page.read_text())):
        assert "atlas_peering_azure_create: true, or: az ad sp create --id " in shown
    succeed(play, role(ON_AZURE, azure_create=True))
    granted, _text = report()
    assert (granted["usable"]["accepted"]["state"], granted["next_action"]) == ("yes", None)

    azure.manager.roles.assignments.pop()
    revoked, text = report()
    assert (revoked["state"], revoked["usable"]["accepted"]["state"]) == ("available", "unknown")
    assert "Unknown whether accepted: Atlas reports it as available, but this may be out of date. MongoDB Atlas" in text
    assert "Unknown whether accepted" not in page.read_text()
    assert "No role allows it to." in page.read_text()

    blind, text = report(environment={**atlas.environment(), "MONGODB_ATLAS_PROJECT_ID": project})
    assert blind["usable"]["accepted"]["state"] == "unknown"
    assert "Unknown whether accepted: No Azure credentials are given. Set tenant, client_id and secret" in text


@takes_long
def test_example_runs(atlas, azure, play, project):
    succeed(play, playbook=str(EXAMPLE))
    assert statuses(atlas, project) == ["AVAILABLE"]
    assert changed(succeed(play, playbook=str(EXAMPLE))) == []


@pytest.mark.slow
def test_examples_of_the_role_run(atlas, azure, play, project):
    """Those of its page, one after the other: grant and create, delete and revoke."""
    for number, text in enumerate(re.findall(r"```yaml\n(.*?)```", (ROLE / "README.md").read_text(), re.DOTALL)):
        (one,) = yaml.safe_load(text)
        succeed(play, *one["tasks"], vars=one["vars"])
        assert statuses(atlas, project) == [["AVAILABLE"], []][number]
    assert [one.method for one in azure.writes] == ["POST", "PUT", "PUT", "DELETE", "DELETE"]
