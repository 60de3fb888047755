# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: connection_lines
short_description: Show connections as lines of text
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns a table of connections, one in each line, and below it the next actions, each with its command if there is
    one.
  - Connections to the same network are distinguished by the region of their container, by their project, or by both.
  - The playbooks of the collection print connections this way.
options:
  _input:
    description: Connections as P(atlasops.network.atlas_peering_info#module) returns them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Read the connections of a project
  atlasops.network.atlas_peering_info:
  register: existing

- name: Show them
  ansible.builtin.debug:
    msg: "{{ existing.peerings | atlasops.network.connection_lines }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample:
    - "CLOUD  ID                        STATUS              PHASE            NETWORK"
    - "AWS    507f1f77bcf86cd799439011  AVAILABLE           available        123456789012/vpc-0f1e2d3c4b5a69788"
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_ROW = "%-5s  %-24s  %-18s  %-15s  %s"
_HEAD = ("CLOUD", "ID", "STATUS", "PHASE", "NETWORK")


def connection_lines(peerings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return connections as lines of text, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.module_utils.errors import readable  # noqa: PLC0415
    from ansible_collections.atlasops.network.plugins.module_utils.model import peering  # noqa: PLC0415

    rows = [
        _ROW
        % (
            one["provider_name"] or "-",
            one["id"] or "-",
            one["status"] or "-",
            one["phase"],
            f"{one['peer_network'] or '-'}{distinction}",
        )
        for one, distinction in zip(peerings, peering.distinctions(peerings))
    ]
    actions = [line for one in peerings for line in (one["next_action"], one.get("next_command")) if line]
    return [_ROW % _HEAD, *map(readable, [*rows, *actions])]


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"connection_lines": connection_lines}
