# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The projects that options name, and their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.responses import identified
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import is_empty, value_or_environment
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import PROJECT_ID, PROJECT_NAME


def project_of(params: Mapping[str, Any]) -> tuple[str, str]:
    """Return the id or the name of the project that options name; the other one is empty.

    Example:
        ``("5f1a2b3c4d5e6f7a8b9c0d1e", "")`` or ``("", "shop")``

    Raises:
        InputError: Neither is given, not even in the environment, or both are.
    """
    given = params.get("project_name")
    name = "" if is_empty(given) else PROJECT_NAME.parse(option("project_name"), given)
    if name and params.get("project_id"):
        raise InputError(f"{option('project_id')} and {option('project_name')} are both given. Set one of them.")
    if name:
        return "", name
    value = value_or_environment(params, "project_id")
    if not value:
        raise InputError(
            f"{option('project_id')} is missing. Set it or {option('project_name')}, "
            "or the environment variable MONGODB_ATLAS_PROJECT_ID."
        )
    return PROJECT_ID.parse(option("project_id"), value), ""


def projects_of(params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return options for each project of a task that may name several; `project_of` reads each of them.

    An empty list names no project.

    Example:
        ``[{"project_id": "5f1a…"}, {"project_id": "5f1b…"}]``

    Raises:
        InputError: An entry of a list is empty.
    """
    given = given_lists(params)
    if not given:
        return [params]
    several: list[Mapping[str, Any]] = [
        {name.removesuffix("s"): value} for name, values in given.items() for value in values
    ]
    if any(not str(value).strip() for project in several for value in project.values()):
        raise InputError("project_ids or project_names has an empty entry. Remove it, or name a project.")
    return several


def given_lists(params: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the lists of projects that options name, by option.

    A list that is null, or that a template made of an empty string, is unset.
    """
    lists = {name: params.get(name) for name in ("project_ids", "project_names")}
    return {name: values for name, values in lists.items() if values not in (None, [""])}


def project_options(entry: Mapping[str, Any], params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options that name the project of one entry of a list: its own, otherwise the task's."""
    own = (entry.get("project_id"), entry.get("project_name"))
    return params if all(map(is_empty, own)) else entry


class ProjectResolver:
    """Looks up the ids of projects by their names, each name once.

    Args:
        client: The session to read through.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._found: dict[str, str | AtlasError] = {}

    def resolve(self, params: Mapping[str, Any]) -> str:
        """Return the id of the project that options name.

        Raises:
            InputError: Neither project_id nor project_name is given, or both are.
            ApiError: The principal can see no such project.
        """
        project_id, name = project_of(params)
        if project_id:
            return project_id
        self.prefetch([name])
        found = self._found[name]
        if isinstance(found, AtlasError):
            raise found
        return found

    def prefetch(self, names: Iterable[str]) -> None:
        """Look up names concurrently. An error is raised by `resolve`."""
        new = [name for name in dict.fromkeys(names) if name and name not in self._found]
        self._found.update(zip(new, self._client.map_concurrently(self._look_up, new)))

    def _look_up(self, name: str) -> str | AtlasError:
        operation = f"find the project named {name!r} among those that {self._client.principal} can see"
        try:
            answer = self._client.get(f"groups/byName/{quote(name, safe='')}", operation)
            return str(identified(answer, operation, name=name)["id"])
        except AtlasError as error:
            return error
