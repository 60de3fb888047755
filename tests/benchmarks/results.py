# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples and their medians, and what short loops tell of long ones."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from benchmarks.commands import Shape
from benchmarks.running import Cost


@dataclass(frozen=True)
class Sample(Cost):
    """A run's cost with its requests, and for a wait the seconds for which it did not know what had happened."""

    requests: Mapping[str, int]
    delays: tuple[float, ...] = ()


@dataclass(frozen=True)
class Key:
    """What was measured: one phase of one case."""

    group: str
    method: str
    shape: Shape
    latency: float
    phase: str


@dataclass
class Results:
    """All samples, in the order in which they were measured."""

    samples: dict[Key, list[Sample]] = field(default_factory=dict)

    def add(self, key: Key, sample: Sample) -> None:
        self.samples.setdefault(key, []).append(sample)

    def median(self, key: Key, of: Callable[[Sample], float] = lambda sample: sample.seconds) -> float:
        return statistics.median(of(sample) for sample in self.samples[key])

    def delays(self, key: Key) -> list[float]:
        """Return the delays of all runs, the shortest first."""
        return sorted(delay for sample in self.samples[key] for delay in sample.delays)

    def shapes(self, like: Key) -> list[Shape]:
        """Return the sizes at which this was measured, the smallest first."""
        found = [key.shape for key in self.samples if replace(key, shape=like.shape) == like]
        return sorted(found, key=lambda shape: shape.connections)

    def latencies(self, group: str) -> list[float]:
        return sorted({key.latency for key in self.samples if key.group == group})

    def scaled(self, key: Key, of: Callable[[Sample], float] = lambda sample: sample.seconds) -> float:
        """Return what a loop of this size costs by the straight line through the medians of the two shortest ones.

        A line that falls is noise: more connections never cost less.
        """
        short = [replace(key, shape=shape) for shape in self.shapes(key)[:2]]
        (first, second), (low, high) = short, [self.median(one, of) for one in short]
        rise = max(0.0, (high - low) / (second.shape.connections - first.shape.connections))
        return low + rise * (key.shape.connections - first.shape.connections)

    def as_data(self) -> list[dict[str, Any]]:
        return [{**asdict(key), "samples": [asdict(sample) for sample in found]} for key, found in self.samples.items()]

    @classmethod
    def of_data(cls, data: Sequence[Mapping[str, Any]]) -> Results:
        results = cls()
        for entry in data:
            named = {name: value for name, value in entry.items() if name != "samples"}
            key = Key(**{**named, "shape": Shape(**entry["shape"])})
            results.samples[key] = [Sample(**{**one, "delays": tuple(one["delays"])}) for one in entry["samples"]]
        return results
