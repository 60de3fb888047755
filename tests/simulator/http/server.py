# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sockets: an HTTP/1.1 server on the loopback interface, one thread per connection."""

from __future__ import annotations

import socket
import socketserver
import ssl
import sys
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable

from ..errors import reason
from .messages import Headers, Request, Response

HOST = "127.0.0.1"
Application = Callable[[Request], Response]


class Handler(BaseHTTPRequestHandler):
    """Reads requests and writes responses; keeps the connection alive."""

    protocol_version = "HTTP/1.1"
    server_version = "atlas-simulator"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        self.server.connections.add(self.request)
        super().setup()

    def finish(self) -> None:
        self.server.connections.discard(self.request)
        super().finish()

    def serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):  # the client went away in the middle, as one that is killed does
            self.close_connection = True
            return
        headers = Headers(dict(self.headers.items()))
        response = self.server.application(Request(self.command, self.path, headers, body, self.client_address[0]))
        broken = response.dropped or response.truncated or response.cut is not None or response.sender is not None
        self.close_connection = self.close_connection or broken
        if response.sender is not None:
            response.sender(self.connection)
        elif not response.dropped:
            body = b"" if self.command == "HEAD" else _sent(response)
            general = {"Server": self.server_version, "Date": self.date_time_string()}
            head = head_of(response, general, self.close_connection)
            self._write((head + body)[: response.cut], response.drip)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = serve

    def _write(self, sent: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(sent)
            return
        for byte in sent:
            time.sleep(drip)
            self.wfile.write(bytes([byte]))

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the exchange log has everything."""


def head_of(response: Response, general: Mapping[str, str], closes: bool = False) -> bytes:
    """Return the head of a response as it is sent, with some general headers."""
    lines = [f"HTTP/1.1 {response.status} {reason(response.status)}"]
    lines += [f"{name}: {value}" for name, value in (*general.items(), *response.headers.items())]
    if response.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(response.body)}")
    if closes:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _sent(response: Response) -> bytes:
    return response.body[: len(response.body) // 2] if response.truncated else response.body


class Server(ThreadingHTTPServer):
    """Listens once created; serves from serve_forever() on."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, application: Application, context: ssl.SSLContext | None = None) -> None:
        self.application = application
        self.connections: set[socket.socket] = set()
        super().__init__((HOST, port), Handler)
        if context is not None:
            # The handshake happens in the connection's own thread, with its first read.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def server_bind(self) -> None:
        """Bind without HTTPServer's look-up of the host name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that went away; report anything else, which is a bug."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, ssl.SSLError, TimeoutError)):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Stop listening and close connections that are kept alive."""
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed by its client in the meantime
