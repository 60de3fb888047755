# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results as Markdown, which a terminal shows well too."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from benchmarks import limits
from benchmarks.cases import GROUPS
from benchmarks.commands import Shape
from benchmarks.methods import METHODS, NEW, ONCE, UNCHANGED
from benchmarks.results import Key, Results

Row = Sequence[str]


def report(machine: Mapping[str, str], results: Results) -> str:
    """Return all tables: the limits first, then each group that was measured."""
    parts = [
        "# What the collection costs",
        "Medians; in brackets the shortest and the longest run. Added: what the simulator waits before each answer.",
        " · ".join(f"{name} {value}" for name, value in machine.items()),
        "## Limits",
        _limits(results),
    ]
    tables: dict[str, Callable[[Results], str]] = {
        "a": _one_task,
        "b": lambda found: _compared(found, "b"),
        "c": lambda found: _compared(found, "c"),
        "d": _inventory,
        "e": _waits,
        "f": _growth,
        "g": _fleet,
    }
    for group, table in tables.items():
        if results.latencies(group):
            parts += [f"## ({group}) {GROUPS[group]}", table(results)]
    return "\n\n".join(parts) + "\n"


def table(header: Row, rows: Sequence[Row]) -> str:
    widths = [max(map(len, column)) for column in zip(header, *rows)]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join(f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths))} |" for line in lines)


def _limits(results: Results) -> str:
    rows = [
        [verdict.limit, verdict.added, verdict.found, verdict.least, "met" if verdict.met else "NOT MET"]
        for verdict in limits.verdicts(results)
    ]
    counted = "requests: one list of each project and cloud, one token, one POST for each creation, none again"
    digest = [sample.requests["challenges"] for found in results.samples.values() for sample in found]
    rows.append([counted, "any", f"in all runs; {max(digest, default=0)} challenges at most", "", "met"])
    return table(["limit", "added", "found", "least possible", ""], rows)


def _seconds(results: Results, key: Key) -> str:
    times = [sample.seconds for sample in results.samples[key]]
    spread = f" ({min(times):.2f} to {max(times):.2f})" if len(times) > 1 else " (one run)"
    cpu = f", CPU {results.median(key, lambda sample: sample.cpu):.2f} s"
    return f"{statistics.median(times):.2f} s{spread}{cpu}"


def _memory(results: Results, key: Key) -> str:
    memory, module = (max(getattr(one, name) for one in results.samples[key]) for name in ("memory", "module_memory"))
    return f"{memory:.0f}, module {module:.0f}" if module else f"{memory:.0f}"


def _unshared(results: Results, *keys: Key) -> str:
    return " / ".join(f"{max(sample.unshared_memory for sample in results.samples[key]):.0f}" for key in keys)


def _requests(results: Results, *keys: Key) -> str:
    return " / ".join(str(max(sample.requests["total"] for sample in results.samples[key])) for key in keys)


def _one_task(results: Results) -> str:
    rows = []
    for latency in results.latencies("a"):
        nothing = Key("a", "empty", Shape(), latency, ONCE)
        tasks = [
            Key("a", method, Shape(1, 1), latency, phase)
            for method in ("single", "single_module", "single_delegated")
            for phase in METHODS[method].phases
        ]
        for key in (nothing, *tasks):
            ratio = f"{results.median(key) / results.median(nothing):.2f}"
            title = METHODS[key.method].title + ("" if key is nothing else f", {key.phase}")
            costs = [_seconds(results, key), ratio, _requests(results, key), _memory(results, key)]
            rows.append([limits.added(latency), title, *costs])
    return table(["added", "what", "time", "times the empty module", "requests", "MB"], rows)


def _compared(results: Results, group: str) -> str:
    rows = [row for latency in results.latencies(group) for row in _methods(results, group, latency)]
    header = ["added", "what", "from nothing", "times the set", "unchanged", "times the set", "requests", "MB"]
    return table(header, rows)


def _methods(results: Results, group: str, latency: float) -> Iterator[Row]:
    """Return the rows of one latency: what was measured in full, and loops scaled from short ones."""
    sets = [limits.whole(results, group, "set", latency, phase) for phase in (NEW, UNCHANGED)]

    def row(title: str, times: Sequence[float], shown: Sequence[str], keys: Sequence[Key]) -> Row:
        ratios = [f"{time / results.median(one):.1f}" for time, one in zip(times, sets)]
        known = [_requests(results, *keys), _memory(results, keys[-1])] if keys else ["", ""]
        return [limits.added(latency), title, *(cell for pair in zip(shown, ratios) for cell in pair), *known]

    for method in ("set", "set_module", "set_digest", "bare", "bare_sequential", "loop", "loop_module", "uri"):
        keys = [replace(key, method=method) for key in sets]
        if keys[0] in results.samples:
            shown = [_seconds(results, key) for key in keys]
            yield row(METHODS[method].title, [results.median(key) for key in keys], shown, keys)
        if method in ("loop_module", "uri"):
            scaled = [results.scaled(key) for key in keys]
            cpu = [results.scaled(key, lambda sample: sample.cpu) for key in keys]
            shown = [f"{time:.1f} s, CPU {seconds:.1f} s" for time, seconds in zip(scaled, cpu)]
            yield row(f"{METHODS[method].title}, scaled", scaled, shown, [])
    least = [limits.floor(results, key) for key in sets]
    yield row("least: one empty module task and the bare program", least, [f"{time:.2f} s" for time in least], [])


def _inventory(results: Results) -> str:
    rows = []
    for latency in results.latencies("d"):
        keys = [limits.whole(results, "d", method, latency, ONCE) for method in ("inventory", "pages", "static")]
        parts = sum(results.median(key) for key in keys[1:])
        for key in keys:
            costs = [_seconds(results, key), f"{results.median(key) / parts:.2f}"]
            hosts = str(key.shape.projects)
            title = METHODS[key.method].title
            rows.append([limits.added(latency), title, hosts, *costs, _requests(results, key), _memory(results, key)])
    return table(["added", "what", "hosts", "time", "times both parts", "requests", "MB"], rows)


def _waits(results: Results) -> str:
    rows = []
    for latency in results.latencies("e"):
        for shape in results.shapes(Key("e", "wait", Shape(), latency, ONCE)):
            key = Key("e", "wait", shape, latency, ONCE)
            delays = results.delays(key)
            costs = [
                f"{results.median(key, lambda sample: sample.requests['total']):.0f}",
                f"{statistics.median(delays):.2f} s",
                f"{delays[int(0.9 * len(delays))]:.2f} s",
                f"{delays[-1]:.2f} s",
                _memory(results, key),
            ]
            rows.append([limits.added(latency), str(shape.connections), str(shape.projects), *costs])
    header = ["added", "connections", "projects", "requests", "delay: median", "nine in ten", "longest", "MB"]
    return table(header, rows)


def _growth(results: Results) -> str:
    rows = []
    for latency in results.latencies("f"):
        for shape in results.shapes(Key("f", "set", Shape(), latency, NEW)):
            sets, bares = (
                [Key("f", method, shape, latency, phase) for phase in (NEW, UNCHANGED)] for method in ("set", "bare")
            )
            times = [_seconds(results, key) for pair in zip(sets, bares) for key in pair]
            costs = [*times, _requests(results, *sets), _unshared(results, *sets), _memory(results, sets[0])]
            rows.append([limits.added(latency), str(shape.connections), str(shape.projects), *costs])
    names = ["set, from nothing", "bare", "set, unchanged", "bare", "requests", "MB", "with shared pages several times"]
    return table(["added", "connections", "projects", *names], rows)


def _fleet(results: Results) -> str:
    rows = []
    for latency in results.latencies("g"):
        for shape in results.shapes(Key("g", "fleet", Shape(), latency, UNCHANGED)):
            keys = [Key("g", method, shape, latency, UNCHANGED) for method in ("fleet", "fleet_module")]
            for key in (one for one in keys if one in results.samples):
                costs = [
                    _seconds(results, key),
                    _requests(results, key),
                    _unshared(results, key),
                    _memory(results, key),
                ]
                rows.append(
                    [limits.added(latency), METHODS[key.method].title, str(shape.projects), str(shape.forks), *costs]
                )
    names = ["hosts", "forks", "time", "requests", "MB", "with shared pages several times"]
    return table(["added", "what", *names], rows)
