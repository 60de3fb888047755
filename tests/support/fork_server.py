# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts commands of ansible-core from a process that has already imported what they import first.

Most of the CPU time of a short run is spent on these imports and on parsing what ansible-core says of its own plugins.
Whatever reads the environment or Ansible's configuration is not among them: a command does that itself, as if it had
been executed. Commands with the same environment and configuration share that, too, from the second on: they are forked
from a process that has imported the rest of ansible-core in just this environment.

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
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Callable, NoReturn, TextIO

from support.last_run import run_last
from support.prepared_ansible import prepare_ansible

TESTS = Path(__file__).parents[1]

# What takes effect when an interpreter starts, so that a forked one has it from its server.
AT_START = ("PYTHON", "LANG", "LC_")
# What only plugins and modules read, when they run.
AT_RUN = ("MONGODB_ATLAS_", "CONTROLLER_")


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

    def settings(self) -> tuple[frozenset[tuple[str, str]], str]:
        """Return what ansible-core reads when it is imported: the environment and the configuration file."""
        read = {name: value for name, value in self.environment.items() if not name.startswith(AT_RUN)}
        file = Path(self.environment.get("ANSIBLE_CONFIG", os.devnull))
        return frozenset(read.items()), file.read_text() if file.exists() else ""

    def settle(self) -> None:
        """Give this process the environment of the command."""
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)

    def become(self) -> NoReturn:
        """Run it in this process, which ends with it."""
        os.setsid()
        self.settle()
        with self._streams() as streams:
            for number, stream in enumerate(streams):
                os.dup2(stream.fileno(), number)
        sys.argv = list(self.arguments)
        sys.path[0] = os.path.dirname(sys.argv[0])
        os._exit(run_last(lambda: runpy.run_path(sys.argv[0], run_name="__main__")))

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
        server = [sys.executable, "-m", "support.fork_server"]
        # Not buffered: both lines of a short command can be there at once, and `select` would not see the second one.
        self._process = subprocess.Popen(server, 0, cwd=TESTS, stdin=pipe, stdout=pipe, env=environment)
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
        with self._process:  # which closes the streams, and so ends it
            pass


@cache
def _server(at_start: frozenset[tuple[str, str]]) -> ForkServer:
    return ForkServer(dict(at_start))


def _serve() -> None:
    import_rest = prepare_ansible()
    gc.freeze()  # else each command copies the memory that its collector looks at
    assert "ansible.constants" not in sys.modules, "the configuration would be that of the server"
    starters: dict[object, socket.socket | None] = {}
    while line := sys.stdin.readline():
        command = Command(**json.loads(line))
        settings = command.settings()
        if settings in starters:
            starters[settings] = starters[settings] or _starter(command, import_rest)
        else:
            starters[settings] = None  # nobody knows whether others follow
        if starter := starters[settings]:
            starter.sendall(line.encode())
        else:
            _start(command, sys.stdout)
    for starter in filter(None, starters.values()):
        starter.close()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def _start(command: Command, answers: TextIO) -> None:
    """Fork a command, and write its ID and its return code."""
    pid = os.fork()
    if pid == 0:
        command.become()
    print(pid, file=answers, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=answers, flush=True)


def _starter(first: Command, import_rest: Callable[[], None]) -> socket.socket | None:
    """Fork a process that starts commands with the settings of the first one, and return how to send them to it.

    Return nothing where ansible-core says something while it is imported, since each command has to say that.
    """
    ours, theirs = socket.socketpair()
    if os.fork():
        theirs.close()
        return ours if ours.recv(1) else None
    ours.close()
    answers = open(os.dup(1), "w")
    first.settle()
    with tempfile.TemporaryFile() as said:
        for number in (1, 2):
            os.dup2(said.fileno(), number)
        import_rest()
        sys.stdout.flush()
        if os.fstat(said.fileno()).st_size:
            os._exit(1)
    gc.freeze()
    theirs.sendall(b"+")
    temporary = sys.modules["ansible.constants"].DEFAULT_LOCAL_TMP
    for line in theirs.makefile():
        os.makedirs(temporary, 0o700, exist_ok=True)  # each command removes it
        _start(Command(**json.loads(line)), answers)
    os._exit(0)


if __name__ == "__main__":
    _serve()
