# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Look, plan, apply: the one place that decides ``changed``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ResourceApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError, option, raise_all
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import Desired
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import NEVER_REPLACE, Change, ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record

_DELETION_PAUSE = 2.0
# Atlas may list what it says to exist some seconds later.
_LISTED_WITHIN, _LISTED_PAUSE = 10.0, 1.0


FAILED, UNCHANGED = "failed", "unchanged"
_DONE = {
    planning.CREATE: "created",
    planning.UPDATE: "updated",
    planning.REPLACE: "recreated",
    planning.DELETE: "deleted",
    planning.NO_OP: UNCHANGED,
}


@dataclass(frozen=True)
class Outcome:
    """What became of one wanted resource.

    Attributes:
        action: What was done: created, updated, recreated, deleted, unchanged, or failed.
        changed: Whether something was written.
        before: The record as found.
        after: The record as it is now; None where there is none.
        error: What went wrong.
    """

    desired: Desired
    action: str
    changed: bool
    before: Record | None
    after: Record | None
    error: AtlasError | None = None

    @property
    def diff(self) -> dict[str, Any]:
        """What changed, as Ansible shows it."""
        return {"before": self.before or {}, "after": self.after or {}}

    def as_result(self) -> dict[str, Any]:
        """Return a module's result for this resource. Raises what went wrong with it."""
        if self.error:
            raise self.error
        record = self.after or self.desired.absent
        return {"changed": self.changed, self.desired.resource_type.result_key: record, "diff": self.diff}


def ensure(api: ResourceApi, desired: Sequence[Desired], present: bool, check_mode: bool) -> list[Outcome]:
    """Bring the wanted resources into being, or out of it.

    All steps are planned and checked before the first is taken, so that one that cannot be had keeps the others from
    being half done. In check mode the outcomes are predicted and nothing is written.

    Raises:
        AtlasError: Something is refused by the plan, by Atlas, or on the way.
    """
    found = api.look(desired)
    changes = [planning.plan(one, found, present) for one in desired]
    raise_all([PlanError(problem) for change in changes for problem in api.check(change)], "; no changes were made")
    return [predict(change) if check_mode else apply(api, change) for change in changes]


def predict(change: Change) -> Outcome:
    """Return the outcome of a step that is not taken."""
    return _outcome(change, change.action != planning.NO_OP, change.after)


def _outcome(change: Change, changed: bool, after: Record | None) -> Outcome:
    return Outcome(change.desired, _DONE[change.action] if changed else UNCHANGED, changed, change.before, after)


def apply(
    api: ResourceApi, change: Change, replace_policy: ReplacePolicy = NEVER_REPLACE, until_gone: bool = False
) -> Outcome:
    """Take a step and return its outcome.

    Args:
        api: Where to.
        change: What has to happen.
        replace_policy: How long the deletion of what is replaced may take.
        until_gone: Whether to wait, as long as that, until what is deleted has made room for others.
    """
    if change.action == planning.NO_OP:
        return predict(change)
    resource_id = str(change.before["id"]) if change.before else ""
    if change.action in (planning.DELETE, planning.REPLACE):
        api.delete(change, resource_id)
    if change.action == planning.DELETE and not until_gone:
        return predict(change)
    if change.action in (planning.DELETE, planning.REPLACE):
        return _after_deletion(api, change, resource_id, replace_policy)
    return _write(api, change, resource_id)


def _after_deletion(api: ResourceApi, change: Change, resource_id: str, replace_policy: ReplacePolicy) -> Outcome:
    """Wait until something has gone, and create what replaces it, if anything does."""
    try:
        _wait_until_gone(api, change, resource_id, replace_policy.timeout)
        after = _write(api, change, "").after if change.action == planning.REPLACE else None
    except AtlasError as error:
        error.changed = True
        raise
    return _outcome(change, True, after)


def _write(api: ResourceApi, change: Change, resource_id: str) -> Outcome:
    try:
        record = api.update(change, resource_id) if change.action == planning.UPDATE else api.create(change)
    except AtlasError as error:
        resource_type, code = change.desired.resource_type, error.code if isinstance(error, ApiError) else None
        if not error.outcome_unknown and code not in (*resource_type.conflict_codes, *resource_type.blocking_codes):
            raise
        return _look_again(api, change, error, _LISTED_WITHIN if code in resource_type.conflict_codes else 0.0)
    return _outcome(change, True, change.desired.resource_type.fill_in(record, change.desired.values))


def _look_again(api: ResourceApi, change: Change, error: AtlasError, within: float) -> Outcome:
    """Adopt what a write with a lost answer left behind, or what another run created meanwhile.

    Raises `error`, or what explains it better, if that is not listed within so many seconds.
    """
    end = time.monotonic() + within
    while True:
        try:
            found = api.look([change.desired])
        except AtlasError:
            raise error from None
        again = planning.plan(change.desired, found, present=True)
        if again.action == planning.NO_OP:
            return _outcome(change, error.outcome_unknown, again.after)
        reason = api.explained(error, change, found)
        if reason is not error or again.action != planning.CREATE or time.monotonic() + _LISTED_PAUSE > end:
            raise reason from error
        time.sleep(_LISTED_PAUSE)


def _wait_until_gone(api: ResourceApi, change: Change, resource_id: str, timeout: float) -> None:
    """Wait until a resource has made room for another."""
    end = time.monotonic() + timeout
    while left := api.find_by_id(change.desired.project_id, resource_id):
        if change.desired.resource_type.deletion_failed(left[0]):
            label = change.desired.resource_type.label(left[0])
            raise AtlasError(f"The {change.desired.name} must make room for another, but its deletion failed: {label}.")
        if time.monotonic() + _DELETION_PAUSE > end:
            raise AtlasError(
                f"The {change.desired.name} ({resource_id}) must make room for another, but after {timeout:g} seconds "
                "it is still being deleted.",
                f"Run the task again when it is gone: it creates the new one. Or raise {option('recreate_timeout')}.",
            )
        time.sleep(_DELETION_PAUSE)
