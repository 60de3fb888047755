#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering_role
short_description: Declare the connections of the role atlas_peering
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - This module is for the role P(atlasops.network.atlas_peering#role) only, and may change with it. For tasks of your
    own, use M(atlasops.network.atlas_peering_set).
  - Reads the variables of the role, converts them to their types, declares the connections as
    M(atlasops.network.atlas_peering_set) does, and publishes the result if nothing is left to do. In an inventory with
    hundreds of hosts, this is much faster than a task for each of these steps.
  - This is an action plugin. It reads the variables on the controller and runs M(atlasops.network.atlas_peering_set) on
    the task's host.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
attributes:
  action:
    description: Is an action plugin, and so reads the variables on the controller.
    support: full
  async:
    description: Supports the C(async) keyword.
    support: none
options:
  other_side_checked:
    description:
      - Whether the other side and the entries of the IP access list have been checked. Otherwise the task is skipped if
        the role is asked for any of them.
    type: bool
    default: false
seealso:
  - module: atlasops.network.atlas_peering_set
  - module: atlasops.network.atlas_peering_wait
"""

EXAMPLES = r"""
- name: Declare the connections, in a file of tasks of the role
  atlasops.network.atlas_peering_role:
  register: __atlas_peering_declared
"""

RETURN = r"""
follow_up:
  description:
    - Whether the role has more to do - a failure to publish, the other side to act on, networks to let in, containers
      of deleted connections to handle, or connections to wait for.
  returned: always
  type: bool
  sample: false
peerings:
  description: The connections, as in RV(atlasops.network.atlas_peering_set#module:peerings).
  returned: unless the task failed before it processed any connection
  type: list
  elements: dict
  sample: []
purged:
  description: The deleted connections, as in RV(atlasops.network.atlas_peering_set#module:purged).
  returned: unless the task failed before it processed any connection
  type: list
  elements: dict
  sample: []
ansible_stats:
  description: The artifact, as M(ansible.builtin.set_stats) returns it.
  returned: if C(atlas_peering_stats) is true and RV(follow_up) is false
  type: dict
failure:
  description:
    - The error as structured data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
  returned: failure
  type: dict
"""
