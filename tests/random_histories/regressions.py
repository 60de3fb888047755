# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seeds of histories that once broke a promise, each with what was wrong.

When the histories draw anything else than before, a seed no longer leads there. Bring the fault back, look for a seed
whose history notices it, and put that in its place.
"""

from __future__ import annotations

REGRESSIONS: dict[int, str] = {
    7602: "An empty list that stated no count was believed, and a connection created beside one that had failed.",
    262514: "A deletion whose answer was lost, and whose repetition met HTTP 429, was reported as unchanged.",
}
