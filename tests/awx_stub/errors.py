# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors with the status and body that AWX answers."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A request that AWX rejects."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def bad_request(**problems: str | list[str]) -> ApiError:
    """Return a 400 with the problems of each field, or of `__all__`."""
    return ApiError(400, {name: [text] if isinstance(text, str) else text for name, text in problems.items()})
