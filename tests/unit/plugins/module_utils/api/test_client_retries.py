# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is tried again, how often, and for how long: over real HTTP, with a clock that only pauses move on."""

from __future__ import annotations

import socket
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any, Callable

import pytest
from urllib3.exceptions import ProtocolError

from ansible_collections.atlasops.network.plugins.module_utils.api import retries
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.api.retries import (
    OutageClock,
    RetryPolicy,
    TimeBoundedRetry,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from simulator import Settings, Simulator
from support.clock import Clock

Connect = Callable[..., Client]
METHODS = ("GET", "DELETE", "POST", "PATCH")
REPEATABLE = ("GET", "DELETE")
WRITES = ("POST", "PATCH")
DOUBTFUL = (*WRITES, "DELETE")  # where an answer is lost, nobody knows what came of it
FOREVER: dict[str, Any] = {"times": None}
# Pauses of 0.5, 1, 2 and 4 seconds fit into the 10 seconds of patience, a fifth of 8 does not.
PAUSES = [0.5, 1.0, 2.0, 4.0]


def send(client: Client, method: str, path: str = "orgs") -> Any:
    """Send a request that the simulator only has to survive: what comes back is the fault's affair."""
    if method == "GET":
        return client.get(path, "do it")
    if method == "DELETE":
        return client.delete(path, "do it")
    return {"POST": client.post, "PATCH": client.patch}[method](path, "do it", {"a": 1})


def failure(client: Client, method: str) -> AtlasError:
    with pytest.raises(AtlasError) as caught:
        send(client, method)
    return caught.value


def cases(methods: tuple[str, ...], *faults: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("method", "fault"), [(method, fault) for method in methods for fault in faults])


DROP: dict[str, Any] = {"drop": True}
SERVER_ERRORS: list[dict[str, Any]] = [{"status": status} for status in (500, 502, 503, 504)]
RETRY_LATER: dict[str, Any] = {"status": 429}


def retry_after(status: int, seconds: object) -> dict[str, Any]:
    return {"status": status, "headers": {"Retry-After": str(seconds)}}


@cases(REPEATABLE, DROP, *SERVER_ERRORS, RETRY_LATER, retry_after(503, 0))
def test_get_and_delete_are_retried(
    atlas: Simulator, client: Client, clock: Any, method: str, fault: dict[str, Any]
) -> None:
    atlas.fault(method, **FOREVER, **fault)
    error = failure(client, method)
    assert len(atlas.exchanges) == 1 + len(PAUSES)
    assert clock.pauses == PAUSES
    assert error.outcome_unknown is (method == "DELETE" and fault.get("status") != 429)
    assert error.transient is True
    assert isinstance(error, TransportError if "drop" in fault else ApiError)


@cases(WRITES, DROP, *SERVER_ERRORS, retry_after(503, 1))
def test_write_with_unknown_outcome_is_not_retried(
    atlas: Simulator, client: Client, clock: Any, method: str, fault: dict[str, Any]
) -> None:
    atlas.fault(method, **FOREVER, **fault)
    error = failure(client, method)
    assert len(atlas.exchanges) == 1
    assert clock.pauses == []
    assert error.outcome_unknown is True
    assert error.transient is True


@cases(WRITES, RETRY_LATER)
def test_write_without_effect_is_retried(
    atlas: Simulator, client: Client, clock: Any, method: str, fault: dict[str, Any]
) -> None:
    atlas.fault(method, **FOREVER, **fault)
    error = failure(client, method)
    assert len(atlas.exchanges) == 1 + len(PAUSES)
    assert clock.pauses == PAUSES
    assert error.outcome_unknown is False


@cases(METHODS, {"status": 400}, {"status": 401}, {"status": 403}, {"status": 404}, {"status": 409}, {"status": 501})
def test_permanent_error_is_not_retried(
    atlas: Simulator, client: Client, clock: Any, method: str, fault: dict[str, Any]
) -> None:
    atlas.fault(method, **FOREVER, **fault)
    error = failure(client, method)
    assert isinstance(error, ApiError)
    assert error.status == fault["status"]
    assert len(atlas.exchanges) == 1
    assert clock.pauses == []


@cases(METHODS, RETRY_LATER, retry_after(429, 1))
@pytest.mark.parametrize("times", [1, 3])
def test_retry_succeeds_within_retry_timeout(
    atlas: Simulator, client: Client, clock: Any, method: str, fault: dict[str, Any], times: int
) -> None:
    atlas.fault(method, times=times, **fault)
    atlas.fault(method, status=200, body={} if method == "DELETE" else {"done": True})
    assert send(client, method) == (None if method == "DELETE" else {"done": True})
    assert len(atlas.exchanges) == times + 1
    assert len(clock.pauses) == times


@pytest.mark.parametrize("fault", [DROP, *SERVER_ERRORS])
def test_transient_fault_is_retried(atlas: Simulator, client: Client, clock: Any, fault: dict[str, Any]) -> None:
    atlas.fault("GET", times=2, **fault)
    assert send(client, "GET")["totalCount"] == 1
    assert clock.pauses == PAUSES[:2]


def test_retry_timeout_applies_to_each_request(atlas: Simulator, client: Client, clock: Any) -> None:
    for _time in range(3):
        atlas.fault("GET", times=4, status=503)
        send(client, "GET")
    assert clock.pauses == PAUSES * 3


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_takes_precedence_over_backoff(atlas: Simulator, client: Client, clock: Any, status: int) -> None:
    atlas.fault("GET", times=2, **retry_after(status, 3))
    send(client, "GET")
    assert clock.pauses == [3, 3]


def test_retry_after_as_date(atlas: Simulator, client: Client, clock: Any) -> None:
    atlas.fault("GET", **retry_after(429, formatdate(clock.time() + 4, usegmt=True)))
    send(client, "GET")
    assert clock.pauses == [pytest.approx(4)]


@pytest.mark.parametrize("method", METHODS)
def test_retry_after_beyond_retry_timeout_fails_at_once(
    atlas: Simulator, client: Client, clock: Any, method: str
) -> None:
    atlas.fault(method, **FOREVER, **retry_after(429, 11))
    error = failure(client, method)
    assert isinstance(error, ApiError)
    assert (error.status, error.outcome_unknown) == (429, False)
    assert len(atlas.exchanges) == 1
    assert clock.pauses == []


def test_retry_after_up_to_retry_timeout(atlas: Simulator, client: Client, clock: Any) -> None:
    atlas.fault("GET", **FOREVER, **retry_after(429, 5))
    failure(client, "GET")
    assert clock.pauses == [5, 5]


@pytest.mark.parametrize("method", METHODS)
def test_unreadable_retry_after_is_ignored(atlas: Simulator, client: Client, clock: Any, method: str) -> None:
    atlas.fault(method, **FOREVER, **retry_after(429, "soon"))
    error = failure(client, method)
    assert isinstance(error, ApiError)
    assert clock.pauses == PAUSES


def test_rate_limit_of_simulator_fails_or_is_waited_for(
    simulate: Callable[..., Simulator], connect: Connect, clock: Any
) -> None:
    atlas = simulate(rate_capacity=1)
    client = connect(atlas, retry_timeout=59)
    path = f"groups/{atlas.project_id}/peers"
    client.pages(path, "list the peers", providerName="AWS")
    with pytest.raises(ApiError, match="RATE_LIMITED_TOKEN_BUCKET: Rate limit exceeded"):
        client.pages(path, "list the peers", providerName="AWS")
    assert (len(atlas.exchanges), clock.pauses) == (2, [])
    clock.on_sleep = lambda: atlas.advance(clock.pauses[-1]) and None
    patient = connect(atlas, retry_timeout=60)
    assert patient.pages(path, "list the peers", providerName="AWS") == []
    assert clock.pauses == [60]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fault", [DROP, {"status": 503}, RETRY_LATER, retry_after(429, 1)])
def test_retry_timeout_zero_does_not_retry(
    atlas: Simulator, connect: Connect, clock: Any, method: str, fault: dict[str, Any]
) -> None:
    atlas.fault(method, **FOREVER, **fault)
    failure(connect(atlas, retry_timeout=0), method)
    assert len(atlas.exchanges) == 1
    assert clock.pauses == []


@pytest.mark.parametrize(("patience", "pauses"), [(0.4, 0), (0.5, 1), (1.4, 1), (1.5, 2), (100, 8), (1000, 38)])
def test_pauses_double_up_to_limit(
    atlas: Simulator, connect: Connect, clock: Any, patience: float, pauses: int
) -> None:
    atlas.fault("GET", **FOREVER, status=503)
    failure(connect(atlas, retry_timeout=patience), "GET")
    expected = [0.5, 1, 2, 4, 8, 16] + [30] * 40
    assert clock.pauses == expected[:pauses]


def test_pauses_have_jitter(atlas: Simulator, client: Client, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[float, float]] = []

    def uniform(least: float, most: float) -> float:
        asked.append((least, most))
        return least

    monkeypatch.setattr("ansible_collections.atlasops.network.plugins.module_utils.api.retries.random.uniform", uniform)
    atlas.fault("GET", times=2, status=503)
    send(client, "GET")
    assert clock.pauses == [0.25, 0.5]
    assert set(asked) == {(0.5, 1.0)}


def test_deadline_ends_retries(atlas: Simulator, connect: Connect, clock: Any) -> None:
    client = connect(atlas, deadline=clock.now + 2)
    atlas.fault("GET", **FOREVER, status=503)
    failure(client, "GET")
    assert clock.pauses == [0.5, 1.0]
    failure(client, "GET")
    assert clock.pauses == [0.5, 1.0, 0.5]


def test_deadline_does_not_extend_retry_timeout(atlas: Simulator, connect: Connect, clock: Any) -> None:
    atlas.fault("GET", **FOREVER, status=503)
    failure(connect(atlas, deadline=clock.now + 1000), "GET")
    assert clock.pauses == PAUSES


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("method", METHODS)
def test_refused_connection_is_retried_for_every_method(
    connect: Connect, clock: Any, free_port: int, method: str
) -> None:
    error = failure(connect(f"http://127.0.0.1:{free_port}"), method)
    assert clock.pauses == PAUSES
    assert isinstance(error, TransportError)
    assert (error.outcome_unknown, error.transient) == (False, True)
    assert error.message == f"Could not do it: no connection could be made (http://127.0.0.1:{free_port})."
    assert error.details == {"method": method, "base_url": f"http://127.0.0.1:{free_port}"}


@pytest.mark.parametrize("method", METHODS)
def test_connect_timeout_is_retried_for_every_method(
    monkeypatch: pytest.MonkeyPatch, connect: Connect, clock: Any, method: str
) -> None:
    def time_out(*_arguments: Any, **_options: Any) -> None:
        raise socket.timeout("timed out")

    monkeypatch.setattr("urllib3.util.connection.create_connection", time_out)
    error = failure(connect("http://127.0.0.1:1"), method)
    assert clock.pauses == PAUSES
    assert "no connection could be made" in error.message
    assert error.outcome_unknown is False


@pytest.mark.parametrize("method", METHODS)
def test_server_started_late_gets_request_once(
    simulate: Callable[..., Simulator], connect: Connect, clock: Any, free_port: int, method: str
) -> None:
    started: list[Simulator] = []

    def start() -> None:
        if len(clock.pauses) == 2:
            started.append(simulate(port=free_port))
            started[0].fault(method, "orgs", status=200, body={})

    clock.on_sleep = start
    account = {"client_id": Settings.client_id, "client_secret": Settings.client_secret}
    send(connect(f"http://127.0.0.1:{free_port}", ("service_account", account)), method)
    assert [exchange.method for exchange in started[0].exchanges] == ["POST", method]
    assert clock.pauses == PAUSES[:2]


@pytest.mark.parametrize("method", METHODS)
def test_read_timeout_is_retried_only_if_safe(atlas: Simulator, connect: Connect, clock: Any, method: str) -> None:
    atlas.fault(method, **FOREVER, delay=0.3)
    error = failure(connect(atlas, timeout=0.05, retry_timeout=1), method)
    assert clock.pauses == ([0.5] if method in REPEATABLE else [])
    assert isinstance(error, TransportError)
    assert "no answer came in time" in error.message
    assert "Raise timeout, or try again later." in str(error.hint)
    assert error.outcome_unknown is (method in DOUBTFUL)


def test_lost_delete_that_took_effect_is_retried(atlas: Simulator, client: Client, clock: Any) -> None:
    peer = atlas.add_peer(atlas.project_id, "GCP", "AVAILABLE")
    atlas.fault("DELETE", drop=True, applied=True)
    with pytest.raises(ApiError, match="PEER_ALREADY_REQUESTED_DELETION"):
        client.delete(f"groups/{atlas.project_id}/peers/{peer}", "delete it")
    assert clock.pauses == PAUSES[:1]


@pytest.mark.parametrize("status", [403, 409, 429])
@pytest.mark.parametrize("lost", [DROP, {"status": 503}])
def test_delete_refused_after_lost_answer_is_in_doubt(
    atlas: Simulator, client: Client, clock: Any, lost: dict[str, Any], status: int
) -> None:
    """The last answer refuses only the last attempt."""
    atlas.fault("DELETE", **lost)
    atlas.fault("DELETE", status=status, **FOREVER)
    assert failure(client, "DELETE").outcome_unknown is True


@pytest.mark.parametrize("status", [403, 409, 429])
def test_delete_refused_at_once_is_not_in_doubt(atlas: Simulator, client: Client, clock: Any, status: int) -> None:
    atlas.fault("DELETE", status=429)
    atlas.fault("DELETE", status=status, **FOREVER)
    assert failure(client, "DELETE").outcome_unknown is False


def test_end_of_an_outage_elsewhere_does_not_extend_retries(clock: Clock) -> None:
    """The retries of a request end at their time, though Atlas may answer to other threads meanwhile."""
    policy = RetryPolicy(["GET"], budget=10.0)
    first = TimeBoundedRetry.by(policy).increment("GET", "/", error=ProtocolError("reset"))
    assert first.deadline == clock.now + 10.0
    clock.now += 6.0
    policy.outage.reset()
    second = first.increment("GET", "/", error=ProtocolError("reset"))
    assert second.deadline == first.deadline
    other = TimeBoundedRetry.by(policy).increment("GET", "/", error=ProtocolError("reset"))
    assert other.deadline == clock.now + 10.0


def test_outage_begins_with_its_first_failure(clock: Clock) -> None:
    outage = OutageClock()
    began = outage.began()
    clock.now += 5.0
    assert outage.began() == began
    outage.reset()
    assert outage.began() == clock.now


def test_retries_have_jitter_of_at_most_half(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    uniform = lambda least, most: asked.append((least, most)) or least  # noqa: E731
    monkeypatch.setattr(retries, "random", SimpleNamespace(uniform=uniform))
    retry = TimeBoundedRetry.by(RetryPolicy(["GET"], budget=1000.0))
    pauses = []
    for _time in range(8):
        retry = retry.increment("GET", "/", error=ProtocolError("reset"))
        pauses.append(retry.get_backoff_time())
    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    assert set(asked) == {(0.5, 1.0)}


@pytest.mark.parametrize(
    ("method", "status", "expected"),
    [
        *(("GET", status, True) for status in (429, 500, 502, 503, 504, 520, 524)),
        *(("GET", status, False) for status in (200, 400, 408, 499, 501, 505, 519, 525)),
        ("POST", 503, False),
        ("POST", 429, True),
    ],
)
def test_status_is_retried(method: str, status: int, expected: bool) -> None:
    assert TimeBoundedRetry.by(RetryPolicy(["GET"])).is_retry(method, status) is expected
    quiet = TimeBoundedRetry.by(RetryPolicy(["GET"], retry_on_429=False))
    assert quiet.is_retry(method, status) is (expected and status != 429)
