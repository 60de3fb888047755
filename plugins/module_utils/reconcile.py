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
from ansible_collections.atlasops.network.plugins.module_utils.errors import ApiError, AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.plan import NO_HEALING, Healing, Step
from ansible_collections.atlasops.network.plugins.module_utils.store import Store
from ansible_collections.atlasops.network.plugins.module_utils.wording import option

_DELETION_PAUSE = 2.0


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

    All steps are planned before the first is taken, so that one that cannot be had keeps the others from being
    half done. In check mode the outcomes are predicted and nothing is written.

    Raises:
        AtlasError: Something is refused by the plan, by Atlas, or on the way.
    """
    found = store.look(wanted)
    steps = [planning.plan(one, found, present) for one in wanted]
    return [predict(step) if check_mode else apply(store, step) for step in steps]


def predict(step: Step) -> Outcome:
    """Return the outcome of a step that is not taken."""
    return _outcome(step, step.action != planning.NOTHING, step.after)


def _outcome(step: Step, changed: bool, after: Record | None) -> Outcome:
    return Outcome(step.wanted, _DONE[step.action] if changed else UNCHANGED, changed, step.before, after)


def apply(store: Store, step: Step, healing: Healing = NO_HEALING) -> Outcome:
    """Take a step and return its outcome."""
    if step.action == planning.NOTHING:
        return predict(step)
    resource_id = str(step.before["id"]) if step.before else ""
    if step.action == planning.DELETE:
        store.delete(step, resource_id)
        return predict(step)
    if step.action == planning.RECREATE:
        return _replace(store, step, resource_id, healing)
    return _write(store, step, resource_id)


def _replace(store: Store, step: Step, resource_id: str, healing: Healing) -> Outcome:
    store.delete(step, resource_id)
    try:
        _wait_until_gone(store, step, resource_id, healing.timeout)
        written = _write(store, step, resource_id)
        return _outcome(step, True, written.after)
    except AtlasError as error:
        error.changed = True
        raise


def _write(store: Store, step: Step, resource_id: str) -> Outcome:
    try:
        record = store.update(step, resource_id) if step.action == planning.UPDATE else store.create(step)
    except AtlasError as error:
        taken = isinstance(error, ApiError) and error.code in step.wanted.kind.taken
        if not error.outcome_unknown and not taken:
            raise
        return _look_again(store, step, error)
    return _outcome(step, True, step.wanted.kind.fill_in(record, step.wanted.values))


def _look_again(store: Store, step: Step, error: AtlasError) -> Outcome:
    """Adopt what a write with a lost answer left behind, or what another run created meanwhile; else raise `error`."""
    try:
        found = store.look([step.wanted])
    except AtlasError:
        raise error from None
    again = planning.plan(step.wanted, found, present=True)
    if again.action != planning.NOTHING:
        raise error
    return _outcome(step, error.outcome_unknown, again.after)


def _wait_until_gone(store: Store, step: Step, resource_id: str, timeout: float) -> None:
    """Wait until a resource that is being replaced has made room."""
    end = time.monotonic() + timeout
    while left := store.find_by_id(step.wanted.project_id, resource_id):
        if step.wanted.kind.is_stuck(left[0]):
            label = step.wanted.kind.label(left[0])
            raise AtlasError(f"The {step.wanted.name} is to be replaced, but its deletion has failed: {label}.")
        if time.monotonic() + _DELETION_PAUSE > end:
            raise AtlasError(
                f"The {step.wanted.name} ({resource_id}) is to be replaced, but after {timeout:g} seconds it is still "
                "being deleted.",
                f"Run the task again when it is gone: it creates the new one. Or raise {option('recreate_timeout')}.",
            )
        time.sleep(_DELETION_PAUSE)
