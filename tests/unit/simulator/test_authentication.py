# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication comes first and nothing gets past it: digest, tokens, access list, membership, roles."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
import requests
from requests.auth import HTTPDigestAuth

from support.patience import PATIENCE

CHALLENGE = re.compile(
    r'Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/]{32}", algorithm=MD5, qop="auth", stale=false'
)


class Bearer(requests.auth.AuthBase):
    def __init__(self, token):
        self.token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def nobody(request):
    return request


def token_request(atlas, secret=None, path="token", **form):
    return requests.post(
        f"{atlas.url}/api/oauth/{path}",
        auth=(atlas.client_id, secret or atlas.client_secret),
        data=form or {"grant_type": "client_credentials"},
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("version", ["v2", "v1.0"])
def test_unauthenticated_request_is_challenged(atlas, client, version):
    response = client(atlas, nobody, version).get("/groups")
    assert response.status_code == 401
    assert CHALLENGE.fullmatch(response.headers["WWW-Authenticate"])
    assert response.json()["errorCode"] == "UNEXPECTED_ERROR"
    assert "X-Error-Code" not in response.headers
    assert len(response.content) == 142


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize("version", ["v2", "v1.0"])
def test_digest_is_accepted_per_algorithm(simulate, client, algorithm, version):
    atlas = simulate(digest_algorithm=algorithm)
    api = client(atlas, version=version)
    for path in ("/groups", f"{api.group}/peers", f"{api.group}/peers?providerName=GCP"):
        assert api.send("GET", path).status_code == 200
    assert [exchange.status for exchange in atlas.exchanges] == [401, 200, 200, 200], "a nonce serves many requests"


@pytest.mark.parametrize(("user", "password"), [("simulatr", "wrong"), ("somebody", "wrong")])
def test_wrong_api_key_is_challenged_again(atlas, client, user, password):
    response = client(atlas, HTTPDigestAuth(user, password)).get("/groups")
    assert response.status_code == 401
    assert CHALLENGE.fullmatch(response.headers["WWW-Authenticate"])


def digest_header(atlas, nonce, uri="/api/atlas/v2/groups", count="00000001", **changes):
    def digest(text):
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    first = digest(f"{atlas.public_key}:MMS Public API:{atlas.private_key}")
    proof = digest(f"{first}:{nonce}:{count}:abc:auth:{digest('GET:' + uri)}")
    fields = {
        "username": atlas.public_key, "realm": "MMS Public API", "nonce": nonce, "uri": uri, "cnonce": "abc",
        "response": proof, **changes,
    }  # fmt: skip
    quoted = ", ".join(f'{name}="{value}"' for name, value in fields.items())
    return {"Authorization": f"Digest {quoted}, qop=auth, nc={count}"}


def ask(atlas, headers):
    headers = {"Accept": "application/vnd.atlas.2023-01-01+json", **headers}
    response = requests.get(f"{atlas.url}/api/atlas/v2/groups", headers=headers, timeout=PATIENCE)
    found = re.search(r'nonce="([^"]+)".*stale=(\w+)', response.headers.get("WWW-Authenticate", ""))
    return response.status_code, *(found.groups() if found else (None, None))


@pytest.mark.parametrize(
    "changes",
    [
        {"uri": "/api/atlas/v2/orgs"},
        {"realm": "other"},
        {"response": "0" * 32},
        {"algorithm": "SHA-256"},
        {"cnonce": ""},
    ],
)
def test_invalid_digest_is_rejected(atlas, changes):
    _status, nonce, _stale = ask(atlas, {})
    assert ask(atlas, digest_header(atlas, nonce, **changes))[0] == 401
    assert ask(atlas, digest_header(atlas, nonce))[0] == 200, "the nonce is not spent"


def test_replayed_nonce_count_is_rejected(atlas):
    _status, nonce, _stale = ask(atlas, {})
    assert ask(atlas, digest_header(atlas, nonce, count="00000001"))[0] == 200
    assert ask(atlas, digest_header(atlas, nonce, count="00000001"))[::2] == (401, "false")
    assert ask(atlas, digest_header(atlas, nonce, count="count"))[::2] == (401, "false")
    assert ask(atlas, digest_header(atlas, nonce, count="00000002"))[0] == 200


@pytest.mark.parametrize(("announced", "stale"), [(True, "true"), (False, "false")])
def test_used_nonce_is_rejected(simulate, announced, stale):
    atlas = simulate(nonce_uses=1, announce_stale=announced)
    _status, nonce, first = ask(atlas, {})
    assert first == "false"
    assert ask(atlas, digest_header(atlas, nonce))[0] == 200
    status, fresh, said = ask(atlas, digest_header(atlas, nonce, count="00000002"))
    assert (status, said) == (401, stale)
    assert ask(atlas, digest_header(atlas, fresh))[0] == 200


def test_nonce_count_is_limited_to_1023(atlas):
    _status, nonce, _stale = ask(atlas, {})
    assert ask(atlas, digest_header(atlas, nonce, count="000003ff"))[0] == 200
    assert ask(atlas, digest_header(atlas, nonce, count="00000400"))[::2] == (401, "true")
    assert ask(atlas, digest_header(atlas, nonce, count="000003fe"))[0] == 200


@pytest.mark.parametrize(("settings", "seconds"), [({}, 60), ({"nonce_seconds": 30}, 30)])
def test_expired_nonce_is_rejected(simulate, settings, seconds):
    atlas = simulate(**settings)
    _status, nonce, _stale = ask(atlas, {})
    atlas.advance(seconds - 1)
    assert ask(atlas, digest_header(atlas, nonce))[0] == 200
    atlas.advance(1)
    assert ask(atlas, digest_header(atlas, nonce, count="00000002"))[::2] == (401, "true")


def test_number_of_kept_nonces_is_limited(atlas):
    _status, nonce, _stale = ask(atlas, {})
    with requests.Session() as session:
        for _turn in range(1000):
            session.get(f"{atlas.url}/api/atlas/v2/groups", timeout=PATIENCE)
    assert ask(atlas, digest_header(atlas, nonce))[::2] == (401, "true")


def test_single_use_nonces_are_accepted_by_client(simulate, client):
    atlas = simulate(nonce_uses=1)
    api = client(atlas)
    assert [api.get("/groups").status_code for _turn in range(3)] == [200, 200, 200]
    assert [exchange.status for exchange in atlas.exchanges] == [401, 200] * 3


def test_unauthenticated_write_has_no_effect(atlas, client, example):
    assert client(atlas, nobody).create(**example()).status_code == 401
    assert client(atlas, HTTPDigestAuth(atlas.public_key, "wrong")).create(**example()).status_code == 401
    assert atlas.peers() == []
    assert atlas.writes() == []


@pytest.mark.parametrize("header", ["Digest", "Digest username", "Bearer", "Basic !", "nonsense", 'Digest a="b", c'])
def test_malformed_authorization_is_rejected(atlas, header):
    assert ask(atlas, {"Authorization": header})[0] == 401


def test_token_request_returns_token(atlas, client):
    response = token_request(atlas)
    body = response.json()
    assert (response.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 3600)
    claims = json.loads(base64.urlsafe_b64decode(body["access_token"].split(".")[1] + "=="))
    assert claims["sub"] == atlas.client_id
    assert claims["exp"] - claims["iat"] == 3600
    api = client(atlas, Bearer(body["access_token"]))
    atlas.advance(3599)
    assert api.get("/groups").status_code == 200
    atlas.advance(1)
    assert api.get("/groups").status_code == 401


@pytest.mark.parametrize("version", ["v2", "v1.0"])
def test_issued_token_is_accepted(atlas, client, version):
    assert client(atlas, Bearer(atlas.issue_token()), version).get("/groups").status_code == 200
    assert client(atlas, Bearer("a.b.c"), version).get("/groups").status_code == 401


@pytest.mark.parametrize(
    ("options", "status", "error"),
    [
        ({"secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "all"}, 400, "invalid_request"),
        ({"path": "revoke", "token_type_hint": "access_token"}, 400, "invalid_request"),
        ({"path": "revoke", "secret": "wrong"}, 401, "invalid_client"),
    ],
)
def test_invalid_token_request_is_rejected(atlas, options, status, error):
    response = token_request(atlas, **options)
    assert response.status_code == status
    assert response.json()["error"] == error
    assert response.json()["error_description"]


@pytest.mark.parametrize("header", [None, "Basic !", "Bearer x", "Basic " + base64.b64encode(b"\xff").decode()])
def test_token_request_without_credentials_is_rejected(atlas, header):
    headers = {"Authorization": header} if header else {}
    response = requests.post(f"{atlas.url}/api/oauth/token", headers=headers, timeout=PATIENCE)
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def test_revoked_token_is_rejected(atlas, client):
    token, other = atlas.issue_token(), atlas.issue_token()
    assert token_request(atlas, path="revoke", token=token, token_type_hint="access_token").status_code == 200
    assert client(atlas, Bearer(token)).get("/groups").status_code == 401
    assert client(atlas, Bearer(other)).get("/groups").status_code == 200
    assert token_request(atlas, path="revoke", token="unknown").status_code == 200


def test_revoke_tokens_revokes_only_tokens_of_the_account(atlas, client):
    """As often as it likes; others' tokens stay."""
    atlas.add_service_account("mdb_sa_id_other", "secret", {atlas.project_id: "owner"})
    other = requests.post(
        f"{atlas.url}/api/oauth/token",
        auth=("mdb_sa_id_other", "secret"),
        data={"grant_type": "client_credentials"},
        timeout=PATIENCE,
    ).json()["access_token"]
    for count in (2, 1):
        tokens = [atlas.issue_token() for _turn in range(count)]
        assert client(atlas, Bearer(tokens[0])).get("/groups").status_code == 200
        assert atlas.revoke_tokens() == count
        assert [client(atlas, Bearer(token)).get("/groups").status_code for token in tokens] == [401] * count
    assert client(atlas, Bearer(other)).get("/groups").status_code == 200
    assert atlas.revoke_tokens("mdb_sa_id_other") == 1


def test_revoke_by_other_account_has_no_effect(atlas, client):
    atlas.add_service_account("mdb_sa_id_other", "secret", {})
    token = atlas.issue_token()
    form = {"token": token}
    requests.post(f"{atlas.url}/api/oauth/revoke", auth=("mdb_sa_id_other", "secret"), data=form, timeout=PATIENCE)
    assert client(atlas, Bearer(token)).get("/groups").status_code == 200


def test_number_of_live_tokens_is_limited(simulate):
    atlas = simulate(token_limit=2)
    assert [token_request(atlas).status_code for _turn in range(3)] == [200, 200, 403]
    assert token_request(atlas).json()["error"] == "access_denied"
    atlas.advance(3600)
    assert token_request(atlas).status_code == 200


def test_token_requests_are_rate_limited(simulate):
    atlas = simulate(token_requests_per_minute=2)
    assert [token_request(atlas).status_code for _turn in range(2)] == [200, 200]
    refused = token_request(atlas)
    assert refused.status_code == 429
    assert refused.json()["errorCode"] == "RATE_LIMITED"
    assert refused.json()["parameters"] == ["/api/oauth/token", 2, 1]
    atlas.advance(float(refused.headers["Retry-After"]))
    assert token_request(atlas).status_code == 200


def test_address_not_on_access_list_is_forbidden(atlas, client):
    atlas.add_api_key("faraway1", "secret", {atlas.project_id: "owner"}, on_access_list=False)
    response = client(atlas, HTTPDigestAuth("faraway1", "secret")).get("/groups")
    assert response.status_code == 403
    assert response.json()["errorCode"] == "IP_ADDRESS_NOT_ON_ACCESS_LIST"
    assert response.json()["parameters"] == ["127.0.0.1"]


def test_projects_without_role_are_not_visible(atlas, client):
    other = atlas.add_project("other")
    atlas.add_api_key("memberof", "secret", {other: "read_only"})
    api = client(atlas, HTTPDigestAuth("memberof", "secret"))
    assert [group["id"] for group in api.get("/groups").json()["results"]] == [other]
    assert api.get(f"/groups/{other}/peers").status_code == 200
    for path in (api.group, f"{api.group}/peers", f"{api.group}/containers/all"):
        response = api.get(path)
        assert (response.status_code, response.json()["errorCode"]) == (401, "NOT_IN_GROUP")
        assert "WWW-Authenticate" not in response.headers
    assert api.get("/groups/byName/peering-playground").json()["errorCode"] == "GROUP_NAME_NOT_FOUND"


WRITES = [
    ("POST", "/peers", "network_manager"),
    ("PATCH", "/peers/{peer}", "network_manager"),
    ("DELETE", "/peers/{peer}", "network_manager"),
    ("POST", "/containers", "owner"),
    ("PATCH", "/containers/{container}", "owner"),
    ("DELETE", "/containers/{container}", "owner"),
]


@pytest.mark.parametrize(("method", "path", "needed"), WRITES)
@pytest.mark.parametrize("role", ["read_only", "network_manager", "owner"])
def test_roles_limit_requests(atlas, client, method, path, needed, role):
    roles = ["read_only", "network_manager", "owner"]
    atlas.add_service_account("mdb_sa_id_some", "secret", {atlas.project_id: role})
    basic = ("mdb_sa_id_some", "secret")
    form = {"grant_type": "client_credentials"}
    answer = requests.post(f"{atlas.url}/api/oauth/token", auth=basic, data=form, timeout=PATIENCE)
    api = client(atlas, Bearer(answer.json()["access_token"]))
    peer = atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE")
    path = path.format(peer=peer, container=atlas.containers["AWS"])
    response = api.send(method, api.group + path, json={})
    refused = response.status_code == 403 and response.json()["errorCode"] == "ACCESS_FORBIDDEN"
    assert refused is (roles.index(role) < roles.index(needed))
    assert api.get(f"{api.group}/peers").status_code == 200


def test_role_error_setting(simulate, client):
    atlas = simulate(role_error="USER_UNAUTHORIZED")
    atlas.add_api_key("readonly", "secret", {atlas.project_id: "read_only"})
    response = client(atlas, HTTPDigestAuth("readonly", "secret")).create()
    assert (response.status_code, response.json()["errorCode"]) == (401, "USER_UNAUTHORIZED")


@pytest.mark.parametrize(("may", "status"), [(True, 200), (False, 403)])
def test_manager_may_read_setting(simulate, client, may, status):
    atlas = simulate(manager_may_read=may)
    atlas.add_api_key("managers", "secret", {atlas.project_id: "network_manager"})
    api = client(atlas, HTTPDigestAuth("managers", "secret"))
    for path in ("peers", "containers", "containers/all"):
        assert api.get(f"{api.group}/{path}").status_code == status
    peer = atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE")
    assert api.delete(peer).status_code == 202


def test_unknown_role_fails(atlas):
    with pytest.raises(ValueError, match="no such role: king"):
        atlas.add_api_key("crowned1", "secret", {atlas.project_id: "king"})
