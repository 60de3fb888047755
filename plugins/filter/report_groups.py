# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: report_groups
short_description: Connections of a drift report by project and container
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Groups the connections of a report by project and, within it, by container, as the page of the report draws them.
options:
  _input:
    description: The report of P(atlasops.network.atlas_peering_report#module).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Compare
  atlasops.network.atlas_peering_report:
    connections: "{{ peering_declared }}"  # a list of connections
  register: compared

- name: Show how many connections each project has
  ansible.builtin.debug:
    msg: "{{ item.project_id }}: {{ item.groups | map(attribute='connections') | map('length') | sum }}"
  loop: "{{ compared.report | atlasops.network.report_groups }}"
"""

RETURN = r"""
_value:
  description:
    - The projects of the report, each with C(groups), a list of dictionaries with C(container), an entry like those of
      RV(atlasops.network.atlas_peering_report#module:report.containers), and C(connections), the entries of its
      connections. If a connection belongs to a container that is not in the report, C(state) of the container is
      C(missing), or C(unknown) if the project could not be read.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any


def report_groups(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the connections by project and container, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils import report_groups as engine  # noqa: PLC0415

    return engine.group(report)


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"report_groups": report_groups}
