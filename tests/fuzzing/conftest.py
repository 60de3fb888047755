# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Atlas that all fuzzing runs against."""

from __future__ import annotations

from fuzzing.in_process_atlas import local_atlas

__all__ = ["local_atlas"]
