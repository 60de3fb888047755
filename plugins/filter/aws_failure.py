# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: aws_failure
short_description: Why a task of amazon.aws failed, and the cure
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Returns the message of a task that failed as one line, and adds what to do about it if that is known.
  - The role P(atlasops.network.atlas_peering_aws#role) words its failures by it.
options:
  _input:
    description: The result of the task, of a loop too; in a C(rescue) it is C(ansible_failed_result).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Report what is wrong
  ansible.builtin.fail:
    msg: "{{ ansible_failed_result | atlasops.network.aws_failure }}"
"""

RETURN = r"""
_value:
  description: A sentence or two for each item that failed.
  type: str
"""

from collections.abc import Callable, Mapping
from typing import Any


def aws_failure(result: Mapping[str, Any]) -> str:
    """Return the sentence, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_failure import explain  # noqa: PLC0415

    return explain(result)


class FilterModule:
    """The filter of this file, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"aws_failure": aws_failure}
