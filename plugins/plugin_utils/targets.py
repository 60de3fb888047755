# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What can be waited for: the values of the option ``until``. Pure, no I/O.

To add one, add an entry to `TARGETS` and document it in the module atlas_peering_wait. A test names every other place
(the role, its README, the surveys) that does not offer it yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Callable

from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import (
    ABSENT,
    ACTION_REQUIRED,
    AVAILABLE,
    DELETING,
    FAILED,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record


@dataclass(frozen=True)
class Target:
    """One value of the option ``until``.

    Attributes:
        phases: The phases that meet it, of `clouds.PHASES`.
        words: The same in words, to follow "are": ``ready for the other side``.
        cannot_reach: Reports of a record that does not meet it whether it never will, however long the wait.
        advice: What to do about a connection that cannot reach it and has no next action, by phase.
    """

    phases: tuple[str, ...]
    words: str
    cannot_reach: Callable[[Record], bool]
    advice: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_absence(self) -> bool:
        """Whether a connection that does not exist meets it."""
        return ABSENT in self.phases

    def is_met_by(self, record: Record) -> bool:
        return record["phase"] in self.phases


def _has_ended(record: Record) -> bool:
    return record["phase"] in (FAILED, DELETING, ABSENT)


def _stays(record: Record) -> bool:
    # The record of an id that does not exist names no cloud.
    return bool(record["provider_name"]) and PEERING.deletion_failed(record)


_TO_EXIST: Mapping[str, str] = {
    ABSENT: "The project has no such connection: create it, or check the options that identify it.",
    DELETING: "It is being deleted: wait until it is absent, then create it again.",
}

#: The choices of ``until``.
TARGETS: Mapping[str, Target] = {
    "available": Target((AVAILABLE,), "available", _has_ended, _TO_EXIST),
    "action_required": Target((ACTION_REQUIRED, AVAILABLE), "ready for the other side", _has_ended, _TO_EXIST),
    "absent": Target((ABSENT,), "absent", _stays),
}
