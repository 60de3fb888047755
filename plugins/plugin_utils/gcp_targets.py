# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The connections whose other side is in GCP, each as the options of the module that acts there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import ABSENT, DELETING, FAILED
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import GCP
from ansible_collections.atlasops.network.plugins.plugin_utils.own_settings import (
    Spec,
    own_settings,
    settings_of,
)

#: Begins the name of each variable of the role; without it, it is the key in ``gcp`` of one connection.
PREFIX = "atlas_peering_gcp_"
#: Variables that are not about one connection.
_OF_THE_ROLE = ("connections", "timeout")
#: What a connection may say in ``gcp`` beside the variables of the role.
_OWN_SPEC: Mapping[str, Mapping[str, Any]] = {"name": {"type": "str"}}
#: Option of the module -> key of a connection.
_NETWORKS: Mapping[str, str] = {
    "project": "gcp_project_id",
    "network": "network_name",
    "peer_project": "atlas_gcp_project_id",
    "peer_network": "atlas_network_name",
}


@dataclass
class Targets:
    """All that the role begins with.

    Attributes:
        targets: Options of the module for each connection, in the order given.
        problems: A sentence for each thing that keeps the role from beginning.
        waiting: A sentence for each connection whose network in Atlas has no name, as far as is known.
        unread: Projects in Atlas of these connections, whose containers may tell the name.
    """

    targets: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def parse_targets(
    connections: Iterable[Mapping[str, Any]],
    variables: Mapping[str, Any],
    spec: Mapping[str, Mapping[str, Any]],
    removing: bool = False,
    containers: Iterable[Mapping[str, Any]] = (),
) -> Targets:
    """Return what is to be done on GCP.

    Args:
        connections: Connections of any cloud as the modules return them: ``[{"provider_name": "GCP", …}]``.
        variables: The variables of the role, checked.
        spec: Their argument spec.
        removing: Whether the peerings are to be deleted, so that a failed connection is no problem.
        containers: Containers of connections that were read without them, and so lack the names of Atlas' networks.
    """
    found = Targets()
    settings = {**settings_of(spec, PREFIX, variables, _OF_THE_ROLE), **_OWN_SPEC}
    names = {container["id"]: _names(container) for container in containers}
    for number, one in enumerate(connections):
        connection = {**one, **names.get(one.get("container_id"), {})}
        missing = _missing(connection)
        if missing:
            found.problems.append(
                f"{PREFIX}connections[{number}] lacks {', '.join(missing)}: it is not a connection as the role "
                "atlas_peering or the module atlas_peering_info returns it."
            )
        elif connection["provider_name"] == GCP.name and connection["phase"] not in (DELETING, ABSENT):
            _add(found, connection, settings, removing)
    return found


def _missing(connection: Mapping[str, Any]) -> list[str]:
    """Return the keys that a connection as the modules return it would have."""
    of_gcp = connection.get("provider_name") == GCP.name and connection.get("phase") not in (DELETING, ABSENT)
    return [key for key in ("provider_name", "phase", *(_NETWORKS.values() if of_gcp else ())) if key not in connection]


def _names(container: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a container adds to its connection."""
    return {ours: container[theirs] for theirs, ours in GCP.from_container.items() if theirs in container}


def _add(found: Targets, connection: Mapping[str, Any], settings: Spec, removing: bool) -> None:
    """Add a connection on GCP to the targets, or what is wrong with it."""
    name = f"GCP {connection['gcp_project_id']}/{connection['network_name']}"
    values, problems = own_settings(connection, "gcp", settings)
    if problems:
        found.problems += [f"{name}: {problem}" for problem in problems]
    elif connection["phase"] == FAILED and not removing:
        found.problems.append(
            f"{name}: the connection has failed in Atlas ({connection.get('error')}). {connection.get('next_action')}"
        )
    elif not (connection["atlas_gcp_project_id"] and connection["atlas_network_name"]):
        if connection.get("project_id") not in (None, *found.unread):
            found.unread.append(connection["project_id"])
        found.waiting.append(
            f"{name}: the network of Atlas has no name yet. Wait until somebody can act: atlas_peering_until: "
            "action_required, or atlas_peering_wait with until: action_required."
        )
    else:
        found.targets.append(_options(connection, values))


def _options(connection: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the module, without those that are unset."""
    options = {**{option: connection[key] for option, key in _NETWORKS.items()}, **settings}
    return {option: value for option, value in options.items() if value is not None and value != ""}
