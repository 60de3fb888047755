# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules atlas_container and atlas_container_info, without Ansible."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.modules import atlas_container, atlas_container_info
from simulator import Simulator
from simulator.settings import PROJECT_NAME
from support.engine import run_module
from support.samples import CONTAINERS, NAMES, PROJECT

EVERY_CLOUD = pytest.mark.parametrize("name", NAMES)
Task = Callable[..., dict[str, Any]]


@pytest.fixture
def project_id(atlas: Simulator) -> str:
    """Return a project that has no containers."""
    return atlas.add_project("empty", containers=False)


@pytest.fixture
def task(module: Callable[..., Any], client: Client, project_id: str) -> Task:
    """Return a function that runs atlas_container with a task's options."""

    def run(check_mode: bool = False, **options: Any) -> dict[str, Any]:
        named = {} if "project_name" in options else {"project_id": project_id}
        fake = module(atlas_container.SPEC, check_mode, **{**named, **options})
        return run_module(atlas_container, fake.params, client, fake.check_mode)

    return run


@pytest.fixture
def info(module: Callable[..., Any], client: Client) -> Callable[..., list[str]]:
    """Return a function that runs atlas_container_info and returns the ids that it found."""

    def run(**options: Any) -> list[str]:
        named = {} if "project_name" in options else {"project_id": PROJECT}
        fake = module(atlas_container_info.SPEC, **{**named, **options})
        result = run_module(atlas_container_info, fake.params, client, fake.check_mode)
        assert (list(result), result["changed"]) == (["changed", "containers"], False)
        return [record["id"] for record in result["containers"]]

    return run


@EVERY_CLOUD
def test_present_and_absent_are_idempotent(atlas: Simulator, task: Task, name: str) -> None:
    predicted = task(check_mode=True, **CONTAINERS[name])
    created = task(**CONTAINERS[name])
    assert (predicted["changed"], created["changed"]) == (True, True)
    assert {**predicted["container"], "id": created["container"]["id"]} == created["container"]
    assert created["diff"]["before"] == {}
    assert created["diff"]["after"] == created["container"]
    assert CONTAINERS[name].items() <= created["container"].items()
    again = task(**CONTAINERS[name])
    assert (again["changed"], again["container"]) == (False, created["container"])
    fed = {option: value for option, value in created["container"].items() if option not in CONTAINER.result_only}
    assert task(**fed)["changed"] is False

    atlas.advance(5)
    identity = {
        option: CONTAINERS[name][option] for option in ("provider_name", "region") if option in CONTAINERS[name]
    }
    deleted = task(state="absent", **identity)
    assert (deleted["changed"], deleted["container"]["id"], deleted["diff"]["after"]) == (True, None, {})
    assert task(state="absent", **identity)["changed"] is False
    assert [exchange.method for exchange in atlas.writes()] == ["POST", "DELETE"]


def test_project_name_is_accepted(atlas: Simulator, task: Task) -> None:
    result = task(project_name=PROJECT_NAME, provider_name="AWS", region="us-east-1")
    assert (result["changed"], result["container"]["id"]) == (False, atlas.containers["AWS"])
    assert result["container"]["vpc_id"].startswith("vpc-")


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"provider_name": "AWS"}, InputError, "region is missing: a container with provider_name AWS needs it."),
        ({"provider_name": "AZURE", "region": "EUROPE_WEST"}, InputError, "atlas_cidr_block is missing: project"),
        ({"provider_name": "GCP"}, InputError, "atlas_cidr_block is missing: project"),
        ({"provider_name": "GCP", "region": "US_EAST_1"}, InputError, "region cannot be used with provider_name GCP"),
        ({"container_id": "0" * 24}, InputError, "provider_name is missing"),
        ({"provider_name": "AWS", "id": "0" * 24}, PlanError, "There is no container"),
        ({"provider_name": "AWS", "region": "US_EAST_1", "delete_timeout": -1}, InputError, "delete_timeout is -1"),
        (
            {**CONTAINERS["AWS"], "atlas_cidr_block": "8.8.8.0/24"},
            PlanError,
            r"^atlas_cidr_block 8\.8\.8\.0/24 is not",
        ),
        ({**CONTAINERS["AWS"], "project_id": "0" * 24}, ApiError, "GROUP_NOT_FOUND"),
        ({**CONTAINERS["AWS"], "project_name": "nowhere"}, ApiError, "find the project named 'nowhere'"),
    ],
)
def test_invalid_task_fails(task: Task, options: dict[str, Any], kind: type[AtlasError], words: str) -> None:
    with pytest.raises(AtlasError, match=words) as failure:
        task(**options)
    assert failure.value.kind == kind.__name__


@pytest.mark.parametrize("wrong", [{"state": "gone"}, {"provider_name": "aws"}, {"vpc_id": "x"}])
def test_argument_spec_rejects_invalid_options(wrong: dict[str, str]) -> None:
    assert ArgumentSpecValidator(atlas_container.SPEC).validate(wrong).error_messages


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, NAMES),
        ({"provider_name": "GCP"}, ("GCP",)),
        ({"provider_name": "AWS", "region": "us-east-1"}, ("AWS",)),
        ({"region": "US_EAST_1"}, ("AWS",)),
        ({"region": "EUROPE_NORTH"}, ("AZURE",)),
        ({"region": "northeurope"}, ("AZURE",)),
        ({"region": "us-west-2"}, ()),
        ({"project_name": PROJECT_NAME}, NAMES),
    ],
)
def test_info_filters_select_containers(
    atlas: Simulator, info: Callable[..., list[str]], filters: dict[str, str], names: tuple[str, ...]
) -> None:
    assert info(**filters) == [atlas.containers[name] for name in names]
    (listing,) = [exchange for exchange in atlas.exchanges if "containers" in exchange.path]
    assert listing.path.endswith("/containers/all")


@EVERY_CLOUD
def test_info_by_container_id(atlas: Simulator, info: Callable[..., list[str]], name: str) -> None:
    container_id = atlas.containers[name]
    assert info(container_id=container_id) == info(id=container_id, provider_name=name) == [container_id]
    other = next(other for other in NAMES if other != name)
    assert info(container_id=container_id, provider_name=other) == []


def test_info_by_unknown_container_id_is_empty(info: Callable[..., list[str]]) -> None:
    assert info(container_id="0" * 24) == []


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"container_id": "x"}, InputError, "container_id is 'x'"),
        ({"region": "Nowhere at all"}, InputError, "region is 'Nowhere at all'"),
        ({"provider_name": "GCP", "region": "US_EAST_1"}, InputError, "Leave one out"),
        ({"project_id": "0" * 24}, ApiError, "GROUP_NOT_FOUND"),
    ],
)
def test_info_with_invalid_options_fails(
    info: Callable[..., list[str]], options: dict[str, str], kind: type[AtlasError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        info(**options)
