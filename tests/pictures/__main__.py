# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the pictures of the documentation anew: make pictures."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from pictures import demo, drift, page  # noqa: E402
from simulator import Simulator  # noqa: E402
from support.run_playbook import BIN, clean_environment  # noqa: E402

IMAGES = ROOT / "docs" / "images"


def run(playbook: str, folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    """Run a playbook and return what it printed."""
    everything = {**clean_environment(folder), **environment}
    command = [str(BIN / "ansible-playbook"), playbook, *arguments]
    return subprocess.run(command, cwd=folder, env=everything, stdout=subprocess.PIPE, text=True, check=True).stdout


def draw_demo(folder: Path) -> str:
    return demo.picture(run(demo.PLAYBOOK, folder, {}))


def draw_drift(folder: Path) -> str:
    target = folder / "drift.html"
    with Simulator() as atlas:
        drift.seed(atlas)
        run(drift.PLAYBOOK, folder, atlas.environment("service_account"), *drift.arguments(str(target)))
    return page.draw(target.read_text())


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, draw in {"demo.svg": draw_demo, "drift.svg": draw_drift}.items():
        with tempfile.TemporaryDirectory() as folder:
            (IMAGES / name).write_text(draw(Path(folder)))
        print(IMAGES / name)


if __name__ == "__main__":
    main()
