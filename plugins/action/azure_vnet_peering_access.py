# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.atlasops.network.plugins.modules import azure_vnet_peering_access
from ansible_collections.atlasops.network.plugins.plugin_utils.in_process import InProcessAction


class ActionModule(InProcessAction):
    """See the documentation of the module of the same name."""

    module = azure_vnet_peering_access
