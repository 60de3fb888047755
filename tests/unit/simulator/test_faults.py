# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults: what goes wrong, when, and whether the request took effect all the same."""

from __future__ import annotations

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from support.patience import PATIENCE


@pytest.mark.parametrize(
    ("details", "status", "content_type", "text"),
    [
        ({"status": 503}, 503, "application/json", '"errorCode":"UNEXPECTED_ERROR"'),
        ({"status": 599}, 599, "application/json", "Unknown"),
        ({"status": 502, "body": "<h1>Bad Gateway</h1>"}, 502, "text/html", "<h1>"),
        ({"status": 409, "body": {"errorCode": "NO_CAPACITY"}}, 409, "application/json", "NO_CAPACITY"),
        (
            {"status": 200, "body": "not JSON", "headers": {"Content-Type": "application/json"}},
            200,
            "application/json",
            "not JSON",
        ),
    ],
)
def test_fault_with_status(api, atlas, details, status, content_type, text):
    atlas.fault("GET", "/peers", **details)
    response = api.get(f"{api.group}/peers")
    assert (response.status_code, response.headers["Content-Type"]) == (status, content_type)
    assert text in response.text
    assert api.get(f"{api.group}/peers").status_code == 200, "once is the default"


def test_fault_with_headers(api, atlas):
    atlas.fault(path="/peers", status=429, headers={"Retry-After": "7"}, body={"errorCode": "RATE_LIMITED"})
    response = api.get(f"{api.group}/peers")
    assert response.headers["Retry-After"] == "7"
    assert response.headers["X-Error-Code"] == "RATE_LIMITED"


def test_fault_with_redirect(api, atlas):
    atlas.fault(path="/groups", redirect="http://127.0.0.1:9/elsewhere")
    response = api.get("/groups")
    assert (response.status_code, response.headers["Location"]) == (302, "http://127.0.0.1:9/elsewhere")


def test_fault_with_skip_and_times(api, atlas):
    atlas.fault(path="/groups$", status=500, times=2, skip=1)
    assert [api.get("/groups").status_code for _turn in range(5)] == [200, 500, 500, 200, 200]


def test_fault_without_times_lasts_until_cleared(api, atlas):
    atlas.fault(path="/groups$", status=500, times=None)
    assert [api.get("/groups").status_code for _turn in range(4)] == [500] * 4
    atlas.clear_faults()
    assert api.get("/groups").status_code == 200


def test_faults_apply_in_order(api, atlas):
    atlas.fault(path="/groups$", status=500)
    atlas.fault(path="/groups$", status=503)
    assert [api.get("/groups").status_code for _turn in range(3)] == [500, 503, 200]


@pytest.mark.parametrize(
    ("method", "path", "hit"),
    [
        ("GET", "/peers$", True),
        ("get", "providerName=GCP", True),
        ("ANY", "", True),
        ("POST", "/peers$", False),
        ("GET", "/containers", False),
        ("GET", "providerName=AWS", False),
    ],
)
def test_fault_matches_method_and_path(api, atlas, method, path, hit):
    atlas.fault(method, path, status=500)
    assert (api.get(f"{api.group}/peers", providerName="GCP").status_code == 500) is hit


def test_fault_with_invalid_pattern_fails(atlas):
    with pytest.raises(re.error):
        atlas.fault(path="(")


@pytest.mark.parametrize(("applied", "peers"), [(False, 0), (True, 1)])
def test_fault_with_dropped_reply(api, atlas, example, applied, peers):
    api.get("/groups")
    atlas.fault("POST", "/peers", drop=True, applied=applied)
    with pytest.raises(requests.ConnectionError):
        api.create(**example())
    assert len(atlas.peers()) == peers
    (write,) = atlas.writes()
    assert (write.status, write.faulty, write.request_json) == (None, True, example())
    assert api.create(**example()).status_code == (409 if applied else 200)


@pytest.mark.parametrize(("applied", "peers"), [(False, 0), (True, 1)])
def test_fault_with_error_after_or_before_effect(api, atlas, example, applied, peers):
    atlas.fault("POST", "/peers", status=502, applied=applied)
    assert api.create(**example()).status_code == 502
    assert len(atlas.peers()) == peers


def test_fault_with_truncated_body(api, atlas):
    atlas.fault(path="/groups$", truncate=True)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        api.get("/groups")
    assert api.get("/groups").status_code == 200


@pytest.mark.parametrize(("hold", "peers"), [({"delay": 60, "drop": True}, 0), ({"stall": 60}, 1)])
def test_fault_holds_request_before_or_after_effect(api, atlas, example, hold, peers):
    api.get("/groups")
    fault = atlas.fault("POST", "/peers", **hold)
    assert not fault.holding.is_set()
    with ThreadPoolExecutor() as pool:
        creation = pool.submit(api.create, **example())
        assert fault.holding.wait(PATIENCE)
        assert len(atlas.peers()) == peers
        assert not creation.done()
        atlas.clear_faults()
        error = creation.exception(5)
    assert isinstance(error, requests.ConnectionError) is not bool(peers)
    assert len(atlas.peers()) == peers


def test_fault_with_delay(api, atlas):
    api.get("/groups")
    atlas.fault(path="/groups$", delay=0.1)
    began = time.monotonic()
    assert api.get("/groups").status_code == 200
    assert time.monotonic() - began >= 0.1


def test_latency_setting_delays_every_response(simulate, client):
    atlas = simulate(latency=0.05)
    began = time.monotonic()
    client(atlas).get("/groups")
    assert time.monotonic() - began >= 0.1, "the challenge and the answer"


def test_fault_applies_after_authentication(api, atlas):
    atlas.fault(path="/groups$", status=500)
    assert requests.get(f"{atlas.url}/api/atlas/v2/groups", timeout=PATIENCE).status_code == 401
    assert api.get("/groups").status_code == 500


def test_fault_before_authentication(atlas):
    atlas.fault(path="/groups$", status=503, before_auth=True)
    url = f"{atlas.url}/api/atlas/v2/groups"
    assert [requests.get(url, timeout=PATIENCE).status_code for _turn in range(2)] == [503, 401]


def test_fault_of_token_endpoint(atlas):
    atlas.fault("POST", "/api/oauth/token", status=500, body={"error": "server_error"})
    answer = requests.post(f"{atlas.url}/api/oauth/token", timeout=PATIENCE)
    assert (answer.status_code, answer.json()) == (500, {"error": "server_error"})
    assert requests.post(f"{atlas.url}/api/oauth/token", timeout=PATIENCE).status_code == 401


@pytest.mark.parametrize("cut", [0, 17, 100])
def test_fault_with_cut_response(api, atlas, cut):
    atlas.fault(path="/groups", cut=cut)
    with socket.create_connection(("127.0.0.1", int(atlas.url.rpartition(":")[2]))) as raw:
        authorization = f"Authorization: Bearer {atlas.issue_token()}"
        raw.sendall(f"GET /api/atlas/v1.0/groups HTTP/1.1\r\n{authorization}\r\n\r\n".encode())
        received = b"".join(iter(lambda: raw.recv(1000), b""))
    assert len(received) == cut
    assert b"HTTP/1.1 200 OK\r\n".startswith(received[:17])


def test_fault_with_slow_response(api, atlas):
    atlas.fault("POST", "oauth/token", drip=0.001)
    began = time.monotonic()
    assert api.get("/groups").status_code == 200
    assert requests.post(f"{atlas.url}/api/oauth/token", timeout=PATIENCE).status_code == 401
    assert time.monotonic() - began > 0.2


def test_fault_with_gzip_and_padding(api, atlas):
    atlas.fault(path="/groups", gzip=True, padding=3)
    response = api.get("/groups")
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) < 10_000
    assert (len(response.content) > 3 * 1024**2, response.json()["totalCount"]) == (True, 1)
    atlas.fault(path="/groups", padding=1)
    assert len(api.get("/groups").content) > 1024**2


def test_fault_with_raw_bytes(api, atlas):
    atlas.fault(path="/groups", status=200, body=b"\xff\x00")
    assert api.get("/groups").content == b"\xff\x00"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT"])
@pytest.mark.parametrize(
    ("path", "allow"), [("/groups", "GET"), ("/groups/64a1f0c35b7e2d4198c3e001/peers", "GET, POST")]
)
def test_unsupported_method_is_not_allowed(api, method, path, allow):
    response = api.send(method, path)
    assert (response.status_code, response.headers["Allow"]) == (405, allow)
    assert response.headers["Content-Type"] == "application/json"
    if method != "HEAD":
        assert response.json()["errorCode"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
def test_token_endpoint_allows_only_post(atlas, method):
    response = requests.request(method, f"{atlas.url}/api/oauth/token", timeout=PATIENCE)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("name", ["pretty", "envelope", "includeCount"])
@pytest.mark.parametrize("value", ["null", "", "1", "yes"])
def test_invalid_flag_in_query_is_rejected(api, name, value):
    response = api.get(f"/groups?{name}={value}")
    assert (response.status_code, response.json()["errorCode"]) == (400, "INVALID_QUERY_PARAMETER")
