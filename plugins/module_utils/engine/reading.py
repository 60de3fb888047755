# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Reading many projects: several at once, and what goes wrong in one does not affect the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Generic, TypeVar

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.project_hosts import list_projects
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import (
    ProjectResolver,
    given_lists,
    project_of,
    projects_of,
)
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi, PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    PartialError,
    summarize,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record

Content = TypeVar("Content")


@dataclass
class ProjectRead(Generic[Content]):
    """What reading one project led to.

    Attributes:
        project_id: Its ID; None if none could be found for its name.
        project_name: Its name, if that is given.
        positions: The positions, from 0, at which it is named.
        content: What was read; None if that failed.
        error: Why it failed.
    """

    project_id: str | None
    project_name: str | None
    positions: list[int] = field(default_factory=list)
    content: Content | None = None
    error: AtlasError | None = None

    def as_problem(self, error: AtlasError) -> dict[str, Any]:
        """Return an error of this project as data."""
        project = {"project_id": self.project_id, "project_name": self.project_name}
        return {**project, "cause": error.cause, **error.as_result()}


def read_projects(
    client: Client,
    resolver: ProjectResolver,
    projects: Sequence[Mapping[str, Any]],
    read: Callable[[ProjectRead[Content]], Content],
) -> list[ProjectRead[Content]]:
    """Read projects, each once, in the order in which they are named.

    Args:
        client: The session whose threads read.
        resolver: Where names are looked up.
        projects: Options that name a project each, by ``project_id`` or ``project_name``.
        read: Reads a project; an AtlasError that it raises is kept.

    Raises:
        InputError: A project is named wrongly; no request was sent.
    """
    resolver.prefetch([project_of(one)[1] for one in projects])
    reads: dict[tuple[str | None, str | None], ProjectRead[Content]] = {}
    for number, one in enumerate(projects):
        new: ProjectRead[Content] = _resolve(one, resolver)
        same = reads.setdefault((new.project_id, None if new.project_id else new.project_name), new)
        same.project_name = same.project_name or new.project_name
        same.positions.append(number)

    def attempt(project: ProjectRead[Content]) -> None:
        try:
            project.content = None if project.error else read(project)
        except AtlasError as error:
            project.error = error

    client.map_concurrently(attempt, list(reads.values()))
    return list(reads.values())


def _resolve(project: Mapping[str, Any], resolver: ProjectResolver) -> ProjectRead[Any]:
    name = project_of(project)[1] or None
    try:
        return ProjectRead(resolver.resolve(project), name)
    except AtlasError as error:
        return ProjectRead(None, name, error=error)


def read_network(client: Client, project_id: str) -> tuple[Sequence[Record], Sequence[Record]]:
    """Return a project's connections, with what their containers say, and its containers.

    This takes one LIST for the containers, and one for the connections of each cloud.
    """
    peering_api = PeeringApi(client)
    containers = ContainerApi(client).list_all(project_id)
    peering_api.remember(containers)
    return peering_api.list_all(project_id), containers


def list_in_projects(
    client: Client, params: Mapping[str, Any], key: str, read: Callable[[str], Sequence[Record]]
) -> dict[str, Any]:
    """Return the result of a module that lists resources of each project that its options name, under a key.

    Raises:
        InputError: The options do not name projects.
        AtlasError: The only project could not be read.
        PartialError: Some of several projects could not be read; the result holds what the others have.
    """
    projects = _every_project(client, params) if params["all_projects"] else projects_of(params)
    reads = read_projects(client, ProjectResolver(client), projects, lambda project: read(str(project.project_id)))
    result = {"changed": False, key: [record for project in reads for record in project.content or ()]}
    failed = [(project, project.error) for project in reads if project.error]
    if failed and len(reads) == 1:
        raise failed[0][1]
    if failed:
        message = (
            f"{len(failed)} of {len(reads)} projects could not be read. {summarize(error for _one, error in failed)}"
        )
        raise incomplete(message, result, [project.as_problem(error) for project, error in failed])
    return result


def _every_project(client: Client, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return options for each project that the credentials can see."""
    given = list(given_lists(params))
    if given:
        raise InputError(f"all_projects and {given[0]} are both given. Set one of them.")
    return [{"project_id": one["atlas_project_id"]} for one in list_projects(client)]


def incomplete(message: str, result: Mapping[str, Any], problems: list[dict[str, Any]]) -> PartialError:
    """Return the error of a task that could not read everything, and whose result holds the rest."""
    return PartialError(message, result, problems, "Everything else is in the result.")
