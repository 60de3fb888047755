# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: connections_to_inspect
short_description: Connections of a drift report whose other side can be read
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns the connections of a report whose other side can be read, with what is declared about it. Those are the
    available ones and, if the other side acts before Atlas, as on Azure, those that do not exist or are not available.
  - The entry point C(report) of the role P(atlasops.network.atlas_peering#role) uses this filter.
positional: declared
options:
  _input:
    description:
      - The report of P(atlasops.network.atlas_peering_report#module) with
        O(atlasops.network.atlas_peering_report#module:usable=true).
    type: dict
    required: true
  declared:
    description: The declared connections, in the order in which they were compared.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Read what AWS has
  ansible.builtin.include_role:
    name: atlasops.network.atlas_peering_aws
    tasks_from: inspect
  vars:
    atlas_peering_aws_connections: >-
      {{ compared.report | atlasops.network.connections_to_inspect(atlas_peering_connections) }}
"""

RETURN = r"""
_value:
  description: The connections, as the roles for the other side read them.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def connections_to_inspect(report: Mapping[str, Any], declared: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the connections, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils import report_usability  # noqa: PLC0415

    return report_usability.connections_to_inspect(report, declared)


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"connections_to_inspect": connections_to_inspect}
