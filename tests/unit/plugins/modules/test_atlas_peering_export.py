# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module atlas_peering_export, without Ansible: which projects, which files, and what becomes of what is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PartialError
from ansible_collections.atlasops.network.plugins.modules import atlas_peering_export
from simulator import Simulator
from simulator.settings import PROJECT_NAME
from support.engine import run_module

Task = Callable[..., dict[str, Any]]


@pytest.fixture
def task(module: Callable[..., Any], client: Client) -> Task:
    """Return a function that runs the module."""

    def run(check_mode: bool = False, **given: Any) -> dict[str, Any]:
        made = module(atlas_peering_export.SPEC, **given)
        return run_module(atlas_peering_export, made.params, client, check_mode)

    return run


@pytest.fixture
def projects(atlas: Simulator) -> dict[str, str]:
    """Add projects beside the seeded one, which has no connection: with two, one and no connections."""
    ids = {name: atlas.add_project(name) for name in ("shop", "web", "none")}
    for name, cloud in (("shop", "AWS"), ("shop", "AZURE"), ("web", "GCP")):
        atlas.add_peer(ids[name], cloud, "AVAILABLE")
    return ids


def fail_reading(atlas: Simulator, project_id: str) -> None:
    body = {"error": 403, "errorCode": "USER_UNAUTHORIZED", "detail": "No."}
    atlas.fault(path=f"/groups/{project_id}/containers", status=403, body=body, times=None)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def declared(path: Path) -> list[dict[str, str]]:
    connections: list[dict[str, str]] = yaml.safe_load(path.read_text())["atlas_peering_connections"]
    return connections


def test_every_visible_project_with_connections_gets_a_file(
    task: Task, projects: dict[str, str], tmp_path: Path, atlas: Simulator
) -> None:
    atlas.clear_log()
    result = task(path=str(tmp_path / "new" / "host_vars"))
    assert result["changed"]
    assert names(tmp_path) == ["new/host_vars/shop.yml", "new/host_vars/web.yml"]
    shop = yaml.safe_load((tmp_path / "new" / "host_vars" / "shop.yml").read_text())
    assert shop["atlas_peering_project_id"] == projects["shop"]
    assert [one["provider_name"] for one in shop["atlas_peering_connections"]] == ["AWS", "AZURE"]
    assert [one["project_name"] for one in result["projects"]] == sorted(["none", "shop", "web", PROJECT_NAME])
    assert len(atlas.exchanges) == 2 + 4 * 4, "the projects, the organizations, and four lists of each project"
    assert atlas.writes() == []


def test_second_export_is_unchanged(task: Task, projects: dict[str, str], tmp_path: Path) -> None:
    task(path=str(tmp_path))
    again = task(path=str(tmp_path))
    assert (again["changed"], again["diff"]) == (False, [])


def test_check_mode_shows_the_files_and_writes_none(task: Task, projects: dict[str, str], tmp_path: Path) -> None:
    result = task(check_mode=True, path=str(tmp_path / "x"))
    assert result["changed"]
    assert [one["after_header"] for one in result["diff"]] == [
        str(tmp_path / "x" / f"{one}.yml") for one in ("shop", "web")
    ]
    assert [one["before"] for one in result["diff"]] == ["", ""]
    assert not (tmp_path / "x").exists()


def test_without_a_path_nothing_is_written(task: Task, projects: dict[str, str]) -> None:
    result = task(projects=[{"project_name": "web"}])
    assert (result["changed"], [one["path"] for one in result["projects"]]) == (False, [None])
    assert [one["provider_name"] for one in result["projects"][0]["connections"]] == ["GCP"]


def test_duplicate_project_is_exported_once(task: Task, projects: dict[str, str], tmp_path: Path) -> None:
    result = task(path=str(tmp_path), projects=[{"project_name": "web"}, {"project_id": projects["web"]}])
    assert [one["host"] for one in result["projects"]] == ["web"]


def test_format_list_without_a_path_writes_nothing(task: Task, projects: dict[str, str]) -> None:
    result = task(format="list", projects=[{"project_name": "web"}])
    assert (result["changed"], len(result["projects"][0]["connections"])) == (False, 1)


def test_format_list_writes_one_file(task: Task, projects: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "connections.yml"
    task(path=str(path), format="list", projects=[{"project_name": name} for name in ("web", "shop")])
    assert [one["project_id"] for one in declared(path)] == [projects["web"], *[projects["shop"]] * 2]


def test_host_option_names_file(task: Task, projects: dict[str, str], tmp_path: Path, atlas: Simulator) -> None:
    atlas.clear_log()
    task(path=str(tmp_path), projects=[{"project_id": projects["shop"], "host": "a"}])
    assert names(tmp_path) == ["a.yml"]
    assert len(atlas.exchanges) == 4, "the projects that can be seen need not be listed"


def test_host_defaults_to_the_name_of_the_project(task: Task, projects: dict[str, str], tmp_path: Path) -> None:
    for host in (None, "b"):
        second = {"project_name": "web", "host": host}
        result = task(path=str(tmp_path), projects=[{"project_id": projects["shop"], "host": "a"}, second])
        assert [one["host"] for one in result["projects"]] == ["a", host or "web"]
        assert [one["project_name"] for one in result["projects"]] == [None if host else "shop", "web"]
    assert names(tmp_path) == ["a.yml", "b.yml", "web.yml"]


def test_unknown_projects_have_no_host(task: Task, projects: dict[str, str], tmp_path: Path) -> None:
    named = [{"project_name": name} for name in ("shop", "nowhere", "elsewhere")]
    with pytest.raises(PartialError, match=r"^2 of 3 projects could not be exported\.") as error:
        task(path=str(tmp_path), projects=named)
    problems = error.value.as_result()["failure"]["problems"]
    assert [(one["project_name"], one["host"]) for one in problems] == [("nowhere", None), ("elsewhere", None)]
    assert names(tmp_path) == ["shop.yml"]


def test_existing_host_directory_gets_file(task: Task, projects: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    task(path=str(tmp_path), projects=[{"project_name": "shop"}])
    assert names(tmp_path) == ["shop/atlas_peering.yml"]


def test_project_without_connections_keeps_empty_list_in_existing_file(
    task: Task, projects: dict[str, str], tmp_path: Path, atlas: Simulator
) -> None:
    task(path=str(tmp_path), projects=[{"project_id": projects["none"], "host": "web"}])
    assert names(tmp_path) == []
    task(path=str(tmp_path), projects=[{"project_name": "web"}])
    result = task(path=str(tmp_path), projects=[{"project_id": projects["none"], "host": "web"}])
    assert result["changed"]
    assert declared(tmp_path / "web.yml") == []


@pytest.mark.parametrize("name", ["shop.yml", "shop.yaml", "shop.json", "shop"])
def test_existing_host_variables_are_kept_and_fail(
    task: Task, projects: dict[str, str], tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("---\nport: 1\n")
    with pytest.raises(PartialError, match=f"^1 of 4 projects could not be exported. {tmp_path}/{name} ") as error:
        task(path=str(tmp_path))
    assert names(tmp_path) == sorted([name, "web.yml"])
    assert (tmp_path / name).read_text() == "---\nport: 1\n"
    assert [one["host"] for one in error.value.as_result()["failure"]["problems"]] == ["shop"]


def test_unreadable_project_keeps_its_file(
    task: Task, projects: dict[str, str], tmp_path: Path, atlas: Simulator
) -> None:
    task(path=str(tmp_path))
    before = (tmp_path / "shop.yml").read_text()
    atlas.add_peer(projects["web"], "AWS", "AVAILABLE")
    fail_reading(atlas, projects["shop"])
    with pytest.raises(PartialError, match=r"^1 of 4 projects could not be exported\. Could not list the containers"):
        task(path=str(tmp_path))
    assert (tmp_path / "shop.yml").read_text() == before
    assert [one["provider_name"] for one in declared(tmp_path / "web.yml")] == ["AWS", "GCP"]


def test_incomplete_list_is_not_written(task: Task, projects: dict[str, str], tmp_path: Path, atlas: Simulator) -> None:
    """In git it would look as if the connections were gone."""
    path = tmp_path / "connections.yml"
    task(path=str(path), format="list")
    before = path.read_text()
    fail_reading(atlas, projects["shop"])
    atlas.add_peer(projects["web"], "AWS", "AVAILABLE")
    with pytest.raises(PartialError) as error:
        task(path=str(path), format="list")
    assert (path.read_text(), error.value.as_result()["changed"]) == (before, False)


def test_unreadable_only_project_fails_with_its_own_error(
    task: Task, projects: dict[str, str], atlas: Simulator
) -> None:
    fail_reading(atlas, projects["shop"])
    with pytest.raises(ApiError, match=r"^Could not list the containers"):
        task(projects=[{"project_id": projects["shop"]}])


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ([{}], r"^projects\[1\]: set project_id or project_name\.$"),
        ([{"host": "a"}], r"^projects\[1\] \(a\): set project_id or project_name\.$"),
        ([{"project_id": "0" * 24, "host": "../a"}], r"^The name of the host '\.\./a' cannot be the name of a file\."),
        (
            [{"project_id": digit * 24, "host": "a"} for digit in "12"],
            r"^projects has several projects of one host: a\.",
        ),
    ],
)
def test_invalid_projects_fail(
    task: Task, atlas: Simulator, tmp_path: Path, named: list[dict[str, str]], message: str
) -> None:
    project_id = atlas.add_project("one")
    named = [{**one, "project_id": project_id} if one.get("project_id") == "0" * 24 else one for one in named]
    with pytest.raises(InputError, match=message):
        task(path=str(tmp_path), projects=named)


def test_credentials_without_projects_keep_existing_list(
    module: Callable[..., Any], atlas: Simulator, connect: Callable[..., Client], tmp_path: Path
) -> None:
    atlas.add_api_key("nowhere", "secret", {})
    client = connect(atlas, ("api_key", {"public_key": "nowhere", "private_key": "secret"}))
    made = module(atlas_peering_export.SPEC, path=str(tmp_path / "x.yml"), format="list")
    with pytest.raises(InputError, match="can see no project"):
        atlas_peering_export.run(made.params, False, client)
    assert not (tmp_path / "x.yml").exists()


def test_updated_file_keeps_mode(task: Task, projects: dict[str, str], tmp_path: Path, atlas: Simulator) -> None:
    task(path=str(tmp_path))
    (tmp_path / "web.yml").chmod(0o640)
    atlas.add_peer(projects["web"], "AWS", "AVAILABLE")
    task(path=str(tmp_path))
    assert (tmp_path / "web.yml").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "shop.yml").stat().st_mode & 0o777 == 0o644
