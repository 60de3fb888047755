# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated Azure: a virtual network, and an application that owns its subscription."""

from __future__ import annotations

from azure_stub import AzureStub

TENANT, SUBSCRIPTION = "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915", "8dec2d92-478d-bc50-cf99-d31b9e90a1c7"
NETWORK = ("app-production", "app-vnet")
CLIENT, SECRET = "0d1e2f3a-4b5c-4d6e-8f70-8192a3b4c5d6", "s3cret-that-nobody-sees"


class Azure(AzureStub):
    """The stub, with what the examples name."""

    def __init__(self) -> None:
        super().__init__()
        self.add_network(TENANT, SUBSCRIPTION, *NETWORK, "10.20.0.0/16")
        self.add_application(TENANT, CLIENT, SECRET, Owner=f"/subscriptions/{SUBSCRIPTION}")

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "AZURE_CLIENT_ID": CLIENT, "AZURE_SECRET": SECRET}
