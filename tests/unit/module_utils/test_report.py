# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report: what is declared against what is there, without any I/O."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.network import Declared, declare_peering
from ansible_collections.atlasops.network.plugins.module_utils.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.report import compare
from ansible_collections.atlasops.network.tests.unit.module_utils import samples
from ansible_collections.atlasops.network.tests.unit.module_utils.samples import (
    NAMES,
    OPTIONS,
    OTHER_PROJECT,
    OTHER_VALUES,
    PROJECT,
    by_region,
    container_record,
    record,
)

MADE = datetime(2026, 11, 20, 9, 30, tzinfo=timezone.utc)
NOW = MADE + timedelta(days=2)
EVERY_CLOUD = pytest.mark.parametrize("name", NAMES)


def made(moment: datetime, number: int = 0) -> str:
    """Return an id that Atlas would give out at this moment."""
    return f"{int(moment.timestamp()):08x}{number:016x}"


ID = made(MADE)


def declared(name: str, **changes: Any) -> Declared:
    return declare_peering({**OPTIONS[name], **changes}, PROJECT, True)


def compared(
    declarations: Sequence[Declared] = (),
    found: Sequence[Record] = (),
    containers: Sequence[Record] = (),
    now: datetime = NOW,
) -> dict[str, Any]:
    return compare(declarations, found, containers, now)


def states(report: dict[str, Any], of: str = "connections") -> list[str]:
    return [entry["state"] for entry in report[of]]


# States

PHASES = {(name, status): phase for name in NAMES for status, phase in CLOUDS[name].phases.items()}


@pytest.mark.parametrize(("name", "status"), PHASES)
def test_what_is_as_declared_is_in_its_phase(name: str, status: str) -> None:
    found = record(name, status, id=ID)
    report = compared([declared(name)], [found])
    phase = PHASES[name, status]
    (entry,) = report["connections"]
    assert (entry["state"], entry["differences"], entry["peering"]) == (phase, [], found)
    assert (entry["next_action"], entry["network"]) == (found["next_action"], found["network"])
    assert (entry["project_id"], entry["provider_name"]) == (PROJECT, name)
    assert (report["counts"], report["drift"]) == ({phase: 1}, phase != "available")


@EVERY_CLOUD
def test_what_is_not_there_is_missing(name: str) -> None:
    others = [record(name, id=ID, project_id=OTHER_PROJECT)]
    report = compared([declared(name)], others)
    entry = report["connections"][0]
    assert states(report) == ["missing", "undeclared"]
    assert (entry["peering"], entry["next_action"], entry["created_at"]) == (None, None, None)
    assert (entry["project_id"], entry["network"]) == (PROJECT, record(name)["network"])
    assert (report["counts"], report["drift"]) == ({"missing": 1, "undeclared": 1}, True)


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (n, f.option)
        for n in NAMES
        for f in CLOUDS[n].peering.fields
        if not f.identity and f.option not in PEERING.narrows
    ],
)
@pytest.mark.parametrize("status", ["AVAILABLE", "FAILED"])
def test_what_differs_is_named(name: str, option: str, status: str) -> None:
    report = compared([declared(name)], [record(name, status, id=ID, **{option: OTHER_VALUES[option]})])
    (entry,) = report["connections"]
    difference = {"field": option, "declared": OPTIONS[name][option], "found": OTHER_VALUES[option]}
    state = "failed" if status == "FAILED" else "different"
    assert (entry["state"], entry["differences"], report["drift"]) == (state, [difference], True)


def test_all_differences_are_named() -> None:
    other = {option: OTHER_VALUES[option] for option in ("accepter_region_name", "route_table_cidr_block")}
    (entry,) = compared([declared("AWS")], [record("AWS", id=ID, **other)])["connections"]
    assert [one["field"] for one in entry["differences"]] == list(other)


def test_spellings_are_no_difference() -> None:
    spelled = declared("AWS", accepter_region_name="US_EAST_1", route_table_cidr_block="10.15.0.0/255.255.0.0")
    found = [record("AWS", id=ID, accepter_region_name=None)]
    azure = record("AZURE", id=made(MADE, 1), vnet_name="APP-VNET", resource_group_name="APP-PRODUCTION")
    report = compared([spelled, declared("AZURE")], [*found, azure])
    assert (states(report), report["drift"]) == (["available", "available"], False)


@EVERY_CLOUD
def test_what_nobody_declared(name: str) -> None:
    found = record(name, "FAILED", "Why?", id=ID)
    (entry,) = compared([], [found])["connections"]
    assert (entry["state"], entry["differences"], entry["peering"]) == ("undeclared", [], found)
    assert (entry["next_action"], entry["project_id"]) == (found["next_action"], PROJECT)


def test_nothing_at_all() -> None:
    assert compared() == {"connections": [], "containers": [], "counts": {}, "drift": False}


def test_declared_ones_come_first_in_their_order() -> None:
    found = [record("GCP", id=made(MADE, 1)), record("AWS", id=made(MADE, 2), vpc_id="vpc-00000001")]
    report = compared([declared("AWS"), declared("GCP")], found)
    assert states(report) == ["missing", "available", "undeclared"]
    assert report["counts"] == {"missing": 1, "available": 1, "undeclared": 1}


def test_a_connection_by_its_id() -> None:
    wanted = declare_peering({"provider_name": "AWS", "peer_id": ID}, PROJECT, True)
    assert states(compared([wanted], [record("AWS", id=ID)])) == ["available"]
    (entry,) = compared([wanted], [])["connections"]
    assert (entry["state"], entry["network"]) == ("missing", None)


def test_one_that_is_replaced_just_now() -> None:
    found = [record("AWS", "TERMINATING", id=ID), record("AWS", "INITIATING", id=made(NOW))]
    report = compared([declared("AWS")], found)
    assert report["connections"][0]["peering"]["id"] == made(NOW)
    assert states(report)[0] == "pending"


# Times


@EVERY_CLOUD
def test_when_it_was_made(name: str) -> None:
    (entry,) = compared([declared(name)], [record(name, id=ID)])["connections"]
    assert (entry["created_at"], entry["expires_at"]) == ("2026-11-20T09:30:00+00:00", None)
    assert entry["expires_in_hours"] is None


@pytest.mark.parametrize(
    ("passed", "hours"),
    [
        (timedelta(0), 168.0),
        (timedelta(days=2), 120.0),
        (timedelta(days=2, minutes=33), 119.5),
        (timedelta(days=2, minutes=2), 120.0),
        (timedelta(days=7), 0.0),
        (timedelta(days=8), -24.0),
    ],
)
def test_when_a_request_of_aws_expires(passed: timedelta, hours: float) -> None:
    waiting = record("AWS", "PENDING_ACCEPTANCE", id=ID)
    for declarations in ([declared("AWS")], []):
        (entry,) = compared(declarations, [waiting], now=MADE + passed)["connections"]
        assert (entry["expires_at"], entry["expires_in_hours"]) == ("2026-11-27T09:30:00+00:00", hours)


@pytest.mark.parametrize(
    ("name", "status"),
    [("AWS", "INITIATING"), ("AWS", "AVAILABLE"), ("AWS", "FAILED"), ("GCP", "WAITING_FOR_USER"), ("AZURE", "FAILED")],
)
def test_what_does_not_expire(name: str, status: str) -> None:
    (entry,) = compared([declared(name)], [record(name, status, id=ID)])["connections"]
    assert (entry["expires_at"], entry["expires_in_hours"]) == (None, None)


# Containers


@EVERY_CLOUD
def test_containers_by_region(name: str) -> None:
    wanted = [declare_peering(by_region(name), PROJECT, True)]
    room = container_record(name)
    report = compared(wanted, [], [room])
    block = samples.CONTAINERS[name]["atlas_cidr_block"]
    assert report["containers"] == [{**room, "state": "available", "declared_cidr_block": block}]


@EVERY_CLOUD
def test_a_container_without_a_declared_block(name: str) -> None:
    wanted = [declare_peering(by_region(name, atlas_cidr_block=None), PROJECT, True)]
    report = compared(wanted, [], [container_record(name)])
    assert [(room["state"], room["declared_cidr_block"]) for room in report["containers"]] == [("available", None)]


@EVERY_CLOUD
def test_a_container_with_another_block(name: str) -> None:
    wanted = [declare_peering(by_region(name), PROJECT, True)]
    room = container_record(name, atlas_cidr_block="172.16.0.0/21")
    connection = record(name, id=ID)
    report = compared(wanted, [connection], [room])
    assert (states(report, "containers"), states(report), report["drift"]) == (["different"], ["available"], True)
    assert report["containers"][0]["atlas_cidr_block"] == "172.16.0.0/21"


@EVERY_CLOUD
def test_a_container_that_is_missing(name: str) -> None:
    wanted = [declare_peering(by_region(name), PROJECT, True)]
    elsewhere = container_record(name, OTHER_PROJECT)
    report = compared(wanted, [], [elsewhere])
    assert states(report, "containers") == ["missing", "undeclared"]
    missing = report["containers"][0]
    assert (missing["id"], missing["atlas_cidr_block"], missing["project_id"]) == (None, None, PROJECT)
    assert missing["declared_cidr_block"] == samples.CONTAINERS[name]["atlas_cidr_block"]
    assert report["drift"] is True


@EVERY_CLOUD
def test_a_container_that_nobody_declared_is_no_drift(name: str) -> None:
    room, other = container_record(name), container_record(name, id="0" * 24)
    report = compared([declared(name)], [record(name, id=ID)], [room, other])
    by_id = {**room, "state": "available", "declared_cidr_block": None}
    assert report["containers"] == [by_id, {**other, "state": "undeclared", "declared_cidr_block": None}]
    assert report["drift"] is False


def test_a_connection_in_another_container_than_that_of_the_region() -> None:
    wanted = [declare_peering(by_region("AWS"), PROJECT, True)]
    found = record("AWS", id=ID, container_id=OTHER_VALUES["container_id"])
    report = compared(wanted, [found], [container_record("AWS")])
    assert states(report) == ["missing", "undeclared"]


def test_a_connection_whose_declared_container_is_missing() -> None:
    wanted = [declare_peering(by_region("AWS"), PROJECT, True)]
    report = compared(wanted, [record("AWS", id=ID)])
    assert (states(report), states(report, "containers")) == (["missing", "undeclared"], ["missing"])


def test_a_container_that_several_connections_name_is_one_entry() -> None:
    wanted = [
        declare_peering(by_region("AWS", container_region=region, vpc_id=vpc_id), PROJECT, True)
        for region, vpc_id in (("EU_WEST_1", "vpc-0000000a"), ("eu-west-1", "vpc-0000000b"))
    ]
    assert states(compared(wanted, [], [container_record("AWS")]), "containers") == ["available"]
    assert states(compared(wanted), "containers") == ["missing"]


def test_one_of_several_may_give_the_block() -> None:
    vpcs = ("vpc-0000000a", "vpc-0000000b")
    entries = [by_region("AWS", vpc_id=vpcs[0]), by_region("AWS", vpc_id=vpcs[1], atlas_cidr_block=None)]
    wanted = [declare_peering(entry, PROJECT, True) for entry in entries]
    for declarations in (wanted, wanted[::-1]):
        report = compared(declarations, [], [container_record("AWS", atlas_cidr_block="172.16.0.0/21")])
        assert states(report, "containers") == ["different"]


def test_duplicates_are_reported() -> None:
    found = [record("AWS", id=made(MADE, number)) for number in (1, 2)]
    report = compared([declared("AWS")], found)
    assert {one["id"] for one in found} == {entry["peering"]["id"] for entry in report["connections"]}


# Pure


def _scene() -> tuple[list[Declared], list[Record], list[Record]]:
    """Return something of everything: each cloud, each state."""
    declarations = [
        declared("AWS"),
        declared("AZURE"),
        declare_peering(by_region("GCP"), PROJECT, True),
        declared("AWS", vpc_id="vpc-0000000a"),
        declare_peering(by_region("AWS", vpc_id="vpc-0000000b"), PROJECT, True),
    ]
    found = [
        record("AWS", "PENDING_ACCEPTANCE", id=made(MADE, 1)),
        record("AZURE", id=made(MADE, 2), resource_group_name="other"),
        record("AWS", "FAILED", "EXPIRED", id=made(MADE, 3), vpc_id="vpc-0000000c"),
        record("AWS", id=made(MADE, 4), project_id=OTHER_PROJECT),
        record("GCP", "DELETING", id=made(MADE, 5)),
    ]
    rooms = [container_record(name, id=made(MADE, 6 + number)) for number, name in enumerate(NAMES)]
    return declarations, found, rooms


def _by_key(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report in which order does not show."""
    connections = sorted(report["connections"], key=lambda entry: (entry["state"], str(entry["network"]), str(entry)))
    return {**report, "connections": connections, "containers": sorted(report["containers"], key=str)}


@given(dice=st.randoms())
def test_the_order_does_not_matter(dice: Any) -> None:
    declarations, found, rooms = _scene()
    shuffled = [dice.sample(part, len(part)) for part in (declarations, found, rooms)]
    assert _by_key(compared(*shuffled)) == _by_key(compared(declarations, found, rooms))


def test_nothing_is_changed_by_looking() -> None:
    scene = _scene()
    before = copy.deepcopy(scene[1:])
    first = compared(*scene)
    assert scene[1:] == before
    assert compared(*scene) == first
