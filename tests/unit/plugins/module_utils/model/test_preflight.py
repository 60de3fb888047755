# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preflight: what is found before the first write, and what must not be."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError, option_name_scope
from ansible_collections.atlasops.network.plugins.module_utils.model import connection, preflight
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import DOCUMENTED_LIMITS
from ansible_collections.atlasops.network.plugins.module_utils.model.regions import GCP_REGIONS
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import (
    CREATE,
    NO_OP,
    UPDATE,
    Change,
    Record,
)
from simulator import Simulator
from support import samples
from support.engine import sync_peerings
from support.samples import (
    NAMES,
    OPTIONS,
    OTHER_PROJECT,
    PEER,
    by_region,
    vpc,
)

OWN = {"id": OPTIONS["AWS"]["container_id"], "atlas_cidr_block": "10.8.0.0/21"}
WANTED = samples.parse_desired("AWS")
NAME = WANTED.name
PRIVATE = "is not within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. Choose one that is."


def found_vpc(number: int, status: str = "AVAILABLE", error: str | None = None, **changes: Any) -> Record:
    """Return the record of one of many connections."""
    options = {option: value for option, value in vpc(number).items() if option != "provider_name"}
    return samples.record("AWS", status, error, **{**options, "id": f"{number:024x}", **changes})


def steps_for(
    entries: Sequence[dict[str, Any]], found: Sequence[Record] = (), present: bool = True, replace_policy: Any = ()
) -> list[Change]:
    desired = [samples.parse_desired(entry["provider_name"], **entry) for entry in entries]
    return [planning.plan(one, found, present, ReplacePolicy(replace_policy, 1)) for one in desired]


def check(
    entries: Sequence[dict[str, Any]],
    found: Sequence[Record] = (),
    containers: Sequence[Record] = (),
    present: bool = True,
    replace_policy: Any = (),
) -> list[str]:
    return list(
        preflight.check_peerings(
            steps_for(entries, found, present, replace_policy), found, containers, DOCUMENTED_LIMITS
        )
    )


# Blocks

# A block of a new connection beside one of 10.15.0.0/16.
OVERLAPS = [
    ("10.15.0.0/16", True),
    ("10.15.255.0/24", True),
    ("10.0.0.0/8", True),
    ("10.14.0.0/15", True),
    ("10.15.128.0/255.255.128.0", True),
    ("10.14.0.0/16", False),
    ("10.16.0.0/16", False),
    ("192.168.0.0/16", False),
]


@pytest.mark.parametrize(("block", "overlapping"), OVERLAPS)
@pytest.mark.parametrize("status", ["AVAILABLE", "PENDING_ACCEPTANCE", "FAILED", "POLISHING"])
def test_overlap_with_existing_connection_is_a_problem(block: str, overlapping: bool, status: str) -> None:
    other = found_vpc(15, status)
    problems = check([vpc(1, route_table_cidr_block=block)], [other])
    canonical = steps_for([vpc(1, route_table_cidr_block=block)])[0].payload["routeTableCidrBlock"]
    name = samples.parse_desired("AWS", **vpc(1)).name
    sentence = f"The route_table_cidr_block {canonical} of the {name} overlaps with 10.15.0.0/16 of connection "
    way = f"to {other['peer_network']} ({status}). {preflight.how_to_make_room()}"
    # Whether a failed connection still occupies its block is for Atlas to judge.
    assert problems == ([f"{sentence}{other['id']} {way}"] if overlapping and status != "FAILED" else [])


@pytest.mark.parametrize("declared", [True, False])
def test_overlap_counts_only_within_one_container(declared: bool) -> None:
    """The same VPC has the same block in the connection of each region."""
    elsewhere = "64a1f0c35b7e2d4198c3ea99"
    here = vpc(15)
    if declared:
        assert check([here, {**here, "container_id": elsewhere}]) == []
    else:
        assert check([here], [{**found_vpc(15, "AVAILABLE"), "container_id": elsewhere}]) == []


@pytest.mark.parametrize(("block", "overlapping"), OVERLAPS)
def test_overlap_with_other_desired_connection_is_a_problem(block: str, overlapping: bool) -> None:
    problems = check([vpc(15), vpc(1, route_table_cidr_block=block)])
    assert len(problems) == overlapping
    if overlapping:
        names = [samples.parse_desired("AWS", **vpc(number)).name for number in (15, 1)]
        assert problems[0].startswith(f"The blocks of {names[0]} and {names[1]} overlap: 10.15.0.0/16, ")


@pytest.mark.parametrize(("block", "overlapping"), OVERLAPS)
def test_overlap_with_own_container_is_a_problem(block: str, overlapping: bool) -> None:
    container = {**OWN, "atlas_cidr_block": "10.15.0.0/21"}
    overlapping = overlapping and block not in ("10.15.255.0/24", "10.15.128.0/255.255.128.0")
    problems = check([vpc(1, route_table_cidr_block=block)], (), [container])
    assert len(problems) == overlapping
    if overlapping:
        assert problems[0].endswith(" overlaps with 10.15.0.0/21 of its Atlas container. Choose another.")


def test_overlap_with_other_container_is_no_problem() -> None:
    assert check([vpc(15)], (), [{"id": "0" * 24, "atlas_cidr_block": "10.15.0.0/21"}]) == []


@pytest.mark.parametrize(
    ("block", "private"),
    [
        ("10.0.0.0/8", True),
        ("172.16.0.0/12", True),
        ("192.168.0.0/16", True),
        ("172.31.255.0/24", True),
        ("172.32.0.0/16", False),
        ("172.0.0.0/8", False),
        ("11.0.0.0/8", False),
        ("192.169.0.0/16", False),
        ("0.0.0.0/0", False),
        ("100.64.0.0/10", False),
    ],
)
def test_public_route_table_cidr_block_is_a_problem(block: str, private: bool) -> None:
    problems = check([vpc(1, route_table_cidr_block=block)])
    sentence = f"The route_table_cidr_block {block} of the {samples.parse_desired('AWS', **vpc(1)).name} {PRIVATE}"
    assert problems == ([] if private else [sentence])


@pytest.mark.parametrize("weird", ["weird", "10.15.0.1/16", "10.0.0.0/99", ""])
def test_unreadable_block_from_atlas_is_no_problem(weird: str) -> None:
    assert check([vpc(1)], [found_vpc(2, route_table_cidr_block=weird)], [{**OWN, "atlas_cidr_block": weird}]) == []


def test_update_is_checked_like_create() -> None:
    found = [found_vpc(1), found_vpc(2)]
    assert check([vpc(1, route_table_cidr_block="10.3.0.0/16")], found) == []
    (problem,) = check([vpc(1, route_table_cidr_block="10.2.0.0/16")], found)
    assert "overlaps with 10.2.0.0/16" in problem
    (problem,) = check([vpc(1, route_table_cidr_block="8.0.0.0/8")], found)
    assert PRIVATE in problem


@pytest.mark.parametrize("block", ["10.1.0.0/17", "10.0.0.0/15", "10.1.128.0/24"])
def test_update_may_overlap_with_own_old_block(block: str) -> None:
    assert check([vpc(1, route_table_cidr_block=block)], [found_vpc(1)]) == []


def test_replace_may_reuse_block_of_old_connection() -> None:
    assert check([vpc(1)], [found_vpc(1, "FAILED", "EXPIRED")], replace_policy=("expired",)) == []


def test_update_may_take_block_released_by_other_update() -> None:
    entries = [vpc(1, route_table_cidr_block="10.3.0.0/16"), vpc(2, route_table_cidr_block="10.1.0.0/16")]
    assert check(entries, [found_vpc(1), found_vpc(2)]) == []


# What is no finding: (entries, found, present)
OVERLAPPING = found_vpc(2, route_table_cidr_block="10.1.0.0/17")
GOING = {"AWS": "TERMINATING", "AZURE": "DELETING", "GCP": "DELETING"}
FINE: dict[str, tuple[list[dict[str, Any]], list[Record], bool]] = {
    "unchanged beside one that overlaps": ([vpc(1)], [found_vpc(1), OVERLAPPING], True),
    "unchanged and public": (
        [vpc(1, route_table_cidr_block="8.0.0.0/8")],
        [found_vpc(1, route_table_cidr_block="8.0.0.0/8")],
        True,
    ),
    "one that is being deleted": ([vpc(1)], [{**OVERLAPPING, "phase": "deleting"}], True),
    "another project": ([vpc(1)], [{**OVERLAPPING, "project_id": OTHER_PROJECT}], True),
    "clouds without blocks": ([OPTIONS["AZURE"], OPTIONS["GCP"], vpc(1)], [samples.record("AZURE")], True),
    "deleting what overlaps": ([vpc(1), vpc(2)], [found_vpc(1), OVERLAPPING], False),
    "deleting what is not there": ([vpc(1, route_table_cidr_block="8.0.0.0/8")], [], False),
    "deleting twice": ([vpc(1), vpc(1)], [found_vpc(1)], False),
    "nothing at all": ([], [found_vpc(1), OVERLAPPING], True),
}


@pytest.mark.parametrize("case", FINE)
def test_unaffected_entries_are_no_problem(case: str) -> None:
    entries, found, present = FINE[case]
    assert check(entries, found, [OWN], present) == []


def test_overlap_across_projects_is_no_problem() -> None:
    changes = [
        planning.plan(samples.parse_desired("AWS", project_id=p), [], True) for p in (samples.PROJECT, OTHER_PROJECT)
    ]
    assert list(preflight.check_peerings(changes, [], [], DOCUMENTED_LIMITS)) == []


# Declared twice


@pytest.mark.parametrize("name", NAMES)
def test_duplicate_entry_is_a_problem(name: str) -> None:
    problems = check([OPTIONS[name], OPTIONS[name]])
    assert problems[0] == f"The {samples.parse_desired(name).name} is declared twice."


TWICE: dict[str, tuple[list[dict[str, Any]], list[Record]]] = {
    "in other letters": ([OPTIONS["AZURE"], {**OPTIONS["AZURE"], "vnet_name": "APP-VNET"}], []),
    "by identity and by id": (
        [OPTIONS["AWS"], {**OPTIONS["AWS"], "peer_id": PEER, "route_table_cidr_block": "10.99.0.0/16"}],
        [samples.record("AWS")],
    ),
    "by id and by identity": (
        [
            {**OPTIONS["AWS"], "peer_id": PEER, "route_table_cidr_block": "10.98.0.0/16"},
            {**OPTIONS["AWS"], "route_table_cidr_block": "10.99.0.0/16"},
        ],
        [samples.record("AWS")],
    ),
    "three times": ([OPTIONS["GCP"]] * 3, []),
}


@pytest.mark.parametrize("case", TWICE)
def test_duplicate_entry_in_other_spelling_is_a_problem(case: str) -> None:
    problems = check(*TWICE[case])
    assert [problem for problem in problems if problem.endswith("is declared twice.")]


def test_similar_entries_are_no_duplicates() -> None:
    entries = [vpc(1), vpc(2), OPTIONS["AZURE"], {**OPTIONS["AZURE"], "vnet_name": "other"}, OPTIONS["GCP"]]
    assert check(entries) == []


# Limits


def many(count: int, status: str = "AVAILABLE", first: int = 100) -> list[Record]:
    return [found_vpc(number, status, route_table_cidr_block=None) for number in range(first, first + count)]


@pytest.mark.parametrize(("there", "new", "beyond"), [(49, 1, False), (50, 1, True), (48, 3, True), (50, 0, False)])
def test_limit_of_connections_is_checked(there: int, new: int, beyond: bool) -> None:
    problems = check([vpc(number) for number in range(new)], many(there))
    total = f"Project {samples.PROJECT} would have {there + new} connections, {new} of them new; Atlas allows 50."
    assert problems == ([total] if beyond else [])


@pytest.mark.parametrize("status", ["INITIATING", "PENDING_ACCEPTANCE", "FINALIZING"])
@pytest.mark.parametrize(("there", "new", "beyond"), [(24, 1, False), (25, 1, True), (0, 26, True), (0, 25, False)])
def test_limit_of_pending_connections_is_checked(there: int, new: int, beyond: bool, status: str) -> None:
    problems = check([vpc(number) for number in range(new)], many(there, status))
    sentence = f"Project {samples.PROJECT} would have {there + new} pending connections, {new} of them new; Atlas "
    assert problems == ([f"{sentence}allows 25."] if beyond else [])


def test_limits_ignore_failed_deleting_and_other_projects() -> None:
    others = [{**record, "project_id": OTHER_PROJECT} for record in many(50)]
    assert check([vpc(1)], [*many(25, "FAILED"), *many(60, "TERMINATING", 200), *others]) == []


def test_limits_count_existing_connection_once() -> None:
    found = [found_vpc(number, "PENDING_ACCEPTANCE") for number in range(25)]
    assert check([vpc(number) for number in range(25)], found) == []


def test_replace_counts_only_as_pending() -> None:
    full = [*many(49), found_vpc(1, "FAILED", "EXPIRED")]
    assert check([vpc(1)], full, replace_policy=("expired",)) == []
    waiting = [*many(25, "PENDING_ACCEPTANCE"), found_vpc(1, "FAILED", "EXPIRED")]
    (problem,) = check([vpc(1)], waiting, replace_policy=("expired",))
    assert "26 pending connections" in problem


def test_replacing_a_pending_connection_opens_none() -> None:
    waiting = [*many(24, "PENDING_ACCEPTANCE"), found_vpc(1, "PENDING_ACCEPTANCE", accepter_region_name="eu-west-1")]
    assert check([vpc(1)], waiting, replace_policy=("changed",)) == []


def test_changes_of_others_open_no_connection() -> None:
    standing = [found_vpc(1), found_vpc(2)]
    entries = [vpc(1), vpc(2, route_table_cidr_block="10.3.0.0/16")]
    assert check(entries, [*many(25, "PENDING_ACCEPTANCE"), *standing]) == []


@pytest.mark.parametrize("in_order", [True, False])
def test_one_connection_by_id_and_by_identity_is_a_duplicate(in_order: bool) -> None:
    """Whichever of both changes it."""
    found = found_vpc(1)
    entries = [{**vpc(1, route_table_cidr_block="10.3.0.0/16"), "peer_id": found["id"]}, vpc(1)]
    (problem,) = check(entries if in_order else entries[::-1], [found])
    assert problem.endswith(" is declared twice.")


@pytest.mark.parametrize("in_order", [True, False])
def test_moved_connection_is_a_duplicate_of_where_it_was(in_order: bool) -> None:
    found = found_vpc(1)
    entries = [{**vpc(2), "peer_id": found["id"]}, vpc(1)]
    (problem,) = check(entries if in_order else entries[::-1], [found], replace_policy=("changed",))
    assert problem.endswith(" is declared twice.")


@pytest.mark.parametrize(
    ("action", "block", "taken", "expected"),
    [
        (CREATE, "10.15.0.0/16", "10.15.0.0/24", True),
        (UPDATE, "10.15.0.0/16", "10.15.0.1/24", True),
        (NO_OP, "10.15.0.0/16", "10.15.0.0/24", False),
        (CREATE, "10.15.0.0/16", None, False),
        (CREATE, None, "10.15.0.0/24", False),
        (CREATE, "10.15.0.0/16", "10.16.0.0/24", False),
        (CREATE, "fd00::/64", "fd00::/64", False),
        (CREATE, "10.15.0.0/16", "fd00::/64", False),
    ],
)
def test_connection_blocks_a_change(action: str, block: str | None, taken: str | None, expected: bool) -> None:
    after = samples.record("AWS", route_table_cidr_block=block)
    found = samples.record("AWS", route_table_cidr_block=taken)
    assert preflight.blocks(found, Change(action, WANTED, None, after, {})) is expected


def test_block_of_ipv6_is_left_to_atlas() -> None:
    assert check([vpc(1, route_table_cidr_block="fd00::/64")]) == []


# Containers


@pytest.mark.parametrize(
    ("name", "block", "words"),
    [
        *((name, f"10.0.0.0/{prefix}", "") for name in ("AWS", "AZURE") for prefix in (21, 22, 23, 24)),
        *((name, f"10.0.0.0/{prefix}", "/21 to /24") for name in ("AWS", "AZURE") for prefix in (8, 20, 25, 32)),
        *(("GCP", f"10.0.0.0/{prefix}", "") for prefix in (8, 12, 18)),
        *(("GCP", f"10.0.0.0/{prefix}", "/8 to /18") for prefix in (19, 21, 24)),
        ("AWS", "8.8.8.0/24", PRIVATE),
        ("AZURE", "172.32.0.0/21", PRIVATE),
        ("AZURE", "172.31.0.0/21", ""),
        ("AWS", "192.168.248.0/21", ""),
    ],
)
def test_container_atlas_cidr_block_is_checked_per_cloud(name: str, block: str, words: str) -> None:
    change = planning.plan(samples.declare_container(name, atlas_cidr_block=block), [], True)
    problems = list(preflight.check_container(change))
    assert len(problems) == bool(words)
    assert words in "".join(problems)


@pytest.mark.parametrize(("prefix", "fine"), [(18, False), (20, False), (21, True), (24, True), (25, False)])
def test_regional_gcp_container_prefix_is_checked(prefix: int, fine: bool) -> None:
    limited = {"atlas_cidr_block": f"10.0.0.0/{prefix}", "regions": ["EASTERN_US"]}
    change = planning.plan(samples.declare_container("GCP", **limited), [], True)
    sentence = f"atlas_cidr_block 10.0.0.0/{prefix} must be from /21 to /24 on GCP for a container that is limited to"
    assert list(preflight.check_container(change)) == ([] if fine else [f"{sentence} regions."])


@pytest.mark.parametrize(("prefix", "room"), [(21, 8), (22, 4), (23, 2), (24, 1)])
def test_regional_gcp_container_region_count_is_checked(prefix: int, room: int) -> None:
    regions = sorted(GCP_REGIONS.values())
    for count in (room, room + 1):
        limited = {"atlas_cidr_block": f"10.0.0.0/{prefix}", "regions": regions[:count]}
        problems = list(preflight.check_container(planning.plan(samples.declare_container("GCP", **limited), [], True)))
        assert len(problems) == (count > room)
    regions_spoken = "1 region" if room == 1 else f"{room} regions"
    assert problems[0].startswith(
        f"atlas_cidr_block 10.0.0.0/{prefix} has room for {regions_spoken}, and {room + 1} are named: AFRICA_SOUTH_1, "
    )
    assert problems[0].endswith(". Choose a larger block, or name fewer.")


OTHER_HOME = "f" * 24


@pytest.mark.parametrize(
    ("name", "changes", "warned"),
    [
        ("AZURE", {"project_id": OTHER_HOME}, True),
        ("AZURE", {"project_id": OTHER_HOME, "vnet_name": "APP-VNET"}, True),
        ("AWS", {"project_id": OTHER_HOME}, True),
        ("AZURE", {}, False),
        ("AZURE", {"project_id": OTHER_HOME, "vnet_name": "other"}, False),
        ("AZURE", {"project_id": OTHER_HOME, "block": "10.8.0.0/21"}, False),
        ("AZURE", {"project_id": OTHER_HOME, "block": None}, False),
    ],
)
def test_same_network_and_block_in_two_projects_warns(name: str, changes: dict[str, Any], warned: bool) -> None:
    one = samples.record(name)
    block = changes.get("block", one["atlas_cidr_block"])
    beside = {key: value for key, value in changes.items() if key != "block"}
    other = {**samples.record(name, **beside), "atlas_cidr_block": block}
    warnings = list(preflight.overlap_warnings([one, samples.record("GCP"), other]))
    assert len(warnings) == warned
    if warned:
        assert f"192.168.240.0/21 of project {OTHER_HOME}" in warnings[0]
        assert warnings[0].endswith("Give the containers of these projects blocks of their own.")


def test_same_network_in_many_projects_warns_once() -> None:
    alike = [samples.record("AWS", project_id=f"{number:024x}") for number in range(8)]
    twice = {**alike[0], "vpc_id": "vpc-0000000b", "peer_network": "123456789012/vpc-0000000b"}
    (warning,) = preflight.overlap_warnings([*alike, twice, twice])
    assert warning.count(" of project ") == 5
    assert " and 3 more. " in warning


def test_several_problems_of_one_container_are_reported() -> None:
    change = planning.plan(samples.declare_container("AWS", atlas_cidr_block="8.0.0.0/8"), [], True)
    assert len(list(preflight.check_container(change))) == 2


@pytest.mark.parametrize("present", [True, False])
def test_existing_container_is_not_checked(present: bool) -> None:
    found = samples.container_record("AWS", atlas_cidr_block="8.0.0.0/8")
    change = planning.plan(samples.declare_container("AWS", atlas_cidr_block="8.0.0.0/8"), [found], present)
    assert list(preflight.check_container(change)) == []


def test_container_without_atlas_cidr_block_is_not_checked() -> None:
    change = planning.plan(samples.declare_container("AWS", atlas_cidr_block=None), [], True)
    assert list(preflight.check_container(change)) == []


@pytest.mark.parametrize("number", [5, 6])
def test_warning_names_at_most_five_projects(number: int) -> None:
    alike = [samples.record("AWS", project_id=f"{one:024x}") for one in range(number)]
    unread = samples.by_itself(samples.record("AWS", project_id=OTHER_HOME))
    apart = {**samples.record("AWS", project_id="e" * 24), "atlas_cidr_block": "10.8.0.0/21"}
    (warning,) = preflight.overlap_warnings([*alike, unread, unread, apart])
    assert warning.count(" of project ") == 5
    assert ("more" in warning) is (number == 6)
    assert f"{4:024x}{' and 1 more' if number == 6 else ''}. It can" in warning


def test_hints_use_the_names_of_options() -> None:
    with option_name_scope({"state": "S", "purge": "P", "purge_limit": "L"}):
        assert "(S: absent)" in preflight.how_to_make_room()
        strays = [planning.plan_deletion(WANTED, found_vpc(number)) for number in (1, 2)]
        (problem,) = preflight.check_purge(strays, preflight.Limits(purge=1))
    assert problem.startswith(f"P would delete 2 peering connections of project {samples.PROJECT}, and L allows 1: ")
    assert list(preflight.check_purge(strays, preflight.Limits(purge=2))) == []


@pytest.mark.parametrize("changes", [{"cloud": None}, {"block": "fd00::/64"}])
def test_container_of_unknown_cloud_or_kind_is_left_to_atlas(changes: dict[str, Any]) -> None:
    change = planning.plan(samples.declare_container("AWS"), [], True)
    desired = replace(change.desired, cloud=changes.get("cloud", change.desired.cloud))
    after = {**(change.after or {}), "atlas_cidr_block": changes.get("block", "8.0.0.0/8"), "regions": ["A", "B"]}
    assert list(preflight.check_container(replace(change, desired=desired, after=after))) == []


# Before the first write


def bring(client: Client, project_id: str, *entries: dict[str, Any], check_mode: bool = False) -> fleet.Result:
    declared = [connection.parse_connection(entry, project_id, True) for entry in entries]
    return sync_peerings(client, declared, SyncOptions(True, check_mode))


def public(number: int) -> dict[str, Any]:
    return vpc(number, route_table_cidr_block=f"8.{number}.0.0/16")


@pytest.mark.parametrize("check_mode", [True, False])
def test_invalid_last_entry_prevents_all_writes(atlas: Simulator, client: Client, check_mode: bool) -> None:
    with pytest.raises(PlanError, match=r"8\.2\.0\.0/16") as refusal:
        bring(client, atlas.project_id, vpc(1), public(2), check_mode=check_mode)
    assert "problems" not in refusal.value.details
    assert atlas.writes() == []


def test_all_problems_are_reported_in_one_message(atlas: Simulator, client: Client) -> None:
    project_id = atlas.add_project("full", containers=False)
    container = atlas.add_container(project_id, "AWS", "US_EAST_1", "10.200.0.0/21")
    for number in range(50):
        atlas.add_peer(project_id, "AWS", "AVAILABLE", routeTableCidrBlock=f"10.{number}.0.0/16")
    here = {"container_id": None, "container_region": "us-east-1"}
    entries = [
        vpc(60, **here, route_table_cidr_block="10.200.0.0/16"),
        vpc(61, **here, route_table_cidr_block="10.49.0.0/17"),
        vpc(62, **here, route_table_cidr_block="172.32.0.0/16"),
        vpc(62, **here, route_table_cidr_block="10.62.0.0/16"),
        by_region("AZURE", atlas_cidr_block="10.201.0.0/16"),
    ]
    with pytest.raises(PlanError) as refusal:
        bring(client, project_id, *({o: v for o, v in entry.items() if v is not None} for entry in entries))
    problems = [problem["msg"] for problem in refusal.value.details["problems"]]
    assert refusal.value.message.startswith(
        f"{len(problems)} problems found in project {project_id}; no changes were made there: (1) "
    )
    for words in (
        "atlas_cidr_block 10.201.0.0/16 must be from /21 to /24 on AZURE.",
        "would have 55 connections, 5 of them new; Atlas allows 50.",
        "is declared twice.",
        "overlaps with 10.200.0.0/21 of its Atlas container.",
        "overlaps with 10.49.0.0/16 of connection",
        "172.32.0.0/16 of the",
    ):
        assert len([problem for problem in problems if words in problem]) == 1, words
        assert words in refusal.value.message
    assert len(problems) == 6
    assert container in [record["id"] for record in ContainerApi(client).list_all(project_id)]
    assert atlas.writes() == []


def test_limits_equal_those_of_simulator(atlas: Simulator) -> None:
    assert (DOCUMENTED_LIMITS.peers, DOCUMENTED_LIMITS.pending) == (
        atlas.settings.max_peers,
        atlas.settings.max_pending_peers,
    )


@pytest.mark.parametrize("name", NAMES)
def test_container_prefixes_equal_those_of_simulator(atlas: Simulator, client: Client, name: str) -> None:
    """What is refused here, Atlas refuses too, and the other way round."""
    for prefix in (8, 9, 17, 18, 19, 20, 21, 24, 25):
        project_id = atlas.add_project("bounds", containers=False)
        places = {"AWS": {"regionName": "EU_WEST_1"}, "AZURE": {"region": "EUROPE_WEST"}, "GCP": {}}[name]
        body = {"providerName": name, "atlasCidrBlock": f"10.0.0.0/{prefix}", **places}
        with contextlib.suppress(ApiError):
            client.post(f"groups/{project_id}/containers", "try", body)
        accepted = atlas.exchanges[-1].status == 200
        change = planning.plan(samples.declare_container(name, atlas_cidr_block=f"10.0.0.0/{prefix}"), [], True)
        assert (list(preflight.check_container(change)) == []) is accepted, prefix
