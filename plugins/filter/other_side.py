# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: other_side
short_description: Declared connections with the settings of their other side
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Combines results with C(aws), C(azure) and C(gcp) of the declared connections, as the roles for the other side read
    them, and describes what these roles do.
  - The role P(atlasops.network.atlas_peering#role) uses this filter for
    O(atlasops.network.atlas_peering#role:main:atlas_peering_other_side).
positional: clouds
options:
  _input:
    description: The declared connections.
    type: list
    elements: dict
    required: true
  clouds:
    description: The clouds whose other side is acted on, such as V([aws]).
    type: list
    elements: str
    required: true
  records:
    description: The result of each connection, in the same order. By default, connections that Atlas does not know yet.
    type: list
    elements: dict
  found:
    description: Connections that have been read since, which replace the results with the same IDs.
    type: list
    elements: dict
    default: []
  variables:
    description: Variables of the roles for the other side, for connections without settings of their own.
    type: dict
    default: {}
  removing:
    description: Whether the connections are to be removed.
    type: bool
    default: false
  admitting:
    description:
      - Whether the networks of all connections are added to the IP access list. Otherwise only those of connections
        with C(access_list) are.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Act on the other side of all connections to AWS
  ansible.builtin.include_role:
    name: atlasops.network.atlas_peering_aws
  vars:
    atlas_peering_aws_connections: >-
      {{ (declared | atlasops.network.other_side(['aws'], records=atlas_peering_result)).connections }}
"""

RETURN = r"""
_value:
  description:
    - C(connections) contains the results with the settings, C(steps) a line for each connection with what is done and
      by whom, and C(problems) a sentence for each setting that is wrong.
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any


def other_side(
    declared: Sequence[Mapping[str, Any]],
    clouds: Sequence[str],
    records: Iterable[Mapping[str, Any]] | None = None,
    found: Iterable[Mapping[str, Any]] = (),
    variables: Mapping[str, Any] | None = None,
    removing: bool = False,
    admitting: bool = False,
) -> dict[str, Any]:
    """Return the connections with their settings, and the steps, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.module_utils.model import admission  # noqa: PLC0415
    from ansible_collections.atlasops.network.plugins.plugin_utils import other_side as engine  # noqa: PLC0415

    if records is None:
        problems = [*engine.find_problems(declared), *admission.find_problems(declared, admitting)]
        return {"connections": engine.plan(declared), "steps": [], "problems": problems}
    connections = engine.with_settings(declared, engine.current(records, found))
    steps = engine.describe_steps(connections, clouds, variables or {}, removing, admitting)
    return {"connections": connections, "steps": steps, "problems": []}


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"other_side": other_side}
