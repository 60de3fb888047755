# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the stub by hand: `python3 tests/awx_stub examples/awx-project` prints the environment for awx.awx."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from awx_stub import AwxStub

with AwxStub(path.name for path in Path(sys.argv[1]).glob("*.yml")) as stub:
    print(f"export CONTROLLER_HOST={stub.url} CONTROLLER_OAUTH_TOKEN={stub.TOKEN}", flush=True)
    threading.Event().wait()
