# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command line of a cloud, whose name this file has when it runs: it has the other side of the test do it."""

from __future__ import annotations

import json
import os
import sys
from http.client import HTTPConnection
from pathlib import Path

connection = HTTPConnection(os.environ["OTHER_SIDE"])
connection.request("POST", "/", json.dumps({"act": Path(sys.argv[0]).name, "arguments": {"argv": sys.argv[1:]}}))
result = json.load(connection.getresponse())
sys.exit(result.get("msg"))
