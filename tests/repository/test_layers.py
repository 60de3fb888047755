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
    "change_options": {"errors", "api", "model", "options"},
    "access_list_options": {"errors", "api", "model"},
    "module": {"errors"},
    "atlas_module": {"api", "options", "module"},
}
DEEPEST, LONGEST_FILE, LONGEST_FUNCTION = 8, 250, 30

#: Module -> how many files of ours it may import, which Ansible ships with it if it runs in a process of its own.
SHIPPED = {
    "aws_vpc_peering_accepter": 3,
    "atlas_token": 21,
    "gcp_compute_network_peering": 22,
    "azure_vnet_peering_access": 24,
    "atlas_container_info": 30,
    "atlas_peering_info": 30,
    "atlas_container": 33,
    "atlas_peering_export": 36,
    "atlas_peering_report": 43,
    "atlas_peering": 37,
    "atlas_access_list_info": 33,
    "atlas_peering_set": 38,
    "atlas_access_list": 40,
}
NONE = {"atlas_peering_role", "atlas_peering_wait"}  # of which only the documentation is a module

LONG_TABLE = "module_utils.model.clouds"

FILES = {
    ".".join(path.relative_to(PLUGINS).with_suffix("").parts): path
    for folder in ("module_utils", "plugin_utils")
    for path in sorted((PLUGINS / folder).rglob("*.py"))
}


@functools.cache
def imported(name: str) -> frozenset[str]:
    """Return the shared files that a shared file imports."""
    return _imports(FILES[name])


def _imports(path: Path) -> frozenset[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PREFIX):
            base = str(node.module).removeprefix(PREFIX)
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in FILES else base for alias in node.names}
    return frozenset(found)


@functools.cache
def level(name: str) -> int:
    """Return how many files deep imports go, 1 for a file that imports none. Raises RecursionError for a cycle."""
    return 1 + max(map(level, imported(name)), default=0)


def shipped(module: str) -> set[str]:
    """Return the shared files that a module imports, directly or not."""
    found: set[str] = set()
    new = set(_imports(PLUGINS / "modules" / f"{module}.py"))
    while new:
        found |= new
        new = {other for name in new for other in imported(name)} - found
    return found


def test_modules_import_only_what_they_need() -> None:
    """Each file costs time for each task; a module without need for the planner, for example, must not import it."""
    modules = {path.stem for path in (PLUGINS / "modules").glob("*.py")}
    numbers = {name: len(shipped(name)) for name in modules - NONE}
    assert set(numbers) == set(SHIPPED)
    assert {name: number for name, number in numbers.items() if number > SHIPPED[name]} == {}
    assert not [name for name in shipped("atlas_peering_info") if name.endswith((".plan", ".preflight", ".apply"))]


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
