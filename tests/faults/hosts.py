# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One ansible-playbook over many hosts, of which each is a case."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.run_playbook import Play, Running, Task


def start_on_hosts(
    folder: Path, play: Play, hosts: Mapping[str, Mapping[str, Any]], tasks: Sequence[Task], **common: Any
) -> Running:
    """Start a play in which no host waits for another; each has variables of its own, and some that are common."""
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **common}
    listed = {name.replace(" ", "-"): {**variables, **local} for name, variables in hosts.items()}
    inventory = folder / f"hosts{len(list(folder.iterdir()))}.json"
    inventory.write_text(json.dumps({"all": {"hosts": listed}}))
    args = ["-i", str(inventory), "--forks", str(len(hosts))]
    return play.start(*tasks, args=args, hosts="all", strategy="free")
