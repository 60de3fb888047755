# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault of the matrix: what becomes of an answer, and of a connection."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any, Callable

from faults.layer import Arrival
from faults.wrong_answers import DAMAGED_HEADS, FOREIGN, SPOILED
from simulator.control import faults as simulated
from simulator.http.messages import Response

#: Seconds by which the clock moves on while a client waits: more than the timeout of any request here.
SILENCE = 31.0
BEFORE, AFTER, LATE = "before", "after", "late"
#: Kinds of faults that certainly keep a request from taking effect, or none that it gets past.
_CERTAIN = ("429", "refusal", "token", "nonce")
Answer = Callable[[Arrival], Response]


@dataclass(frozen=True)
class Fault:
    """One way in which a request can go wrong.

    Attributes:
        name: What happens, and when.
        kind: The faults of one kind differ in details only.
        answer: Answers the request in place of the API.
        connect: What becomes of the attempt to connect: raises OSError, or returns the address to connect to instead.
        when: Whether the request takes effect nevertheless: before it would, after it has, or late; None if there is no
            difference.
        credentials: The only kind of credentials with which it can happen.
        over_tls: Whether the server speaks TLS.
    """

    name: str
    kind: str
    answer: Answer | None = None
    connect: Callable[[], object] | None = None
    when: str | None = None
    credentials: str | None = None
    over_tls: bool = False

    @property
    def leaves_doubt(self) -> bool:
        """Whether nobody can know if a write took effect that this fault strikes."""
        return self.answer is not None and self.kind not in _CERTAIN

    @property
    def durations(self) -> Sequence[bool]:
        """Whether it may last: contents that differ in details only do the same if they last after a write."""
        return (False,) if self.when == AFTER and self.kind in ("foreign body", "damaged head") else (False, True)

    def can_strike(self, arrival: Arrival, credentials: str) -> bool:
        """Report whether it makes sense for a request of a fault-free run."""
        if self.credentials and self.credentials != credentials:
            return False
        return arrival.is_write or self.when in (BEFORE, None)


def _moments(name: str, kind: str, spoil: Answer, moments: Iterable[str] = (BEFORE, AFTER), **more: Any) -> list[Fault]:
    """Return one fault for each moment: the request has no effect, takes effect, or does so when nobody waits."""

    def at(moment: str) -> Answer:
        def answer(arrival: Arrival) -> Response:
            if moment == AFTER:
                arrival.act()
            elif moment == LATE:
                arrival.act_later()
            return replace(spoil(arrival), faulty=True)

        return answer

    return [Fault(f"{name} ({moment})", kind, at(moment), when=moment, **more) for moment in moments]


def _sent(head: bytes) -> Answer:
    return lambda arrival: Response(200, sender=lambda connection: connection.sendall(head))


def _reset(arrival: Arrival) -> Response:
    def send(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return Response(200, sender=send)


def _silent(*before: bytes) -> Answer:
    """Return an answer that stops after some bytes until the client has lost its patience, and a byte more."""

    def answer(arrival: Arrival) -> Response:
        def send(connection: socket.socket) -> None:
            for piece in before:
                connection.sendall(piece)
            arrival.clock.now += SILENCE
            connection.sendall(b"H")

        return Response(200, sender=send)

    return answer


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"


def _dripping(arrival: Arrival) -> Response:
    def send(connection: socket.socket) -> None:
        for byte in _HEAD:
            arrival.clock.now += SILENCE / len(_HEAD)
            connection.sendall(bytes([byte]))

    return Response(200, sender=send)


def _instead(**details: Any) -> Answer:
    """Return what the simulator itself answers with a fault."""
    return lambda arrival: simulated.Fault("ANY", **details).apply(lambda: Response(500))


def _spoiled(**details: Any) -> Answer:
    """Return the true answer, spoiled by a fault of the simulator."""
    return lambda arrival: replace(simulated.Fault("ANY", **details).apply(arrival.act), faulty=True)


_DATES: Mapping[str, float] = {"a date soon": 5, "a date past": -3600, "a date far away": 90000}
_RETRY_AFTER = {
    "none": None,
    **{repr(text): text for text in ("0", "1", "  7 ", "119", "3600", "-5", "1.5", "1e3", "", "soon", "9" * 400)},
    "a date of no calendar": "Wed, 31 Feb 99999 25:61:00 GMT",
}


def _throttled() -> Iterator[Fault]:
    body = {"error": 429, "errorCode": "RATE_LIMITED_TOKEN_BUCKET", "detail": "Rate limit exceeded."}
    for name, value in _RETRY_AFTER.items():
        headers = {} if value is None else {"Retry-After": value}
        answer = _instead(status=429, body=body, headers=headers)
        yield Fault(f"HTTP 429, Retry-After: {name[:12]}", "429", answer, when=BEFORE)
    for name, seconds in _DATES.items():

        def dated(arrival: Arrival, seconds: float = seconds) -> Response:
            headers = {"Retry-After": formatdate(arrival.clock.time() + seconds, usegmt=True)}
            return _instead(status=429, body=body, headers=headers)(arrival)

        yield Fault(f"HTTP 429, Retry-After: {name}", "429", dated, when=BEFORE)
    yield Fault("HTTP 429 of a proxy", "429", _instead(status=429, body="<html>Slow down</html>"), when=BEFORE)


def _server_errors() -> Iterator[Fault]:
    for status in (500, 502, 503, 504, 520):
        yield from _moments(f"HTTP {status}", f"HTTP {status}", _instead(status=status))
        yield from _moments(f"HTTP {status} of a proxy", f"HTTP {status}", _instead(status=status, body="<html>"))
    for value in ("1", "3600"):
        answer = _instead(status=503, headers={"Retry-After": value})
        yield from _moments(f"HTTP 503, Retry-After: {value}", "HTTP 503", answer)


def _refusals() -> Iterator[Fault]:
    for status in (400, 401, 403, 404, 405, 406, 407, 408, 409, 410, 501):
        yield Fault(f"HTTP {status}", "refusal", _instead(status=status, body="<html>"), when=BEFORE)
    codes = {"ACCESS_FORBIDDEN": 403, "VERSION_GONE": 410, "UNKNOWN_CODE": 400}
    for code, status in codes.items():
        answer = _instead(status=status, body={"error": status, "errorCode": code, "detail": "No."})
        yield Fault(f"HTTP {status} {code}", "refusal", answer, when=BEFORE)


def _raise(error: OSError) -> Callable[[], object]:
    def connect() -> object:
        raise error

    return connect


def _refused() -> object:
    """Connect to a port that nobody listens at."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return socket.create_connection(bound.getsockname(), timeout=5)


def _tokens_end(arrival: Arrival) -> Response:
    arrival.api.expire_tokens()
    return arrival.act()


def _nonces_end(arrival: Arrival) -> Response:
    arrival.api.expire_nonces()
    return arrival.act()


def table() -> list[Fault]:
    """Return all faults; those of TLS are in `faults.tls`."""
    return [
        Fault("connection refused", "no connection", connect=_refused),
        Fault("no such host", "no DNS", connect=_raise(socket.gaierror(socket.EAI_NONAME, "Name not known"))),
        Fault("DNS is down", "no DNS", connect=_raise(socket.gaierror(socket.EAI_AGAIN, "Temporary failure"))),
        Fault("no answer to the attempt to connect", "no connection", connect=_raise(socket.timeout("timed out"))),
        Fault("no route", "no connection", connect=_raise(OSError(113, "No route to host"))),
        *_moments("connection closed", "closed", _instead(drop=True), (BEFORE, AFTER, LATE)),
        *_moments("connection reset", "reset", _reset, (BEFORE, AFTER, LATE)),
        *_moments("silence", "timeout", _silent(), (BEFORE, AFTER, LATE)),
        *_moments("silence after the head", "timeout", _silent(_HEAD)),
        *_moments("an endless drip", "drip", _dripping),
        *_throttled(),
        *_server_errors(),
        *_refusals(),
        *(fault for name, details in FOREIGN.items() for fault in _moments(name, "foreign body", _instead(**details))),
        *(Fault(name, "spoiled body", _spoiled(**details), when=AFTER) for name, details in SPOILED.items()),
        *(fault for name, head in DAMAGED_HEADS.items() for fault in _moments(name, "damaged head", _sent(head))),
        *_moments("a redirect", "redirect", _instead(status=302, redirect="https://login.example.com/")),
        *_moments("a redirect that keeps the method", "redirect", _instead(status=307, redirect="http://127.0.0.1:9/")),
        Fault("token expired in the middle", "token", _tokens_end, credentials="service_account"),
        Fault("access token expired in the middle", "token", _tokens_end, credentials="access_token"),
        Fault("nonce is stale", "nonce", _nonces_end, credentials="api_key"),
    ]
