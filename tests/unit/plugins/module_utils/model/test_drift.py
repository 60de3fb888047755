# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report: what is declared against what is there, without any I/O."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine.containers import ContainerResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.drift_report import as_result
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import ProjectRead
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    PartialError,
    option_name_scope,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import DesiredPeering, parse_connection
from ansible_collections.atlasops.network.plugins.module_utils.model.drift import Comparison, compare, unread
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from support import samples
from support.samples import (
    NAMES,
    OPTIONS,
    OTHER_PROJECT,
    OTHER_VALUES,
    PROJECT,
    by_region,
    container_record,
    parse_desired,
    record,
)

MADE = datetime(2026, 11, 20, 9, 30, tzinfo=timezone.utc)
NOW = MADE + timedelta(days=2)
EVERY_CLOUD = pytest.mark.parametrize("name", NAMES)


def made(moment: datetime, number: int = 0) -> str:
    """Return an id that Atlas would give out at this moment."""
    return f"{int(moment.timestamp()):08x}{number:016x}"


ID = made(MADE)


def declared(name: str, **changes: Any) -> DesiredPeering:
    return parse_connection({**OPTIONS[name], **changes}, PROJECT, True)


def compared(
    declarations: Sequence[DesiredPeering] = (),
    found: Sequence[Record] = (),
    containers: Sequence[Record] = (),
    now: datetime = NOW,
) -> dict[str, Any]:
    """Return the report over projects that have all been read."""
    result: dict[str, Any] = outcome(declarations, found, containers, now)
    assert result["changed"] is False
    return dict(result["report"])


def outcome(
    declarations: Sequence[DesiredPeering],
    found: Sequence[Record] = (),
    containers: Sequence[Record] = (),
    now: datetime = NOW,
    unreadable: Mapping[str, AtlasError] | None = None,
) -> dict[str, Any]:
    """Return the result of the task; `unreadable` says which projects cannot be read, and why."""
    named = [*(one.peering.project_id for one in declarations), *(one["project_id"] for one in (*found, *containers))]
    projects = []
    for project_id in dict.fromkeys(named):
        members = [number for number, one in enumerate(declarations) if one.peering.project_id == project_id]
        project: ProjectRead[Comparison] = ProjectRead(
            project_id, f"shop {project_id}", members, error=(unreadable or {}).get(project_id)
        )
        if not project.error:
            here = [[one for one in records if one["project_id"] == project_id] for records in (found, containers)]
            project.content = compare(placed([declarations[number] for number in members], here[1]), *here, now)
        projects.append(project)
    return as_result(declarations, projects, now)


def placed(declarations: Sequence[DesiredPeering], containers: Sequence[Record]) -> list[DesiredPeering]:
    """Return declared connections with the containers that they name by region, without asking anybody."""
    desired = [one.container for one in declarations if one.container]
    places = ContainerResolver(cast(ContainerApi, None), desired, present=False, existing=containers)
    return [replace(one, peering=places.bind(one.peering, one.container)) for one in declarations]


def states(report: dict[str, Any], of: str = "connections") -> list[str]:
    return [entry["state"] for entry in report[of]]


# States

PHASES = {(name, status): phase for name in NAMES for status, phase in CLOUDS[name].phases.items()}


@pytest.mark.parametrize(("name", "status"), PHASES)
def test_equal_connection_reports_its_phase(name: str, status: str) -> None:
    found = record(name, status, id=ID)
    report = compared([declared(name)], [found])
    phase = PHASES[name, status]
    (entry,) = report["connections"]
    assert (entry["state"], entry["differences"], entry["peering"]) == (phase, [], found)
    assert (entry["next_action"], entry["peer_network"]) == (found["next_action"], found["peer_network"])
    assert (entry["project_id"], entry["project_name"]) == (PROJECT, f"shop {PROJECT}")
    assert (entry["provider_name"], entry["usable"]) == (name, None)
    assert (report["counts"], report["drift"]) == ({phase: 1}, phase != "available")


@EVERY_CLOUD
def test_missing_connection_is_reported_missing(name: str) -> None:
    others = [record(name, id=ID, project_id=OTHER_PROJECT)]
    report = compared([declared(name)], others)
    entry = report["connections"][0]
    assert states(report) == ["missing", "undeclared"]
    assert set(entry) == set(report["connections"][1])
    assert (entry["peering"], entry["created_at"]) == (None, None)
    assert entry["next_action"].startswith("Create it with atlas_peering_set or the playbook atlasops.network.peer")
    assert (entry["container_id"], entry["container_region"]) == (OPTIONS[name]["container_id"], None)
    assert (entry["project_id"], entry["peer_network"]) == (PROJECT, record(name)["peer_network"])
    assert (report["counts"], report["drift"]) == ({"missing": 1, "undeclared": 1}, True)


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (n, f.option)
        for n in NAMES
        for f in CLOUDS[n].peering.fields
        if not f.identity and f.option not in PEERING.optional_identity
    ],
)
@pytest.mark.parametrize("status", ["AVAILABLE", "FAILED"])
def test_different_option_is_reported(name: str, option: str, status: str) -> None:
    report = compared([declared(name)], [record(name, status, id=ID, **{option: OTHER_VALUES[option]})])
    (entry,) = report["connections"]
    difference = {"field": option, "declared": OPTIONS[name][option], "found": OTHER_VALUES[option]}
    state = "failed" if status == "FAILED" else "different"
    assert (entry["state"], entry["differences"], report["drift"]) == (state, [difference], True)


def test_all_differences_are_reported_with_next_action() -> None:
    other = {option: OTHER_VALUES[option] for option in ("accepter_region_name", "route_table_cidr_block")}
    (entry,) = compared([declared("AWS")], [record("AWS", id=ID, **other)])["connections"]
    assert [one["field"] for one in entry["differences"]] == list(other)
    assert entry["next_action"].endswith("Atlas cannot change accepter_region_name in place.")
    with option_name_scope({"recreate_on": "atlas_peering_recreate_on"}):
        (entry,) = compared([declared("AWS")], [record("AWS", id=ID, **other)])["connections"]
    assert "(atlas_peering_recreate_on: [changed])" in entry["next_action"]
    waiting = record("AWS", "PENDING_ACCEPTANCE", id=ID, **other)
    (entry,) = compared([declared("AWS")], [waiting])["connections"]
    assert (entry["state"], entry["next_action"]) == ("different", waiting["next_action"])
    del other["accepter_region_name"]
    (entry,) = compared([declared("AWS")], [record("AWS", id=ID, **other)])["connections"]
    assert entry["next_action"].startswith("Change it with atlas_peering_set or")


@EVERY_CLOUD
def test_same_network_in_other_container_is_missing_and_undeclared(name: str) -> None:
    other = record(name, id=ID, container_id=OTHER_VALUES["container_id"])
    report = compared([declared(name)], [other])
    assert states(report) == ["missing", "undeclared"]
    here, there = (entry["name"] for entry in report["connections"])
    assert here == f"{other['peer_network']} in container {OPTIONS[name]['container_id']}"
    region = other.get("container_region") or f"container {other['container_id']}"
    assert there == f"{other['peer_network']} in {region}"


def test_names_include_region_only_if_ambiguous() -> None:
    """Of one network in two regions, and of another one in one of them."""
    rooms = [container_record("AWS", id=made(MADE, number), region=f"US_EAST_{one}") for number, one in enumerate("12")]
    homes = [("vpc-0000000a", "US_EAST_1"), ("vpc-0000000a", "US_EAST_2"), ("vpc-0000000b", "US_EAST_1")]
    desired = [
        parse_connection(by_region("AWS", vpc_id=vpc, container_region=region, atlas_cidr_block=None), PROJECT, True)
        for vpc, region in homes
    ]
    found = record("AWS", id=ID, vpc_id="vpc-0000000a", container_id=rooms[1]["id"])
    found["container_region"] = rooms[1]["region"]
    for declarations in (desired, desired[::2]):
        entries = compared(declarations, [found], rooms)["connections"]
        assert {(one["state"], one["name"], one["container_id"]) for one in entries} == {
            ("missing", "123456789012/vpc-0000000a in US_EAST_1", rooms[0]["id"]),
            (
                "available" if declarations is desired else "undeclared",
                "123456789012/vpc-0000000a in US_EAST_2",
                rooms[1]["id"],
            ),
            ("missing", "123456789012/vpc-0000000b", rooms[0]["id"]),
        }
        assert {one["container_region"] for one in entries} == {"US_EAST_1", "US_EAST_2"}


def test_only_container_of_project_is_filled_in() -> None:
    desired = [declared("GCP", container_id=None)]
    room = container_record("GCP")
    for found in ([], [record("GCP", id=ID)]):
        report = compared(desired, found, [container_record("AWS", id=OTHER_VALUES["container_id"]), room])
        assert [entry["container_id"] for entry in report["connections"]] == [room["id"]]
        assert states(report, "containers") == ["undeclared", "available"]


def test_other_spelling_is_no_difference() -> None:
    spelled = declared("AWS", accepter_region_name="US_EAST_1", route_table_cidr_block="10.15.0.0/255.255.0.0")
    found = [record("AWS", id=ID, accepter_region_name=None)]
    azure = record("AZURE", id=made(MADE, 1), vnet_name="APP-VNET", resource_group_name="APP-PRODUCTION")
    report = compared([spelled, declared("AZURE")], [*found, azure])
    assert (states(report), report["drift"]) == (["available", "available"], False)


@pytest.mark.parametrize(("name", "status"), PHASES)
def test_undeclared_connection_is_reported_without_next_action(name: str, status: str) -> None:
    """Whatever it waits for, nobody is told to help it on before it is declared."""
    found = record(name, status, id=ID)
    (entry,) = compared([], [found])["connections"]
    assert (entry["state"], entry["differences"], entry["peering"]) == ("undeclared", [], found)
    going = PHASES[name, status] == "deleting"
    either = f"Declare it, or delete it with atlas_peering (state: absent, peer_id: {ID})."
    assert (entry["next_action"], entry["next_command"]) == (None if going else either, None)
    assert (entry["project_id"], entry["project_name"]) == (PROJECT, f"shop {PROJECT}")


def test_empty_report_has_no_drift() -> None:
    nothing: dict[str, Any] = {"connections": [], "containers": [], "projects": [], "problems": [], "counts": {}}
    assert compared() == {**nothing, "drift": False, "usable": None}


def test_declared_connections_come_first_in_order() -> None:
    found = [record("GCP", id=made(MADE, 1)), record("AWS", id=made(MADE, 2), vpc_id="vpc-00000001")]
    report = compared([declared("AWS"), declared("GCP")], found)
    assert states(report) == ["missing", "available", "undeclared"]
    assert report["counts"] == {"missing": 1, "available": 1, "undeclared": 1}


def test_connection_by_peer_id_is_available_or_missing() -> None:
    desired = parse_connection({"provider_name": "AWS", "peer_id": ID}, PROJECT, True)
    assert states(compared([desired], [record("AWS", id=ID)])) == ["available"]
    (entry,) = compared([desired], [])["connections"]
    assert (entry["state"], entry["peer_network"], entry["name"]) == ("missing", None, ID)
    assert entry["next_action"] == "Leave peer_id out to create one."


def test_connection_by_peer_id_is_named_after_what_exists() -> None:
    desired = parse_connection({"provider_name": "AWS", "peer_id": ID}, PROJECT, True)
    elsewhere = {"container_id": OTHER_VALUES["container_id"], "container_region": "EU_WEST_1"}
    found = [record("AWS", id=ID), {**record("AWS", id=made(MADE, 1)), **elsewhere}]
    named = [entry["name"] for entry in compared([desired], found)["connections"]]
    assert named == [f"{found[0]['peer_network']} in {place}" for place in ("US_EAST_1", "EU_WEST_1")]


def test_missing_connections_are_named_after_their_containers() -> None:
    rooms = [container_record("AWS", id=made(MADE, number), region=f"US_EAST_{one}") for number, one in enumerate("12")]
    entries = compared([declared("AWS", container_id=one["id"]) for one in rooms], [], rooms)["connections"]
    network = entries[0]["peer_network"]
    assert [(one["container_id"], one["container_region"], one["name"]) for one in entries] == [
        (room["id"], room["region"], f"{network} in {room['region']}") for room in rooms
    ]


def test_connection_being_replaced_reports_the_new_one() -> None:
    found = [record("AWS", "TERMINATING", id=ID), record("AWS", "INITIATING", id=made(NOW))]
    report = compared([declared("AWS")], found)
    assert report["connections"][0]["peering"]["id"] == made(NOW)
    assert states(report)[0] == "pending"


# Times


@EVERY_CLOUD
def test_created_at_comes_from_id(name: str) -> None:
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
def test_expires_at_of_pending_aws_connection(passed: timedelta, hours: float) -> None:
    waiting = record("AWS", "PENDING_ACCEPTANCE", id=ID)
    for declarations in ([declared("AWS")], []):
        (entry,) = compared(declarations, [waiting], now=MADE + passed)["connections"]
        assert entry["created_at"] == "2026-11-20T09:30:00+00:00"
        assert (entry["expires_at"], entry["expires_in_hours"]) == ("2026-11-27T09:30:00+00:00", hours)


@pytest.mark.parametrize(
    ("name", "status"),
    [("AWS", "INITIATING"), ("AWS", "AVAILABLE"), ("AWS", "FAILED"), ("GCP", "WAITING_FOR_USER"), ("AZURE", "FAILED")],
)
def test_expires_at_is_none_for_other_statuses(name: str, status: str) -> None:
    (entry,) = compared([declared(name)], [record(name, status, id=ID)])["connections"]
    assert (entry["expires_at"], entry["expires_in_hours"]) == (None, None)


# Containers


@EVERY_CLOUD
def test_container_by_region_is_available(name: str) -> None:
    desired = [parse_connection(by_region(name), PROJECT, True)]
    room = container_record(name)
    report = compared(desired, [], [room])
    block = samples.CONTAINERS[name]["atlas_cidr_block"]
    assert report["containers"] == [{**room, "state": "available", "declared_cidr_block": block}]


@EVERY_CLOUD
def test_container_without_atlas_cidr_block_is_available(name: str) -> None:
    desired = [parse_connection(by_region(name, atlas_cidr_block=None), PROJECT, True)]
    report = compared(desired, [], [container_record(name)])
    assert [(room["state"], room["declared_cidr_block"]) for room in report["containers"]] == [("available", None)]


@EVERY_CLOUD
def test_container_with_other_cidr_block_is_different(name: str) -> None:
    desired = [parse_connection(by_region(name), PROJECT, True)]
    room = container_record(name, atlas_cidr_block="172.16.0.0/21")
    connection = record(name, id=ID)
    report = compared(desired, [connection], [room])
    assert (states(report, "containers"), states(report), report["drift"]) == (["different"], ["available"], True)
    assert report["containers"][0]["atlas_cidr_block"] == "172.16.0.0/21"


@EVERY_CLOUD
def test_missing_container_is_reported_missing(name: str) -> None:
    desired = [parse_connection(by_region(name), PROJECT, True)]
    elsewhere = container_record(name, OTHER_PROJECT)
    report = compared(desired, [], [elsewhere])
    assert states(report, "containers") == ["missing", "undeclared"]
    missing = report["containers"][0]
    assert (missing["id"], missing["atlas_cidr_block"], missing["project_id"]) == (None, None, PROJECT)
    assert missing["declared_cidr_block"] == samples.CONTAINERS[name]["atlas_cidr_block"]
    assert report["drift"] is True


@EVERY_CLOUD
def test_undeclared_container_is_no_drift(name: str) -> None:
    room, other = container_record(name), container_record(name, id="0" * 24)
    report = compared([declared(name)], [record(name, id=ID)], [room, other])
    by_id = {**room, "state": "available", "declared_cidr_block": None}
    assert report["containers"] == [by_id, {**other, "state": "undeclared", "declared_cidr_block": None}]
    assert report["drift"] is False


def test_connection_outside_container_of_region_is_missing_and_undeclared() -> None:
    desired = [parse_connection(by_region("AWS"), PROJECT, True)]
    found = record("AWS", id=ID, container_id=OTHER_VALUES["container_id"])
    entries = compared(desired, [found], [container_record("AWS")])["connections"]
    assert [(entry["state"], entry["container_id"]) for entry in entries] == [
        ("missing", OPTIONS["AWS"]["container_id"]),
        ("undeclared", OTHER_VALUES["container_id"]),
    ]


def test_connection_with_missing_container_is_missing() -> None:
    desired = [parse_connection(by_region("AWS"), PROJECT, True)]
    report = compared(desired, [record("AWS", id=ID)])
    assert (states(report), states(report, "containers")) == (["missing", "undeclared"], ["missing"])
    assert [entry["container_region"] for entry in report["connections"]] == ["EU_WEST_1", "US_EAST_1"]


def test_container_of_several_connections_is_reported_once() -> None:
    desired = [
        parse_connection(by_region("AWS", container_region=region, vpc_id=vpc_id), PROJECT, True)
        for region, vpc_id in (("EU_WEST_1", "vpc-0000000a"), ("eu-west-1", "vpc-0000000b"))
    ]
    assert states(compared(desired, [], [container_record("AWS")]), "containers") == ["available"]
    assert states(compared(desired), "containers") == ["missing"]


def test_atlas_cidr_block_of_one_entry_applies_to_shared_container() -> None:
    vpcs = ("vpc-0000000a", "vpc-0000000b")
    entries = [by_region("AWS", vpc_id=vpcs[0]), by_region("AWS", vpc_id=vpcs[1], atlas_cidr_block=None)]
    desired = [parse_connection(entry, PROJECT, True) for entry in entries]
    for declarations in (desired, desired[::-1]):
        report = compared(declarations, [], [container_record("AWS", atlas_cidr_block="172.16.0.0/21")])
        assert states(report, "containers") == ["different"]


# What cannot be told


def test_ambiguous_connection_is_a_problem_and_others_are_compared() -> None:
    places = (OPTIONS["AWS"]["container_id"], OTHER_VALUES["container_id"])
    found = [record("AWS", id=made(MADE, number), container_id=place) for number, place in enumerate(places)]
    desired = [
        declared("GCP"),
        replace(declared("AWS"), peering=parse_desired("AWS", complete=False, container_id=None)),
    ]
    with pytest.raises(PartialError) as error:
        outcome(desired, [*found, record("GCP", id=made(MADE, 2))])
    result = error.value.as_result()
    report = result["report"]
    assert states(report) == ["available", "unknown"], "neither of the two is called undeclared"
    assert (report["drift"], report["counts"]) == (True, {"available": 1, "unknown": 1})
    assert result["msg"].startswith("1 of 2 connections could not be compared. 2 peering connections of project")
    for one, place in zip(found, ("US_EAST_1", "US_EAST_1")):
        assert f"{one['id']} (AVAILABLE, {place})" in result["msg"]
    (problem,) = report["problems"]
    assert problem == result["failure"]["problems"][0]
    assert (problem["connection"], problem["project_id"]) == (desired[1].peering.name, PROJECT)
    assert (problem["failure"]["kind"], result["failure"]["kind"]) == ("PlanError", "PlanError")
    assert report["connections"][1]["next_action"] == problem["failure"]["hint"]


@pytest.mark.parametrize("unread", [1, 2])
def test_unreadable_projects_are_problems_and_others_are_reported(unread: int) -> None:
    """They are unknown, the others are reported, and the kind of the failure does not depend on how many there are."""
    ids = [PROJECT, OTHER_PROJECT, "64a1f0c35b7e2d4198c3e003"]
    desired = [parse_connection(OPTIONS[name], project_id, True) for name in ("AWS", "GCP") for project_id in ids]
    error = ApiError("list it", "GET", "/", 403, {"errorCode": "USER_UNAUTHORIZED"})
    found = [record("AWS", id=made(MADE, number), project_id=project_id) for number, project_id in enumerate(ids)]
    with pytest.raises(PartialError) as failure:
        outcome(desired, found, unreadable=dict.fromkeys(ids[:unread], error))
    result = failure.value.as_result()
    seen = ["unknown"] * unread + ["available"] * (3 - unread) + ["unknown"] * unread + ["missing"] * (3 - unread)
    assert states(result["report"]) == seen
    assert [entry["project_id"] for entry in result["report"]["connections"]] == ids * 2
    assert [one["read"] for one in result["report"]["projects"]] == [number >= unread for number in range(3)]
    assert (result["changed"], result["failure"]["kind"]) == (False, "ApiError")
    assert result["msg"] == (
        f"{unread * 2} of 6 connections could not be compared. {error} ({unread * 2} times) "
        "Everything else is in the result."
    )


def test_connection_of_unknown_state_says_why() -> None:
    """The cure, or the reason if no cure is known."""
    for hint in ("Ask an owner.", None):
        error = AtlasError("It is closed.", hint)
        both = [declared("AWS"), declared("AWS", vpc_id="vpc-0000000a")]
        (entry, _other) = unread(both, error, NOW).declared
        assert (entry["state"], entry["next_action"]) == ("unknown", hint or "It is closed.")


def test_unreadable_only_project_fails() -> None:
    error = ApiError("list it", "GET", "/", 403, {})
    with pytest.raises(ApiError) as failure:
        outcome([declared("AWS"), declared("GCP")], unreadable={PROJECT: error})
    assert failure.value is error


# Pure


def _scene() -> tuple[list[DesiredPeering], list[Record], list[Record]]:
    """Return something of everything: each cloud, each state."""
    declarations = [
        declared("AWS"),
        declared("AZURE"),
        parse_connection(by_region("GCP"), PROJECT, True),
        declared("AWS", vpc_id="vpc-0000000a"),
        parse_connection(by_region("AWS", vpc_id="vpc-0000000b"), PROJECT, True),
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
    connections = sorted(
        report["connections"], key=lambda entry: (entry["state"], str(entry["peer_network"]), str(entry))
    )
    return {**report, "connections": connections, "containers": sorted(report["containers"], key=str)}


@given(dice=st.randoms())
def test_report_does_not_depend_on_order(dice: Any) -> None:
    declarations, found, rooms = _scene()
    shuffled = [dice.sample(part, len(part)) for part in (declarations, found, rooms)]
    assert _by_key(compared(*shuffled)) == _by_key(compared(declarations, found, rooms))


def test_report_does_not_modify_its_input() -> None:
    scene = _scene()
    before = copy.deepcopy(scene[1:])
    first = compared(*scene)
    assert scene[1:] == before
    assert compared(*scene) == first
