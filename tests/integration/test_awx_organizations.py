# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx for several organizations of one AWX, with objects of the same names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.run_awx import LOGIN, ONLY_CREDENTIALS, SETTINGS, PlaybookRunner, needs_awx, runner_in, written

Json = dict[str, Any]
pytestmark = needs_awx
FIRST, SECOND = "Default", "Platform"
# Of 4 job templates, 1 inventory source, 1 project and 1 workflow; only the second project has a credential.
REFERENCES = {FIRST: 27, SECOND: 28}


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory, applied: PlaybookRunner) -> Iterator[PlaybookRunner]:
    """A stub that the playbook has been applied to for two organizations, one after the other.

    Each has a source control credential of the same name.
    """
    with runner_in(tmp_path_factory.mktemp("organizations"), like=applied) as runner:
        store = runner.stub.store
        store.create("organizations", {"name": SECOND})
        (git,) = store.find("credential_types", name="Source Control")
        for organization in store.find("organizations"):
            body = {"name": "git", "organization": organization["id"], "credential_type": git["id"]}
            store.create("credentials", body)
        apply(runner, SECOND)
        yield runner


def apply(runner: PlaybookRunner, organization: str) -> Any:
    settings = {**SETTINGS, "atlas_awx_organization": organization}
    if organization == SECOND:
        settings["atlas_awx_scm_credential"] = "git"
    done = runner(settings=settings, environment=LOGIN)
    assert done.run.returncode == 0, done.output[-3000:]
    return done


def only_execution_environment(**settings: str) -> Json:
    """Return the settings of a run that is limited to the credential and the execution environment."""
    others = {key: value for key, value in ONLY_CREDENTIALS.items() if key != "controller_execution_environments"}
    return {**others, **SETTINGS, **settings}


def foreign_references(runner: PlaybookRunner, organization: str) -> list[tuple[str, str, str]]:
    """Return (name, field, name) for each reference from an organization's objects to those of another."""
    store = runner.stub.store
    (number,) = (one["id"] for one in store.find("organizations", name=organization))
    ours = [
        one
        for of in ("projects", "job_templates", "workflow_job_templates")
        for one in store.find(of, organization=number)
    ]
    (inventory,) = store.find("inventories", organization=number)
    ours += store.find("inventory_sources", inventory=inventory["id"])
    fields = {
        "credential": "credentials",
        "inventory": "inventories",
        "project": "projects",
        "source_project": "projects",
        "execution_environment": "execution_environments",
    }
    lists = {
        "credentials": "credentials",
        "notification_templates_error": "notification_templates",
        "notification_templates_approvals": "notification_templates",
    }
    named = [(one, field, store.get(of, one[field])) for one in ours for field, of in fields.items() if one.get(field)]
    named += [
        (one, name, store.get(of, i)) for one in ours for name, of in lists.items() for i in store.attached(one, name)
    ]
    assert len(named) == REFERENCES[organization]
    return [(one["name"], field, other["name"]) for one, field, other in named if other["organization"] != number]


def test_two_organizations_share_no_objects(runner: PlaybookRunner) -> None:
    assert {name: foreign_references(runner, name) for name in (FIRST, SECOND)} == {FIRST: [], SECOND: []}
    environments = [one["name"] for one in runner.stub.store.find("execution_environments")]
    assert environments == ["Atlas peering", "Atlas peering - Platform"]
    assert len(runner.stub.store.find("schedules")) == 4


@pytest.mark.slow
@pytest.mark.parametrize("organization", [FIRST, SECOND])
def test_second_run_of_organization_is_unchanged(runner: PlaybookRunner, organization: str) -> None:
    again = apply(runner, organization)
    assert (written(again.writes), again.changed) == ([], [])


def test_name_of_hidden_execution_environment_is_avoided(tmp_path: Path) -> None:
    with runner_in(tmp_path) as runner:
        store = runner.stub.store
        other = store.create("organizations", {"name": SECOND})["id"]
        body = {"name": "Peering", "image": "x", "organization": other}
        store.hidden_ids.add(store.create("execution_environments", body)["id"])
        done = runner(settings=only_execution_environment(atlas_awx_execution_environment_name="Peering"))
        assert done.run.returncode == 0, done.output[-3000:]
        assert [one["name"] for one in store.find("execution_environments", organization=1)] == ["Peering - Default"]


def test_other_error_of_execution_environment_fails(tmp_path: Path) -> None:
    with runner_in(tmp_path) as runner:
        run = runner(settings=only_execution_environment(atlas_awx_image="x" * 1025)).run
        assert run.returncode != 0
        assert "Ensure this field has no more than 1024 characters." in run.output
