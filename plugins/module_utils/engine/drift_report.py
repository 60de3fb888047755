# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The drift report over projects: put together from the comparison of each. Pure, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from ansible_collections.atlasops.network.plugins.module_utils.engine.project import DesiredPeering
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import ProjectRead, as_problem, incomplete
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, summarize
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import AVAILABLE
from ansible_collections.atlasops.network.plugins.module_utils.model.drift import (
    DIFFERENT,
    MISSING,
    Comparison,
    Entry,
    unread,
)


def of_project(declared: Sequence[DesiredPeering], project: ProjectRead[Comparison]) -> list[DesiredPeering]:
    """Return what is declared in one project; where nothing is declared, there is nothing in any."""
    return [declared[number] for number in project.members] if declared else []


def as_result(
    declared: Sequence[DesiredPeering], projects: Sequence[ProjectRead[Comparison]], now: datetime
) -> dict[str, Any]:
    """Return the result of the task, whose report is over all projects.

    Args:
        declared: All that should be there.
        projects: What came of reading each project; members are positions in `declared`.
        now: The time that remaining times are counted from, in UTC.

    Raises:
        AtlasError: The only project could not be read.
        PartialError: Some connections could not be compared; the others are in the report all the same.
    """
    if len(projects) == 1 and projects[0].error:
        raise projects[0].error
    numbered: dict[int, Entry] = {}
    undeclared: list[Entry] = []
    errors: dict[int, tuple[ProjectRead[Comparison], AtlasError]] = {}
    for one in projects:
        made = one.made or unread(of_project(declared, one), cast(AtlasError, one.error), now)
        home = {"project_id": one.project_id, "project_name": one.project_name}
        numbered.update(zip(one.members, ({**entry, **home} for entry in made.declared)))
        undeclared += ({**entry, **home} for entry in made.undeclared)
        errors.update({one.members[position]: (one, error) for position, error in made.errors.items()})
    connections = [*(numbered[number] for number in sorted(numbered)), *undeclared]
    problems = [
        {"connection": declared[number].peering.name, **as_problem(*errors[number])} for number in sorted(errors)
    ]
    result = {"changed": False, "report": _report(connections, projects, problems)}
    if problems:
        causes = summarize(errors[number][1] for number in sorted(errors))
        said = f"{len(problems)} of {len(declared)} connections could not be compared. {causes}"
        raise incomplete(said, result, problems)
    return result


def _report(
    connections: Sequence[Entry], projects: Sequence[ProjectRead[Comparison]], problems: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    containers = [entry for one in projects if one.made for entry in one.made.containers]
    off = [entry for entry in containers if entry["state"] in (MISSING, DIFFERENT)]
    return {
        "connections": connections,
        "containers": containers,
        "projects": [
            {"project_id": one.project_id, "project_name": one.project_name, "read": one.made is not None}
            for one in projects
        ],
        "problems": problems,
        "counts": dict(Counter(entry["state"] for entry in connections)),
        "drift": bool(off) or any(entry["state"] != AVAILABLE for entry in connections),
    }
