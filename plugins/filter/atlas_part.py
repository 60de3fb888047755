# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: atlas_part
short_description: Connections without the settings of their other side
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Removes C(aws), C(azure) and C(gcp) from declared connections, which are settings of the roles for the other side
    and unknown to the modules for Atlas.
options:
  _input:
    description: The declared connections.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Declare the connections with the module
  atlasops.network.atlas_peering_set:
    connections: "{{ peering_declared | atlasops.network.atlas_part }}"
"""

RETURN = r"""
_value:
  description: The connections without these keys.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def atlas_part(connections: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the connections, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils import other_side  # noqa: PLC0415

    return other_side.atlas_part(connections)


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"atlas_part": atlas_part}
