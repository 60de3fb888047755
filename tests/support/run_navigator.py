# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real `ansible-navigator` processes with the settings of the checkout, each in a project of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.patience import PATIENCE
from support.run_playbook import BIN, ROOT

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")


class Navigator:
    """A folder with the settings file, in which ansible-navigator can be run."""

    def __init__(self, project: Path, environment: Mapping[str, str]) -> None:
        self.project = project
        self.said: list[str] = []  # on the screen and in its log, which each run begins anew
        self._environment = dict(environment)
        project.mkdir()
        shutil.copy(ROOT / "ansible-navigator.yml", project)

    def write(self, name: str, content: Any) -> Path:
        """Write a file of the project as JSON, which is YAML too."""
        path = self.project / name
        path.write_text(json.dumps(content, indent=2))
        return path

    def __call__(self, *arguments: str) -> tuple[int, str]:
        """Run it in stdout mode and return its code and what it said, without colours and movements of the cursor."""
        done = subprocess.run(
            [str(BIN / "ansible-navigator"), *arguments, "--mode", "stdout"],
            check=False,
            cwd=self.project,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=3 * PATIENCE,
        )
        output = ESCAPES.sub("", done.stdout)
        self.said += [output, (self.project / ".cache" / "navigator" / "navigator.log").read_text()]
        return done.returncode, output

    def artifacts(self) -> list[Path]:
        return sorted(self.project.glob(".cache/navigator/*.json"))
