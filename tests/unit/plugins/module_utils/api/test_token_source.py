# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the token of a service account comes from: the cache, or Atlas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import TransportError
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import (
    REPLACEMENT_PAUSE,
    TokenCache,
    TokenSource,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.token_endpoint import TokenEndpoint
from support.clock import Clock


class Fetch:
    """Issues tokens that are numbered."""

    def __init__(self, lifetime: int = 3600) -> None:
        self.times, self.lifetime = 0, lifetime

    def __call__(self) -> Mapping[str, Any]:
        self.times += 1
        return {"access_token": f"token-{self.times}", "expires_in": self.lifetime}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> TokenCache:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return TokenCache("https://x", "id", "secret")


def test_cached_token_is_known_until_it_is_cleared(cache: TokenCache) -> None:
    source = TokenSource(fetch := Fetch(), cache, 1)
    assert source.cached() is None
    token = source.token()
    assert source.cached() == source.token() == token
    source.clear()
    assert source.cached() is None
    assert source.token() != token
    assert fetch.times == 2


def test_cached_replacement_is_not_replaced_for_some_time(cache: TokenCache, clock: Clock) -> None:
    source = TokenSource(Fetch(), cache, 1)
    second = source.token(refused=source.token().value)
    assert second.value == "token-2"
    clock.now += REPLACEMENT_PAUSE - 1
    assert source.token(refused=second.value) == second
    clock.now += 1
    assert source.token(refused=second.value).value == "token-3"


def test_without_a_cache_every_token_is_new() -> None:
    source = TokenSource(Fetch(), None, 1)
    assert [source.token().value, source.token().value] == ["token-1", "token-2"]
    source.clear()
    assert source.cached() is None


def test_cache_that_is_no_use_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    source = TokenSource(Fetch(), TokenCache("https://x", "id", "secret"), 1)
    assert source.token().value == "token-1"
    source.clear()
    assert source.cached() is None


@pytest.mark.parametrize(("lifetime", "margin"), [(3600, 60), (120, 60), (100, 50.0), (1, 0.5)])
def test_margin_is_at_most_half_of_a_life(clock: Clock, lifetime: int, margin: float) -> None:
    token = TokenSource(Fetch(lifetime), None, 1).token()
    assert (token.margin, token.replaced_at) == (margin, 0.0)
    assert token.expires_at == clock.time() + lifetime


def test_replacement_notes_its_time(clock: Clock) -> None:
    assert TokenSource(Fetch(), None, 1).token("token-0").replaced_at == clock.time()


class Sent:
    """Notes what the token endpoint sends, and answers alike each time."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = dict(answer)
        self.options: dict[str, Any] = {}

    def __call__(self, method: str, path: str, operation: str, **options: Any) -> dict[str, Any]:
        self.options = {"method": method, "path": path, **options}
        return self.answer


ACCOUNT = Credentials("service_account", {"client_id": "id", "client_secret": "secret"})


def test_revocation_names_the_kind_of_token() -> None:
    TokenEndpoint(sent := Sent({}), ACCOUNT).revoke("x")
    assert sent.options == {
        "method": "POST",
        "path": "/api/oauth/revoke",
        "writes": True,
        "may_be_empty": True,
        "auth": ("id", "secret"),
        "data": {"token": "x", "token_type_hint": "access_token"},
        "headers": {"Accept": "application/json"},
    }
    with pytest.raises(TransportError, match="more than nothing") as failure:
        TokenEndpoint(Sent({"a": 1}), ACCOUNT).revoke("x")
    assert failure.value.outcome_unknown


@pytest.mark.parametrize("answer", [{}, {"access_token": "x"}, {"access_token": "x", "expires_in": 0}])
def test_answer_without_a_token_is_unreadable(answer: dict[str, Any]) -> None:
    with pytest.raises(TransportError, match="no token in it") as failure:
        TokenEndpoint(Sent(answer), ACCOUNT).fetch()
    assert (failure.value.details["status"], failure.value.outcome_unknown) == (200, False)
