# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made of the samples: medians, lines, verdicts, tables. One quick measurement runs for real."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from benchmarks import limits, waits
from benchmarks.cases import FULL, QUICK, Case, cases
from benchmarks.counting import Counts, Expected, Miscounted, check, count
from benchmarks.measuring import measure
from benchmarks.methods import METHODS, NEW, ONCE, TOKEN_AT_HAND, UNCHANGED, Shape, playbook
from benchmarks.report import report
from benchmarks.results import Key, Results, Sample
from benchmarks.running import Failed

NONE = asdict(Counts(0, 0, 0, 0, 0, 0, 0))


def add(results: Results, key: Key, *seconds: float, memory: float = 100) -> None:
    for one in seconds:
        results.add(key, Sample(one, 999, 50, memory, NONE))


def compared(group: str, shape: Shape, per_item: float) -> Results:
    """Return results where the set takes 2 s, the floor 1.8 s, and a loop what it must."""
    results = Results()
    add(results, Key(group, "empty", Shape(), 0.05, ONCE), 1.0, 1.0, 9.0)
    for phase in (NEW, UNCHANGED):
        add(results, Key(group, "set", shape, 0.05, phase), 1.0, 2.0, 2.5)
        add(results, Key(group, "bare", shape, 0.05, phase), 0.8)
        for method in ("loop", "uri"):
            for size in (1, 8):
                short = Shape(1, size) if group == "b" else Shape(size, 1)
                add(results, Key(group, method, short, 0.05, phase), 1 + per_item * size)
    return results


def test_short_loops_tell_of_long_ones():
    results = compared("b", Shape(1, 50), per_item=0.5)
    key = Key("b", "loop", Shape(1, 50), 0.05, NEW)
    assert results.scaled(key) == pytest.approx(26)
    assert limits.loop(results, key) == pytest.approx(26)
    add(results, key, 24)
    assert limits.loop(results, key) == 24, "a full run that took less counts"
    assert results.scaled(key) == pytest.approx(26), "the line goes through the short ones alone"


@pytest.mark.parametrize(("per_item", "met"), [(0.7, True), (0.5, False)])
def test_the_set_against_the_loop(per_item, met):
    found = limits.verdicts(compared("b", Shape(1, 50), per_item))
    assert [verdict.met for verdict in found] == [met, met]
    assert {verdict.least for verdict in found} == {f"1.80 s, {(1 + 50 * per_item) / 1.8:.1f}"}


def test_the_set_against_the_least_possible():
    results = compared("c", Shape(200, 1), per_item=0.6)
    faster, near = limits.verdicts(results)
    assert (faster.found, faster.met) == ("60.5", True)
    assert (near.found, near.met) == ("1.11", True)
    key = Key("c", "set", Shape(200, 1), 0.05, UNCHANGED)
    add(results, key, 2.5, 2.5)
    assert limits.verdicts(results)[1].met is False


def test_one_task_against_the_empty_module():
    results = Results()
    add(results, Key("a", "empty", Shape(), 0.0, ONCE), 1.0)
    for phase, seconds in ((NEW, 1.2), (UNCHANGED, 1.2), (TOKEN_AT_HAND, 1.1)):
        add(results, Key("a", "single", Shape(1, 1), 0.0, phase), seconds)
    assert [(verdict.found, verdict.met) for verdict in limits.verdicts(results)] == [("1.20", False), ("1.10", True)]


@pytest.mark.parametrize(
    ("last", "memory", "met"),
    [(42.0, 299, [True, True, True]), (62.0, 299, [True, False, True]), (42.0, 300, [False, True, True])],
)
def test_growth(last, memory, met):
    results = Results()
    for phase in (NEW, UNCHANGED):
        for projects, seconds, megabytes in ((2, 2.08, 100), (200, 10, 140), (1000, last, memory)):
            key = Key("f", "set", Shape(projects, 5), 0.0, phase)
            add(results, key, seconds, memory=megabytes)
            add(results, replace(key, method="bare"), 1)
    assert [verdict.met for verdict in limits.verdicts(results)] == met * 2
    assert f"{memory} MB" in report({}, results)


def exchange(path: str, method: str = "GET", status: int = 200, kind: str = "api", **more: object) -> dict[str, object]:
    return {"path": path, "query": {"providerName": "AWS"}, "method": method, "status": status, "kind": kind, **more}


def test_requests_are_counted_by_kind():
    found = count(
        [
            exchange("/api/oauth/token", "POST", kind="token"),
            *(exchange("/groups/1/peers", status=status) for status in (401, 200)),
            *(exchange("/groups/2/peers", method) for method in ("GET", "POST", "DELETE")),
            exchange("/groups"),
        ]
    )
    assert found == Counts(total=7, tokens=1, challenges=1, lists=2, lists_of_one=1, posts=1, others=2)


@pytest.mark.parametrize("name", ["tokens", "challenges", "lists", "lists_of_one", "posts", "others"])
def test_one_request_too_many_is_not_accepted(name):
    right = Counts(total=10, tokens=1, challenges=0, lists=3, lists_of_one=1, posts=6, others=0)
    expected = Expected(lists=3, posts=6)
    check(right, expected, "a run")
    with pytest.raises(Miscounted, match=name.replace("_of_one", "")):
        check(replace(right, **{name: getattr(right, name) + 1}), expected, "a run")


def test_a_delay_ends_with_the_first_list_that_shows_the_connection():
    def seen(moment: float, *statuses: str) -> dict[str, object]:
        results = [{"id": name, "statusName": status} for name, status in zip("ab", statuses)]
        return exchange("/groups/1/peers", time=moment, response_body={"results": results})

    exchanges = [seen(10, "AVAILABLE", "FINALIZING"), seen(12, "AVAILABLE", "AVAILABLE"), seen(14, "AVAILABLE")]
    assert waits.delays({"a": 9.5, "b": 10.5}, exchanges) == (0.5, 1.5)


def test_results_survive_being_written():
    results = compared("b", Shape(1, 50), per_item=0.7)
    results.add(Key("e", "wait", Shape(2, 1), 0.0, ONCE), Sample(9, 100, 0, 0, NONE, (0.5, 1.5)))
    again = Results.of_data(json.loads(json.dumps(results.as_data())))
    assert again == results
    assert report({}, again) == report({}, results)


@pytest.mark.parametrize("scale", [FULL, QUICK])
def test_every_group_has_cases(scale):
    assert {case.group for case in cases(scale)} == set("abcdef")


def test_a_quick_measurement():
    shape = Shape(2, 2)
    lines: list[str] = []
    results = measure([Case("f", method, shape, 0.0, 1) for method in ("set", "bare")], lines.append)
    assert len(lines) == 4
    for method in ("set", "bare"):
        new, unchanged = (results.samples[Key("f", method, shape, 0.0, phase)][0] for phase in (NEW, UNCHANGED))
        assert (new.requests["posts"], unchanged.requests["posts"]) == (4, 0)
        assert new.requests["lists"] == unchanged.requests["lists"] == 2
        assert new.memory >= new.unshared_memory > 0
        assert (new.module_memory > 10) is (method == "set")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"command": playbook("missing")}, Failed),
        ({"expected": lambda _shape, _phase: Expected(tokens=1)}, Miscounted),
        ({"phases": [NEW]}, Failed),  # it changes nothing
    ],
)
def test_a_run_that_is_not_as_it_must_be_ends_the_measurement(monkeypatch, changes, error):
    monkeypatch.setitem(METHODS, "empty", replace(METHODS["empty"], **changes))
    with pytest.raises(error, match=r"ended with|0 tokens in place of 1"):
        measure([Case("a", "empty", Shape(), 0.0, 1)], print)
