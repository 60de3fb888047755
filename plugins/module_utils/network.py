# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A declared network: peering connections, and the containers they start from where those are named by region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils import preflight, reconcile
from ansible_collections.atlasops.network.plugins.module_utils.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted, declare
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    PartialError,
    RefusedError,
)
from ansible_collections.atlasops.network.plugins.module_utils.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.places import Places, declare_container
from ansible_collections.atlasops.network.plugins.module_utils.plan import NO_HEALING, Healing, Step
from ansible_collections.atlasops.network.plugins.module_utils.projects import Projects
from ansible_collections.atlasops.network.plugins.module_utils.reconcile import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.store import Containers, Peers


@dataclass(frozen=True)
class Declared:
    """One declared connection, and its container where that is named by region."""

    peering: Wanted
    container: Wanted | None


@dataclass(frozen=True)
class Result:
    """What became of all declared connections, in their order, and what a person should know."""

    outcomes: Sequence[Outcome]
    warnings: Sequence[str]

    def as_result(self) -> dict[str, Any]:
        """Return the result of a task with many connections. Raises PartialError where some failed."""
        result = {
            "changed": any(outcome.changed for outcome in self.outcomes),
            "peerings": [outcome.after or outcome.wanted.absent for outcome in self.outcomes],
            "diff": [
                {**outcome.diff, "before_header": outcome.wanted.name, "after_header": outcome.wanted.name}
                for outcome in self.outcomes
                if outcome.changed
            ],
            "warnings": list(self.warnings),
        }
        errors = [(outcome.wanted.name, outcome.error) for outcome in self.outcomes if outcome.error]
        if errors:
            said = " ".join(dict.fromkeys(str(error) for _name, error in errors))
            problems = [{"connection": name, **error.as_result()} for name, error in errors]
            raise PartialError(f"{len(errors)} of {len(self.outcomes)} connections failed. {said}", result, problems)
        return result


def declare_peering(params: Mapping[str, Any], project_id: str, present: bool) -> Declared:
    """Check the options of one connection. Raises InputError."""
    region, block = params.get("container_region"), params.get("atlas_cidr_block")
    if params.get("container_id") and (region or block):
        raise InputError("container_id goes without container_region and atlas_cidr_block: name the container once.")
    if block and not region:
        raise InputError("atlas_cidr_block needs container_region, the region of the container.")
    if not region or not present:
        return Declared(declare(PEERING, params, project_id, present), None)
    # The container is found by its region; until then any id will do.
    peering = declare(PEERING, {**params, "container_id": "0" * 24}, project_id, present)
    return Declared(peering, declare_container(CLOUDS[params["provider_name"]], region, block, project_id))


def declare_all(params: Mapping[str, Any], projects: Projects, present: bool) -> list[Declared]:
    """Check the list of connections of a task, every entry of it. Raises InputError."""
    declared, problems = [], []
    for number, entry in enumerate(params["connections"], start=1):
        try:
            declared.append(declare_peering(entry, projects.id_of_part(entry, params), present))
        except InputError as error:
            problems.append(InputError(f"connections[{number}]: {error.message}", error.hint))
    _raise_all(problems)
    return declared


def ensure(
    client: Client, declared: Sequence[Declared], present: bool, check_mode: bool, healing: Healing = NO_HEALING
) -> Result:
    """Bring the declared connections into being, or out of it.

    Everything that can be known to fail is found before the first write, for all connections at once. What fails
    later fails alone: its outcome holds the error, and the others are tried.

    Raises:
        AtlasError: Something is refused by the plan or the preflight, or a container cannot be had.
    """
    peers, places = Peers(client), Places(Containers(client), [one.container for one in declared if one.container])
    wanted = [places.put(one.peering, one.container) for one in declared]
    found = peers.look(wanted)
    problems, steps = list(places.problems), []
    for one in wanted:
        try:
            steps.append(planning.plan(one, found, present, healing))
        except AtlasError as error:
            problems.append(error)
    problems += [RefusedError(text) for text in preflight.check_peerings(steps, found, places.records)]
    _raise_all(problems)
    if check_mode:
        return Result([places.conceal(reconcile.predict(step)) for step in steps], places.warnings)
    places.create()
    # What is changed may make room for what is created.
    order = sorted(range(len(steps)), key=lambda number: steps[number].action != planning.UPDATE)
    outcomes = {number: _try(peers, places.fill(steps[number]), healing) for number in order}
    return Result([outcomes[number] for number in range(len(steps))], places.warnings)


def _try(peers: Peers, step: Step, healing: Healing) -> Outcome:
    try:
        return reconcile.apply(peers, step, healing)
    except AtlasError as error:
        left = PEERING.after_deletion(step.before) if step.before and error.changed else step.before
        return Outcome(step.wanted, error.changed, step.before, left, error)


def _raise_all(problems: Sequence[AtlasError]) -> None:
    """Raise what was found: one problem as it is, several in one message."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        listed = " ".join(f"({number}) {problem}" for number, problem in enumerate(problems, start=1))
        raise RefusedError(
            f"{len(problems)} things stand in the way, and nothing was written: {listed}",
            problems=[problem.as_result() for problem in problems],
        )
