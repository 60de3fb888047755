# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: aws_plan
short_description: What is to be done in AWS for peering connections
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Compares what is asked for with what AWS has, and returns the steps that are left.
  - It is what the role P(atlasops.network.atlas_peering_aws#role) works by, and of little use elsewhere.
positional: results
options:
  _input:
    description: The C(targets) of P(atlasops.network.aws_targets#filter).
    type: list
    elements: dict
    required: true
  results:
    description: What was read, such as C(vpcs), and the registered results of the loop that read it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what is left to do
  ansible.builtin.debug:
    msg: "{{ targets | atlasops.network.aws_plan({'vpcs': vpcs.results, 'route_tables': tables.results}) }}"
"""

RETURN = r"""
_value:
  description:
    - The items of each step - C(accept), C(routes), C(vpc_dns), C(dns_resolution) and C(rules) - and what the
      connections will be like after them as C(result).
    - A sentence for each thing that is in the way as C(problems), and for each thing that traffic may lack as C(notes).
    - What else has to be read as C(unassociated) and C(unseen).
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def aws_plan(targets: Iterable[Mapping[str, Any]], results: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, Any]:
    """Return the steps that are left, as data."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from dataclasses import asdict  # noqa: PLC0415

    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_plan import make_plan  # noqa: PLC0415
    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_reads import Reads  # noqa: PLC0415
    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target  # noqa: PLC0415

    return asdict(make_plan([Target(**target) for target in targets], Reads(results)))


class FilterModule:
    """The filter of this file, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"aws_plan": aws_plan}
