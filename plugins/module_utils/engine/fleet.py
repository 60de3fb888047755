# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Declared resources of any number of projects: several projects at once, one result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Callable, Protocol, TypeVar

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    PartialError,
    readable,
    summarize,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record


class Declared(Protocol):
    """One declared resource: a `Desired`, or a `DesiredPeering`."""

    @property
    def project_key(self) -> str:
        """Equal for resources of the same project."""


One = TypeVar("One", bound=Declared)


class Project(Protocol):
    """The declared resources of one project, such as a `ProjectSync`; see there."""

    outcomes: Sequence[Outcome]
    purged: list[Outcome]
    error: AtlasError | None
    warnings: list[str]

    @property
    def planned(self) -> Sequence[Record]:
        """The declared resources as they will be."""

    def plan(self) -> None:
        """Plan the changes; in check mode predict their outcomes."""

    def apply(self) -> None:
        """Carry the changes out."""


@dataclass(frozen=True)
class FleetResult:
    """What became of all declared resources, in their order, and of those that were purged."""

    projects: Sequence[Project]
    outcomes: Sequence[Outcome]
    warnings: Sequence[str]

    @property
    def purged(self) -> Sequence[Outcome]:
        """What became of those that were purged."""
        return [outcome for project in self.projects for outcome in project.purged]

    def as_single_result(self) -> dict[str, Any]:
        """Return the result of a task with one resource."""
        (outcome,) = self.outcomes
        return {**outcome.as_result(), "warnings": list(self.warnings)}

    def as_result(self, key: str) -> dict[str, Any]:
        """Return the result of a task with many resources, under a key; it has failed if one of them has."""
        if len(self.projects) == 1 and self.projects[0].error:
            return {**self.outcomes[0].as_result(), "warnings": list(self.warnings)}
        every = [*self.outcomes, *self.purged]
        result = {
            "changed": any(outcome.changed for outcome in every),
            key: [_entry(outcome) for outcome in self.outcomes],
            "purged": [_entry(outcome) for outcome in self.purged],
            "diff": [
                {**outcome.diff, "before_header": outcome.desired.name, "after_header": outcome.desired.name}
                for outcome in every
                if outcome.changed
            ],
            "warnings": list(self.warnings),
        }
        failed = [(outcome, outcome.error) for outcome in every if outcome.error]
        if not failed:
            return result
        plural = every[0].desired.resource_type.plural
        message = f"{len(failed)} of {len(every)} {plural} failed. {summarize(error for _one, error in failed)}"
        problems = [_problem(outcome, error) for outcome, error in failed]
        return {"failed": True, **PartialError(message, result, problems).as_result()}


def _entry(outcome: Outcome) -> dict[str, Any]:
    failure = outcome.error.as_result()["failure"] if outcome.error else None
    # The ID of what is gone stays known.
    gone = {"id": outcome.before["id"]} if outcome.before and outcome.after is None else {}
    return {**outcome.record, **gone, "action": outcome.action, "failure": failure}


def _problem(outcome: Outcome, error: AtlasError) -> dict[str, Any]:
    desired = outcome.desired
    named = {desired.resource_type.name_key: desired.name, "project_id": desired.project_id, "cause": error.cause}
    return {**named, **error.as_result(), "changed": outcome.changed}


def sync(client: Client, declared: Sequence[One], in_project: Callable[[Sequence[One]], Project]) -> FleetResult:
    """Create, change or delete the declared resources: several projects at once, sequentially within each.

    If something is known to fail in a project, nothing is written there, and the others are tried.

    Args:
        client: The session whose threads work.
        declared: The resources, of any project.
        in_project: Takes the resources of one project.
    """
    by_project: dict[str, list[int]] = {}
    for number, one in enumerate(declared):
        by_project.setdefault(one.project_key, []).append(number)
    projects = [in_project([declared[number] for number in numbers]) for numbers in by_project.values()]
    client.map_concurrently(lambda project: project.plan(), projects)
    client.map_concurrently(lambda project: project.apply(), projects)
    outcomes: dict[int, Outcome] = {}
    for numbers, project in zip(by_project.values(), projects):
        outcomes.update(zip(numbers, project.outcomes))
    return FleetResult(
        projects,
        [outcomes[number] for number in range(len(declared))],
        [readable(text) for project in projects for text in project.warnings],
    )
