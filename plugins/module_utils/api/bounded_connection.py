# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Connections that limit each request in time and its response in size.

The timeout of a socket limits the silence between two pieces only; a peer that sends a byte a second could go on
forever. Here everything from connecting to the last byte of the response has one deadline, and the response is read
completely, and decompressed, while urllib3 still waits for its head. So whatever breaks, urllib3 sees a broken head,
and one rule decides what is retried.
"""

from __future__ import annotations

import functools
import http.client
import io
import socket
import time
import zlib
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import (
    DELIVERY,
    MAX_RESPONSE_SIZE,
    OversizedResponseError,
    RequestLimits,
)

try:
    from urllib3.exceptions import ConnectTimeoutError
except ImportError:  # The session reports it; this name only has to exist until then.
    ConnectTimeoutError = OSError  # type: ignore[assignment, misc]

#: Accept-Encoding: what can be decompressed here.
ENCODINGS = "gzip, deflate"

_PIECE = 64 * 1024
#: Bytes that are decompressed at once: deflate expands them up to a thousandfold.
_COMPRESSED_PIECE = 4 * 1024
#: Members of one gzip response: several times those of the largest response compressed in blocks of 64 KiB.
_MAX_MEMBERS = 1000
#: Encoding -> values of `wbits` for zlib. Some servers send deflate without the zlib header.
_WBITS = {
    "gzip": (zlib.MAX_WBITS | 16,),
    "x-gzip": (zlib.MAX_WBITS | 16,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}


def bound(pools: Any, limits: RequestLimits) -> None:
    """Make all connections of a pool manager of urllib3 keep to the limits."""
    pools.pool_classes_by_scheme = {
        scheme: _bounded(pool_class, limits) for scheme, pool_class in pools.pool_classes_by_scheme.items()
    }


def _bounded(pool_class: Any, limits: RequestLimits) -> Any:
    connection_class = type("Connection", (_Connection, pool_class.ConnectionCls), {})
    return type("Pool", (_Pool, pool_class), {"ConnectionCls": connection_class, "limits": limits})


class _Pool:
    """Added to a connection pool of urllib3."""

    limits: RequestLimits

    def _get_conn(self, *args: Any, **kwargs: Any) -> Any:
        """Return a connection for one attempt at a request, whose time begins to run."""
        connection = super()._get_conn(*args, **kwargs)  # type: ignore[misc]
        connection.begin(self.limits.end())
        return connection


class _Connection:
    """Added to a connection of urllib3."""

    sock: Any
    timeout: float
    host: str
    _deadline = float("inf")
    _is_counted = True

    def begin(self, deadline: float) -> None:
        self._deadline, self._is_counted = deadline, True
        self.response_class = functools.partial(_Response, deadline=deadline)

    def _new_conn(self) -> Any:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise ConnectTimeoutError(self, f"There is no time left to connect to {self.host}.")
        self.timeout = left
        sock = super()._new_conn()  # type: ignore[misc]
        sock.settimeout(_left(self._deadline))  # for TLS
        return sock

    def putrequest(self, *args: Any, **kwargs: Any) -> None:
        """Begin the request itself; the CONNECT to a proxy is not counted."""
        super().putrequest(*args, **kwargs)  # type: ignore[misc]
        self._is_counted = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        self.sock.settimeout(_left(self._deadline))
        if not self._is_counted:
            self._is_counted = True
            DELIVERY.attempts += 1
        super().send(data)  # type: ignore[misc]


class _Response(http.client.HTTPResponse):
    """A response that is read completely at once, within its limits."""

    def __init__(self, sock: Any, *args: Any, deadline: float, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self._source = _Source(sock, deadline)
        self.fp = io.BufferedReader(self._source, _PIECE)

    def begin(self) -> None:
        try:
            self._begin()
        except ValueError as error:  # such as a chunk of negative size
            raise http.client.HTTPException("The response is malformed.") from error

    def _begin(self) -> None:
        super().begin()
        _check_length(self.headers)
        self._is_measured = self.chunked or self.length is not None
        if self._source.is_at_end:  # http.client treats this as the end of the head
            raise http.client.IncompleteRead(b"")
        body = self._decompressed(self._body())  # http.client closes its source after the last expected byte
        self.fp = io.BufferedReader(io.BytesIO(body))
        self.length, self.chunked = len(body), False
        for name in ("Transfer-Encoding", "Content-Encoding", "Content-Length"):
            del self.headers[name]

    def _read_status(self) -> tuple[str, int, str]:
        """Read the first line; interim responses such as 103 are skipped like 100."""
        version, status, reason = super()._read_status()  # type: ignore[misc]
        is_interim = 100 <= status < 200 and status != http.client.SWITCHING_PROTOCOLS
        return version, http.client.CONTINUE if is_interim else status, reason

    def _body(self) -> bytes:
        pieces, size = [], 0
        while piece := self.read(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_RESPONSE_SIZE:
                raise OversizedResponseError
        if self.length:
            raise http.client.IncompleteRead(b"", self.length)
        return b"".join(pieces)

    def _decompressed(self, compressed: bytes) -> bytes:
        """Return the decompressed body, or the body as received if it cannot be decompressed."""
        encoding = (self.headers.get("Content-Encoding") or "").strip().lower()
        for wbits in _WBITS.get(encoding, ()):
            try:
                return _decompress(compressed, wbits, self._source.deadline)
            except zlib.error:
                continue
            except EOFError:
                if not self._is_measured:  # nothing else shows that it was cut off
                    raise http.client.IncompleteRead(b"") from None
        return compressed


class _Source(io.RawIOBase):
    """Reads from a socket until a deadline."""

    def __init__(self, sock: Any, deadline: float) -> None:
        self._sock, self._raw, self.deadline = sock, sock.makefile("rb", buffering=0), deadline
        self.is_at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_left(self.deadline))
        count: int | None = self._raw.readinto(buffer)
        self.is_at_end = count == 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _check_length(headers: http.client.HTTPMessage) -> None:
    """Raise HTTPException if the length of a body is unclear, so that it cannot be told where it was cut off."""
    values = headers.get_all("Content-Length", [])
    lengths = {length.strip() for value in values for length in value.split(",")}
    if len(lengths) > 1 or not all(map(str.isdecimal, lengths)):  # in Latin-1 these are 0 to 9
        raise http.client.HTTPException("The length of the response is unclear.")


def _left(deadline: float) -> float:
    """Return the seconds until the deadline. Raises socket.timeout if it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise socket.timeout("timed out")
    return left


def _decompress(compressed: bytes, wbits: int, deadline: float) -> bytes:
    """Decompress data, which may consist of several members, within the size of a response.

    Raises:
        zlib.error: It is compressed differently, or in too many members.
        EOFError: It is incomplete.
        OversizedResponseError: It is too large.
    """
    view, at, decompressed = memoryview(compressed), 0, bytearray()
    for _member in range(_MAX_MEMBERS):
        decompressor = zlib.decompressobj(wbits)
        while not decompressor.eof:
            _left(deadline)
            if at == len(view):
                raise EOFError
            piece = view[at : at + _COMPRESSED_PIECE]
            decompressed += decompressor.decompress(piece)
            if len(decompressed) > MAX_RESPONSE_SIZE:
                raise OversizedResponseError
            at += len(piece) - len(decompressor.unused_data)
        if not any(view[at:]):  # padding, or nothing
            return bytes(decompressed)
    raise zlib.error
