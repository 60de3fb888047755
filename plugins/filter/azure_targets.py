# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: azure_targets
short_description: Virtual networks that connections on Azure need access to
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Picks the connections on Azure out of declared ones, or of results of P(atlasops.network.atlas_peering#role) or
    M(atlasops.network.atlas_peering_info), checks them, and turns their virtual networks into options of
    M(atlasops.network.azure_vnet_peering_access).
  - It is what the role P(atlasops.network.atlas_peering_azure#role) begins with, and of little use elsewhere.
positional: variables, spec
options:
  _input:
    description: The connections. The key C(azure) of one contains settings of its own.
    type: list
    elements: dict
    required: true
  variables:
    description: The variables of the role, as P(atlasops.network.checked#filter) returns them.
    type: dict
    required: true
  spec:
    description: The argument specification of the variables.
    type: dict
    required: true
  removing:
    description: Whether access is to be revoked.
    type: bool
    default: false
  remaining:
    description: Connections that exist and need their access.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show which virtual networks Atlas needs access to
  ansible.builtin.debug:
    msg: "{{ [] | atlasops.network.azure_targets({}, {}) }}"
"""

RETURN = r"""
_value:
  description:
    - C(targets) contains the options of the module for each virtual network, C(problems) a sentence for each thing that
      is wrong, C(kept) one for each virtual network whose access cannot be revoked yet.
  type: dict
  sample: {targets: [], problems: [], kept: []}
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def azure_targets(
    connections: Iterable[Mapping[str, Any]],
    variables: Mapping[str, Any],
    spec: Mapping[str, Mapping[str, Any]],
    removing: bool = False,
    remaining: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return what is to be done on Azure, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from dataclasses import asdict  # noqa: PLC0415

    from ansible_collections.atlasops.network.plugins.plugin_utils.azure_targets import parse_targets  # noqa: PLC0415

    return asdict(parse_targets(connections, variables, spec, removing, remaining))


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"azure_targets": azure_targets}
