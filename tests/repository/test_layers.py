# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code that plugins share: who may import whom, how deep, and how large files and functions may be."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
PREFIX = "ansible_collections.atlasops.network.plugins."

#: Part of module_utils -> the others that it may import.
MAY_IMPORT = {
    "errors": set(),
    "api": {"errors"},
    "model": {"errors"},
    "aws": {"errors"},
    "azure": {"errors", "api", "model"},
    "engine": {"errors", "api", "model"},
    "gcp": {"errors", "api", "model"},
    "options": {"errors", "api", "model"},
    "module": {"errors", "api", "options"},
}
DEEPEST, LONGEST_FILE, LONGEST_FUNCTION = 8, 250, 30

LONG_TABLE = "module_utils.model.clouds"

FILES = {
    ".".join(path.relative_to(PLUGINS).with_suffix("").parts): path
    for folder in ("module_utils", "plugin_utils")
    for path in sorted((PLUGINS / folder).rglob("*.py"))
}


@functools.cache
def imported(name: str) -> frozenset[str]:
    """Return the shared files that a shared file imports."""
    found = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PREFIX):
            base = str(node.module).removeprefix(PREFIX)
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in FILES else base for alias in node.names}
    return frozenset(found)


@functools.cache
def level(name: str) -> int:
    """Return how many files deep imports go, 1 for a file that imports none. Raises RecursionError for a cycle."""
    return 1 + max(map(level, imported(name)), default=0)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("module_utils.")])
def test_module_utils_import_only_lower_layers(name: str) -> None:
    part = name.split(".")[1]
    allowed = tuple(f"module_utils.{other}" for other in (part, *sorted(MAY_IMPORT[part])))
    upward = {other for other in imported(name) if not other.startswith(allowed)}
    assert not upward


def test_import_depth_is_limited_and_acyclic() -> None:
    levels = {name: level(name) for name in FILES if name.startswith("module_utils.")}
    assert {name: depth for name, depth in levels.items() if depth > DEEPEST} == {}
    assert level("module_utils.errors") == 1


@pytest.mark.parametrize("name", FILES)
def test_file_and_function_lengths_are_limited(name: str) -> None:
    text = FILES[name].read_text(encoding="utf-8")
    lengths = {} if name == LONG_TABLE else {name: len(text.splitlines()) - LONGEST_FILE}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            first = node.body[0]
            documented = first.end_lineno - first.lineno + 1 if ast.get_docstring(node) else 0
            lengths[f"{name}.{node.name}"] = node.end_lineno - node.lineno + 1 - documented - LONGEST_FUNCTION
    assert {thing: more for thing, more in lengths.items() if more > 0} == {}


@pytest.mark.parametrize("name", FILES)
def test_module_utils_are_marked_private(name: str) -> None:
    assert "\n# PRIVATE to this collection: " in FILES[name].read_text(encoding="utf-8").partition('"""')[0]
