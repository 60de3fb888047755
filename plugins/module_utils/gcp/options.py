# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The options that say which peering of which GCP network is meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.settings import (
    at_least,
    is_empty,
    value_or_environment,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.gcp.peering import ROUTE_OPTIONS, Desired, Network
from ansible_collections.atlasops.network.plugins.module_utils.gcp.settings import ENVIRONMENT
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Field
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import GCP

#: A GCP project and network, with the shapes that they have in a connection of Atlas.
_PROJECT, _NETWORK = (one for one in GCP.peering.fields if one.identity)
_NAME = Field("name", _NETWORK.pattern, "a name of up to 63 lower case letters, digits and hyphens", free_text=True)

PEERING_SPEC: Mapping[str, Mapping[str, Any]] = {
    "project": _PROJECT.spec,
    "network": {**_NETWORK.spec, "required": True},
    "name": _NAME.spec,
    "peer_project": _PROJECT.spec,
    "peer_network": _NETWORK.spec,
    **{name: {"type": "bool"} for name in ROUTE_OPTIONS},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "wait_timeout": {"type": "int", "default": 600},
}


def parse_desired(params: Mapping[str, Any]) -> Desired:
    """Return what the task declares.

    Raises:
        InputError: An option is missing or wrong.
    """
    network = _network(params, "project", "network")
    if network is None:
        raise InputError("network is missing.")
    peer = _network(params, "peer_project", "peer_network")
    name = "" if is_empty(params.get("name")) else str(_NAME.parse("name", params["name"]))
    if peer is None and (params["state"] == "present" or not name):
        raise InputError(
            "peer_project and peer_network are missing. Set them to atlas_gcp_project_id and atlas_network_name of the "
            "connection in Atlas."
        )
    if peer == network:
        raise InputError(f"peer_network is network {network} itself. A network cannot be peered with itself.")
    at_least(0, params, "wait_timeout", " (seconds)")
    routes = {option: params[option] for option in ROUTE_OPTIONS if params.get(option) is not None}
    return Desired(network, name, peer, routes)


def _network(params: Mapping[str, Any], project_option: str, network_option: str) -> Network | None:
    """Return the network of two options, or of one that is its self link; None if both are unset."""
    project, network = params.get(project_option), params.get(network_option)
    linked = _NETWORK.parse_link(network)
    if linked and str(project or "").strip() not in ("", linked[_PROJECT.option]):
        raise InputError(
            f"{project_option} is {project}, but {network_option} belongs to project {linked[_PROJECT.option]}."
        )
    project = linked.get(_PROJECT.option, project)
    network = linked.get(_NETWORK.option, network)
    if is_empty(project) and project_option in ENVIRONMENT:
        project = value_or_environment({}, project_option, ENVIRONMENT)
    if is_empty(project) and is_empty(network):
        return None
    for option, value in ((project_option, project), (network_option, network)):
        if is_empty(value):
            raise InputError(f"{option} is missing.")
    return Network(_PROJECT.parse(project_option, project), _NETWORK.parse(network_option, network))
