# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Reading many projects: several at once, and one project's trouble stays its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Generic, TypeVar

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver, project_of
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PartialError, summarize
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record

Made = TypeVar("Made")


@dataclass
class ProjectRead(Generic[Made]):
    """What came of reading one project.

    Attributes:
        project_id: Its id; None where none could be found for its name.
        project_name: Its name, where that is given.
        members: The positions, from 0, at which it is named.
        made: What was made of what was read; None where that failed.
        error: Why it failed.
    """

    project_id: str | None
    project_name: str | None
    members: list[int] = field(default_factory=list)
    made: Made | None = None
    error: AtlasError | None = None


def read_each(
    client: Client,
    projects: ProjectResolver,
    homes: Sequence[Mapping[str, Any]],
    read: Callable[[ProjectRead[Made]], Made],
) -> list[ProjectRead[Made]]:
    """Read the projects that are named, each once, in the order in which they are named.

    Args:
        client: The session, whose workers read.
        projects: Where names are looked up.
        homes: Options that name a project each, by ``project_id`` or ``project_name``.
        read: Reads a project and makes something of it; an AtlasError that it raises is kept.

    Raises:
        InputError: A project is named wrongly; nothing has been asked.
    """
    projects.prefetch([project_of(home)[1] for home in homes])
    readings: dict[tuple[str | None, str | None], ProjectRead[Made]] = {}
    for number, home in enumerate(homes):
        new: ProjectRead[Made] = _find(home, projects)
        same = readings.setdefault((new.project_id, None if new.project_id else new.project_name), new)
        same.project_name = same.project_name or new.project_name
        same.members.append(number)

    def attempt(reading: ProjectRead[Made]) -> None:
        try:
            reading.made = None if reading.error else read(reading)
        except AtlasError as error:
            reading.error = error

    client.map_concurrently(attempt, list(readings.values()))
    return list(readings.values())


def _find(home: Mapping[str, Any], projects: ProjectResolver) -> ProjectRead[Any]:
    name = project_of(home)[1] or None
    try:
        return ProjectRead(projects.resolve(home), name)
    except AtlasError as error:
        return ProjectRead(None, name, error=error)


def list_each(
    client: Client, homes: Sequence[Mapping[str, Any]], key: str, read: Callable[[str], list[Record]]
) -> dict[str, Any]:
    """Return the result of a module that lists something of each project, under a key.

    Raises:
        AtlasError: The only project could not be read.
        PartialError: Some of several projects could not be read; the result holds what the others have.
    """
    readings = read_each(client, ProjectResolver(client), homes, lambda reading: read(str(reading.project_id)))
    result = {"changed": False, key: [record for reading in readings for record in reading.made or ()]}
    failed = [(one, one.error) for one in readings if one.error]
    if failed and len(readings) == 1:
        raise failed[0][1]
    if failed:
        said = (
            f"{len(failed)} of {len(readings)} projects could not be read. {summarize(error for _one, error in failed)}"
        )
        raise incomplete(said, result, [as_problem(one, error) for one, error in failed])
    return result


def as_problem(reading: ProjectRead[Any], error: AtlasError) -> dict[str, Any]:
    """Return what went wrong in a project, as data."""
    named = {"project_id": reading.project_id, "project_name": reading.project_name, "cause": error.cause}
    return {**named, **error.as_result()}


def incomplete(message: str, result: Mapping[str, Any], problems: list[dict[str, Any]]) -> PartialError:
    """Return the error of a task that could not read everything, and whose result holds the rest."""
    return PartialError(message, result, problems, "Everything else is in the result.")
