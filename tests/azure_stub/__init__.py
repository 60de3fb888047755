# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stub of what access to virtual networks takes of Microsoft's APIs: tokens, service principals, networks, roles."""

from __future__ import annotations

from .errors import AzureError
from .roles import BUILT_IN
from .server import AzureStub

__all__ = ["BUILT_IN", "AzureError", "AzureStub"]
