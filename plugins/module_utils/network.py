# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A declared network: peering connections of any number of projects, and the containers that they name by region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import arguments, peering, preflight
from ansible_collections.atlasops.network.plugins.module_utils.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.declaration import declare, is_unset
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    PartialError,
    raise_all,
    told,
)
from ansible_collections.atlasops.network.plugins.module_utils.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.places import declare_container
from ansible_collections.atlasops.network.plugins.module_utils.project_network import (
    Declared,
    Order,
    ProjectNetwork,
)
from ansible_collections.atlasops.network.plugins.module_utils.projects import Projects, of_part
from ansible_collections.atlasops.network.plugins.module_utils.reconcile import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.wording import option

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
                {**outcome.diff, "before_header": outcome.wanted.name, "after_header": outcome.wanted.name}
                for outcome in every
                if outcome.changed
            ],
            "warnings": list(self.warnings),
        }
        failed = [(outcome, outcome.error) for outcome in every if outcome.error]
        if failed:
            message = f"{len(failed)} of {len(every)} connections failed. {told([error for _one, error in failed])}"
            raise PartialError(message, result, [_problem(outcome, error) for outcome, error in failed])
        return result


def _entry(outcome: Outcome) -> dict[str, Any]:
    failure = outcome.error.as_result()["failure"] if outcome.error else None
    gone = {**outcome.wanted.absent, "id": (outcome.before or outcome.wanted.absent)["id"]}
    return {**(outcome.after or gone), "action": outcome.action, "failure": failure}


def _problem(outcome: Outcome, error: AtlasError) -> dict[str, Any]:
    named = {"connection": outcome.wanted.name, "project_id": outcome.wanted.project_id, "cause": error.cause}
    return {**named, **error.as_result()}


def declare_peering(params: Mapping[str, Any], project_id: str, present: bool) -> Declared:
    """Check the options of one connection. Raises InputError."""
    given = {option: value for option, value in params.items() if not is_unset(value)}
    region, block = given.get("container_region"), given.get("atlas_cidr_block") if present else None
    cloud = CLOUDS.get(str(given.get("provider_name")))
    if block and not region and not (cloud and cloud.has_one_container):
        raise InputError("atlas_cidr_block needs container_region, the region of the container.")
    if not region and not block:
        return Declared(declare(PEERING, given, project_id, present), None)
    # The container is found by its region; until then any id will do.
    wanted = declare(PEERING, {"container_id": _ANY_ID, **given}, project_id, present)
    if cloud is None:
        raise InputError("container_region needs provider_name, the cloud that it is a region of.")
    container = declare_container(cloud, region, block, project_id)
    values = {option: value for option, value in wanted.values.items() if value != _ANY_ID}
    return Declared(replace(wanted, values={**values, "container_region": container.values.get("region")}), container)


def check_all(params: Mapping[str, Any], present: bool) -> list[tuple[Declared, Mapping[str, Any]]]:
    """Check every entry of the list of connections of a task; return each with the options that say its project.

    Raises:
        InputError: An entry is wrong.
    """
    checked, problems = [], []
    for number, entry in enumerate(params["connections"], start=1):
        try:
            home = of_part(entry, params)
            arguments.project(home)
            checked.append((declare_peering(entry, "", present), home))
        except InputError as error:
            problems.append(InputError(f"{option('connections')}[{number}]: {error.message}", error.hint))
    raise_all(problems)
    return checked


def declare_all(params: Mapping[str, Any], projects: Projects, present: bool) -> list[Declared]:
    """Check the list of connections of a task, and then look up projects that are named by name.

    An entry whose project cannot be found holds the reason.

    Raises:
        InputError: An entry is wrong; nothing has been asked.
    """
    checked = check_all(params, present)
    projects.learn(arguments.project(home)[1] for _one, home in checked)
    return [_at_home(one, home, projects) for one, home in checked]


def told_apart(declared: Sequence[Declared]) -> list[Declared]:
    """Return declared connections with names that tell those to the same network apart."""
    distinctions = peering.distinctions([one.peering.absent for one in declared])
    return [
        replace(one, peering=replace(one.peering, distinction=distinction))
        for one, distinction in zip(declared, distinctions)
    ]


def _at_home(declared: Declared, home: Mapping[str, Any], projects: Projects) -> Declared:
    """Return a declared connection in its project."""
    try:
        project_id = projects.id_of(home)
    except AtlasError as error:
        return replace(declared, refusal=error)
    container = declared.container and replace(declared.container, project_id=project_id)
    return Declared(replace(declared.peering, project_id=project_id), container)


def ensure(client: Client, declared: Sequence[Declared], order: Order) -> Result:
    """Bring the declared connections into being, or out of it: several projects at once, one step at a time in each.

    Where something is known to fail in a project, nothing is written there, and the others are tried.

    Raises:
        AtlasError: Nothing can be done in the only project that there is.
    """
    declared = told_apart(declared)
    members: dict[str, list[int]] = {}
    for number, one in enumerate(declared):
        members.setdefault(one.peering.project_id or str(one.refusal), []).append(number)
    networks = [ProjectNetwork(client, [declared[number] for number in numbers], order) for numbers in members.values()]
    client.each(ProjectNetwork.prepare, networks)
    client.each(ProjectNetwork.carry_out, networks)
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
