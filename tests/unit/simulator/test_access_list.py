# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IP access list of a project: entries, their status and expiry, refusals, and what is not known of Atlas."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import pytest
from requests.auth import HTTPDigestAuth

from simulator import ControlError
from simulator.domain.clock import parse_timestamp
from support.api_errors import refusal
from support.clock import NOON
from support.patience import PATIENCE
from support.recordings import needs_recordings, recording

GROUP = "sg-0123456789abcdef0"
NOT_FOUND = (404, "ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND")
NEEDS_PEERING = (400, "CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION")


def at(seconds, form="%Y-%m-%dT%H:%M:%SZ"):
    return (datetime.fromtimestamp(NOON, timezone.utc) + timedelta(seconds=seconds)).strftime(form)


def add(api, *entries):
    return api.send("POST", f"{api.group}/accessList", json=list(entries))


def path(api, entry):
    return f"{api.group}/accessList/{entry.replace('/', '%2F')}"


def get(api, entry):
    return api.get(path(api, entry))


def values(response):
    return [one.get("cidrBlock") or one["awsSecurityGroup"] for one in response.json()["results"]]


def listed(api):
    return values(api.get(f"{api.group}/accessList"))


def status(api, entry):
    return api.get(path(api, entry) + "/status").json()["STATUS"]


@pytest.fixture
def permits_groups(atlas):
    """A connection that security groups may be used with."""
    return atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE")


# Adding, reading, deleting


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ({"ipAddress": "192.0.2.1"}, {"cidrBlock": "192.0.2.1/32", "ipAddress": "192.0.2.1"}),
        ({"cidrBlock": "192.0.2.1/32"}, {"cidrBlock": "192.0.2.1/32", "ipAddress": "192.0.2.1"}),
        ({"cidrBlock": "10.1.0.0/16", "comment": "VPC"}, {"cidrBlock": "10.1.0.0/16", "comment": "VPC"}),
        ({"cidrBlock": "0.0.0.0/0"}, {"cidrBlock": "0.0.0.0/0"}),
        ({"ipAddress": "2001:DB8:0:0:0:0:0:1"}, {"cidrBlock": "2001:db8::1/128", "ipAddress": "2001:db8::1"}),
        ({"cidrBlock": "10.1.0.0/16", "ipAddress": None, "awsSecurityGroup": ""}, {"cidrBlock": "10.1.0.0/16"}),
        (
            {"cidrBlock": "10.1.0.0/16", "deleteAfterDate": at(3600)},
            {"cidrBlock": "10.1.0.0/16", "deleteAfterDate": at(3600)},
        ),
    ],
)
@pytest.mark.parametrize("version", ["v2", "v1.0"])
def test_add_entry_returns_list(atlas, client, version, document, shown):
    api = client(atlas, version=version)
    answer = add(api, document)
    assert answer.status_code == 201
    (entry,) = answer.json()["results"]
    (link,) = entry["links"]
    assert {**shown, "groupId": atlas.project_id, "links": [link]} == entry
    assert list(entry) == sorted(entry)
    assert link["rel"] == "self"
    assert link["href"].startswith(f"{api.root}{api.group}/accessList/")
    assert api.session.get(link["href"], timeout=PATIENCE).json() == entry
    assert get(api, shown["cidrBlock"]).json() == entry
    assert api.get(f"{api.group}/accessList").json()["results"] == [entry]


def test_add_several_and_page_through_them(api):
    assert values(add(api, {"cidrBlock": "10.1.0.0/16"}, {"ipAddress": "192.0.2.1"})) == ["10.1.0.0/16", "192.0.2.1/32"]
    added = add(api, {"cidrBlock": "10.2.0.0/16"}).json()
    assert added["totalCount"] == 3
    page = api.get(f"{api.group}/accessList", itemsPerPage=2, pageNum=2)
    assert values(page) == ["10.2.0.0/16"]
    assert [link["rel"] for link in page.json()["links"]] == ["self", "previous"]


@pytest.mark.parametrize("entry", ["192.0.2.1", "192.0.2.1/32"])
def test_delete_removes_entry(api, entry):
    add(api, {"ipAddress": "192.0.2.1"}, {"cidrBlock": "10.1.0.0/16"})
    answer = api.send("DELETE", path(api, entry))
    assert (answer.status_code, answer.content) == (204, b"")
    assert listed(api) == ["10.1.0.0/16"]
    assert refusal(api.send("DELETE", path(api, entry))) == NOT_FOUND


@pytest.mark.parametrize("entry", ["192.0.2.7", "10.9.0.0/16", GROUP, "nonsense"])
@pytest.mark.parametrize("suffix", ["", "/status"])
def test_unknown_entry_is_not_found(atlas, api, entry, suffix):
    answer = api.get(path(api, entry) + suffix)
    assert refusal(answer) == NOT_FOUND
    assert answer.json()["parameters"] == [entry, atlas.project_id]


def test_lists_are_separate_per_project(atlas, api):
    add(api, {"cidrBlock": "10.1.0.0/16"})
    api.group = f"/groups/{atlas.add_project('other')}"
    assert listed(api) == []
    atlas.add_access_list_entry("10.2.0.0/16", project_id=api.group.rpartition("/")[2])
    assert listed(api) == ["10.2.0.0/16"]


def test_access_list_has_its_own_rate_limit(simulate, client):
    api = client(simulate(access_list_rate_capacity=2, rate_capacity=1))
    assert api.get(f"{api.group}/peers").headers["RateLimit-Remaining"] == "0"
    assert add(api).headers["RateLimit-Remaining"] == "1"
    assert api.get(f"{api.group}/accessList").headers["RateLimit-Limit"] == "2"
    assert refusal(get(api, "192.0.2.1")) == (429, "RATE_LIMITED_TOKEN_BUCKET")


@pytest.mark.parametrize(("role", "write"), [("read_only", 403), ("network_manager", 201), ("owner", 201)])
def test_roles_limit_writes(atlas, client, role, write):
    atlas.add_api_key("limited", "secret", {atlas.project_id: role})
    api = client(atlas, HTTPDigestAuth("limited", "secret"))
    assert add(api, {"cidrBlock": "10.1.0.0/16"}).status_code == write
    assert api.get(f"{api.group}/accessList").status_code == 200
    assert api.send("DELETE", path(api, "10.1.0.0/16")).status_code == (204 if write == 201 else 403)


# The recording

ADDRESS = {"ipAddress": "192.168.0.243", "comment": "test"}
SENT = ([ADDRESS], [{**ADDRESS, "deleteAfterDate": "2026-08-10T03:08:14Z"}])  # bodies, which were not recorded


@needs_recordings
def test_recorded_exchanges_are_reproduced(simulate, client):
    """Played in the order of its dates, which is not that of the file, at those times."""
    first, *exchanges = recording("recorded_lifecycle_access_list")["exchanges"]
    project, start = first["response"]["body"]["id"], moment_of(first)
    atlas = simulate(clock=lambda: start)
    atlas.add_project("recorded", project)
    api, bodies, now = client(atlas), iter(SENT), start
    assert len(exchanges) == 5
    for one in sorted(exchanges, key=moment_of):
        now = atlas.advance(moment_of(one) - now)
        real, method = one["response"], one["request"]["method"]
        address = one["request"]["path"].removeprefix("/api/atlas/v2")
        answer = api.send(method, address, json=next(bodies) if method == "POST" else None)
        assert answer.status_code == real["status"]
        expected = "" if real["body"] is None else json.dumps(real["body"], separators=(",", ":"))
        assert answer.text == expected.replace("http://localhost:8080", atlas.url)
        for name in ("Content-Type", "Ratelimit-Limit"):
            assert answer.headers[name] == real["headers"][name]


def moment_of(exchange):
    return parsedate_to_datetime(exchange["response"]["headers"]["Date"]).timestamp()


# Refusals


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({}, (400, "MISSING_ATTRIBUTES")),
        ({"comment": "nothing"}, (400, "MISSING_ATTRIBUTES")),
        ({"cidrBlock": "10.1.0.0/33"}, (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION")),
        ({"cidrBlock": "10.1.0.0"}, (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION")),
        ({"cidrBlock": "10.1.0.0/255.255.0.0"}, (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION")),
        ({"cidrBlock": GROUP}, (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION")),
        ({"ipAddress": "10.1.0.0/16"}, (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION")),
        ({"ipAddress": "example.com"}, (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION")),
        ({"ipAddress": 7}, (400, "INVALID_JSON_ATTRIBUTE")),
        ({"awsSecurityGroup": "web-servers"}, (400, "INVALID_ATTRIBUTE")),
        (
            {"cidrBlock": "10.1.0.1/32", "ipAddress": "10.1.0.1"},
            (400, "MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY"),
        ),
        (
            {"cidrBlock": "10.1.0.0/16", "awsSecurityGroup": GROUP},
            (400, "MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY"),
        ),
        ({"cidrBlock": "10.1.0.0/16", "comment": "x" * 81}, (400, "INVALID_NETWORK_PERMISSION_COMMENT")),
        ({"cidrBlock": "10.1.0.0/16", "deleteAfterDate": at(0)}, (400, "EXPIRATION_DATE_IN_PAST")),
        ({"cidrBlock": "10.1.0.0/16", "deleteAfterDate": at(7 * 86400 + 1)}, (400, "INVALID_ATTRIBUTE")),
        ({"cidrBlock": "10.1.0.0/16", "deleteAfterDate": "tomorrow"}, (400, "INVALID_JSON_ATTRIBUTE")),
        (
            {"awsSecurityGroup": GROUP, "deleteAfterDate": at(3600)},
            (400, "NETWORK_PERMISSION_EXPIRATION_NOT_SUPPORTED"),
        ),
        ({"cidrBlock": "10.1.0.0/16", "groupId": "1" * 24}, (400, "GROUP_MISMATCH")),
        ({"cidrBlock": "10.1.0.0/16", "links": []}, (400, "ATTRIBUTE_READ_ONLY")),
        ({"cidrBlock": "10.1.0.0/16", "port": 27017}, (400, "INVALID_ATTRIBUTE")),
    ],
)
def test_invalid_entry_is_rejected(api, permits_groups, document, error):
    answer = add(api, document)
    assert refusal(answer) == error
    assert listed(api) == []


@pytest.mark.parametrize(
    ("body", "error"), [("{}", "INVALID_JSON"), ('["10.1.0.0/16"]', "INVALID_JSON"), ("[", "MALFORMED_JSON")]
)
def test_body_that_is_no_list_of_objects_is_rejected(api, body, error):
    headers = {"Content-Type": "application/json"}
    assert refusal(api.send("POST", f"{api.group}/accessList", data=body, headers=headers)) == (400, error)


def test_entries_beyond_limit_are_rejected(simulate, client):
    api = client(simulate(max_access_list_entries=2))
    add(api, {"cidrBlock": "10.1.0.0/16"}, {"cidrBlock": "10.2.0.0/16"})
    answer = add(api, {"cidrBlock": "10.3.0.0/16"})
    assert refusal(answer) == (403, "ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED")
    assert answer.json()["parameters"] == [2]
    assert add(api, {"cidrBlock": "10.1.0.0/16", "comment": "again"}).status_code == 201


def test_limit_defaults_to_two_hundred(api):
    assert add(api, *({"ipAddress": f"192.0.2.{number}"} for number in range(200))).status_code == 201
    assert add(api, {"cidrBlock": "10.3.0.0/16"}).status_code == 403


# Expiry and status


def test_expired_entry_is_removed(atlas, api):
    add(api, {"cidrBlock": "10.1.0.0/16", "deleteAfterDate": at(3600)}, {"cidrBlock": "10.2.0.0/16"})
    atlas.advance(3599)
    assert listed(api) == ["10.1.0.0/16", "10.2.0.0/16"]
    atlas.advance(1)
    assert listed(api) == ["10.2.0.0/16"]
    assert refusal(get(api, "10.1.0.0/16")) == NOT_FOUND


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (at(60), 60),
        (at(60, "%Y-%m-%dT%H:%M:%S"), 60),
        (at(60, "%Y-%m-%dT%H:%M:%S.500Z"), 60.5),
        (at(3660, "%Y-%m-%dT%H:%M:%S+0100"), 60),
        (at(3660, "%Y-%m-%dT%H:%M:%S+01:00"), 60),
        (at(0, "%Y-%m-%d"), None),
        ("", None),
    ],
)
def test_parse_timestamp_formats(text, seconds):
    assert parse_timestamp(text) == (None if seconds is None else NOON + seconds)


@pytest.mark.parametrize("seconds", [0, 5])
def test_entry_is_pending_until_active(simulate, client, seconds):
    atlas = simulate(access_list_seconds=seconds)
    api = client(atlas)
    add(api, {"cidrBlock": "10.1.0.0/16"})
    assert status(api, "10.1.0.0/16") == ("PENDING" if seconds else "ACTIVE")
    atlas.advance(seconds)
    assert status(api, "10.1.0.0/16") == "ACTIVE"
    add(api, {"cidrBlock": "10.1.0.0/16", "comment": "again"})
    assert status(api, "10.1.0.0/16") == "ACTIVE"


def test_failed_entry_is_failed_until_added_again(simulate, client):
    atlas = simulate(access_list_seconds=5)
    api = client(atlas)
    add(api, {"ipAddress": "192.0.2.1"})
    atlas.fail_access_list_entry("192.0.2.1")
    atlas.advance(5)
    assert status(api, "192.0.2.1") == "FAILED"
    assert listed(api) == ["192.0.2.1/32"]
    add(api, {"ipAddress": "192.0.2.1"})
    assert status(api, "192.0.2.1") == "PENDING"


# Security groups


@pytest.mark.parametrize("group", [GROUP, "sg-903004f8", f"123456789012/{GROUP}"])
def test_security_group_entry(api, permits_groups, group):
    (entry,) = add(api, {"awsSecurityGroup": group, "comment": "web"}).json()["results"]
    assert {key: entry[key] for key in entry.keys() - {"links", "groupId"}} == {
        "awsSecurityGroup": group,
        "comment": "web",
    }
    assert get(api, group).json() == entry
    assert status(api, group) == "ACTIVE"
    assert api.send("DELETE", path(api, group)).status_code == 204
    assert listed(api) == []


CONNECTIONS = {
    "none": None,
    "other cloud": ("AZURE", "AVAILABLE", {}),
    "pending": ("AWS", "PENDING_ACCEPTANCE", {}),
    "failed": ("AWS", "FAILED", {}),
    "other region": ("AWS", "AVAILABLE", {"accepterRegionName": "eu-west-1"}),
    "same region": ("AWS", "AVAILABLE", {"accepterRegionName": "us-east-1"}),
}
ENOUGH = {
    "same_region": {"same region"},
    "available": {"same region", "other region"},
    "connection": {"same region", "other region", "pending", "failed"},
}


@pytest.mark.parametrize("need", ENOUGH)
@pytest.mark.parametrize("connection", CONNECTIONS)
def test_security_group_requires_connection(simulate, client, need, connection):
    atlas = simulate(security_groups_need=need)
    api = client(atlas)
    if CONNECTIONS[connection] is not None:
        cloud, state, attributes = CONNECTIONS[connection]
        atlas.add_peer(atlas.project_id, cloud, state, **attributes)
    answer = add(api, {"awsSecurityGroup": GROUP})
    if connection in ENOUGH[need]:
        assert answer.status_code == 201
    else:
        assert refusal(answer) == NEEDS_PEERING


def test_security_groups_are_removed_with_last_connection(atlas, api, permits_groups):
    other = atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE")
    add(api, {"awsSecurityGroup": GROUP}, {"cidrBlock": "10.1.0.0/16"})
    for peer, remaining in ((other, [GROUP, "10.1.0.0/16"]), (permits_groups, ["10.1.0.0/16"])):
        api.delete(peer)
        assert GROUP in listed(api)
        atlas.advance(1)
        assert listed(api) == remaining


# What is not known of Atlas


@pytest.mark.parametrize("code", [200, 201])
def test_create_status_setting(simulate, client, code):
    assert add(client(simulate(access_list_create_status=code)), {"cidrBlock": "10.1.0.0/16"}).status_code == code


@pytest.mark.parametrize(("reply", "shown"), [("all", ["10.1.0.0/16", "10.2.0.0/16"]), ("named", ["10.2.0.0/16"])])
def test_create_reply_setting(simulate, client, reply, shown):
    api = client(simulate(access_list_reply=reply))
    add(api, {"cidrBlock": "10.1.0.0/16"})
    assert values(add(api, {"cidrBlock": "10.2.0.0/16"}, {"cidrBlock": "10.2.0.0/16"})) == shown


@pytest.mark.parametrize(
    ("repeat", "after"), [("replace", (None, at(60))), ("merge", ("first", at(60))), ("ignore", ("first", None))]
)
def test_existing_entry_added_again_per_repeat_setting(simulate, client, repeat, after):
    api = client(simulate(access_list_repeat=repeat))
    add(api, {"ipAddress": "192.0.2.1", "comment": "first"})
    (entry,) = add(api, {"cidrBlock": "192.0.2.1/32", "deleteAfterDate": at(60)}).json()["results"]
    assert (entry.get("comment"), entry.get("deleteAfterDate")) == after


@pytest.mark.parametrize(("repeat", "kept"), [("replace", False), ("merge", True), ("ignore", True)])
def test_expiry_is_removed_by_adding_without_it_per_repeat_setting(simulate, client, repeat, kept):
    api = client(simulate(access_list_repeat=repeat))
    add(api, {"ipAddress": "192.0.2.1", "deleteAfterDate": at(60)})
    add(api, {"ipAddress": "192.0.2.1"})
    assert ("deleteAfterDate" in get(api, "192.0.2.1").json()) is kept


@pytest.mark.parametrize(("atomic", "remaining"), [(True, []), (False, ["10.1.0.0/16"])])
def test_one_invalid_entry_rejects_all_or_rest_per_atomic_setting(simulate, client, atomic, remaining):
    api = client(simulate(access_list_atomic=atomic))
    answer = add(api, {"cidrBlock": "10.1.0.0/16"}, {"cidrBlock": "bad"}, {"cidrBlock": "10.2.0.0/16"})
    assert refusal(answer) == (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION")
    assert listed(api) == remaining


@pytest.mark.parametrize(
    ("host_bits", "value"), [("normalize", "10.1.0.0/16"), ("keep", "10.1.2.3/16"), ("refuse", None)]
)
def test_cidr_block_with_host_bits_per_setting(simulate, client, host_bits, value):
    api = client(simulate(access_list_host_bits=host_bits))
    answer = add(api, {"cidrBlock": "10.1.2.3/16"})
    if value is None:
        assert refusal(answer) == (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION")
    else:
        assert values(answer) == [value]
        assert get(api, "10.1.2.3/16").json()["cidrBlock"] == value


@pytest.mark.parametrize("nulls", [True, False])
def test_unset_attributes_are_null_per_setting(simulate, client, nulls):
    (entry,) = add(client(simulate(access_list_nulls=nulls)), {"cidrBlock": "10.1.0.0/16"}).json()["results"]
    unset = {"awsSecurityGroup", "comment", "deleteAfterDate", "ipAddress"}
    assert unset & set(entry) == (unset if nulls else set())
    assert not any(entry[name] for name in unset & set(entry))


@pytest.mark.parametrize("lag", [0, 5])
def test_entry_is_listed_late_per_lag_setting(simulate, client, lag):
    atlas = simulate(access_list_lag_seconds=lag)
    api = client(atlas)
    assert values(add(api, {"cidrBlock": "10.1.0.0/16"})) == ["10.1.0.0/16"]
    assert listed(api) == ([] if lag else ["10.1.0.0/16"])
    assert get(api, "10.1.0.0/16").status_code == (404 if lag else 200)
    atlas.advance(lag)
    assert listed(api) == ["10.1.0.0/16"]


@pytest.mark.parametrize(
    "name", ["access_list_host_bits", "access_list_repeat", "access_list_reply", "security_groups_need"]
)
def test_unknown_choice_of_setting_fails(simulate, name):
    with pytest.raises(ValueError, match=f"{name} is one of"):
        simulate(**{name: "other"})


# Controls


def test_access_list_is_controlled_by_methods(atlas, api):
    assert atlas.add_access_list_entry("192.0.2.1", "office", lifetime=60) == "192.0.2.1/32"
    atlas.add_access_list_entry(GROUP, status="FAILED")  # dropped at once: no connection
    atlas.add_access_list_entry("10.1.0.0/16", status="FAILED")
    assert atlas.access_list() == [
        {
            "STATUS": "ACTIVE",
            "cidrBlock": "192.0.2.1/32",
            "comment": "office",
            "deleteAfterDate": at(60),
            "ipAddress": "192.0.2.1",
        },
        {"STATUS": "FAILED", "cidrBlock": "10.1.0.0/16"},
    ]
    with pytest.raises(ControlError, match="no access list entry"):
        atlas.fail_access_list_entry("10.9.0.0/16")
    for bad in ({"entry": "nonsense"}, {"entry": "10.1.0.0/16", "status": "READY"}):
        with pytest.raises(ValueError, match="no access list entry"):
            atlas.add_access_list_entry(**bad)


def test_access_list_is_controlled_by_endpoint(atlas, api):
    control = f"{atlas.url}/_simulator/access_list"
    assert api.session.post(control, json={"entry": "10.1.0.0/16"}, timeout=PATIENCE).json() == {"entry": "10.1.0.0/16"}
    assert api.session.post(f"{control}/fail", json={"entry": "10.1.0.0/16"}, timeout=PATIENCE).json() == {"done": True}
    expected = [{"STATUS": "FAILED", "cidrBlock": "10.1.0.0/16"}]
    assert api.session.get(control, timeout=PATIENCE).json() == {"entries": expected}
    assert api.session.post(control, json={"entry": "x"}, timeout=PATIENCE).status_code == 400
    assert api.session.post(f"{control}/fail", json={"entry": "x"}, timeout=PATIENCE).status_code == 404
