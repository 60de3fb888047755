# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading many projects: how many requests, that they are read at the same time, and that trouble stays its own."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import read_projects
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, PartialError
from ansible_collections.atlasops.network.plugins.modules import (
    atlas_container_info,
    atlas_peering_info,
    atlas_peering_report,
)
from simulator import Simulator
from support.engine import run_module
from support.patience import PATIENCE
from support.samples import NAMES, OPTIONS, by_region

Connect = Callable[..., Client]
NAMED = [f"project-{number}" for number in range(4)]
DENIED = {"status": 403, "body": {"errorCode": "USER_UNAUTHORIZED", "detail": "No."}, "times": None}


@pytest.fixture
def projects(atlas: Simulator) -> list[str]:
    ids = [atlas.add_project(name) for name in NAMED]
    for project_id in ids:
        atlas.add_peer(project_id, "AWS", "AVAILABLE")
    return ids


@pytest.fixture
def client(atlas: Simulator, connect: Connect) -> Client:
    return connect(atlas, workers=4)


def run(plugin: Any, client: Client, **options: Any) -> dict[str, Any]:
    """Return the result of a module, which may have failed in part."""
    outcome = ArgumentSpecValidator(plugin.SPEC).validate(options)
    assert not outcome.error_messages
    try:
        return run_module(plugin, outcome.validated_parameters, client)
    except PartialError as error:
        return error.as_result()


def info(client: Client, **options: Any) -> dict[str, Any]:
    return run(atlas_peering_info, client, **options)


def report(client: Client, projects: list[str], **options: Any) -> dict[str, Any]:
    connections = [{**OPTIONS["AZURE"], "project_id": project_id} for project_id in projects]
    return run(atlas_peering_report, client, connections=connections, **options)


def homes(result: dict[str, Any], key: str = "peerings") -> list[str]:
    return [record["project_id"] for record in result[key]]


# Which projects


def test_project_ids_and_names_are_read_once_in_order(client: Client, projects: list[str]) -> None:
    order = [projects[2], projects[0], projects[2]]
    assert homes(info(client, project_ids=order)) == order[:2]
    assert homes(info(client, project_names=[NAMED[3], NAMED[1]])) == [projects[3], projects[1]]
    both = info(client, project_ids=order, project_names=[NAMED[1], NAMED[0]])
    assert homes(both) == [projects[2], projects[0], projects[1]]


def test_project_is_read_once_whatever_names_it(client: Client, projects: list[str]) -> None:
    by_id, by_name = [{"project_id": one} for one in projects], [{"project_name": one} for one in NAMED]
    order = [by_id[0], by_name[0], {"project_name": "nowhere"}, by_name[1], by_id[1], {"project_name": "elsewhere"}]
    seen: list[str | None] = []
    found = read_projects(client, ProjectResolver(client), order, lambda project: seen.append(project.project_id))
    assert [(one.project_id, one.project_name, one.positions) for one in found] == [
        (projects[0], NAMED[0], [0, 1]),
        (None, "nowhere", [2]),
        (projects[1], NAMED[1], [3, 4]),
        (None, "elsewhere", [5]),
    ]
    assert sorted(map(str, seen)) == sorted(projects[:2])


def test_container_info_reads_several_projects(client: Client, projects: list[str]) -> None:
    result = run(atlas_container_info, client, project_ids=projects[:2], provider_name="AWS")
    assert homes(result, "containers") == projects[:2]


def test_project_ids_take_precedence_over_project_id(
    client: Client, projects: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", projects[3])
    assert homes(info(client, project_id=projects[2], project_ids=[projects[0]])) == [projects[0]]
    assert homes(info(client, project_ids=[])) == [], "no project is named, so none is read"
    assert homes(info(client, project_ids=[""], project_names=[""])) == [projects[3]], "this is how AWX says nothing"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"project_ids": ["x"]}, "project_id is 'x'"),
        ({"project_names": ["one", " "]}, "has an empty entry"),
        ({"project_ids": ["", "x"]}, "has an empty entry"),
    ],
)
def test_invalid_project_ids_or_names_fail(
    atlas: Simulator, client: Client, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        info(client, **options)
    assert atlas.exchanges == []


# Requests


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("read", [info, report])
def test_projects_are_read_concurrently(
    client: Client, projects: list[str], named: bool, read: Callable[..., Any]
) -> None:
    """All requests for names, and then the first one of each project are under way before any of them is answered."""
    together = threading.Barrier(len(projects))
    real = client._call

    def call(*request: Any, **details: Any) -> dict[str, Any]:
        together.wait(PATIENCE)
        return real(*request, **details)

    client._call = call  # type: ignore[method-assign]
    if read is info:
        result = info(client, **({"project_names": NAMED} if named else {"project_ids": projects}))
        assert homes(result) == projects
    else:
        places = [{"project_name": name} for name in NAMED] if named else [{"project_id": one} for one in projects]
        entries = [{**OPTIONS["AZURE"], **place} for place in places]
        result = run(atlas_peering_report, client, connections=entries)["report"]
        assert homes(result, "projects") == projects


def test_report_requests_per_project(atlas: Simulator, client: Client, projects: list[str]) -> None:
    """One for each cloud and one for all containers, also where regions have to be known and GCP waits for the user."""
    for project_id in projects:
        atlas.add_peer(project_id, "GCP", "WAITING_FOR_USER")
    entries = [{**by_region(name), "project_name": project} for name in NAMES for project in NAMED]
    run(atlas_peering_report, client, connections=entries)
    asked = Counter(exchange.path.removeprefix("/api/atlas/v2/groups/") for exchange in atlas.exchanges)
    assert asked == {
        **{f"byName/{name}": 1 for name in NAMED},
        **{f"{one}/peers": 3 for one in projects},
        **{f"{one}/containers/all": 1 for one in projects},
    }


# Trouble


@pytest.mark.parametrize("count", [1, 2, 4])
def test_info_with_unreadable_projects_returns_the_others(
    atlas: Simulator, client: Client, projects: list[str], count: int
) -> None:
    for project_id in projects[:count]:
        atlas.fault("GET", f"/groups/{project_id}/peers", **DENIED)
    result = info(client, project_ids=projects)
    assert homes(result) == projects[count:]
    times = f" ({count} times)" if count > 1 else ""
    assert result["msg"].startswith(f"{count} of 4 projects could not be read. Could not list the AWS peering")
    assert result["msg"].endswith(f"(Project Read Only to read).{times} Everything else is in the result.")
    assert "written" not in result["msg"]
    assert (result["changed"], result["failure"]["kind"]) == (False, "ApiError")
    problems = result["failure"]["problems"]
    assert [problem["project_id"] for problem in problems] == projects[:count]
    assert {problem["failure"]["error_code"] for problem in problems} == {"USER_UNAUTHORIZED"}
    assert {problem["cause"] for problem in problems} == {"HTTP 403 USER_UNAUTHORIZED"}


def test_report_with_unreadable_projects_returns_the_others(
    atlas: Simulator, client: Client, projects: list[str]
) -> None:
    atlas.fault("GET", f"/groups/{projects[1]}/containers", **DENIED)
    entries = [{**OPTIONS["AZURE"], "project_id": one} for one in projects]
    entries.append({**OPTIONS["AZURE"], "project_name": "nowhere"})
    result = run(atlas_peering_report, client, connections=entries)
    found = result["report"]
    states = [entry["state"] for entry in found["connections"]]
    assert states == ["missing", "unknown", "missing", "missing", "unknown", *["undeclared"] * 3]
    assert [one["read"] for one in found["projects"]] == [True, False, True, True, False]
    assert found["projects"][4] == {"project_id": None, "project_name": "nowhere", "read": False}
    assert found["drift"] is True
    assert result["msg"].startswith("2 of 5 connections could not be compared. Could not list the containers of")
    assert "the project named 'nowhere'" in result["msg"]
    assert found["problems"] == result["failure"]["problems"]
    assert [problem["project_name"] for problem in found["problems"]] == [None, "nowhere"]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"container_id": None, "container_region": "MOON_1"}, "MOON_1"),
        ({"container_region": "US_EAST_1"}, "Leave one of them out"),
    ],
)
def test_report_with_unknown_container_reports_others(
    client: Client, projects: list[str], place: dict[str, Any], words: str
) -> None:
    entries = [{**OPTIONS["AWS"], **place}, OPTIONS["AZURE"]]
    result = run(atlas_peering_report, client, connections=entries, project_id=projects[0])
    states = [entry["state"] for entry in result["report"]["connections"]]
    assert states == ["unknown", "missing", "undeclared"]
    assert words in result["msg"]
    assert (result["failure"]["kind"], len(result["report"]["problems"])) == ("InputError", 1)
    assert [room["id"] is None for room in result["report"]["containers"]] == [False] * 3


@pytest.mark.parametrize("options", [{"project_ids": ["0" * 24]}, {"project_id": "0" * 24}])
def test_unreadable_only_project_fails(client: Client, options: dict[str, Any]) -> None:
    for read in (info, lambda client, **options: report(client, ["0" * 24])):
        with pytest.raises(ApiError, match="GROUP_NOT_FOUND"):
            read(client, **options)


@pytest.mark.parametrize("count", [1, 2])
def test_invalid_options_fail_with_input_error_for_any_count(client: Client, count: int) -> None:
    with pytest.raises(AtlasError) as error:
        run(atlas_peering_report, client, connections=[{"provider_name": "AWS"}] * count, project_id="0" * 24)
    result = error.value.as_result()
    assert result["failure"]["kind"] == "InputError"
    assert "written" not in result["msg"]
