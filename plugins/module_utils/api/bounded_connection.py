# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections on which one request has an end: of time and of size.

A time-out of a socket bounds the silence between two pieces; a peer that sends a byte a second may go on for ever. Here
everything from connecting to the last byte of the answer has one deadline, and the answer is read as a whole, and
unpacked, while urllib3 still waits for its head. So whatever breaks is broken in the head, as far as urllib3 knows, and
there is one rule for what is tried again.
"""

from __future__ import annotations

import functools
import http.client
import io
import socket
import threading
import time
import zlib
from dataclasses import dataclass
from typing import Any

try:
    from urllib3.exceptions import ConnectTimeoutError
except ImportError:  # The transport reports it; this name only has to exist until then.
    ConnectTimeoutError = OSError  # type: ignore[assignment, misc]

#: Bytes that an answer may have, as it comes and unpacked. A page of 500 projects with all their tags has less than one
#: of 16 MiB.
LARGEST_ANSWER = 16 * 1024 * 1024
#: Encodings that can be unpacked here, as the client tells Atlas.
ENCODINGS = "gzip, deflate"

#: Seconds that a request may still take which begins at the end of it all, such as the last look of a wait.
_LAST_MOMENT = 1.0
_PIECE = 64 * 1024
#: What is unpacked at once: deflate makes up to a thousand times as much of it.
_PACKED_PIECE = 4 * 1024
#: Members of one gzip answer: those of the largest answer, packed in blocks of 64 KiB, several times over.
_MOST_MEMBERS = 1000
#: How to unpack each encoding, as zlib wants to be told. Some take deflate for what comes without a head.
_WINDOWS = {
    "gzip": (zlib.MAX_WBITS | 16,),
    "x-gzip": (zlib.MAX_WBITS | 16,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}


class OversizedAnswerError(Exception):
    """The answer is larger than any of Atlas. It is not for urllib3, which would ask for it again."""


class _Delivery(threading.local):
    """What has become of the request that a thread has under way.

    Attributes:
        attempts: How often it was sent, but for the times it was turned away.
    """

    attempts = 0


DELIVERY = _Delivery()


@dataclass
class Limits:
    """How long one request may take, once.

    Attributes:
        timeout: Seconds from connecting to the last byte of the answer.
        not_after: When it must be over whenever it began, on the monotonic clock; give or take the last moment.
    """

    timeout: float
    not_after: float = float("inf")

    def end(self) -> float:
        """Return when a request that begins now must be over."""
        return min(time.monotonic() + self.timeout, self.not_after + _LAST_MOMENT)

    def close(self) -> None:
        """Let no request begin any more, nor one more attempt at it, whoever may still be about to."""
        self.not_after = float("-inf")


def bound(pools: Any, limits: Limits) -> None:
    """Let all connections of a pool manager of urllib3 keep to the limits."""
    pools.pool_classes_by_scheme = {
        scheme: _bounded(pool_class, limits) for scheme, pool_class in pools.pool_classes_by_scheme.items()
    }


def _bounded(pool_class: Any, limits: Limits) -> Any:
    connection_class = type("Connection", (_Connection, pool_class.ConnectionCls), {})
    return type("Pool", (_Pool, pool_class), {"ConnectionCls": connection_class, "limits": limits})


class _Pool:
    """What is added to a connection pool of urllib3."""

    limits: Limits

    def _get_conn(self, *args: Any, **kwargs: Any) -> Any:
        """Return a connection for one request, or for one more attempt at it, whose time begins to run."""
        connection = super()._get_conn(*args, **kwargs)  # type: ignore[misc]
        connection.begin(self.limits.end())
        return connection


class _Connection:
    """What is added to a connection of urllib3."""

    sock: Any
    timeout: float
    host: str
    _ends_at = float("inf")
    _is_counted = True

    def begin(self, ends_at: float) -> None:
        self._ends_at, self._is_counted = ends_at, True
        self.response_class = functools.partial(_Answer, ends_at=ends_at)

    def _new_conn(self) -> Any:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise ConnectTimeoutError(self, f"There is no time left to connect to {self.host}.")
        self.timeout = left
        sock = super()._new_conn()  # type: ignore[misc]
        sock.settimeout(_left(self._ends_at))  # for TLS
        return sock

    def putrequest(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the request itself, which a proxy is not asked for when it is to connect."""
        super().putrequest(*args, **kwargs)  # type: ignore[misc]
        self._is_counted = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        self.sock.settimeout(_left(self._ends_at))
        if not self._is_counted:
            self._is_counted = True
            DELIVERY.attempts += 1
        super().send(data)  # type: ignore[misc]


class _Answer(http.client.HTTPResponse):
    """An answer that is read to its end at once, within its limits, and then only handed out."""

    def __init__(self, sock: Any, *args: Any, ends_at: float, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self._source = _Source(sock, ends_at)
        self.fp = io.BufferedReader(self._source, _PIECE)

    def begin(self) -> None:
        try:
            self._begin()
        except ValueError as error:  # such as a chunk of a size below nothing
            raise http.client.HTTPException("The answer makes no sense.") from error

    def _begin(self) -> None:
        super().begin()
        self._is_measured = self.chunked or self.length is not None
        if self._source.is_at_end:  # http.client takes that for the end of the head, and the body for empty
            raise http.client.IncompleteRead(b"")
        body = self._unpacked(self._body())
        if self.fp is not None:  # http.client closes it with the last byte that it expects
            self.fp.close()
        self.fp = io.BufferedReader(io.BytesIO(body))
        self.length, self.chunked = len(body), False
        for name in ("Transfer-Encoding", "Content-Encoding", "Content-Length"):
            del self.headers[name]

    def _read_status(self) -> tuple[str, int, str]:
        """Read the first line; what is only said in between, such as 103, is passed over like 100."""
        version, status, reason = super()._read_status()  # type: ignore[misc]
        is_interim = 100 <= status < 200 and status != http.client.SWITCHING_PROTOCOLS
        return version, http.client.CONTINUE if is_interim else status, reason

    def _body(self) -> bytes:
        pieces, size = [], 0
        while piece := self.read(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise OversizedAnswerError
        if self.length:
            raise http.client.IncompleteRead(b"", self.length)
        return b"".join(pieces)

    def _unpacked(self, packed: bytes) -> bytes:
        """Return the body as it was before it was packed; as it came where that cannot be undone."""
        encoding = (self.headers.get("Content-Encoding") or "").strip().lower()
        for window in _WINDOWS.get(encoding, ()):
            try:
                return _unpack(packed, window, self._source.ends_at)
            except zlib.error:
                continue
            except EOFError:
                if not self._is_measured:  # nothing else tells that it was cut
                    raise http.client.IncompleteRead(b"") from None
        return packed


class _Source(io.RawIOBase):
    """What comes from a socket, until a deadline."""

    def __init__(self, sock: Any, ends_at: float) -> None:
        self._sock, self._raw, self.ends_at = sock, sock.makefile("rb", buffering=0), ends_at
        self.is_at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_left(self.ends_at))
        count: int | None = self._raw.readinto(buffer)
        self.is_at_end = count == 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _left(ends_at: float) -> float:
    """Return the seconds that are left. Raises socket.timeout where there are none."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise socket.timeout("timed out")
    return left


def _unpack(packed: bytes, window: int, ends_at: float) -> bytes:
    """Return what is packed, which may be several members in a row, no more of it than an answer may have.

    Raises:
        zlib.error: It is not packed like this, or in more members than anybody makes.
        EOFError: There ought to be more of it.
    """
    view, at, unpacked = memoryview(packed), 0, bytearray()
    for _member in range(_MOST_MEMBERS):
        unpacker = zlib.decompressobj(window)
        while not unpacker.eof:
            _left(ends_at)
            if at == len(view):
                raise EOFError
            piece = view[at : at + _PACKED_PIECE]
            unpacked += unpacker.decompress(piece)
            if len(unpacked) > LARGEST_ANSWER:
                raise OversizedAnswerError
            at += len(piece) - len(unpacker.unused_data)
        if not any(view[at:]):  # padding, or nothing
            return bytes(unpacked)
    raise zlib.error
