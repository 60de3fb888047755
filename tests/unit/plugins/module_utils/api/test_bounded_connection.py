# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request has an end; what breaks is broken wherever it does; what looks odd and is right is taken."""

from __future__ import annotations

import gzip
import socket
import sys
import time
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api import bounded_connection
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import MAX_RESPONSE_SIZE
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from simulator import Settings, Simulator
from support.raw_server import (
    HEAD,
    LIST,
    WHOLE,
    Piece,
    RawServer,
    chunked,
    dripping,
)

Connect = Callable[..., Client]
Serve = Callable[..., RawServer]
ACCOUNT = ("service_account", {"client_id": Settings.client_id, "client_secret": Settings.client_secret})
METHODS = ("GET", "DELETE", "POST", "PATCH")
PACKED = gzip.compress(LIST)
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that starts a raw server; it stops after the test."""
    running: list[RawServer] = []

    def start(*answers: Iterable[Piece], **how: Any) -> RawServer:
        running.append(RawServer(*answers, **how))
        return running[-1]

    yield start
    for server in running:
        server.stop()


def send(client: Client, method: str) -> Any:
    calls: dict[str, Callable[[], Any]] = {
        "GET": lambda: client.pages("orgs", "do it"),
        "DELETE": lambda: client.delete("orgs", "do it"),
        "POST": lambda: client.post("orgs", "do it", {}),
        "PATCH": lambda: client.patch("orgs", "do it", {}),
    }
    return calls[method]()


def failure(client: Client, method: str = "GET") -> AtlasError:
    with pytest.raises(AtlasError) as caught:
        send(client, method)
    return caught.value


# What looks odd and is right


ODD: dict[str, bytes] = {
    "plain": WHOLE,
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\n" + LIST,
    "HTTP/1.0 with a length": WHOLE.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "until the connection closes": OK + b"Connection: close\r\n\r\n" + LIST,
    "in chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(LIST[:7], LIST[7:]),
    "in chunks, with a trailer": OK
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + chunked(LIST)[:-2]
    + b"Expires: never\r\n\r\n",
    "gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED) + PACKED,
    "gzip, spelled otherwise": OK + b"content-encoding: X-GZIP\r\n\r\n" + PACKED,
    "gzip in two pieces": OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(LIST[:9]) + gzip.compress(LIST[9:]),
    "gzip in chunks": OK
    + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    + chunked(PACKED[:11], PACKED[11:]),
    "deflate": OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(LIST),
    "deflate without a head": OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(LIST)[2:-4],
    "identity": OK + b"Content-Encoding: identity\r\n\r\n" + LIST,
    "without a content type": OK + b"Content-Length: %d\r\n\r\n" % len(LIST) + LIST,
    "a wrong content type": WHOLE.replace(b"application/json", b"text/html; charset=latin-1"),
    "duplicate headers": OK + 2 * (b"Content-Length: %d\r\nContent-Type: text/plain\r\n" % len(LIST)) + b"\r\n" + LIST,
    "a byte order mark": OK + b"\r\n\xef\xbb\xbf" + LIST,
    "UTF-16": OK + b"\r\n" + LIST.decode().encode("utf-16"),
    "lines that end early": WHOLE.replace(b"\r\n", b"\n"),
    "after early hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + WHOLE,
    "after several of them": 3 * b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nA: b\r\n\r\n" + WHOLE,
}


@pytest.mark.parametrize("answer", ODD.values(), ids=list(ODD))
def test_unusual_but_valid_response_is_read(serve: Serve, connect: Connect, answer: bytes) -> None:
    server = serve([answer])
    assert send(connect(server.url), "GET") == [{"id": "5" * 24, "name": "x"}]
    assert len(server.requests) == 1


def test_json_is_decoded_as_utf_8_despite_content_type(serve: Serve, connect: Connect) -> None:
    body = '{"id":"\u00fc"}'.encode()
    server = serve([HEAD.replace(b"application/json", b"text/plain; charset=iso-8859-1") % len(body) + body])
    assert connect(server.url).get("orgs", "do it") == {"id": "\u00fc"}


@pytest.mark.parametrize("packed", [False, True])
def test_connection_is_reused(serve: Serve, connect: Connect, packed: bool) -> None:
    answer = ODD["gzip in chunks"] if packed else WHOLE
    server = serve([answer], keep_alive=True)
    client = connect(server.url)
    for _number in range(3):
        send(client, "GET")
    assert (server.connections, len(server.requests)) == (1, 3)


def test_accept_encoding_is_gzip_and_deflate(atlas: Simulator, client: Client) -> None:
    send(client, "GET")
    assert atlas.exchanges[0].request_headers["Accept-Encoding"] == "gzip, deflate"


def test_gzip_response_of_simulator_is_read(atlas: Simulator, client: Client) -> None:
    atlas.fault("GET", gzip=True)
    assert len(send(client, "GET")) == 1


# What breaks


def broken() -> dict[str, bytes]:
    in_head = len(HEAD % len(LIST))
    chunks = OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(LIST[:20], LIST[20:])
    packed = OK + b"Content-Encoding: gzip\r\n\r\n" + PACKED
    cuts = {
        "no answer": b"",
        "in the status": WHOLE[:5],
        "after the status": WHOLE[:17],
        "in a header": WHOLE[:25],
        "after a header": WHOLE[: WHOLE.index(b"Content-Length")],
        "in the last line of the head": WHOLE[: in_head - 1],
        "before the end of the head": WHOLE[: in_head - 2],
        "after the head": WHOLE[:in_head],
        "in the body": WHOLE[: in_head + 10],
        "before the last byte": WHOLE[:-1],
        "in a chunk": chunks[:-30],
        "between chunks": chunks[: chunks.index(LIST[20:])],
        "before the last chunk": chunks[:-5],
        "in what is packed": packed[:-12],
        "a length of less than nothing": OK + b"Content-Length: -5\r\n\r\n" + LIST,
        "a length that is no number": OK + b"Content-Length: two\r\n\r\n" + LIST,
        "two lengths": OK + b"Content-Length: 2\r\nContent-Length: %d\r\n\r\n" % len(LIST) + LIST,
        "two lengths in one": OK + b"Content-Length: 2, 3\r\n\r\n" + LIST,
        "a chunk of less than nothing": OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc",
        "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
        "in early hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
    }
    no_content = b"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n"
    return {**cuts, "in the head of an empty answer": no_content[:-2]}


@pytest.mark.parametrize("answer", broken().values(), ids=list(broken()))
@pytest.mark.parametrize("method", METHODS)
def test_truncated_response_fails_and_is_retried_only_if_safe(
    serve: Serve, connect: Connect, clock: Any, method: str, answer: bytes
) -> None:
    server = serve([answer])
    error = failure(connect(server.url), method)
    assert "the connection broke before the answer was complete" in error.message
    assert clock.pauses == ([0.5, 1, 2, 4] if method in ("GET", "DELETE") else [])
    assert len(server.requests) == len(clock.pauses) + 1
    doubtful = method != "GET"
    assert (error.outcome_unknown, error.transient) == (doubtful, True)
    assert ("Whether it took effect is unknown" in str(error)) is doubtful


@pytest.mark.parametrize("answer", broken().values(), ids=list(broken()))
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_truncated_response_is_retried(serve: Serve, connect: Connect, clock: Any, method: str, answer: bytes) -> None:
    server = serve([answer], [answer], [WHOLE if method == "GET" else HEAD % 2 + b"{}"])
    assert send(connect(server.url), method) == (None if method == "DELETE" else [{"id": "5" * 24, "name": "x"}])
    assert len(server.requests) == 3


@pytest.mark.parametrize("cut", [17, 40, 90, 250])
def test_truncated_token_response_is_retried(atlas: Simulator, connect: Connect, clock: Any, cut: int) -> None:
    atlas.fault("POST", "oauth/token", times=2, cut=cut)
    assert len(send(connect(atlas, ACCOUNT), "GET")) == 1
    assert [exchange.kind for exchange in atlas.exchanges] == ["token", "token", "token", "api"]


def test_truncated_revoke_response_is_retried(atlas: Simulator, connect: Connect, clock: Any) -> None:
    atlas.fault("POST", "oauth/revoke", cut=30)
    token = atlas.issue_token()
    client = connect(atlas, ACCOUNT)
    client.token_endpoint.revoke(token)
    assert not client.is_token_alive(token)


REVOCATIONS: dict[str, dict[str, Any]] = {
    "another object": {"status": 200, "body": {"status": "ok"}},
    "a page": {"status": 200, "body": "<html>"},
    "trouble": {"status": 500},
    "a lost answer": {"drop": True},
    "a redirect": {"status": 302, "redirect": "https://login.example.com/"},
}


@pytest.mark.parametrize("fault", REVOCATIONS.values(), ids=list(REVOCATIONS))
def test_unreadable_revoke_response_has_unknown_outcome(
    atlas: Simulator, connect: Connect, clock: Any, fault: dict[str, Any]
) -> None:
    atlas.fault("POST", "oauth/revoke", times=None, **fault)
    with pytest.raises(AtlasError) as caught:
        connect(atlas, ACCOUNT).token_endpoint.revoke(atlas.issue_token())
    assert "Whether it took effect is unknown" in str(caught.value)
    assert caught.value.outcome_unknown is True


@pytest.mark.parametrize("total", [0, 1, 2, 7])
def test_is_token_alive_for_any_number_of_organizations(atlas: Simulator, connect: Connect, total: int) -> None:
    body = {"results": [{"id": "5" * 24}][:total], "totalCount": total, "links": []}
    atlas.fault("GET", "orgs", status=200, body=body)
    assert connect(atlas, ACCOUNT).is_token_alive(atlas.issue_token())


UNREADABLE: dict[str, bytes] = {
    "early hints and no more": OK.replace(b"200 OK", b"101 Switching Protocols") + b"\r\n",
    "gzip that is none": OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    "gzip that is damaged": OK
    + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED)
    + PACKED[:-8]
    + 8 * b"x",
    "gzip that lacks its end and comes whole": OK
    + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED[:-9])
    + PACKED[:-9],
    "gzip in more pieces than anybody makes": OK
    + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n"
    + 40_000 * gzip.compress(b"")
    + PACKED,
    "an unknown encoding": OK + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc",
    "too deep": OK + b"\r\n" + b"[" * 100_000,
    "a number without end": OK + b"\r\n" + b"9" * 10_000,
    "no UTF-8": OK + b'\r\n{"results": ["\xff"]}',
    "nothing": OK + b"Content-Length: 0\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
}


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=list(UNREADABLE))
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_unreadable_response_fails(serve: Serve, connect: Connect, method: str, answer: bytes) -> None:
    server = serve([answer])
    error = failure(connect(server.url), method)
    assert isinstance(error, TransportError)
    assert "is not the JSON that Atlas sends" in error.message
    assert error.outcome_unknown is (method != "GET")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [b"101 Switching Protocols", b"304 Not Modified"])
def test_delete_without_success_and_without_content_fails(serve: Serve, connect: Connect, status: bytes) -> None:
    """Nothing at all is what Atlas may say to a deletion, but only if that is a success."""
    server = serve([b"HTTP/1.1 " + status + b"\r\n\r\n"])
    error = failure(connect(server.url), "DELETE")
    assert isinstance(error, TransportError)
    assert error.outcome_unknown is True


def test_decompression_ends_at_deadline() -> None:
    with pytest.raises(TimeoutError if sys.version_info >= (3, 10) else socket.timeout):
        bounded_connection._decompress(PACKED, 31, time.monotonic() - 1)


def test_decompression_of_many_members_is_linear() -> None:
    """To look at the rest anew after each piece would take a minute."""
    began = time.process_time()
    with pytest.raises(zlib.error):
        bounded_connection._decompress(800_000 * gzip.compress(b""), 31, float("inf"))
    assert time.process_time() - began < 5


@pytest.mark.parametrize("location", [b"", b"Location: http://[\r\n", b"Location: \xff\r\n", b"Location: //:x\r\n"])
@pytest.mark.parametrize("method", METHODS)
def test_malformed_redirect_fails(serve: Serve, connect: Connect, method: str, location: bytes) -> None:
    server = serve([b"HTTP/1.1 307 Go\r\n" + location + b"Content-Length: 0\r\n\r\n"])
    error = failure(connect(server.url), method)
    where = " to " if location else "."
    assert f"Atlas' address answers with a redirect{where}" in error.message
    assert error.outcome_unknown is (method != "GET")
    assert len(server.requests) == 1


def test_long_error_text_is_truncated(serve: Serve, connect: Connect) -> None:
    saying = b"z" * 100_000
    bodies = [
        (b"404 X", b'{"errorCode":"%s","detail":"%s","parameters":["%s"]}' % (saying, saying, saying)),
        (b"404 X", b'{"errorCode":["%s"],"detail":{"a":"%s"}}' % (saying, saying)),
        (b"400 X", b'{"badRequestDetail":{"fields":[{"field":"%s","description":"x"}]}}' % saying),
        (b"404 X", b'{"parameters":[%s1]}' % (10_000 * b"1,")),
        (b"200 OK", b'{"results":[],"totalCount":"%s"}' % saying),
        (b"200 OK\r\nContent-Type: " + saying[:60_000], b"x"),
        (b"307 X\r\nLocation: " + saying[:60_000], b""),
    ]
    for status, body in bodies:
        server = serve([b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)])
        error = failure(connect(server.url, retry_timeout=0))
        assert len(str(error)) < 2000, status
        assert len(str(error.as_result())) < 4000, status


@pytest.mark.parametrize("answer", [UNREADABLE["nothing"], UNREADABLE["no content"], HEAD % 2 + b"{}"])
def test_delete_accepts_empty_response(serve: Serve, connect: Connect, answer: bytes) -> None:
    send(connect(serve([answer]).url), "DELETE")


@pytest.mark.parametrize("body", [b'{"status":"ok"}', b"<html>", b"[]", b"null"])
def test_delete_with_other_response_fails(serve: Serve, connect: Connect, body: bytes) -> None:
    error = failure(connect(serve([HEAD % len(body) + body]).url), "DELETE")
    assert "is not the JSON that Atlas sends" in error.message
    assert error.outcome_unknown


@pytest.mark.parametrize("retry_after", ["Mon, 01 Jan 99999 00:00:00 GMT", "9" * 5000, "-1", "1e9", "\u0663"])
def test_malformed_retry_after_fails_as_api_error(serve: Serve, connect: Connect, clock: Any, retry_after: str) -> None:
    head = f"HTTP/1.1 503 Busy\r\nRetry-After: {retry_after}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    assert isinstance(failure(connect(serve([head.encode()]).url)), ApiError)


# One request has an end


def timed(client: Client, method: str = "GET") -> tuple[AtlasError, float]:
    began = time.monotonic()
    return failure(client, method), time.monotonic() - began


SLOW: dict[str, list[Piece]] = {
    "silent": [60.0],
    "a slow head": list(dripping(WHOLE, 0.2)),
    "a slow body": [HEAD % len(LIST), *dripping(LIST, 0.2)],
    "slow chunks": [OK + b"Transfer-Encoding: chunked\r\n\r\n", *dripping(chunked(LIST), 0.2)],
    "hints without end": [0.05, b"HTTP/1.1 103 Early Hints\r\n\r\n"] * 1000,
    "a head without end": [OK, *([0.05, b"A: b\r\n"] * 90), 60.0],
    "a body without end": [b"HTTP/1.0 200 OK\r\n\r\n", *([0.05, b" "] * 1000)],
}


@pytest.mark.parametrize("pieces", SLOW.values(), ids=list(SLOW))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_timeout_bounds_the_whole_request(serve: Serve, connect: Connect, method: str, pieces: list[Piece]) -> None:
    error, elapsed = timed(connect(serve(pieces).url, timeout=1, retry_timeout=0), method)
    assert "no answer came in time" in error.message
    assert "Raise timeout" in str(error.hint)
    assert error.outcome_unknown is (method == "POST")
    assert 0.9 < elapsed < 10


@pytest.mark.parametrize("pieces", SLOW.values(), ids=list(SLOW))
def test_deadline_bounds_a_request(serve: Serve, connect: Connect, pieces: list[Piece]) -> None:
    client = connect(serve(pieces).url, timeout=30, retry_timeout=60, deadline=time.monotonic() + 0.2)
    error, elapsed = timed(client)
    assert "no answer came in time" in error.message
    assert 0.9 < elapsed < 10, "what begins in the last moment has a second"


def test_deadline_passed_sends_no_request(serve: Serve, connect: Connect) -> None:
    server = serve([WHOLE])
    error, elapsed = timed(connect(server.url, timeout=30, deadline=time.monotonic() - 2))
    assert elapsed < 10
    assert (error.transient, server.requests) == (True, [])


def test_request_just_before_deadline_succeeds(serve: Serve, connect: Connect) -> None:
    """The last look of a wait begins when the wait is over."""
    assert send(connect(serve([WHOLE]).url, timeout=30, deadline=time.monotonic()), "GET")


def test_slow_response_within_timeout_succeeds(serve: Serve, connect: Connect) -> None:
    assert send(connect(serve(list(dripping(WHOLE, 0.002))).url), "GET")


def test_timeout_is_reset_for_each_request(serve: Serve, connect: Connect) -> None:
    server = serve([1.6, WHOLE], [1.6, WHOLE], keep_alive=True)
    client = connect(server.url, timeout=3, retry_timeout=0)
    assert [len(send(client, "GET")) for _number in range(2)] == [1, 1]
    assert server.connections == 1


def test_timeout_bounds_token_request(atlas: Simulator, connect: Connect) -> None:
    atlas.fault("POST", "oauth/token", drip=0.1)
    error, elapsed = timed(connect(atlas, ACCOUNT, timeout=1, retry_timeout=0))
    assert "Could not get an access token for the service account: no answer came in time" in error.message
    assert elapsed < 10


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [200, 500])
def test_decompression_bomb_fails_with_bounded_memory(
    atlas: Simulator, connect: Connect, method: str, status: int
) -> None:
    atlas.fault(method, times=None, status=status, body={}, gzip=True, padding=100)
    tracemalloc.start()
    error = failure(connect(atlas, timeout=60), method)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "the answer is larger than any that can be expected (16 MiB)" in error.message
    assert error.outcome_unknown is (method == "POST")
    assert len(atlas.exchanges) == 1, "it would be as large again"
    assert peak < 4 * MAX_RESPONSE_SIZE


@pytest.mark.parametrize("chunks", [False, True])
def test_oversized_body_fails(serve: Serve, connect: Connect, chunks: bool) -> None:
    mebibyte = b" " * 1024**2
    head = OK + (b"Transfer-Encoding: chunked\r\n\r\n" if chunks else b"\r\n")
    server = serve([head, *([chunked(mebibyte)[:-5] if chunks else mebibyte] * 40)])
    assert "the answer is larger than any that can be expected" in failure(connect(server.url)).message


def test_large_response_is_read(atlas: Simulator, client: Client) -> None:
    atlas.fault("GET", gzip=True, padding=15)
    assert len(send(client, "GET")) == 1
    atlas.fault("GET", padding=15)
    assert len(send(client, "GET")) == 1


@pytest.mark.parametrize("status", [520, 521, 522, 523, 524])
def test_gateway_error_is_retried(atlas: Simulator, client: Client, clock: Any, status: int) -> None:
    atlas.fault("GET", times=2, status=status, body="<html>error code</html>")
    assert len(send(client, "GET")) == 1
    assert clock.pauses == [0.5, 1]
