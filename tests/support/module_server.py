# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules in forks of a process that has imported what all modules import.

A module packed by Ansible compiles these imports anew each time, which takes most of its CPU time. Whether a module
brings all that it needs, only tests with an interpreter of its own tell.

Run as a script, this file is the server: it listens at the address in its argument.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from support.commands import TESTS
from support.last_run import run_last

IMPORTS = (
    "ansible.module_utils.basic",
    "ansible.module_utils.urls",
    "ansible.module_utils._internal._ansiballz._loader",
    "requests",
)
STREAMS = (0, 1, 2)
HASH_SEED = "0"  # of the server, and so of its modules
#: Environment in which Ansible hands over a module on standard input, as the interpreter below takes it.
PIPELINED = {"ANSIBLE_PIPELINING": "true"}
# What Ansible takes for a Python interpreter, with a module on standard input.
INTERPRETER = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    socket.send_fds(server, [b"\\n"], {streams})
    server.sendall(json.dumps([os.getcwd(), dict(os.environ)]).encode())
    server.shutdown(socket.SHUT_WR)
    sys.exit(int(server.recv(9) or 1))
"""


@cache
def module_python() -> Path:
    """Return the path of an interpreter for pipelined modules, whose server runs until the tests end."""
    folder = Path(tempfile.mkdtemp())
    address, interpreter = folder / "modules", folder / "python"
    interpreter.write_text(INTERPRETER.format(python=sys.executable, address=str(address), streams=STREAMS))
    interpreter.chmod(0o700)
    environment = {**os.environ, "PYTHONHASHSEED": HASH_SEED}
    command = [sys.executable, "-m", "support.module_server", address]
    server = subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, env=environment)

    def close() -> None:
        server.kill()
        server.communicate()
        shutil.rmtree(folder)

    atexit.register(close)
    assert server.stdout
    server.stdout.readline()  # it listens
    return interpreter


def _run(client: socket.socket) -> int:
    """Run the module of a client in this process, and return its code."""
    _newline, streams, _flags, _address = socket.recv_fds(client, 1, len(STREAMS))
    for number, stream in zip(STREAMS, streams):
        os.dup2(stream, number)
        os.close(stream)
    with client.makefile("rb") as sent:
        folder, environment = json.load(sent)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [""]
    namespace = {"__name__": "__main__", "__file__": "<stdin>"}
    return run_last(lambda: exec(sys.stdin.read(), namespace))  # noqa: S102 (what an interpreter does)


def _serve(address: str) -> None:
    for name in IMPORTS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen(99)
        print("listening", flush=True)
        while True:
            client, _address = server.accept()
            with client:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    client.sendall(b"%d" % _run(client))
                    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])
