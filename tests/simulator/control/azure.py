# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Atlas' access to virtual networks in a simulated Azure, such as the stub in tests/azure_stub."""

from __future__ import annotations

import fnmatch
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

PEERINGS = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"
# What MongoDB tells its users to allow.
ACTIONS = (
    *(f"{PEERINGS}/{verb}" for verb in ("read", "write", "delete")),
    "Microsoft.Network/virtualNetworks/peer/action",
)


class AzureAccess:
    """Asks Azure, as Atlas, what Atlas may do with a virtual network."""

    def __init__(self, endpoint: str, token: str) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._token = token

    def allows_peering(self, attributes: Mapping[str, Any]) -> bool:
        """Report whether Atlas may manage the peerings of the virtual network that a peer has these attributes of."""
        url = (
            f"{self._endpoint}/subscriptions/{attributes['azureSubscriptionId']}"
            f"/resourceGroups/{attributes['resourceGroupName']}/providers/Microsoft.Network"
            f"/virtualNetworks/{attributes['vnetName']}/providers/Microsoft.Authorization/permissions"
            "?api-version=2022-04-01"
        )
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._token}"})  # noqa: S310 (a test's)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                permissions = json.load(response)["value"]
        except urllib.error.HTTPError:
            return False
        return all(any(_covers(one, action) for one in permissions) for action in ACTIONS)


def _covers(permission: Mapping[str, Any], action: str) -> bool:
    allowed, denied = (
        any(fnmatch.fnmatch(action.lower(), pattern.lower()) for pattern in permission.get(key, ()))
        for key in ("actions", "notActions")
    )
    return allowed and not denied
