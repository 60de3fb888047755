# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of what the modules of this collection support."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/atlasops.network.atlas) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - atlasops.network.atlas
  check_mode:
    description: Can run in check mode and return a predicted result without writing to Atlas.
    support: full
  diff_mode:
    description: Returns the differences of the normalized resource in RV(ignore:before) and RV(ignore:after).
    support: full
  idempotent:
    description: A second run outside check mode with the same options does not change anything.
    support: full
"""

    # For modules that only read. List it before the general fragment, which it takes precedence over.
    READING = r"""
options: {}
attributes:
  check_mode:
    details: The module only reads, so check mode makes no difference.
  diff_mode:
    support: N/A
    details: The module does not change anything.
"""

    # For modules that have an action plugin which runs them in the process of the playbook.
    IN_PROCESS = r"""
options: {}
notes:
  - The task runs in the process of the playbook, without starting Python, if it runs on the controller itself, that is
    with the connection C(local), no C(become), no C(async), and the Python of C(ansible-playbook) or none in
    C(ansible_python_interpreter). Otherwise, or if the variable C(atlas_in_process) or the environment variable
    E(MONGODB_ATLAS_IN_PROCESS) is V(false), it runs as any other module. The results are the same. C(-vvv) shows which
    way a task takes.
"""
