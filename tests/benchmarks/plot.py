# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cost against size, as a picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "atlasops.network", "svg.fonttype": "none", "font.size": 9})

from matplotlib import pyplot  # noqa: E402 (after the choice of what it draws with)

from benchmarks import limits  # noqa: E402
from benchmarks.methods import METHODS, NEW, UNCHANGED, Shape  # noqa: E402
from benchmarks.results import Key, Results  # noqa: E402


def draw(results: Results, path: Path) -> None:
    """Draw time from nothing, time unchanged, memory and requests, for the longest latency that was measured."""
    latency = results.latencies("f")[-1]
    figure, ((new, unchanged), (memory, requests)) = pyplot.subplots(2, 2, figsize=(10, 7.5), layout="constrained")
    figure.suptitle(f"atlas_peering_set, five connections in each project, {limits.added(latency)} added per request")
    for axes, phase in ((new, NEW), (unchanged, UNCHANGED)):
        _times(axes, results, latency, phase)
    for phase in (NEW, UNCHANGED):
        keys = _keys(results, "f", "set", latency, phase)
        sizes = [key.shape.connections for key in keys]
        for name, style in (("memory", "o-"), ("module_memory", "o--")):
            peaks = [max(getattr(sample, name) for sample in results.samples[key]) for key in keys]
            label = f"{'all processes' if name == 'memory' else 'the module'}, {phase}"
            memory.plot(sizes, peaks, style, label=label)
        counts = [max(sample.requests["total"] for sample in results.samples[key]) for key in keys]
        requests.plot(sizes, counts, "o-", label=phase)
    memory.axhline(limits.MEGABYTES, color="grey", linestyle=":", label="limit")
    _finish(memory, "peak memory (MB)", logarithmic=False)
    _finish(requests, "requests", logarithmic=False)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _keys(results: Results, group: str, method: str, latency: float, phase: str) -> list[Key]:
    like = Key(group, method, Shape(), latency, phase)
    return [replace(like, shape=shape) for shape in results.shapes(like)]


def _times(axes: Any, results: Results, latency: float, phase: str) -> None:
    for method in ("set", "bare"):
        keys = _keys(results, "f", method, latency, phase)
        axes.plot(
            [key.shape.connections for key in keys],
            [results.median(key) for key in keys],
            "o-",
            label=METHODS[method].title,
        )
    for method in ("loop", "loop_module", "uri"):
        keys = _keys(results, "c", method, latency, phase)
        if keys:
            sizes = [key.shape.connections for key in keys]
            axes.plot(sizes, [results.median(key) for key in keys], "s--", label=f"{METHODS[method].title} (c)")
    _finish(axes, f"seconds, {phase}", logarithmic=True)


def _finish(axes: Any, title: str, logarithmic: bool) -> None:
    axes.set(xlabel="connections", ylabel=title)
    if logarithmic:
        axes.set(xscale="log", yscale="log")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
