# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of the IP access list: their records, and which changes Atlas would refuse."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model import access_list
from ansible_collections.atlasops.network.plugins.module_utils.model.access_list import ACCESS_LIST_ENTRY
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import CREATE, NO_OP, UPDATE, Change
from support.samples import PROJECT

BLOCK, GROUP = {"cidr_block": "10.15.0.0/16"}, {"aws_security_group": "sg-0f1e2d3c4b5a69788"}
NOW = datetime(2026, 12, 24, 18, 0, 0, tzinfo=timezone.utc)
SECOND, WEEK = timedelta(seconds=1), timedelta(days=7)


def change(action: str = CREATE, **entry: Any) -> Change:
    desired = access_list.parse_entry(entry or BLOCK, PROJECT)
    return Change(action, desired, None, None, {})


def check(*changes: Change, existing: int = 0, limit: int = 2) -> list[str]:
    return list(access_list.check_entries(changes, [{}] * existing, limit, NOW))


@pytest.fixture(params=["UTC", "America/New_York"])
def _time_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_time_zone")
@pytest.mark.parametrize("written", ["2026-12-24T18:00:00Z", "2026-12-24T18:00:00", "2026-12-24T19:00:00+01:00"])
def test_dates_mean_the_same_wherever_the_task_runs(written: str) -> None:
    desired = access_list.parse_entry({**BLOCK, "delete_after_date": written}, PROJECT)
    assert desired.values["delete_after_date"] == "2026-12-24T18:00:00Z"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (timedelta(0), ["is not after 2026-12-24T18:00:00Z"]),
        (SECOND, []),
        (WEEK, []),
        (WEEK + SECOND, ["is more than a week away"]),
    ],
    ids=str,
)
@pytest.mark.parametrize("action", [CREATE, UPDATE])
def test_dates_are_at_most_a_week_away(seconds: timedelta, words: list[str], action: str) -> None:
    date = (NOW + seconds).strftime("%Y-%m-%dT%H:%M:%SZ")
    problems = check(change(action, **BLOCK, delete_after_date=date))
    assert [problem for problem, part in zip(problems, words) if part in problem] == problems
    assert len(problems) == len(words)
    assert check(change(NO_OP, **BLOCK, delete_after_date=date)) == []


@pytest.mark.parametrize(
    ("existing", "changes", "refused"),
    [(1, [CREATE], False), (1, [CREATE, CREATE], True), (2, [UPDATE], False), (3, [UPDATE, NO_OP], False)],
)
def test_limit_applies_to_new_entries(existing: int, changes: list[str], refused: bool) -> None:
    problems = check(*map(change, changes), existing=existing)
    assert [one for one in problems if "would have 3 entries, 2 of them new" in one] == problems
    assert bool(problems) is refused
    assert all("(state: absent)" in one for one in problems)


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ([], False),
        ([change()], False),
        ([change(), change(**GROUP)], True),
        ([change(UPDATE, **GROUP), change()], False),
    ],
)
def test_new_security_groups_need_a_connection(changes: list[Change], needed: bool) -> None:
    assert access_list.needs_connection(changes) is needed


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({"ip_address": "203.0.113.7"}, {"cidr_block": "203.0.113.7/32", "ip_address": "203.0.113.7"}),
        (BLOCK, {"cidr_block": "10.15.0.0/16", "ip_address": None}),
        (GROUP, {"cidr_block": None, "ip_address": None, **GROUP}),
    ],
)
def test_absent_entry_has_every_key_of_an_existing_one(given: dict[str, str], keys: dict[str, Any]) -> None:
    absent = access_list.parse_entry(given, PROJECT).absent
    existing = ACCESS_LIST_ENTRY.normalise({"cidrBlock": "10.1.0.0/16"}, PROJECT)
    assert absent == {**dict.fromkeys(existing), "project_id": PROJECT, **keys}


@pytest.mark.parametrize(
    ("answer", "entry_id"),
    [
        ({"cidrBlock": "10.1.0.0/16", "awsSecurityGroup": None}, "10.1.0.0/16"),
        ({"cidrBlock": None, "awsSecurityGroup": "sg-0f1e2d3c"}, "sg-0f1e2d3c"),
        ({"cidrBlock": 7}, None),
        ({}, None),
    ],
)
def test_id_is_block_or_group(answer: dict[str, Any], entry_id: str | None) -> None:
    assert ACCESS_LIST_ENTRY.id_of(answer) == entry_id


def test_host_bits_of_existing_blocks_have_no_meaning() -> None:
    record = ACCESS_LIST_ENTRY.normalise({"cidrBlock": "10.1.0.7/16"}, PROJECT)
    assert (record["id"], record["cidr_block"], record["ip_address"]) == ("10.1.0.7/16", "10.1.0.0/16", None)


@pytest.mark.parametrize(("given", "start"), [({}, "None of an address "), ({**BLOCK, **GROUP}, "Both of an address ")])
def test_entry_is_one_block_or_group(given: dict[str, str], start: str) -> None:
    with pytest.raises(InputError) as failure:
        access_list.parse_entry(given, PROJECT)
    assert failure.value.message.startswith(start)
