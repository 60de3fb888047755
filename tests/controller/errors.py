# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stand-in refuses, with the body that AWX answers."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request that AWX would not carry out."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def bad(**problems: str | list[str]) -> Refused:
    """A field, or `__all__`, and what is wrong with it."""
    return Refused(400, {name: [text] if isinstance(text, str) else text for name, text in problems.items()})
