# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: aws_inactive
short_description: Accepted requests that AWS does not call active
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Reads what AWS says of requests after they were accepted. A task that accepts one reports success for a request that
    was rejected meanwhile, too.
  - It is what the role P(atlasops.network.atlas_peering_aws#role) asserts by, and of little use elsewhere.
positional: targets
options:
  _input:
    description: The results of a loop of M(amazon.aws.ec2_vpc_peering_info) over the accepted requests.
    type: list
    elements: dict
    required: true
  targets:
    description: The C(targets) of P(atlasops.network.aws_targets#filter).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Assert that the requests are active
  ansible.builtin.assert:
    that: requests.results | atlasops.network.aws_inactive(targets) | length == 0
"""

RETURN = r"""
_value:
  description: A sentence for each request that is not active, with the cure.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def aws_inactive(results: Iterable[Mapping[str, Any]], targets: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each request that is not active."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_plan import inactive  # noqa: PLC0415
    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Target  # noqa: PLC0415

    return inactive([Target(**target) for target in targets], results)


class FilterModule:
    """The filter of this file, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"aws_inactive": aws_inactive}
