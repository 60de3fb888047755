# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The lists of a task, parsed: connections, each in its project, and other entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Callable, TypeVar

from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import (
    ProjectResolver,
    project_of,
    project_options,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, option, raise_all
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import DesiredPeering, parse_connection

Parsed = TypeVar("Parsed")


def parse_each(params: Mapping[str, Any], name: str, parse: Callable[[Mapping[str, Any]], Parsed]) -> list[Parsed]:
    """Parse every entry of an option that is a list.

    Raises:
        InputError: Entries are wrong; each is named by its number.
    """
    parsed, problems = [], []
    for number, entry in enumerate(params[name], start=1):
        try:
            parsed.append(parse(entry))
        except InputError as error:
            problems.append(InputError(f"{option(name)}[{number}]: {error.message}", error.hint))
    raise_all(problems)
    return parsed


def validate_connections(params: Mapping[str, Any], present: bool) -> list[tuple[DesiredPeering, Mapping[str, Any]]]:
    """Parse every entry of the option ``connections``; return each with the options that name its project.

    One whose project is named by ID is in it already.

    Raises:
        InputError: Entries are wrong.
    """

    def parse(entry: Mapping[str, Any]) -> tuple[DesiredPeering, Mapping[str, Any]]:
        project = project_options(entry, params)
        project_id, _name = project_of(project)
        return parse_connection(entry, project_id, present), project

    return parse_each(params, "connections", parse)


def parse_connections(params: Mapping[str, Any], resolver: ProjectResolver, present: bool) -> list[DesiredPeering]:
    """Parse the option ``connections``, then look up the projects that are given by name.

    An entry whose project cannot be found holds the reason.

    Raises:
        InputError: Entries are wrong; no request was sent.
    """
    parsed = validate_connections(params, present)
    resolver.prefetch(project_of(project)[1] for _one, project in parsed)
    return [_in_project(one, project, resolver) for one, project in parsed]


def _in_project(declared: DesiredPeering, project: Mapping[str, Any], resolver: ProjectResolver) -> DesiredPeering:
    try:
        return declared.in_project(resolver.resolve(project))
    except AtlasError as error:
        return replace(declared, error=error)
