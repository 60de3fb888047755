# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three ways to authenticate, against a simulator that checks."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Any, Callable

import pytest
import requests

from ansible_collections.atlasops.network.plugins.module_utils.api.auth import AUTHENTICATIONS
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import (
    ApiError,
    AuthenticationError,
    TransportError,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import METHODS
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import RENEWAL_MARGIN
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from simulator import Exchange, Settings, Simulator

Connect = Callable[..., Client]
Simulate = Callable[..., Simulator]
KEY = ("api_key", {"public_key": Settings.public_key, "private_key": Settings.private_key})
ACCOUNT = ("service_account", {"client_id": Settings.client_id, "client_secret": Settings.client_secret})


def read(client: Client, times: int = 1) -> None:
    for _time in range(times):
        client.get("orgs", "list the organizations")


def refused(client: Client) -> AtlasError:
    with pytest.raises(AtlasError) as refusal:
        read(client)
    return refusal.value


def shown(exchange: Exchange) -> str:
    return str(exchange.request_headers.get("Authorization"))


def of_kind(atlas: Simulator, kind: str) -> list[Exchange]:
    return [exchange for exchange in atlas.exchanges if exchange.kind == kind]


def test_access_token_is_sent_as_bearer(atlas: Simulator, connect: Connect) -> None:
    token = atlas.issue_token()
    read(connect(atlas, ("access_token", {"access_token": token})), 2)
    assert [shown(exchange) for exchange in atlas.exchanges] == [f"Bearer {token}"] * 2


def test_expired_access_token_fails_without_retry(atlas: Simulator, client: Client) -> None:
    atlas.advance(3601)
    error = refused(client)
    assert isinstance(error, ApiError)
    assert error.status == 401
    assert len(atlas.exchanges) == 1
    assert "Check the credentials" in str(error)


def test_service_account_requests_one_token_for_all_requests(atlas: Simulator, connect: Connect) -> None:
    read(connect(atlas, ACCOUNT), 3)
    (request,) = of_kind(atlas, "token")
    assert (request.method, request.path) == ("POST", "/api/oauth/token")
    assert request.request_body == b"grant_type=client_credentials"
    assert request.request_headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.request_headers["Accept"] == "application/json"
    assert shown(request).startswith("Basic ")
    token = request.response_json["access_token"]
    assert [shown(exchange) for exchange in of_kind(atlas, "api")] == [f"Bearer {token}"] * 3


def test_token_is_requested_only_with_first_request(atlas: Simulator, connect: Connect) -> None:
    connect(atlas, ACCOUNT)
    assert atlas.exchanges == []


def test_token_is_renewed_before_it_expires(clock: Any, atlas: Simulator, connect: Connect) -> None:
    client = connect(atlas, ACCOUNT)
    read(client)
    clock.now += 3600 - RENEWAL_MARGIN - 0.1
    read(client)
    assert len(of_kind(atlas, "token")) == 1
    clock.now += 0.1
    read(client)
    assert len(of_kind(atlas, "token")) == 2
    assert len({shown(exchange) for exchange in of_kind(atlas, "api")}) == 2


def test_renewal_margin_is_within_bounds() -> None:
    assert 30 <= RENEWAL_MARGIN <= 300


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"client_id": Settings.client_id, "client_secret": "wr0ng-s3cr3t"}, 401, "invalid_client"),
        ({"client_id": "nobody", "client_secret": "wr0ng-s3cr3t"}, 401, "invalid_client"),
    ],
)
def test_wrong_service_account_fails_with_hint(
    atlas: Simulator, connect: Connect, values: dict[str, str], status: int, code: str
) -> None:
    error = refused(connect(atlas, ("service_account", values)))
    assert isinstance(error, ApiError)
    assert (error.status, error.code) == (status, code)
    assert error.message.startswith("Could not get an access token for the service account: Atlas answered HTTP 401")
    assert "Check client_id and client_secret" in str(error)
    assert "wr0ng" not in str(error.as_result())
    assert not of_kind(atlas, "api")


def test_token_limit_reached_fails_with_hint(simulate: Simulate, connect: Connect) -> None:
    error = refused(connect(simulate(token_limit=0), ACCOUNT))
    assert "access_denied: Access Token limit reached" in str(error)
    assert "revoke old tokens" in str(error)


def test_rate_limited_token_request_fails(simulate: Simulate, connect: Connect) -> None:
    atlas = simulate(token_requests_per_minute=1)
    read(connect(atlas, ACCOUNT))
    error = refused(connect(atlas, ACCOUNT))
    assert isinstance(error, ApiError)
    assert (error.status, error.code) == (429, "RATE_LIMITED")
    assert "use one access_token for the whole play" in str(error)


@pytest.mark.parametrize(
    "body", [{}, {"access_token": "a"}, {"expires_in": 3600}, {"access_token": 5, "expires_in": 5}]
)
def test_token_response_without_token_fails(atlas: Simulator, connect: Connect, body: dict[str, Any]) -> None:
    atlas.fault("POST", "oauth/token", status=200, body=body)
    error = refused(connect(atlas, ACCOUNT))
    assert isinstance(error, TransportError)
    assert "(HTTP 200, no token in it)" in error.message
    assert error.outcome_unknown is False


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_digest_challenge_is_answered_per_algorithm(simulate: Simulate, connect: Connect, algorithm: str) -> None:
    atlas = simulate(digest_algorithm=algorithm)
    read(connect(atlas, KEY), 3)
    assert [exchange.status for exchange in atlas.exchanges] == [401, 200, 200, 200]
    assert f'algorithm="{algorithm}"' in shown(atlas.exchanges[1])


@pytest.mark.parametrize("announce", [True, False])
def test_single_use_nonce_is_challenged_for_every_request(simulate: Simulate, connect: Connect, announce: bool) -> None:
    atlas = simulate(nonce_uses=1, announce_stale=announce)
    read(connect(atlas, KEY), 3)
    assert [exchange.status for exchange in atlas.exchanges] == [401, 200] * 3


def test_expired_nonce_is_challenged_again(simulate: Simulate, connect: Connect) -> None:
    atlas = simulate(nonce_seconds=60)
    client = connect(atlas, KEY)
    read(client)
    atlas.advance(61)
    read(client)
    assert [exchange.status for exchange in atlas.exchanges] == [401, 200, 401, 200]


@pytest.mark.parametrize("uses", [1, 1023])
def test_challenged_write_takes_effect_once(simulate: Simulate, connect: Connect, uses: int) -> None:
    atlas = simulate(nonce_uses=uses)
    client = connect(atlas, KEY)
    read(client)
    body = {"providerName": "GCP", "atlasCidrBlock": "10.8.0.0/18"}
    project = atlas.add_project("empty", containers=False)
    client.post(f"groups/{project}/containers", "create a container", body)
    assert [exchange.request_json for exchange in atlas.writes()] == [body]


def test_wrong_api_key_fails_without_retry(atlas: Simulator, connect: Connect) -> None:
    values = {"public_key": Settings.public_key, "private_key": "wr0ng-s3cr3t"}
    error = refused(connect(atlas, ("api_key", values)))
    assert isinstance(error, ApiError)
    assert error.status == 401
    assert len(atlas.exchanges) == 2
    assert "https://cloud.mongodbgov.com for the government cloud" in str(error)
    assert "wr0ng" not in str(error.as_result())


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 503}, {"status": 429}])
@pytest.mark.parametrize("requests_before", [0, 1])
def test_retry_with_used_nonce_is_challenged_again(
    atlas: Simulator, connect: Connect, clock: Any, fault: dict[str, Any], requests_before: int
) -> None:
    """urllib3 sends the same answer again, which the simulator refuses as used up."""
    client = connect(atlas, KEY)
    read(client, requests_before)
    atlas.clear_log()
    atlas.fault("GET", **fault)
    read(client)
    first = [401] if requests_before == 0 else []
    assert [exchange.status for exchange in atlas.exchanges] == [*first, fault.get("status"), 401, 200]


@pytest.mark.parametrize("status", [200, 403])
def test_unchallenged_retry_ends_the_request(atlas: Simulator, connect: Connect, clock: Any, status: int) -> None:
    atlas.fault("GET", before_auth=True, skip=1, status=503)
    atlas.fault("GET", status=status, body={"errorCode": "ACCESS_FORBIDDEN"})
    client = connect(atlas, KEY)
    with contextlib.nullcontext() if status == 200 else pytest.raises(ApiError, match="403"):
        read(client)
    assert [exchange.status for exchange in atlas.exchanges] == [401, 503, status]


def test_every_retry_is_challenged_again(atlas: Simulator, connect: Connect, clock: Any) -> None:
    atlas.fault("GET", times=3, drop=True)
    read(connect(atlas, KEY, retry_timeout=100))
    assert [exchange.status for exchange in atlas.exchanges] == [401, None, 401, None, 401, None, 401, 200]


def test_challenges_end_with_retry_timeout(atlas: Simulator, connect: Connect, clock: Any) -> None:
    atlas.fault("GET", times=None, drop=True)
    clock.on_sleep = lambda: setattr(clock, "now", clock.now + 9.6)
    error = refused(connect(atlas, KEY, retry_timeout=10))
    assert "all retries failed (broken connections)" in str(error)
    assert error.transient, "the 401 speaks of the nonce, not of the key"
    assert [exchange.status for exchange in atlas.exchanges] == [401, None, 401]


def test_wrong_api_key_after_retry_fails(atlas: Simulator, connect: Connect, clock: Any) -> None:
    values = {"public_key": Settings.public_key, "private_key": "wrong"}
    atlas.fault("GET", before_auth=True, skip=1, status=503)
    assert "401" in str(refused(connect(atlas, ("api_key", values))))
    assert [exchange.status for exchange in atlas.exchanges] == [401, 503, 401, 401]


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 503}, {"status": 429}])
def test_token_request_is_retried(atlas: Simulator, connect: Connect, clock: Any, fault: dict[str, Any]) -> None:
    atlas.fault("POST", "oauth/token", times=2, **fault)
    read(connect(atlas, ACCOUNT))
    assert [exchange.kind for exchange in atlas.exchanges] == ["token", "token", "token", "api"]
    assert clock.pauses == [0.5, 1.0]


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 503}, {"status": 200, "body": "<html>"}])
def test_failed_token_request_has_known_outcome(
    atlas: Simulator, connect: Connect, clock: Any, fault: dict[str, Any]
) -> None:
    atlas.fault("POST", "oauth/token", times=None, **fault)
    client = connect(atlas, ACCOUNT)
    with pytest.raises(AtlasError, match="Could not get an access token") as caught:
        client.post("orgs", "make an organization", {})
    assert caught.value.outcome_unknown is False
    assert "Whether it took effect" not in str(caught.value)
    assert not of_kind(atlas, "api")


@pytest.mark.parametrize("credentials", [KEY, None])
def test_base_url_with_padded_port_is_retried_alike(
    atlas: Simulator, connect: Connect, clock: Any, credentials: tuple[str, dict[str, str]] | None
) -> None:
    """An address with a port like :08080 is sent as :8080."""
    address = atlas.url.replace("127.0.0.1:", "127.0.0.1:0")
    atlas.fault("ANY", before_auth=True, status=503)
    token = ("access_token", {"access_token": atlas.issue_token()})
    read(connect(address, credentials or token))
    assert clock.pauses == [0.5]


def no_md5(*_data: Any, **_options: Any) -> Any:
    raise ValueError("[digital envelope routines] unsupported")


def test_digest_without_md5_fails_with_hint(
    monkeypatch: pytest.MonkeyPatch, simulate: Simulate, connect: Connect
) -> None:
    """In FIPS mode hashlib.md5 raises, as older versions of requests see it."""
    atlas = simulate()
    client = connect(atlas, KEY)
    monkeypatch.setattr(hashlib, "md5", no_md5)
    error = refused(client)
    assert isinstance(error, AuthenticationError)
    assert "MD5 is disabled in FIPS mode" in error.message
    assert error.hint == "Use a service account instead: client_id and client_secret."
    assert len(atlas.exchanges) == 1


def test_digest_with_unknown_algorithm_fails(simulate: Simulate, connect: Connect) -> None:
    atlas = simulate()
    challenge = 'Digest realm="MMS Public API", nonce="n", algorithm=ROT-13, qop="auth"'
    atlas.fault("GET", "orgs", before_auth=True, status=401, headers={"WWW-Authenticate": challenge})
    error = refused(connect(atlas, KEY))
    assert isinstance(error, AuthenticationError)
    assert "it asks for algorithm=ROT-13, qop=auth" in error.message
    assert "whether a proxy or login page answers in place of Atlas" in str(error.hint)


@pytest.mark.parametrize(
    ("challenge", "said"),
    [
        ("Digest", "it lacks its realm or nonce"),
        ('Digest realm="x"', "it lacks its realm or nonce"),
        ('Digest realm="x", nonce', "it lacks its realm or nonce"),
        ('Digest nonce="x"', "it lacks its realm or nonce"),
        ('Digest realm="x", nonce="n", qop="auth-int"', "it asks for qop=auth-int"),
        ('Digest realm="x", nonce="n", algorithm=MD5', "it asks for algorithm=MD5 without qop"),
        ('Digest realm="x", nonce="n"', "it asks for an answer without qop"),
        ('Digest realm="x", nonce="n", algorithm=MD5-sess, qop="auth"', "it asks for algorithm=MD5-sess, qop=auth"),
        ('Digest realm="x", nonce="n", algorithm=SHA, qop="auth"', "it asks for algorithm=SHA, qop=auth"),
    ],
)
def test_malformed_digest_challenge_fails(atlas: Simulator, connect: Connect, challenge: str, said: str) -> None:
    atlas.fault("GET", "orgs", before_auth=True, status=401, headers={"WWW-Authenticate": challenge})
    error = refused(connect(atlas, KEY))
    assert isinstance(error, AuthenticationError)
    assert f"({said})" in error.message
    assert "FIPS" not in str(error)
    assert [shown(exchange) for exchange in atlas.exchanges] == ["None"]


@pytest.mark.parametrize(
    "wanted", ['algorithm=md5, qop="auth"', 'qop="auth"', 'algorithm=SHA-256, qop="auth-int,auth"']
)
def test_digest_challenge_is_answered_in_every_spelling(atlas: Simulator, connect: Connect, wanted: str) -> None:
    """MD5 is meant if no algorithm is named."""
    headers = {"WWW-Authenticate": f'Digest realm="x", nonce="n", {wanted}'}
    atlas.fault("GET", "orgs", before_auth=True, status=401, headers=headers, times=None)
    refused(connect(atlas, KEY))
    first, second = map(shown, atlas.exchanges)
    assert (first, 'nonce="n"' in second) == ("None", True)


def test_api_key_does_not_answer_basic_challenge(atlas: Simulator, connect: Connect) -> None:
    headers = {"WWW-Authenticate": 'Basic realm="MMS Public API"'}
    atlas.fault("GET", "orgs", before_auth=True, status=401, headers=headers, times=None)
    assert "HTTP 401" in str(refused(connect(atlas, KEY)))
    assert [shown(exchange) for exchange in atlas.exchanges] == ["None"]


@pytest.mark.parametrize("credentials", [KEY, ACCOUNT, None])
def test_netrc_is_never_used(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    atlas: Simulator,
    connect: Connect,
    credentials: tuple[str, dict[str, str]] | None,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1\nlogin somebody\npassword else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert requests.utils.get_netrc_auth(atlas.url) == ("somebody", "else")
    read(connect(atlas, credentials))
    assert not [exchange for exchange in atlas.exchanges if "somebody" in shown(exchange)]
    assert not [e for e in of_kind(atlas, "api") if shown(e).startswith("Basic ")]
    assert atlas.exchanges[-1].principal in (Settings.public_key, Settings.client_id)


def test_authentication_methods_equal_option_methods() -> None:
    assert list(AUTHENTICATIONS) == list(METHODS)
