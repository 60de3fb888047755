# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks and their peerings: what changes them, what they look like in the API."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Any

from .errors import ComputeError, not_found

# Field of a peering -> what a new one has unless told (Compute Engine API reference, networks, peerings[]).
DEFAULTS = {
    "exportCustomRoutes": False,
    "importCustomRoutes": False,
    "exportSubnetRoutesWithPublicIp": True,
    "importSubnetRoutesWithPublicIp": False,
    "exchangeSubnetRoutes": True,
    "autoCreateRoutes": True,
    "stackType": "IPV4_ONLY",
}


@dataclass
class Network:
    """A VPC network; `ranges` are those of its subnets."""

    path: str
    ranges: tuple[str, ...] = ()
    peerings: dict[str, dict[str, Any]] = field(default_factory=dict)  # by name; `network` is a path

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def leads_to(self, path: str) -> dict[str, Any] | None:
        return next((one for one in self.peerings.values() if one["network"] == path), None)


class Networks:
    """All networks, by path: ``projects/my-project/global/networks/default``."""

    def __init__(self, peerings_per_network: int = 25) -> None:
        self.peerings_per_network = peerings_per_network
        self._networks: dict[str, Network] = {}

    def add(self, path: str, *ranges: str) -> None:
        self._networks[path] = Network(path, ranges)

    def get(self, path: str) -> Network:
        if path not in self._networks:
            project = path.partition("/global/")[0]
            known = any(one.startswith(f"{project}/") for one in self._networks)
            raise not_found(path if known else project)
        return self._networks[path]

    def delete(self, path: str) -> None:
        if self.get(path).peerings:
            raise ComputeError(400, "resourceInUseByAnotherResource", f"The network {path} has peerings")
        del self._networks[path]

    def of_project(self, project: str) -> list[Network]:
        return [one for path, one in self._networks.items() if path.startswith(f"projects/{project}/")]

    def add_peering(self, path: str, peering: dict[str, Any]) -> None:
        network, peer = self.get(path), peering["network"]
        if peering["name"] in network.peerings or network.leads_to(peer):
            raise ComputeError(400, "invalid", f"There is a peering {peering['name']} or one to {peer} already.")
        if peer == path:
            raise ComputeError(400, "invalid", "A network cannot be peered with itself.")
        if len(network.peerings) >= self.peerings_per_network:
            limit = f"Limit: {self.peerings_per_network}.0 globally."
            raise ComputeError(403, "QUOTA_EXCEEDED", f"Quota 'PEERINGS_PER_NETWORK' exceeded.  {limit}")
        self._refuse_overlap(network, peer)
        network.peerings[peering["name"]] = {**DEFAULTS, **peering}

    def update_peering(self, path: str, peering: dict[str, Any]) -> None:
        self._peering(path, peering["name"]).update(peering)

    def remove_peering(self, path: str, name: str) -> None:
        self._peering(path, name)
        del self.get(path).peerings[name]

    def _peering(self, path: str, name: str) -> dict[str, Any]:
        peerings = self.get(path).peerings
        if name not in peerings:
            raise ComputeError(400, "invalid", f"There is no peering {name} on network {path}.")
        return peerings[name]

    def _refuse_overlap(self, network: Network, peer: str) -> None:
        if peer not in self._networks:  # which Google does not tell
            return
        for theirs in self._networks[peer].ranges:
            for ours in network.ranges:
                if ipaddress.ip_network(ours).overlaps(ipaddress.ip_network(theirs)):
                    raise ComputeError(
                        400,
                        "INVALID_USAGE",
                        f"An IP range in the peer network ({theirs}) overlaps with an IP range in the local network "
                        f"({ours}) allocated by resource ({network.path.partition('/global/')[0]}/subnetworks/main).",
                    )

    def view(self, network: Network, base: str) -> dict[str, Any]:
        """Return a network as the API shows it; `base` is the address that paths are relative to."""
        shown = {
            "kind": "compute#network",
            "id": str(abs(hash(network.path))),
            "name": network.name,
            "selfLink": base + network.path,
            "autoCreateSubnetworks": False,
        }
        peerings = [self._peering_view(network, one, base) for one in network.peerings.values()]
        return {**shown, "peerings": peerings} if peerings else shown

    def _peering_view(self, network: Network, peering: dict[str, Any], base: str) -> dict[str, Any]:
        other = self._networks.get(peering["network"])
        active = other is not None and other.leads_to(network.path) is not None
        return {
            **peering,
            "network": base + peering["network"],
            "state": "ACTIVE" if active else "INACTIVE",
            "stateDetails": "Connected." if active else "Waiting for peer network to connect.",
        }
