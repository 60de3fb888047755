# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real `ansible-inventory` processes on sources of the inventory plugin atlas_projects."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.commands import Command
from support.patience import PATIENCE
from support.run_playbook import BIN, TROUBLE, clean_environment

PLUGIN = {"plugin": "atlasops.network.atlas_projects"}


class Inventory:
    """Runs ansible-inventory on a source, in a clean environment that leads to the simulator."""

    def __init__(self, folder: Path, credentials: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {
            **clean_environment(folder),
            **credentials,
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
        }

    def source(self, name: str = "x.atlas_projects.yml", **options: Any) -> Path:
        path = self.folder / name
        path.write_text(json.dumps({**PLUGIN, **options}))
        return path

    def run(
        self, *args: str | Path, environment: Mapping[str, str] | None = None, expected: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run the command; a warning fails the test unless it is expected."""
        everything = {**self.environment, **(environment or {})}
        command = Command([str(BIN / "ansible-inventory"), *map(str, args)], str(self.folder), everything)
        code = command.run(PATIENCE)
        assert expected or not TROUBLE.search(command.stderr), command.stderr
        return subprocess.CompletedProcess(command.arguments, code, command.stdout, command.stderr)

    def read(self, *args: str | Path, **how: Any) -> dict[str, Any]:
        """Return what --list says of a source."""
        done = self.run("--list", "-i", *args, **how)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def hosts(self, **options: Any) -> list[str]:
        return names(self.read(self.source(**options)))

    def trouble(self, *args: str | Path, **how: Any) -> str:
        """Return what is said of a source that cannot be read, on one line."""
        done = self.run("--list", "-i", *args, expected=True, **how)
        assert done.returncode != 0
        return " ".join(done.stderr.split())


def names(listing: Mapping[str, Any]) -> list[str]:
    return list(listing["_meta"]["hostvars"])
