# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Bringing the declared resources of one type in one project about: the engine of every resource type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import FAILED, Outcome, apply, predict
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi, ResourceApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError, raise_all
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model import preflight
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import NEVER_REPLACE, ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import DOCUMENTED_LIMITS, Limits
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import UPDATE, Change, Desired, Record


@dataclass(frozen=True)
class SyncOptions:
    """What to do with all declared resources.

    Attributes:
        present: Whether they are to exist.
        check_mode: Whether to predict only.
        replace_policy: When one may be replaced.
        limits: What Atlas allows in a project, and how much may be purged.
        purge: Whether others of the same project and cloud are deleted.
        delete_timeout: Seconds during which the deletion of a container is requested again.
    """

    present: bool
    check_mode: bool
    replace_policy: ReplacePolicy = NEVER_REPLACE
    limits: Limits = DOCUMENTED_LIMITS
    purge: bool = False
    delete_timeout: float = 0.0


class ProjectSync:
    """The declared resources of one type in one project.

    The workflow, which `fleet.sync` runs for several projects at once:

    1. `plan` lists what exists, plans a change for each declared resource and the deletion of what is to be purged, and
       runs the preflight. If anything is known to fail, nothing is written in this project. In check mode the outcomes
       are predicted then.
    2. `apply` carries the changes out, one after the other. What fails then fails alone: its outcome holds the error,
       and the others are tried.
    3. `apply` purges at last, if nothing has failed.

    A subclass may override `_read`, to look for more than the resources themselves, `_complete`, to add to the changes,
    `_check`, for the preflight of its type, and `_apply_changes`.

    Args:
        api: Where to read and write.
        desired: Resources of the same project.
        options: What to do with them.
    """

    def __init__(self, api: ResourceApi, desired: Sequence[Desired], options: SyncOptions) -> None:
        self.desired, self.options = desired, options
        #: What became of each declared resource, in their order.
        self.outcomes: Sequence[Outcome] = []
        #: What became of others, if they are purged.
        self.purged: list[Outcome] = []
        #: Why nothing at all can be done in this project.
        self.error: AtlasError | None = None
        self.warnings: list[str] = []
        self._api = api
        self._existing: Sequence[Record] | None = None
        self._changes: list[Change] = []
        self._strays: list[Change] = []

    @property
    def planned(self) -> Sequence[Record]:
        """The declared resources as they will be, as far as it can be predicted."""
        return [change.after for change in self._changes if change.after and self.options.present]

    def plan(self) -> None:
        """List what exists, plan, and run the preflight; predict the outcomes in check mode."""
        try:
            problems = self._plan()
            problems += [PlanError(text) for text in self._check()]
            raise_all(problems, f" in project {self.desired[0].project_id}; no changes were made there")
        except AtlasError as error:
            return self._fail(error)
        if self.options.check_mode:
            self.outcomes = [predict(change) for change in self._changes]
            self.purged = [predict(stray) for stray in self._strays]

    def apply(self) -> None:
        """Carry the changes out, and purge at last."""
        if self.error or self.options.check_mode:
            return
        self._apply_changes()
        # Nothing more is deleted while what is to replace it is missing.
        if not any(outcome.error for outcome in self.outcomes):
            self.purged += [self._apply(stray) for stray in self._unpurged()]

    def _plan(self) -> list[AtlasError]:
        """Fill in the changes and return what is wrong with the declared resources."""
        self._existing = self._read()
        self._changes, problems = self._plan_changes(self._existing)
        problems = self._complete(problems)
        self._strays = self._plan_purge(self._existing) if self.options.purge else []
        return problems

    def _read(self) -> Sequence[Record]:
        return self._api.list_for(self.desired)

    def _plan_changes(self, existing: Sequence[Record]) -> tuple[list[Change], list[AtlasError]]:
        changes, problems = [], []
        for one in self.desired:
            try:
                changes.append(planning.plan(one, existing, self.options.present, self.options.replace_policy))
            except AtlasError as error:
                problems.append(error)
        return changes, problems

    def _complete(self, problems: Sequence[AtlasError]) -> list[AtlasError]:
        """Add to the changes, for which there may be `problems` already; return all problems."""
        return list(problems)

    def _plan_purge(self, existing: Sequence[Record]) -> list[Change]:
        """Return the deletions of what is not declared, of the clouds that have declared resources."""
        kept = {change.id for change in self._changes}
        strays = [record for record in existing if record["id"] not in kept and self._is_stray(record)]
        clouds = dict.fromkeys(one.cloud for one in self.desired)
        found = [
            (Desired(self._api.resource_type, stray["project_id"], cloud, None, stray), stray)
            for stray in strays
            for cloud in clouds
        ]
        return [planning.plan_deletion(one, stray) for one, stray in found if one.is_in_cloud_of(stray)]

    def _is_stray(self, record: Record) -> bool:
        """Report whether an existing resource that no change concerns may be purged."""
        is_declared = any(change.desired.matches(record) for change in self._changes)
        return not is_declared and not self._api.resource_type.is_deleting(record)

    def _check(self) -> Iterator[str]:
        """Yield why the changes would fail, one sentence each."""
        yield from preflight.check_purge(self._strays, self.options.limits)

    def _apply_changes(self) -> None:
        self._api.prepare([change for change in self._changes if change.writes])
        # Updates first: they may make room for what is created.
        order = sorted(range(len(self._changes)), key=lambda number: self._changes[number].action != UPDATE)
        outcomes = {number: self._apply_change(self._changes[number]) for number in order}
        self.outcomes = [outcomes[number] for number in range(len(self._changes))]

    def _apply_change(self, change: Change) -> Outcome:
        return self._apply(change)

    def _apply(self, change: Change, until_gone: bool = False) -> Outcome:
        return apply(self._api, change, self.options.replace_policy, until_gone)

    def _unpurged(self) -> list[Change]:
        done = {(one.before or {})["id"] for one in self.purged}
        return [stray for stray in self._strays if stray.id not in done]

    def _fail(self, error: AtlasError, changed: bool = False) -> None:
        """Let all resources of the project fail for one reason."""
        self.error = error
        self.outcomes = [Outcome(one, FAILED, changed, None, self._untouched(one), error) for one in self.desired]

    def _untouched(self, desired: Desired) -> Record | None:
        """Return the record of a resource to which nothing was done."""
        if self._existing is None:
            return {**desired.absent, "phase": None}
        return next((record for record in self._existing if desired.matches(record)), None)


class ContainerSync(ProjectSync):
    """The declared containers of one project."""

    def __init__(self, client: Client, desired: Sequence[Desired], options: SyncOptions) -> None:
        super().__init__(ContainerApi(client, options.delete_timeout), desired, options)

    def _check(self) -> Iterator[str]:
        for change in self._changes:
            yield from preflight.check_container(change)
        yield from super()._check()
