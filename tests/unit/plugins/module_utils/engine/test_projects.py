# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The projects that options name: by id, or by a name that is looked up once."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.engine import declarations
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver, project_of
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from simulator import Simulator
from simulator.settings import PROJECT_NAME
from support.samples import OPTIONS, OTHER_PROJECT, PROJECT

BOTH = r"^project_id and project_name are both given\. Set one of them\.$"


@pytest.mark.parametrize("given", [{"project_id": PROJECT}, {"project_id": PROJECT, "project_name": ""}])
def test_project_id_needs_no_request(atlas: Simulator, client: Client, given: dict[str, str]) -> None:
    assert ProjectResolver(client).resolve(given) == PROJECT
    assert atlas.exchanges == []


def test_project_name_is_resolved_by_one_request(atlas: Simulator, client: Client) -> None:
    projects = ProjectResolver(client)
    for name in (PROJECT_NAME, f" {PROJECT_NAME}\n"):
        assert projects.resolve({"project_id": None, "project_name": name}) == PROJECT
    (exchange,) = atlas.exchanges
    assert exchange.path == f"/api/atlas/v2/groups/byName/{PROJECT_NAME}"


@pytest.mark.parametrize("name", ["two words", "a/b", "100%", "früh", "a?b#c"])
def test_project_name_with_special_characters_is_resolved(atlas: Simulator, client: Client, name: str) -> None:
    project_id = atlas.add_project(name)
    assert ProjectResolver(client).resolve({"project_name": name}) == project_id


@pytest.mark.parametrize("project_id", [PROJECT, "x"])
def test_project_id_and_project_name_together_fail(atlas: Simulator, client: Client, project_id: str) -> None:
    with pytest.raises(InputError, match=BOTH):
        ProjectResolver(client).resolve({"project_id": project_id, "project_name": PROJECT_NAME})
    assert atlas.exchanges == []


def test_project_id_defaults_to_environment(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", OTHER_PROJECT)
    projects = ProjectResolver(client)
    assert projects.resolve({"project_id": "", "project_name": None}) == OTHER_PROJECT
    assert projects.resolve({"project_name": PROJECT_NAME}) == PROJECT
    assert projects.resolve({"project_id": PROJECT}) == PROJECT


@pytest.mark.parametrize("given", [{}, {"project_id": "", "project_name": " "}])
def test_missing_project_fails(given: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"^project_id is missing\. Set it or project_name, or the environment"):
        project_of(given)


PRINCIPALS: list[tuple[str, Callable[[Simulator], dict[str, str]], str]] = [
    ("access_token", lambda atlas: {"access_token": atlas.issue_token()}, "this access token"),
    (
        "service_account",
        lambda atlas: {"client_id": atlas.client_id, "client_secret": atlas.client_secret},
        "service account mdb_sa_id_64a1f0c35b7e2d4198c3eb01",
    ),
    (
        "api_key",
        lambda atlas: {"public_key": atlas.public_key, "private_key": atlas.private_key},
        "API key simulatr",
    ),
]


@pytest.mark.parametrize(("method", "values", "principal"), PRINCIPALS)
def test_unknown_project_name_error_names_the_principal(
    atlas: Simulator, connect: Any, method: str, values: Callable[[Simulator], dict[str, str]], principal: str
) -> None:
    credentials = values(atlas)
    with pytest.raises(ApiError) as failure:
        ProjectResolver(connect(atlas, (method, credentials))).resolve({"project_name": "nowhere"})
    looking = (
        f"Could not find the project named 'nowhere' among those that {principal} can see: Atlas answered HTTP 404 "
    )
    assert failure.value.message.startswith(f"{looking}GROUP_NAME_NOT_FOUND")
    secrets = [value for name, value in credentials.items() if name in ("access_token", "client_secret", "private_key")]
    assert not [secret for secret in secrets if secret in str(failure.value)]


def test_answer_with_another_project_fails(atlas: Simulator, client: Client) -> None:
    atlas.fault(path="/byName/shop", status=200, body={"id": OTHER_PROJECT, "name": "web"})
    with pytest.raises(TransportError, match=r"\(another name in it\) is not the JSON that Atlas sends"):
        ProjectResolver(client).resolve({"project_name": "shop"})


def entry(**options: Any) -> dict[str, Any]:
    return {**OPTIONS["GCP"], "project_id": None, "project_name": None, **options}


def parse_connections(client: Client, *entries: dict[str, Any], **params: Any) -> list[str]:
    task = {"project_id": None, "project_name": None, **params, "connections": list(entries)}
    return [
        one.peering.project_id for one in declarations.parse_connections(task, ProjectResolver(client), present=True)
    ]


def test_project_name_of_several_entries_is_resolved_once(atlas: Simulator, client: Client) -> None:
    other = atlas.add_project("other")
    entries = [entry(), entry(project_name="other"), entry(project_name="other"), entry(project_id=OTHER_PROJECT)]
    assert parse_connections(client, *entries, entry(), project_name=PROJECT_NAME) == [
        PROJECT,
        other,
        other,
        OTHER_PROJECT,
        PROJECT,
    ]
    assert sorted(exchange.path.rpartition("/")[2] for exchange in atlas.exchanges) == ["other", PROJECT_NAME]


def test_project_of_entry_takes_precedence_over_task(atlas: Simulator, client: Client) -> None:
    assert parse_connections(client, entry(project_id=OTHER_PROJECT), project_name=PROJECT_NAME) == [OTHER_PROJECT]
    assert parse_connections(client, entry(project_name=PROJECT_NAME), project_id=OTHER_PROJECT) == [PROJECT]


def test_entry_with_project_id_and_project_name_fails(client: Client) -> None:
    with pytest.raises(InputError, match=r"^connections\[2\]: project_id and project_name are both given\."):
        parse_connections(client, entry(), entry(project_id=PROJECT, project_name=PROJECT_NAME), project_id=PROJECT)


def test_invalid_entries_fail_before_any_request(atlas: Simulator, client: Client) -> None:
    entries = [entry(network_name=None), entry(), entry(gcp_project_id="x"), entry(container_id="x")]
    with pytest.raises(InputError, match=r"^3 problems found: \(1\) ") as refusal:
        parse_connections(client, *entries, project_id=PROJECT)
    for number in (1, 3, 4):
        assert f"connections[{number}]: " in str(refusal.value)
    assert atlas.exchanges == []


def test_project_of_returns_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", OTHER_PROJECT)
    assert project_of({"project_id": f" {PROJECT} "}) == (PROJECT, "")


@pytest.mark.parametrize("given", [{}, {"project_id": None}, {"project_id": ""}])
def test_project_of_falls_back_to_environment(monkeypatch: pytest.MonkeyPatch, given: dict[str, str | None]) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", OTHER_PROJECT)
    assert project_of(given) == (OTHER_PROJECT, "")


def test_project_of_without_project_fails() -> None:
    with pytest.raises(InputError) as refusal:
        project_of({"project_id": ""})
    message = "project_id is missing. Set it or project_name, or the environment variable MONGODB_ATLAS_PROJECT_ID."
    assert refusal.value.message == message


def test_project_of_malformed_project_id_fails() -> None:
    with pytest.raises(InputError, match=r"^project_id is 'Project 0', but must be the 24 hexadecimal characters"):
        project_of({"project_id": "Project 0"})


@pytest.mark.parametrize("value", [False, 1.1, 83])
def test_project_of_unquoted_yaml_name_fails(value: Any) -> None:
    with pytest.raises(InputError, match=r"^project_name is .* put the name in quotes"):
        project_of({"project_name": value, "project_id": None})


@pytest.mark.parametrize("value", [None, "", " "])
def test_project_of_empty_name_returns_project_id(value: Any) -> None:
    assert project_of({"project_name": value, "project_id": "0" * 24}) == ("0" * 24, "")
