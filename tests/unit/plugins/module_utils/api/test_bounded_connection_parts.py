# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection and one response by themselves: what is counted, when it ends, and how large it may be."""

from __future__ import annotations

import gzip
import http.client
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api import bounded_connection
from ansible_collections.atlasops.network.plugins.module_utils.api.bounded_connection import _Connection, _Response
from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import (
    DELIVERY,
    OversizedResponseError,
)
from support.clock import Clock
from support.raw_server import chunked

OK = b"HTTP/1.1 200 OK\r\n"
TEXT = b"a text of two dozen bytes"
PACKED = gzip.compress(TEXT)


class Socket:
    """Notes timeouts, and what is sent."""

    def __init__(self) -> None:
        self.timeouts: list[float] = []
        self.sent: list[bytes] = []

    def settimeout(self, seconds: float) -> None:
        self.timeouts.append(seconds)


class Below:
    """What urllib3 has below: connecting takes two seconds."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.sock, self.timeout = clock, None, 99.0

    def _new_conn(self) -> Any:
        self.clock.now += 2
        return Socket()

    def connect(self) -> None:
        self.sock = self._new_conn()

    def putrequest(self, *_arguments: Any) -> None:
        """Do nothing."""

    def send(self, data: bytes) -> None:
        self.sock.sent.append(data)


class Connection(_Connection, Below):
    """As it is made for urllib3."""


def test_request_is_counted_once_and_the_tunnel_to_a_proxy_is_not(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(DELIVERY, "attempts", 0)
    connection = Connection(clock)
    for number in (1, 2):
        connection.begin(clock.now + 5)
        connection.send(b"CONNECT")
        assert DELIVERY.attempts == number - 1
        connection.putrequest("POST", "/")
        connection.send(b"head")
        connection.send(b"body")
        assert DELIVERY.attempts == number
    assert connection.sock.sent == [b"CONNECT", b"head", b"body"] * 2


def test_every_step_of_a_connection_has_the_time_that_is_left(clock: Clock) -> None:
    connection = Connection(clock)
    connection.begin(clock.now + 5)
    connection.send(b"head")
    clock.now += 1
    connection.send(b"body")
    assert connection.timeout == 5
    assert connection.sock.timeouts == [3, 3, 2], "TLS, head and body"
    clock.now += 2
    with pytest.raises(socket.timeout):
        connection.send(b"more")


Read = Callable[..., _Response]


@pytest.fixture
def read() -> Iterator[Read]:
    """Return a function that reads a response, from a connection that stays open unless told otherwise."""
    sockets: list[socket.socket] = []

    def respond(data: bytes, closed: bool = False, seconds: float = 30.0) -> _Response:
        near, far = socket.socketpair()
        sockets.extend((near, far))
        far.sendall(data)
        if closed:
            far.close()
        response = _Response(near, deadline=time.monotonic() + seconds)
        response.begin()
        return response

    yield respond
    for one in sockets:
        one.close()


def in_length(body: bytes, headers: bytes = b"") -> bytes:
    return OK + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


RESPONSES: dict[str, bytes] = {
    "plain": in_length(TEXT),
    "without a body": b"HTTP/1.1 204 No Content\r\n\r\n",
    "in chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(TEXT[:7], TEXT[7:]),
    "one length twice": in_length(TEXT, b"Content-Length: %d\r\n" % len(TEXT)),
    "an encoding before a space": in_length(PACKED, b"Content-Encoding: gzip \r\n"),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_response_ends_without_the_connection(read: Read, name: str) -> None:
    response = read(RESPONSES[name])
    assert response._source.closed
    assert response.read() == (b"" if name == "without a body" else TEXT)
    assert [one for one in response.headers if one.lower().startswith(("content-", "transfer-"))] == []


def test_one_length_may_be_written_twice_in_one_header(read: Read) -> None:
    assert read(OK + b"Content-Length: 25, 25\r\n\r\n" + TEXT, closed=True).read() == TEXT


@pytest.mark.parametrize("length", [b"-25", b"+25", b"25.0", b"\xb2", b"", b"24, 25", b"25, x"])
def test_length_that_is_unclear_breaks_the_response(read: Read, length: bytes) -> None:
    with pytest.raises(http.client.HTTPException):
        read(OK + b"Content-Length: " + length + b"\r\n\r\n" + TEXT, closed=True)


CUT = PACKED[:-9]


@pytest.mark.parametrize(
    "answer",
    [
        in_length(CUT, b"Content-Encoding: gzip\r\n"),
        OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(CUT),
    ],
    ids=["in a length", "chunked"],
)
def test_whole_response_of_half_a_gzip_stays_as_it_is(read: Read, answer: bytes) -> None:
    """It was not cut off on its way, so it would come alike again."""
    assert read(answer).read() == CUT


def test_half_a_gzip_until_the_connection_closes_was_cut_off(read: Read) -> None:
    with pytest.raises(http.client.IncompleteRead):
        read(OK + b"Content-Encoding: gzip\r\n\r\n" + CUT, closed=True)


def test_largest_response(monkeypatch: pytest.MonkeyPatch, read: Read) -> None:
    monkeypatch.setattr(bounded_connection, "MAX_RESPONSE_SIZE", len(TEXT))
    assert read(in_length(TEXT)).read() == TEXT
    with pytest.raises(OversizedResponseError):
        read(in_length(TEXT + b"."))


@pytest.mark.parametrize("size", [1000, 1001])
def test_largest_decompressed_response(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(bounded_connection, "MAX_RESPONSE_SIZE", 1000)
    compressed = zlib.compress(bytes(size))
    if size > 1000:
        with pytest.raises(OversizedResponseError):
            bounded_connection._decompress(compressed, zlib.MAX_WBITS, float("inf"))
    else:
        assert bounded_connection._decompress(compressed, zlib.MAX_WBITS, float("inf")) == bytes(size)


def test_decompression_stops_in_time_to_save_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_connection, "MAX_RESPONSE_SIZE", 16 * 1024)
    monkeypatch.setattr(bounded_connection, "_COMPRESSED_PIECE", 64)
    compressed = zlib.compress(bytes(2 * 1024**2))
    tracemalloc.start()
    with pytest.raises(OversizedResponseError):
        bounded_connection._decompress(compressed, zlib.MAX_WBITS, float("inf"))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 512 * 1024


def test_response_after_its_deadline_is_not_read(read: Read) -> None:
    with pytest.raises(socket.timeout):
        read(in_length(TEXT), seconds=-1.0)
