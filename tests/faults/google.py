# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small Google: its Compute API, and the module of the other side there."""

from __future__ import annotations

from typing import Any

from ansible_collections.atlasops.network.plugins.modules import gcp_compute_network_peering as module
from compute_stub import ComputeStub
from faults.cloud import Cloud
from support.clock import Clock

OURS, ATLAS = ("my-project", "default"), ("p-1a2b3c", "nt-4d5e6f")
OPTIONS = {"project": OURS[0], "network": OURS[1], "peer_project": ATLAS[0], "peer_network": ATLAS[1]}
TOKEN = "t0ken"


class Google(Cloud):
    """Two networks; the arguments are those of a `World`."""

    def __init__(self, url: str, clock: Clock, credentials: str, ca_path: str | None = None, **settings: Any) -> None:
        self.stub = ComputeStub(**settings)
        self.stub.add_network(*OURS, "10.128.0.0/20")
        self.stub.add_network(*ATLAS, "192.168.0.0/18")
        self.stub.add_token(TOKEN)
        super().__init__(clock, ca_path, self.stub, module, {"base_url": url, "access_token": TOKEN, **OPTIONS})

    def peerings(self) -> list[dict[str, Any]]:
        return self.stub.peerings(*OURS)
