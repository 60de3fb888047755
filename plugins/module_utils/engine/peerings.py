# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Bringing declared connections about, with the containers that they name by region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import FAILED, Outcome, apply
from ansible_collections.atlasops.network.plugins.module_utils.engine.containers import ContainerResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.fleet import FleetResult
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import ProjectSync, SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi, PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, readable
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model import preflight
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import (
    DesiredPeering,
    with_distinct_names,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import distinctions, is_identified
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Change, Record


def sync(client: Client, declared: Sequence[DesiredPeering], options: SyncOptions) -> FleetResult:
    """Create, change or delete the declared connections, several projects at once."""
    named = with_distinct_names(declared)
    result = fleet.sync(client, named, lambda members: PeeringSync(client, members, options))
    planned = [record for project in result.projects for record in project.planned]
    return replace(result, warnings=[*result.warnings, *map(readable, preflight.overlap_warnings(planned))])


class PeeringSync(ProjectSync):
    """The declared connections of one project, and the containers that they name by region.

    Beside what `ProjectSync` does, `plan` finds the containers or plans their creation, and `apply` creates them first.
    If the block of a connection that is to be purged is in the way of a declared one, it is purged before.

    Args:
        client: The session to read and write through.
        declared: Connections of the same project.
        options: What to do with them.
    """

    _api: PeeringApi
    _containers: ContainerResolver  # known once `plan` has read them

    def __init__(self, client: Client, declared: Sequence[DesiredPeering], options: SyncOptions) -> None:
        super().__init__(PeeringApi(client), [one.peering for one in declared], options)
        self._declared = declared
        self._container_api = ContainerApi(client)

    def _read(self) -> Sequence[Record]:
        error = self._declared[0].error
        if error:
            raise error
        desired = [one.container for one in self._declared if one.container]
        self._containers = ContainerResolver(self._container_api, desired, self.options.present)
        self.warnings = self._containers.warnings
        self.desired = [self._containers.bind(one.peering, one.container) for one in self._declared]
        self._api.remember(self._containers.records)
        return super()._read()

    def _complete(self, problems: Sequence[AtlasError]) -> list[AtlasError]:
        """Complete the changes with their containers; return all problems.

        The containers are read if a change depends on them, or if several connections match one entry.
        """
        existing = self._existing or []
        ambiguous = [one for one in self.desired if problems and len(planning.candidates(one, existing)) > 1]
        written = [change.desired for change in self._changes if change.writes]
        clouds = [one.cloud for one in (*written, *ambiguous) if one.cloud]
        if self._containers.read(self.desired[0].project_id, clouds):
            self._api.remember(self._containers.records)
            self._existing = [self._api.in_container(record) for record in existing]
            self._changes, problems = self._plan_changes(self._existing)
        self._changes = [self._containers.complete(change) for change in self._changes]
        incomplete = [_incomplete_error(change) for change in self._changes if planning.missing_defaults(change)]
        return [*self._containers.errors, *problems, *incomplete]

    def _plan_purge(self, existing: Sequence[Record]) -> list[Change]:
        """Return the deletions of what is not declared, with names that tell them from what is declared."""
        strays = super()._plan_purge(existing)
        declared = [change.desired.absent for change in self._changes]
        suffixes = distinctions([*declared, *(stray.before or {} for stray in strays)])[len(declared) :]
        return [
            replace(stray, desired=replace(stray.desired, distinction=suffix))
            for stray, suffix in zip(strays, suffixes)
        ]

    def _is_stray(self, record: Record) -> bool:
        return is_identified(record) and super()._is_stray(record)

    def _check(self) -> Iterator[str]:
        purged_first = {stray.id for stray in self._strays if self._is_in_the_way(stray)}
        remaining = [record for record in self._existing or () if record["id"] not in purged_first]
        yield from preflight.check_peerings(self._changes, remaining, self._containers.records, self.options.limits)
        yield from super()._check()

    def _apply_changes(self) -> None:
        if not self._create_containers():
            return
        for stray in filter(self._is_in_the_way, self._strays):
            self._make_room(stray)
        super()._apply_changes()

    def _create_containers(self) -> bool:
        """Create the containers that are missing; if one fails, all connections fail."""
        changed = False
        for new, change in self._containers.changes.items():
            outcome = apply(self._container_api, change)
            if outcome.error:
                self._fail(outcome.error, changed or outcome.changed)
                return False
            changed = changed or outcome.changed
            self._containers.created(new, outcome)
            self._api.remember([outcome.after or {}])
        return True

    def _apply(self, change: Change, until_gone: bool = False) -> Outcome:
        bound, has_created = self._containers.bind_created(change)
        outcome = super()._apply(bound, until_gone)
        # If the container has been created for it, something has changed whatever became of the connection.
        return replace(outcome, changed=outcome.changed or has_created)

    def _apply_change(self, change: Change) -> Outcome:
        """Carry a change out unless what has to make room for it did not; purge what Atlas reports in its way."""
        stuck = [one.error for one in self.purged if one.error and preflight.blocks(one.before or {}, change)]
        if stuck:
            return Outcome(change.desired, FAILED, False, change.before, change.before, stuck[0])
        outcome = self._apply(change)
        while outcome.error and (stray := self._stray_named_in(outcome.error)):
            self._make_room(stray)
            if self.purged[-1].error:
                break
            outcome = self._apply(change)
        return outcome

    def _is_in_the_way(self, stray: Change) -> bool:
        """Report whether the block of a connection that is to be purged prevents a declared one."""
        return any(preflight.blocks(stray.before or {}, change) for change in self._changes)

    def _make_room(self, stray: Change) -> None:
        self.purged.append(self._apply(stray, until_gone=True))

    def _stray_named_in(self, error: AtlasError) -> Change | None:
        """Return the connection that an error reports to be in the way, if it is to be purged anyway."""
        rival = error.details.get("peering") or {}
        return next((stray for stray in self._unpurged() if stray.id == rival.get("id")), None)


def _incomplete_error(change: Change) -> AtlasError:
    """Return the error of a connection whose container does not exist to complete it."""
    desired, missing = change.desired, ", ".join(planning.missing_defaults(change))
    if desired.cloud and desired.cloud.has_one_container:
        return InputError(
            f"Project {desired.project_id} has no container of {desired.cloud.name} for the {desired.name} to start "
            "from.",
            "Set atlas_cidr_block to create one.",
        )
    return InputError(
        f"{missing} is missing to create the {desired.name}: it follows from the container, which is not among those "
        f"of project {desired.project_id}.",
        "Set it, or check container_id.",
    )
