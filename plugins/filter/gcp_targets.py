# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: gcp_targets
short_description: Connections whose other side is in GCP, with what is to be done there
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Picks the connections to GCP out of results of P(atlasops.network.atlas_peering#role) or
    M(atlasops.network.atlas_peering_info), checks them, and turns each into options of
    M(atlasops.network.gcp_compute_network_peering).
  - It is what the role P(atlasops.network.atlas_peering_gcp#role) begins with, and of little use elsewhere.
positional: variables, spec
options:
  _input:
    description: The connections. The key C(gcp) of one contains settings of its own.
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
    description: Whether the peerings are to be deleted.
    type: bool
    default: false
  containers:
    description: The containers of connections that were read without them.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show which networks are peered with those of Atlas
  ansible.builtin.debug:
    msg: "{{ [] | atlasops.network.gcp_targets({}, {}) }}"
"""

RETURN = r"""
_value:
  description:
    - C(targets) contains the options of the module for each connection, C(problems) a sentence for each thing that is
      wrong, C(waiting) one for each connection whose network in Atlas has no name, C(unread) the projects of these.
  type: dict
  sample: {targets: [], problems: [], waiting: [], unread: []}
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def gcp_targets(
    connections: Iterable[Mapping[str, Any]],
    variables: Mapping[str, Any],
    spec: Mapping[str, Mapping[str, Any]],
    removing: bool = False,
    containers: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return what is to be done on GCP, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from dataclasses import asdict  # noqa: PLC0415

    from ansible_collections.atlasops.network.plugins.plugin_utils.gcp_targets import parse_targets  # noqa: PLC0415

    return asdict(parse_targets(connections, variables, spec, removing, containers))


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"gcp_targets": gcp_targets}
