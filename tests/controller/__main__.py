# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the stand-in by hand: `python tests/controller examples/awx-project` prints what awx.awx reads."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from controller import Controller

with Controller(path.name for path in Path(sys.argv[1]).glob("*.yml")) as controller:
    print(f"export CONTROLLER_HOST={controller.url} CONTROLLER_OAUTH_TOKEN={controller.TOKEN}", flush=True)
    threading.Event().wait()
