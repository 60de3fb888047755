# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A local MongoDB Atlas Administration API for network peering: HTTP, authentication, state machines, faults."""

from __future__ import annotations

from .control.exchange_log import Exchange
from .control.seeding import ControlError
from .settings import Settings
from .simulator import Simulator

__all__ = ["ControlError", "Exchange", "Settings", "Simulator"]
