# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stub of AWX: it answers the requests of awx.awx as AWX does. README.md lists what it checks."""

from __future__ import annotations

from .server import AwxStub

__all__ = ["AwxStub"]
