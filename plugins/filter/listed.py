# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: listed
short_description: Read a list that may be given as text
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns the list in a text of JSON or YAML. Any other value, and text that holds no list, is returned unchanged.
  - Null and empty text are an empty list.
options:
  _input:
    description: The list, or the text.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Count what an extra variable declares
  ansible.builtin.debug:
    msg: "{{ '[{provider_name: AWS}]' | atlasops.network.listed | length }}"
"""

RETURN = r"""
_value:
  description: The list.
  type: raw
  sample: [{provider_name: AWS}]
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.atlasops.network.plugins.plugin_utils.variables import read_list


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"listed": read_list}
