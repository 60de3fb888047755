# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure cases, each repetition on a simulator of its own."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from benchmarks import waits
from benchmarks.atlas import Atlas, Connection
from benchmarks.cases import Case
from benchmarks.counting import check, count
from benchmarks.methods import METHODS, NEW, TOKEN_AT_HAND
from benchmarks.results import Key, Results, Sample
from benchmarks.running import Failed, run

# Status steps take no time, and as many connections may be pending as a project can have.
SETTINGS = {"pace": 0.0, "max_pending_peers": 50}


def measure(cases: Sequence[Case], say: Callable[[str], None]) -> Results:
    """Measure the cases. Those of a group take turns, so that whatever else the machine does meets them all.

    An interrupt ends it early: what has been measured is returned.
    """
    results = Results()
    with suppress(KeyboardInterrupt):
        for key, sample, turn in _samples(cases):
            results.add(key, sample)
            say(f"{describe(key)}, run {turn}: {sample.seconds:.2f} s, {sample.cpu:.2f} s of CPU")
    return results


def _samples(cases: Sequence[Case]) -> Iterator[tuple[Key, Sample, int]]:
    for _name, members in groupby(cases, lambda case: (case.group, case.latency)):
        group = list(members)
        for turn in range(max(case.repeat for case in group)):
            for case in group:
                if turn < case.repeat:
                    for key, sample in _repetition(case):
                        yield key, sample, turn + 1


def describe(key: Key) -> str:
    size = f", {key.shape.projects} x {key.shape.each}" if key.shape.projects else ""
    forks = f", {key.shape.forks} forks" if key.shape.forks else ""
    return f"({key.group}) {key.latency * 1000:.0f} ms, {METHODS[key.method].title}{size}{forks}, {key.phase}"


def _repetition(case: Case) -> Iterator[tuple[Key, Sample]]:
    method = METHODS[case.method]
    with tempfile.TemporaryDirectory() as name, Atlas(Path(name), latency=case.latency, **SETTINGS) as atlas:
        folder = Path(name)
        connections = method.seed(atlas, case.shape)
        work = folder / "work.json"
        work.write_text(json.dumps({"connections": connections}), encoding="utf-8")
        for number, phase in enumerate(method.phases):
            # Each run fetches a token of its own, unless the question is what one costs that a run has left.
            cache = folder / f"cache{number - 1 if phase == TOKEN_AT_HAND else number}"
            cache.mkdir(mode=0o700, exist_ok=True)
            environment = {"MONGODB_ATLAS_BASE_URL": atlas.base_url, **atlas.credentials(method.credentials)}
            environment |= {"XDG_CACHE_HOME": str(cache), **method.environment}
            key = Key(case.group, case.method, case.shape, case.latency, phase)
            yield key, _run(key, folder / f"run{number}", work, atlas, connections, environment)


def _run(
    key: Key, folder: Path, work: Path, atlas: Atlas, connections: Sequence[Connection], environment: dict[str, str]
) -> Sample:
    """Measure one run, and insist that it made the requests and changes that it had to make."""
    method = METHODS[key.method]
    other_side: AbstractContextManager[dict[str, float]]
    other_side = waits.accepted_meanwhile(atlas, connections) if method.waits else nullcontext({})
    with other_side as available:
        cost, printed = run(method.command(work, key.shape), folder, environment, closely=key.group in ("f", "g"))
    exchanges = atlas.take_log()
    requests = count(exchanges)
    check(requests, method.expected(key.shape, key.phase), describe(key))
    changed = re.search(r"changed=(\d+)", printed)
    if changed and bool(int(changed[1])) is not (key.phase == NEW):
        raise Failed(f"{describe(key)} ended with {changed[0]}")
    seen = waits.delays(available, exchanges)
    return Sample(**asdict(cost), requests=asdict(requests), delays=seen)
