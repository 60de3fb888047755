# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts commands of ansible-core from a process that has already imported what they import first.

Most of the CPU time of a short run is spent on these imports and on parsing what ansible-core says of its own plugins.
Whatever reads the environment or Ansible's configuration is not among them. Commands with the same environment and
configuration share that, too: they are forked from a starter, a process that has imported the rest of ansible-core in
just this environment.

Run as a script, this file is the server: it listens at the address in its argument, and goes on in the background until
the last connection that was kept open without a command is closed.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import runpy
import selectors
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable, NoReturn

from support.commands import GREETING, Command, receive, send
from support.last_run import run_last
from support.prepared_ansible import prepare_ansible

# What only plugins and modules read, when they run.
AT_RUN = ("MONGODB_ATLAS_", "CONTROLLER_")
# More descriptors than a server has.
DESCRIPTORS = 4096
# How many starters are kept; some tests have an environment for each of their commands.
STARTERS = 12


class Parent:
    """Forks commands, and tells each client the ID of the process and then its return code."""

    def __init__(self, prepare: Callable[[], None] = lambda: None) -> None:
        self._prepare = prepare
        self._clients: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        woken, wakes = socket.socketpair()
        wakes.setblocking(False)
        signal.set_wakeup_fd(wakes.detach())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.watch(woken, self._reap)

    def watch(self, source: socket.socket, react: Callable[[socket.socket], None]) -> None:
        self._selector.register(source, selectors.EVENT_READ, react)

    def ignore(self, source: socket.socket) -> None:
        self._selector.unregister(source)

    def serve(self) -> NoReturn:
        while True:
            for key, _events in self._selector.select():
                key.data(key.fileobj)

    def end(self) -> NoReturn:
        """End this process when all that it has forked have ended."""
        with contextlib.suppress(ChildProcessError):
            while True:
                self._tell_end(*os.wait())
        os._exit(0)

    def fork(self, command: Command, streams: Sequence[int], client: socket.socket) -> None:
        pid = os.fork()
        if pid == 0:
            os._exit(run_last(lambda: _run(command, streams, self._prepare)))
        _close(streams)
        self._clients[pid] = client
        _tell(client, b"%d\n" % pid)

    def _reap(self, woken: socket.socket) -> None:
        woken.recv(99)
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._tell_end(*ended)

    def _tell_end(self, pid: int, status: int) -> None:
        if client := self._clients.pop(pid, None):  # otherwise it is a starter
            _tell(client, b"%d\n" % os.waitstatus_to_exitcode(status))
            client.close()


class Server(Parent):
    """Takes connections, and leaves a command to a starter where there is one for its settings."""

    def __init__(self, listener: socket.socket) -> None:
        self._import_rest = prepare_ansible()
        gc.freeze()  # else each command copies the memory that its collector looks at
        assert "ansible.constants" not in sys.modules, "the configuration would be that of the server"
        super().__init__()
        self._starters: dict[object, socket.socket | None] = {}
        self._waiting = 0
        self.watch(listener, self._accept)

    def _accept(self, listener: socket.socket) -> None:
        client, _address = listener.accept()
        _tell(client, GREETING)
        self._waiting += 1
        self.watch(client, self._receive)

    def _receive(self, client: socket.socket) -> None:
        self.ignore(client)
        self._waiting -= 1
        if received := receive(client):
            self._start(*received, client)
            return
        client.close()
        if not self._waiting:
            os._exit(0)

    def _start(self, command: Command, streams: Sequence[int], client: socket.socket) -> None:
        if starter := self._starter_for(command):
            send(starter, command, [*streams, client.fileno()])
            _close(streams)
            client.close()
        else:
            self.fork(command, streams, client)

    def _starter_for(self, command: Command) -> socket.socket | None:
        settings = _settings(command)
        starter = self._starters.pop(settings) if settings in self._starters else self._starter(command)
        self._starters[settings] = starter  # as the last one
        if len(self._starters) > STARTERS and (unused := self._starters.pop(next(iter(self._starters)))):
            unused.close()
        return starter

    def _starter(self, first: Command) -> socket.socket | None:
        """Fork a process that starts commands with the settings of the first one, and return how to send them to it.

        Return nothing where ansible-core says something while it is imported, since each command has to say that.
        """
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            os._exit(run_last(lambda: _start_all(theirs.detach(), first, self._import_rest)))
        theirs.close()
        return ours if ours.recv(1) else None


def _start_all(source: int, first: Command, import_rest: Callable[[], None]) -> NoReturn:
    """Start commands with the settings of the first one, as they come from a descriptor."""
    said, nothing = tempfile.TemporaryFile(), open(os.devnull)
    _keep(nothing.fileno(), said.fileno(), said.fileno(), source)
    commands = socket.socket(fileno=3)
    _settle(first)
    import_rest()
    os.chdir(os.sep)  # so that nobody who looks for processes in that folder finds this one
    sys.stdout.flush()
    if os.fstat(1).st_size:
        os._exit(1)
    gc.freeze()
    parent = Parent(_make_temporary_folder)

    def start(sender: socket.socket) -> None:
        if received := receive(sender):
            command, (*streams, client) = received
            parent.fork(command, streams, socket.socket(fileno=client))
        else:
            parent.end()

    commands.sendall(GREETING)
    parent.watch(commands, start)
    parent.serve()


def _run(command: Command, streams: Sequence[int], prepare: Callable[[], None]) -> None:
    """Run a command in this process, which was forked for it."""
    os.setsid()
    _keep(*streams)
    _settle(command)
    prepare()
    sys.argv = list(command.arguments)
    sys.path[0] = os.path.dirname(sys.argv[0])
    runpy.run_path(sys.argv[0], run_name="__main__")


def _settings(command: Command) -> object:
    """Return what ansible-core reads when it is imported: the environment and the configuration file."""
    read = {name: value for name, value in command.environment.items() if not name.startswith(AT_RUN)}
    file = Path(command.environment.get("ANSIBLE_CONFIG", os.devnull))
    return frozenset(read.items()), file.read_text() if file.exists() else ""


def _settle(command: Command) -> None:
    """Give this process the folder and the environment of a command."""
    os.chdir(command.folder)
    os.environ.clear()
    os.environ.update(command.environment)


def _make_temporary_folder() -> None:
    """Make the folder that each command makes when it imports ansible-core, and removes at its end."""
    constants: Any = sys.modules["ansible.constants"]
    parent = os.path.dirname(constants.DEFAULT_LOCAL_TMP)
    os.makedirs(parent, 0o700, exist_ok=True)
    constants.DEFAULT_LOCAL_TMP = tempfile.mkdtemp(prefix=f"ansible-local-{os.getpid()}", dir=parent)
    atexit.register(shutil.rmtree, constants.DEFAULT_LOCAL_TMP, ignore_errors=True)


def _keep(*descriptors: int) -> None:
    """Give this process, which was forked, these descriptors as its first ones, and no others."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
    os.closerange(len(descriptors), DESCRIPTORS)


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _tell(client: socket.socket, answer: bytes) -> None:
    with contextlib.suppress(OSError):  # it has ended
        client.sendall(answer)


def _listen(address: str) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(99)
        if os.fork():
            return  # whoever has started this can connect now
        os.setsid()
        Server(listener).serve()


if __name__ == "__main__":
    _listen(sys.argv[1])
