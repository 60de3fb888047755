# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Carry one change out: the only place that decides ``changed``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ResourceApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model import preflight
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import NEVER_REPLACE, ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import (
    CREATE,
    DELETE,
    NO_OP,
    REPLACE,
    UPDATE,
    Change,
    Desired,
    Record,
    without_unknown,
)

_DELETION_PAUSE = 2.0  # seconds between two polls of a deletion
# Atlas may list what it reports to exist some seconds later. Seconds.
_LISTED_WITHIN, _LISTED_PAUSE = 10.0, 1.0

FAILED, UNCHANGED = "failed", "unchanged"
_RESULTS = {
    CREATE: "created",
    UPDATE: "updated",
    REPLACE: "recreated",
    DELETE: "deleted",
    NO_OP: UNCHANGED,
}


@dataclass(frozen=True)
class Outcome:
    """What became of one declared resource.

    Attributes:
        desired: The resource as declared.
        action: created, updated, recreated, deleted, unchanged, or failed.
        changed: Whether something was written, or may have been.
        before: The record before.
        after: The record now; None if there is none.
        error: What went wrong.
    """

    desired: Desired
    action: str
    changed: bool
    before: Record | None
    after: Record | None
    error: AtlasError | None = None

    @property
    def record(self) -> dict[str, Any]:
        """The record now, as results show it: that of its absence if there is none."""
        return without_unknown(self.after) or dict(self.desired.absent)

    @property
    def diff(self) -> dict[str, Any]:
        """What changed, as Ansible shows it: ``{"before": {…}, "after": {…}}``."""
        return {"before": self.before or {}, "after": without_unknown(self.after) or {}}

    def as_result(self) -> dict[str, Any]:
        """Return a module's result for this resource, which has failed if it is so."""
        if self.error:
            return {"failed": True, **self.error.as_result(), "changed": self.changed}
        return {"changed": self.changed, self.desired.resource_type.result_key: self.record, "diff": self.diff}


def predict(change: Change) -> Outcome:
    """Return the outcome of a change that is not carried out."""
    return Outcome(change.desired, _RESULTS[change.action], change.action != NO_OP, change.before, change.after)


def apply(
    api: ResourceApi, change: Change, replace_policy: ReplacePolicy = NEVER_REPLACE, until_gone: bool = False
) -> Outcome:
    """Carry a change out and return its outcome, which holds the error if it failed.

    Args:
        api: Where to read and write.
        change: What has to happen.
        replace_policy: How long the deletion of what is replaced may take.
        until_gone: Whether to wait, as long as that, until what is deleted is gone.
    """
    return _Application(api, change, replace_policy.timeout).run(until_gone)


class _Application:
    """One change that is being carried out; remembers whether anything was written, whatever happens afterwards."""

    def __init__(self, api: ResourceApi, change: Change, timeout: float) -> None:
        self._api, self._change, self._timeout = api, change, timeout
        self._changed = False

    def run(self, until_gone: bool) -> Outcome:
        change = self._change
        try:
            after = self._run(until_gone)
        except AtlasError as error:
            changed = self._changed or error.outcome_unknown
            return Outcome(change.desired, FAILED, changed, change.before, self._remaining(changed), error)
        action = _RESULTS[change.action] if self._changed else UNCHANGED
        return Outcome(change.desired, action, self._changed, change.before, after)

    def _remaining(self, changed: bool) -> Record | None:
        """Return what remains of the resource after an error."""
        before = self._change.before
        if before and changed and self._change.action in (DELETE, REPLACE):
            return self._change.desired.resource_type.after_deletion(before)
        return before

    def _run(self, until_gone: bool) -> Record | None:
        action = self._change.action
        if action == NO_OP:
            return self._change.after
        if action in (DELETE, REPLACE):
            self._api.delete(self._change)
            self._changed = True
            if action == DELETE and not until_gone:
                return self._change.after
            self._wait_until_gone()
            if action == DELETE:
                return None
        return self._write()

    def _write(self) -> Record | None:
        change, resource_type = self._change, self._change.desired.resource_type
        try:
            record = self._api.update(change) if change.action == UPDATE else self._api.create(change)
        except AtlasError as error:
            code = error.code if isinstance(error, ApiError) else None
            if not error.outcome_unknown and code not in (*resource_type.conflict_codes, *resource_type.blocking_codes):
                raise
            self._changed = self._changed or error.outcome_unknown
            return self._adopt(error, _LISTED_WITHIN if code in resource_type.conflict_codes else 0.0)
        self._changed = True
        return resource_type.fill_in(self._api.complete(record), change.desired.values)

    def _adopt(self, error: AtlasError, within: float) -> Record | None:
        """Return what a write with a lost answer left behind, or what another run has created meanwhile.

        Raises `error`, or one that explains it better, if that is not listed within so many seconds.
        """
        end = time.monotonic() + within
        while True:
            try:
                existing = self._api.list_for([self._change.desired])
            except AtlasError:
                raise error from None
            change = planning.plan(self._change.desired, existing, present=True)
            if change.action == NO_OP:
                return change.after
            explained = explain_conflict(error, self._change, existing)
            is_listed = explained is not error or change.action != CREATE
            if is_listed or time.monotonic() + _LISTED_PAUSE > end:
                raise explained from error
            time.sleep(_LISTED_PAUSE)

    def _wait_until_gone(self) -> None:
        """Wait until a resource has made room for another."""
        change, end = self._change, time.monotonic() + self._timeout
        while existing := self._api.get(change.desired.project_id, change.id):
            if change.desired.resource_type.deletion_failed(existing):
                label = change.desired.resource_type.label(existing)
                raise AtlasError(
                    f"The {change.desired.name} must make room for another, but its deletion failed: {label}."
                )
            if time.monotonic() + _DELETION_PAUSE > end:
                raise AtlasError(
                    f"The {change.desired.name} ({change.id}) must make room for another, but after "
                    f"{self._timeout:g} seconds it is still being deleted.",
                    "Run the task again when it is gone: it creates the new one. Or raise "
                    f"{option('recreate_timeout')}.",
                )
            time.sleep(_DELETION_PAUSE)


def explain_conflict(error: AtlasError, change: Change, existing: Sequence[Record]) -> AtlasError:
    """Return an error that names the resources which prevent a change, if Atlas lists them; otherwise `error`."""
    if not isinstance(error, ApiError):
        return error
    resource_type = change.desired.resource_type
    if error.code in resource_type.conflict_codes and resource_type.optional_identity:
        rivals, hint = _same_elsewhere(change, existing)
    elif error.code in resource_type.blocking_codes:
        rivals = [record for record in existing if preflight.blocks(record, change)]
        hint = preflight.how_to_make_room()
    else:
        return error
    if not rivals:
        return error
    named = ", ".join(f"{resource_type.label(record)} to {record['peer_network']}" for record in rivals)
    return PlanError(f"{error.message} In its way: {named}.", hint, **error.details, peering=rivals[0])


def _same_elsewhere(change: Change, existing: Sequence[Record]) -> tuple[list[Record], str]:
    """Return other existing resources with the identity of a change, in whatever container, and what to do."""
    desired, resource_type = change.desired, change.desired.resource_type
    values = {name: value for name, value in desired.values.items() if name not in resource_type.optional_identity}
    same = replace(desired, id=None, values=values)
    rivals = [record for record in existing if record["id"] != change.id and same.matches(record)]
    if all(resource_type.is_deleting(record) for record in rivals):
        return rivals, "It is being deleted. Run the task again when it is gone."
    if any(desired.matches(record) for record in rivals):
        return rivals, "It was created meanwhile, with other values than declared here. Run the task again."
    return rivals, f"Delete it first ({option('state')}: absent), or declare the container that it is in."
