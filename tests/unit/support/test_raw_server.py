# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stopped server of the tests leaves nothing behind that could take a connection from another one."""

from __future__ import annotations

import socket
import threading

import pytest

from support.raw_server import Acceptor


def test_stopped_acceptor_has_no_thread_and_no_port() -> None:
    before = threading.active_count()
    acceptor = Acceptor(socket.socket.close)
    with socket.create_connection(("127.0.0.1", acceptor.port)) as connection:
        assert connection.recv(1) == b""
    acceptor.stop()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", acceptor.port))
