# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The options that say who is to have access to which virtual network."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.settings import (
    at_least,
    is_empty,
    value_or_environment,
)
from ansible_collections.atlasops.network.plugins.module_utils.azure.access import (
    ATLAS_APPLICATION,
    Desired,
    VirtualNetwork,
)
from ansible_collections.atlasops.network.plugins.module_utils.azure.settings import ENVIRONMENT
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import AZURE

_FIELDS = {one.option: one for one in AZURE.peering.fields}
#: Option -> what it has the shape of in a connection of Atlas.
_NETWORK = {
    "subscription_id": _FIELDS["azure_subscription_id"],
    "resource_group": _FIELDS["resource_group_name"],
    "virtual_network": _FIELDS["vnet_name"],
}
_ID = _FIELDS["azure_directory_id"]
_ROLE_NAME = re.compile(r"[^\r\n]{1,512}")

ACCESS_SPEC: Mapping[str, Mapping[str, Any]] = {
    "subscription_id": _NETWORK["subscription_id"].spec,
    "resource_group": {**_NETWORK["resource_group"].spec, "required": True},
    "virtual_network": {**_NETWORK["virtual_network"].spec, "required": True},
    "application_id": {"type": "str", "default": ATLAS_APPLICATION},
    "principal_id": {"type": "str"},
    "role_name": {"type": "str"},
    "peer_cidr_blocks": {"type": "list", "elements": "str", "default": []},
    "create": {"type": "bool", "default": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "wait_timeout": {"type": "int", "default": 600},
}


def parse_desired(params: Mapping[str, Any]) -> Desired:
    """Return what the task declares.

    Raises:
        InputError: An option is missing or wrong.
    """
    at_least(0, params, "wait_timeout", " (seconds)")
    subscription = value_or_environment(params, "subscription_id", ENVIRONMENT)
    given = {**params, "subscription_id": subscription}
    missing = [option for option in _NETWORK if is_empty(given[option])]
    if missing:
        raise InputError(f"{' and '.join(missing)} {'are' if missing[1:] else 'is'} missing.")
    names = {option: field.parse(option, given[option]) for option, field in _NETWORK.items()}
    network = VirtualNetwork(names["subscription_id"], names["resource_group"], names["virtual_network"])
    role_name = str(params.get("role_name") or "").strip() or "/".join(("AtlasPeering", *names.values()))
    if not _ROLE_NAME.fullmatch(role_name):
        raise InputError("role_name must be one line of at most 512 characters.")
    principal = params.get("principal_id")
    return Desired(
        network,
        _ID.parse("application_id", params["application_id"]),
        "" if is_empty(principal) else _ID.parse("principal_id", principal),
        role_name,
        tuple(_block(one) for one in params["peer_cidr_blocks"]),
    )


def _block(text: str) -> ipaddress.IPv4Network:
    try:
        return ipaddress.IPv4Network(text.strip())
    except ValueError as error:
        raise InputError(f"peer_cidr_blocks contains {text!r}, which is not an IPv4 block ({error}).") from None
