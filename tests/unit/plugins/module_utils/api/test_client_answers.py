# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client sends, and what it makes of every kind of answer."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any, Callable

import pytest
import requests
import urllib3.util.connection

from ansible_collections.atlasops.network.plugins.module_utils.api import client as client_module
from ansible_collections.atlasops.network.plugins.module_utils.api import session
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, MissingLibraryError
from simulator import Settings, Simulator

Connect = Callable[..., Client]
MEDIA_TYPES = {"v2": "application/vnd.atlas.2023-01-01+json", "v1.0": "application/json"}
WRITES = ("POST", "PATCH", "DELETE")
ID, OTHER_ID = "5" * 24, "6" * 24


def read(client: Client) -> dict[str, Any]:
    return client.get("orgs", "list the organizations")


def failure(client: Client, method: str = "GET") -> AtlasError:
    calls: dict[str, Callable[[], Any]] = {
        "GET": lambda: read(client),
        "DELETE": lambda: client.delete("orgs", "do it"),
        "POST": lambda: client.post("orgs", "do it", {}),
        "PATCH": lambda: client.patch("orgs", "do it", {}),
    }
    with pytest.raises(AtlasError) as caught:
        calls[method]()
    return caught.value


@pytest.mark.parametrize("version", MEDIA_TYPES)
def test_get_request(atlas: Simulator, connect: Connect, version: str) -> None:
    client = connect(atlas, api_version=version)
    assert client.get(f"groups/{atlas.project_id}/peers", "look")["results"] == []
    (exchange,) = atlas.exchanges
    assert (exchange.method, exchange.path) == ("GET", f"/api/atlas/{version}/groups/{atlas.project_id}/peers")
    assert exchange.query == {}
    assert exchange.request_headers["Accept"] == MEDIA_TYPES[version]
    assert "Content-Type" not in exchange.request_headers
    assert exchange.request_body == b""


@pytest.mark.parametrize("version", MEDIA_TYPES)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_post_and_patch_request(atlas: Simulator, connect: Connect, version: str, method: str) -> None:
    client = connect(atlas, api_version=version)
    atlas.fault(method, status=200, body={"id": "5"})
    write = {"POST": client.post, "PATCH": client.patch}[method]
    assert write("orgs/5", "write", {"a": [1]}) == {"id": "5"}
    (exchange,) = atlas.exchanges
    assert (exchange.method, exchange.path) == (method, f"/api/atlas/{version}/orgs/5")
    assert exchange.request_headers["Content-Type"] == MEDIA_TYPES[version]
    assert exchange.request_headers["Accept"] == MEDIA_TYPES[version]
    assert exchange.request_json == {"a": [1]}


def test_delete_request(atlas: Simulator, client: Client) -> None:
    peer = atlas.add_peer(atlas.project_id, "GCP", "AVAILABLE")
    client.delete(f"groups/{atlas.project_id}/peers/{peer}", "delete it")
    (exchange,) = atlas.exchanges
    assert (exchange.method, exchange.status, exchange.request_body) == ("DELETE", 202, b"")


def test_user_agent_names_version(atlas: Simulator, client: Client) -> None:
    read(client)
    agent = atlas.exchanges[0].request_headers["User-Agent"]
    assert agent == f"atlasops.network/{session.VERSION} python-requests/{requests.__version__}"


def test_one_connection_is_used_for_all_requests(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, client: Client
) -> None:
    made: list[Any] = []
    connect = urllib3.util.connection.create_connection

    def count(address: Any, *arguments: Any, **options: Any) -> Any:
        made.append(address)
        return connect(address, *arguments, **options)

    monkeypatch.setattr("urllib3.util.connection.create_connection", count)
    for _time in range(5):
        read(client)
    assert len(made) == 1
    assert len(atlas.exchanges) == 5


def test_context_manager_closes_session(atlas: Simulator, connect: Connect) -> None:
    closed: list[bool] = []
    client = connect(atlas)
    client._session.close = lambda: closed.append(True)  # type: ignore[method-assign]
    with client as entered:
        assert entered is client
        assert closed == []
    assert closed == [True]
    del client._session.close


@pytest.mark.parametrize("total", [0, 1, 2, 3, 4, 5])
def test_pages_reads_all_pages(monkeypatch: pytest.MonkeyPatch, atlas: Simulator, client: Client, total: int) -> None:
    monkeypatch.setattr(client_module, "PAGE_SIZE", 2)
    seeded = [atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE") for _number in range(total)]
    found = client.pages(f"groups/{atlas.project_id}/peers", "list the peers", providerName="AWS")
    assert [peer["id"] for peer in found] == seeded
    asked = [(e.query["pageNum"], e.query["itemsPerPage"], e.query["providerName"]) for e in atlas.exchanges]
    assert asked == [(str(number + 1), "2", "AWS") for number in range(max(1, -(-total // 2)))]


def test_pages_requests_maximum_page_size(atlas: Simulator, client: Client) -> None:
    client.pages("orgs", "list the organizations")
    assert atlas.exchanges[0].query == {"itemsPerPage": "500", "pageNum": "1"}


def test_pages_fails_if_one_page_fails(monkeypatch: pytest.MonkeyPatch, atlas: Simulator, connect: Connect) -> None:
    monkeypatch.setattr(client_module, "PAGE_SIZE", 1)
    for _number in range(3):
        atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE")
    atlas.fault("GET", skip=1, status=403, body={"errorCode": "ACCESS_FORBIDDEN"})
    with pytest.raises(ApiError, match=r"^Could not list the peers: Atlas answered HTTP 403 ACCESS_FORBIDDEN\."):
        connect(atlas).pages(f"groups/{atlas.project_id}/peers", "list the peers", providerName="AWS")


@pytest.mark.parametrize("status", [200, 201, 202, 203, 299])
def test_any_2xx_status_succeeds(atlas: Simulator, client: Client, status: int) -> None:
    atlas.fault("POST", status=status, body={"id": "5"})
    assert client.post("orgs", "do it", {}) == {"id": "5"}


def test_api_error_names_action_and_reason(atlas: Simulator, client: Client) -> None:
    with pytest.raises(ApiError) as caught:
        client.get("groups/" + "0" * 24, "get the project")
    error = caught.value
    assert error.message == (
        "Could not get the project: Atlas answered HTTP 404 GROUP_NOT_FOUND: No group with ID " + "0" * 24 + " exists."
    )
    assert "Check project_id" in str(error.hint)
    details = {"status": 404, "error_code": "GROUP_NOT_FOUND", "parameters": ["0" * 24], "method": "GET"}
    assert error.details == {
        **details,
        "detail": "No group with ID " + "0" * 24 + " exists.",
        "path": "/api/atlas/v2/groups/" + "0" * 24,
    }
    assert (error.status, error.code) == (404, "GROUP_NOT_FOUND")


@pytest.mark.parametrize("body", ["<html>Bad Gateway</html>", [1, 2], None, ""])
def test_api_error_without_usable_body(atlas: Simulator, connect: Connect, body: Any) -> None:
    atlas.fault("GET", times=None, status=502, body=body)
    error = failure(connect(atlas, retry_timeout=0))
    assert isinstance(error, ApiError)
    said = " UNEXPECTED_ERROR: Bad Gateway." if body is None else "."
    assert error.message == f"Could not list the organizations: Atlas answered HTTP 502{said}"
    assert "a proxy answers in its place" in str(error.hint)


@pytest.mark.parametrize("method", ["GET", *WRITES])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<html>Log in</html>", "text/html"),
        ('{"id": ', "text/html"),
        ([1], "application/json"),
        (5, "application/json"),
    ],
)
def test_success_without_json_object_fails(
    atlas: Simulator, client: Client, method: str, body: Any, content_type: str
) -> None:
    atlas.fault(method, status=200, body=body)
    error = failure(client, method)
    assert isinstance(error, TransportError)
    assert f"the answer (HTTP 200, {content_type}) is not the JSON that Atlas sends." in error.message
    assert "whether a proxy or login page answers in place of Atlas" in str(error.hint)
    assert error.outcome_unknown is (method in WRITES)
    assert error.details == {"status": 200}


def test_success_without_content_type_fails(atlas: Simulator, client: Client) -> None:
    atlas.fault("GET", status=200, body="<html>", headers={"Content-Type": ""})
    assert "(HTTP 200, no content type)" in failure(client).message


@pytest.mark.parametrize("method", ["GET", *WRITES])
def test_truncated_body_fails(atlas: Simulator, client: Client, method: str) -> None:
    atlas.fault(method, times=None, status=200, body={"id": "5" * 100}, truncate=True)
    error = failure(client, method)
    assert isinstance(error, TransportError)
    assert "the connection broke before the answer was complete" in error.message
    assert error.outcome_unknown is (method in WRITES)
    assert error.transient is True


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308, 399])
@pytest.mark.parametrize("method", ["GET", *WRITES])
def test_redirects_are_not_followed(
    atlas: Simulator, simulate: Callable[..., Simulator], client: Client, status: int, method: str
) -> None:
    elsewhere = simulate()
    atlas.fault(method, times=None, status=status, redirect=f"{elsewhere.url}/api/atlas/v2/orgs")
    error = failure(client, method)
    assert isinstance(error, TransportError)
    assert f"a redirect to '{elsewhere.url}/api/atlas/v2/orgs'" in error.message
    assert "redirects are not followed" in str(error.hint)
    assert (error.outcome_unknown, error.transient, error.details) == (method in WRITES, False, {"status": status})
    assert len(atlas.exchanges) == 1
    assert elsewhere.exchanges == []


def test_redirect_of_token_request_is_not_followed(
    atlas: Simulator, simulate: Callable[..., Simulator], connect: Connect
) -> None:
    elsewhere = simulate()
    atlas.fault("POST", "oauth/token", status=307, redirect=f"{elsewhere.url}/api/oauth/token")
    account = {"client_id": Settings.client_id, "client_secret": Settings.client_secret}
    error = failure(connect(atlas, ("service_account", account)))
    assert "a redirect to" in str(error)
    assert elsewhere.exchanges == []


@pytest.mark.parametrize("method", ["GET", *WRITES])
@pytest.mark.parametrize(
    "credentials",
    [
        ("access_token", {"access_token": "s3cr3t-s3cr3t"}),
        ("service_account", {"client_id": "id", "client_secret": "s3cr3t-s3cr3t"}),
        ("api_key", {"public_key": "id", "private_key": "s3cr3t-s3cr3t"}),
    ],
)
@pytest.mark.parametrize("fault", [{}, {"drop": True}, {"status": 500}, {"status": 200, "body": "<html>"}])
def test_errors_contain_no_secret(
    atlas: Simulator, connect: Connect, method: str, credentials: tuple[str, dict[str, str]], fault: dict[str, Any]
) -> None:
    atlas.fault("ANY", before_auth=True, times=None, **(fault or {"skip": 99}))
    error: BaseException | None = failure(connect(atlas, credentials, retry_timeout=0), method)
    while error is not None:
        assert not re.search("s3cr3t", f"{error} {error!r} {vars(error)}")
        error = error.__cause__ or error.__context__


def load_again(name: str) -> Any:
    """Return a second copy of a file of module_utils, imported under the conditions of this moment."""
    path = Path(client_module.__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"{name}_again", path)
    assert spec is not None
    assert spec.loader is not None
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


def test_import_without_requests_fails_with_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files can be imported all the same, so that a module can say what is missing."""
    monkeypatch.setitem(sys.modules, "requests", None)
    load_again("auth")
    monkeypatch.setitem(sys.modules, session.__name__, load_again("session"))
    copy = load_again("client")
    with pytest.raises(MissingLibraryError, match=r"\(requests\)") as caught:
        copy.Client(None)
    assert "import of requests halted" in caught.value.as_result()["exception"]
