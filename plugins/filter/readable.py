# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: readable
short_description: Escape what controls a terminal in texts
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns a value in whose texts, at any depth, escapes replace line breaks, control characters, and marks that change
    the direction of text. Words of more than 500 characters are cut.
  - What Atlas returns is data in results, and unchanged there. Whoever may name something in Atlas chooses such texts,
    so use this filter before they are shown to people, on a terminal or as a page.
options:
  _input:
    description: A text, or a list or dictionary with texts in it. Keys and other values remain as they are.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Read the connections of a project
  atlasops.network.atlas_peering_info:
  register: existing

- name: Show the errors of those that have failed
  ansible.builtin.debug:
    msg: "{{ existing.peerings | map(attribute='error') | select | list | atlasops.network.readable }}"
"""

RETURN = r"""
_value:
  description: The value with readable texts.
  type: raw
  sample: ["The peering was rejected.\\x1b[2J"]
"""

from collections.abc import Callable
from typing import Any


def readable(value: Any) -> Any:
    """Return a value with readable texts, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.module_utils import errors  # noqa: PLC0415

    if isinstance(value, str):
        return errors.readable(value)
    if isinstance(value, dict):
        return {key: readable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [readable(one) for one in value]
    return value


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"readable": readable}
