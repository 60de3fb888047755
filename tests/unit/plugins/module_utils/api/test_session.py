# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the session adds to those of requests, without a server: limits, retries, TLS, and what it notes."""

from __future__ import annotations

import ssl
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter

from ansible_collections.atlasops.network.plugins.module_utils.api import session as module
from ansible_collections.atlasops.network.plugins.module_utils.api.bounded_connection import _Pool
from ansible_collections.atlasops.network.plugins.module_utils.api.echoes import MASK
from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import (
    DELIVERY,
    MAY_HAVE_ARRIVED,
    OversizedResponseError,
    RequestLimits,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.retries import RetryPolicy
from ansible_collections.atlasops.network.plugins.module_utils.api.session import VERSION, _Adapter, open_session
from ansible_collections.atlasops.network.plugins.module_utils.errors import MissingLibraryError

HTTPS, HTTP = "https://atlas.test", "http://127.0.0.1:1"
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def opened(base_url: str = HTTPS, verify: bool | str = False) -> requests.Session:
    settings = SimpleNamespace(base_url=base_url, timeout=5, retry_timeout=10, verify=verify)
    return open_session(settings, 99.0, 3, False, ["/token"])


def response(status: int = 200, content: bytes = b"", **headers: str) -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer._content = status, content
    answer.request = requests.Request("GET", HTTPS, headers=headers).prepare()
    return answer


def adapter(context: ssl.SSLContext | None = None) -> _Adapter:
    return _Adapter(RetryPolicy(("GET",), limits=RequestLimits(5.0)), 3, context)


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REQUESTS_TRACEBACK", "Traceback")
    with pytest.raises(MissingLibraryError, match=r"\(requests\)"):
        opened()


@pytest.mark.parametrize("verify", [True, False])
def test_warnings_about_certificates_are_off_only_if_none_is_verified(
    monkeypatch: pytest.MonkeyPatch, verify: bool
) -> None:
    disabled: list[type[Warning]] = []
    monkeypatch.setattr(urllib3, "disable_warnings", disabled.append)
    opened(HTTP, verify)
    assert disabled == ([] if verify else [urllib3.exceptions.InsecureRequestWarning])


def test_headers_of_all_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests would ask for encodings that only its own decompression knows."""
    defaults = requests.structures.CaseInsensitiveDict({"Accept-Encoding": "gzip, deflate, br"})
    monkeypatch.setattr("requests.sessions.default_headers", lambda: defaults)
    headers = opened().headers
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert headers["User-Agent"] == f"atlasops.network/{VERSION} python-requests/{requests.__version__}"


@pytest.mark.parametrize(
    ("url", "methods", "retry_on_429"),
    [
        (f"{HTTPS}/orgs", ("GET", "DELETE"), False),
        (f"{HTTP}/orgs", ("GET", "DELETE"), False),
        (f"{HTTPS}/token", ("POST",), True),
    ],
)
def test_what_is_retried(url: str, methods: tuple[str, ...], retry_on_429: bool) -> None:
    found: Any = opened().get_adapter(url)
    policy = found.max_retries.policy
    assert (policy.methods, policy.retry_on_429, policy.budget) == (methods, retry_on_429, 10)
    assert (policy.limits.timeout, policy.limits.deadline) == (5, 99.0)
    assert found.poolmanager.connection_pool_kw["maxsize"] == 3


def test_one_outage_is_that_of_all_requests() -> None:
    session: Any = opened()
    assert len({id(one.max_retries.policy.outage) for one in session.adapters.values()}) == 1


class Sending(HTTPAdapter):
    """Sends a request so often, without the attempts that were turned away, and returns or raises an outcome."""

    def __init__(self, outcome: requests.Response | Exception, attempts: int) -> None:
        super().__init__()
        self.outcome, self.attempts = outcome, attempts

    def send(self, request: requests.PreparedRequest, *_arguments: Any, **_options: Any) -> requests.Response:
        DELIVERY.attempts += self.attempts
        if isinstance(self.outcome, Exception):
            raise self.outcome
        self.outcome.request = request
        return self.outcome


def sent(outcome: requests.Response | Exception, attempts: int = 1, **request: Any) -> Any:
    """Return the outcome of a request which is sent while another one is, for a token, say."""
    session = opened()
    session.mount(HTTPS, Sending(outcome, attempts))
    DELIVERY.attempts = 7
    try:
        return session.get(f"{HTTPS}/orgs", **request)
    except requests.RequestException as error:
        return error
    finally:
        assert DELIVERY.attempts == 7
        DELIVERY.attempts = 0


@pytest.mark.parametrize(
    ("outcome", "attempts", "arrived"),
    [
        (response(200), 1, False),
        (response(200), 2, True),
        (response(503), 1, False),
        (response(401), 0, False),
        (response(401), 1, True),
        (response(429), 1, True),
        (requests.ConnectionError(), 0, False),
        (requests.ConnectionError(), 1, True),
    ],
)
def test_whether_a_request_may_have_arrived(outcome: Any, attempts: int, arrived: bool) -> None:
    """An answer is to the last attempt, unless it turns that away; an error is about all of them."""
    assert getattr(sent(outcome, attempts), MAY_HAVE_ARRIVED) is arrived


def test_repeated_credentials_are_masked() -> None:
    found = sent(response(403, b"Who is planted-token?"), headers={"Authorization": "Bearer planted-token"})
    assert found.content == f"Who is {MASK}?".encode()


def test_proxies_are_read_once_for_each_host(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def proxies(url: str, **_options: Any) -> dict[str, str]:
        read.append(url)
        return {"https": "http://proxy", "http": "http://proxy"}

    monkeypatch.setattr("requests.sessions.get_environ_proxies", proxies)
    session = opened()
    found = [
        session.merge_environment_settings(url, {}, False, "/ca.pem", None)
        for url in (f"{HTTPS}/a", f"{HTTPS}/b", f"{HTTP}/a", HTTP)
    ]
    assert read == [f"{HTTPS}/a", f"{HTTP}/a"]
    others = {"stream": False, "verify": "/ca.pem", "cert": None}
    assert found[0] == found[1] == {"proxies": {"https": "http://proxy", "http": "http://proxy"}, **others}
    assert found[2] == found[3] == {"proxies": {}, **others}, "a proxy would read what is not encrypted"


def test_connections_through_a_proxy_have_the_same_limits_and_context() -> None:
    one = adapter(PLAIN)
    manager = one.proxy_manager_for("http://proxy:1")
    classes = manager.pool_classes_by_scheme
    assert [(issubclass(each, _Pool), each.limits.timeout) for each in classes.values()] == [(True, 5.0)] * 2
    assert manager.connection_pool_kw["ssl_context"] is PLAIN
    assert one.proxy_manager_for("http://proxy:1").pool_classes_by_scheme is classes


@pytest.mark.parametrize(
    ("raised", "seen"),
    [
        (OversizedResponseError(), requests.exceptions.ContentDecodingError),
        (urllib3.exceptions.HTTPError(), requests.ConnectionError),
    ],
)
def test_errors_below_requests_become_its_own(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, seen: type[Exception]
) -> None:
    monkeypatch.setattr(HTTPAdapter, "send", Sending(raised, 0).send)
    with pytest.raises(seen):
        adapter().send(response().request)


@pytest.mark.parametrize(
    ("status", "ends"), [(200, True), (404, True), (499, True), (429, False), (500, False), (503, False)]
)
def test_which_answers_end_an_outage(monkeypatch: pytest.MonkeyPatch, clock: Any, status: int, ends: bool) -> None:
    monkeypatch.setattr(HTTPAdapter, "send", lambda self, request: response(status))
    one = adapter()
    began = one._policy.outage.began()
    clock.now += 1
    one.send(response().request)
    assert one._policy.outage.began() == began + ends


@pytest.mark.parametrize(("status", "noted"), [(200, 0), (401, -1), (429, -1), (503, 0)])
def test_what_was_turned_away_is_not_counted(monkeypatch: pytest.MonkeyPatch, status: int, noted: int) -> None:
    monkeypatch.setattr(HTTPAdapter, "send", lambda self, request: response(status))
    monkeypatch.setattr(DELIVERY, "attempts", 0)
    adapter().send(response().request)
    assert DELIVERY.attempts == noted


def test_closed_adapter_begins_nothing_and_keeps_no_connections(clock: Any) -> None:
    one = adapter()
    one.poolmanager.connection_from_url(HTTPS)
    one.close()
    assert one._policy.limits.end() < clock.monotonic()
    assert len(one.poolmanager.pools) == 0


def test_certificates_are_verified_by_the_context_if_there_is_one(tmp_path: Any) -> None:
    connection = SimpleNamespace()
    adapter(PLAIN).cert_verify(connection, HTTPS, str(tmp_path), None)
    assert vars(connection) == {"cert_reqs": "CERT_REQUIRED"}
    adapter().cert_verify(connection, HTTPS, False, None)
    assert connection.cert_reqs == "CERT_NONE"


@pytest.mark.parametrize(
    ("base_url", "verify", "made"), [(HTTPS, True, True), (HTTPS, False, False), (HTTP, True, False)]
)
def test_context_is_made_if_there_is_a_certificate_to_verify(base_url: str, verify: bool, made: bool) -> None:
    found: Any = opened(base_url, verify).get_adapter(HTTPS)
    assert isinstance(found.poolmanager.connection_pool_kw["ssl_context"], ssl.SSLContext) is made
