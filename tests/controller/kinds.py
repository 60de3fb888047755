# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types as JSON has them."""

from __future__ import annotations

from typing import Any


def is_of(value: Any, kind: Any) -> bool:
    """Tell whether a value is of a type; true and false are no numbers, though Python has it so."""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
