# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: checked
short_description: Variables as the types that they are meant to have
version_added: 0.1.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Takes variables, which extra variables, inventories and surveys may set as text, for the types of a specification.
  - A variable that is null or empty counts as unset, and has its default. A list may be text in JSON or YAML.
  - It is what the role P(atlasops.network.atlas_peering#role) reads its variables by.
positional: spec
options:
  _input:
    description: The variables.
    type: dict
    required: true
  spec:
    description: An argument specification, as of a module, with an entry for each variable.
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
    - The variables as C(variables), with defaults in place of those that are unset or wrong.
    - A sentence for each that is wrong as C(problems).
  type: dict
  sample: {variables: {app_wait: false}, problems: []}
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.plugin_utils.variables import check


def checked(values: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the variables by their types, and what is wrong with them."""
    variables, problems = check(values, spec)
    return {"variables": variables, "problems": problems}


class FilterModule:
    """The filter of this file, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"checked": checked}
