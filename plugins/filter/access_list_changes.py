# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: access_list_changes
short_description: Entries of IP access lists that let the networks of connections in
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns the entries to add for available connections, by project, or the entries to delete with connections.
  - Entries that were added for a network have the comment C(Peering with), followed by the name of the network. Other
    entries are never returned.
  - The role P(atlasops.network.atlas_peering#role) uses this filter for
    O(atlasops.network.atlas_peering#role:main:atlas_peering_access_list).
positional: existing
options:
  _input:
    description: Connections as results, each with what it declares in C(access_list).
    type: list
    elements: dict
    required: true
  existing:
    description: The entries of their projects, as P(atlasops.network.atlas_access_list_info#module) returns them.
    type: list
    elements: dict
    required: true
  for_all:
    description: Whether connections without C(access_list) are let in, too, with the block that Atlas knows.
    type: bool
    default: false
  removing:
    description: Whether to return the entries to delete.
    type: bool
    default: false
  remaining:
    description:
      - The connections of these projects, only with O(removing=true). Entries of a network stay if another connection
        to it remains.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Read the connections of a project
  atlasops.network.atlas_peering_info:
  register: existing

- name: Read its IP access list
  atlasops.network.atlas_access_list_info:
  register: listed

- name: Let the networks of all connections in
  atlasops.network.atlas_access_list:
    project_id: "{{ item.project_id }}"
    entries: "{{ item.entries }}"
  loop: "{{ existing.peerings | atlasops.network.access_list_changes(listed.access_list, for_all=true) }}"
"""

RETURN = r"""
_value:
  description: For each project with changes C(project_id) and C(entries), options of the module atlas_access_list.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def access_list_changes(
    connections: Sequence[Mapping[str, Any]],
    existing: Sequence[Mapping[str, Any]],
    for_all: bool = False,
    removing: bool = False,
    remaining: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Return the entries to add or delete, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.module_utils.model import admission  # noqa: PLC0415

    if not removing:
        return admission.additions(connections, existing, for_all)
    ids = {one["id"] for one in connections}
    others = [one for one in remaining if one["id"] not in ids]
    return admission.removals(connections, existing, others, for_all)


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"access_list_changes": access_list_changes}
