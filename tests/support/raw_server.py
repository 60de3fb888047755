# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that knows no HTTP: it sends the bytes that a test wants it to, when a test wants it to."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Callable, Union

#: Bytes to send, or seconds to wait before what follows.
Piece = Union[bytes, float]

LIST = b'{"results":[{"id":"555555555555555555555555","name":"x"}],"totalCount":1,"links":[]}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
WHOLE = HEAD % len(LIST) + LIST


class Acceptor:
    """Listens at a port, and hands over each connection, until it is stopped.

    Its thread has ended then. Closing a socket does not end `accept` in another thread: that could take a connection
    from a server which has got the same file descriptor in the meantime.
    """

    def __init__(self, use: Callable[[socket.socket], object]) -> None:
        self._use, self.stopped = use, False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            connection, _address = self._listener.accept()
            if self.stopped:
                connection.close()
                return
            self._use(connection)

    def stop(self) -> None:
        self.stopped = True
        with socket.create_connection(("127.0.0.1", self.port)):  # the last to be accepted
            self._thread.join()
        self._listener.close()


class RawServer:
    """Answers each request with the same pieces, or the requests in turn with those of a list; then the last stay.

    Attributes:
        requests: The first line of every request.
        connections: How many connections were made.
    """

    def __init__(self, *answers: Iterable[Piece], keep_alive: bool = False) -> None:
        self._answers, self._keep_alive = [list(answer) for answer in answers], keep_alive
        self.requests: list[bytes] = []
        self.connections = 0
        self._acceptor = Acceptor(self._begin)
        self.url = f"http://127.0.0.1:{self._acceptor.port}"

    def stop(self) -> None:
        self._acceptor.stop()

    def _begin(self, connection: socket.socket) -> None:
        self.connections += 1
        threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as incoming, contextlib.suppress(OSError):
            while line := incoming.readline():
                head = b"".join(iter(incoming.readline, b"\r\n"))
                length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                incoming.read(int(length[1]) if length else 0)
                answer = self._answers[min(len(self.requests), len(self._answers) - 1)]
                self.requests.append(line.strip())
                self._send(connection, answer)
                if not self._keep_alive:
                    return

    def _send(self, connection: socket.socket, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if self._acceptor.stopped:
                return
            if isinstance(piece, bytes):
                connection.sendall(piece)
            else:
                time.sleep(piece)


def dripping(data: bytes, pause: float) -> Iterator[Piece]:
    """Return the pieces of an answer that comes byte by byte."""
    for number in range(len(data)):
        yield pause
        yield data[number : number + 1]


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))
