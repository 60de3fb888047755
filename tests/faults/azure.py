# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small Azure: what access to virtual networks takes of its APIs, and the module of the other side there."""

from __future__ import annotations

from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.azure.access import ACTIONS, ATLAS_APPLICATION
from ansible_collections.atlasops.network.plugins.modules import azure_vnet_peering_access as module
from azure_stub import AzureStub
from faults.cloud import Cloud
from support.clock import Clock

TENANT, SUBSCRIPTION = "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915", "8dec2d92-478d-bc50-cf99-d31b9e90a1c7"
NETWORK = ("app-production", "app-vnet")
CLIENT, SECRET = "0d1e2f3a-4b5c-4d6e-8f70-8192a3b4c5d6", "s3cret"
URLS = ("authority_url", "resource_manager_url", "graph_url")


class Azure(Cloud):
    """A virtual network and its owner; the arguments are those of a `World`."""

    def __init__(self, url: str, clock: Clock, credentials: str, ca_path: str | None = None, lag: int = 0) -> None:
        self.stub = stub = AzureStub()
        stub.directory.principal_lag = stub.manager.roles.role_lag = stub.manager.roles.assignment_lag = lag
        self._scope = stub.add_network(TENANT, SUBSCRIPTION, *NETWORK, "10.20.0.0/16")
        stub.add_application(TENANT, CLIENT, SECRET, Owner=f"/subscriptions/{SUBSCRIPTION}")
        names = dict(zip(("subscription_id", "resource_group", "virtual_network"), (SUBSCRIPTION, *NETWORK)))
        account = {"tenant": TENANT, "client_id": CLIENT, "secret": SECRET}
        super().__init__(clock, ca_path, stub, module, {**dict.fromkeys(URLS, url), **account, **names})

    def grant(self) -> Any:
        return self.run(create=True)

    def is_granted(self) -> bool:
        """Report whether Atlas may peer, by one role of one service principal."""
        atlas = [one for one in self.stub.directory.principals if one.application_id == ATLAS_APPLICATION]
        roles = self.stub.manager.roles
        found = [one for one in roles.assignments if one.principal_id in [principal.id for principal in atlas]]
        return len(atlas) == len(found) == 1 and all(found[0].role.allows(action) for action in ACTIONS)

    def is_revoked(self) -> bool:
        roles = self.stub.manager.roles
        return len(roles.assignments) == 1 and all(one.kind == "BuiltInRole" for one in roles.definitions)
