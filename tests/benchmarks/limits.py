# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits that the collection has set itself, held against what was measured.

They are about CPU time, which other work on the machine disturbs less than the time; that of one task is about both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.commands import Shape
from benchmarks.methods import NEW, ONCE, TOKEN_AT_HAND, UNCHANGED
from benchmarks.results import Key, Results, Sample

TASK, ITEM, ITEM_MORE, LOOP, FLOOR, FLEET, BEND, MEGABYTES = 0.9, 1.5, 0.010, 3, 1.0, 5, 1.5, 250
GROWN = 0.75  # of the time as a module


@dataclass(frozen=True)
class WaitResult:
    """A limit, what was found, and the floor: the least time that is possible, and what would be found then."""

    limit: str
    added: str
    found: str
    least: str
    met: bool


def verdicts(results: Results) -> list[WaitResult]:
    """Judge all groups that were measured."""
    judges = {"a": _one_task, "b": _compared, "c": _many_projects, "f": _growth, "g": _fleet}
    return [
        verdict
        for group, judge in judges.items()
        for latency in results.latencies(group)
        for verdict in judge(results, latency)
    ]


def floor(results: Results, key: Key, of: Callable[[Sample], float] | None = None) -> float:
    """Return the least that a playbook can need: one with an empty module task, and the bare program."""
    nothing = Key(key.group, "empty", Shape(), key.latency, ONCE)
    return sum(results.median(one, of or _seconds) for one in (replace(key, method="bare"), nothing))


def empty(results: Results, group: str, latency: float) -> float:
    return results.median(Key(group, "empty", Shape(), latency, ONCE))


def whole(results: Results, group: str, method: str, latency: float, phase: str) -> Key:
    """Return the key of the largest size."""
    key = Key(group, method, Shape(), latency, phase)
    return replace(key, shape=results.shapes(key)[-1])


def added(latency: float) -> str:
    return f"{latency * 1000:.0f} ms"


def _one_task(results: Results, latency: float) -> Iterator[WaitResult]:
    least = empty(results, "a", latency)
    for phase in (UNCHANGED, TOKEN_AT_HAND):
        ratio, cpu = _ratios(
            results, Key("a", "single", Shape(1, 1), latency, phase), Key("a", "empty", Shape(), latency, ONCE)
        )
        limit = f"(a) {phase}: at most {TASK} times the empty module"
        met = max(ratio, cpu) <= TASK
        yield WaitResult(limit, added(latency), f"{ratio:.2f} (CPU {cpu:.2f})", f"{least:.2f} s", met)


def _compared(results: Results, latency: float) -> Iterator[WaitResult]:
    yield from _loop_and_set(results, "b", latency)


def _many_projects(results: Results, latency: float) -> Iterator[WaitResult]:
    yield from _loop_and_set(results, "c", latency)
    key = whole(results, "c", "loop", latency, UNCHANGED)
    bare = replace(key, method="bare_sequential")
    item, least = further(results, key), ITEM * further(results, bare) + ITEM_MORE
    item_cpu, least_cpu = further(results, key, _cpu), ITEM * further(results, bare, _cpu) + ITEM_MORE
    limit = (
        f"(c) unchanged: a further item of a loop at most {ITEM} times the bare program's and {ITEM_MORE * 1000:.0f} ms"
    )
    found = f"{item * 1000:.1f} ms (CPU {item_cpu * 1000:.1f})"
    allowed = f"{least * 1000:.1f} ms allowed (CPU {least_cpu * 1000:.1f})"
    yield WaitResult(limit, added(latency), found, allowed, item_cpu <= least_cpu)


def _loop_and_set(results: Results, group: str, latency: float) -> Iterator[WaitResult]:
    """Judge the loop against the set, and the set against the least possible."""
    for phase in (NEW, UNCHANGED):
        key = whole(results, group, "set", latency, phase)
        ratio, cpu = _ratios(results, replace(key, method="loop"), key)
        limit = f"({group}) {phase}: the loop at most {LOOP} times the set"
        yield WaitResult(limit, added(latency), f"{ratio:.1f} (CPU {cpu:.1f})", "", cpu <= LOOP)
    least, least_cpu = floor(results, key), floor(results, key, _cpu)
    ratio, cpu = results.median(key) / least, results.median(key, _cpu) / least_cpu
    limit = f"({group}) unchanged: the set at most {FLOOR} times an empty module task and the bare program"
    yield WaitResult(limit, added(latency), f"{ratio:.2f} (CPU {cpu:.2f})", f"{least:.2f} s", cpu <= FLOOR)


def _ratios(results: Results, key: Key, other: Key) -> tuple[float, float]:
    """Return how many times the time and the CPU time of another case this one takes."""
    return results.median(key) / results.median(other), results.median(key, _cpu) / results.median(other, _cpu)


def further(results: Results, key: Key, of: Callable[[Sample], float] | None = None) -> float:
    """Return the seconds of one more item, between the smallest and the largest size."""
    shapes = results.shapes(key)
    (first, low), (last, high) = (
        (one.connections, results.median(replace(key, shape=one), of or _seconds)) for one in (shapes[0], shapes[-1])
    )
    return (high - low) / (last - first)


def _fleet(results: Results, latency: float) -> Iterator[WaitResult]:
    for shape in results.shapes(Key("g", "fleet", Shape(), latency, UNCHANGED)):
        here, module = (Key("g", method, shape, latency, UNCHANGED) for method in ("fleet", "fleet_module"))
        if module not in results.samples:  # an interrupted run
            continue
        what = f"{shape.projects} hosts, {shape.forks} forks"
        ratio, cpu = _ratios(results, module, here)
        limit = f"(g) {what}: at least {FLEET} times faster than as modules"
        yield WaitResult(limit, added(latency), f"{ratio:.1f} (CPU {cpu:.1f})", "", cpu >= FLEET)
        memory, most = (results.median(key, _memory) for key in (here, module))
        limit = f"(g) {what}: no more memory than as modules"
        yield WaitResult(limit, added(latency), f"{memory:.0f} MB", f"{most:.0f} MB allowed", memory <= most)


def _growth(results: Results, latency: float) -> Iterator[WaitResult]:
    key = whole(results, "f", "set", latency, UNCHANGED)
    module = replace(key, method="set_module")
    if module in results.samples:
        ratio, cpu = _ratios(results, key, module)
        limit = f"(f) unchanged: {key.shape.connections} connections in at most {GROWN} times the time as a module"
        yield WaitResult(limit, added(latency), f"{ratio:.2f} (CPU {cpu:.2f})", "", cpu <= GROWN)
    for phase in (NEW, UNCHANGED):
        key = whole(results, "f", "set", latency, phase)
        most = max(sample.memory for sample in results.samples[key])
        limit = f"(f) {phase}: {key.shape.connections} connections in less than {MEGABYTES} MB"
        yield WaitResult(limit, added(latency), f"{most:.0f} MB", "", most < MEGABYTES)
        keys = [replace(key, shape=shape) for shape in results.shapes(key)]
        for name, of in MEASURES.items():
            found = bend([(one.shape.connections, results.median(one, of)) for one in keys])
            limit = f"(f) {phase}: {name} grows linearly, so that one more costs at most {BEND} times what it did"
            yield WaitResult(limit, added(latency), f"{found:.2f}", "1.00", found <= BEND)


def _seconds(sample: Sample) -> float:
    return sample.seconds


def _cpu(sample: Sample) -> float:
    return sample.cpu


def _memory(sample: Sample) -> float:
    return sample.unshared_memory


MEASURES = {"time": _seconds, "memory": _memory}


def bend(points: Sequence[tuple[int, float]]) -> float:
    """Return how much steeper the last stretch of a curve is than all before it."""
    (first, low), (middle, knee), (last, high) = points[0], points[-2], points[-1]
    return ((high - knee) / (last - middle)) / ((knee - low) / (middle - first))
