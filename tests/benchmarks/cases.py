# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.methods import Shape

GROUPS = {
    "a": "One task",
    "b": "Many connections in one project",
    "c": "Many projects with one connection each",
    "d": "The inventory",
    "e": "Waiting",
    "f": "Growth, with five connections in each project",
}


@dataclass(frozen=True)
class Scale:
    """How much there is to do. A loop is measured short, and once in full to see that the short ones tell it."""

    latencies: Sequence[float] = (0.0, 0.05)
    repeat: int = 5
    in_one: int = 50
    projects: int = 200
    hosts: int = 1000
    short_loops: Sequence[int] = (1, 8)
    waits: Sequence[Shape] = (Shape(50, 1), Shape(100, 5))
    growth: Sequence[int] = (2, 10, 40, 200, 1000)


FULL = Scale()
QUICK = Scale((0.0,), 1, 4, 6, 20, (1, 3), (Shape(2, 1),), (1, 2, 4))


@dataclass(frozen=True)
class Case:
    """One method at one size, so many times."""

    group: str
    method: str
    shape: Shape
    latency: float
    repeat: int


def cases(scale: Scale) -> list[Case]:
    makers = {"a": _one_task, "b": _one_project, "c": _many_projects, "d": _inventory, "e": _waits, "f": _growth}
    return [
        Case(group, method, shape, latency, repeat)
        for group, make in makers.items()
        for latency in scale.latencies
        for method, shape, repeat in make(scale, latency)
    ]


Part = Iterable[tuple[str, Shape, int]]


def _one_task(scale: Scale, _latency: float) -> Part:
    """Return more repetitions than elsewhere: a few per cent are looked at."""
    return [("empty", Shape(), 3 * scale.repeat), ("single", Shape(1, 1), 3 * scale.repeat)]


def _one_project(scale: Scale, latency: float) -> Part:
    return _compared(scale, latency, lambda count: Shape(1, count), scale.in_one)


def _many_projects(scale: Scale, latency: float) -> Part:
    full = scale.projects
    return [
        *_compared(scale, latency, lambda count: Shape(count, 1), full),
        ("set_digest", Shape(full, 1), scale.repeat),
    ]


def _compared(scale: Scale, latency: float, shape: Callable[[int], Shape], full: int) -> Part:
    """Compare in full what is fast; measure loops short, and the one that limits are about once in full."""
    yield "empty", Shape(), scale.repeat
    for method in ("set", "bare"):
        yield method, shape(full), scale.repeat
    for method in ("loop", "uri"):
        for count in scale.short_loops:
            yield method, shape(count), scale.repeat
    if latency == max(scale.latencies):
        yield "loop", shape(full), 1


def _inventory(scale: Scale, _latency: float) -> Part:
    return [(method, Shape(scale.hosts), scale.repeat) for method in ("inventory", "pages", "static")]


def _waits(scale: Scale, _latency: float) -> Part:
    return [("wait", shape, scale.repeat) for shape in scale.waits]


def _growth(scale: Scale, _latency: float) -> Part:
    return [(method, Shape(count, 5), scale.repeat) for count in scale.growth for method in ("set", "bare")]
