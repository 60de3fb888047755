# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control endpoint /_simulator: the controls and the log for clients outside this process."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from ..errors import ApiError
from ..http.messages import Request, Response, json_response
from .seeding import ControlError

if TYPE_CHECKING:
    from ..simulator import Simulator

PREFIX = "/_simulator"
PEER_ACTIONS = ("accept", "reject", "expire", "reciprocate", "fail")
Operation = Callable[..., Any]


class ControlEndpoint:
    """Maps requests to methods of the simulator; the keys of a body are their parameters."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        # the method, and the key of its result
        self._operations: dict[str, tuple[Operation, str]] = {
            "GET ": (simulator.describe, "simulator"),
            "GET /requests": (self._requests, "exchanges"),
            "DELETE /requests": (simulator.clear_log, "done"),
            "GET /peers": (simulator.peers, "peers"),
            "POST /peers": (partial(simulator.add_peer, project_id=simulator.project_id), "id"),
            "POST /organizations": (simulator.add_organization, "id"),
            "POST /projects": (simulator.add_project, "id"),
            "POST /projects/many": (simulator.add_projects, "ids"),
            "POST /containers": (partial(simulator.add_container, project_id=simulator.project_id), "id"),
            "GET /access_list": (simulator.access_list, "entries"),
            "POST /access_list": (simulator.add_access_list_entry, "entry"),
            "POST /access_list/fail": (simulator.fail_access_list_entry, "done"),
            "POST /tokens/revoke": (simulator.revoke_tokens, "revoked"),
            "POST /clock": (self._advance, "now"),
            "POST /faults": (self._fault, "done"),
            "DELETE /faults": (simulator.clear_faults, "done"),
        }

    def answer(self, request: Request) -> Response:
        try:
            operation, key, arguments = self._find(request.method, request.path[len(PREFIX) :].rstrip("/"))
            result = operation(**arguments, **(request.document() if request.body else {}))
            return json_response(200, {key: True if result is None else result}, pretty=True)
        except ControlError as refusal:
            return json_response(refusal.status, {"detail": str(refusal)})
        except (ApiError, TypeError, ValueError, re.error) as error:  # a body that does not fit the method
            return json_response(400, {"detail": str(error)})

    def _find(self, method: str, path: str) -> tuple[Operation, str, dict[str, str]]:
        action = re.fullmatch(r"/peers/(\w+)/(\w+)", path)
        if action is not None and method == "POST" and action[2] in PEER_ACTIONS:
            return getattr(self._simulator, action[2]), "done", {"peer_id": action[1]}
        container = re.fullmatch(r"/containers/(\w+)/remove_clusters", path)
        if container is not None and method == "POST":
            return self._simulator.remove_clusters, "done", {"container_id": container[1]}
        if f"{method} {path}" not in self._operations:
            raise ControlError(404, f"{method} {path or '/'} is not an operation of the control endpoint")
        return (*self._operations[f"{method} {path}"], {})

    def _fault(self, **details: Any) -> None:
        self._simulator.fault(**details)

    def _advance(self, advance: float) -> float:
        return self._simulator.advance(advance)

    def _requests(self) -> list[dict[str, Any]]:
        return [exchange.view() for exchange in self._simulator.exchanges]
