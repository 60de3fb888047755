# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The virtual networks that connections on Azure need access to, each as the options of the module that sees to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import ABSENT, DELETING
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import AZURE
from ansible_collections.atlasops.network.plugins.plugin_utils.own_settings import (
    Spec,
    own_settings,
    settings_of,
)

#: Begins the name of each variable of the role; without it, it is the key in ``azure`` of one connection.
PREFIX = "atlas_peering_azure_"
#: Variables that are not about one connection.
_OF_THE_ROLE = ("connections", "timeout")
#: Option of the module -> key of a connection.
_NETWORK: Mapping[str, str] = {
    "tenant": "azure_directory_id",
    "subscription_id": "azure_subscription_id",
    "resource_group": "resource_group_name",
    "virtual_network": "vnet_name",
}


@dataclass
class Targets:
    """All that the role begins with.

    Attributes:
        targets: Options of the module for each virtual network, in the order given.
        problems: A sentence for each thing that keeps the role from beginning.
        kept: A sentence for each virtual network whose access cannot be revoked yet.
    """

    targets: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def parse_targets(
    connections: Iterable[Mapping[str, Any]],
    variables: Mapping[str, Any],
    spec: Spec,
    removing: bool = False,
    remaining: Iterable[Mapping[str, Any]] = (),
) -> Targets:
    """Return what is to be done on Azure.

    Args:
        connections: Connections of any cloud, as declared or as the modules return them.
        variables: The variables of the role, checked.
        spec: Their argument spec.
        removing: Whether access is to be revoked, as far as the settings ask for that.
        remaining: Connections that exist and need their access.
    """
    found, settings = Targets(), settings_of(spec, PREFIX, variables, _OF_THE_ROLE)
    in_use = {_key(one): one for one in remaining if one.get("provider_name") == AZURE.name}
    for number, one in enumerate(connections):
        missing = [key for key in _NETWORK.values() if not one.get(key)]
        if one.get("provider_name") != AZURE.name or (not removing and one.get("phase") in (DELETING, ABSENT)):
            continue
        if missing:
            found.problems.append(f"{PREFIX}connections[{number}] lacks {', '.join(missing)}.")
            continue
        values, problems = own_settings(one, "azure", settings)
        found.problems += [f"{_name(one)}: {problem}" for problem in problems]
        if not problems and (values.pop("revoke") or not removing):
            _add(found, one, values, in_use.get(_key(one)))
    return found


def _key(connection: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a virtual network is told apart by; Azure ignores case."""
    return tuple(str(connection.get(key)).lower() for key in _NETWORK.values())


def _name(connection: Mapping[str, Any]) -> str:
    return f"AZURE {connection['resource_group_name']}/{connection['vnet_name']}"


def _add(
    found: Targets, connection: Mapping[str, Any], settings: Mapping[str, Any], user: Mapping[str, Any] | None
) -> None:
    """Add a virtual network, once for all of its connections."""
    if user:
        found.kept.append(
            f"{_name(connection)} keeps the access of Atlas, because connection {user['id']} of project "
            f"{user['project_id']} exists ({user['status']})."
        )
        return
    options = {**{option: connection[key] for option, key in _NETWORK.items()}, **settings}
    target = {option: value for option, value in options.items() if value is not None and value != ""}
    block = connection.get("atlas_cidr_block")
    for other in found.targets:
        if {**other, "peer_cidr_blocks": None} == {**target, "peer_cidr_blocks": None}:
            other["peer_cidr_blocks"] += [block] if block and block not in other["peer_cidr_blocks"] else []
            return
    found.targets.append({**target, "peer_cidr_blocks": [block] if block else []})
