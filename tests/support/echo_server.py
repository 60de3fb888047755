# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that answers with what it was sent, as debugging pages and some gateways do, and notes each secret in it."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable
from urllib.parse import parse_qs, quote

CHALLENGE = 'Digest realm="MMS Public API", domain="", nonce="0123456789abcdef", algorithm=MD5, qop="auth", stale=false'
TOKEN = "issued-by-the-echo-server-0f1e2d3c"


class EchoServer:
    """Repeats each request in its answer.

    Args:
        where: What repeats it: ``detail`` (an error in JSON), ``page`` (HTML), ``type`` (the content type), ``code``
            (a header), ``redirect``, ``list`` (a result of a list), or ``proxy`` (the refusal of a proxy).
        issues_tokens: Whether the token endpoint issues tokens; otherwise it repeats requests, too.
    """

    def __init__(self, where: str, issues_tokens: bool = True) -> None:
        self.where, self.issues_tokens = where, issues_tokens
        self.secrets: set[str] = set()
        self.heads: list[Mapping[str, str]] = []
        handler = type("Handler", (_Handler,), {"echo": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def note(self, head: Mapping[str, str], body: str) -> None:
        """Note the secrets of a request, in each spelling in which it has them."""
        self.heads.append(dict(head))
        scheme, _space, credentials = head.get("Authorization", "").partition(" ")
        proof = re.search(r'response="(\w+)"', credentials)
        found = {proof[1] if proof else credentials}
        if scheme == "Basic":
            found.add(base64.b64decode(credentials).decode().partition(":")[2])
        form = parse_qs(body)
        found |= {value for name in ("client_secret", "assertion", "token") for value in form.get(name, ())}
        self.secrets |= {
            spelling for secret in found - {""} for spelling in (secret, quote(secret), quote(secret, safe=""))
        }

    def answer(self, text: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers and body of an answer that repeats a text."""
        detail = json.dumps({"errorCode": "ECHO", "detail": text, "error": {"code": "ECHO", "message": text}})
        listed = {"id": "5" * 24, "name": text, "providerName": "AWS", "statusName": text}
        one_line = " ".join(text.split())
        return {
            "detail": (400, {}, detail),
            "page": (502, {"Content-Type": "text/html"}, f"<pre>{text}</pre>"),
            "type": (200, {"Content-Type": f"text/html; seen={one_line}"}, "<html>"),
            "code": (403, {"X-Error-Code": one_line}, json.dumps({"errorCode": one_line, "parameters": [text]})),
            "redirect": (307, {"Location": f"https://elsewhere.example/?{quote(one_line)}"}, ""),
            "list": (200, {}, json.dumps({"results": [listed], "totalCount": 1, "links": []})),
            "proxy": (407, {"Proxy-Authenticate": 'Basic realm="proxy"'}, text),
        }[self.where]


def echo_servers() -> Iterator[Callable[..., EchoServer]]:
    """Start servers, with the arguments of `EchoServer`; all are stopped in the end."""
    servers: list[EchoServer] = []

    def start(*args: Any) -> EchoServer:
        servers.append(EchoServer(*args))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


class _Handler(BaseHTTPRequestHandler):
    echo: EchoServer
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.echo.note(self.headers, body)
        if self.path.endswith("/token") and self.echo.issues_tokens:
            self._send(200, {}, json.dumps({"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}))
        elif "Authorization" not in self.headers and self.command != "CONNECT" and not body.count("="):
            self._send(401, {"WWW-Authenticate": CHALLENGE}, "{}")
        else:
            authorization = self.headers.get("Authorization", "").removeprefix("Digest ")
            self._send(*self.echo.answer(f"{self.path} {authorization} {body} {'x' * 470} {authorization}"))

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_CONNECT = _handle

    def _send(self, status: int, headers: Mapping[str, str], body: str) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""
