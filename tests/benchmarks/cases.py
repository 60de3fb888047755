# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.commands import Shape

GROUPS = {
    "a": "One task",
    "b": "Many connections in one project",
    "c": "Many projects with one connection each",
    "d": "The inventory",
    "e": "Waiting",
    "f": "Growth, with five connections in each project",
    "g": "One host for each project, unchanged",
}


@dataclass(frozen=True)
class Scale:
    """How much there is to do. Loops that start a process for each item are measured short."""

    latencies: Sequence[float] = (0.0, 0.05)
    repeat: int = 1
    in_one: int = 50
    projects: int = 200
    hosts: int = 1000
    short_loops: Sequence[int] = (1, 8)
    waits: Sequence[Shape] = (Shape(50, 1), Shape(100, 5))
    growth: Sequence[int] = (2, 40, 200, 1000)
    fleet: int = 200
    forks: Sequence[int] = (5, 20, 50)


FULL = Scale()
QUICK = Scale((0.0,), 1, 4, 6, 20, (1, 3), (Shape(2, 1),), (1, 2, 4), 3, (2,))


@dataclass(frozen=True)
class Case:
    """One method at one size, so many times."""

    group: str
    method: str
    shape: Shape
    latency: float
    repeat: int


def cases(scale: Scale) -> list[Case]:
    makers = {
        "a": _one_task,
        "b": _one_project,
        "c": _many_projects,
        "d": _inventory,
        "e": _waits,
        "f": _growth,
        "g": _fleet,
    }
    return [
        Case(group, method, shape, latency, repeat)
        for group, make in makers.items()
        for latency in scale.latencies
        for method, shape, repeat in make(scale)
    ]


Part = Iterable[tuple[str, Shape, int]]


def _one_task(scale: Scale) -> Part:
    """Return more repetitions than elsewhere: a few per cent are looked at."""
    methods = ("single", "single_module", "single_delegated")
    return [("empty", Shape(), 3 * scale.repeat), *((one, Shape(1, 1), 3 * scale.repeat) for one in methods)]


def _one_project(scale: Scale) -> Part:
    return _compared(scale, lambda count: Shape(1, count), scale.in_one)


def _many_projects(scale: Scale) -> Part:
    return [
        *_compared(scale, lambda count: Shape(count, 1), scale.projects),
        ("set_digest", Shape(scale.projects, 1), scale.repeat),
        ("bare_sequential", Shape(1, 1), scale.repeat),
        ("bare_sequential", Shape(scale.projects, 1), scale.repeat),
    ]


def _compared(scale: Scale, shape: Callable[[int], Shape], full: int) -> Part:
    """Compare in full what is fast, and measure loops that start a process for each item short."""
    yield "empty", Shape(), scale.repeat
    for method in ("set", "set_module", "bare", "loop"):
        yield method, shape(full), scale.repeat
    yield "loop", shape(1), scale.repeat
    for method in ("loop_module", "uri"):
        for count in scale.short_loops:
            yield method, shape(count), scale.repeat


def _inventory(scale: Scale) -> Part:
    return [(method, Shape(scale.hosts), scale.repeat) for method in ("inventory", "pages", "static")]


def _waits(scale: Scale) -> Part:
    return [("wait", shape, scale.repeat) for shape in scale.waits]


def _growth(scale: Scale) -> Part:
    sizes = [(method, Shape(count, 5), scale.repeat) for count in scale.growth for method in ("set", "bare")]
    return [*sizes, ("set_module", Shape(scale.growth[-1], 5), scale.repeat)]


def _fleet(scale: Scale) -> Part:
    methods = ("fleet", "fleet_module")
    return [(method, Shape(scale.fleet, 1, forks), scale.repeat) for forks in scale.forks for method in methods]
