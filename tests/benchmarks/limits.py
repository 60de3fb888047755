# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits that the collection has set itself, held against what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.methods import NEW, ONCE, TOKEN_AT_HAND, UNCHANGED, Shape
from benchmarks.results import Key, Results, Sample

TASK, FLOOR, BEND, MEGABYTES = 1.15, 1.25, 1.5, 300
FASTER_IN_ONE, FASTER_OVER_MANY = 15, 50


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
    judges = {"a": _one_task, "b": _one_project, "c": _many_projects, "f": _growth}
    return [
        verdict
        for group, judge in judges.items()
        for latency in results.latencies(group)
        for verdict in judge(results, latency)
    ]


def floor(results: Results, key: Key) -> float:
    """Return the least that a playbook can need: one with an empty module task, and the bare program."""
    return results.median(replace(key, method="bare")) + empty(results, key.group, key.latency)


def empty(results: Results, group: str, latency: float) -> float:
    return results.median(Key(group, "empty", Shape(), latency, ONCE))


def loop(results: Results, key: Key) -> float:
    """Return the time of the loop of single tasks: what its short runs tell, or less where a full run took less."""
    key = replace(key, method="loop")
    scaled = results.scaled(key)
    return min(scaled, results.median(key)) if key in results.samples else scaled


def whole(results: Results, group: str, method: str, latency: float, phase: str) -> Key:
    """Return the key of the largest size."""
    key = Key(group, method, Shape(), latency, phase)
    return replace(key, shape=results.shapes(key)[-1])


def added(latency: float) -> str:
    return f"{latency * 1000:.0f} ms"


def _one_task(results: Results, latency: float) -> Iterator[WaitResult]:
    least = empty(results, "a", latency)
    for phase in (UNCHANGED, TOKEN_AT_HAND):
        ratio = results.median(Key("a", "single", Shape(1, 1), latency, phase)) / least
        limit = f"(a) {phase}: at most {TASK} times the empty module"
        yield WaitResult(limit, added(latency), f"{ratio:.2f}", f"{least:.2f} s", ratio <= TASK)


def _faster(results: Results, key: Key, times: int) -> WaitResult:
    slow, least = loop(results, key), floor(results, key)
    ratio = slow / results.median(key)
    limit = f"({key.group}) {key.phase}: at least {times} times faster than the loop"
    return WaitResult(limit, added(key.latency), f"{ratio:.1f}", f"{least:.2f} s, {slow / least:.1f}", ratio >= times)


def _one_project(results: Results, latency: float) -> Iterator[WaitResult]:
    for phase in (NEW, UNCHANGED):
        yield _faster(results, whole(results, "b", "set", latency, phase), FASTER_IN_ONE)


def _many_projects(results: Results, latency: float) -> Iterator[WaitResult]:
    key = whole(results, "c", "set", latency, UNCHANGED)
    yield _faster(results, key, FASTER_OVER_MANY)
    least = floor(results, key)
    ratio = results.median(key) / least
    limit = f"(c) unchanged: at most {FLOOR} times an empty module task and the bare program"
    yield WaitResult(limit, added(latency), f"{ratio:.2f}", f"{least:.2f} s", ratio <= FLOOR)


def _growth(results: Results, latency: float) -> Iterator[WaitResult]:
    for phase in (NEW, UNCHANGED):
        key = whole(results, "f", "set", latency, phase)
        most = max(sample.unshared_memory for sample in results.samples[key])
        limit = f"(f) {phase}: {key.shape.connections} connections in less than {MEGABYTES} MB"
        yield WaitResult(limit, added(latency), f"{most:.0f} MB", "", most < MEGABYTES)
        keys = [replace(key, shape=shape) for shape in results.shapes(key)]
        for name, of in MEASURES.items():
            found = bend([(one.shape.connections, results.median(one, of)) for one in keys])
            limit = f"(f) {phase}: {name} grows linearly, so that one more costs at most {BEND} times what it did"
            yield WaitResult(limit, added(latency), f"{found:.2f}", "1.00", found <= BEND)


def _seconds(sample: Sample) -> float:
    return sample.seconds


def _memory(sample: Sample) -> float:
    return sample.unshared_memory


MEASURES = {"time": _seconds, "memory": _memory}


def bend(points: Sequence[tuple[int, float]]) -> float:
    """Return how much steeper the last stretch of a curve is than all before it."""
    (first, low), (middle, knee), (last, high) = points[0], points[-2], points[-1]
    return ((high - knee) / (last - middle)) / ((knee - low) / (middle - first))
