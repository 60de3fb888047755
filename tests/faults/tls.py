# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that speak TLS, well and badly."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from faults.table import Fault
from simulator.http.messages import Request, Response
from simulator.http.server import Server
from support.certificates import write_certificates
from support.patience import PATIENCE
from support.raw_server import Acceptor

#: Certificates that a client must refuse.
_WRONG = ("certificate of another name", "expired certificate", "certificate of another authority")


class TlsServers:
    """A good server, and what clients are led to instead when TLS is to fail.

    Args:
        folder: Where to write certificates.
        application: Answers the requests to the good server.
    """

    def __init__(self, folder: Path, application: Callable[[Request], Response]) -> None:
        files = write_certificates(folder)
        self.authority = files["authority"]
        self._good = _serve(application, files["certificate"], files["key"])
        self.url = f"https://localhost:{self._good.server_port}"
        self._wrong = {name: _serve(_unexpected, files[name], files["key"]) for name in _WRONG}
        self._plain = _serve(_unexpected)
        self._abrupt = Acceptor(socket.socket.close)

    def faults(self) -> Iterator[Fault]:
        for name, server in self._wrong.items():
            yield Fault(name, "TLS", connect=_to(server.server_port), over_tls=True)
        yield Fault("no TLS", "TLS", connect=_to(self._plain.server_port), over_tls=True)
        yield Fault("connection closed in the handshake", "TLS", connect=_to(self._abrupt.port), over_tls=True)

    def close(self) -> None:
        for server in (self._good, self._plain, *self._wrong.values()):
            server.stop()
        self._abrupt.stop()


def _serve(application: Callable[[Request], Response], certificate: str = "", key: str = "") -> Server:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(certificate, key)
    server = Server(0, application, context if certificate else None)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def _unexpected(request: Request) -> Response:
    """Answer a request that should never have been sent: whoever has got it could read its credentials."""
    raise AssertionError(f"{request.method} {request.path} was sent to a server that cannot prove its name")


def _to(port: int) -> Callable[[], object]:
    return lambda: socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
