# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests reach which lines, and how long each takes: measured once, with every test."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from mutants.mutations import Mutant


@dataclass(frozen=True)
class Reach:
    """The tests of each line of each file, and the seconds of CPU time that a test takes, whatever else is running."""

    tests: dict[str, dict[str, list[str]]]
    seconds: dict[str, float]
    modules: list[str]

    @classmethod
    def read(cls, path: Path) -> Reach:
        return cls(**json.loads(path.read_text()))

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach the changed statement: the fastest first; those of its file count a tenth."""
        lines = self.tests.get(mutant.unit.file, {})
        span = range(mutant.place.line, mutant.place.last_line + 1)
        found = {test for line in span for test in lines.get(str(line), ())}
        path = Path(mutant.unit.file)
        mirror = f"/{path.parent.name}/test_{path.stem}"
        return sorted(found, key=lambda test: self.seconds[test] / (10 if mirror in test else 1))


def run(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Run a test, and tell whether it passes."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def measure(items: Sequence[pytest.Item], folders: Sequence[Path], path: Path) -> None:
    """Run every test, and write what those that pass reach."""
    import coverage  # noqa: PLC0415 only this needs it

    include = [f"{folder}/*" for folder in folders]
    measurement = coverage.Coverage(data_file=None, include=include, config_file=False)
    seconds: dict[str, float] = {}
    measurement.start()
    for item, following in zip(items, [*items[1:], None]):
        measurement.switch_context(item.nodeid)
        start = time.process_time()
        if run(item, following):
            seconds[item.nodeid] = time.process_time() - start
        else:
            print(f"This test fails without any mutant, and is left out: {item.nodeid}")
    measurement.stop()
    data = measurement.get_data()
    tests = {
        file: {
            str(line): [name for name in contexts if name in seconds]
            for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    path.write_text(json.dumps({"tests": tests, "seconds": seconds, "modules": sorted(sys.modules)}))
