# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real answers about connections are not public: those of their nearest relatives have the simulator's form."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.auth import HTTPDigestAuth

from support.patience import PATIENCE
from support.recordings import answers, needs_recordings, recording, shape

pytestmark = needs_recordings

ENDPOINTS = [f"recorded_lifecycle_private_endpoint_{cloud}" for cloud in ("AWS", "Azure", "GCP")]
SHOWN = ("Content-Type", "X-Error-Code")  # headers whose value says something
LIMITED = ("Ratelimit-Limit", "Ratelimit-Remaining")


@pytest.fixture
def available(atlas):
    """Return the id of a connection on AWS that is AVAILABLE."""
    return atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE")


@pytest.mark.parametrize("name", ENDPOINTS)
def test_create_and_delete_resemble_recorded_resources(simulate, client, example, name):
    """Specified to answer 200 and 204, recorded as 201 and 202, which the simulator is told to answer."""
    api = client(simulate(create_status=201))
    (created,), (deleted,) = answers(name, "POST"), answers(name, "DELETE")
    answer = api.create(**example())
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        created["status"],
        created["headers"]["Content-Type"],
    )
    assert {"status": "INITIATING", "errorMessage": None}.items() <= created["body"].items()
    assert {"statusName": "INITIATING", "errorStateName": None}.items() <= answer.json().items()
    gone = api.delete(answer.json()["id"])
    assert (gone.status_code, gone.json()) == (deleted["status"], deleted["body"])
    for header in ("Content-Type", "Content-Length"):
        assert gone.headers[header] == deleted["headers"][header]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_attributes_resemble_recorded_order_and_nulls(atlas, api, name):
    bodies = [answer["body"] for answer in answers(name, "POST") + answers(name, "GET")]
    container = atlas.add_container(atlas.project_id, "AWS", "EU_WEST_1", provisioned=False)
    peer = atlas.add_peer(atlas.project_id, "AWS", "INITIATING")
    ours = [api.peer(peer), api.get(f"{api.group}/containers/{container}").json()]
    for body in [body for body in bodies if isinstance(body, dict)] + ours:
        assert list(body) == sorted(body)
        assert None in body.values()


def test_container_delete_resembles_recorded_responses(simulate, client):
    """204 as specified has no body and yet a media type; resources specified alike were recorded as 202."""
    (real,) = answers("recorded_lifecycle_access_list", "DELETE")
    for status in (real["status"], answers("recorded_202_delete_group", "DELETE")[0]["status"]):
        atlas = simulate(container_delete_status=status)
        container = atlas.add_container(atlas.project_id, "AWS", "EU_WEST_1", provisioned=False)
        answer = client(atlas).delete(container, "containers")
        assert (answer.status_code, answer.content) == (status, b"{}" if status == 202 else b"")
        assert answer.headers["Content-Type"] == real["headers"]["Content-Type"]
        assert ("Content-Length" in answer.headers) is (status == 202)


def test_pages_resemble_recorded_list(api, available):
    (real, _one) = answers("recorded_lifecycle_access_list", "GET")
    answer = api.get(f"{api.group}/peers")
    assert list(answer.json()) == list(real["body"])
    assert answer.json()["totalCount"] == real["body"]["totalCount"] == 1
    ((ours,), (theirs,)) = (body["links"] for body in (answer.json(), real["body"]))
    assert list(ours) == list(theirs)
    assert parse_qsl(urlsplit(ours["href"]).query) == parse_qsl(urlsplit(theirs["href"]).query)
    assert set(LIMITED) <= set(real["headers"])
    assert all(header in answer.headers for header in LIMITED)


@pytest.mark.parametrize("status", [409, 400])
def test_rejected_update_resembles_recorded_error(atlas, api, example, status):
    real = next(one for one in answers("recorded_409_and_400_patch_in_wrong_state", "PATCH") if one["status"] == status)
    peer = atlas.add_peer(atlas.project_id, "AWS", "FINALIZING" if status == 409 else "AVAILABLE")
    document = example() if status == 409 else example(containerId=...)
    answer = api.update(peer, **document)
    assert answer.status_code == real["status"]
    assert list(answer.json()) == list(real["body"])
    assert {**shape(answer.json()), "parameters": []} == {**shape(real["body"]), "parameters": []}
    assert answer.headers["Content-Type"] == real["headers"]["Content-Type"]
    for body, headers in ((answer.json(), answer.headers), (real["body"], real["headers"])):
        assert headers["X-Error-Code"] == body["errorCode"]
        assert all(header in headers for header in LIMITED)


@pytest.mark.parametrize("key", ["private", "public"])
def test_wrong_api_key_resembles_recorded_error(atlas, client, key):
    (real,) = answers(f"recorded_errors_setup_invalid_{key}_key", "POST")
    wrong = (atlas.public_key, "wrong") if key == "private" else ("wrong", atlas.private_key)
    answer = client(atlas, HTTPDigestAuth(*wrong)).create()
    assert (answer.status_code, answer.json()) == (real["status"], real["body"])
    assert answer.headers["Content-Length"] == real["headers"]["Content-Length"]


def test_unknown_project_is_reported_after_challenge(atlas, client):
    challenge, refusal = answers("recorded_errors_setup_invalid_project_id", "POST")
    api = client(atlas)
    answer = api.send("POST", f"/groups/{refusal['body']['parameters'][0]}/peers", json={})
    assert [exchange.status for exchange in atlas.exchanges] == [challenge["status"], refusal["status"]]
    assert atlas.exchanges[0].response_json == challenge["body"]
    assert answer.json() == refusal["body"]
    for header in SHOWN:
        assert answer.headers[header] == refusal["headers"][header]
    assert not any(header in headers for header in LIMITED for headers in (answer.headers, refusal["headers"]))


def test_status_settings_cover_specified_and_recorded(simulate, client):
    """The simulator can answer either way."""
    recorded = recording("status_codes_spec_against_recorded")["differences"]
    made = {one["recorded"] for one in recorded if one["operation"].startswith("POST ")}
    gone = {one["recorded"] for one in recorded if one["operation"].startswith("DELETE ")}
    assert made == {201}
    assert "202 {}" in gone
    atlas = simulate(create_status=201)
    response = client(atlas).create("containers", providerName="AWS", regionName="EU_WEST_1")
    assert response.status_code == 201


def test_missing_credentials_resemble_recorded_error(atlas):
    (real,) = answers("recorded_errors_setup_invalid_public_key", "POST")
    answer = requests.post(f"{atlas.url}/api/atlas/v2/groups", timeout=PATIENCE)
    assert (answer.status_code, answer.json()) == (real["status"], real["body"])
