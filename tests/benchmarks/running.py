# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command in a clean environment and see what it costs."""

from __future__ import annotations

import re
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from support.run_playbook import clean_environment

PATIENCE = 900.0  # seconds after which a run has hung
PAUSE = 0.05  # seconds between two looks at the processes
CLOSE_LOOK = 5  # every so many looks is a close one, which costs milliseconds for each process
MODULE = b"AnsiballZ_"  # in the command line of a process that runs a module


class Failed(Exception):
    """A command did not end as it should."""


@dataclass(frozen=True)
class Cost:
    """What one run took; memory is the most at any time, in MB."""

    seconds: float
    memory: float  # of all processes, each with what it shares with others
    module_memory: float  # of the process that runs a module
    unshared_memory: float  # of all processes, what they share counted once; 0 unless looked at closely
    cpu: float = field(default=0.0, kw_only=True)  # seconds of all processes, which other work disturbs less


class Memory:
    """Watches a process and its descendants, by what Linux shows of them in /proc."""

    def __init__(self, pid: int, closely: bool) -> None:
        self._pid = pid
        self._closely = closely
        self._stopped = threading.Event()
        self.total = self.of_module = self.unshared = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        thread = threading.Thread(target=self._watch)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            thread.join()

    def _watch(self) -> None:
        looks = 0
        while not self._stopped.wait(PAUSE):
            looks += 1
            family = _family(self._pid)
            self.total = max(self.total, sum(_megabytes(pid, "status", "VmRSS") for pid in family))
            # A process' own peak is kept by the kernel, so that it is not missed between two looks.
            modules = [pid for pid in family if MODULE in _read(f"/proc/{pid}/cmdline")]
            self.of_module = max([self.of_module, *(_megabytes(pid, "status", "VmHWM") for pid in modules)])
            if self._closely and looks % CLOSE_LOOK == 1:
                self.unshared = max(self.unshared, sum(_megabytes(pid, "smaps_rollup", "Pss") for pid in family))


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:  # It has ended.
        return b""


def _family(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            fields = _read(f"{folder}/stat").rpartition(b")")[2].split()
            if fields:
                children.setdefault(int(fields[1]), []).append(int(folder.name))
    family = [root]
    for pid in family:  # It grows meanwhile.
        family += children.get(pid, [])
    return family


def _megabytes(pid: int, source: str, name: str) -> float:
    found = re.search(rb"\b%s:\s+(\d+) kB" % name.encode(), _read(f"/proc/{pid}/{source}"))
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], closely: bool = False
) -> tuple[Cost, str]:
    """Run a command to its good end and return its cost and what it printed."""
    folder.mkdir()
    everything = {**clean_environment(folder), **environment}
    del everything["ANSIBLE_CALLBACKS_ENABLED"]  # It serves tests, not measurements.
    printed = folder / "printed"
    with printed.open("wb") as output:
        started, before = time.perf_counter(), _cpu()
        process = subprocess.Popen(
            command, cwd=folder, env=everything, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        memory = Memory(process.pid, closely)
        with memory.watched(), _killed_in_the_end(process):
            process.wait()
            seconds = time.perf_counter() - started
    text = printed.read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{text[-3000:]}")
    return Cost(seconds, memory.total, memory.of_module, memory.unshared, cpu=_cpu() - before), text


def _cpu() -> float:
    """Return the seconds that processes which have ended spent for this one."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _killed_in_the_end(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let it hang for so long only. Waiting with a timeout would look every 50 ms, which is too coarse."""
    hung = threading.Timer(PATIENCE, process.kill)
    hung.start()
    try:
        yield
    finally:
        hung.cancel()
        process.kill()
        process.wait()
