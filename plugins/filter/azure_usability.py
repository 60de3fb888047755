# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: azure_usability
short_description: Whether Atlas may peer with virtual networks on Azure
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns for each virtual network whether the service principal of Atlas exists and may peer with it.
  - The entry point C(inspect) of the role P(atlasops.network.atlas_peering_azure#role) uses this filter.
options:
  _input:
    description: Results of P(atlasops.network.azure_vnet_peering_access#module) in check mode, of a loop.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Hand over what was found
  ansible.builtin.set_fact:
    found: "{{ compared.results | atlasops.network.azure_usability }}"
"""

RETURN = r"""
_value:
  description:
    - For each virtual network, by its subscription and name, C(accepted), as in
      RV(atlasops.network.atlas_peering_report#module:report.connections[].usable).
  type: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def azure_usability(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is known of each virtual network, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils.azure_usability import inspect  # noqa: PLC0415

    return inspect(results)


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"azure_usability": azure_usability}
