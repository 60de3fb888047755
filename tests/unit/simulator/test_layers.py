# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages of the simulator import in one direction only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import simulator

ROOT = Path(simulator.__file__).parent
LAYERS = ("domain", "http", "api", "control")  # each may import those before it
BELOW = ("errors", "settings")  # modules that every layer may import


def imports(path: Path) -> set[str]:
    """Return the parts of the simulator that a module in one of its packages imports, except for annotations."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    only_types = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for child in ast.walk(node)
    }
    return {
        (node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 2 and node not in only_types
    }


@pytest.mark.parametrize("layer", LAYERS)
def test_layer_imports_only_those_below(layer: str) -> None:
    allowed = {*BELOW, *LAYERS[: LAYERS.index(layer)]}
    found = {path.name: imports(path) - allowed for path in (ROOT / layer).glob("*.py")}
    assert len(found) > 1
    assert {name: parts for name, parts in found.items() if parts} == {}


def test_every_package_is_a_layer() -> None:
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == set(LAYERS)
