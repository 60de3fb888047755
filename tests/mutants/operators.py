# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small changes that make a mutant: for a node of a syntax tree, what could stand in its place.

Left out is what carries no behaviour: annotations, docstrings, texts for people, which are strings with a space and the
constant parts of f-strings, and conversions by ``str`` and ``bool``, which satisfy the type checker. Numbers, names and
keys are changed. What runs when a module is imported is left out, too, and so are cached properties, which are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

#: Comparisons become their opposite; those with an order also include or exclude their boundary.
COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Pow: ast.Mult,
}
#: Functions that may be left out, and those that have an opposite.
WRAPPERS = {"sorted", "reversed", "list", "tuple", "set", "dict", "frozenset", "int", "abs"}
OPPOSITES = {"any": "all", "all": "any", "min": "max", "max": "min"}
#: Methods that return a changed copy of what they belong to.
CHANGING_METHODS = {"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "title", "capitalize", "copy"}
#: Where a condition stands.
CONDITIONS = {(ast.If, "test"), (ast.IfExp, "test"), (ast.While, "test"), (ast.comprehension, "ifs")}
#: What is never looked into.
SKIPPED = {"annotation", "returns", "decorator_list", "type_comment", "type_params"}


@dataclass(frozen=True)
class Place:
    """A node within its parent."""

    parent: ast.AST
    field: str
    index: int | None
    line: int
    last_line: int

    @property
    def node(self) -> ast.AST:
        value = getattr(self.parent, self.field)
        return value if self.index is None else value[self.index]

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def places(parent: ast.AST, lines: tuple[int, int]) -> Iterator[Place]:
    """Yield the places below a node, each with the lines of the statement around it, or of its head."""
    for field, value in ast.iter_fields(parent):
        if field in SKIPPED or (isinstance(parent, ast.arguments) and field != "defaults"):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.AST):
                around = _lines(node) or lines
                yield Place(parent, field, index, *around)
                if not isinstance(node, (ast.JoinedStr, ast.Constant)):
                    yield from places(node, around)
                elif isinstance(node, ast.JoinedStr):
                    for part in node.values:
                        if isinstance(part, ast.FormattedValue):
                            yield from places(part, around)


def _lines(node: ast.AST) -> tuple[int, int] | None:
    if isinstance(node, ast.ExceptHandler):
        return node.lineno, node.body[0].end_lineno or node.lineno
    if not isinstance(node, ast.stmt):
        return None
    body = getattr(node, "body", None)
    last = max(node.lineno, body[0].lineno - 1) if isinstance(body, list) else node.end_lineno
    return node.lineno, last or node.lineno


def replacements(place: Place) -> Iterator[ast.AST]:
    """Yield what the node of a place is replaced by, one after the other."""
    node = place.node
    if (type(place.parent), place.field) in CONDITIONS:
        yield from _conditions(place.parent, node)
    for kind, replace in REPLACERS.items():
        if isinstance(node, kind):
            yield from replace(place, node)


def _conditions(parent: ast.AST, node: ast.AST) -> Iterator[ast.AST]:
    for value in [False] if isinstance(parent, ast.While) else [True, False]:
        if not (isinstance(node, ast.Constant) and node.value is value):
            yield ast.Constant(value)


def _compare(place: Place, node: ast.Compare) -> Iterator[ast.AST]:
    is_condition = (type(place.parent), place.field) in CONDITIONS
    for number, operator in enumerate(node.ops):
        others = COMPARISONS[type(operator)]
        for other in others[:-1] if is_condition and len(node.ops) == 1 else others:
            ops = [*node.ops[:number], other(), *node.ops[number + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)


def _bool_op(place: Place, node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for number in range(len(node.values)):
        rest = [*node.values[:number], *node.values[number + 1 :]]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _unary(place: Place, node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _binary(place: Place, node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in OPERATORS and not _is_text(node.left) and not _is_text(node.right):
        yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _constant(place: Place, node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        if (type(place.parent), place.field) not in CONDITIONS:
            yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and " " not in value and not isinstance(place.parent, (ast.Expr, ast.FormattedValue)):
        yield ast.Constant(f"X{value}")


def _call(place: Place, node: ast.Call) -> Iterator[ast.AST]:
    function = node.func
    if isinstance(function, ast.Name) and len(node.args) == 1 and function.id in WRAPPERS:
        yield node.args[0]
    if isinstance(function, ast.Name) and function.id in OPPOSITES:
        yield ast.Call(ast.Name(OPPOSITES[function.id], ast.Load()), node.args, node.keywords)
    if isinstance(function, ast.Attribute) and function.attr in CHANGING_METHODS:
        yield function.value
    for number, keyword in enumerate(node.keywords):
        if keyword.arg:
            yield ast.Call(function, node.args, [*node.keywords[:number], *node.keywords[number + 1 :]])


def _dict(place: Place, node: ast.Dict) -> Iterator[ast.AST]:
    for number in range(len(node.keys)):
        keys = [*node.keys[:number], *node.keys[number + 1 :]]
        yield ast.Dict(keys, [*node.values[:number], *node.values[number + 1 :]])


def _slice(place: Place, node: ast.Slice) -> Iterator[ast.AST]:
    for name in ("lower", "upper", "step"):
        if getattr(node, name):
            bounds = {"lower": node.lower, "upper": node.upper, "step": node.step, name: None}
            yield ast.Slice(**bounds)


def _return(place: Place, node: ast.Return) -> Iterator[ast.AST]:
    if node.value and not (isinstance(node.value, ast.Constant) and node.value.value in (None, True, False)):
        yield ast.Return(None)


def _statement(place: Place, node: ast.stmt) -> Iterator[ast.AST]:
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        yield ast.Pass()


def _assignment(place: Place, node: ast.Assign) -> Iterator[ast.AST]:
    if not all(isinstance(target, (ast.Name, ast.Tuple)) for target in node.targets):
        yield ast.Pass()


def _handler(place: Place, node: ast.ExceptHandler) -> Iterator[ast.AST]:
    if not (len(node.body) == 1 and isinstance(node.body[0], ast.Raise) and node.body[0].exc is None):
        yield ast.ExceptHandler(node.type, node.name, [ast.Raise(None, None)])
    if isinstance(node.type, ast.Tuple):
        for number in range(len(node.type.elts)):
            kinds = [*node.type.elts[:number], *node.type.elts[number + 1 :]]
            yield ast.ExceptHandler(ast.Tuple(kinds, ast.Load()), node.name, node.body)


REPLACERS = {
    ast.Compare: _compare,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.Dict: _dict,
    ast.Slice: _slice,
    ast.Return: _return,
    ast.Expr: _statement,
    ast.AugAssign: _statement,
    ast.Raise: _statement,
    ast.Continue: _statement,
    ast.Break: _statement,
    ast.Delete: _statement,
    ast.Assign: _assignment,
    ast.ExceptHandler: _handler,
}
