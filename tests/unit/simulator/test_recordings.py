# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's answers have the shape of recorded real ones, which are not part of this collection."""

from __future__ import annotations

import pytest
import requests

from simulator.errors import ERRORS
from support.patience import PATIENCE
from support.recordings import fixture as recorded
from support.recordings import needs_fixtures, shape

UNKNOWN = "1" * 24

pytestmark = needs_fixtures


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/groups", "recorded_200_list_groups"),
        ("/groups/{id}", "recorded_200_get_group"),
        ("/orgs", "recorded_200_list_orgs"),
        ("/orgs/64a1f0c35b7e2d4198c3e0ff", "recorded_200_get_org"),
        ("/groups/{id}/containers?providerName=AWS", "recorded_200_list_containers_AWS"),
        ("/groups/{id}/containers?providerName=AZURE", "recorded_200_list_containers_AZURE"),
    ],
)
def test_recorded_success_is_reproduced(atlas, api, path, name):
    path = path.replace("{id}", atlas.add_project("tagged", tags={"env": "e2e"}))
    real, answer = recorded(name), api.get(path)
    assert answer.status_code == real["status"]
    expected, body = real["body"], answer.json()
    for document in (expected, body):
        for item in document.get("results", []):
            item.pop("tags", None)  # empty in one, filled in the other
    assert shape(body) == shape(expected)
    if "headers" in real:
        assert answer.headers["Content-Type"] == real["headers"]["Content-Type"]


def test_recorded_group_not_found_is_reproduced(api):
    real, answer = recorded("recorded_404_group_not_found"), api.get(f"/groups/{UNKNOWN}")
    assert answer.json() == real["body"]
    assert answer.status_code == real["status"]
    for header in ("X-Error-Code", "Content-Type"):
        assert answer.headers[header] == real["headers"][header]


def test_recorded_challenge_is_reproduced(atlas):
    real = recorded("recorded_401_digest_challenge")
    answer = requests.get(f"{atlas.url}/api/atlas/v2/groups", timeout=PATIENCE)
    assert answer.json() == real["body"]
    assert list(answer.json()) == ["error", "reason", "detail", "errorCode"]
    for header in ("Content-Length", "Content-Type"):
        assert answer.headers[header] == real["headers"][header]
    challenge, said = answer.headers["WWW-Authenticate"], real["headers"]["Www-Authenticate"]
    assert [part.split("=")[0] for part in challenge.split(", ")] == [part.split("=")[0] for part in said.split(", ")]
    assert len(challenge) == len(said)


def test_recorded_error_codes_are_reproduced():
    real = {(item["errorCode"], item["http"]): item["detail"] for item in recorded("error-codes")["errors"]}
    ours = {"METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE"}  # HTTP's own, for which Atlas' codes are not known
    for code, (status, wording) in ERRORS.items():
        if code not in ours:
            assert real[code, status].count("%s") in (wording.count("%s"), 0), code


@pytest.mark.parametrize("cloud", ["AWS", "AZURE", "GCP"])
def test_documented_version_1_peers_are_reproduced(atlas, client, cloud):
    real = recorded("docs_v1_peers_and_containers")[f"create_update_get_{cloud}"]
    peer = atlas.add_peer(atlas.project_id, cloud)
    answer = client(atlas, version="v1.0").peer(peer)
    assert set(real) <= set(answer)
    assert set(answer) - set(real) <= {"errorMessage"}


def test_documented_token_responses_are_reproduced(atlas):
    real = recorded("docs_auth_and_rate_errors")
    url, good = f"{atlas.url}/api/oauth/token", (atlas.client_id, atlas.client_secret)
    granted = requests.post(url, auth=good, data={"grant_type": "client_credentials"}, timeout=PATIENCE)
    assert shape(granted.json()) == shape(real["token_200"])
    assert requests.post(url, auth=("x", "y"), timeout=PATIENCE).json() == real["token_401"]
