# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the token of a service account is asked for, and what is done about one that Atlas refuses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
import requests

from ansible_collections.atlasops.network.plugins.module_utils.api.auth import ServiceAccount
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import (
    REPLACEMENT_PAUSE,
    Token,
    TokenSource,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from support.clock import Clock


class Source:
    """Answers each request for a token with the next of these, after some seconds."""

    def __init__(self, clock: Clock, *answers: Token | AtlasError, seconds: float = 0.0) -> None:
        self.clock, self.answers, self.seconds = clock, list(answers), seconds
        self.refused: list[str] = []

    def token(self, refused: str = "") -> Token:
        self.refused.append(refused)
        self.clock.now += self.seconds
        answer = self.answers.pop(0)
        if isinstance(answer, AtlasError):
            raise answer
        return answer


def token(value: str, clock: Clock, lifetime: float = 3600.0) -> Token:
    return Token(value, clock.time() + lifetime)


def failure(status: int) -> ApiError:
    return ApiError("get a token", "POST", "/", status, {"errorCode": "x"})


def account(source: Source) -> ServiceAccount:
    return ServiceAccount(Credentials("service_account", {}), cast(TokenSource, source))


def presented(one: ServiceAccount) -> str:
    return one(requests.Request("GET", "https://x").prepare()).headers["Authorization"]


def test_unknown_account_is_presented_once(clock: Clock) -> None:
    one = account(source := Source(clock, failure(401)))
    for _time in range(3):
        with pytest.raises(ApiError):
            presented(one)
        clock.now += 10_000
    assert source.refused == [""]


@pytest.mark.parametrize(("passed", "asked"), [(0.0, 1), (4.9, 1), (5.0, 2), (60.0, 2)])
def test_outage_is_remembered_as_long_as_it_took_to_show(clock: Clock, passed: float, asked: int) -> None:
    source = Source(clock, failure(503), failure(503), seconds=5.0)
    one = account(source)
    with pytest.raises(ApiError):
        presented(one)
    clock.now += passed
    with pytest.raises(ApiError):
        presented(one)
    assert len(source.refused) == asked


def test_account_works_again_after_an_outage(clock: Clock) -> None:
    one = account(Source(clock, failure(503), token("a", clock), token("b", clock, 9000.0)))
    with pytest.raises(ApiError):
        presented(one)
    clock.now += 1.0
    assert presented(one) == presented(one) == "Bearer a"
    clock.now += 3600.0
    assert presented(one) == "Bearer b"


class Answer:
    """An answer to a request with some token, on a connection that answers 200 to whatever is sent again."""

    def __init__(self, status: int, header: str, code: str | None = None) -> None:
        self.status_code, self.content = status, b""
        self.headers = {"X-Error-Code": code} if code else {}
        self.request = requests.Request("GET", "https://x", headers={"Authorization": header}).prepare()
        self.sent: list[str] = []
        self.connection = SimpleNamespace(send=self.send)

    def send(self, request: requests.PreparedRequest, **_options: Any) -> Any:
        self.sent.append(str(request.headers["Authorization"]))
        return SimpleNamespace(status_code=200, history=[])


def handled(one: ServiceAccount, answer: Answer) -> Any:
    return one._handle_401(cast(requests.Response, answer))


def test_refused_token_is_replaced_and_its_request_sent_again(clock: Clock) -> None:
    one = account(source := Source(clock, token("a", clock), token("b", clock)))
    answer = Answer(401, presented(one))
    second = handled(one, answer)
    assert (second.status_code, second.history, answer.sent) == (200, [answer], ["Bearer b"])
    assert source.refused == ["", "a"]
    assert answer.request.headers["Authorization"] == "Bearer a", "what was sent stays known"
    clock.now += REPLACEMENT_PAUSE
    late = Answer(401, "Bearer a")
    assert (handled(one, late).status_code, late.sent) == (200, ["Bearer b"]), "another thread has replaced it"
    assert len(source.refused) == 2


@pytest.mark.parametrize(("passed", "asked"), [(REPLACEMENT_PAUSE - 1, 2), (REPLACEMENT_PAUSE, 3)])
def test_replacement_is_not_replaced_for_some_time(clock: Clock, passed: float, asked: int) -> None:
    source = Source(clock, *(token(value, clock, 9000.0) for value in "abc"))
    one = account(source)
    handled(one, Answer(401, presented(one)))
    clock.now += passed
    answer = Answer(401, "Bearer b")
    assert (handled(one, answer) is answer) is (asked == 2)
    assert len(source.refused) == asked


def test_failed_replacement_counts_as_one(clock: Clock) -> None:
    one = account(source := Source(clock, token("a", clock), failure(503)))
    answer = Answer(401, presented(one))
    with pytest.raises(ApiError):
        handled(one, answer)
    assert handled(one, answer) is answer
    assert source.refused == ["", "a"]


@pytest.mark.parametrize(
    ("status", "code"), [(200, None), (403, None), (401, "NOT_IN_GROUP"), (401, "USER_UNAUTHORIZED")]
)
def test_answer_that_no_other_token_would_change_stays(clock: Clock, status: int, code: str | None) -> None:
    one = account(source := Source(clock, token("a", clock)))
    answer = Answer(status, presented(one), code)
    assert handled(one, answer) is answer
    assert (source.refused, answer.sent) == ([""], [])


def test_refusal_without_a_token_stays(clock: Clock) -> None:
    answer = Answer(401, "Bearer other")
    assert handled(account(Source(clock)), answer) is answer
