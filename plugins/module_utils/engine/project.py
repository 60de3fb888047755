# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The declared network of one project: looked at, planned and checked as a whole, then brought about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import apply
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.containers import ContainerResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi, PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    PlanError,
    raise_all,
)
from ansible_collections.atlasops.network.plugins.module_utils.model import peering, preflight
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import Desired
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import NEVER_REPLACE, Change, ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import DOCUMENTED_LIMITS, Limits
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record


@dataclass(frozen=True)
class DesiredPeering:
    """One declared connection, its container where that is named by region, and why it has no project, if so."""

    peering: Desired
    container: Desired | None
    refusal: AtlasError | None = None


@dataclass(frozen=True)
class SyncOptions:
    """What is to be done with all declared connections.

    Attributes:
        present: Whether they should be there.
        check_mode: Whether to predict only.
        replace_policy: When one may be replaced.
        limits: What Atlas allows in a project.
        purge: Whether others of the same project and cloud are deleted.
    """

    present: bool
    check_mode: bool
    replace_policy: ReplacePolicy = NEVER_REPLACE
    limits: Limits = DOCUMENTED_LIMITS
    purge: bool = False


class ProjectSync:
    """The declared connections of one project.

    Everything that can be known to fail is found by prepare(), before the first write; then nothing is written
    in this project. What fails later fails alone: its outcome holds the error, and the others are tried.

    Args:
        client: The session to look and write through.
        declared: Connections of the same project.
        order: What is to be done with them.
    """

    def __init__(self, client: Client, declared: Sequence[DesiredPeering], order: SyncOptions) -> None:
        self.declared, self._order = declared, order
        self._peers, self._containers = PeeringApi(client), ContainerApi(client)
        self._found: list[Record] | None = None
        self._wanted = [one.peering for one in declared]
        self._changes: list[Change] = []
        self._strays: list[Change] = []
        self._places: ContainerResolver | None = None
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
        return [change.after for change in self._changes if change.after and self._order.present]

    def plan(self) -> None:
        """Look and plan; in check mode the outcomes are known then."""
        try:
            places = self._look_and_plan()
        except AtlasError as error:
            return self._give_up(error)
        if self._order.check_mode:
            self.outcomes = [places.conceal(apply.predict(change)) for change in self._changes]
            self.purged = [apply.predict(change) for change in self._strays]

    def apply(self) -> None:
        """Take the steps: containers first, then what makes room, then the rest, and at last the purge."""
        places, changes = self._places, self._changes
        if self.error or self._order.check_mode or places is None:
            return
        try:
            places.create()
        except AtlasError as error:
            return self._give_up(error)
        self._peers.know(places.created)
        for stray in filter(self._is_in_the_way, self._strays):
            self._make_room(stray)
        order = sorted(range(len(changes)), key=lambda number: changes[number].action != planning.UPDATE)
        outcomes = {number: self._bring(changes[number]) for number in order}
        self.outcomes = [outcomes[number] for number in range(len(changes))]
        # Nothing more is taken away while what should stand in its place does not.
        if not any(outcome.error for outcome in self.outcomes):
            self.purged += [self._try(stray) for stray in self._unpurged()]

    def _look_and_plan(self) -> ContainerResolver:
        if self.declared and self.declared[0].refusal:
            raise self.declared[0].refusal
        containers = [one.container for one in self.declared if one.container]
        places = self._places = ContainerResolver(self._containers, containers, self._order.present)
        desired = self._wanted = [places.put(one.peering, one.container) for one in self.declared]
        self._peers.know(places.records)
        found = self._peers.look(desired)
        self._changes, problems = self._plan(desired, found)
        unclear = [one for one in desired if problems and len(planning.candidates(one, found)) > 1]
        writing = [change.desired for change in self._changes if change.writes]
        in_question = [one.cloud for one in (*writing, *unclear) if one.cloud]
        if places.read(self.declared[0].peering.project_id, in_question):
            self._peers.know(places.records)
            found = [self._peers.complete(record) for record in found]
            self._changes, problems = self._plan(desired, found)
        self._found = found
        self._changes = [places.complete(change) for change in self._changes]
        problems += [_incomplete(change) for change in self._changes if planning.uninherited(change)]
        self._strays = self._purge()
        checks = [*self._check(), *preflight.check_purge(self._strays, self._order.limits)]
        refusals = [*places.problems, *problems, *(PlanError(text) for text in checks)]
        raise_all(refusals, f" in project {self.declared[0].peering.project_id}; no changes were made there")
        return places

    def _plan(self, desired: Sequence[Desired], found: Sequence[Record]) -> tuple[list[Change], list[AtlasError]]:
        changes, problems = [], []
        for one in desired:
            try:
                changes.append(planning.plan(one, found, self._order.present, self._order.replace_policy))
            except AtlasError as error:
                problems.append(error)
        return changes, problems

    def _check(self) -> Iterator[str]:
        making_room = {
            str(change.before["id"]) for change in self._strays if change.before and self._is_in_the_way(change)
        }
        standing = [record for record in self._found or () if record["id"] not in making_room]
        records = self._places.records if self._places else []
        yield from preflight.check_peerings(self._changes, standing, records, self._order.limits)

    def _purge(self) -> list[Change]:
        """Return the deletion of what is not declared, of the clouds that have declared connections."""
        if not self._order.purge:
            return []
        desired = [change.desired for change in self._changes]
        clouds = {one.cloud.name for one in desired if one.cloud}
        kept = {change.before["id"] for change in self._changes if change.before}
        strays = [
            record
            for record in self._found or ()
            if record["provider_name"] in clouds
            and record["id"] not in kept
            and not PEERING.is_deleting(record)
            and PEERING.is_identified(record)
            and not any(one.matches(record) for one in desired)
        ]
        distinctions = peering.distinctions([*(one.absent for one in desired), *strays])[len(desired) :]
        return [_deletion(record, distinction) for record, distinction in zip(strays, distinctions)]

    def _is_in_the_way(self, stray: Change) -> bool:
        """Tell whether the block of a connection that is to be purged keeps a declared one from being created."""
        return any(preflight.blocks(stray.before or {}, change) for change in self._changes)

    def _bring(self, change: Change) -> Outcome:
        """Take a step unless what has to make room for it did not; purge what Atlas says to be in its way."""
        stuck = [one.error for one in self.purged if one.error and preflight.blocks(one.before or {}, change)]
        if stuck:
            return Outcome(change.desired, apply.FAILED, False, change.before, change.before, stuck[0].again())
        outcome = self._try(change)
        while outcome.error and (stray := self._named_in(outcome.error)):
            self._make_room(stray)
            outcome = outcome if self.purged[-1].error else self._try(change)
        return outcome

    def _make_room(self, stray: Change) -> None:
        self.purged.append(self._try(stray, until_gone=True))

    def _unpurged(self) -> list[Change]:
        done = {(one.before or {})["id"] for one in self.purged}
        return [stray for stray in self._strays if (stray.before or {})["id"] not in done]

    def _named_in(self, error: AtlasError) -> Change | None:
        """Return the connection that an error names to be in the way, if it is one that is to be purged anyway."""
        rival = error.details.get("peering") or {}
        return next((stray for stray in self._unpurged() if (stray.before or {})["id"] == rival.get("id")), None)

    def _try(self, change: Change, until_gone: bool = False) -> Outcome:
        filled = self._places.fill(change) if self._places else change
        try:
            return apply.apply(self._peers, filled, self._order.replace_policy, until_gone)
        except AtlasError as error:
            deleted = change.before and error.changed and change.action != planning.UPDATE
            left = PEERING.after_deletion(change.before) if change.before and deleted else change.before
            error.changed = error.changed or filled is not change  # its container has been created
            return Outcome(change.desired, apply.FAILED, error.changed, change.before, left, error)

    def _give_up(self, error: AtlasError) -> None:
        """Let all connections of the project fail for one reason."""
        self.error = error
        self.outcomes = [
            Outcome(one, apply.FAILED, error.changed, None, self._left(one), error) for one in self._wanted
        ]

    def _left(self, desired: Desired) -> Record | None:
        """Return what is there of a connection that was not touched."""
        if self._found is None:
            return {**desired.absent, "phase": None}
        return next((record for record in self._found if desired.matches(record)), None)


def _deletion(record: Record, distinction: str) -> Change:
    stray = Desired(PEERING, record["project_id"], CLOUDS[record["provider_name"]], None, record, distinction)
    return Change(planning.DELETE, stray, record, PEERING.after_deletion(record), {})


def _incomplete(change: Change) -> AtlasError:
    """Return the error of a connection whose container is not there to complete it."""
    desired, missing = change.desired, ", ".join(planning.uninherited(change))
    if desired.cloud and desired.cloud.has_one_container:
        return InputError(
            f"Project {desired.project_id} has no container of {desired.cloud.name} for the "
            f"{desired.name} to start from.",
            "Set atlas_cidr_block to have it created.",
        )
    return InputError(
        f"{missing} is missing to create the {desired.name}: it follows from the container, which is not among those "
        f"of project {desired.project_id}.",
        "Set it, or check container_id.",
    )
