# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared networks: connections and the containers they name by region, against a simulator that counts requests."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    PlanError,
)
from ansible_collections.atlasops.network.plugins.module_utils.model import connection
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from simulator import Simulator
from support import samples
from support.engine import raise_if_failed, sync_peerings
from support.samples import CONTAINERS, NAMES, OPTIONS, by_region, vpc

EVERY_CLOUD = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def _time_flies(fast_forward: Any) -> None:
    """No test here waits."""


@pytest.fixture
def project_id(atlas: Simulator) -> str:
    """Return a project that has no containers."""
    return atlas.add_project("empty", containers=False)


def bring(
    client: Client, project_id: str, *entries: dict[str, Any], present: bool = True, check_mode: bool = False
) -> fleet.Result:
    """Declare and ensure connections; an entry may name another project."""
    declared = []
    for entry in entries:
        options = {option: value for option, value in entry.items() if option != "project_id"}
        declared.append(connection.parse_connection(options, entry.get("project_id", project_id), present))
    return sync_peerings(client, declared, SyncOptions(present, check_mode))


def requests(atlas: Simulator) -> list[tuple[str, str]]:
    """Return method and resource of all requests, in their order."""
    paths = [(exchange.method, exchange.path.split("/")[6:]) for exchange in atlas.exchanges]
    return [(method, "/".join(path[:1])) for method, path in paths]


def block_of(number: int) -> str:
    return f"10.{number}.0.0/16"


def in_region(number: int, **changes: Any) -> dict[str, Any]:
    """Return one of many connections of AWS in the sample container, which is named by region."""
    place = {option: value for option, value in by_region("AWS").items() if option not in OPTIONS["AWS"]}
    own = {option: value for option, value in vpc(number).items() if option != "container_id"}
    return {option: value for option, value in {**own, **place, **changes}.items() if value is not None}


# Options


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"container_id": "0" * 24, "container_region": None},
            "atlas_cidr_block needs container_region, the region of the container.",
        ),
        ({"container_region": None}, "atlas_cidr_block needs container_region, the region of the container."),
        ({"atlas_cidr_block": "x"}, "atlas_cidr_block is 'x', but must be a CIDR block"),
        ({"provider_name": None}, "provider_name is missing."),
        ({"vpc_id": None}, "vpc_id is missing: "),
    ],
)
def test_contradictory_container_options_fail(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as refusal:
        connection.parse_connection(by_region("AWS", **changes), samples.PROJECT, True)
    assert refusal.value.message.startswith(sentence)


@EVERY_CLOUD
def test_atlas_cidr_block_is_ignored_if_absent(name: str) -> None:
    for present in (True, False):
        declared = connection.parse_connection(by_region(name), samples.PROJECT, present)
        assert declared.container is not None
        assert ("atlas_cidr_block" in declared.container.values) is present
        assert "container_id" not in declared.peering.values


@EVERY_CLOUD
def test_container_id_is_used_and_read_once(atlas: Simulator, client: Client, name: str) -> None:
    bring(client, atlas.project_id, OPTIONS[name])
    assert requests(atlas) == [("GET", "peers"), ("GET", "containers"), ("POST", "peers")]
    atlas.clear_log()
    bring(client, atlas.project_id, OPTIONS[name])
    assert requests(atlas) == [("GET", "peers")]


@pytest.mark.parametrize("present", [True, False])
def test_container_id_with_region_must_agree(atlas: Simulator, client: Client, present: bool) -> None:
    (made,) = bring(client, atlas.project_id, OPTIONS["AWS"]).as_result("peerings")["peerings"]
    fed_back = {option: made[option] for option in (*OPTIONS["AWS"], "container_region", "atlas_cidr_block")}
    assert bring(client, atlas.project_id, fed_back).as_result("peerings")["changed"] is False
    other = atlas.add_container(atlas.project_id, "AWS", "EU_WEST_1")
    atlas.clear_log()
    with pytest.raises(InputError) as refusal:
        bring(client, atlas.project_id, {**fed_back, "container_id": other}, present=present)
    assert refusal.value.message == (
        f"container_id {other} is not the AWS container in US_EAST_1, which is {atlas.containers['AWS']}."
    )
    assert refusal.value.hint == "Leave one of them out: name the container once."
    assert atlas.writes() == []


# Containers that are there


@pytest.mark.parametrize(
    ("name", "region"), [("AWS", "US_EAST_1"), ("AWS", "us-east-1"), ("AZURE", "EUROPE_NORTH"), ("GCP", "EASTERN_US")]
)
def test_container_region_selects_existing_container(atlas: Simulator, client: Client, name: str, region: str) -> None:
    entry = by_region(name, container_region=region, atlas_cidr_block=None)
    result = bring(client, atlas.project_id, entry)
    assert requests(atlas) == [("GET", "containers"), ("GET", "peers"), ("POST", "peers")]
    assert atlas.exchanges[0].query["providerName"] == name
    (record,) = result.as_result("peerings")["peerings"]
    assert record["container_id"] == atlas.containers[name]
    assert atlas.writes()[0].request_json["containerId"] == atlas.containers[name]
    assert result.warnings == []
    again = bring(client, atlas.project_id, entry).as_result("peerings")
    assert (again["changed"], again["diff"]) == (False, [])
    assert again["peerings"] == [{**record, "action": "unchanged"}]


@EVERY_CLOUD
@pytest.mark.parametrize("check_mode", [True, False])
def test_different_atlas_cidr_block_of_existing_container_warns(
    atlas: Simulator, client: Client, name: str, check_mode: bool
) -> None:
    region = {"AWS": "US_EAST_1", "AZURE": "EUROPE_NORTH", "GCP": "EASTERN_US"}[name]
    entries = [by_region(name, container_region=region)]
    result = bring(client, atlas.project_id, *entries, check_mode=check_mode)
    (warning,) = result.warnings
    there = {"AWS": "192.168.240.0/21", "AZURE": "192.168.248.0/21", "GCP": "192.168.0.0/18"}[name]
    desired = CONTAINERS[name]["atlas_cidr_block"]
    assert f"({atlas.containers[name]}) has the block {there}, not {desired}." in warning
    assert warning.endswith("It is used as it is; atlas_container changes it while nothing is in it.")
    assert result.as_result("peerings")["warnings"] == [warning]
    assert result.as_result("peerings")["peerings"][0]["container_id"] == atlas.containers[name]
    assert ("POST", "containers") not in requests(atlas)


def test_atlas_cidr_block_in_other_spelling_does_not_warn(atlas: Simulator, client: Client) -> None:
    same = "192.168.240.0/255.255.248.0"
    entry = by_region("AWS", container_region="US_EAST_1", atlas_cidr_block=same)
    assert bring(client, atlas.project_id, entry, check_mode=True).warnings == []


# Containers that are missing


@EVERY_CLOUD
def test_container_region_creates_missing_container(
    atlas: Simulator, client: Client, project_id: str, name: str
) -> None:
    result = bring(client, project_id, by_region(name)).as_result("peerings")
    assert requests(atlas) == [("GET", "containers"), ("GET", "peers"), ("POST", "containers"), ("POST", "peers")]
    container, peer = atlas.writes()
    assert container.request_json["atlasCidrBlock"] == CONTAINERS[name]["atlas_cidr_block"]
    assert peer.request_json["containerId"] == container.response_json["id"]
    assert result["peerings"][0]["container_id"] == container.response_json["id"]
    assert result["diff"][0]["after"]["container_id"] == container.response_json["id"]
    again = bring(client, project_id, by_region(name)).as_result("peerings")
    (unchanged,) = ({**record, "action": "unchanged"} for record in result["peerings"])
    provisioned = {key: again["peerings"][0][key] for key in CLOUDS[name].needed_to_act if key.startswith("atlas_")}
    assert (again["changed"], again["peerings"]) == (False, [{**unchanged, **provisioned}])
    assert again["warnings"] == []
    assert len(atlas.writes()) == 2


@EVERY_CLOUD
def test_check_mode_predicts_missing_container(atlas: Simulator, client: Client, project_id: str, name: str) -> None:
    predicted = bring(client, project_id, by_region(name), check_mode=True).as_result("peerings")
    assert atlas.writes() == []
    assert (predicted["changed"], predicted["peerings"][0]["container_id"]) == (True, None)
    assert predicted["diff"][0]["after"]["container_id"] is None
    assert "new" not in str(predicted["peerings"])
    happened = bring(client, project_id, by_region(name)).as_result("peerings")
    made = {option: happened["peerings"][0][option] for option in ("id", "container_id")}
    assert {**predicted["peerings"][0], **made} == happened["peerings"][0]


def test_two_connections_create_one_shared_container(atlas: Simulator, client: Client, project_id: str) -> None:
    result = bring(client, project_id, in_region(1), in_region(2, container_region="eu-west-1")).as_result("peerings")
    created = [exchange for exchange in atlas.writes() if exchange.path.endswith("/containers")]
    assert len(created) == 1
    assert {record["container_id"] for record in result["peerings"]} == {created[0].response_json["id"]}
    assert requests(atlas)[:2] == [("GET", "containers"), ("GET", "peers")]


def test_two_regions_create_two_containers(atlas: Simulator, client: Client, project_id: str) -> None:
    other = in_region(2, container_region="EU_CENTRAL_1", atlas_cidr_block="10.24.0.0/21")
    result = bring(client, project_id, in_region(1), other).as_result("peerings")
    regions = [exchange.request_json.get("regionName") for exchange in atlas.writes()]
    assert regions == ["EU_WEST_1", "EU_CENTRAL_1", None, None]
    made = [exchange.response_json["id"] for exchange in atlas.writes()[:2]]
    assert [record["container_id"] for record in result["peerings"]] == made


def test_same_region_in_two_projects_creates_two_containers(atlas: Simulator, client: Client, project_id: str) -> None:
    other = atlas.add_project("other", containers=False)
    result = bring(client, project_id, in_region(1), in_region(1, project_id=other)).as_result("peerings")
    assert [exchange.path.split("/")[5] for exchange in atlas.writes()] == [project_id, project_id, other, other]
    assert len({record["container_id"] for record in result["peerings"]}) == 2


def test_one_container_with_two_atlas_cidr_blocks_fails(atlas: Simulator, client: Client, project_id: str) -> None:
    with pytest.raises(InputError, match=r"is declared with several blocks: 10\.24\.0\.0/21, 10\.8\.0\.0/21\."):
        bring(client, project_id, in_region(1), in_region(2, atlas_cidr_block="10.24.0.0/21"))
    assert atlas.writes() == []


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1)])
def test_atlas_cidr_block_of_one_entry_applies_to_shared_container(
    atlas: Simulator, client: Client, project_id: str, numbers: tuple[int, int]
) -> None:
    """Number 1 gives it, number 2 does not."""
    entries = {1: in_region(1), 2: in_region(2, atlas_cidr_block=None)}
    bring(client, project_id, *(entries[number] for number in numbers))
    assert len(atlas.writes()) == 3


@EVERY_CLOUD
@pytest.mark.parametrize("check_mode", [True, False])
def test_missing_container_without_atlas_cidr_block_fails(
    atlas: Simulator, client: Client, project_id: str, name: str, check_mode: bool
) -> None:
    entry = by_region(name, atlas_cidr_block=None)
    with pytest.raises(InputError) as refusal:
        bring(client, project_id, entry, check_mode=check_mode)
    called = samples.declare_container(name).name
    assert refusal.value.message == f"Project {project_id} has no {called}."
    hint = str(refusal.value.hint)
    assert hint.startswith("Set atlas_cidr_block to create it, or correct container_region (a region of ")
    assert "which Atlas spells" in hint
    assert atlas.writes() == []


WRONG_REGION = {"AWS": "useast1", "AZURE": "eastus9", "GCP": "europe-west99"}


@EVERY_CLOUD
@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("block", [True, False])
def test_invalid_container_region_fails(
    atlas: Simulator, client: Client, name: str, present: bool, block: bool
) -> None:
    wrong = WRONG_REGION[name]
    entry = by_region(name, container_region=wrong, **({} if block else {"atlas_cidr_block": None}))
    declared = [connection.parse_connection(entry, atlas.project_id, present)]
    with pytest.raises(InputError) as refusal:
        sync_peerings(client, declared, SyncOptions(present, False))
    message = refusal.value.message
    assert message.startswith(f"container_region is {wrong!r}, but must be a region of ")
    assert "which Atlas spells" in message
    assert f"Project {atlas.project_id} has only {atlas.containers[name]} in " in message
    assert atlas.writes() == []


@pytest.mark.parametrize(("name", "own"), [("AWS", "us-east-1"), ("AZURE", "northeurope"), ("GCP", "us-east1")])
def test_container_region_accepts_spelling_of_cloud(atlas: Simulator, client: Client, name: str, own: str) -> None:
    entry = by_region(name, container_region=own, atlas_cidr_block=None)
    result = bring(client, atlas.project_id, entry).as_result("peerings")
    assert result["peerings"][0]["container_id"] == atlas.containers[name]


def test_missing_container_error_lists_existing_containers(atlas: Simulator, client: Client) -> None:
    other = atlas.add_container(atlas.project_id, "AWS", "EU_CENTRAL_1")
    with pytest.raises(InputError) as refusal:
        bring(client, atlas.project_id, in_region(1, atlas_cidr_block=None))
    listed = f"only {atlas.containers['AWS']} in US_EAST_1, {other} in EU_CENTRAL_1."
    assert refusal.value.message.endswith(listed)


@pytest.mark.parametrize("beside", ["cloud", "project", "planned"])
def test_missing_container_error_lists_only_same_project_and_cloud(
    atlas: Simulator, client: Client, project_id: str, beside: str
) -> None:
    neighbours = {
        "cloud": by_region("AZURE", atlas_cidr_block="10.40.0.0/21"),
        "project": {
            **in_region(1, container_region="US_EAST_1", atlas_cidr_block=None),
            "project_id": atlas.project_id,
        },
        "planned": in_region(1, container_region="EU_CENTRAL_1"),
    }
    if beside == "cloud":
        atlas.add_container(project_id, "AZURE", "EUROPE_WEST", "10.40.0.0/21")
    entries = (neighbours[beside], in_region(2, atlas_cidr_block=None))
    with pytest.raises(AtlasError, match=r"has no AWS container in EU_WEST_1\."):
        raise_if_failed(bring(client, project_id, *entries).as_result("peerings"))


def test_failed_container_create_prevents_peering_writes(atlas: Simulator, client: Client, project_id: str) -> None:
    atlas.fault("POST", "containers", status=403)
    with pytest.raises(ApiError, match="Could not create the AWS container in EU_WEST_1"):
        bring(client, project_id, in_region(1), in_region(2))
    assert requests(atlas)[2:] == [("POST", "containers")]


def test_container_created_concurrently_is_used(atlas: Simulator, client: Client, project_id: str) -> None:
    container_id = atlas.add_container(project_id, "AWS", "EU_WEST_1", "10.8.0.0/21")
    atlas.fault("GET", "containers", status=200, body={"results": [], "totalCount": 0})
    result = bring(client, project_id, in_region(1)).as_result("peerings")
    assert result["peerings"][0]["container_id"] == container_id


# (block, whether regions are sent)
SIZES = [("10.128.0.0/24", True), ("10.128.0.0/21", True), ("10.128.0.0/18", False), ("10.0.0.0/8", False)]


@pytest.mark.parametrize(("block", "limited"), SIZES)
def test_small_gcp_container_is_limited_to_its_region(
    atlas: Simulator, client: Client, project_id: str, block: str, limited: bool
) -> None:
    bring(client, project_id, by_region("GCP", container_region="eastern-us", atlas_cidr_block=block))
    sent = {"providerName": "GCP", "atlasCidrBlock": block, **({"regions": ["EASTERN_US"]} if limited else {})}
    assert atlas.writes()[0].request_json == sent


def test_small_gcp_container_includes_all_declared_regions(atlas: Simulator, client: Client, project_id: str) -> None:
    small = {"atlas_cidr_block": "10.128.0.0/22"}
    other = by_region("GCP", container_region="WESTERN_US", network_name="other", **small)
    bring(client, project_id, by_region("GCP", container_region="EASTERN_US", **small), other)
    assert atlas.writes()[0].request_json["regions"] == ["EASTERN_US", "WESTERN_US"]


@pytest.mark.parametrize("block", ["10.128.0.0/20", "10.128.0.0/19", "10.128.0.0/25"])
def test_gcp_container_with_invalid_prefix_fails(atlas: Simulator, client: Client, project_id: str, block: str) -> None:
    with pytest.raises(PlanError, match=rf"atlas_cidr_block {block} must be from /\d+ to /\d+ on GCP"):
        bring(client, project_id, by_region("GCP", atlas_cidr_block=block))
    assert atlas.writes() == []


def test_gcp_container_limited_to_other_regions_warns(atlas: Simulator, client: Client, project_id: str) -> None:
    atlas.add_container(project_id, "GCP", ["WESTERN_US"], "10.128.0.0/22")
    result = bring(client, project_id, by_region("GCP", container_region="EASTERN_US", atlas_cidr_block=None))
    assert "WESTERN_US" in " ".join(result.warnings)


# Many connections


def test_sync_all_clouds_in_two_projects(atlas: Simulator, client: Client, project_id: str) -> None:
    entries = [by_region(name) for name in NAMES]
    far = [{**OPTIONS[name], "project_id": atlas.project_id} for name in NAMES]
    result = bring(client, project_id, *entries, *far).as_result("peerings")
    assert [record["provider_name"] for record in result["peerings"]] == [*NAMES, *NAMES]
    assert [record["project_id"] for record in result["peerings"]] == [project_id] * 3 + [atlas.project_id] * 3
    assert len([request for request in requests(atlas) if request[0] == "GET"]) == 6 + 6
    assert bring(client, project_id, *entries, *far).as_result("peerings")["changed"] is False


def test_sync_without_connections_is_unchanged(atlas: Simulator, client: Client) -> None:
    empty = {"changed": False, "peerings": [], "purged": [], "diff": [], "warnings": []}
    assert bring(client, atlas.project_id).as_result("peerings") == empty
    assert atlas.exchanges == []


def test_diff_includes_only_changed_connections(atlas: Simulator, client: Client) -> None:
    bring(client, atlas.project_id, vpc(1))
    result = bring(client, atlas.project_id, vpc(1), vpc(2)).as_result("peerings")
    assert [one["after_header"] for one in result["diff"]] == [
        "AWS peering connection aws_account_id=123456789012, vpc_id=vpc-00000002"
    ]
    assert result["changed"] is True


def test_absent_deletes_several_connections(atlas: Simulator, client: Client) -> None:
    bring(client, atlas.project_id, vpc(1), vpc(2), OPTIONS["GCP"])
    other = atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE")
    gone = [vpc(1), vpc(3), OPTIONS["GCP"]]
    result = bring(client, atlas.project_id, *gone, present=False).as_result("peerings")
    assert [record["phase"] for record in result["peerings"]] == ["deleting", "absent", "deleting"]
    assert (result["changed"], len(result["diff"])) == (True, 2)
    phases = {peer.get("vpcId", "gcp"): peer.get("statusName", peer.get("status")) for peer in atlas.peers()}
    assert [phases[key] for key in ("vpc-00000001", "vpc-00000002", "gcp")] == ["TERMINATING", "INITIATING", "DELETING"]
    assert [peer["statusName"] for peer in atlas.peers() if peer["id"] == other] == ["AVAILABLE"]


@pytest.mark.parametrize("late", [1, 2, 3])
def test_failed_write_of_one_connection_leaves_others_changed(atlas: Simulator, client: Client, late: int) -> None:
    refusal = {"errorCode": "ACCESS_FORBIDDEN", "detail": "No."}
    atlas.fault("POST", "/peers$", skip=late - 1, status=403, body=refusal)
    result = bring(client, atlas.project_id, vpc(1), vpc(2), vpc(3))
    assert [outcome.changed for outcome in result.outcomes] == [number != late for number in (1, 2, 3)]
    said = result.as_result("peerings")
    failed = f"Could not create the AWS peering connection aws_account_id=123456789012, vpc_id=vpc-{late:08x} in"
    assert said["msg"].startswith(f"1 of 3 peering connections failed. {failed}")
    assert said["msg"].endswith("Completed changes are kept. Run the task again to retry the rest.")
    assert "ACCESS_FORBIDDEN" in said["msg"]
    assert said["failure"]["kind"] == "ApiError"
    assert said["changed"] is True
    assert [record["vpc_id"] for record in said["peerings"]] == [f"vpc-{number:08x}" for number in (1, 2, 3)]
    phases = ["absent" if number == late else "pending" for number in (1, 2, 3)]
    assert [record["phase"] for record in said["peerings"]] == phases
    assert len(said["diff"]) == 2
    again = bring(client, atlas.project_id, vpc(1), vpc(2), vpc(3))
    assert [outcome.changed for outcome in again.outcomes] == [number == late for number in (1, 2, 3)]
    assert len(atlas.peers()) == 3


def test_equal_errors_are_reported_once(atlas: Simulator, client: Client) -> None:
    atlas.fault("DELETE", times=None, status=403, body={"errorCode": "ACCESS_FORBIDDEN", "detail": "No."})
    bring(client, atlas.project_id, vpc(1), vpc(2))
    result = bring(client, atlas.project_id, vpc(1), vpc(2), present=False).as_result("peerings")
    assert result["msg"].startswith("2 of 2 peering connections failed. Could not delete")
    assert (result["failed"], result["changed"]) == (True, False)
    assert [record["phase"] for record in result["peerings"]] == ["pending", "pending"]


def test_lost_create_among_several_is_adopted(atlas: Simulator, client: Client) -> None:
    atlas.fault("POST", skip=1, drop=True, applied=True)
    result = bring(client, atlas.project_id, vpc(1), vpc(2), vpc(3)).as_result("peerings")
    assert (result["changed"], len(result["diff"]), len(atlas.peers())) == (True, 3, 3)
    assert len(atlas.writes()) == 3


def test_several_plan_errors_are_one_message(atlas: Simulator, client: Client) -> None:
    atlas.add_peer(atlas.project_id, "GCP", "FAILED", "Why?", gcpProjectId="my-project-191923", networkName="default")
    with pytest.raises(PlanError) as refusal:
        bring(
            client,
            atlas.project_id,
            vpc(1, route_table_cidr_block="8.8.8.0/24"),
            OPTIONS["GCP"],
            in_region(2, atlas_cidr_block=None),
        )
    assert refusal.value.message.startswith(
        f"3 problems found in project {atlas.project_id}; no changes were made there: (1) "
    )
    problems = refusal.value.details["problems"]
    assert [problem["failure"]["kind"] for problem in problems] == ["InputError", "PlanError", "PlanError"]
    for number, problem in enumerate(problems, start=1):
        assert f"({number}) {problem['msg']}" in refusal.value.message
    assert problems[1]["failure"]["peering"]["status"] == "FAILED"
    assert atlas.writes() == []


# Several projects


@pytest.mark.parametrize("name", ["AWS", "AZURE"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_same_network_and_block_in_two_projects_warns(
    atlas: Simulator, client: Client, name: str, check_mode: bool
) -> None:
    """It is said where a container is declared and where it was read, and costs no request."""
    here = {**by_region(name), "atlas_cidr_block": "192.168.232.0/21"}
    block = {"AWS": "192.168.240.0/21", "AZURE": "192.168.248.0/21"}[name]
    for own, warned in ((here, False), ({**here, "atlas_cidr_block": block}, True)):
        fresh = atlas.add_project(f"fresh {warned}", containers=False)
        atlas.clear_log()
        region = {"AWS": "US_EAST_1", "AZURE": "EUROPE_NORTH"}[name]
        there = {**by_region(name, container_region=region, atlas_cidr_block=None), "project_id": atlas.project_id}
        warnings = bring(client, fresh, own, there, check_mode=check_mode).warnings
        assert len(warnings) == warned, warnings
        assert len([one for one in requests(atlas) if one == ("GET", "containers")]) <= 2
    assert f"{block} of project {atlas.project_id}" in warnings[0]


def test_small_gcp_container_with_too_many_regions_fails(atlas: Simulator, client: Client, project_id: str) -> None:
    entries = [
        by_region("GCP", network_name=f"net-{region}", container_region=region, atlas_cidr_block="10.128.0.0/23")
        for region in ("us-east1", "us-west1", "europe-west1")
    ]
    with pytest.raises(PlanError, match="has room for 2 regions, and 3 are named: EASTERN_US, WESTERN_EUROPE"):
        bring(client, project_id, *entries, check_mode=True)
