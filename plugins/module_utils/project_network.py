# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The declared network of one project: looked at, planned and checked as a whole, then brought about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ansible_collections.atlasops.network.plugins.module_utils import peering, preflight, reconcile
from ansible_collections.atlasops.network.plugins.module_utils import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    RefusedError,
    raise_all,
)
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.places import Places
from ansible_collections.atlasops.network.plugins.module_utils.plan import NO_HEALING, Healing, Step
from ansible_collections.atlasops.network.plugins.module_utils.preflight import DOCUMENTED_LIMITS, Limits
from ansible_collections.atlasops.network.plugins.module_utils.reconcile import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.store import Containers, Peers


@dataclass(frozen=True)
class Declared:
    """One declared connection, its container where that is named by region, and why it has no project, if so."""

    peering: Wanted
    container: Wanted | None
    refusal: AtlasError | None = None


@dataclass(frozen=True)
class Order:
    """What is to be done with all declared connections.

    Attributes:
        present: Whether they should be there.
        check_mode: Whether to predict only.
        healing: When one may be replaced.
        limits: What Atlas allows in a project.
        purge: Whether others of the same project and cloud are deleted.
    """

    present: bool
    check_mode: bool
    healing: Healing = NO_HEALING
    limits: Limits = DOCUMENTED_LIMITS
    purge: bool = False


class ProjectNetwork:
    """The declared connections of one project.

    Everything that can be known to fail is found by prepare(), before the first write; then nothing is written
    in this project. What fails later fails alone: its outcome holds the error, and the others are tried.

    Args:
        client: The session to look and write through.
        declared: Connections of the same project.
        order: What is to be done with them.
    """

    def __init__(self, client: Client, declared: Sequence[Declared], order: Order) -> None:
        self.declared, self._order = declared, order
        self._peers, self._containers = Peers(client), Containers(client)
        self._found: list[Record] | None = None
        self._wanted = [one.peering for one in declared]
        self._steps: list[Step] = []
        self._strays: list[Step] = []
        self._places: Places | None = None
        #: What became of each declared connection, in their order.
        self.outcomes: list[Outcome] = []
        #: What became of the others, where they are deleted.
        self.purged: list[Outcome] = []
        #: Why nothing at all can be done in this project.
        self.error: AtlasError | None = None

    @property
    def warnings(self) -> Sequence[str]:
        return self._places.warnings if self._places else ()

    @property
    def planned(self) -> Sequence[Record]:
        """The declared connections as they will be, as far as that is known."""
        return [step.after for step in self._steps if step.after and self._order.present]

    def prepare(self) -> None:
        """Look and plan; in check mode the outcomes are known then."""
        try:
            places = self._look_and_plan()
        except AtlasError as error:
            return self._give_up(error)
        if self._order.check_mode:
            self.outcomes = [places.conceal(reconcile.predict(step)) for step in self._steps]
            self.purged = [reconcile.predict(step) for step in self._strays]

    def carry_out(self) -> None:
        """Take the steps: containers first, then what makes room, then the rest, and at last the purge."""
        places, steps = self._places, self._steps
        if self.error or self._order.check_mode or places is None:
            return
        try:
            places.create()
        except AtlasError as error:
            return self._give_up(error)
        self._peers.know(places.created)
        for stray in filter(self._is_in_the_way, self._strays):
            self._make_room(stray)
        order = sorted(range(len(steps)), key=lambda number: steps[number].action != planning.UPDATE)
        outcomes = {number: self._bring(steps[number]) for number in order}
        self.outcomes = [outcomes[number] for number in range(len(steps))]
        # Nothing more is taken away while what should stand in its place does not.
        if not any(outcome.error for outcome in self.outcomes):
            self.purged += [self._try(stray) for stray in self._unpurged()]

    def _look_and_plan(self) -> Places:
        if self.declared and self.declared[0].refusal:
            raise self.declared[0].refusal
        containers = [one.container for one in self.declared if one.container]
        places = self._places = Places(self._containers, containers, self._order.present)
        wanted = self._wanted = [places.put(one.peering, one.container) for one in self.declared]
        self._peers.know(places.records)
        found = self._peers.look(wanted)
        self._steps, problems = self._plan(wanted, found)
        unclear = [one for one in wanted if problems and len(planning.candidates(one, found)) > 1]
        writing = [step.wanted for step in self._steps if step.writes]
        in_question = [one.cloud for one in (*writing, *unclear) if one.cloud]
        if places.read(self.declared[0].peering.project_id, in_question):
            self._peers.know(places.records)
            found = [self._peers.complete(record) for record in found]
            self._steps, problems = self._plan(wanted, found)
        self._found = found
        self._steps = [places.complete(step) for step in self._steps]
        problems += [_incomplete(step) for step in self._steps if planning.uninherited(step)]
        self._strays = self._purge()
        checks = [*self._check(), *preflight.check_purge(self._strays, self._order.limits)]
        refusals = [*places.problems, *problems, *(RefusedError(text) for text in checks)]
        raise_all(refusals, f" in project {self.declared[0].peering.project_id}, and nothing was written there")
        return places

    def _plan(self, wanted: Sequence[Wanted], found: Sequence[Record]) -> tuple[list[Step], list[AtlasError]]:
        steps, problems = [], []
        for one in wanted:
            try:
                steps.append(planning.plan(one, found, self._order.present, self._order.healing))
            except AtlasError as error:
                problems.append(error)
        return steps, problems

    def _check(self) -> Iterator[str]:
        making_room = {str(step.before["id"]) for step in self._strays if step.before and self._is_in_the_way(step)}
        standing = [record for record in self._found or () if record["id"] not in making_room]
        records = self._places.records if self._places else []
        yield from preflight.check_peerings(self._steps, standing, records, self._order.limits)

    def _purge(self) -> list[Step]:
        """Return the deletion of what is not declared, of the clouds that have declared connections."""
        if not self._order.purge:
            return []
        wanted = [step.wanted for step in self._steps]
        clouds = {one.cloud.name for one in wanted if one.cloud}
        kept = {step.before["id"] for step in self._steps if step.before}
        strays = [
            record
            for record in self._found or ()
            if record["provider_name"] in clouds
            and record["id"] not in kept
            and not PEERING.is_going(record)
            and PEERING.is_identified(record)
            and not any(one.matches(record) for one in wanted)
        ]
        distinctions = peering.distinctions([*(one.absent for one in wanted), *strays])[len(wanted) :]
        return [_deletion(record, distinction) for record, distinction in zip(strays, distinctions)]

    def _is_in_the_way(self, stray: Step) -> bool:
        """Tell whether the block of a connection that is to be purged keeps a declared one from being created."""
        return any(preflight.blocks(stray.before or {}, step) for step in self._steps)

    def _bring(self, step: Step) -> Outcome:
        """Take a step unless what has to make room for it did not; purge what Atlas says to be in its way."""
        stuck = [one.error for one in self.purged if one.error and preflight.blocks(one.before or {}, step)]
        if stuck:
            return Outcome(step.wanted, reconcile.FAILED, False, step.before, step.before, stuck[0].again())
        outcome = self._try(step)
        while outcome.error and (stray := self._named_in(outcome.error)):
            self._make_room(stray)
            outcome = outcome if self.purged[-1].error else self._try(step)
        return outcome

    def _make_room(self, stray: Step) -> None:
        self.purged.append(self._try(stray, until_gone=True))

    def _unpurged(self) -> list[Step]:
        done = {(one.before or {})["id"] for one in self.purged}
        return [stray for stray in self._strays if (stray.before or {})["id"] not in done]

    def _named_in(self, error: AtlasError) -> Step | None:
        """Return the connection that an error names to be in the way, if it is one that is to be purged anyway."""
        rival = error.facts.get("peering") or {}
        return next((stray for stray in self._unpurged() if (stray.before or {})["id"] == rival.get("id")), None)

    def _try(self, step: Step, until_gone: bool = False) -> Outcome:
        filled = self._places.fill(step) if self._places else step
        try:
            return reconcile.apply(self._peers, filled, self._order.healing, until_gone)
        except AtlasError as error:
            deleted = step.before and error.changed and step.action != planning.UPDATE
            left = PEERING.after_deletion(step.before) if step.before and deleted else step.before
            error.changed = error.changed or filled is not step  # its container has been created
            return Outcome(step.wanted, reconcile.FAILED, error.changed, step.before, left, error)

    def _give_up(self, error: AtlasError) -> None:
        """Let all connections of the project fail for one reason."""
        self.error = error
        self.outcomes = [
            Outcome(one, reconcile.FAILED, error.changed, None, self._left(one), error) for one in self._wanted
        ]

    def _left(self, wanted: Wanted) -> Record | None:
        """Return what is there of a connection that was not touched."""
        if self._found is None:
            return {**wanted.absent, "phase": None}
        return next((record for record in self._found if wanted.matches(record)), None)


def _deletion(record: Record, distinction: str) -> Step:
    stray = Wanted(PEERING, record["project_id"], CLOUDS[record["provider_name"]], None, record, distinction)
    return Step(planning.DELETE, stray, record, PEERING.after_deletion(record), {})


def _incomplete(step: Step) -> AtlasError:
    """Return the error of a connection whose container is not there to complete it."""
    wanted, missing = step.wanted, ", ".join(planning.uninherited(step))
    if wanted.cloud and wanted.cloud.has_one_container:
        return InputError(
            f"Project {wanted.project_id} has no container of {wanted.cloud.name} for the {wanted.name} to start from.",
            "Set atlas_cidr_block to have it created.",
        )
    return InputError(
        f"{missing} is missing to create the {wanted.name}: it follows from the container, which is not among those of "
        f"project {wanted.project_id}.",
        "Set it, or check container_id.",
    )
