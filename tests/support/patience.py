# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a test waits for what has to happen, however busy the machine is."""

from __future__ import annotations

#: Seconds after which something has hung.
PATIENCE = 300.0
