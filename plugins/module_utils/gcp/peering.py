# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The peerings of a GCP network: what is declared, what exists, and the change between them. Pure, no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PlanError

CREATE, UPDATE, DELETE, NO_OP = "create", "update", "delete", "no-op"

#: Option -> field of the Compute API, and what Google sets if a new peering does not name it (Compute Engine API
#: reference, networks, peerings[]).
ROUTE_OPTIONS: Mapping[str, tuple[str, bool]] = {
    "export_custom_routes": ("exportCustomRoutes", False),
    "import_custom_routes": ("importCustomRoutes", False),
    "export_subnet_routes_with_public_ip": ("exportSubnetRoutesWithPublicIp", True),
    "import_subnet_routes_with_public_ip": ("importSubnetRoutesWithPublicIp", False),
}

#: A peering in normalised form: the options of the module, and its state.
Record = dict[str, Any]

_LONGEST_NAME = 63  # RFC 1035, which the Compute API follows
_NETWORK_URL = re.compile(
    r"(?:https?://[^/]+/compute/\w+/)?projects/(?P<project>[^/]+)/global/networks/(?P<name>[^/]+)"
)


@dataclass(frozen=True)
class Network:
    """A VPC network of GCP."""

    project: str
    name: str

    def __str__(self) -> str:
        return f"{self.project}/{self.name}"

    @property
    def path(self) -> str:
        """Its address below the API's version: ``projects/my-project/global/networks/default``."""
        return f"projects/{self.project}/global/networks/{self.name}"

    @classmethod
    def parse(cls, url: object) -> Network | None:
        """Return the network of an address, or None if it is not that of a network."""
        match = _NETWORK_URL.fullmatch(str(url))
        return cls(match["project"], match["name"]) if match else None


@dataclass(frozen=True)
class Desired:
    """What a task declares.

    Attributes:
        network: The network that has the peering.
        name: Name of the peering; empty for the existing one to `peer`, or `default_name`.
        peer: The network that the peering leads to; None only for a deletion by name.
        routes: The options of `ROUTE_OPTIONS` that are set.
    """

    network: Network
    name: str
    peer: Network | None
    routes: Mapping[str, bool] = field(default_factory=dict)

    @property
    def default_name(self) -> str:
        """The name of a new peering: ``atlas-`` and the name of the other network, which is Atlas' own there."""
        return f"atlas-{self.peer.name if self.peer else ''}"[:_LONGEST_NAME].rstrip("-")


@dataclass(frozen=True)
class Change:
    """What is to be done, and the peering before and after it; None if there is none."""

    kind: str
    before: Record | None
    after: Record | None


def normalise(network: Network, answer: Mapping[str, Any]) -> Record:
    """Return the record of one of the ``peerings`` of a network."""
    peer = Network.parse(answer.get("network"))
    return {
        "project": network.project,
        "network": network.name,
        "name": answer.get("name"),
        "peer_project": peer.project if peer else None,
        "peer_network": peer.name if peer else answer.get("network"),
        "state": answer.get("state"),
        "state_details": answer.get("stateDetails"),
        **{option: answer.get(api, default) for option, (api, default) in ROUTE_OPTIONS.items()},
    }


def creation(record: Record) -> dict[str, Any]:
    """Return the ``networkPeering`` of a creation."""
    network = Network(record["peer_project"], record["peer_network"]).path
    return {**update(record), "network": network, "exchangeSubnetRoutes": True}


def update(record: Record) -> dict[str, Any]:
    """Return the ``networkPeering`` of an update, which names the peering and its routes."""
    return {"name": record["name"], **{api: record[option] for option, (api, _default) in ROUTE_OPTIONS.items()}}


def plan(desired: Desired, existing: Sequence[Record], present: bool) -> Change:
    """Return the change that leads from the existing peerings of the network to the desired state.

    Raises:
        InputError: A peering is to be created, but not where to.
        PlanError: The name belongs to a peering to another network, or the peering exists under another name.
    """
    found = _find(desired, existing)
    if not present:
        return Change(DELETE if found else NO_OP, found, None)
    if found is None:
        return Change(CREATE, None, _predicted(desired, existing))
    if all(found[option] == value for option, value in desired.routes.items()):
        return Change(NO_OP, found, found)
    return Change(UPDATE, found, {**found, **desired.routes})


def _find(desired: Desired, existing: Sequence[Record]) -> Record | None:
    """Return the peering that the task means. A network has at most one peering to another network."""
    to_peer = next((one for one in existing if desired.peer and _leads_to(one, desired.peer)), None)
    if to_peer and desired.name not in ("", to_peer["name"]):
        raise PlanError(
            f"name is {desired.name}, but the peering of network {desired.network} to {desired.peer} exists as "
            f"{to_peer['name']}, and there cannot be two.",
            f"Set name to {to_peer['name']}, or leave it out to use the existing peering.",
        )
    if to_peer or not desired.name:
        return to_peer
    named = _named(desired.name, existing)
    if named and desired.peer:
        raise _occupied(desired, named)
    return named


def _named(name: str, existing: Sequence[Record]) -> Record | None:
    return next((one for one in existing if one["name"] == name), None)


def _leads_to(record: Record, peer: Network) -> bool:
    """Report whether a peering leads to this network."""
    return bool((record["peer_project"], record["peer_network"]) == (peer.project, peer.name))


def _predicted(desired: Desired, existing: Sequence[Record]) -> Record:
    """Return the record of a new peering, whose state only Google knows."""
    if desired.peer is None:
        raise InputError("peer_project and peer_network are missing. A new peering needs both.")
    name = desired.name or desired.default_name
    occupied = _named(name, existing)
    if occupied:
        raise _occupied(desired, occupied)
    return {**normalise(desired.network, {"name": name, "network": desired.peer.path}), **desired.routes}


def _occupied(desired: Desired, named: Record) -> PlanError:
    """Return the error for a name that another peering of the network has."""
    leads_to = "/".join(filter(None, (named["peer_project"], named["peer_network"])))
    return PlanError(
        f"The peering {named['name']} of network {desired.network} leads to {leads_to}, not to {desired.peer}.",
        "Set name to one that the network does not have yet, or delete that peering if nothing uses it.",
    )
