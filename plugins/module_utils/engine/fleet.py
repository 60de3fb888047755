# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""A declared network: peering connections of any number of projects, and the containers that they name by region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.containers import declare_container
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import (
    DesiredPeering,
    ProjectSync,
    SyncOptions,
)
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import (
    ProjectResolver,
    project_of,
    project_options,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    PartialError,
    option,
    raise_all,
    summarize,
)
from ansible_collections.atlasops.network.plugins.module_utils.model import peering, preflight
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import is_unset, parse_desired
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING

_ANY_ID = "0" * 24


@dataclass(frozen=True)
class Result:
    """What became of all declared connections, in their order, and of those that were purged."""

    outcomes: Sequence[Outcome]
    purged: Sequence[Outcome]
    warnings: Sequence[str]

    def as_result(self) -> dict[str, Any]:
        """Return the result of a task with many connections. Raises PartialError where some failed."""
        every = [*self.outcomes, *self.purged]
        result = {
            "changed": any(outcome.changed for outcome in every),
            "peerings": [_entry(outcome) for outcome in self.outcomes],
            "purged": [_entry(outcome) for outcome in self.purged],
            "diff": [
                {**outcome.diff, "before_header": outcome.desired.name, "after_header": outcome.desired.name}
                for outcome in every
                if outcome.changed
            ],
            "warnings": list(self.warnings),
        }
        failed = [(outcome, outcome.error) for outcome in every if outcome.error]
        if failed:
            message = (
                f"{len(failed)} of {len(every)} connections failed. {summarize([error for _one, error in failed])}"
            )
            raise PartialError(message, result, [_problem(outcome, error) for outcome, error in failed])
        return result


def _entry(outcome: Outcome) -> dict[str, Any]:
    failure = outcome.error.as_result()["failure"] if outcome.error else None
    gone = {**outcome.desired.absent, "id": (outcome.before or outcome.desired.absent)["id"]}
    return {**(outcome.after or gone), "action": outcome.action, "failure": failure}


def _problem(outcome: Outcome, error: AtlasError) -> dict[str, Any]:
    named = {"connection": outcome.desired.name, "project_id": outcome.desired.project_id, "cause": error.cause}
    return {**named, **error.as_result()}


def parse_connection(params: Mapping[str, Any], project_id: str, present: bool) -> DesiredPeering:
    """Check the options of one connection. Raises InputError."""
    given = {option: value for option, value in params.items() if not is_unset(value)}
    region, block = given.get("container_region"), given.get("atlas_cidr_block") if present else None
    cloud = CLOUDS.get(str(given.get("provider_name")))
    if block and not region and not (cloud and cloud.has_one_container):
        raise InputError("atlas_cidr_block needs container_region, the region of the container.")
    if not region and not block:
        return DesiredPeering(parse_desired(PEERING, given, project_id, present), None)
    # The container is found by its region; until then any id will do.
    desired = parse_desired(PEERING, {"container_id": _ANY_ID, **given}, project_id, present)
    if cloud is None:
        raise InputError("container_region needs provider_name, the cloud that it is a region of.")
    container = declare_container(cloud, region, block, project_id)
    values = {option: value for option, value in desired.values.items() if value != _ANY_ID}
    return DesiredPeering(
        replace(desired, values={**values, "container_region": container.values.get("region")}), container
    )


def validate_connections(params: Mapping[str, Any], present: bool) -> list[tuple[DesiredPeering, Mapping[str, Any]]]:
    """Check every entry of the list of connections of a task; return each with the options that say its project.

    Raises:
        InputError: An entry is wrong.
    """
    checked, problems = [], []
    for number, entry in enumerate(params["connections"], start=1):
        try:
            home = project_options(entry, params)
            project_of(home)
            checked.append((parse_connection(entry, "", present), home))
        except InputError as error:
            problems.append(InputError(f"{option('connections')}[{number}]: {error.message}", error.hint))
    raise_all(problems)
    return checked


def parse_connections(params: Mapping[str, Any], projects: ProjectResolver, present: bool) -> list[DesiredPeering]:
    """Check the list of connections of a task, and then look up projects that are named by name.

    An entry whose project cannot be found holds the reason.

    Raises:
        InputError: An entry is wrong; nothing has been asked.
    """
    checked = validate_connections(params, present)
    projects.prefetch(project_of(home)[1] for _one, home in checked)
    return [_at_home(one, home, projects) for one, home in checked]


def told_apart(declared: Sequence[DesiredPeering]) -> list[DesiredPeering]:
    """Return declared connections with names that tell those to the same network apart."""
    distinctions = peering.distinctions([one.peering.absent for one in declared])
    return [
        replace(one, peering=replace(one.peering, distinction=distinction))
        for one, distinction in zip(declared, distinctions)
    ]


def _at_home(declared: DesiredPeering, home: Mapping[str, Any], projects: ProjectResolver) -> DesiredPeering:
    """Return a declared connection in its project."""
    try:
        project_id = projects.resolve(home)
    except AtlasError as error:
        return replace(declared, refusal=error)
    container = declared.container and replace(declared.container, project_id=project_id)
    return DesiredPeering(replace(declared.peering, project_id=project_id), container)


def ensure(client: Client, declared: Sequence[DesiredPeering], order: SyncOptions) -> Result:
    """Bring the declared connections into being, or out of it: several projects at once, one step at a time in each.

    Where something is known to fail in a project, nothing is written there, and the others are tried.

    Raises:
        AtlasError: Nothing can be done in the only project that there is.
    """
    declared = told_apart(declared)
    members: dict[str, list[int]] = {}
    for number, one in enumerate(declared):
        members.setdefault(one.peering.project_id or str(one.refusal), []).append(number)
    networks = [ProjectSync(client, [declared[number] for number in numbers], order) for numbers in members.values()]
    client.map_concurrently(ProjectSync.plan, networks)
    client.map_concurrently(ProjectSync.apply, networks)
    if len(networks) == 1 and networks[0].error:
        raise networks[0].error
    numbered: dict[int, Outcome] = {}
    for numbers, network in zip(members.values(), networks):
        numbered.update(zip(numbers, network.outcomes))
    return Result(
        [numbered[number] for number in range(len(declared))],
        [outcome for network in networks for outcome in network.purged],
        [
            *(text for network in networks for text in network.warnings),
            *preflight.shared_blocks([record for network in networks for record in network.planned]),
        ],
    )
