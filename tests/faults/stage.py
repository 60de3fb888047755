# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where cases run: servers that live as long as a test, and hooks for what happens below HTTP."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3.util.connection

from faults.cloud import Cloud
from faults.operations import Operation
from faults.table import table
from faults.tls import TlsServers
from faults.world import World
from simulator.http.messages import Request, Response
from simulator.http.server import Server
from support.clock import Clock, replace_time
from support.google_auth import Bearer

#: Worlds after which garbage is collected.
_WORLDS_TOGETHER = 50


class Stage:
    """Servers with and without TLS, and the world that answers their requests at the moment.

    Args:
        clock: The clock of everything on it.
        folder: Where to write certificates.
    """

    def __init__(self, clock: Clock, folder: Path) -> None:
        self.clock = clock
        self._worlds = 0
        self._world: World | Cloud | None = None
        self._server = Server(0, self._answer)
        self._tls = TlsServers(folder, self._answer)
        #: All faults that can be staged.
        self.faults = [*table(), *self._tls.faults()]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def _current(self) -> World | Cloud:
        assert self._world
        return self._world

    def _answer(self, request: Request) -> Response:
        return self._current.answer(request)

    def world(self, operation: Operation, over_tls: bool = False) -> Any:
        """Return a fresh world in which an operation can run."""
        self.clock.now += 3600.0
        self._worlds += 1
        if self._worlds % _WORLDS_TOGETHER == 0:
            gc.collect()
        url = self._tls.url if over_tls else f"http://127.0.0.1:{self._server.server_port}"
        ca_path = self._tls.authority if over_tls else None
        self._world = operation.world(url, self.clock, operation.credentials, ca_path, **operation.settings)
        operation.prepare(self._world)
        self._world.layer.take_arrivals()
        return self._world

    def connect(self, create_connection: Any, *arguments: Any, **options: Any) -> Any:
        """Connect as the current world lets clients connect."""
        return self._current.layer.connect() or create_connection(*arguments, **options)

    def close(self) -> None:
        self._server.stop()
        self._thread.join()
        self._tls.close()


@contextmanager
def open_stage(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Stage]:
    """Yield a stage on which everything of the collection lives by the stage's clock."""
    stage = Stage(Clock(), folder)
    replace_time(monkeypatch, stage.clock)
    monkeypatch.setattr("compute_stub.operations.time", stage.clock)
    monkeypatch.setattr("ansible_collections.atlasops.network.plugins.module_utils.gcp.client.GoogleAuth", Bearer)
    create = urllib3.util.connection.create_connection

    def connect(*arguments: Any, **options: Any) -> Any:
        return stage.connect(create, *arguments, **options)

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    # Garbage is collected between two cases only: amid an answer of a hundred thousand brackets, what has to be done at
    # the end of an object would exceed the limit of recursion.
    gc.disable()
    try:
        yield stage
    finally:
        gc.enable()
        stage.close()
