# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How connections come to their containers, among records that were read before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.containers import ContainerResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import DesiredPeering, parse_connection
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Change, Record
from support.samples import OPTIONS, OTHER_PROJECT, PROJECT, by_region, container_record, parse_desired, record

NO_API = cast(ContainerApi, None)
ROOM = container_record("AWS")
OTHER_ROOM = container_record("AWS", id="1" * 24, region="US_EAST_1")
STRANGERS = [container_record("AWS", OTHER_PROJECT, id="2" * 24), container_record("AZURE", id="3" * 24)]


def declared(name: str = "AWS", **changes: Any) -> DesiredPeering:
    return parse_connection(by_region(name, **changes), PROJECT, True)


def resolver(*wanted: DesiredPeering, existing: Sequence[Record] = (), present: bool = True) -> ContainerResolver:
    return ContainerResolver(NO_API, [one.container for one in wanted if one.container], present, existing)


def errors(*wanted: DesiredPeering, existing: Sequence[Record] = (), present: bool = True) -> list[str]:
    found = resolver(*wanted, existing=existing, present=present)
    for one in wanted:
        found.bind(one.peering, one.container)
    return [str(error) for error in found.errors]


def test_region_stands_for_the_container_in_it() -> None:
    one = declared()
    found = resolver(one, existing=[*STRANGERS, OTHER_ROOM, ROOM])
    bound = found.bind(one.peering, one.container)
    assert (bound.values["container_id"], bound.values["container_region"]) == (ROOM["id"], "EU_WEST_1")
    assert (found.changes, found.errors, found.warnings) == ({}, [], [])
    assert found.bind(parse_desired("AWS"), None) == parse_desired("AWS")


@pytest.mark.parametrize("present", [True, False])
def test_missing_container_is_planned_only_if_it_is_to_exist(present: bool) -> None:
    one = declared()
    found = resolver(one, existing=[*STRANGERS, OTHER_ROOM], present=present)
    bound = found.bind(one.peering, one.container)
    assert len(found.changes) == present
    assert (bound.values["container_id"] in found.changes) is present
    assert found.errors == []
    assert len(found.records) == 3 + present


@pytest.mark.parametrize(
    ("existing", "words"),
    [
        (STRANGERS, f"Project {PROJECT} has no AWS container in EU_WEST_1. Set atlas_cidr_block to create it"),
        (
            [*STRANGERS, OTHER_ROOM],
            f"Project {PROJECT} has no AWS container in EU_WEST_1, only {'1' * 24} in US_EAST_1. Set",
        ),
    ],
)
def test_error_names_containers_of_the_same_project_and_cloud(existing: list[Record], words: str) -> None:
    (error,) = errors(declared(atlas_cidr_block=None), existing=existing)
    assert error.startswith(words)
    assert "(a region of AWS, like us-east-1, which Atlas spells US_EAST_1)" in error


def test_error_does_not_name_planned_containers() -> None:
    (error,) = errors(declared(), declared(container_region="EU_CENTRAL_1", atlas_cidr_block=None))
    assert "EU_CENTRAL_1. Set atlas_cidr_block" in error


@pytest.mark.parametrize(
    ("existing", "end"),
    [([], "has no container of AWS."), ([OTHER_ROOM], f"has only {'1' * 24} in US_EAST_1.")],
)
def test_malformed_region_is_named_with_what_exists(existing: list[Record], end: str) -> None:
    (error,) = errors(declared(container_region="nowhere"), existing=[*existing, *STRANGERS])
    assert error.startswith("container_region is 'nowhere', but must be a region of AWS")
    assert error.endswith(f" Project {PROJECT} {end}")


@pytest.mark.parametrize(
    ("by_id", "existing", "words"),
    [
        (ROOM["id"], [ROOM], None),
        ("1" * 24, [ROOM, OTHER_ROOM], f"container_id {'1' * 24} is not the AWS container in EU_WEST_1, which is"),
        ("1" * 24, [OTHER_ROOM], "which does not exist yet. Leave one of them out"),
    ],
)
def test_container_by_id_and_by_region_must_be_one(by_id: str, existing: list[Record], words: str | None) -> None:
    both = parse_connection({**by_region("AWS"), "container_id": by_id}, PROJECT, True)
    found = errors(both, existing=existing)
    assert len(found) == (words is not None)
    assert all(str(words) in one for one in found)
    explained = resolver(both, existing=existing).error_for(both.peering, both.container)
    assert [str(explained)] == found if words else explained is None


def test_several_blocks_of_one_container_fail() -> None:
    (error,) = errors(declared(), declared(atlas_cidr_block="10.9.0.0/21", vpc_id="vpc-0000000a"))
    assert error == "The AWS container in EU_WEST_1 is declared with several blocks: 10.8.0.0/21, 10.9.0.0/21."


@pytest.mark.parametrize(
    ("name", "changes", "record_changes", "words"),
    [
        ("AWS", {}, {}, None),
        ("AWS", {"atlas_cidr_block": "10.9.0.0/21"}, {}, "has the block 10.8.0.0/21, not 10.9.0.0/21. It is used as"),
        ("AWS", {"atlas_cidr_block": None}, {"atlas_cidr_block": "10.9.0.0/21"}, None),
        ("GCP", {"container_region": "WESTERN_US"}, {"regions": ["EASTERN_US"]}, "is limited to EASTERN_US, not WEST"),
        ("GCP", {"container_region": "EASTERN_US"}, {"regions": ["EASTERN_US", "WESTERN_US"]}, None),
        ("GCP", {"container_region": "EASTERN_US"}, {"regions": ["EASTERN_US"]}, None),
        ("GCP", {"container_region": "EASTERN_US"}, {"regions": []}, None),
    ],
)
def test_container_is_used_as_it_is_with_a_warning(
    name: str, changes: dict[str, Any], record_changes: dict[str, Any], words: str | None
) -> None:
    found = resolver(declared(name, **changes), existing=[container_record(name, **record_changes)])
    assert len(found.warnings) == (words is not None)
    assert all(str(words) in one for one in found.warnings)


def completed(change: Change, *existing: Record) -> Change:
    return resolver(existing=existing).complete(change)


def test_container_completes_what_starts_from_it() -> None:
    change = planning.plan(parse_desired("AWS", accepter_region_name=None), [], True)
    here = container_record("AWS", region="US_EAST_1")
    done = completed(change, OTHER_ROOM, here)
    assert done.payload["accepterRegionName"] == "us-east-1"
    after = done.after or {}
    assert (after["container_region"], after["atlas_cidr_block"]) == ("US_EAST_1", here["atlas_cidr_block"])
    assert completed(change, OTHER_ROOM) == change
    assert completed(change) == change


def test_only_container_of_a_cloud_completes_what_names_none() -> None:
    room = container_record("GCP", gcpProjectId="p-1")
    change = planning.plan(parse_desired("GCP", container_id=None), [], True)
    assert (completed(change, *STRANGERS, room).after or {})["atlas_gcp_project_id"] == "p-1"
    unclear = replace(parse_desired("AWS"), values={**OPTIONS["AWS"], "container_id": None})
    for other in (parse_desired("GCP", container_id="4" * 24), unclear):
        change = planning.plan(other, [], True)
        assert completed(change, room, ROOM) == change


def test_what_writes_nothing_stays() -> None:
    found = {**record("AWS"), "container_region": None}
    change = planning.plan(parse_desired("AWS"), [found], True)
    assert completed(change, container_record("AWS")) == change
    assert completed(planning.plan_deletion(parse_desired("AWS"), found), container_record("AWS")).after == (
        planning.plan_deletion(parse_desired("AWS"), found).after
    )
    assert OPTIONS["AWS"]["container_id"] == container_record("AWS")["id"]


@pytest.mark.parametrize("in_order", [True, False])
def test_block_of_one_entry_is_that_of_the_container(in_order: bool) -> None:
    pair = [declared(), declared(atlas_cidr_block=None, vpc_id="vpc-0000000a")]
    (change,) = resolver(*(pair if in_order else pair[::-1])).changes.values()
    assert change.payload["atlasCidrBlock"] == "10.8.0.0/21"


def test_missing_container_contradicts_nothing_if_it_is_not_to_exist() -> None:
    both = parse_connection({**by_region("AWS"), "container_id": "1" * 24}, PROJECT, False)
    assert errors(both, existing=[OTHER_ROOM], present=False) == []


def test_connection_starts_from_the_container_created_for_it() -> None:
    one = declared()
    found = resolver(one)
    bound = found.bind(one.peering, one.container)
    ((new, change),) = found.changes.items()
    planned = planning.plan(bound, [], True)
    assert found.bind_created(planned) == (planned, False)
    for changed in (True, False):
        found.created(new, Outcome(change.desired, "created", changed, None, ROOM))
        done, has_created = found.bind_created(planned)
        assert (done.payload["containerId"], has_created) == (ROOM["id"], changed)
        assert done.desired.values == {**bound.values, "container_id": ROOM["id"]}
        assert done.payload == {**planned.payload, "containerId": ROOM["id"]}


class Api:
    """Lists the same container of each cloud, and notes for which it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def list(self, _project_id: str, cloud: Cloud) -> list[Record]:
        self.asked.append(cloud.name)
        return [container_record(cloud.name)]


def test_containers_of_a_cloud_are_read_once() -> None:
    api = Api()
    found = ContainerResolver(cast(ContainerApi, api), [], True, [])
    aws, gcp = CLOUDS["AWS"], CLOUDS["GCP"]
    assert found.read(PROJECT, [aws, aws]) is True
    assert found.read(PROJECT, [aws]) is False
    assert found.read(PROJECT, [aws, gcp]) is True
    assert api.asked == ["AWS", "GCP"]
    assert [one["provider_name"] for one in found.records] == ["AWS", "GCP"]
