# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The declared network of one project: looked at, planned and checked as a whole, then brought about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.atlasops.network.plugins.module_utils import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils import preflight, reconcile
from ansible_collections.atlasops.network.plugins.module_utils.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, RefusedError
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
        self._steps: list[Step] = []
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

    def prepare(self) -> None:
        """Look and plan; in check mode the outcomes are known then."""
        try:
            places = self._look_and_plan()
        except AtlasError as error:
            return self._give_up(error)
        if self._order.check_mode:
            self.outcomes = [places.conceal(reconcile.predict(step)) for step in self._steps]
            self.purged = [reconcile.predict(step) for step in self._purge()]

    def carry_out(self) -> None:
        """Take the steps: containers first, then changes, which may make room, then the rest, and at last the purge."""
        places, steps = self._places, self._steps
        if self.error or self._order.check_mode or places is None:
            return
        try:
            places.create()
        except AtlasError as error:
            return self._give_up(error)
        order = sorted(range(len(steps)), key=lambda number: steps[number].action != planning.UPDATE)
        outcomes = {number: self._try(steps[number]) for number in order}
        self.outcomes = [outcomes[number] for number in range(len(steps))]
        # Nothing is taken away while what should stand in its place does not.
        if not any(outcome.error for outcome in self.outcomes):
            self.purged = [self._try(step) for step in self._purge()]

    def _look_and_plan(self) -> Places:
        if self.declared and self.declared[0].refusal:
            raise self.declared[0].refusal
        places = self._places = Places(self._containers, [one.container for one in self.declared if one.container])
        wanted = [places.put(one.peering, one.container) for one in self.declared]
        found = self._found = self._peers.look(wanted)
        problems = list(places.problems)
        for one in wanted:
            try:
                self._steps.append(planning.plan(one, found, self._order.present, self._order.healing))
            except AtlasError as error:
                problems.append(error)
        checks = preflight.check_peerings(self._steps, found, places.records, self._order.limits)
        raise_all([*problems, *(RefusedError(text) for text in checks)])
        return places

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
        return [_deletion(record) for record in strays]

    def _try(self, step: Step) -> Outcome:
        filled = self._places.fill(step) if self._places else step
        try:
            return reconcile.apply(self._peers, filled, self._order.healing)
        except AtlasError as error:
            left = PEERING.after_deletion(step.before) if step.before and error.changed else step.before
            error.changed = error.changed or filled is not step  # its container has been created
            return Outcome(step.wanted, reconcile.FAILED, error.changed, step.before, left, error)

    def _give_up(self, error: AtlasError) -> None:
        """Let all connections of the project fail for one reason."""
        self.error = error
        self.outcomes = [
            Outcome(one.peering, reconcile.FAILED, error.changed, None, self._left(one.peering), error)
            for one in self.declared
        ]

    def _left(self, wanted: Wanted) -> Record | None:
        """Return what is there of a connection that was not touched."""
        if self._found is None:
            return {**wanted.absent, "phase": None}
        return next((record for record in self._found if wanted.matches(record)), None)


def _deletion(record: Record) -> Step:
    stray = Wanted(PEERING, record["project_id"], CLOUDS[record["provider_name"]], None, record)
    return Step(planning.DELETE, stray, record, PEERING.after_deletion(record), {})


def raise_all(problems: Sequence[AtlasError]) -> None:
    """Raise what was found: one problem as it is, several in one message."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        listed = " ".join(f"({number}) {problem}" for number, problem in enumerate(problems, start=1))
        raise RefusedError(
            f"{len(problems)} things stand in the way, and nothing was written: {listed}",
            problems=[problem.as_result() for problem in problems],
        )
