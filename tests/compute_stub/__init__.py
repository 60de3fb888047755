# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stub of Google's Compute API: VPC networks, their peerings and global operations, in memory."""

from __future__ import annotations

from .networks import Networks
from .server import ComputeStub

__all__ = ["ComputeStub", "Networks"]
