# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SECURITY.md: each promise names the tests that hold it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROMISES = re.split(r"^### ", TEXT.partition("## What is promised")[2], flags=re.MULTILINE)[1:]


def test_each_promise_names_tests_that_exist() -> None:
    assert len(PROMISES) == TEXT.count("\n### ") > 3
    for promise in PROMISES:
        named = re.findall(r"`(tests/[^`]+)`", promise)
        assert named, promise.splitlines()[0]
        assert [path for path in named if not re.search(r"^def test_", _text(path), re.MULTILINE)] == []


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""
