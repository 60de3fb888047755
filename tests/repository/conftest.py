# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks of the repository itself read."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def documented():
    """Return the documentation that ansible-doc renders, fragments included: {type: {short name: its content}}."""
    dump = subprocess.run(
        ["ansible-doc", "--metadata-dump", "atlasops.network"],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections")},
        stdout=subprocess.PIPE,
        check=True,
    )
    plugins = json.loads(dump.stdout)["all"]
    return {
        kind: {name.removeprefix("atlasops.network."): content for name, content in of_kind.items()}
        for kind, of_kind in plugins.items()
    }


@pytest.fixture(scope="session")
def texts():
    """Return every file that git does not ignore, committed or not, as {path: text}."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
    paths = [ROOT / name for name in listing.split("\0") if name]
    return {path: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}
