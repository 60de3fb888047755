# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fault injection: what is to go wrong with which requests."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ..errors import reason
from ..http.messages import Headers, Request, Response, json_response, pack, pad


@dataclass
class Fault:
    """What happens to matching requests; by default nothing."""

    method: str = "GET"  # ANY matches every method
    path: str = ""  # a regular expression, searched in the path and in the path with its query
    times: int | None = 1  # None: for ever
    skip: int = 0  # so many matching requests pass first
    status: int | None = None
    body: Any = None
    headers: Mapping[str, str] | None = None
    drop: bool = False
    truncate: bool = False
    cut: int | None = None
    drip: float = 0
    gzip: bool = False
    padding: int = 0
    delay: float = 0
    stall: float = 0
    applied: bool = False  # the request takes full effect before its answer is lost
    before_auth: bool = False
    redirect: str | None = None

    def __post_init__(self) -> None:
        self.holding, self.released = threading.Event(), threading.Event()
        re.compile(self.path)
        if self.redirect is not None:
            self.status = self.status or 302
            self.headers = {**(self.headers or {}), "Location": self.redirect}

    def matches(self, request: Request) -> bool:
        if self.method.upper() not in ("ANY", request.method):
            return False
        return any(re.search(self.path, text) for text in (request.path, request.target))

    def is_triggered(self) -> bool:
        """Count one matching request and return whether the fault applies to it."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            if self.times <= 0:
                return False
            self.times -= 1
        return True

    def apply(self, process: Callable[[], Response]) -> Response:
        """Return the faulty response; `process` makes the true one."""
        self._pause(self.delay)
        replaced = self.drop or self.status is not None
        answer = process() if self.applied or not replaced else Response(500)
        if self.status is not None:
            answer = _replacement(self.status, self.body, self.headers or {})
        answer = self._modified(answer)
        answer.faulty |= replaced or self.truncate or self.cut is not None
        self._pause(self.stall)
        return answer

    def _modified(self, answer: Response) -> Response:
        answer.dropped |= self.drop
        answer.truncated |= self.truncate
        answer.cut = answer.cut if self.cut is None else self.cut
        answer.drip = answer.drip or self.drip
        return pack(answer, self.padding) if self.gzip else pad(answer, self.padding)

    def _pause(self, seconds: float) -> None:
        """Hold the request, for `delay` or `stall`."""
        if seconds:
            self.holding.set()
            self.released.wait(seconds)


def _replacement(status: int, body: Any, headers: Mapping[str, str]) -> Response:
    """Return a response with this body: text as HTML, bytes unchanged, other values as JSON.

    None means Atlas' general error, or no body if the status is not an error.
    """
    if isinstance(body, bytes):
        return Response(status, body, Headers(headers))
    if isinstance(body, str):
        return Response(status, body.encode(), Headers({"Content-Type": "text/html", **headers}))
    if body is None and status >= 400:
        said = reason(status)
        body = {"detail": f"{said}.", "error": status, "errorCode": "UNEXPECTED_ERROR", "reason": said}
    if body is None:
        return Response(status, headers=Headers(headers))
    code = body.get("errorCode") if isinstance(body, dict) else None
    return json_response(status, body, {**({"X-Error-Code": str(code)} if code else {}), **headers})


class Faults:
    """The pending faults, in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Remove all pending faults and release the requests they hold."""
        with self._lock:
            for fault in self._faults:
                fault.released.set()
            self._faults.clear()

    def take(self, request: Request, before_auth: bool) -> Fault:
        """Return the first fault that applies to this request, or one that does nothing."""
        with self._lock:
            for fault in self._faults:
                if fault.before_auth is before_auth and fault.matches(request) and fault.is_triggered():
                    return fault
        return Fault()
