# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server, with a log of all requests and faults on demand."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .access import ADMIN, Account
from .api import PREFIX, Api
from .errors import ComputeError

TOKEN_PATH = "/token"


@dataclass
class Fault:
    """What goes wrong with a request that matches, after `skip` others; `applied` if it takes effect nevertheless."""

    method: str
    path: str
    error: ComputeError | None = None  # None: the connection is closed without a response
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
    def json(self) -> dict[str, Any]:
        body = json.loads(self.content) if self.content and self.path != TOKEN_PATH else {}
        return body if isinstance(body, dict) else {}


@dataclass(frozen=True)
class Exchange:
    """One request, and the status of its response; None if it was dropped."""

    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any]
    status: int | None


class ComputeStub:
    """A server in a thread. `duration` is how many seconds each operation takes."""

    def __init__(self, duration: float = 0.0, port: int = 0) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self.exchanges: list[Exchange] = []
        self.api = Api(self.url + PREFIX, duration)

    def __enter__(self) -> ComputeStub:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def add_network(self, project: str, name: str, *ranges: str) -> None:
        with self._lock:
            self.api.networks.add(f"projects/{project}/global/networks/{name}", *ranges)

    def add_token(self, token: str, role: str = ADMIN, projects: tuple[str, ...] | None = None) -> str:
        """Let a token act with a role, `admin` or `viewer`, in some projects or in all."""
        with self._lock:
            self.api.access.tokens[token] = Account(role, projects)
        return token

    def add_service_account(self, email: str, role: str = ADMIN) -> None:
        with self._lock:
            self.api.access.service_accounts[email] = Account(role)

    def peerings(self, project: str, name: str) -> list[dict[str, Any]]:
        """Return the peerings of a network as the API shows them."""
        with self._lock:
            self.api.operations.settle()
            network = self.api.networks.get(f"projects/{project}/global/networks/{name}")
            return list(self.api.networks.view(network, self.api.base).get("peerings", []))

    def occupy(self, project: str, name: str, seconds: float) -> None:
        """Let somebody else's peering operation run on a network."""
        with self._lock:
            self.api.operations.occupy(f"projects/{project}/global/networks/{name}", seconds)

    def fault(self, method: str, path: str, **details: Any) -> None:
        """Add a fault; `path` is a regular expression, the details are fields of the class Fault."""
        self._faults.append(Fault(method, path, **details))

    @property
    def writes(self) -> list[Exchange]:
        return [one for one in self.exchanges if one.method != "GET" and one.path != TOKEN_PATH]

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
        body: dict[str, Any] = {}
        status = 200
        if fault is None or fault.applied:
            status, body = self._process(request)
        if fault is not None and fault.error is not None:
            status, body = fault.error.status, fault.error.view()
        return status, json.dumps(body) if fault is None or fault.body is None else fault.body

    def _process(self, request: Request) -> tuple[int, dict[str, Any]]:
        if request.path == TOKEN_PATH:
            token = self.api.access.exchange(dict(parse_qsl(request.content.decode()))["assertion"])
            refusal = {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}
            return (200, token) if token else (400, refusal)
        path = request.path.removeprefix(PREFIX)
        try:
            return 200, self.api.answer(request.method, path, request.query, request.json, request.authorization)
        except ComputeError as error:
            return error.status, error.view()


def _handler(stub: ComputeStub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
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

        do_GET = do_POST = do_PATCH = do_DELETE = _serve

        def log_message(self, *_arguments: Any) -> None:
            """Keep the tests' output clean."""

    return Handler
