# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module atlas_peering, without Ansible."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, PlanError
from ansible_collections.atlasops.network.plugins.modules import atlas_peering
from simulator import Simulator
from support import samples
from support.engine import run_module
from support.samples import NAMES, OPTIONS, PEER, PROJECT

EVERY_CLOUD = pytest.mark.parametrize("name", NAMES)
Task = Callable[..., dict[str, Any]]


@pytest.fixture
def task(module: Callable[..., Any], client: Client) -> Task:
    """Return a function that runs the module with a task's options."""

    def run(check_mode: bool = False, **options: Any) -> dict[str, Any]:
        fake = module(atlas_peering.SPEC, check_mode, **{"project_id": PROJECT, **options})
        return run_module(atlas_peering, fake.params, client, fake.check_mode)

    return run


@EVERY_CLOUD
def test_present_and_absent_are_idempotent(atlas: Simulator, task: Task, name: str) -> None:
    created = task(**OPTIONS[name])
    assert created["changed"] is True
    assert OPTIONS[name].items() <= created["peering"].items()
    assert created["diff"] == {"before": {}, "after": created["peering"]}

    again = task(**OPTIONS[name])
    unread = samples.by_itself(created["peering"])
    assert (again["changed"], again["peering"]) == (False, unread)
    assert again["diff"] == {"before": unread, "after": unread}

    deleted = task(state="absent", **samples.identity(name))
    assert (deleted["changed"], deleted["peering"]["phase"]) == (True, "deleting")
    assert deleted["diff"] == {"before": deleted["diff"]["before"], "after": deleted["peering"]}
    assert task(state="absent", **samples.identity(name))["changed"] is False

    atlas.advance(1)
    gone = task(state="absent", **samples.identity(name))
    assert (gone["changed"], gone["peering"]["phase"]) == (False, "absent")
    assert gone["diff"] == {"before": {}, "after": {}}
    assert [exchange.method for exchange in atlas.writes()] == ["POST", "DELETE"]


@EVERY_CLOUD
@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_predicts_without_writing(atlas: Simulator, task: Task, name: str, state: str) -> None:
    if state == "absent":
        task(**OPTIONS[name])
    options = OPTIONS[name] if state == "present" else samples.identity(name)
    written = len(atlas.writes())
    predicted = task(check_mode=True, state=state, **options)
    assert len(atlas.writes()) == written
    happened = task(state=state, **options)
    known = {**predicted["peering"], "id": happened["peering"]["id"]}
    assert (predicted["changed"], known) == (happened["changed"], happened["peering"])


def test_present_with_own_result_is_unchanged(atlas: Simulator, task: Task) -> None:
    peering = task(**OPTIONS["AWS"])["peering"]
    options = {name: value for name, value in peering.items() if name in atlas_peering.SPEC or name == "id"}
    again = task(**options)
    assert (again["changed"], again["peering"]) == (False, peering)


def test_present_with_peer_id_updates_route_table_cidr_block(atlas: Simulator, task: Task) -> None:
    peering = task(**OPTIONS["AWS"])["peering"]
    atlas.advance(1)
    changed = task(provider_name="AWS", peer_id=peering["id"], route_table_cidr_block="10.16.0.0/16")
    assert changed["changed"] is True
    assert changed["peering"]["route_table_cidr_block"] == "10.16.0.0/16"
    assert changed["diff"]["before"]["route_table_cidr_block"] == "10.15.0.0/16"
    assert [exchange.method for exchange in atlas.writes()] == ["POST", "PATCH"]


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"provider_name": "AWS"}, InputError, "container_id, aws_account_id"),
        ({**OPTIONS["AWS"], "vpc_id": "x"}, InputError, "vpc_id is 'x'"),
        ({**OPTIONS["AWS"], "project_id": "x"}, InputError, "project_id is 'x'"),
        ({"peer_id": PEER}, InputError, "provider_name is missing"),
        ({"provider_name": "AWS", "id": PEER}, PlanError, "There is no peering connection"),
        ({**OPTIONS["AWS"], "container_id": "0" * 24}, ApiError, "CLOUD_PROVIDER_CONTAINER_NOT_FOUND"),
        ({**OPTIONS["AWS"], "project_id": "0" * 24}, ApiError, "GROUP_NOT_FOUND"),
    ],
)
def test_invalid_task_fails(task: Task, options: dict[str, Any], kind: type[AtlasError], words: str) -> None:
    with pytest.raises(AtlasError, match=words) as failure:
        task(**options)
    assert failure.value.kind == kind.__name__


def test_project_id_defaults_to_environment(monkeypatch: pytest.MonkeyPatch, atlas: Simulator, task: Task) -> None:
    other = atlas.add_project("other")
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", other)
    assert task(project_id="", state="absent", **samples.identity("GCP"))["peering"]["project_id"] == other


@pytest.mark.parametrize(("alias", "option"), [("group_id", "project_id"), ("id", "peer_id")])
def test_peer_id_aliases(alias: str, option: str) -> None:
    outcome = ArgumentSpecValidator(atlas_peering.SPEC).validate({alias: PEER})
    assert outcome.validated_parameters[option] == PEER


@pytest.mark.parametrize(
    "wrong", [{"state": "gone"}, {"provider_name": "aws"}, {"api_version": "v3"}, {"timeout": "soon"}, {"vpc": "x"}]
)
def test_argument_spec_rejects_invalid_options(wrong: dict[str, str]) -> None:
    assert ArgumentSpecValidator(atlas_peering.SPEC).validate(wrong).error_messages
