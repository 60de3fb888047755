# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes make mutants of a file, and what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutants.mutations import mutants
from mutants.report import report
from mutants.running import KILLED, SURVIVED, UNREACHED, Outcome


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ("return a < 1", ["return a < 1 -> return", "a < 1 -> a <= 1", "a < 1 -> a >= 1", "1 -> 2"]),
        ("if a: b()", ["a -> True", "a -> False", "b() -> pass"]),
        ("yield a and b", ["a and b -> a or b", "a and b -> b", "a and b -> a", "yield (a and b) -> pass"]),
        ("a = not b", ["not b -> b"]),
        ('a = b["key"]', ["'key' -> 'Xkey'"]),
        ('a = "a sentence"', []),
        ('a = f"{b}: {c[0]}"', ["0 -> 1"]),
        ('"""Documentation."""', []),
        ("a: list[1] = str(b)", []),
        ("a.b = c", ["a.b = c -> pass"]),
        ("a = f(b, c=d)", ["f(b, c=d) -> f(b)"]),
        ('a = {"b": c, **d}', ["{'b': c, **d} -> {**d}", "{'b': c, **d} -> {'b': c}", "'b' -> 'Xb'"]),
        ("a = [b for b in c if b]", ["b -> True", "b -> False"]),
        ("a = b[1:]", ["1: -> :", "1 -> 2"]),
        ("a = 1; b = 1", ["1 -> 2", "1 -> 2 #2"]),
    ],
)
def test_changes_of_a_function(tmp_path: Path, body: str, changes: list[str]) -> None:
    path = tmp_path / "file.py"
    path.write_text(f"class C:\n    @property\n    def f(self):\n        {body}\n")
    names = [one.name.removeprefix("model/file.py C.f: ") for one in mutants(path, "model/file.py")]
    assert sorted(names) == sorted(changes)


def test_code_of_mutant_takes_the_place_of_its_function(tmp_path: Path) -> None:
    path = tmp_path / "file.py"
    path.write_text("class A:\n    def f(self): return 1\nclass B(A):\n    def f(self): return super().f() + 1\n")
    (mutant,) = (one for one in mutants(path, "file.py") if one.name == "file.py B.f: 1 -> 2")
    scope: dict[str, type] = {}
    exec(compile(path.read_text(), path, "exec"), scope)  # noqa: S102
    original = scope["B"].f.__code__
    scope["B"].f.__code__ = mutant.code()
    assert scope["B"]().f() == 3
    scope["B"].f.__code__ = original
    assert scope["B"]().f() == 2


def test_report_names_survivors_that_nobody_has_explained() -> None:
    outcomes = [Outcome("api/a", KILLED), Outcome("api/b", SURVIVED), Outcome("model/c", UNREACHED)]
    lines, is_complete = report(outcomes, {"api/b": "It is equal."})
    assert not is_complete
    assert lines == [
        "unreached: model/c",
        "api: 2 mutants, 1 killed, 1 known survivors",
        "model: 1 mutants, 1 unreached",
    ]
