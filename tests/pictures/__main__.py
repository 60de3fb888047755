# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the pictures of the documentation anew: make pictures."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from pictures import demo  # noqa: E402
from support.run_playbook import BIN, clean_environment  # noqa: E402


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [str(BIN / "ansible-playbook"), demo.PLAYBOOK]
        environment = clean_environment(Path(folder))
        run = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    target = ROOT / "docs" / "images" / "demo.svg"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(demo.picture(run.stdout))
    print(target)


if __name__ == "__main__":
    main()
