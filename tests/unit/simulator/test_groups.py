# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects and organizations, versions, pages, envelopes, limits: what all operations have in common."""

from __future__ import annotations

import pytest
from requests.auth import HTTPDigestAuth

from simulator.settings import ORG_ID
from support.patience import PATIENCE

UNKNOWN = "0123456789abcdef01234567"
LATEST = "application/vnd.atlas.2023-01-01+json;charset=utf-8"


def code(response):
    return response.status_code, response.json().get("errorCode")


def test_group_is_returned(atlas, api):
    group = api.get(api.group).json()
    assert group["id"] == atlas.project_id
    assert group["name"] == "peering-playground"
    assert group["created"] == "2027-01-15T08:00:00Z"
    assert (group["clusterCount"], group["tags"], group["withDefaultAlertsSettings"]) == (3, [], True)
    assert group["links"][0] == {"href": f"{atlas.url}/api/atlas/v2{api.group}", "rel": "self"}
    assert api.get(group["links"][1]["href"].removeprefix(api.root)).json()["totalCount"] == 1


def test_groups_are_listed(atlas, api):
    other = atlas.add_project("other one", tags={"env": "test"})
    listed = api.get("/groups").json()["results"]
    assert [group["id"] for group in listed] == [atlas.project_id, other]
    assert listed[1]["tags"] == [{"key": "env", "value": "test"}]
    assert api.get("/groups/byName/other%20one").json()["id"] == other
    assert code(api.get("/groups/byName/nobody")) == (404, "GROUP_NAME_NOT_FOUND")
    atlas.add_project("other one", containers=False)
    assert code(api.get("/groups/byName/other%20one")) == (409, "MULTIPLE_GROUPS")


def test_add_project_with_project_id(atlas, api):
    assert atlas.add_project("given", project_id=UNKNOWN, tags=[{"key": "a", "value": "b"}]) == UNKNOWN
    assert api.get(f"/groups/{UNKNOWN}").json()["tags"] == [{"key": "a", "value": "b"}]


def test_orgs_are_listed(api):
    listed = api.get("/orgs").json()
    org = listed["results"][0]
    assert listed["totalCount"] == 1
    assert (org["name"], org["isDeleted"]) == ("simulated-organization", False)
    assert api.get(f"/orgs/{org['id']}").json()["name"] == org["name"]
    assert api.get("/orgs", name="simulated").json()["totalCount"] == 1
    assert api.get("/orgs", name="Another").json()["totalCount"] == 0


def test_orgs_lists_only_visible_organizations(atlas, api, client):
    """Each shows itself to those who have a role in one of its projects."""
    second = atlas.add_organization("Second")
    other = atlas.add_project("other", org_id=second)
    assert [org["name"] for org in api.get("/orgs").json()["results"]] == ["simulated-organization", "Second"]
    assert [org["id"] for org in api.get("/orgs", name="sec").json()["results"]] == [second]
    assert [group["orgId"] for group in api.get("/groups").json()["results"]] == [ORG_ID, second]
    atlas.add_api_key("visitor", "secret", {other: "read_only"})
    visitor = client(atlas, HTTPDigestAuth("visitor", "secret"))
    assert [org["id"] for org in visitor.get("/orgs").json()["results"]] == [second]
    assert [group["id"] for group in visitor.get("/groups").json()["results"]] == [other]
    assert code(visitor.get(f"/orgs/{ORG_ID}")) == (404, "ORG_NOT_FOUND")
    assert visitor.get(f"/orgs/{second}").json()["name"] == "Second"


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", f"/groups/{UNKNOWN}", 404, "GROUP_NOT_FOUND"),
        ("GET", f"/groups/{UNKNOWN}/peers", 404, "GROUP_NOT_FOUND"),
        ("GET", "/groups/mine", 400, "PATH_PARAM_PARSE_ERROR"),
        ("GET", f"/orgs/{UNKNOWN}", 404, "ORG_NOT_FOUND"),
        ("GET", "/clusters", 404, "RESOURCE_NOT_FOUND"),
        ("PUT", "/groups", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_unknown_resource_is_not_found(api, method, path, status, error):
    response = api.send(method, path)
    assert code(response) == (status, error)
    assert response.headers["X-Error-Code"] == error


@pytest.mark.parametrize("path", ["/favicon.ico", "/api/atlas/v3/groups", "/api/atlas/v2groups", "/api/oauth/tokens"])
def test_path_outside_api_is_not_found(atlas, api, path):
    response = api.session.get(atlas.url + path, timeout=PATIENCE)
    assert code(response) == (404, "RESOURCE_NOT_FOUND")


@pytest.mark.parametrize("path", ["/groups/", "/groups/{id}/", "/groups/{id}/peers/", "/groups/{id}/containers/all/"])
def test_trailing_slash_is_accepted(atlas, api, path):
    assert api.get(path.format(id=atlas.project_id)).status_code == 200


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/vnd.atlas.2023-01-01+json", 200),
        ("application/vnd.atlas.2025-03-12+json", 200),
        ("text/html, application/vnd.atlas.2024-08-05+json;q=0.9", 200),
        ("application/vnd.atlas.2022-12-31+json", 406),
        ("application/vnd.atlas.2024-13-01+json", 406),
        ("application/json", 406),
        ("*/*", 406),
    ],
)
def test_version_in_accept_header(api, accept, status):
    response = api.send("GET", "/groups", headers={"Accept": accept})
    assert response.status_code == status
    if status == 200:
        assert response.headers["Content-Type"] == LATEST
    else:
        assert response.json()["errorCode"] == "INVALID_VERSION_DATE"


def test_version_1_needs_no_date(atlas, client):
    response = client(atlas, version="v1.0").send("GET", "/groups", headers={"Accept": "*/*"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert "/api/atlas/v1.0/groups" in response.json()["links"][0]["href"]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/vnd.atlas.2023-01-01+json", 200),
        ("application/vnd.atlas.2025-03-12+json", 200),
        ("application/x-www-form-urlencoded", 415),
    ],
)
def test_content_type_of_write_is_checked(api, example, content_type, status):
    headers = {"Content-Type": content_type}
    assert api.send("POST", f"{api.group}/peers", json=example(), headers=headers).status_code == status


def pages(api, path, **query):
    """Return the ids on each page, following the next links."""
    found = []
    page = api.get(path, **query)
    while page is not None:
        body = page.json()
        found.append([item["id"] for item in body["results"]])
        following = {link["rel"]: link["href"] for link in body["links"]}.get("next")
        page = api.session.get(following, timeout=PATIENCE) if following else None
    return found


@pytest.mark.parametrize(("size", "lengths"), [(1, [1, 1, 1, 1, 1]), (2, [2, 2, 1]), (5, [5]), (100, [5])])
def test_pages_have_requested_size(atlas, api, size, lengths):
    peers = [atlas.add_peer(atlas.project_id, "GCP", "AVAILABLE") for _turn in range(5)]
    found = pages(api, f"{api.group}/peers", providerName="GCP", itemsPerPage=size)
    assert [len(page) for page in found] == lengths
    assert [peer for page in found for peer in page] == peers


def test_middle_page_has_previous_and_next_links(atlas, api):
    for _turn in range(5):
        atlas.add_peer(atlas.project_id, "GCP", "AVAILABLE")
    body = api.get(f"{api.group}/peers", providerName="GCP", itemsPerPage=2, pageNum=2).json()
    base = f"{atlas.url}/api/atlas/v2{api.group}/peers?includeCount=true&providerName=GCP"
    assert body["totalCount"] == 5
    assert body["links"] == [
        {"href": f"{base}&pageNum={number}&itemsPerPage=2", "rel": relation}
        for number, relation in ((2, "self"), (1, "previous"), (3, "next"))
    ]


@pytest.mark.parametrize(
    ("query", "number", "size"),
    [
        ({}, 1, 100),
        ({"pageNum": 0}, 1, 100),
        ({"pageNum": ""}, 1, 100),
        ({"itemsPerPage": 501}, 1, 500),
        ({"itemsPerPage": 0}, 1, 1),
    ],
)
def test_page_numbers_out_of_range_are_clamped(api, query, number, size):
    body = api.get("/groups", **query).json()
    assert body["links"][0]["href"].endswith(f"pageNum={number}&itemsPerPage={size}")


def test_page_beyond_end_is_empty(api):
    body = api.get("/groups", pageNum=7).json()
    assert (body["results"], body["totalCount"]) == ([], 1)


@pytest.mark.parametrize("name", ["pageNum", "itemsPerPage"])
def test_page_number_that_is_no_number_is_rejected(api, name):
    assert code(api.get("/groups", **{name: "many"})) == (400, "INVALID_QUERY_PARAMETER")


def test_list_without_count(api):
    body = api.get("/groups", includeCount="false").json()
    assert "totalCount" not in body
    assert "includeCount=false" in body["links"][0]["href"]


def test_envelope_and_pretty_options(api):
    single = api.get(api.group, envelope="true").json()
    assert (single["status"], single["content"]["name"]) == (200, "peering-playground")
    listed = api.get("/groups", envelope="true").json()
    assert (listed["status"], len(listed["results"])) == (200, 1)
    failed = api.get(f"/groups/{UNKNOWN}", envelope="true")
    assert (failed.status_code, failed.json()["content"]["errorCode"]) == (404, "GROUP_NOT_FOUND")
    assert "\n" in api.get(api.group, pretty="true").text
    assert "\n" not in api.get(api.group).text


def test_requests_beyond_rate_limit_are_rejected(simulate, client):
    atlas = simulate(rate_capacity=3, rate_refill=2, rate_seconds=60)
    api = client(atlas)
    peers = f"{api.group}/peers"
    answers = [api.get(peers) for _turn in range(3)]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0"]
    assert answers[0].headers["RateLimit-Limit"] == "3"
    atlas.advance(20)
    refused = api.get(f"{api.group}/containers")
    assert code(refused) == (429, "RATE_LIMITED_TOKEN_BUCKET")
    assert refused.headers["Retry-After"] == "40"
    assert refused.json()["parameters"] == [f"api/atlas/v2{api.group}/containers", 40, 3, 2, 60]
    assert api.get(f"/groups/{atlas.add_project('other')}/peers").status_code == 200, "each project has its own bucket"
    assert "RateLimit-Limit" not in api.get("/groups").headers
    atlas.advance(40)
    assert [api.get(peers).status_code for _turn in range(3)] == [200, 200, 429]
    atlas.advance(600)
    assert [api.get(peers).status_code for _turn in range(4)] == [200, 200, 200, 429], "never more than the capacity"


def test_rate_limited_write_has_no_effect(simulate, client, example):
    atlas = simulate(rate_capacity=0)
    assert client(atlas).create(**example()).status_code == 429
    assert atlas.peers() == []
