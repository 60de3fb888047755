# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts for people, whatever they are in."""

from __future__ import annotations

from ansible_collections.atlasops.network.plugins.filter.readable import readable


def test_readable_escapes_texts_at_any_depth() -> None:
    value = {"a\tb": ["\x1b[2J", {"name": "\u202egnp.exe\n"}, ("plain ü",)], "count": 3, "none": None}
    assert readable(value) == {
        "a\tb": ["\\x1b[2J", {"name": "\\u202egnp.exe\\n"}, ["plain ü"]],
        "count": 3,
        "none": None,
    }
    assert readable("\x9b2J") == "\\x9b2J"


def test_readable_cuts_long_words() -> None:
    assert readable("x" * 600) == "x" * 500 + " (and 100 more)"
