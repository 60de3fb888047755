# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: with_usability
short_description: A drift report with what was found on the other side of a cloud
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Adds what the entry points C(inspect) of the roles for the other side have found to the report.
  - The entry point C(report) of the role P(atlasops.network.atlas_peering#role) uses this filter.
positional: cloud, found
options:
  _input:
    description:
      - The report of P(atlasops.network.atlas_peering_report#module) with
        O(atlasops.network.atlas_peering_report#module:usable=true).
    type: dict
    required: true
  cloud:
    description: The cloud, V(aws), V(azure) or V(gcp).
    type: str
    required: true
  found:
    description: The fact C(atlas_peering_aws_usable), C(atlas_peering_azure_usable) or C(atlas_peering_gcp_usable).
    type: dict
    default: {}
  failure:
    description: Why the other side could not be read. All its connections are unknown then.
    type: str
"""

EXAMPLES = r"""
- name: Add what AWS has to the report
  ansible.builtin.set_fact:
    report: "{{ compared.report | atlasops.network.with_usability('aws', atlas_peering_aws_usable) }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
"""

from collections.abc import Callable, Mapping
from typing import Any


def with_usability(
    report: Mapping[str, Any],
    cloud: str,
    found: Mapping[str, Any] | None = None,
    failure: str | None = None,
) -> dict[str, Any]:
    """Return the report, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils import report_usability  # noqa: PLC0415

    return report_usability.merge(report, cloud, found or {}, failure)


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"with_usability": with_usability}
