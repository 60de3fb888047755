# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the stub by hand: `python3 tests/compute_stub my-project/default=10.128.0.0/20` prints how to use it."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from compute_stub import ComputeStub

parser = argparse.ArgumentParser(prog="compute_stub", description="A stub of Google's Compute API for network peering.")
parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, selects a free one")
parser.add_argument("--duration", type=float, default=1.0, help="seconds that each operation takes (default: 1)")
parser.add_argument("networks", nargs="*", metavar="PROJECT/NETWORK=RANGE", help="networks that exist")
options = parser.parse_args()
with ComputeStub(options.duration, options.port) as stub:
    for network in options.networks:
        names, _equals, ranges = network.partition("=")
        stub.add_network(*names.split("/", 1), *filter(None, ranges.split(",")))
    print(f"export CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE={stub.url}/compute/v1/")
    print(f"export GCP_ACCESS_TOKEN={stub.add_token('stub')}", flush=True)
    threading.Event().wait()
