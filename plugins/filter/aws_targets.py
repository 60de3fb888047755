# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: aws_targets
short_description: Connections whose other side is in AWS, with what is to be done there
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Picks the connections to AWS out of results of P(atlasops.network.atlas_peering#role) or
    M(atlasops.network.atlas_peering_info), checks them, and adds the settings of the role to each.
  - It is what the role P(atlasops.network.atlas_peering_aws#role) begins with, and of little use elsewhere.
positional: variables, spec
options:
  _input:
    description: The connections. The key C(aws) of one holds settings of its own.
    type: list
    elements: dict
    required: true
  variables:
    description: The variables of the role, as P(atlasops.network.checked#filter) returns them.
    type: dict
    required: true
  spec:
    description: The argument specification of the variables.
    type: dict
    required: true
  removing:
    description: Whether what leads to the connections is to go.
    type: bool
    default: false
  containers:
    description: The containers of connections that were read without them.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show which connections are to be accepted, and by whom
  ansible.builtin.debug:
    msg: "{{ peering.peerings | atlasops.network.aws_targets(settings, spec) }}"
"""

RETURN = r"""
_value:
  description:
    - The connections as C(targets), and as C(items) with how to log in; the roles to assume as C(roles), and as
      C(places) what can be read at once.
    - A sentence for each thing that is wrong as C(problems), and for each connection that Atlas has not requested yet
      as C(waiting).
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: The newest of the modules that the role uses: in amazon.aws since 9.0.0.
_NEWEST = "plugins/modules/ec2_vpc_peering_info.py"
_NO_COLLECTION = (
    "The role atlas_peering_aws needs the collection amazon.aws 9.0.0 or newer, which {found}. "
    "Install it with: ansible-galaxy collection install amazon.aws"
)


def aws_targets(
    connections: Iterable[Mapping[str, Any]],
    variables: Mapping[str, Any],
    spec: Mapping[str, Mapping[str, Any]],
    removing: bool = False,
    containers: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return what the role begins with, and whether it can begin at all."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import parse_targets  # noqa: PLC0415

    found = parse_targets(connections, variables, spec, removing, containers).as_dict()
    return {
        **found,
        "problems": [*(_missing_collection() if found["targets"] or found["waiting"] else ()), *found["problems"]],
    }


def _missing_collection() -> list[str]:
    """Say so where the collection of AWS is missing or too old: Ansible would not name a cure."""
    try:
        found = find_spec("ansible_collections.amazon.aws")
    except ImportError:
        found = None
    if found is None:
        return [_NO_COLLECTION.format(found="is not installed where Ansible looks for collections")]
    folders = [Path(folder) for folder in found.submodule_search_locations or ()]
    return [] if any((one / _NEWEST).is_file() for one in folders) else [_NO_COLLECTION.format(found="is too old")]


class FilterModule:
    """The filter of this file, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"aws_targets": aws_targets}
