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
from benchmarks.commands import Shape, playbook
from benchmarks.counting import Counts, Expected, Miscounted, check, count
from benchmarks.measuring import measure
from benchmarks.methods import METHODS, NEW, ONCE, TOKEN_AT_HAND, UNCHANGED
from benchmarks.report import report
from benchmarks.results import Key, Results, Sample
from benchmarks.running import Failed

NONE = asdict(Counts(0, 0, 0, 0, 0, 0, 0))


def add(results: Results, key: Key, *seconds: float, memory: float = 100) -> None:
    for one in seconds:
        results.add(key, Sample(one, memory, 50, memory, NONE, cpu=one))


def compared(group: str, shape: Shape, per_item: float) -> Results:
    """Return results where the set takes 2 s, the floor 1.8 s, and a loop what it must."""
    results = Results()
    add(results, Key(group, "empty", Shape(), 0.05, ONCE), 1.0, 1.0, 9.0)
    for phase in (NEW, UNCHANGED):
        add(results, Key(group, "set", shape, 0.05, phase), 1.0, 2.0, 2.5)
        for method in ("bare", "bare_sequential"):
            add(results, Key(group, method, shape, 0.05, phase), 0.8)
        add(results, Key(group, "bare_sequential", Shape(1, 1), 0.05, phase), 0.8 - 0.01 * (shape.connections - 1))
        for size in (1, shape.connections):
            add(results, Key(group, "loop", _short(group, size), 0.05, phase), 1 + per_item * size)
        for method in ("loop_module", "uri"):
            for size in (1, 8):
                add(results, Key(group, method, _short(group, size), 0.05, phase), 1 + 0.5 * size)
    return results


def _short(group: str, size: int) -> Shape:
    return Shape(1, size) if group == "b" else Shape(size, 1)


def test_scaled_extrapolates_short_loops():
    results = compared("b", Shape(1, 50), per_item=0.02)
    key = Key("b", "loop_module", Shape(1, 50), 0.05, NEW)
    assert results.scaled(key) == pytest.approx(26)
    add(results, replace(key, shape=Shape(1, 1)), 9, 9)
    assert results.scaled(key) == 9, "a line that falls is noise"


@pytest.mark.parametrize(("per_item", "met"), [(0.1, True), (0.11, False)])
def test_verdict_of_loop_against_set(per_item, met):
    new, unchanged, _set = limits.verdicts(compared("b", Shape(1, 50), per_item))
    assert (new.met, unchanged.met) == (met, met)


@pytest.mark.parametrize(("per_item", "met"), [(0.024, True), (0.026, False)])
def test_verdict_of_further_item(per_item, met):
    item = limits.verdicts(compared("c", Shape(200, 1), per_item))[-1]
    assert (item.found, item.met) == (f"{per_item * 1000:.1f} ms (CPU {per_item * 1000:.1f})", met)
    assert item.least == "25.0 ms allowed (CPU 25.0)"


def test_verdict_is_by_cpu_time():
    results = compared("c", Shape(200, 1), per_item=0.024)
    for key, samples in results.samples.items():
        results.samples[key] = [replace(one, seconds=10 * one.seconds) for one in samples]
    assert [verdict.met for verdict in limits.verdicts(results)[-1:]] == [True]


def test_verdict_of_set_against_minimum():
    results = compared("c", Shape(200, 1), per_item=0.01)
    assert (limits.verdicts(results)[2].found, limits.verdicts(results)[2].met) == ("1.11 (CPU 1.11)", False)
    key = Key("c", "set", Shape(200, 1), 0.05, UNCHANGED)
    add(results, key, 1.7, 1.7, 1.7)
    assert limits.verdicts(results)[2].met is True


@pytest.mark.parametrize(("seconds", "memory", "met"), [(5.0, 100, [True] * 2), (4.9, 99, [False] * 2)])
def test_verdict_of_fleet_against_module_processes(seconds, memory, met):
    results = Results()
    shape = Shape(200, 1, 20)
    for method, one, megabytes in (("fleet", 1.0, 100), ("fleet_module", seconds, memory)):
        sample = Sample(one, 999, 50, megabytes, NONE, cpu=one)
        results.add(Key("g", method, shape, 0.05, UNCHANGED), sample)
    assert [verdict.met for verdict in limits.verdicts(results)] == met
    assert "| 200   | 20    |" in report({}, results)


def test_verdict_of_one_task_against_empty_module():
    results = Results()
    add(results, Key("a", "empty", Shape(), 0.0, ONCE), 1.0)
    for phase, seconds in ((NEW, 1.2), (UNCHANGED, 1.0), (TOKEN_AT_HAND, 0.9)):
        add(results, Key("a", "single", Shape(1, 1), 0.0, phase), seconds)
    assert [(verdict.found, verdict.met) for verdict in limits.verdicts(results)] == [
        ("1.00 (CPU 1.00)", False),
        ("0.90 (CPU 0.90)", True),
    ]


@pytest.mark.parametrize(
    ("last", "memory", "met"),
    [(42.0, 249, [True, True, True]), (62.0, 249, [True, False, True]), (42.0, 250, [False, True, True])],
)
def test_verdict_of_growth(last, memory, met):
    results = Results()
    for phase in (NEW, UNCHANGED):
        for projects, seconds, megabytes in ((2, 2.08, 100), (200, 10, 140), (1000, last, memory)):
            key = Key("f", "set", Shape(projects, 5), 0.0, phase)
            add(results, key, seconds, memory=megabytes)
            add(results, replace(key, method="bare"), 1)
        add(results, replace(key, method="set_module"), last / 0.7)
    assert [verdict.met for verdict in limits.verdicts(results)] == [True, *met * 2]
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
def test_unexpected_request_fails_check(name):
    right = Counts(total=10, tokens=1, challenges=0, lists=3, lists_of_one=1, posts=6, others=0)
    expected = Expected(lists=3, posts=6)
    check(right, expected, "a run")
    with pytest.raises(Miscounted, match=name.replace("_of_one", "")):
        check(replace(right, **{name: getattr(right, name) + 1}), expected, "a run")


def test_delay_ends_with_first_list_showing_connection():
    def seen(moment: float, *statuses: str) -> dict[str, object]:
        results = [{"id": name, "statusName": status} for name, status in zip("ab", statuses)]
        return exchange("/groups/1/peers", time=moment, response_body={"results": results})

    exchanges = [seen(10, "AVAILABLE", "FINALIZING"), seen(12, "AVAILABLE", "AVAILABLE"), seen(14, "AVAILABLE")]
    assert waits.delays({"a": 9.5, "b": 10.5}, exchanges) == (0.5, 1.5)


def test_results_round_trip_as_data():
    results = compared("b", Shape(1, 50), per_item=0.02)
    results.add(Key("e", "wait", Shape(2, 1), 0.0, ONCE), Sample(9, 100, 0, 0, NONE, (0.5, 1.5)))
    again = Results.of_data(json.loads(json.dumps(results.as_data())))
    assert again == results
    assert report({}, again) == report({}, results)


@pytest.mark.parametrize("scale", [FULL, QUICK])
def test_every_group_has_cases(scale):
    assert {case.group for case in cases(scale)} == set("abcdefg")


@pytest.mark.slow  # beside the next, which measures too
def test_measure_runs_small_cases():
    shape = Shape(2, 2)
    lines: list[str] = []
    results = measure([Case("f", method, shape, 0.0, 1) for method in ("set", "set_module", "bare")], lines.append)
    assert len(lines) == 6
    for method in ("set", "set_module", "bare"):
        new, unchanged = (results.samples[Key("f", method, shape, 0.0, phase)][0] for phase in (NEW, UNCHANGED))
        assert (new.requests["posts"], unchanged.requests["posts"]) == (4, 0)
        assert new.requests["lists"] == unchanged.requests["lists"] == 2
        assert new.memory >= new.unshared_memory > 0
        assert (new.module_memory > 10) is (method == "set_module")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"command": playbook("missing")}, Failed),
        ({"expected": lambda _shape, _phase: Expected(tokens=1)}, Miscounted),
        ({"phases": [NEW]}, Failed),  # it changes nothing
    ],
)
def test_invalid_run_ends_measurement(monkeypatch, changes, error):
    monkeypatch.setitem(METHODS, "empty", replace(METHODS["empty"], **changes))
    with pytest.raises(error, match=r"ended with|0 tokens in place of 1"):
        measure([Case("a", "empty", Shape(), 0.0, 1)], print)
