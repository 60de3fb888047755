# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stubs of the clouds' APIs share: an HTTP server in a thread, with a log of all requests and faults on demand."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]
Server = TypeVar("Server", bound="StubServer")


class ErrorResponse(Protocol):
    """An error that an API responds with."""

    status: int

    def view(self) -> Json:
        """Return the body of the response."""


@dataclass
class Fault:
    """What goes wrong with a request that matches, after `skip` others; `applied` if it takes effect nevertheless."""

    method: str
    path: str
    error: ErrorResponse | None = None  # None: the connection is closed without a response
    body: str | None = None  # respond with this instead, and status 200
    applied: bool = False
    skip: int = 0


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    query: dict[str, str]
    content: bytes
    authorization: str

    @classmethod
    def of(cls, method: str, url: str, content: bytes, authorization: str) -> Request:
        parts = urlsplit(url)
        return cls(method, unquote(parts.path), dict(parse_qsl(parts.query)), content, authorization)

    @property
    def json(self) -> Json:
        """The body, empty if it is not an object in JSON."""
        try:
            body = json.loads(self.content)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.content.decode()))


@dataclass(frozen=True)
class Exchange:
    """One request, and the status of its response; None if it was dropped."""

    method: str
    path: str
    query: dict[str, str]
    body: Json
    status: int | None


class StubServer:
    """A server on the loopback interface; a subclass processes the requests, one at a time."""

    def __init__(self, port: int = 0) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self.exchanges: list[Exchange] = []

    def process(self, request: Request) -> tuple[int, Json]:
        """Return status and body of the response."""
        raise NotImplementedError

    def is_write(self, exchange: Exchange) -> bool:
        """Report whether a request may have changed something."""
        return exchange.method != "GET"

    def __enter__(self: Server) -> Server:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def close(self) -> None:
        """Give the port back, if no client is to connect."""
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def fault(self, method: str, path: str, **details: Any) -> None:
        """Add a fault; `path` is a regular expression, the details are fields of the class Fault."""
        self._faults.append(Fault(method, path, **details))

    @property
    def writes(self) -> list[Exchange]:
        return [one for one in self.exchanges if self.is_write(one)]

    def answer(self, request: Request) -> tuple[int, str] | None:
        """Return status and body of a response, None to drop the connection."""
        with self._lock:
            fault = self._matching_fault(request)
            status, text = self._respond(request, fault)
            dropped = fault is not None and fault.error is None and fault.body is None
            seen = Exchange(request.method, request.path, request.query, request.json, None if dropped else status)
            self.exchanges.append(seen)
        return None if dropped else (status, text)

    def _matching_fault(self, request: Request) -> Fault | None:
        for fault in self._faults:
            if fault.method == request.method and re.search(fault.path, request.path):
                fault.skip -= 1
                if fault.skip < 0:
                    self._faults.remove(fault)
                    return fault
        return None

    def _respond(self, request: Request, fault: Fault | None) -> tuple[int, str]:
        body: Json = {}
        status = 200
        if fault is None or fault.applied:
            status, body = self.process(request)
        if fault is not None and fault.error is not None:
            status, body = fault.error.status, fault.error.view()
        text = "" if status == 204 else json.dumps(body)
        return status, text if fault is None or fault.body is None else fault.body


def _handler(stub: StubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet, or the client would wait for the second one

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = self.rfile.read(length)
            if len(content) < length:  # the client went away in the middle, as one that is killed does
                self.close_connection = True
                return
            answer = stub.answer(Request.of(self.command, self.path, content, self.headers.get("Authorization") or ""))
            if answer is None:
                self.close_connection = True
                return
            status, text = answer
            payload = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        def log_message(self, *_arguments: Any) -> None:
            """Keep the tests' output clean."""

    return Handler
