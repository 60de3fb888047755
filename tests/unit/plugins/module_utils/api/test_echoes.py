# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that repeat the credentials of a request: in a sentence, a page, a header, an address, a result."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest
import requests

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.echoes import MASK, mask_echoes
from ansible_collections.atlasops.network.plugins.module_utils.azure.session import AzureSession
from ansible_collections.atlasops.network.plugins.module_utils.azure.settings import AZURE
from ansible_collections.atlasops.network.plugins.module_utils.azure.settings import Settings as AzureSettings
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from simulator import Settings, Simulator
from support.echo_server import TOKEN, EchoServer, echo_servers

CREDENTIALS: dict[str, tuple[str, dict[str, str]]] = {
    "token": ("access_token", {"access_token": "eyJhbGciOiJ/planted+access.token=="}),
    "account": ("service_account", {"client_id": "mdb_sa_id_x", "client_secret": "mdb_sa_sk_planted/secret+7351"}),
    "key": ("api_key", {"public_key": "abcdefgh", "private_key": "0f7c2a9e-planted-private-key"}),
}
PLACES = ("detail", "page", "type", "code", "redirect", "list")


echoing = pytest.fixture(echo_servers)


def outcome(work: Callable[[], Any]) -> str:
    """Return everything that a task could show of some work: its result, or its error and what caused that."""
    try:
        return repr(work())
    except AtlasError as error:
        causes = [error.__cause__, error.__context__]
        return f"{error} {error.cause} {error.as_result()!r} {causes!r}"


def assert_masked(server: EchoServer, shown: str) -> None:
    assert server.secrets
    assert [secret for secret in server.secrets if secret in shown] == []
    # Not even the part of one that a quotation cuts off.
    assert [secret for secret in server.secrets if secret[:20] in shown] == []


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        pytest.param(kind, where, marks=[pytest.mark.slow] if kind != "token" and where != "detail" else [])
        for kind in CREDENTIALS
        for where in PLACES
    ],
)
def test_repeated_credentials_are_masked(
    echoing: Callable[..., EchoServer], connect: Callable[..., Client], kind: str, where: str
) -> None:
    server = echoing(where)
    client = connect(server.url, CREDENTIALS[kind], retry_timeout=0)
    shown = outcome(lambda: client.get("orgs", "look"))
    assert_masked(server, shown)
    assert (MASK in shown) is (where != "page"), "a page is not quoted"


@pytest.mark.parametrize(
    "where", ["detail", *(pytest.param(where, marks=pytest.mark.slow) for where in PLACES if where != "detail")]
)
def test_credentials_repeated_by_token_endpoint_are_masked(
    echoing: Callable[..., EchoServer], connect: Callable[..., Client], where: str
) -> None:
    server = echoing(where, False)
    client = connect(server.url, CREDENTIALS["account"], retry_timeout=0)
    assert_masked(server, outcome(lambda: client.get("orgs", "look")))
    assert_masked(server, outcome(lambda: client.token_endpoint.revoke(TOKEN)))


@pytest.mark.parametrize("issues_tokens", [True, False])
def test_credentials_repeated_by_azure_are_masked(echoing: Callable[..., EchoServer], issues_tokens: bool) -> None:
    """Its secret and its tokens are in forms and in headers that the collection adds by itself."""
    server = echoing("detail", issues_tokens)
    urls = dict.fromkeys(("authority_url", "resource_manager_url", "graph_url"), server.url)
    session = AzureSession(AzureSettings(urls, 5, 0, tenant="t", client_id="c", secret="a/planted+secret~of~azure"))
    shown = outcome(lambda: session.get(AZURE, "/subscriptions", "look"))
    session.close()
    assert_masked(server, shown)
    assert MASK in shown


def test_refused_token_is_masked_in_the_answer_to_the_next_one(
    atlas: Simulator, connect: Callable[..., Client]
) -> None:
    account = {"client_id": atlas.client_id, "client_secret": Settings.client_secret}
    client = connect(atlas, ("service_account", account))
    client.get("orgs", "look")
    token = atlas.exchanges[-1].request_headers["Authorization"].removeprefix("Bearer ")
    atlas.revoke_tokens()
    atlas.fault("GET", "orgs", status=403, body={"detail": f"No access with {token}.", "errorCode": "FORBIDDEN"})
    shown = outcome(lambda: client.get("orgs", "look"))
    assert f"No access with {MASK}." in shown
    assert token not in shown


def response_to(content: bytes, **request: Any) -> requests.Response:
    response = requests.Response()
    response._content = content
    response.request = requests.Request("POST", "https://x.example/", **request).prepare()
    return response


@pytest.mark.parametrize(
    "spelling", ["eyJ/planted+assertion=", "eyJ\\/planted+assertion\\u003d", "eyJ%2Fplanted%2Bassertion%3D"]
)
def test_assertion_is_masked_in_each_spelling(spelling: str) -> None:
    """What Google gets in exchange for a token."""
    response = response_to(json.dumps("<>").encode() + spelling.encode(), data={"assertion": "eyJ/planted+assertion="})
    mask_echoes(response)
    assert b"planted" not in response.content
    assert MASK.encode() in response.content


@pytest.mark.parametrize(
    "request_parts", [{}, {"headers": {"Authorization": "Bearer short"}}, {"json": {"token": "not-in-a-form"}}]
)
def test_what_is_no_secret_is_not_masked(request_parts: dict[str, Any]) -> None:
    content = b'{"detail": "short not-in-a-form Bearer"}'
    response = response_to(content, **request_parts)
    mask_echoes(response)
    assert response.content == content


@pytest.mark.parametrize(
    "data", [{"token": "planted/secretX=="}, "token=planted%2FsecretX%3D%3D", b"token=planted%2FsecretX%3D%3D"]
)
def test_secret_of_a_form_is_masked_but_for_its_padding(data: Any) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = response_to(b"<planted/secretX==> <planted%2FsecretX%3D%3D>", data=data, headers=headers)
    mask_echoes(response)
    assert response.content == f"<{MASK}==> <{MASK}%3D%3D>".encode()


def test_secret_that_contains_another_is_masked_as_a_whole() -> None:
    """There are so many that they are not by chance in an order that is right."""
    secrets = [number * "a" + "planted-secret" for number in range(8)]
    response = response_to(" ".join(secrets).encode(), data={"token": secrets})
    mask_echoes(response)
    assert response.content == " ".join(8 * [MASK]).encode()


@pytest.mark.parametrize(("secret", "masked"), [("1234567", False), ("12345678", True)])
def test_secrets_of_eight_characters_are_masked(secret: str, masked: bool) -> None:
    """All real ones are longer; to mask shorter ones would mask words."""
    response = response_to(secret.encode(), headers={"Authorization": f"Bearer {secret}"})
    response.headers["X-Echo"] = f"<{secret}>"
    mask_echoes(response)
    assert response.content == (MASK if masked else secret).encode()
    assert response.headers["X-Echo"] == f"<{MASK if masked else secret}>"


def test_proof_of_a_digest_answer_is_masked_and_its_parts_are_not() -> None:
    header = 'Digest username="abcdefgh", response="0123456789abcdef", uri="/orgs"'
    response = response_to(b"abcdefgh 0123456789abcdef /orgs", headers={"Authorization": header})
    mask_echoes(response)
    assert response.content == f"abcdefgh {MASK} /orgs".encode()
