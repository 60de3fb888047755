# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seeds of histories that once broke a promise, each with what was wrong."""

from __future__ import annotations

REGRESSIONS: dict[int, str] = {}
