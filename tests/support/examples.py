# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many examples hypothesis tries: all of them for `make test-all`, which sets TEST_ALL, else a third."""

from __future__ import annotations

import os

EVERYTHING = bool(os.environ.get("TEST_ALL"))


def examples(number: int) -> int:
    return number if EVERYTHING else number // 3
