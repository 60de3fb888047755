# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts commands of ansible-core from a process that has already imported what they import first.

Most of the CPU time of a short run is spent on these imports and on parsing what ansible-core says of its own plugins.
Whatever reads the environment, Ansible's configuration or another collection is not among them: each command does that
itself, as if it had been executed.

Run as a script, this file is the server: it reads requests from standard input, one JSON object per line, forks, and
prints the ID of the process and then its return code.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import runpy
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

# What takes effect when an interpreter starts, so that a forked one has it from its server.
AT_START = ("PYTHON", "LANG", "LC_")


@dataclass(frozen=True)
class Command:
    """A console script with its arguments, the folder it runs in and its whole environment."""

    arguments: Sequence[str]
    folder: str
    environment: Mapping[str, str]

    @property
    def stdout(self) -> str:
        return Path(self.folder, "stdout").read_text()

    @property
    def stderr(self) -> str:
        return Path(self.folder, "stderr").read_text()

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    def run(self, patience: float) -> int:
        """Run it, forked unless its coverage is measured, and return its code.

        Raises subprocess.TimeoutExpired after `patience` seconds.
        """
        if any(name.startswith("COVERAGE_") for name in self.environment):
            return self.start().wait(patience)
        at_start = {name: value for name, value in self.environment.items() if name.startswith(AT_START)}
        return _server(frozenset(at_start.items())).run(self, patience)

    def start(self) -> subprocess.Popen[bytes]:
        """Execute it, as a process of its own."""
        with self._streams() as (stdin, stdout, stderr):
            return subprocess.Popen(
                self.arguments,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )

    def become(self) -> None:
        """Run it in this process."""
        os.setsid()
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)
        with self._streams() as streams:
            for number, stream in enumerate(streams):
                os.dup2(stream.fileno(), number)
        sys.argv = list(self.arguments)
        sys.path[0] = os.path.dirname(sys.argv[0])
        runpy.run_path(sys.argv[0], run_name="__main__")

    @contextlib.contextmanager
    def _streams(self) -> Iterator[Sequence[BinaryIO]]:
        place = Path(self.folder)
        with open(os.devnull, "rb") as stdin, (place / "stdout").open("wb") as stdout:
            with (place / "stderr").open("wb") as stderr:
                yield stdin, stdout, stderr


class ForkServer:
    """The client's side; it runs one command at a time."""

    def __init__(self, at_start: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        environment = {**at_start, "PATH": os.environ["PATH"]}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, __file__], stdin=pipe, stdout=pipe, env=environment)
        atexit.register(self._close)

    def run(self, command: Command, patience: float) -> int:
        """Return the code of a command. Raises subprocess.TimeoutExpired after having killed its session."""
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            self._process.stdin.write(json.dumps(asdict(command)).encode() + b"\n")
            self._process.stdin.flush()
            pid = int(self._process.stdout.readline())
            in_time, _, _ = select.select([self._process.stdout], [], [], patience)
            if not in_time:
                os.killpg(pid, signal.SIGKILL)
            code = int(self._process.stdout.readline())
        if not in_time:
            raise subprocess.TimeoutExpired(command.arguments, patience)
        return code

    def _close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@cache
def _server(at_start: frozenset[tuple[str, str]]) -> ForkServer:
    return ForkServer(dict(at_start))


def _serve() -> None:
    from prepared_ansible import prepare_ansible  # noqa: PLC0415 (it is beside this script)

    prepare_ansible()
    gc.freeze()  # else each command copies the memory that its collector looks at
    assert "ansible.constants" not in sys.modules, "the configuration would be that of the server"
    while line := sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            Command(**json.loads(line)).become()
            return
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    _serve()
