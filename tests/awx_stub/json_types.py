# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON types."""

from __future__ import annotations

from typing import Any


def is_json_type(value: Any, kind: Any) -> bool:
    """Whether a value is of a JSON type; unlike in Python, true and false are not numbers."""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
