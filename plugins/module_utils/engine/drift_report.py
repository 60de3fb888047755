# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The drift report over projects, assembled from the comparison of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, Callable, cast

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.containers import ContainerResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.declarations import parse_connections
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver, project_options
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import (
    ProjectRead,
    incomplete,
    read_network,
    read_projects,
)
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, summarize
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import AVAILABLE
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import (
    DesiredPeering,
    with_distinct_names,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.drift import (
    DIFFERENT,
    MISSING,
    Comparison,
    Entry,
    compare,
    unread,
)

Read = ProjectRead[Comparison]
Finish = Callable[[dict[str, Any]], dict[str, Any]]


def _as_it_is(done: dict[str, Any]) -> dict[str, Any]:
    return done


def report(client: Client, params: Mapping[str, Any], finish: Finish = _as_it_is) -> dict[str, Any]:
    """Return the result of the task: its declared connections compared with what the projects have.

    Args:
        client: The session to read through.
        params: The options of the task.
        finish: Returns the report with what is to be added.

    Raises:
        InputError: An entry is wrong.
        AtlasError: The only project could not be read.
        PartialError: Some connections could not be compared; the others are in the report all the same.
    """
    now, resolver = datetime.now(timezone.utc), ProjectResolver(client)
    declared = with_distinct_names(parse_connections(params, resolver, present=True))
    projects = [project_options(entry, params) for entry in params["connections"]] or [params]
    reads = read_projects(
        client,
        resolver,
        projects,
        lambda project: _compare(client, str(project.project_id), _declared_in(declared, project), now),
    )
    return as_result(declared, reads, now, finish)


def _declared_in(declared: Sequence[DesiredPeering], project: Read) -> list[DesiredPeering]:
    """Return what is declared in one project; nothing if the task declares nothing and only names a project."""
    return [declared[number] for number in project.positions] if declared else []


def _compare(client: Client, project_id: str, declared: Sequence[DesiredPeering], now: datetime) -> Comparison:
    """Read a project and compare it."""
    existing, containers = read_network(client, project_id)
    desired = [one.container for one in declared if one.container]
    resolver = ContainerResolver(ContainerApi(client), desired, present=False, existing=containers)
    bound = [
        replace(
            one,
            peering=resolver.bind(one.peering, one.container),
            error=resolver.error_for(one.peering, one.container),
        )
        for one in declared
    ]
    return compare(bound, existing, containers, now)


def as_result(
    declared: Sequence[DesiredPeering],
    projects: Sequence[Read],
    now: datetime,
    finish: Finish = _as_it_is,
) -> dict[str, Any]:
    """Return the result of the task, whose report is over all projects.

    Args:
        declared: Everything that is declared.
        projects: What reading each project led to; positions are those in `declared`.
        now: The time from which remaining times are counted, in UTC.
        finish: Returns the report with what is to be added.

    Raises:
        AtlasError: The only project could not be read.
        PartialError: Some connections could not be compared; the others are in the report all the same.
    """
    if len(projects) == 1 and projects[0].error:
        raise projects[0].error
    by_position: dict[int, Entry] = {}
    undeclared: list[Entry] = []
    errors: dict[int, tuple[Read, AtlasError]] = {}
    for one in projects:
        content = one.content or unread(_declared_in(declared, one), cast(AtlasError, one.error), now)
        project = {"project_id": one.project_id, "project_name": one.project_name}
        by_position.update(zip(one.positions, ({**entry, **project} for entry in content.declared)))
        undeclared += ({**entry, **project} for entry in content.undeclared)
        errors.update({one.positions[number]: (one, error) for number, error in content.errors.items()})
    connections = [*(by_position[number] for number in sorted(by_position)), *undeclared]
    failed = [(number, *errors[number]) for number in sorted(errors)]
    problems = [
        {"connection": declared[number].peering.name, **project.as_problem(error)} for number, project, error in failed
    ]
    result = {"changed": False, "report": finish(_report(connections, projects, problems))}
    if problems:
        causes = summarize(error for _number, _project, error in failed)
        message = f"{len(problems)} of {len(declared)} connections could not be compared. {causes}"
        raise incomplete(message, result, problems)
    return result


def _report(
    connections: Sequence[Entry], projects: Sequence[Read], problems: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    containers = [entry for one in projects if one.content for entry in one.content.containers]
    deviating = [entry for entry in containers if entry["state"] in (MISSING, DIFFERENT)]
    return {
        "connections": connections,
        "containers": containers,
        "projects": [
            {"project_id": one.project_id, "project_name": one.project_name, "read": one.content is not None}
            for one in projects
        ],
        "problems": problems,
        "usable": None,
        "counts": dict(Counter(entry["state"] for entry in connections)),
        "drift": bool(deviating) or any(entry["state"] != AVAILABLE for entry in connections),
    }
