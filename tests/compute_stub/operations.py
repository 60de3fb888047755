# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Global operations: one at a time on a network and its peer, each takes a while and then takes effect."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable

from .errors import CONFLICT, ComputeError, not_found


@dataclass
class Operation:
    """A change under way; `touches` are the networks that nothing else may change meanwhile."""

    name: str
    kind: str
    project: str
    target: str
    touches: tuple[str, ...]
    ends: float
    effect: Callable[[], None]
    done: bool = False
    error: ComputeError | None = None

    def settle(self, now: float) -> None:
        if self.done or now < self.ends:
            return
        self.done = True
        try:
            self.effect()
        except ComputeError as error:
            self.error = error

    def view(self, base: str) -> dict[str, Any]:
        shown = {
            "kind": "compute#operation",
            "id": str(abs(hash(self.name))),
            "name": self.name,
            "operationType": self.kind,
            "targetLink": base + self.target,
            "selfLink": f"{base}projects/{self.project}/global/operations/{self.name}",
            "status": "DONE" if self.done else "RUNNING",
            "progress": 100 if self.done else 0,
        }
        return {**shown, **(self.error.view_in_operation() if self.error else {})}


class Operations:
    """All operations, by name; `duration` is in seconds."""

    def __init__(self, duration: float) -> None:
        self.duration = duration
        self._operations: dict[str, Operation] = {}
        self._requests: dict[str, Operation] = {}  # by requestId

    def start(
        self, kind: str, project: str, touches: tuple[str, ...], request_id: str | None, effect: Callable[[], None]
    ) -> Operation:
        """Start an operation on the first of some networks, unless one is under way on any of them.

        A request that was seen before is ignored, and answered with its operation.
        """
        self.settle()
        if request_id and request_id in self._requests:
            return self._requests[request_id]
        if any(not one.done and set(one.touches) & set(touches) for one in self._operations.values()):
            raise ComputeError(400, "badRequest", CONFLICT)
        name = f"operation-{len(self._operations) + 1:013d}"
        ends = time.monotonic() + self.duration
        operation = Operation(name, kind, project, touches[0], touches, ends, effect)
        self._operations[name] = operation
        if request_id:
            self._requests[request_id] = operation
        return operation

    def occupy(self, network: str, seconds: float) -> None:
        """Let somebody else's operation run on a network."""
        name = f"operation-{len(self._operations) + 1:013d}"
        ends = time.monotonic() + seconds
        self._operations[name] = Operation(name, "addPeering", "other", network, (network,), ends, lambda: None)

    def get(self, project: str, name: str) -> Operation:
        operation = self._operations.get(name)
        if operation is None or operation.project != project:
            raise not_found(f"projects/{project}/global/operations/{name}")
        return operation

    def settle(self) -> None:
        """Let what is due take effect."""
        for operation in self._operations.values():
            operation.settle(time.monotonic())
