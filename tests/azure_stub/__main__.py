# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the stub by hand: `python3 tests/azure_stub` prints how to use it."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from azure_stub import AzureStub

TENANT, SUBSCRIPTION = "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915", "8dec2d92-478d-bc50-cf99-d31b9e90a1c7"
CLIENT, SECRET = "0d1e2f3a-4b5c-4d6e-8f70-8192a3b4c5d6", "stub"

parser = argparse.ArgumentParser(prog="azure_stub", description="A stub of Azure for network peering.")
parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, selects a free one")
parser.add_argument("networks", nargs="*", metavar="GROUP/NETWORK=RANGE", help="virtual networks that exist")
options = parser.parse_args()
with AzureStub(options.port) as stub:
    for network in options.networks:
        names, _equals, ranges = network.partition("=")
        stub.add_network(TENANT, SUBSCRIPTION, *names.split("/", 1), *filter(None, ranges.split(",")))
    stub.add_application(TENANT, CLIENT, SECRET, Owner=f"/subscriptions/{SUBSCRIPTION}")
    credentials = {"AZURE_TENANT": TENANT, "AZURE_CLIENT_ID": CLIENT, "AZURE_SECRET": SECRET}
    for name, value in {**stub.environment, **credentials, "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION}.items():
        print(f"export {name}={value}", flush=True)
    threading.Event().wait()
