# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx for several organizations of one controller: what each has carries the same names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.test_awx import LOGIN, NOTHING_ELSE, SETTINGS, Console, console_in, needs_awx, written

Json = dict[str, Any]
pytestmark = [needs_awx, pytest.mark.xdist_group("organizations")]
FIRST, SECOND = "Default", "Platform"


@pytest.fixture(scope="module")
def controller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A controller that the playbook has been applied to for two organizations, one after the other.

    Each has a source control credential of the same name.
    """
    with console_in(tmp_path_factory.mktemp("organizations")) as console:
        api = console.controller.api
        api.create("organizations", {"name": SECOND})
        (git,) = api.find("credential_types", name="Source Control")
        for organization in api.find("organizations"):
            body = {"name": "git", "organization": organization["id"], "credential_type": git["id"]}
            api.create("credentials", body)
        for name in (FIRST, SECOND):
            apply(console, name)
        yield console


def apply(console: Console, organization: str) -> Any:
    settings = {**SETTINGS, "atlas_awx_organization": organization, "atlas_awx_scm_credential": "git"}
    done = console(settings=settings, environment=LOGIN)
    assert done.run.returncode == 0, done.output[-3000:]
    return done


def nothing_else(name: str) -> Json:
    return {key: value for key, value in NOTHING_ELSE.items() if key != f"controller_{name}"}


def strangers(console: Console, organization: str) -> list[tuple[str, str, str]]:
    """Return (name, field, name) of what an organization's objects refer to and is not its own."""
    api = console.controller.api
    (number,) = (one["id"] for one in api.find("organizations", name=organization))
    ours = [
        one
        for of in ("projects", "job_templates", "workflow_job_templates")
        for one in api.find(of, organization=number)
    ]
    (inventory,) = api.find("inventories", organization=number)
    ours += api.find("inventory_sources", inventory=inventory["id"])
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
    named = [(one, field, api.get(of, one[field])) for one in ours for field, of in fields.items() if one.get(field)]
    named += [
        (one, name, api.get(of, i)) for one in ours for name, of in lists.items() for i in api.attached(one, name)
    ]
    assert len(named) == 28, "of 4 templates, 1 source, 1 project and 1 workflow"
    return [(one["name"], field, other["name"]) for one, field, other in named if other["organization"] != number]


def test_two_organizations_have_their_own_side_by_side(controller: Console) -> None:
    assert {name: strangers(controller, name) for name in (FIRST, SECOND)} == {FIRST: [], SECOND: []}
    environments = [one["name"] for one in controller.controller.api.find("execution_environments")]
    assert environments == ["Atlas peering", "Atlas peering - Platform"]
    assert len(controller.controller.api.find("schedules")) == 4


@pytest.mark.parametrize("organization", [FIRST, SECOND])
def test_each_again_changes_nothing(controller: Console, organization: str) -> None:
    again = apply(controller, organization)
    assert (written(again.writes), again.changed) == ([], [])


def test_an_execution_environment_that_cannot_be_seen_takes_its_name_too(tmp_path: Path) -> None:
    with console_in(tmp_path) as console:
        api = console.controller.api
        other = api.create("organizations", {"name": SECOND})["id"]
        body = {"name": "Atlas peering", "image": "x", "organization": other}
        api.unseen.add(api.create("execution_environments", body)["id"])
        settings = {**SETTINGS, **nothing_else("execution_environments")}
        done = console(settings=settings)
        assert done.run.returncode == 0, done.output[-3000:]
        assert [one["name"] for one in api.find("execution_environments", organization=1)] == [
            "Atlas peering - Default"
        ]


def test_another_refusal_of_an_execution_environment_is_an_error(tmp_path: Path) -> None:
    with console_in(tmp_path) as console:
        settings = {**SETTINGS, **nothing_else("execution_environments"), "atlas_awx_image": "x" * 1025}
        run = console(settings=settings).run
        assert run.returncode != 0
        assert "Ensure this field has no more than 1024 characters." in run.output
