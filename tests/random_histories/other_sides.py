# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other side of connections on GCP and Azure: stubs of the clouds' APIs, without servers."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.azure.access import ACTIONS, ATLAS_APPLICATION
from azure_stub import AzureStub
from compute_stub import ComputeStub
from compute_stub.api import PREFIX
from compute_stub.errors import ComputeError
from compute_stub.operations import Operation, Operations
from simulator.domain.clouds import GCP
from simulator.domain.resources import Container, Peer
from simulator.http.messages import Headers, Request, Response
from stub_server import Request as StubRequest

from .network import ADDRESS

GOOGLE_TOKEN, AZURE_CLIENT, AZURE_SECRET = "t0ken", "0d1e2f3a-4b5c-4d6e-8f70-8192a3b4c5d6", "s3cret"
#: Takes what somebody wrote: the method, and the path of what it wrote to.
Note = Callable[[str, str], None]


class Google:
    """The Compute API, in which Atlas has its half of connections and their owners have theirs."""

    cloud_name = "GCP"

    def __init__(self, dice: random.Random) -> None:
        self.stub = ComputeStub(dice.choice((0.0, 0.0, 4.0)))
        self.stub.close()
        self.stub.add_token(GOOGLE_TOKEN)
        self._networks = self.stub.api.networks
        self._requested: dict[str, str] = {}  # the network of each of Atlas' peerings, by its name

    def answer(self, request: StubRequest, note: Note) -> tuple[int, str] | None:
        """Answer a request; when its operation takes effect, that is noted."""
        operations = self.stub.api.operations
        start = Operations.start

        def noted(kind: str, project: str, touches: tuple[str, ...], request_id: str | None, effect: Any) -> Operation:
            def act() -> None:
                effect()
                note(kind, touches[0])

            return start(operations, kind, project, touches, request_id, act)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(operations, "start", noted)
            return self.stub.answer(request)

    def provision(self, container: Container) -> Mapping[str, str]:
        names = {name: make(container.id) for name, make in container.cloud.network.items()}
        self._networks.add(_path(names), container.atlas_cidr_block)
        return names

    def request(self, peer: Peer) -> str | None:
        path, name = _path(peer.container.network), f"peering-{peer.id}"
        return name if self._add(path, name, _path(peer.attributes)) else None

    def statuses(self) -> Mapping[str, str]:
        return {name: self._state(path, name) for name, path in self._requested.items()}

    def withdraw(self, connection_id: str) -> None:
        self._networks.remove_peering(self._requested.pop(connection_id), connection_id)

    def reciprocate(self, peer: Peer) -> None:
        """Do as the owner of a network does in the console."""
        path = _path(peer.attributes)
        if peer.container.network:
            self.add_network(path)
            self._add(path, f"to-{peer.container.id}", _path(peer.container.network))

    def add_network(self, path: str) -> None:
        if path not in [one.path for one in self._networks.of_project(path.split("/")[1])]:
            self._networks.add(path)

    def _add(self, path: str, name: str, to: str) -> bool:
        try:
            self._networks.add_peering(path, {"name": name, "network": to})
        except ComputeError:
            return False
        if name.startswith("peering-"):
            self._requested[name] = path
        return True

    def _state(self, path: str, name: str) -> str:
        view = self._networks.view(self._networks.get(path), "")
        (state,) = (one["state"] for one in view["peerings"] if one["name"] == name)
        return str(state).lower()


class Azure:
    """Microsoft Entra ID and Azure, where Atlas needs access to virtual networks."""

    def __init__(self, dice: random.Random) -> None:
        self.stub = AzureStub()
        self.stub.close()
        lag = dice.choice((0, 0, 2))
        self.stub.directory.principal_lag = self.stub.manager.roles.assignment_lag = lag
        self._tenants: set[str] = set()

    def add_network(self, options: Mapping[str, Any]) -> None:
        """Add the virtual network of a connection, and somebody who owns its subscription."""
        tenant, subscription = options["azure_directory_id"], options["azure_subscription_id"]
        self.stub.add_network(
            tenant, subscription, options["resource_group_name"], options["vnet_name"], "10.128.0.0/20"
        )
        if tenant not in self._tenants:
            self._tenants.add(tenant)
            self.stub.add_application(tenant, AZURE_CLIENT, AZURE_SECRET, Owner=f"/subscriptions/{subscription}")

    def answer(self, request: StubRequest, note: Note) -> tuple[int, str] | None:
        """Answer a request, which takes effect at once."""
        answer = self.stub.answer(request)
        if answer and answer[0] < 300 and request.method != "GET" and not request.path.endswith("/token"):
            note(request.method, request.path)
        return answer

    def allows_peering(self, attributes: Mapping[str, Any]) -> bool:
        """Report whether Atlas may peer with the virtual network that a connection has these attributes of."""
        tenant = self.stub.manager.tenants.get(str(attributes["azureSubscriptionId"]).lower(), "")
        principal = self.stub.directory.find(tenant, ATLAS_APPLICATION)
        scope = (
            f"/subscriptions/{attributes['azureSubscriptionId']}/resourceGroups/{attributes['resourceGroupName']}"
            f"/providers/Microsoft.Network/virtualNetworks/{attributes['vnetName']}"
        ).lower()
        roles = self.stub.manager.roles
        return principal is not None and all(roles.allows({principal.id}, action, scope) for action in ACTIONS)


class OtherSides:
    """The clouds on the other side.

    Args:
        dice: Decide how fast it is.
    """

    def __init__(self, dice: random.Random) -> None:
        self.google, self.azure = Google(dice), Azure(dice)

    def answer(self, request: Request, note: Note) -> Response:
        """Answer a request to one of the clouds."""
        sent = StubRequest.of(request.method, request.target, request.body, request.headers.get("Authorization", ""))
        side = self.google if sent.path.startswith(PREFIX) else self.azure
        status, body = side.answer(sent, note) or (500, "")
        return Response(status, body.encode(), Headers({"Content-Type": "application/json; charset=UTF-8"}))

    def add_networks(self, declared: Sequence[Mapping[str, Any]]) -> None:
        """Add the networks of connections."""
        for one in declared:
            if one["provider_name"] == "GCP":
                self.google.add_network(f"projects/{one['gcp_project_id']}/global/networks/{one['network_name']}")
            elif one["provider_name"] == "AZURE":
                self.azure.add_network(one)


def google_options(declared: Mapping[str, Any], container_id: str) -> dict[str, Any]:
    """Return the options for the owner's half of a declared connection to a container."""
    names = {name: make(container_id) for name, make in GCP.network.items()}
    return {
        **{"base_url": ADDRESS, "access_token": GOOGLE_TOKEN, "wait_timeout": 60},
        **{"project": declared["gcp_project_id"], "network": declared["network_name"]},
        **{"peer_project": names["gcpProjectId"], "peer_network": names["networkName"]},
    }


def azure_options(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options for Atlas' access to the virtual network of a declared connection."""
    return {
        **dict.fromkeys(("authority_url", "resource_manager_url", "graph_url"), ADDRESS),
        **{"tenant": declared["azure_directory_id"], "client_id": AZURE_CLIENT, "secret": AZURE_SECRET},
        **{"subscription_id": declared["azure_subscription_id"], "wait_timeout": 60},
        **{"resource_group": declared["resource_group_name"], "virtual_network": declared["vnet_name"]},
    }


def _path(attributes: Mapping[str, Any]) -> str:
    return f"projects/{attributes['gcpProjectId']}/global/networks/{attributes['networkName']}"
