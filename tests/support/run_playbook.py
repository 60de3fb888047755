# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real `ansible-playbook` processes and gives back what they did as data."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Callable

from support.commands import Command
from support.patience import PATIENCE

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CALLBACKS = Path(__file__).parent / "callback"
TROUBLE = re.compile(r"\[(?:WARNING|DEPRECATION|ERROR\]: Unexpected)[^\n]*|Traceback \(most recent call last\)")

Task = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What one run of ansible-playbook left: `results` has each task's outcome and result, in order."""

    returncode: int
    stdout: str
    stderr: str
    results: Sequence[Mapping[str, Any]]

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    def entry(self, task: str) -> Mapping[str, Any]:
        found = [entry for entry in self.results if entry["task"].rpartition(" : ")[2] == task]
        assert len(found) == 1, f"{len(found)} results of the task {task!r} in:\n{self.output[-2000:]}"
        return found[0]

    def outcome(self, task: str) -> str:
        """Return ok, failed, skipped or unreachable."""
        return str(self.entry(task)["outcome"])

    def __getitem__(self, task: str) -> dict[str, Any]:
        """Return the result of the one task of this name."""
        return dict(self.entry(task)["result"])

    @property
    def stats(self) -> dict[str, Any]:
        """Return what set_stats handed over; ANSIBLE_SHOW_CUSTOM_STATS has to be set."""
        stats, _end = json.JSONDecoder().raw_decode(self.stdout.partition("RUN:")[2].lstrip())
        return dict(stats)

    def msg(self, task: str) -> str:
        """Return the message of a task, which must have failed."""
        assert self.outcome(task) == "failed", f"{task}: {self[task]}"
        return str(self[task]["msg"])


class Running:
    """A run under way; what it says can be read while it goes on."""

    def __init__(self, command: Command, expected: str, executed: bool) -> None:
        self._command = command
        self._home = Path(command.environment["HOME"])
        self._expected = expected
        self._process = command.execute() if executed else command.start()

    @property
    def output(self) -> str:
        return self._command.output

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def await_line(self, pattern: str) -> None:
        """Return as soon as a line that matches is on stdout or stderr."""
        end = time.monotonic() + PATIENCE
        while self.alive and time.monotonic() < end:
            if re.search(pattern, self.output, re.MULTILINE):
                return
            time.sleep(0.02)
        assert re.search(pattern, self.output, re.MULTILINE), f"no line {pattern!r} in:\n{self.output}"

    def interrupt(self, number: signal.Signals, group: bool = False) -> None:
        """Send a signal to ansible-playbook alone, or to its process group as a terminal does.

        Not as soon as a line appears: a worker that is killed before it releases the queue of lines makes
        ansible-playbook wait for that queue for ever. Await something that the worker does after it.
        """
        if group:
            os.killpg(self._process.pid, number)
        else:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End it outright, whatever it is doing, and leave nothing behind."""
        kill_everything(self._home)
        if self.alive:  # where there is no /proc
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def await_end_of_all(self) -> None:
        """Return as soon as no process of the run is left, so that nobody sends requests any more."""
        eventually("end of all processes", lambda: not processes_of(self._home))

    def end(self, patience: float = PATIENCE) -> int:
        """Wait for the end of ansible-playbook and return its code."""
        return self._process.wait(patience)

    def finish(self, patience: float = PATIENCE) -> Run:
        """Wait for the end and return what was done; warnings that nobody expected fail the test."""
        return finished(self._command, self.end(patience), self._expected)


def finished(command: Command, returncode: int, expected: str) -> Run:
    """Return what a run that has ended did; warnings that nobody expected fail the test."""
    results = Path(command.environment["TASK_RESULTS"])
    lines = results.read_text().splitlines() if results.exists() else []
    run = Run(returncode, command.stdout, command.stderr, [json.loads(line) for line in lines])
    found = [one[0] for one in TROUBLE.finditer(run.output)]
    surprises = [line for line in found if not expected or not re.search(expected, line)]
    assert not surprises, f"unexpected: {surprises}\n{run.output}"
    return run


class Play:
    """Makes playbooks of tasks and runs each in a clean environment, in a folder of its own."""

    def __init__(self, folder: Path, credentials: Mapping[str, str]) -> None:
        self._folder = folder
        self._credentials = credentials
        self._started: list[Running] = []
        self._numbers = count(1)

    def __call__(self, *tasks: Task, expected: str = "", **how: Any) -> Run:
        """Run the tasks on localhost, and wait for the end; `how` is as for start()."""
        command = self._command(*tasks, place=_place(), **how)
        return finished(command, command.run(PATIENCE), expected)

    def start(self, *tasks: Task, expected: str = "", executed: bool = False, **how: Any) -> Running:
        """Start a run.

        Args:
            tasks: The tasks of the only play.
            expected: A regular expression of warnings that may appear.
            executed: Whether its command line and environment can be seen, which forked processes have from a server.
            how: As for _command().
        """
        self._started.append(Running(self._command(*tasks, **how), expected, executed))
        return self._started[-1]

    def _command(
        self,
        *tasks: Task,
        place: Path | None = None,
        environment: Mapping[str, str] | None = None,
        args: Sequence[str] = (),
        playbook: str | None = None,
        **keywords: Any,
    ) -> Command:
        """Prepare a run.

        Args:
            tasks: The tasks of the only play.
            place: Where the run finds its folder, which gets a name of its own in any case.
            environment: Variables for the process; by default they lead to the simulator.
            args: Further arguments of ansible-playbook.
            playbook: FQCN of a playbook to run in place of the tasks.
            keywords: Further keywords of the play, such as module_defaults.
        """
        folder = self._folder / f"run{next(self._numbers)}"
        folder.mkdir()
        variables = self._credentials if environment is None else environment
        if place:
            place.unlink(missing_ok=True)
            place.symlink_to(folder)
        everything = {**clean_environment(place or folder), **variables}
        if playbook is None:
            play = {"hosts": "localhost", "gather_facts": False, **keywords, "tasks": list(tasks)}
            playbook = str(folder / "playbook.yml")
            Path(playbook).write_text(json.dumps([play], indent=2))
        return Command([str(BIN / "ansible-playbook"), playbook, *args], str(folder), everything)

    def stop(self) -> None:
        for running in self._started:
            running.kill()


@cache
def _place() -> Path:
    """Return where runs that follow one another find their folders, so that all have the same environment."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    return Path(folder, "run")


def clean_environment(folder: Path) -> dict[str, str]:
    """Return all that a run needs, and nothing of whoever runs the tests."""
    temporary = folder / "tmp"
    temporary.mkdir()
    (folder / "ansible.cfg").touch()
    return {
        "ANSIBLE_CALLBACKS_ENABLED": "task_results",
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections"),
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_LOCAL_TEMP": str(temporary),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_REMOTE_TEMP": str(temporary),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join([str(BIN), "/usr/local/bin", "/usr/bin", "/bin"]),
        "PYTHONUNBUFFERED": "1",  # Ansible flushes only what it writes to a terminal
        "TASK_RESULTS": str(folder / "results.jsonl"),
        "TMPDIR": str(temporary),
        **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
    }


def kill_everything(home: Path) -> None:
    """Kill all processes that were started with this home, as when their container goes.

    Ansible's workers have sessions of their own, so a process group is not all of them. They are stopped before they
    are killed, so that none has time to react to the end of another.
    """
    for number in (signal.SIGSTOP, signal.SIGKILL):
        reached: set[int] = set()
        while new := {*processes_of(home)} - reached:
            for pid in new:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            reached |= new
    eventually("end of all processes", lambda: not processes_of(home))


def processes_of(home: Path) -> list[int]:
    """Return the ids of the processes with this home, or in this folder if they were forked, until they have ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile, or is somebody else's
            environment = b"\0" + (path / "environ").read_bytes()
            if f"\0HOME={home}\0".encode() in environment or (path / "cwd").readlink() == home:
                found.append(int(path.name))
    return found


def eventually(what: str, condition: Callable[[], object]) -> None:
    """Return as soon as the condition holds; fail where it never does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"no {what}"
        time.sleep(0.02)
