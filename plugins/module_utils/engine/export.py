# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Exporting the connections of projects: several projects read at once, then the files, then one result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import is_empty
from ansible_collections.atlasops.network.plugins.module_utils.engine.export_files import Written, host_file, write
from ansible_collections.atlasops.network.plugins.module_utils.engine.project_hosts import list_projects, name_hosts
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import (
    ProjectRead,
    read_network,
    read_projects,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    PartialError,
    option,
    summarize,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.export import Export, export
from ansible_collections.atlasops.network.plugins.module_utils.model.export_text import list_text, project_text

HOST_VARS, LIST = FORMATS = ("host_vars", "list")


class Target(NamedTuple):
    """A project to export.

    Attributes:
        options: The option that names it.
        host: The name of its host; empty if the credentials cannot see a project of its name or ID.
        name: Its name, if the credentials see it.
    """

    options: Mapping[str, Any]
    host: str
    name: str | None


@dataclass
class ProjectExport:
    """What became of one project.

    Attributes:
        read: What reading it led to.
        host: The name of its host.
        error: Why it could not be read or written.
        written: Its file, if it has one of its own.
    """

    read: ProjectRead[Export]
    host: str
    error: AtlasError | None
    written: Written | None = None

    def as_result(self) -> dict[str, Any]:
        """Return it as data."""
        content = self.read.content
        return {
            "project_id": self.read.project_id,
            "project_name": self.read.project_name,
            "host": self.host or None,
            "path": str(self.written.path) if self.written else None,
            "connections": list(content.connections) if content else None,
            "left_out": [one.as_result() for one in content.left_out] if content else None,
        }


def export_projects(client: Client, params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Read the projects, write the files, and return the result of the task.

    Raises:
        InputError: A project is named wrongly, or there is none.
        AtlasError: The only project failed.
        PartialError: Some projects failed; files of the others are written.
    """
    exports = _read_all(client, _targets(client, params["projects"]))
    written: list[Written] = []
    if params["path"] and params["format"] == LIST:
        written = _write_list(exports, params["path"], check_mode)
    elif params["path"]:
        written = _write_host_vars(exports, params["path"], check_mode)
    return _as_result(exports, written)


def _targets(client: Client, named: Sequence[Mapping[str, Any]]) -> list[Target]:
    """Return the projects to export: those that are named, otherwise all that the credentials can see."""
    for number, one in enumerate(named, start=1):
        if is_empty(one.get("project_id")) and is_empty(one.get("project_name")):
            whose = f" ({one['host']})" if one.get("host") else ""
            raise InputError(f"{option('projects')}[{number}]{whose}: set project_id or project_name.")
    if named and all(one.get("host") for one in named):
        return [Target(one, str(one["host"]), None) for one in named]
    visible = _visible(client)
    return [_target(one, visible) for one in named] or visible


def _target(named: Mapping[str, Any], visible: Sequence[Target]) -> Target:
    """Return a named project with the names by which the credentials see it, as far as they do."""
    seen = next(
        (
            one
            for one in visible
            if one.options["project_id"] == named.get("project_id") or one.name == named.get("project_name")
        ),
        Target({}, "", None),
    )
    return Target(named, str(named.get("host") or seen.host), seen.name)


def _visible(client: Client) -> list[Target]:
    projects = list_projects(client)
    if not projects:
        raise InputError(
            f"{client.principal} can see no project. Grant it a role in each project that is to be exported."
        )
    return [
        Target({"project_id": one["atlas_project_id"]}, host, one["atlas_project_name"])
        for one, host in zip(projects, name_hosts(projects, {}))
    ]


def _read_all(client: Client, targets: Sequence[Target]) -> list[ProjectExport]:
    """Read the projects, several at once, each once.

    Raises:
        InputError: Several projects have the same host; nothing was written.
    """
    reads: list[ProjectRead[Export]] = read_projects(
        client,
        ProjectResolver(client),
        [one.options for one in targets],
        lambda project: export(*read_network(client, str(project.project_id))),
    )
    for read in reads:
        read.project_name = read.project_name or targets[read.positions[0]].name
    hosts = [(read, host) for read in reads for host in dict.fromkeys(targets[n].host for n in read.positions)]
    count = Counter(host for _read, host in hosts if host)
    shared = [host for host, number in count.items() if number > 1]
    if shared:
        raise InputError(
            f"{option('projects')} has several projects of one host: {', '.join(shared)}. Set another host."
        )
    return [ProjectExport(read, host, read.error) for read, host in hosts]


def _write_host_vars(exports: Sequence[ProjectExport], folder: str, check_mode: bool) -> list[Written]:
    """Write a file for each project that was read and has connections, or had some when its file was written."""
    for one in exports:
        content = one.read.content
        if content is None:
            continue
        try:
            path = host_file(folder, one.host)
            if not content.is_empty or path.exists():
                text = project_text(str(one.read.project_id), content)
                one.written = write(path, text, check_mode)
        except AtlasError as error:
            one.error = error
    return [one.written for one in exports if one.written]


def _write_list(exports: Sequence[ProjectExport], path: str, check_mode: bool) -> list[Written]:
    """Write the list, unless it would lack the connections of a project that could not be read."""
    if any(one.error for one in exports):
        return []
    by_id = {str(one.read.project_id): one for one in exports}
    content = [(number, one.host, one.read.content) for number, one in by_id.items() if one.read.content]
    return [write(Path(path), list_text(content), check_mode)]


def _as_result(exports: Sequence[ProjectExport], written: Sequence[Written]) -> dict[str, Any]:
    failed = [(one, one.error) for one in exports if one.error]
    if failed and len(exports) == 1:
        raise failed[0][1]
    result = {
        "changed": any(one.changed for one in written),
        "projects": [one.as_result() for one in exports],
        "diff": [one.diff for one in written if one.changed],
    }
    if failed:
        causes = summarize(error for _one, error in failed)
        message = f"{len(failed)} of {len(exports)} projects could not be exported. {causes}"
        problems = [{**one.read.as_problem(error), "host": one.host or None} for one, error in failed]
        hint = "Existing files of these projects, and a single list, are left as they are. Everything else is exported."
        raise PartialError(message, result, problems, hint)
    return result
