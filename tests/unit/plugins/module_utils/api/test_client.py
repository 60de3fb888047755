# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client asks of its session, and what it makes of an answer, without a server."""

from __future__ import annotations

import json
import threading
from typing import Any, Callable

import pytest
import requests

from ansible_collections.atlasops.network.plugins.module_utils.api import client as module
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import MAY_HAVE_ARRIVED
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials, Settings
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import TokenCache
from support.patience import PATIENCE

VALUES = {
    "access_token": {"access_token": "x"},
    "service_account": {"client_id": "id", "client_secret": "secret"},
    "api_key": {"public_key": "a", "private_key": "b"},
}


def settings(method: str = "access_token", token_cache: bool = True) -> Settings:
    return Settings("https://atlas.test", "v2", 5, 10, "/ca.pem", Credentials(method, VALUES[method]), token_cache)


class Session:
    """Notes requests, and answers them in turn; the last answer stays."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.answers: list[tuple[int, Any]] = [(200, {"id": "5"})]
        self.requests: list[dict[str, Any]] = []

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        self.requests.append({"method": method, "url": url, **options})
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer = requests.Response()
        answer.status_code, answer._content = status, b"" if body is None else json.dumps(body).encode()
        setattr(answer, MAY_HAVE_ARRIVED, False)
        return answer

    def close(self) -> None:
        """Do nothing."""


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    made = Session()
    monkeypatch.setattr(module, "open_session", lambda *arguments: made)
    return made


WRITES: dict[str, Callable[[Client], object]] = {
    "POST": lambda client: client.post("orgs", "do it", {}),
    "PATCH": lambda client: client.patch("orgs", "do it", {}),
    "DELETE": lambda client: client.delete("orgs", "do it"),
}


@pytest.mark.parametrize("method", WRITES)
def test_client_notes_whether_it_has_written(session: Session, method: str) -> None:
    client = Client(settings())
    client.get("orgs", "look")
    assert client.has_written is False
    session.answers = [(400, {})]
    with pytest.raises(ApiError):
        WRITES[method](client)
    assert client.has_written is True, "whatever came of it"


def test_request_has_the_limits_of_the_settings_and_follows_no_redirect(session: Session) -> None:
    client = Client(settings())
    client.get("orgs/5", "look")
    assert session.requests == [
        {
            "method": "GET",
            "url": "https://atlas.test/api/atlas/v2/orgs/5",
            "timeout": 5,
            "verify": "/ca.pem",
            "allow_redirects": False,
            "auth": client._auth,
        }
    ]


def test_token_of_another_task_is_waited_for_as_long_as_a_request_may_take(session: Session) -> None:
    assert Client(settings("service_account")).tokens._lock_timeout == 5 + 10


def test_close_ends_the_threads(session: Session) -> None:
    client, together = Client(settings(), workers=2), threading.Barrier(2)

    def thread(_item: int) -> threading.Thread:
        together.wait(PATIENCE)
        return threading.current_thread()

    threads = client.map_concurrently(thread, range(2))
    client.close()
    for one in threads:
        one.join(PATIENCE)
        assert not one.is_alive()


def test_list_that_changes_each_time_fails(session: Session) -> None:
    first = {"results": [{"id": "1" * 24}], "totalCount": 3, "links": [{"rel": "next"}]}
    session.answers = 3 * [(200, first), (200, {"results": [{"id": "2" * 24}], "totalCount": 2, "links": []})]
    with pytest.raises(TransportError) as failure:
        Client(settings()).pages("orgs", "list the organizations")
    assert failure.value.cause == "the list changed each time while it was read"
    assert str(failure.value) == f"Could not list the organizations: {failure.value.cause}. Run the task again."
    assert len(session.requests) == 6


@pytest.mark.parametrize("body", [None, {}])
def test_deletion_is_answered_with_nothing(session: Session, body: Any) -> None:
    session.answers = [(202, body)]
    Client(settings()).delete("orgs/5", "delete it")


def test_deletion_that_is_answered_with_more_is_in_doubt(session: Session) -> None:
    with pytest.raises(TransportError, match="more than nothing") as failure:
        Client(settings()).delete("orgs/5", "delete it")
    assert failure.value.outcome_unknown is True


@pytest.mark.parametrize(
    ("status", "body", "alive"),
    [
        (200, {"results": [], "totalCount": 0}, True),
        (401, {"errorCode": "X"}, False),
        (401, {}, True),
        (403, {"errorCode": "X"}, True),
        (403, {}, True),
    ],
)
def test_whether_a_token_is_alive(session: Session, status: int, body: dict[str, Any], alive: bool) -> None:
    session.answers = [(status, body)]
    client = Client(settings("service_account"))
    assert client.is_token_alive("planted") is alive
    (request,) = session.requests
    assert (request["method"], request["url"]) == ("GET", "https://atlas.test/api/atlas/v2/orgs")
    assert request["params"] == {"itemsPerPage": 1}
    header = request["auth"](requests.Request("GET", "https://x").prepare()).headers["Authorization"]
    assert header == "Bearer planted"
    assert client.has_written is False


@pytest.mark.parametrize(("status", "body"), [(500, {"errorCode": "X"}), (404, {"errorCode": "X"}), (200, {"id": "5"})])
def test_answer_that_says_nothing_about_a_token_fails(session: Session, status: int, body: dict[str, Any]) -> None:
    session.answers = [(status, body)]
    with pytest.raises((ApiError, TransportError)) as failure:
        Client(settings("service_account")).is_token_alive("planted")
    assert failure.value.outcome_unknown is False


@pytest.mark.parametrize("token_cache", [True, False])
@pytest.mark.parametrize("method", VALUES)
def test_only_tokens_of_service_accounts_are_cached_unless_unwanted(method: str, token_cache: bool) -> None:
    found = module._cache_of(settings(method, token_cache))
    assert isinstance(found, TokenCache) is (method == "service_account" and token_cache)
