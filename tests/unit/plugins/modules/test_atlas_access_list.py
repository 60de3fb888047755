# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules atlas_access_list and atlas_access_list_info, without Ansible."""

from __future__ import annotations

import contextlib
import itertools
import time
from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import access_list
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    option_name_scope,
)
from ansible_collections.atlasops.network.plugins.modules import atlas_access_list, atlas_access_list_info
from simulator import Simulator
from simulator.settings import CHOICES, PROJECT_NAME
from support.clock import Clock
from support.engine import FailedTask, run_module

Task = Callable[..., dict[str, Any]]
BLOCK = {"cidr_block": "10.15.0.0/16", "comment": "VPC of the shop"}
ADDRESS = {"ip_address": "203.0.113.7", "comment": "Bastion host"}
GROUP = {"aws_security_group": "sg-0f1e2d3c4b5a69788"}
HOUR, WEEK = 3600.0, 7 * 24 * 3600.0


def date(seconds: float) -> str:
    """Return the date that is so many seconds away."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


@pytest.fixture
def settings() -> dict[str, Any]:
    """Return settings of the simulator; tests override them by parameters."""
    return {}


@pytest.fixture
def atlas(simulate: Callable[..., Simulator], settings: dict[str, Any]) -> Simulator:
    return simulate(clock=time.time, **settings)


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch, atlas: Simulator) -> list[float]:
    """Let the pauses pass at once, and Atlas' time with them."""
    clock = Clock()
    clock.on_sleep = lambda: atlas.advance(clock.pauses[-1])
    monkeypatch.setattr(access_list, "time", clock)
    return clock.pauses


@pytest.fixture
def task(module: Callable[..., Any], client: Client, atlas: Simulator) -> Task:
    """Return a function that runs atlas_access_list with entries and a task's options."""

    def run(*entries: dict[str, Any], check_mode: bool = False, **options: Any) -> dict[str, Any]:
        named = {} if "project_name" in options else {"project_id": atlas.project_id}
        fake = module(atlas_access_list.SPEC, check_mode, entries=list(entries), **{**named, **options})
        return run_module(atlas_access_list, fake.params, client, fake.check_mode)

    return run


@pytest.fixture
def info(module: Callable[..., Any], client: Client, atlas: Simulator) -> Task:
    def run(**options: Any) -> dict[str, Any]:
        fake = module(atlas_access_list_info.SPEC, **{"project_id": atlas.project_id, **options})
        return run_module(atlas_access_list_info, fake.params, client)

    return run


def ids(atlas: Simulator) -> list[str]:
    return [one.get("cidrBlock") or one["awsSecurityGroup"] for one in atlas.access_list()]


def methods(atlas: Simulator) -> list[str]:
    return [one.method for one in atlas.writes()]


def test_present_and_absent_are_idempotent(atlas: Simulator, task: Task) -> None:
    predicted = task(BLOCK, ADDRESS, check_mode=True)
    assert (predicted["changed"], atlas.access_list()) == (True, [])
    created = task(BLOCK, ADDRESS)
    assert created["changed"] is True
    assert predicted["access_list"] == [{**one, "status": None} for one in created["access_list"]]
    assert [one["action"] for one in created["access_list"]] == ["created", "created"]
    assert created["access_list"][1] == {
        "id": "203.0.113.7/32",
        "project_id": atlas.project_id,
        "cidr_block": "203.0.113.7/32",
        "ip_address": "203.0.113.7",
        "aws_security_group": None,
        "comment": "Bastion host",
        "delete_after_date": None,
        "status": "ACTIVE",
        "action": "created",
        "failure": None,
    }
    assert [one["before"] for one in created["diff"]] == [{}, {}]
    assert [one["after"]["id"] for one in created["diff"]] == ["10.15.0.0/16", "203.0.113.7/32"]
    again = task(BLOCK, ADDRESS)
    assert (again["changed"], again["diff"]) == (False, [])
    assert task(BLOCK, ADDRESS, check_mode=True)["changed"] is False
    assert methods(atlas) == ["POST"], "one request for all"

    deleted = task(BLOCK, {"ip_address": "203.0.113.7"}, state="absent")
    assert (deleted["changed"], [one["action"] for one in deleted["access_list"]]) == (True, ["deleted"] * 2)
    assert [one["id"] for one in deleted["access_list"]] == ["10.15.0.0/16", "203.0.113.7/32"]
    assert task(BLOCK, ADDRESS, state="absent")["changed"] is False
    assert (methods(atlas), atlas.access_list()) == (["POST", "DELETE", "DELETE"], [])


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ({"ip_address": "203.0.113.7"}, {"cidr_block": "203.0.113.7/32"}),
        ({"ip_address": "2001:DB8::7"}, {"cidr_block": "2001:db8:0::7/128"}),
        ({"ip_address": "203.0.113.7", "cidr_block": "203.0.113.7/32"}, {"ip_address": "203.0.113.7"}),
    ],
)
def test_ip_address_equals_single_address_cidr_block(task: Task, one: dict[str, str], same: dict[str, str]) -> None:
    assert task(one)["changed"] is True
    assert task(same)["changed"] is False
    assert task(same, state="absent")["changed"] is True
    assert task(one, state="absent")["changed"] is False


def test_project_name_and_empty_entries_are_accepted(atlas: Simulator, task: Task) -> None:
    assert task(BLOCK, project_name=PROJECT_NAME)["changed"] is True
    assert task()["access_list"] == []
    assert methods(atlas) == ["POST"]


ALL_CHOICES = [
    {"access_list_reply": reply, "access_list_repeat": repeat, "access_list_nulls": nulls, "access_list_atomic": atomic}
    for reply, repeat, nulls, atomic in itertools.product(
        CHOICES["access_list_reply"], ("replace", "merge"), (False, True), (False, True)
    )
] + [{"access_list_create_status": 200}, *({"access_list_host_bits": one} for one in CHOICES["access_list_host_bits"])]


@pytest.mark.parametrize("settings", ALL_CHOICES, ids=str)
def test_update_of_comment_keeps_delete_after_date(atlas: Simulator, task: Task) -> None:
    """Whatever Atlas does with an entry that is sent again, short of ignoring it."""
    until = date(HOUR)
    task({**BLOCK, "delete_after_date": until}, ADDRESS)
    updated = task({**BLOCK, "comment": "VPC"}, {"ip_address": "203.0.113.7"}, {"ip_address": "203.0.113.9"})
    assert [one["action"] for one in updated["access_list"]] == ["updated", "unchanged", "created"]
    assert updated["diff"][0]["before"]["comment"] == "VPC of the shop"
    assert updated["diff"][0]["after"]["comment"] == "VPC"
    (stored,) = [one for one in atlas.access_list() if one["cidrBlock"] == "10.15.0.0/16"]
    assert (stored["comment"], stored["deleteAfterDate"]) == ("VPC", until)
    assert methods(atlas) == ["POST", "POST"]
    later = task({**BLOCK, "comment": "VPC", "delete_after_date": date(2 * HOUR)})
    assert later["changed"] is True


@pytest.mark.parametrize("settings", [{"access_list_repeat": "ignore"}])
def test_ignored_update_fails(atlas: Simulator, task: Task) -> None:
    task(BLOCK)
    with pytest.raises(FailedTask, match="Atlas did not change comment of the IP access list entry") as failure:
        task({**BLOCK, "comment": "VPC"}, ADDRESS)
    result = failure.value.result
    assert [one["action"] for one in result["access_list"]] == ["failed", "created"]
    assert "state: absent" in result["msg"]
    with option_name_scope({"state": "S"}), pytest.raises(FailedTask, match=r"\(S: absent\)") as failure:
        task({**BLOCK, "comment": "VPC"}, ADDRESS)
    assert failure.value.result["changed"] is False
    assert atlas.access_list()[0]["comment"] == "VPC of the shop"


@pytest.mark.parametrize("zoned", ["{0}T{1}+00:00", "{0}t{1}z", "{0} {1}+00:00", "{0}T{1}", "{0}T{1}.000+00:00"])
def test_delete_after_date_in_other_time_zone_is_unchanged(task: Task, zoned: str) -> None:
    day, moment = date(HOUR).rstrip("Z").split("T")
    assert task({**BLOCK, "delete_after_date": f"{day}T{moment}Z"})["changed"] is True
    assert task({**BLOCK, "delete_after_date": zoned.format(day, moment)})["changed"] is False


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({}, "None of an address and aws_security_group is given. Set cidr_block, ip_address or"),
        ({**BLOCK, **GROUP}, "Both of an address and aws_security_group are given"),
        ({**BLOCK, **ADDRESS}, r"cidr_block 10\.15\.0\.0/16 is not ip_address 203\.0\.113\.7/32"),
        ({"cidr_block": "10.15.0.1/16"}, "has host bits set"),
        ({"cidr_block": "10.15.0.0"}, "its prefix length is missing"),
        ({"ip_address": "10.15.0.0/16"}, "must be an IP address like"),
        ({"ip_address": "203.0.113.256"}, "must be an IP address like"),
        ({"aws_security_group": "sg-x"}, "must be the ID of an AWS security group"),
        ({**GROUP, "delete_after_date": "2026-12-24T18:00:00Z"}, "delete_after_date cannot be used with aws_sec"),
        ({**BLOCK, "comment": "x" * 81}, "must be a text of at most 80 characters"),
        ({**BLOCK, "comment": False}, "put the name in quotes"),
        ({**BLOCK, "delete_after_date": "tomorrow"}, "must be a date and time of ISO 8601"),
        ({**BLOCK, "delete_after_date": "2026-12-24"}, "its time is missing"),
    ],
)
def test_malformed_entry_fails_before_any_request(
    atlas: Simulator, task: Task, entry: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=rf"^entries\[2\]: .*{words}"):
        task(ADDRESS, entry)
    assert atlas.exchanges == []


@pytest.mark.parametrize(
    ("entries", "options", "words"),
    [
        ([BLOCK, BLOCK], {}, r"entry cidr_block=10\.15\.0\.0/16 is declared 2 times"),
        ([ADDRESS, {"cidr_block": "203.0.113.7/32"}], {}, "is declared 2 times"),
        ([{**BLOCK, "delete_after_date": date(-HOUR)}], {}, "is not after"),
        ([{**BLOCK, "delete_after_date": date(WEEK + HOUR)}], {}, "is more than a week away"),
        ([BLOCK, ADDRESS], {"entry_limit": 1}, "would have 2 entries, 2 of them new; Atlas allows 1"),
        ([{"ip_address": f"10.0.0.{one}"} for one in range(201)], {}, "would have 201 entries"),
        ([GROUP], {}, "has no peering connection of AWS, which Atlas requires"),
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_entries_that_atlas_rejects_fail_before_any_write(
    atlas: Simulator, task: Task, entries: Any, options: dict[str, Any], words: str, check_mode: bool
) -> None:
    with pytest.raises(FailedTask, match=words):
        task(*entries, check_mode=check_mode, **options)
    assert atlas.writes() == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"purge": True, "state": "absent"}, "purge needs state: present"),
        ({"purge_limit": -1}, "purge_limit is -1"),
        ({"entry_limit": 0}, "entry_limit is 0"),
        ({"wait_timeout": -1}, "wait_timeout is -1"),
    ],
)
def test_invalid_options_fail_before_any_request(
    atlas: Simulator, task: Task, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        task(BLOCK, **options)
    assert atlas.exchanges == []


def test_argument_spec_rejects_invalid_options() -> None:
    assert ArgumentSpecValidator(atlas_access_list.SPEC).validate({"entries": [{"cidr": "10.0.0.0/8"}]}).error_messages


def test_purge_deletes_undeclared_entries(atlas: Simulator, task: Task) -> None:
    for one in ("10.1.0.0/16", "10.2.0.0/16"):
        atlas.add_access_list_entry(one)
    kept = task(BLOCK)
    assert (kept["purged"], len(ids(atlas))) == ([], 3)
    with pytest.raises(FailedTask, match=r"purge would delete 3 IP access list entries of .* purge_limit allows 1"):
        task(ADDRESS, purge=True, purge_limit=1)
    predicted = task(BLOCK, ADDRESS, purge=True, check_mode=True)
    assert len(ids(atlas)) == 3
    purged = task(BLOCK, ADDRESS, purge=True)
    assert [one["id"] for one in purged["purged"]] == ["10.1.0.0/16", "10.2.0.0/16"]
    assert [one["id"] for one in predicted["purged"]] == [one["id"] for one in purged["purged"]]
    assert methods(atlas) == ["POST", "POST", "DELETE", "DELETE"]
    assert (ids(atlas), task(BLOCK, ADDRESS, purge=True)["changed"]) == (["10.15.0.0/16", "203.0.113.7/32"], False)


@pytest.mark.parametrize("settings", [{"access_list_host_bits": "keep"}])
def test_existing_entry_with_host_bits_is_unchanged(atlas: Simulator, task: Task) -> None:
    """Atlas calls the entry as it was created; the block is the same."""
    atlas.add_access_list_entry("10.15.3.4/16", comment="VPC of the shop")
    assert task(BLOCK)["changed"] is False
    assert task(BLOCK, state="absent")["changed"] is True
    assert ids(atlas) == []


@pytest.mark.parametrize("settings", [{"access_list_seconds": 30, "access_list_lag_seconds": lag} for lag in (0, 10)])
def test_present_waits_until_entries_are_active(atlas: Simulator, task: Task, pauses: list[float]) -> None:
    assert [one["status"] for one in task(BLOCK, ADDRESS)["access_list"]] == ["ACTIVE", "ACTIVE"]
    assert 30 <= sum(pauses) < 40
    polls = [one for one in atlas.exchanges if one.path.endswith("/status")]
    assert len(polls) <= 2 * (len(pauses) + 1)


@pytest.mark.parametrize("settings", [{"access_list_seconds": 30}])
def test_wait_timeout_fails_if_entry_is_pending(atlas: Simulator, task: Task, pauses: list[float]) -> None:
    atlas.add_access_list_entry("10.1.0.0/16")
    with pytest.raises(FailedTask, match=r"is not in effect after 10 seconds \(PENDING\)") as failure:
        task(BLOCK, wait_timeout=10, purge=True)
    result = failure.value.result
    assert (result["changed"], result["access_list"][0]["status"]) == (True, "PENDING")
    assert "10.1.0.0/16" in ids(atlas), "nothing is purged before what is declared is in effect"
    assert (task(BLOCK)["changed"], methods(atlas)) == (False, ["POST"])
    assert task(BLOCK, wait=False)["access_list"][0]["status"] is None


@pytest.mark.parametrize("settings", [{"access_list_seconds": 30}])
def test_wait_false_does_not_wait(task: Task, pauses: list[float]) -> None:
    assert task(BLOCK, wait=False)["changed"] is True
    assert pauses == []


def test_entry_with_status_failed_fails(atlas: Simulator, task: Task) -> None:
    atlas.add_access_list_entry("10.15.0.0/16", comment="VPC of the shop", status="FAILED")
    with pytest.raises(FailedTask, match="Atlas failed to apply the IP access list entry cidr_block=") as failure:
        task(BLOCK, ADDRESS)
    entries = failure.value.result["access_list"]
    assert [(one["action"], one["status"]) for one in entries] == [("failed", "FAILED"), ("created", "ACTIVE")]
    (problem,) = failure.value.result["failure"]["problems"]
    assert problem["entry"] == "IP access list entry cidr_block=10.15.0.0/16"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 403, "body": {"errorCode": "FORBIDDEN"}}, "Could not get the status of the IP access list entry"),
        ({"status": 200, "body": {"STATUS": 7}}, "no status in it"),
        ({"status": 200, "body": {}}, "no status in it"),
    ],
)
def test_status_that_cannot_be_read_fails_for_its_entry(
    atlas: Simulator, task: Task, fault: dict[str, Any], words: str
) -> None:
    atlas.fault("GET", "10.15.0.0%2F16/status", **fault)
    with pytest.raises(FailedTask, match=words) as failure:
        task(BLOCK, ADDRESS)
    result = failure.value.result
    assert [one["action"] for one in result["access_list"]] == ["failed", "created"]
    assert result["changed"] is True
    assert task(BLOCK, ADDRESS)["changed"] is False


@pytest.mark.parametrize("settings", [{"access_list_lag_seconds": 30}])
def test_wait_timeout_names_entries_that_are_not_listed(task: Task, pauses: list[float]) -> None:
    with pytest.raises(FailedTask, match=r"after 10 seconds \(not listed yet\).*or raise wait_timeout\.") as failure:
        task(BLOCK, wait_timeout=10)
    assert failure.value.result["access_list"][0]["action"] == "failed"
    assert sum(pauses) == 10


def test_limit_counts_existing_entries(atlas: Simulator, task: Task) -> None:
    task(BLOCK)
    with pytest.raises(FailedTask, match="would have 2 entries, 1 of them new; Atlas allows 1"):
        task(BLOCK, ADDRESS, entry_limit=1)
    assert task(BLOCK, entry_limit=1)["changed"] is False
    assert methods(atlas) == ["POST"]


def test_lost_delete_that_did_not_take_effect_fails(atlas: Simulator, task: Task) -> None:
    task(BLOCK, ADDRESS)
    atlas.fault("DELETE", "accessList", drop=True)
    with pytest.raises(FailedTask) as failure:
        task(BLOCK, state="absent")
    assert failure.value.result["failure"]["problems"][0]["failure"]["outcome_unknown"] is True
    assert len(ids(atlas)) == 2


@pytest.mark.parametrize("settings", [{"access_list_seconds": 30}])
@pytest.mark.parametrize(("timeout", "states"), [(60, ["ACTIVE", "ACTIVE"]), (10, ["ACTIVE", "PENDING"])])
def test_wait_lasts_until_every_entry_is_active(
    atlas: Simulator, task: Task, timeout: int, states: list[str], pauses: list[float]
) -> None:
    task(BLOCK)
    before = len(pauses)
    with contextlib.nullcontext() if timeout == 60 else pytest.raises(FailedTask) as failure:
        result = task(BLOCK, ADDRESS, wait_timeout=timeout)
    result = result if timeout == 60 else failure.value.result
    assert [one["status"] for one in result["access_list"]] == states
    assert [one["action"] for one in result["access_list"]] == ["unchanged", "created" if timeout == 60 else "failed"]
    assert len(pauses) > before


@pytest.mark.parametrize(
    ("entries", "what"),
    [([BLOCK], "the IP access list entry cidr_block=10.15.0.0/16"), ([BLOCK, ADDRESS], "2 IP access list entries")],
)
def test_rejected_request_names_its_entries(atlas: Simulator, task: Task, entries: list[Any], what: str) -> None:
    atlas.fault("POST", "accessList", status=403, body={"errorCode": "FORBIDDEN"})
    with pytest.raises(FailedTask, match=f"Could not create or update {what} in project {atlas.project_id}"):
        task(*entries)


def test_rejected_update_is_reported_as_rejected(atlas: Simulator, task: Task) -> None:
    task(BLOCK)
    atlas.fault("POST", "accessList", status=403, body={"errorCode": "FORBIDDEN"})
    with pytest.raises(FailedTask, match="Could not create or update the IP access list entry"):
        task({**BLOCK, "comment": "VPC"})


def test_hints_name_the_option_that_deletes(atlas: Simulator, task: Task) -> None:
    atlas.add_access_list_entry("10.15.0.0/16", comment="VPC of the shop", status="FAILED")
    with option_name_scope({"state": "S"}), pytest.raises(FailedTask, match=r"Delete it \(S: absent\)"):
        task(BLOCK)


@pytest.mark.parametrize("settings", [{"security_groups_need": one} for one in CHOICES["security_groups_need"]])
def test_security_group_requires_connection(atlas: Simulator, task: Task, settings: dict[str, str]) -> None:
    """Only Atlas judges whether a connection that exists suffices; that there is none is known before."""
    atlas.add_peer(atlas.project_id, "AWS", status="PENDING_ACCEPTANCE")
    if settings["security_groups_need"] != "connection":
        with pytest.raises(FailedTask, match="Wait until a peering connection of AWS is available"):
            task(GROUP, BLOCK)
        assert ids(atlas) == []
        atlas.add_peer(atlas.project_id, "AWS", status="AVAILABLE")
    created = task(GROUP, BLOCK)
    assert created["access_list"][0]["id"] == GROUP["aws_security_group"]
    assert task(GROUP, BLOCK)["changed"] is False
    assert task(GROUP, state="absent")["changed"] is True


@pytest.mark.parametrize("settings", [{"access_list_atomic": atomic} for atomic in (True, False)])
def test_entries_added_before_rejection_are_changed(atlas: Simulator, task: Task, settings: dict[str, bool]) -> None:
    atlas.add_peer(atlas.project_id, "AWS", status="PENDING_ACCEPTANCE")
    with pytest.raises(FailedTask) as failure:
        task(BLOCK, GROUP)
    result, atomic = failure.value.result, settings["access_list_atomic"]
    assert [one["action"] for one in result["access_list"]] == ["failed" if atomic else "created", "failed"]
    assert (result["changed"], len(ids(atlas))) == (not atomic, 0 if atomic else 1)


@pytest.fixture(params=["before", "after"])
def lost(request: pytest.FixtureRequest, atlas: Simulator) -> bool:
    """Lose the answer to the next POST; return whether it took effect."""
    applied = request.param == "after"
    atlas.fault("POST", "accessList", drop=True, applied=applied)
    return applied


def test_lost_create_is_adopted_or_fails(atlas: Simulator, task: Task, lost: bool) -> None:
    if lost:
        assert [one["action"] for one in task(BLOCK, ADDRESS)["access_list"]] == ["created", "created"]
    else:
        with pytest.raises(FailedTask) as failure:
            task(BLOCK, ADDRESS)
        assert failure.value.result["changed"] is True
        assert failure.value.result["failure"]["problems"][0]["failure"]["outcome_unknown"] is True
    assert methods(atlas) == ["POST"], "never repeated"
    assert len([one for one in atlas.exchanges if one.path.endswith("/accessList")]) == 3, "read before and after"
    assert task(BLOCK, ADDRESS)["changed"] is not lost


def test_lost_delete_that_took_effect_is_changed(atlas: Simulator, task: Task) -> None:
    task(BLOCK, ADDRESS)
    atlas.fault("DELETE", "accessList", drop=True, applied=True)
    assert task(BLOCK, state="absent")["changed"] is True
    assert ids(atlas) == ["203.0.113.7/32"]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"results": []},
        {"results": [{"comment": "x"}]},
        {"results": [{"id": "0" * 24}]},
        {"results": [{"cidrBlock": "10.15.0.0/16", "comment": 1}]},
    ],
)
def test_unreadable_response_fails(atlas: Simulator, task: Task, answer: dict[str, Any]) -> None:
    atlas.fault("POST", "accessList", status=200, body=answer)
    with pytest.raises(FailedTask) as failure:
        task(BLOCK)
    assert failure.value.result["changed"] is True
    assert failure.value.result["failure"]["problems"][0]["failure"]["outcome_unknown"] is True
    atlas.fault("GET", "accessList", status=200, body=answer if answer != {"results": []} else {})
    with pytest.raises(AtlasError, match="is not the JSON that Atlas sends"):
        task(BLOCK)


def test_more_entries_than_one_page_are_added(atlas: Simulator, task: Task) -> None:
    entries = [{"ip_address": f"10.0.0.{number}"} for number in range(150)]
    assert task(*entries, wait=False)["changed"] is True
    assert task(*entries, {"ip_address": "10.0.1.1"}, wait=False)["access_list"][150]["action"] == "created"
    assert len(ids(atlas)) == 151


def test_info_returns_entries_and_status(atlas: Simulator, task: Task, info: Task) -> None:
    assert info() == {"changed": False, "access_list": []}
    created = task(BLOCK, ADDRESS)["access_list"]
    listed = info(read_status=True)["access_list"]
    assert listed == [{k: v for k, v in one.items() if k not in ("action", "failure")} for one in created]
    assert [one["status"] for one in info()["access_list"]] == [None, None]
    other = atlas.add_project("other")
    atlas.add_access_list_entry("10.1.0.0/16", project_id=other)
    both = info(project_ids=[atlas.project_id, other])["access_list"]
    assert [one["project_id"] for one in both] == [atlas.project_id] * 2 + [other]


def test_unknown_project_fails(task: Task, info: Task) -> None:
    with pytest.raises(AtlasError, match="GROUP_NOT_FOUND"):
        task(BLOCK, project_id="0" * 24)
    with pytest.raises(
        AtlasError, match=r"^Could not list the IP access list entries of project 0+: .*GROUP_NOT_FOUND"
    ):
        info(project_id="0" * 24)
