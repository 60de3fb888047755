# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: aws_usability
short_description: What traffic to Atlas finds in AWS
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns for each connection whether there are routes to Atlas' network, and whether the DNS settings of the VPC are
    enabled. What could not be read is unknown.
  - The entry point C(inspect) of the role P(atlasops.network.atlas_peering_aws#role) uses this filter.
positional: results, refused
options:
  _input:
    description: The connections, as C(targets) of the filter P(atlasops.network.aws_targets#filter).
    type: list
    elements: dict
    required: true
  results:
    description: What the role has read, by kind, as the filter P(atlasops.network.aws_plan#filter) takes it.
    type: dict
    required: true
  refused:
    description: The results of the roles that could not be assumed.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Hand over what was found
  ansible.builtin.set_fact:
    found: "{{ begun.targets | atlasops.network.aws_usability({'vpcs': vpcs.results, 'route_tables': tables.results},
                                                               refused=assumed.results) }}"
"""

RETURN = r"""
_value:
  description:
    - For each connection, by its ID in AWS, C(routed) and C(resolvable), as in
      RV(atlasops.network.atlas_peering_report#module:report.connections[].usable).
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def aws_usability(
    targets: Iterable[Mapping[str, Any]],
    results: Mapping[str, list[Mapping[str, Any]]],
    refused: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return what is known of each connection, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_reads import Reads  # noqa: PLC0415
    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target  # noqa: PLC0415
    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_usability import inspect  # noqa: PLC0415

    return dict(inspect([Target(**target) for target in targets], Reads(results), refused))


class FilterModule:
    """The filter of this file, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"aws_usability": aws_usability}
