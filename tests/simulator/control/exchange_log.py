# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of all exchanges, for tests that count requests or check them against a specification."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from ..http.messages import Headers, Request, Response, parse_json
from ..http.tokens import REVOKE_PATH, TOKEN_PATH

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


@dataclass(frozen=True)
class Exchange:
    """One request with its response; `status` is None if the connection was closed without one."""

    number: int
    kind: str  # api, token or other
    time: float
    principal: str | None  # the authenticated principal
    method: str
    url: str
    path: str
    query: dict[str, str]
    request_headers: Headers
    request_body: bytes
    status: int | None
    response_headers: Headers
    response_body: bytes
    faulty: bool = False  # a fault made the answer

    @property
    def request_json(self) -> Any:
        return parse_json(self.request_body)

    @property
    def response_json(self) -> Any:
        return parse_json(self.response_body)

    @property
    def is_write(self) -> bool:
        """Whether it was authenticated and could change something."""
        return self.kind == "api" and self.method not in SAFE_METHODS and self.principal is not None

    def view(self) -> dict[str, Any]:
        """Return it as values that JSON can represent."""
        return {
            **vars(self),
            "request_headers": dict(self.request_headers),
            "request_body": self.request_json,
            "response_headers": dict(self.response_headers),
            "response_body": self.response_json,
        }


def kind_of(path: str) -> str:
    if path.startswith("/api/atlas/"):
        return "api"
    return "token" if path.rstrip("/") in (TOKEN_PATH, REVOKE_PATH) else "other"


class ExchangeLog:
    """Exchanges in the order of their responses; numbers are never reused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []
        self._count = 0

    def record(self, request: Request, response: Response, base_url: str, moment: float) -> None:
        with self._lock:
            self._count += 1
            self._exchanges.append(
                Exchange(
                    number=self._count,
                    kind=kind_of(request.path),
                    time=moment,
                    principal=request.principal,
                    method=request.method,
                    url=base_url + request.target,
                    path=request.path,
                    query=request.query,
                    request_headers=request.headers,
                    request_body=request.body,
                    status=None if response.dropped else response.status,
                    response_headers=Headers() if response.dropped else response.headers,
                    response_body=b"" if response.dropped else response.body,
                    faulty=response.faulty,
                )
            )

    def exchanges(self) -> list[Exchange]:
        with self._lock:
            return list(self._exchanges)

    def clear(self) -> None:
        with self._lock:
            self._exchanges.clear()
