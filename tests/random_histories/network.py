# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network between clients and Atlas: sockets that end in the simulator, without a server and without waiting.

Everything above the socket is real: requests, urllib3, its retries, the limits in time and size, and authentication.
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Callable

import pytest
import urllib3.util.connection

from simulator.http.messages import Headers, Request, Response
from simulator.http.server import head_of

from .scheduler import Scheduler
from .weather import BODIES, CONNECTING, ERRORS, RETRY_AFTER, Weather

HOST = ("127.0.0.1", 1)
ADDRESS = "http://{}:{}".format(*HOST)

#: Answers a request that has arrived; the owner is that of the task that sent it.
Answer = Callable[[Request, Any], Response]


class Network:
    """Where sockets end.

    Args:
        scheduler: Whose tasks send requests.
        dice: Decide what happens to them.
        weather: How often something does.
        answer: Atlas.
    """

    def __init__(self, scheduler: Scheduler, dice: random.Random, weather: Weather, answer: Answer) -> None:
        self.scheduler, self.dice, self.weather, self.answer = scheduler, dice, weather, answer
        #: A file that is never readable: what urllib3 looks at to tell whether a kept connection still stands.
        self.idle, self._other_end = os.pipe()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let urllib3 connect to this network only."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(urllib3.util.connection, "create_connection", self.connect)
            yield
        os.close(self.idle)
        os.close(self._other_end)

    def connect(self, address: tuple[str, int], timeout: float, **_how: Any) -> Wire:
        fault = self.weather.fault_of(self.dice, self.scheduler.now) if address == HOST else "refused"
        if fault not in CONNECTING:
            self.scheduler.sleep(self.dice.uniform(0, self.weather.latency))
            return Wire(self, timeout)
        if fault == "refused":
            raise ConnectionRefusedError(111, "Connection refused")
        self.scheduler.sleep(timeout if fault == "unconnected" else 0.1)
        raise socket.timeout("timed out") if fault == "unconnected" else socket.gaierror(-2, "Name not known")

    def exchange(self, sent: bytes, timeout: float) -> bytes:
        """Return what comes back for a request. Raises OSError if nothing does."""
        request, owner = parse_request(sent), self.scheduler.current.owner
        fault = self.weather.fault_of(self.dice, self.scheduler.now)
        if fault == "late":
            moment = self.scheduler.now + timeout + self.dice.choice((0.1, 3.0, 30.0))
            self.scheduler.at(moment, lambda: self._answer_late(request, owner))
        if fault in ("late", "silent before"):
            return self._silence(timeout)
        travel = self.dice.uniform(0, self.weather.latency)
        if travel >= timeout:
            return self._silence(timeout)
        self.scheduler.sleep(travel)
        if fault in ("busy", "reset before", "error before", "damaged before"):
            return encode(self._replaced(fault))
        answer = self.answer(request, owner)
        if fault == "silent after" or 2 * travel >= timeout:
            return self._silence(timeout - travel)
        self.scheduler.sleep(travel)
        sent_back = encode(
            self._replaced(fault) if fault in ("reset after", "error after", "damaged after") else answer
        )
        return sent_back[: self.dice.randrange(len(sent_back))] if fault == "cut after" else sent_back

    def _answer_late(self, request: Request, owner: Any) -> None:
        """Let Atlas act on a request for whose answer nobody waits any more."""
        self.answer(request, owner)

    def _silence(self, seconds: float) -> bytes:
        self.scheduler.sleep(seconds)
        raise socket.timeout("timed out")

    def _replaced(self, fault: str) -> Response:
        """Return what comes in place of Atlas' answer."""
        kind = fault.partition(" ")[0]
        if kind == "reset":
            raise ConnectionResetError(104, "Connection reset by peer")
        if kind == "damaged":
            return Response(200, self.dice.choice(BODIES))
        after = self.dice.choice(RETRY_AFTER) if kind == "busy" else None
        headers = Headers({"Retry-After": after} if after is not None else {})
        return Response(429 if kind == "busy" else self.dice.choice(ERRORS), b"", headers)


class Wire:
    """A socket, and the file that its answers are read from."""

    def __init__(self, network: Network, timeout: float) -> None:
        self._network, self._timeout = network, timeout
        self._sent, self._received = b"", b""

    def settimeout(self, seconds: float) -> None:
        self._timeout = seconds

    def sendall(self, data: bytes) -> None:
        self._sent += data

    def makefile(self, *_how: Any, **_more: Any) -> Wire:
        return self

    def readinto(self, buffer: Any) -> int:
        if self._sent:
            sent, self._sent = self._sent, b""
            self._received = self._network.exchange(sent, self._timeout)
        count = min(len(buffer), len(self._received))
        buffer[:count], self._received = self._received[:count], self._received[count:]
        return count

    def fileno(self) -> int:
        return self._network.idle

    def shutdown(self, _how: int) -> None:
        """Nothing is left to shut down."""

    def close(self) -> None:
        """Nothing is left to close."""


def parse_request(sent: bytes) -> Request:
    """Return a request from the bytes that a client sent."""
    head, _blank, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    return Request(method, target, Headers(dict(line.split(": ", 1) for line in lines)), body)


def encode(response: Response) -> bytes:
    """Return the bytes of a response."""
    return head_of(response, {}) + response.body
