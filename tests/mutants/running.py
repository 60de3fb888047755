# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs mutants: each in a process of its own, which is forked when all tests are collected and nothing has run yet.

A mutant takes the place of its function by the code object, so it also works in properties, in decorated and in nested
functions, and no file is written.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import select
import shutil
import signal
import tempfile
import time
import types
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mutants.mutations import Mutant
from mutants.reach import Reach, run

KILLED, SURVIVED, UNREACHED, TIMED_OUT, INVALID = "killed", "survived", "unreached", "timed out", "invalid"
Key = tuple[str, str, int]
_IDLE_SECONDS = 8.0
_CHECKED = 200  # tests that are run without any mutant


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant, and which test killed it."""

    mutant: str
    state: str
    test: str = ""


@dataclass
class _Running:
    mutant: Mutant | None
    pipe: int
    until: float
    said: bytes = b""
    used: str = ""
    used_at: float = 0.0

    def hangs(self, pid: int) -> bool:
        """Report whether it takes too long, or has done nothing at all for some time, which no test does."""
        now, used = time.monotonic(), _time_used(pid)
        if used != self.used:
            self.used, self.used_at = used, now
        return now > self.until or now > self.used_at + _IDLE_SECONDS


def _time_used(pid: int) -> str:
    """Return what the system says of the CPU time of a process."""
    return " ".join(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])


def live_functions(folders: Sequence[Path]) -> dict[Key, list[types.FunctionType]]:
    """Return the functions in memory that come from these folders."""
    found = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType):
            code = each.__code__
            path = Path(os.path.realpath(code.co_filename))
            if path.parent in folders:
                found[str(path), code.co_qualname, code.co_firstlineno].append(each)
    return found


@dataclass
class Runner:
    """Runs mutants beside each other; the tests that have killed a function's other mutants come first."""

    items: dict[str, pytest.Item]
    reach: Reach
    folders: Sequence[Path]
    workers: int
    killers: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    running: dict[int, _Running] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.reach.modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        self.functions = live_functions(self.folders)
        gc.collect()
        gc.freeze()

    def check(self) -> None:
        """Raise RuntimeError if tests fail here without any mutant, so that every mutant would seem to be killed."""
        tests = sorted(self.reach.seconds, key=self.reach.seconds.__getitem__)[:_CHECKED]
        self._start(None, [test for test in tests if test in self.items])
        while self.running:
            for outcome in self._ended():
                if outcome.state != SURVIVED:
                    raise RuntimeError(f"This fails without any mutant: {outcome.test or outcome.state}")

    def run(self, mutants: Iterable[Mutant], seconds: float) -> Iterator[Outcome]:
        for mutant in mutants:
            tests = self._tests(mutant, seconds)
            if not tests:
                yield Outcome(mutant.name, UNREACHED)
                continue
            while len(self.running) >= self.workers:
                yield from self._ended()
            self._start(mutant, tests)
        while self.running:
            yield from self._ended()

    def _tests(self, mutant: Mutant, most: float) -> list[str]:
        """Return the tests for a mutant, which take at most so many seconds, and at least one if any reaches it."""
        tests = [test for test in self.reach.tests_of(mutant) if test in self.items]
        reaching = set(tests)
        known = [test for test in reversed(self.killers[mutant.unit.name]) if test in reaching]
        chosen, seconds = [], 0.0
        for test in dict.fromkeys([*known[:20], *tests]):
            seconds += self.reach.seconds[test]
            if chosen and seconds > most:
                break
            chosen.append(test)
        return chosen

    def _start(self, mutant: Mutant | None, tests: list[str]) -> None:
        seconds = sum(self.reach.seconds[test] for test in tests)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            limit = int(2 * seconds + 4)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            self._child(mutant, tests, writing)
        os.close(writing)
        self.running[pid] = _Running(mutant, reading, time.monotonic() + 10 * seconds + 40)

    def _child(self, mutant: Mutant | None, tests: list[str], pipe: int) -> None:
        """Replace the function, run its tests up to the first that fails, and report that one."""
        status = b"!"
        try:
            os.setpgid(0, 0)
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nothing, stream)
            items = [self.items[test] for test in tests]
            items[0].config._tmp_path_factory._given_basetemp = folder_of(os.getpid())  # type: ignore[attr-defined]
            if self._replace(mutant):
                status = b""
                for item, following in zip(items, [*items[1:], None]):
                    if not run(item, following):
                        status = item.nodeid.encode()
                        break
        except (SyntaxError, ValueError):
            status = b"!"
        except BaseException:  # what a mutant raises where pytest does not expect it
            status = b"?"
        os.write(pipe, status + b"\n")
        os._exit(0)

    def _replace(self, mutant: Mutant | None) -> bool:
        """Put a mutant in the place of its function, and report whether that is in memory."""
        if mutant is None:
            return True
        unit = mutant.unit
        functions = self.functions.get((unit.file, unit.name, unit.first_line), [])
        code = mutant.code()
        for function in functions:
            function.__code__ = code
        return bool(functions)

    def _ended(self) -> Iterator[Outcome]:
        pipes = {one.pipe: pid for pid, one in self.running.items()}
        ready, _, _ = select.select(list(pipes), [], [], 0.5)
        for pipe in ready:
            one = self.running[pipes[pipe]]
            said = os.read(pipe, 65536)
            one.said += said
            if not said or one.said.endswith(b"\n"):
                yield self._end(pipes[pipe])
        for pid, one in list(self.running.items()):
            if one.hangs(pid):
                yield self._end(pid)

    def _end(self, pid: int) -> Outcome:
        one = self.running.pop(pid)
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(one.pipe)
        shutil.rmtree(folder_of(pid), ignore_errors=True)
        name = one.mutant.name if one.mutant else ""
        if not one.said:
            return Outcome(name, TIMED_OUT)
        test = one.said.decode().strip()
        if one.mutant and test in self.items:
            self.killers[one.mutant.unit.name].pop(test, None)
            self.killers[one.mutant.unit.name][test] = None
        return Outcome(name, {"": SURVIVED, "!": INVALID}.get(test, KILLED), test)


def folder_of(pid: int) -> Path:
    return Path(tempfile.gettempdir()) / f"mutant-{pid}"
