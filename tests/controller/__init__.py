# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for an AWX controller: what awx.awx asks of one, answered as AWX does. docs/awx.md says what it checks."""

from __future__ import annotations

from .server import Controller

__all__ = ["Controller"]
