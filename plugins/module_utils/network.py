# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A declared network: peering connections, and the containers they start from where those are named by region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils import preflight, reconcile
from ansible_collections.atlasops.network.plugins.module_utils.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.clouds import ATLAS_CIDR_BLOCK, CLOUDS, Cloud
from ansible_collections.atlasops.network.plugins.module_utils.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted, declare
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    PartialError,
    RefusedError,
)
from ansible_collections.atlasops.network.plugins.module_utils.peering import PEERING
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
            "diff": [outcome.diff for outcome in self.outcomes if outcome.changed],
            "warnings": list(self.warnings),
        }
        errors = [outcome.error for outcome in self.outcomes if outcome.error]
        if errors:
            said = " ".join(dict.fromkeys(str(error) for error in errors))
            raise PartialError(f"{len(errors)} of {len(self.outcomes)} connections failed. {said}", result)
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
    return Declared(peering, _declare_container(CLOUDS[params["provider_name"]], region, block, project_id))


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


def _declare_container(cloud: Cloud, region: str, block: str | None, project_id: str) -> Wanted:
    places = {f.option: [region] if f.many else region for f in cloud.container.fields if not f.adoptable or f.many}
    if cloud.regional_prefixes and not (block and _prefix(block) >= cloud.regional_prefixes[0]):
        places = {}  # A container of this size, or one that is there already, is not chosen by region.
    options = {"provider_name": cloud.name, "atlas_cidr_block": block, **places}
    return declare(CONTAINER, options, project_id, complete=False)


def _prefix(block: str) -> int:
    return ip_network(ATLAS_CIDR_BLOCK.clean("atlas_cidr_block", block)).prefixlen


def ensure(
    client: Client, declared: Sequence[Declared], present: bool, check_mode: bool, healing: Healing = NO_HEALING
) -> Result:
    """Bring the declared connections into being, or out of it.

    Everything that can be known to fail is found before the first write, for all connections at once. What fails
    later fails alone: its outcome holds the error, and the others are tried.

    Raises:
        AtlasError: Something is refused by the plan or the preflight, or a container cannot be had.
    """
    peers, places = Peers(client), _Places(Containers(client), [one.container for one in declared if one.container])
    wanted = [places.put(one) for one in declared]
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
    return Result([_try(peers, places.fill(step), healing) for step in steps], places.warnings)


def _try(peers: Peers, step: Step, healing: Healing) -> Outcome:
    try:
        return reconcile.apply(peers, step, healing)
    except AtlasError as error:
        return Outcome(step.wanted, False, step.before, step.before, error)


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


class _Places:
    """The containers that connections name by region: found, or planned and then created.

    Args:
        containers: Where they are.
        wanted: The declared containers; the same one may come many times.
    """

    def __init__(self, containers: Containers, wanted: Sequence[Wanted]) -> None:
        self._containers = containers
        self._ids: dict[str, str] = {}
        self._steps: dict[str, Step] = {}
        self._made: dict[str, str] = {}
        self.problems: list[AtlasError] = []
        self.warnings: list[str] = []
        self.records = containers.look(wanted)
        for one in {_key(one): one for one in wanted}.values():
            self._settle(one)

    def _settle(self, wanted: Wanted) -> None:
        """Find a container, or plan its creation."""
        record = planning.match(wanted, self.records)
        block = wanted.values.get("atlas_cidr_block")
        if record:
            self._ids[_key(wanted)] = record["id"]
            if block and not ATLAS_CIDR_BLOCK.same(block, record["atlas_cidr_block"]):
                self.warnings.append(
                    f"The {wanted.name} ({record['id']}) has the block {record['atlas_cidr_block']}, not {block}. "
                    "It is used as it is; atlas_container changes it while nothing is in it."
                )
            return
        new = self._ids[_key(wanted)] = f"(new {wanted.name})"
        if not block:
            there = [f"{one['id']} in {one.get('region') or 'all regions'}" for one in self.records]
            self.problems.append(
                InputError(
                    f"Project {wanted.project_id} has no {wanted.name}, only {', '.join(there) or 'none at all'}.",
                    "Set atlas_cidr_block to have it created, or correct container_region.",
                )
            )
            return
        step = self._steps[new] = planning.plan(wanted, [], present=True)
        self.problems += [RefusedError(text) for text in preflight.check_container(step)]
        self.records.append({**(step.after or {}), "id": new})

    def put(self, declared: Declared) -> Wanted:
        """Return the wanted connection in its container."""
        wanted = declared.peering
        if declared.container is None:
            return wanted
        return replace(wanted, values={**wanted.values, "container_id": self._ids[_key(declared.container)]})

    def create(self) -> None:
        """Create the containers that are missing."""
        for new, step in self._steps.items():
            outcome = reconcile.apply(self._containers, step)
            self._made[new] = str((outcome.after or {})["id"])

    def fill(self, step: Step) -> Step:
        """Return a step with the id of the container that was created for it."""
        made = self._made.get(str(step.wanted.values.get("container_id")))
        if made is None:
            return step
        wanted = replace(step.wanted, values={**step.wanted.values, "container_id": made})
        return replace(step, wanted=wanted, payload={**step.payload, "containerId": made})

    def conceal(self, outcome: Outcome) -> Outcome:
        """Return a predicted outcome without the id of a container that is still to be created."""
        if outcome.after is None or outcome.after.get("container_id") not in self._steps:
            return outcome
        return replace(outcome, after={**outcome.after, "container_id": None})


def _key(wanted: Wanted) -> str:
    return f"{wanted.project_id} {wanted.name}"
