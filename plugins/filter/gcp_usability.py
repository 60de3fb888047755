# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: gcp_usability
short_description: What traffic to Atlas finds on GCP
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns for each connection whether the network of GCP has an active peering to that of Atlas.
  - The entry point C(inspect) of the role P(atlasops.network.atlas_peering_gcp#role) uses this filter.
options:
  _input:
    description: Results of P(atlasops.network.gcp_compute_network_peering#module) in check mode, of a loop.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Hand over what was found
  ansible.builtin.set_fact:
    found: "{{ compared.results | atlasops.network.gcp_usability }}"
"""

RETURN = r"""
_value:
  description:
    - For each connection, by its two networks, C(routed), as in
      RV(atlasops.network.atlas_peering_report#module:report.connections[].usable).
  type: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def gcp_usability(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is known of each connection, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils import report_usability  # noqa: PLC0415

    return dict(report_usability.inspect_gcp(results))


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"gcp_usability": gcp_usability}
