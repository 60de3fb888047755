# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of the API: from a request to its response."""

from __future__ import annotations

import re
import time
from typing import Any, Callable

from .access import Access
from .errors import ComputeError, not_found
from .networks import DEFAULTS, Network, Networks
from .operations import Operation, Operations

Json = dict[str, Any]
Query = dict[str, str]
PREFIX = "/compute/v1/"
_NETWORK = re.compile(r"(?:https?://[^/]+/compute/v1/)?(projects/[^/]+/global/networks/[^/]+)")


class Api:
    """Answers requests; `base` is the address that paths are relative to."""

    def __init__(self, base: str, duration: float) -> None:
        self.base = base
        self.networks, self.operations, self.access = Networks(), Operations(duration), Access()
        project, network = "projects/([^/]+)/global", "/networks/([^/]+)"
        self._routes: list[tuple[str, re.Pattern[str], str, Callable[..., Json]]] = [
            (method, re.compile(pattern), permission, action)
            for method, pattern, permission, action in (
                ("GET", f"{project}/networks", "compute.networks.list", self._list),
                ("POST", f"{project}/networks", "compute.networks.create", self._insert),
                ("GET", project + network, "compute.networks.get", self._get),
                ("DELETE", project + network, "compute.networks.delete", self._delete),
                ("POST", f"{project}{network}/addPeering", "compute.networks.addPeering", self._add),
                ("PATCH", f"{project}{network}/updatePeering", "compute.networks.updatePeering", self._update),
                ("POST", f"{project}{network}/removePeering", "compute.networks.removePeering", self._remove),
                ("GET", f"{project}/operations/([^/]+)", "compute.globalOperations.get", self._operation),
                ("POST", f"{project}/operations/([^/]+)/wait", "compute.globalOperations.get", self._wait),
            )
        ]

    def answer(self, method: str, path: str, query: Query, body: Json, authorization: str) -> Json:
        """Return the body of the response. Raises ComputeError."""
        self.operations.settle()
        for its_method, pattern, permission, action in self._routes:
            match = pattern.fullmatch(path)
            if match and its_method == method:
                self.access.check(authorization, permission, match[1], re.sub("/(add|update|remove)Peering$", "", path))
                return action(*match.groups(), query=query, body=body)
        raise not_found(path)

    def _list(self, project: str, query: Query, body: Json) -> Json:
        items = [self.networks.view(one, self.base) for one in self.networks.of_project(project)]
        return {"kind": "compute#networkList", "id": f"projects/{project}/global/networks", "items": items}

    def _insert(self, project: str, query: Query, body: Json) -> Json:
        path = f"projects/{project}/global/networks/{body['name']}"
        ranges = [body["IPv4Range"]] if "IPv4Range" in body else []
        return self._start("insert", project, (path,), query, lambda: self.networks.add(path, *ranges))

    def _get(self, project: str, name: str, query: Query, body: Json) -> Json:
        return self.networks.view(self._network(project, name), self.base)

    def _delete(self, project: str, name: str, query: Query, body: Json) -> Json:
        path = self._network(project, name).path
        return self._start("delete", project, (path,), query, lambda: self.networks.delete(path))

    def _add(self, project: str, name: str, query: Query, body: Json) -> Json:
        path, peering = self._network(project, name).path, _peering(body, "network")
        touches = (path, peering["network"])
        return self._start("addPeering", project, touches, query, lambda: self.networks.add_peering(path, peering))

    def _update(self, project: str, name: str, query: Query, body: Json) -> Json:
        network, peering = self._network(project, name), _peering(body)
        return self._start(
            "updatePeering",
            project,
            _touched(network, peering["name"]),
            query,
            lambda: self.networks.update_peering(network.path, peering),
        )

    def _remove(self, project: str, name: str, query: Query, body: Json) -> Json:
        network, peering = self._network(project, name), str(body.get("name"))
        return self._start(
            "removePeering",
            project,
            _touched(network, peering),
            query,
            lambda: self.networks.remove_peering(network.path, peering),
        )

    def _operation(self, project: str, name: str, query: Query, body: Json) -> Json:
        return self.operations.get(project, name).view(self.base)

    def _wait(self, project: str, name: str, query: Query, body: Json) -> Json:
        operation = self.operations.get(project, name)
        time.sleep(max(0.0, operation.ends - time.monotonic()))
        self.operations.settle()
        return operation.view(self.base)

    def _network(self, project: str, name: str) -> Network:
        return self.networks.get(f"projects/{project}/global/networks/{name}")

    def _start(
        self, kind: str, project: str, touches: tuple[str, ...], query: Query, effect: Callable[[], None]
    ) -> Json:
        operation: Operation = self.operations.start(kind, project, touches, query.get("requestId"), effect)
        self.operations.settle()
        return operation.view(self.base)


def _peering(body: Json, *needed: str) -> Json:
    """Return the checked networkPeering of a body, with the path of its network."""
    peering = body.get("networkPeering")
    if not isinstance(peering, dict):
        raise ComputeError(400, "required", "Required field 'networkPeering' not specified")
    for name in ("name", *needed):
        if not isinstance(peering.get(name), str):
            raise ComputeError(400, "required", f"Required field 'networkPeering.{name}' not specified")
    for name in set(peering) - {"name", "network", *DEFAULTS}:
        raise ComputeError(
            400, "badRequest", f"Invalid JSON payload received. Unknown name \"{name}\" at 'network_peering'"
        )
    if "network" not in peering:
        return dict(peering)
    match = _NETWORK.fullmatch(peering["network"])
    if match is None:
        raise ComputeError(400, "invalid", f"Invalid value for field 'networkPeering.network': '{peering['network']}'.")
    return {**peering, "network": match[1]}


def _touched(network: Network, name: str) -> tuple[str, ...]:
    """Return the paths of a network and of the one that a peering leads to."""
    return (network.path, network.peerings[name]["network"]) if name in network.peerings else (network.path,)
