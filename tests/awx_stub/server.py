# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: paths, authentication, pages, and a log of all requests."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from .errors import ApiError
from .fields import Json
from .resources import RESOURCES
from .store import ROOT, UNIFIED, Store

PAGE_SIZE = 25
PAGING: tuple[str, ...] = ("page", "page_size")
VERSION = "24.6.1"


@dataclass(frozen=True)
class Exchange:
    """A request and the status of its answer."""

    method: str
    path: str
    body: Json
    status: int


class AwxStub:
    """An AWX on the loopback interface; a context manager that listens while entered.

    Args:
        playbooks: The playbooks of its projects, such as ["peer.yml"].
    """

    USERNAME, PASSWORD, TOKEN = "admin", "stub-password-5b1c", "stub-token-93ee"

    def __init__(self, playbooks: Iterable[str]) -> None:
        self.store = Store(playbooks)
        self.store.create("organizations", {"name": "Default"})
        self.store.create("instance_groups", {"name": "default"})
        self.store.add_managed_type("Source Control", "scm", "username", "password")
        self.exchanges: list[Exchange] = []
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> AwxStub:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def writes(self) -> list[Exchange]:
        """All requests that write, except logins."""
        return [one for one in self.exchanges if one.method != "GET" and not one.path.startswith(f"{ROOT}tokens/")]

    def handle(self, method: str, target: str, authorization: str, body: bytes) -> tuple[int, Any]:
        """Handle one request; requests are serialized."""
        path = urlsplit(target).path
        content = json.loads(body) if body else {}
        with self.lock:
            try:
                status, answer = self._dispatch(method, target, authorization, content)
            except ApiError as refusal:
                status, answer = refusal.status, refusal.body
            self.exchanges.append(Exchange(method, path, content, status))
        return status, answer

    def _dispatch(self, method: str, target: str, authorization: str, body: Json) -> tuple[int, Any]:
        path = urlsplit(target).path
        if path == "/api/":
            return 200, {"current_version": ROOT, "available_versions": {"v2": ROOT}}
        if not path.startswith(ROOT) or not path.endswith("/"):
            raise ApiError(404, {"detail": "The requested resource could not be found."})
        if path == f"{ROOT}ping/":
            return 200, {"version": VERSION, "ha": False}
        self._authenticate(authorization)
        parts = path.removeprefix(ROOT).strip("/").split("/")
        if parts[0] in ("", "me", "tokens"):
            return self._account(method, parts)
        if parts[0] not in (*RESOURCES, UNIFIED, "project_updates"):
            raise ApiError(404, {"detail": "The requested resource could not be found."})
        if len(parts) == 1:
            return self._collection(method, target, parts[0], body)
        if not parts[1].isdecimal():
            raise ApiError(404, {"detail": "Not found."})
        if len(parts) == 2:
            return self._object(method, parts[0], int(parts[1]), body)
        return self._related(method, target, parts, body)

    def _authenticate(self, authorization: str) -> None:
        basic = base64.b64encode(f"{self.USERNAME}:{self.PASSWORD}".encode()).decode()
        if authorization not in (f"Bearer {self.TOKEN}", f"Basic {basic}"):
            raise ApiError(401, {"detail": "Authentication credentials were not provided."})

    def _account(self, method: str, parts: list[str]) -> tuple[int, Any]:
        if parts[0] == "tokens":
            return (201, {"id": 1, "token": self.TOKEN}) if method == "POST" else (204, None)
        if parts[0] == "me":
            return 200, {"count": 1, "next": None, "results": [{"id": 1, "username": self.USERNAME}]}
        return 200, {name: f"{ROOT}{name}/" for name in (*RESOURCES, UNIFIED)}

    def _collection(self, method: str, target: str, name: str, body: Json) -> tuple[int, Any]:
        if method == "GET":
            filters = dict(parse_qsl(urlsplit(target).query))
            page = {key: filters.pop(key) for key in PAGING if key in filters}
            return 200, self._page(target, self.store.search(name, filters), page)
        if method == "POST" and name in RESOURCES and name != "workflow_approval_templates":
            return 201, self.store.serialize(self.store.create(name, body))
        raise ApiError(405, {"detail": f'Method "{method}" not allowed.'})

    def _object(self, method: str, name: str, number: int, body: Json) -> tuple[int, Any]:
        if name == "project_updates":
            return 200, self.store.project_update(number)
        if method == "GET":
            return 200, self.store.serialize(self.store.get(name, number))
        if method == "PATCH":
            return 200, self.store.serialize(self.store.change(name, number, body))
        if method == "DELETE":
            self.store.delete(name, number)
            return 204, None
        raise ApiError(405, {"detail": f'Method "{method}" not allowed.'})

    def _related(self, method: str, target: str, parts: list[str], body: Json) -> tuple[int, Any]:
        name, number, relation = parts[0], int(parts[1]), parts[2]
        one = self.store.get(name, number)
        if relation == "survey_spec" and name in ("job_templates", "workflow_job_templates"):
            if method == "GET":
                return 200, self.store.survey(number)
            self.store.set_survey(name, number, body if method == "POST" else None)
            return 200, None
        if relation == "create_approval_template" and name == "workflow_job_template_nodes" and method == "POST":
            return 201, self.store.serialize(self.store.create_approval(number, body))
        if relation not in (RESOURCES[name].lists or {}):
            raise ApiError(404, {"detail": "The requested resource could not be found."})
        if method == "POST":
            self.store.attach(name, number, relation, body)
            return 204, None
        others = [
            self.store.get((RESOURCES[name].lists or {})[relation], i) for i in self.store.attached(one, relation)
        ]
        return 200, self._page(target, others, dict(parse_qsl(urlsplit(target).query)))

    def _page(self, target: str, found: list[Json], page: dict[str, str]) -> Json:
        number, size = int(page.get("page", 1)), int(page.get("page_size", PAGE_SIZE))
        query = {**dict(parse_qsl(urlsplit(target).query)), "page": number + 1}
        more = f"{urlsplit(target).path}?{urlencode(query)}" if len(found) > number * size else None
        results = [self.store.serialize(one) for one in found[(number - 1) * size : number * size]]
        return {"count": len(found), "next": more, "previous": None, "results": results}


def _handler(stub: AwxStub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, content = stub.handle(self.command, self.path, self.headers.get("Authorization", ""), body)
            data = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("X-API-Product-Name", "AWX")
            self.send_header("X-API-Product-Version", VERSION)
            if status != 204:
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_DELETE = serve

        def log_message(self, format: str, *args: Any) -> None:
            """Log nothing to standard error: `exchanges` has everything."""

    return Handler
