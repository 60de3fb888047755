# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: checked
short_description: Convert variables to the types of a specification
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Converts variables to the types of a specification. Extra variables, inventories and surveys may set them as text.
  - A variable that is null or empty counts as unset, and gets its default. A list may be text in JSON or YAML.
  - The role P(atlasops.network.atlas_peering#role) reads its variables with this filter.
positional: spec
options:
  _input:
    description: The variables.
    type: dict
    required: true
  spec:
    description: An argument specification like that of a module, with an entry for each variable.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Read an answer of a survey
  ansible.builtin.debug:
    msg: "{{ {'app_wait': 'no'} | atlasops.network.checked({'app_wait': {'type': 'bool'}}) }}"
"""

RETURN = r"""
_value:
  description:
    - C(variables) holds the converted variables, with the default for each that is unset or wrong.
    - C(problems) holds a sentence for each that is wrong.
  type: dict
  sample: {variables: {app_wait: false}, problems: []}
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.plugin_utils.variables import check


def checked(values: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the converted variables, and what is wrong with them, as documented above."""
    variables, problems = check(values, spec)
    return {"variables": variables, "problems": problems}


class FilterModule:
    """What Ansible loads from this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"checked": checked}
