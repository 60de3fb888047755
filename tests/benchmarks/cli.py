# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: measure, show, and keep the results."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from benchmarks import machine
from benchmarks.cases import FULL, GROUPS, QUICK, cases
from benchmarks.counting import Miscounted
from benchmarks.measuring import measure
from benchmarks.report import report
from benchmarks.results import Results
from benchmarks.running import Failed


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure what the collection costs.")
    add = parser.add_argument
    add("--only", type=_groups, default=list(GROUPS), help=f"groups to measure, of {','.join(GROUPS)}")
    add("--repeat", type=int, help=f"repetitions (default: {FULL.repeat})")
    add("--latency", type=float, help="seconds added to each request (default: without, then with 0.05)")
    add("--quick", action="store_true", help="everything small and once, to try it out: its numbers mean nothing")
    add("--results", type=Path, help="folder to write DATE.json, DATE.md and DATE.svg to (the last needs matplotlib)")
    add("--show", type=Path, help="make tables and picture of this JSON file anew, without measuring")
    options = parser.parse_args(arguments)
    draws = options.results and (options.show or "f" in options.only)
    if draws and importlib.util.find_spec("matplotlib") is None:
        parser.error(
            "--results draws a plot of group f, which needs matplotlib: install tests/benchmarks/requirements.txt"
        )
    return options


def _groups(text: str) -> list[str]:
    groups = text.split(",")
    if not set(groups) <= set(GROUPS):
        raise argparse.ArgumentTypeError(f"groups are {','.join(GROUPS)}")
    return groups


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    try:
        described, results = _read(options.show) if options.show else _measured(options)
    except (Failed, Miscounted) as error:
        print(error, file=sys.stderr)
        return 1
    base = options.results and options.results / described["date"]
    if base:
        _write(base, described, results)
    text = report(described, results)
    print(text)
    if base:
        _keep(base, results, text)
    return 0


def _measured(options: argparse.Namespace) -> tuple[dict[str, str], Results]:
    scale = QUICK if options.quick else FULL
    latencies = scale.latencies if options.latency is None else [options.latency]
    scale = replace(scale, repeat=options.repeat or scale.repeat, latencies=latencies)
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - started:5.0f} s  {line}", file=sys.stderr, flush=True)

    computed = [case for case in cases(scale) if case.group in options.only]
    return machine.describe(), measure(computed, say)


def _read(path: Path) -> tuple[dict[str, str], Results]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return content["machine"], Results.of_data(content["results"])


def _write(base: Path, described: dict[str, str], results: Results) -> None:
    """Write the samples, before anything can go wrong with them."""
    base.parent.mkdir(parents=True, exist_ok=True)
    content = {"machine": described, "results": results.as_data()}
    base.with_suffix(".json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _keep(base: Path, results: Results, text: str) -> None:
    base.with_suffix(".md").write_text(text, encoding="utf-8")
    if results.latencies("f"):
        from benchmarks.plot import draw  # noqa: PLC0415 (only here is matplotlib needed)

        draw(results, base.with_suffix(".svg"))
