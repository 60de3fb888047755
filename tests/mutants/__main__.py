# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start as `python3 tests/mutants`; parts of the names of mutants, such as `model/plan.py`, choose some of them."""

from __future__ import annotations

import sys
from pathlib import Path

if not __package__:
    # Started by its folder, which then leads sys.path: its parent is what makes this a package.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from mutants.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
