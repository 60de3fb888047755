# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast

from ansible.executor.module_common import ModuleDepFinder

from support.prepared_ansible import parsed_module_utils


def test_ansible_finds_the_same_imports_in_parsed_files() -> None:
    found = []
    for source, parsed in parsed_module_utils().items():
        for is_package in (False, True):
            name = "ansible.module_utils.common.parameters"
            whole, part = (ModuleDepFinder(name, tree, is_package) for tree in (ast.parse(source), parsed))
            assert part.submodules == whole.submodules
            assert part.optional_imports == whole.optional_imports
            found.append((bool(whole.submodules), bool(whole.optional_imports)))
    assert {(True, True), (True, False), (False, False)} <= set(found)
