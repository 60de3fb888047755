# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of ansible-core, forked from a server that has already imported what they import first.

All processes of a test run share a server for each environment that takes effect when an interpreter starts. Each
command has a connection of its own, on which the server answers with the ID of the process and then its return code.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]

# Names the folder of the servers of a test run.
FOLDER = "FORK_SERVERS"
# What takes effect when an interpreter starts, so that a forked one has it from its server.
AT_START = ("PYTHON", "LANG", "LC_")
#: What a server says to each connection.
GREETING = b"+"
SIZE = struct.Struct("!I")  # of a message, which follows


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
        """Run it and return its code.

        Raises subprocess.TimeoutExpired after `patience` seconds, when it has killed its session.
        """
        process = self.start()
        try:
            return process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise

    def start(self) -> Forked | subprocess.Popen[bytes]:
        """Fork it, unless its coverage is measured, which begins with an interpreter."""
        if any(name.startswith("COVERAGE_") for name in self.environment):
            return self.execute()
        with self._streams() as streams:
            return self.server().start(self, streams)

    def server(self) -> ForkServer:
        """Return the server that forks it, which is started if need be."""
        return _server(frozenset(one for one in self.environment.items() if one[0].startswith(AT_START)))

    def execute(self) -> subprocess.Popen[bytes]:
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

    @contextlib.contextmanager
    def _streams(self) -> Iterator[Sequence[int]]:
        place = Path(self.folder)
        with open(os.devnull, "rb") as stdin, (place / "stdout").open("wb") as stdout:
            with (place / "stderr").open("wb") as stderr:
                yield stdin.fileno(), stdout.fileno(), stderr.fileno()


class Forked:
    """The process of a command, like subprocess.Popen for an executed one."""

    def __init__(self, command: Command, connection: socket.socket) -> None:
        self._arguments = command.arguments
        # Not buffered: both lines of a short command can be there at once, and `select` would not see the second one.
        self._answers = connection.makefile("rb", buffering=0)
        connection.close()  # as soon as the file is
        self._code: int | None = None
        self.pid = int(self._answers.readline())

    def wait(self, timeout: float | None = None) -> int:
        """Return its code. Raises subprocess.TimeoutExpired after as many seconds."""
        if self._code is None:
            if not select.select([self._answers], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self._arguments, timeout or 0)
            with self._answers:
                self._code = int(self._answers.readline())
        return self._code

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class ForkServer:
    """The client's side of a server, which runs as long as its clients."""

    def __init__(self, at_start: Mapping[str, str]) -> None:
        name = hashlib.sha256(json.dumps(sorted(at_start.items())).encode()).hexdigest()
        self.address = str(shared_folder() / name[:8])
        self._presence = self._connect_or_start({**at_start, "PATH": os.environ["PATH"]})

    def start(self, command: Command, streams: Sequence[int]) -> Forked:
        connection = _connect(self.address)
        send(connection, command, streams)
        return Forked(command, connection)

    def _connect_or_start(self, environment: Mapping[str, str]) -> socket.socket:
        folder = os.open(shared_folder(), os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)  # others may want to start it
            with contextlib.suppress(OSError):
                return _connect(self.address)
            Path(self.address).unlink(missing_ok=True)
            server = [sys.executable, "-m", "support.fork_server", self.address]
            subprocess.run(server, cwd=TESTS, env=environment, stdin=subprocess.DEVNULL, check=True)
            return _connect(self.address)
        finally:
            os.close(folder)


@cache
def _server(at_start: frozenset[tuple[str, str]]) -> ForkServer:
    return ForkServer(dict(at_start))


def shared_folder() -> Path:
    """Return the folder of the servers' addresses, which processes that this one starts from now on share."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, os.environ[FOLDER])
    return Path(os.environ[FOLDER])


def _connect(address: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(address)
        if connection.recv(1) == GREETING:
            return connection
        raise ConnectionError("The server has just ended.")
    except BaseException:
        connection.close()
        raise


def send(receiver: socket.socket, command: Command, descriptors: Sequence[int]) -> None:
    content = json.dumps(asdict(command)).encode()
    socket.send_fds(receiver, [SIZE.pack(len(content))], descriptors)
    receiver.sendall(content)


def receive(sender: socket.socket) -> tuple[Command, list[int]] | None:
    """Return a command with its descriptors, or nothing where the other side has ended."""
    with contextlib.suppress(ConnectionError):
        header, descriptors, _flags, _address = socket.recv_fds(sender, SIZE.size, 4)
        size = SIZE.unpack(header)[0] if len(header) == SIZE.size else 0
        content = sender.recv(size, socket.MSG_WAITALL) if size else b""
        if content and len(content) == size:
            return Command(**json.loads(content)), descriptors
    return None
