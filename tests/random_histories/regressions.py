# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seeds of histories that once broke a promise, each with what was wrong."""

from __future__ import annotations

REGRESSIONS: dict[int, str] = {
    337: "Just before its deadline a wait polled for ever, on a clock that stood still between two looks.",
    98513: "A deletion whose answer was lost, and whose repetition met HTTP 429, was reported as unchanged.",
}
