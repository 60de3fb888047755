# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mutants of a file: what each changes, and the code that takes the place of a function's own."""

from __future__ import annotations

import ast
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutants.operators import Place, places, replacements

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Unit:
    """A function of a file, with what is nested in it."""

    file: str
    name: str
    first_line: int


@dataclass(frozen=True)
class Mutant:
    """One change, named such that it keeps its name if lines move."""

    name: str
    unit: Unit
    tree: ast.Module
    place: Place
    replacement: ast.AST

    def code(self) -> types.CodeType:
        """Compile the file with the change, and return the code of the function."""
        original = self.place.node
        self.place.put(ast.copy_location(self.replacement, original))
        try:
            compiled = compile(ast.fix_missing_locations(self.tree), self.unit.file, "exec", dont_inherit=True)
        finally:
            self.place.put(original)
        return next(code for code in codes(compiled) if (code.co_qualname, code.co_firstlineno) == key(self.unit))


def key(unit: Unit) -> tuple[str, int]:
    return unit.name, unit.first_line


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield the code objects within a code object."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from codes(constant)


def mutants(path: Path, shown: str) -> Iterator[Mutant]:
    """Yield the mutants of a file's functions."""
    tree = ast.parse(path.read_text())
    for name, function in functions(tree, ""):
        first_line = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        unit = Unit(str(path), name, first_line)
        numbers: Counter[str] = Counter()
        changes = list(_changes(function))
        if any(isinstance(node, ast.Name) and node.id == "super" for node in ast.walk(function)):
            # The mutant needs the same variables from outside, even if it is `super()` that is missing in it.
            function.body.append(ast.Expr(ast.Name("__class__", ast.Load())))
        for place, replacement in changes:
            change = f"{shown} {name}: {_text(place.node)} -> {_text(replacement)}"
            numbers[change] += 1
            suffix = f" #{numbers[change]}" if numbers[change] > 1 else ""
            yield Mutant(change + suffix, unit, tree, place, replacement)


def _changes(function: Function) -> Iterator[tuple[Place, ast.AST]]:
    start = (function.lineno, function.body[0].lineno)
    for statement_number in range(len(function.body)):
        for place in _below(function, statement_number, start):
            for replacement in replacements(place):
                yield place, replacement


def _below(function: Function, number: int, start: tuple[int, int]) -> Iterator[Place]:
    holder = ast.Module([function.body[number]], [])
    for place in places(holder, start):
        if place.parent is holder:
            yield Place(function, "body", number, place.line, place.last_line)
        else:
            yield place


def functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    """Yield the functions of modules and classes with their qualified names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not any(isinstance(one, ast.Name) and one.id == "cached_property" for one in child.decorator_list):
                yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, (ast.If, ast.Try)):
            yield from functions(child, prefix)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.ExceptHandler):
        return f"except {ast.unparse(node.type) if node.type else ''}: {ast.unparse(node.body[0])}"
    return " ".join(ast.unparse(node).split())
