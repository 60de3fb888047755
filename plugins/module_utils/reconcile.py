# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look, plan, apply: the one place that decides ``changed``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    ApiError,
    AtlasError,
    RefusedError,
    raise_all,
)
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.plan import NO_HEALING, Healing, Step
from ansible_collections.atlasops.network.plugins.module_utils.store import Store
from ansible_collections.atlasops.network.plugins.module_utils.wording import option

_DELETION_PAUSE = 2.0
# Atlas may list what it says to exist some seconds later.
_LISTED_WITHIN, _LISTED_PAUSE = 10.0, 1.0


FAILED, UNCHANGED = "failed", "unchanged"
_DONE = {
    planning.CREATE: "created",
    planning.UPDATE: "updated",
    planning.RECREATE: "recreated",
    planning.DELETE: "deleted",
    planning.NOTHING: UNCHANGED,
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

    wanted: Wanted
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
        record = self.after or self.wanted.absent
        return {"changed": self.changed, self.wanted.kind.result_key: record, "diff": self.diff}


def ensure(store: Store, wanted: Sequence[Wanted], present: bool, check_mode: bool) -> list[Outcome]:
    """Bring the wanted resources into being, or out of it.

    All steps are planned and checked before the first is taken, so that one that cannot be had keeps the others from
    being half done. In check mode the outcomes are predicted and nothing is written.

    Raises:
        AtlasError: Something is refused by the plan, by Atlas, or on the way.
    """
    found = store.look(wanted)
    steps = [planning.plan(one, found, present) for one in wanted]
    raise_all([RefusedError(problem) for step in steps for problem in store.check(step)], ", and nothing was written")
    return [predict(step) if check_mode else apply(store, step) for step in steps]


def predict(step: Step) -> Outcome:
    """Return the outcome of a step that is not taken."""
    return _outcome(step, step.action != planning.NOTHING, step.after)


def _outcome(step: Step, changed: bool, after: Record | None) -> Outcome:
    return Outcome(step.wanted, _DONE[step.action] if changed else UNCHANGED, changed, step.before, after)


def apply(store: Store, step: Step, healing: Healing = NO_HEALING, until_gone: bool = False) -> Outcome:
    """Take a step and return its outcome.

    Args:
        store: Where to.
        step: What has to happen.
        healing: How long the deletion of what is replaced may take.
        until_gone: Whether to wait, as long as that, until what is deleted has made room for others.
    """
    if step.action == planning.NOTHING:
        return predict(step)
    resource_id = str(step.before["id"]) if step.before else ""
    if step.action in (planning.DELETE, planning.RECREATE):
        store.delete(step, resource_id)
    if step.action == planning.DELETE and not until_gone:
        return predict(step)
    if step.action in (planning.DELETE, planning.RECREATE):
        return _after_deletion(store, step, resource_id, healing)
    return _write(store, step, resource_id)


def _after_deletion(store: Store, step: Step, resource_id: str, healing: Healing) -> Outcome:
    """Wait until something has gone, and create what replaces it, if anything does."""
    try:
        _wait_until_gone(store, step, resource_id, healing.timeout)
        after = _write(store, step, "").after if step.action == planning.RECREATE else None
    except AtlasError as error:
        error.changed = True
        raise
    return _outcome(step, True, after)


def _write(store: Store, step: Step, resource_id: str) -> Outcome:
    try:
        record = store.update(step, resource_id) if step.action == planning.UPDATE else store.create(step)
    except AtlasError as error:
        kind, code = step.wanted.kind, error.code if isinstance(error, ApiError) else None
        if not error.outcome_unknown and code not in (*kind.taken, *kind.blocked):
            raise
        return _look_again(store, step, error, _LISTED_WITHIN if code in kind.taken else 0.0)
    return _outcome(step, True, step.wanted.kind.fill_in(record, step.wanted.values))


def _look_again(store: Store, step: Step, error: AtlasError, within: float) -> Outcome:
    """Adopt what a write with a lost answer left behind, or what another run created meanwhile.

    Raises `error`, or what explains it better, if that is not listed within so many seconds.
    """
    end = time.monotonic() + within
    while True:
        try:
            found = store.look([step.wanted])
        except AtlasError:
            raise error from None
        again = planning.plan(step.wanted, found, present=True)
        if again.action == planning.NOTHING:
            return _outcome(step, error.outcome_unknown, again.after)
        reason = store.explained(error, step, found)
        if reason is not error or again.action != planning.CREATE or time.monotonic() + _LISTED_PAUSE > end:
            raise reason from error
        time.sleep(_LISTED_PAUSE)


def _wait_until_gone(store: Store, step: Step, resource_id: str, timeout: float) -> None:
    """Wait until a resource has made room for another."""
    end = time.monotonic() + timeout
    while left := store.find_by_id(step.wanted.project_id, resource_id):
        if step.wanted.kind.is_stuck(left[0]):
            label = step.wanted.kind.label(left[0])
            raise AtlasError(f"The {step.wanted.name} must make room for another, but its deletion failed: {label}.")
        if time.monotonic() + _DELETION_PAUSE > end:
            raise AtlasError(
                f"The {step.wanted.name} ({resource_id}) must make room for another, but after {timeout:g} seconds it "
                "is still being deleted.",
                f"Run the task again when it is gone: it creates the new one. Or raise {option('recreate_timeout')}.",
            )
        time.sleep(_DELETION_PAUSE)
