# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: host_key
short_description: The end of the key of a host's artifact
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns C(of_) and the name of the host, as the role P(atlasops.network.atlas_peering#role) ends the keys of its
    artifacts. AWX merges the artifacts of job slices and workflow nodes key by key, so each host has its own.
  - If the name contains characters other than letters, digits and C(_), they are replaced by C(_), and C(_) and the
    first eight hexadecimal digits of the SHA-256 of the name are appended, so that no two hosts share a key.
options:
  _input:
    description: The name of the host.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show what an earlier node of the workflow has published
  ansible.builtin.debug:
    msg: "{{ lookup('ansible.builtin.vars', 'atlas_peering_' ~ (inventory_hostname | atlasops.network.host_key)) }}"
"""

RETURN = r"""
_value:
  description: The end of the key.
  type: str
  sample: of_payments_production_48d257e4
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.atlasops.network.plugins.plugin_utils.host_key import host_key


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"host_key": host_key}
