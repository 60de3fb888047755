# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Atlas' own projects in a simulated Compute API, such as the stub in tests/compute_stub."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from ..domain.resources import Container, Peer

PATIENCE = 30.0  # seconds for which operations of others are waited out
STATUSES = {"ACTIVE": "active", "INACTIVE": "inactive"}


class RefusedError(Exception):
    """The Compute API refuses a change."""


class GcpProjects:
    """Creates network peerings as Atlas does, in one project for each container."""

    cloud_name = "GCP"

    def __init__(self, endpoint: str, token: str) -> None:
        self._base = f"{endpoint.rstrip('/')}/compute/v1/"
        self._token = token
        self._requested: dict[str, str] = {}  # the network of each peering, by its name

    def provision(self, container: Container) -> Mapping[str, str]:
        names = {name: make(container.id) for name, make in container.cloud.network.items()}
        body = {"name": names["networkName"], "IPv4Range": container.atlas_cidr_block}
        self._change("POST", f"projects/{names['gcpProjectId']}/global/networks", body)
        return names

    def request(self, peer: Peer) -> str | None:
        network, name = _path(peer.container.network), f"peering-{peer.id}"
        peering = {"name": name, "network": _path(peer.attributes), "exchangeSubnetRoutes": True}
        try:
            self._change("POST", f"{network}/addPeering", {"networkPeering": peering})
        except RefusedError:
            return None
        self._requested[name] = network
        return name

    def statuses(self) -> Mapping[str, str]:
        return {
            peering["name"]: STATUSES[peering["state"]]
            for network in set(self._requested.values())
            for peering in self._call("GET", network).get("peerings", [])
        }

    def withdraw(self, connection_id: str) -> None:
        network = self._requested.pop(connection_id)
        try:
            self._change("POST", f"{network}/removePeering", {"name": connection_id})
        except RefusedError:
            return  # it is gone already

    def _change(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        """Change something, after the operations of others, and wait until it is done. Raises RefusedError."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                started = self._call(method, path, body)
                break
            except urllib.error.HTTPError as error:
                text = error.read().decode()
                if "operation in progress" not in text or time.monotonic() > end:
                    raise RefusedError(text) from error
                time.sleep(0.02)
        done = self._call("POST", f"{started['selfLink'].removeprefix(self._base)}/wait", {})
        if "error" in done:
            raise RefusedError(done["error"])

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._base + path, content, headers, method=method)  # noqa: S310 (a test's)
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
        return answer


def _path(attributes: Mapping[str, Any]) -> str:
    """Return the path of a network by the attributes that it has in Atlas."""
    return f"projects/{attributes['gcpProjectId']}/global/networks/{attributes['networkName']}"
