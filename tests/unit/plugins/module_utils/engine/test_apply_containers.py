# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers: declared, planned and applied, against a simulator that counts the requests."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import parse_desired
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import (
    CREATE,
    DELETE,
    NO_OP,
    UPDATE,
    Desired,
)
from simulator import Simulator
from support import samples
from support.engine import only, sync_containers
from support.samples import (
    CONTAINERS,
    NAMES,
    OTHER_PROJECT,
    PROJECT,
    declare_container,
)

EVERY_CLOUD = pytest.mark.parametrize("name", NAMES)
UNKNOWN = "0" * 24
OTHER_BLOCK = {"AWS": "10.16.0.0/21", "AZURE": "10.16.0.0/21", "GCP": "10.64.0.0/18"}
LOST: list[dict[str, Any]] = [{"drop": True}, {"status": 503}, {"truncate": True}]


@pytest.fixture(autouse=True)
def _time_flies(fast_forward: Any) -> None:
    """No test here waits."""


@pytest.fixture
def project_id(atlas: Simulator) -> str:
    """Return a project that has no containers."""
    return atlas.add_project("empty", containers=False)


def wanted_in(project_id: str, name: str, complete: bool = True, **changes: Any) -> Desired:
    return parse_desired(CONTAINER, {**CONTAINERS[name], **changes}, project_id, complete)


def one(client: Client, desired: Desired, present: bool = True, check_mode: bool = False) -> Outcome:
    return only(sync_containers(client, [desired], present, check_mode))


def seed(atlas: Simulator, project_id: str, name: str, block: str = "", provisioned: bool = False) -> str:
    """Put the sample container of a cloud into Atlas, without clusters unless provisioned."""
    place = CONTAINERS[name].get("region")
    return atlas.add_container(project_id, name, place, block or CONTAINERS[name]["atlas_cidr_block"], provisioned)


def made(atlas: Simulator) -> list[str]:
    return [exchange.method for exchange in atlas.exchanges]


def there(atlas: Simulator, client: Client, project_id: str) -> dict[str, str]:
    """Return the blocks of all containers by their ids, without leaving a trace in the log."""
    found = {record["id"]: record["atlas_cidr_block"] for record in ContainerApi(client).list_all(project_id)}
    atlas.clear_log()
    return found


# Plans

RECORD = {name: samples.container_record(name) for name in NAMES}
OTHER_PLACE = {"AWS": {"region": "US_WEST_2"}, "AZURE": {"region": "US_EAST"}, "GCP": {}}
PLANS: list[tuple[str, dict[str, Any], list[Any], bool, str]] = [
    *((name, {}, [], True, CREATE) for name in NAMES),
    *((name, {}, [RECORD[name]], True, NO_OP) for name in NAMES),
    *((name, {"atlas_cidr_block": None}, [RECORD[name]], True, NO_OP) for name in NAMES),
    *((name, {"atlas_cidr_block": OTHER_BLOCK[name]}, [RECORD[name]], True, UPDATE) for name in NAMES),
    *((name, {}, [samples.container_record(name, OTHER_PROJECT)], True, CREATE) for name in NAMES),
    *((name, {}, [RECORD[other] for other in NAMES if other != name], True, CREATE) for name in NAMES),
    *((name, OTHER_PLACE[name], [RECORD[name]], True, CREATE) for name in ("AWS", "AZURE")),
    *((name, {}, [RECORD[name]], False, DELETE) for name in NAMES),
    *((name, {}, [], False, NO_OP) for name in NAMES),
    ("AWS", {"region": "eu-west-1"}, [RECORD["AWS"]], True, NO_OP),
    ("AWS", {"region": "eu-west-1"}, [samples.container_record("AWS", region="eu-west-1")], True, NO_OP),
    ("AWS", {"atlas_cidr_block": None}, [], True, CREATE),
    ("GCP", {"regions": ["b-us", "A_US"]}, [samples.container_record("GCP", regions=["A_US", "B_US"])], True, NO_OP),
    ("AZURE", {"atlas_cidr_block": "10.8.0.0/255.255.248.0"}, [RECORD["AZURE"]], True, NO_OP),
    ("AWS", {"region": None, "container_id": RECORD["AWS"]["id"]}, [RECORD["AWS"]], True, NO_OP),
]


@pytest.mark.parametrize(("name", "options", "found", "present", "action"), PLANS)
def test_container_plans_action(
    name: str, options: dict[str, Any], found: list[Any], present: bool, action: str
) -> None:
    assert planning.plan(declare_container(name, present, **options), found, present).action == action


@pytest.mark.parametrize("name", ["AZURE", "GCP"])
def test_create_without_atlas_cidr_block_fails(name: str) -> None:
    desired = declare_container(name, atlas_cidr_block=None)
    with pytest.raises(InputError) as refusal:
        planning.plan(desired, [], present=True)
    assert str(refusal.value) == (
        f"atlas_cidr_block is missing: project {PROJECT} has no {desired.name} yet, and creating one needs it."
    )


@pytest.mark.parametrize(
    ("options", "found", "words"),
    [
        (
            {"container_id": RECORD["AWS"]["id"], "region": "US_WEST_2"},
            [RECORD["AWS"]],
            ["region is EU_WEST_1 and should be US_WEST_2.", "Keep the old value, or replace the container: delete it"],
        ),
        (
            {"container_id": UNKNOWN},
            [RECORD["AWS"]],
            [f"There is no container {UNKNOWN} in project {PROJECT}.", "Leave container_id out to create one."],
        ),
        (
            {"container_id": RECORD["GCP"]["id"]},
            [RECORD["GCP"]],
            [f"The container {RECORD['GCP']['id']} is one of GCP, not of AWS."],
        ),
        (
            {},
            [RECORD["AWS"], {**RECORD["AWS"], "id": UNKNOWN}],
            ["2 containers of project", f"{RECORD['AWS']['id']}, {UNKNOWN}", "Set container_id to choose one."],
        ),
    ],
)
def test_container_plan_fails(options: dict[str, Any], found: list[Any], words: list[str]) -> None:
    with pytest.raises(PlanError) as refusal:
        planning.plan(declare_container("AWS", **options), found, present=True)
    assert [part for part in words if part not in str(refusal.value)] == []


def test_different_gcp_regions_fail() -> None:
    found = samples.container_record("GCP", regions=["EASTERN_US"])
    with pytest.raises(PlanError, match=r"regions is \['EASTERN_US'\] and should be \['WESTERN_US'\]") as refusal:
        planning.plan(declare_container("GCP", regions=["WESTERN_US"]), [found], present=True)
    assert refusal.value.details == {"container": found}


# Create, adopt, change


@EVERY_CLOUD
def test_missing_container_is_created(atlas: Simulator, client: Client, project_id: str, name: str) -> None:
    desired = wanted_in(project_id, name)
    predicted = one(client, desired, check_mode=True)
    assert made(atlas) == ["GET"]
    created = one(client, desired)
    assert made(atlas) == ["GET", "GET", "POST"]
    assert atlas.writes()[0].request_json == {
        "providerName": name,
        **{f.api: desired.values[f.option] for f in CLOUDS[name].container.fields if f.option in desired.values},
    }
    assert (created.changed, created.before) == (predicted.changed, predicted.before) == (True, None)
    assert {**(predicted.after or {}), "id": (created.after or {})["id"]} == created.after
    again = one(client, desired)
    assert again == Outcome(desired, "unchanged", False, created.after, created.after)
    assert made(atlas)[3:] == ["GET"]


@EVERY_CLOUD
@pytest.mark.parametrize("block", [True, False])
def test_existing_container_is_unchanged(
    atlas: Simulator, client: Client, project_id: str, name: str, block: bool
) -> None:
    container_id = seed(atlas, project_id, name)
    outcome = one(client, wanted_in(project_id, name, **({} if block else {"atlas_cidr_block": None})))
    assert (outcome.changed, (outcome.after or {})["id"]) == (False, container_id)
    assert atlas.writes() == []


def test_container_reads_only_own_cloud(atlas: Simulator, client: Client, project_id: str) -> None:
    one(client, wanted_in(project_id, "AZURE"), check_mode=True)
    assert [exchange.query["providerName"] for exchange in atlas.exchanges] == ["AZURE"]


def test_aws_without_atlas_cidr_block_gets_block_of_atlas(atlas: Simulator, client: Client, project_id: str) -> None:
    desired = wanted_in(project_id, "AWS", atlas_cidr_block=None)
    assert (one(client, desired, check_mode=True).after or {})["atlas_cidr_block"] is None
    created = one(client, desired)
    assert atlas.writes()[0].request_json == {"providerName": "AWS", "regionName": "EU_WEST_1"}
    assert (created.after or {})["atlas_cidr_block"].startswith("192.168.")
    assert one(client, desired).changed is False


@pytest.mark.parametrize("name", ["AZURE", "GCP"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_atlas_cidr_block_is_required_only_to_create(
    atlas: Simulator, client: Client, project_id: str, name: str, check_mode: bool
) -> None:
    desired = wanted_in(project_id, name, atlas_cidr_block=None)
    with pytest.raises(InputError, match="atlas_cidr_block is missing"):
        one(client, desired, check_mode=check_mode)
    assert atlas.writes() == []
    seed(atlas, project_id, name)
    assert one(client, desired, check_mode=check_mode).changed is False
    assert one(client, desired, present=False, check_mode=check_mode).changed is True


def test_gcp_without_region_is_created(atlas: Simulator, client: Client, project_id: str) -> None:
    one(client, wanted_in(project_id, "GCP"))
    assert atlas.writes()[0].request_json == {"providerName": "GCP", "atlasCidrBlock": "10.128.0.0/18"}


def test_gcp_with_regions_is_created_and_unchanged(atlas: Simulator, client: Client, project_id: str) -> None:
    limited = {"atlas_cidr_block": "10.128.0.0/22", "regions": ["western-us", "EASTERN_US"]}
    created = one(client, wanted_in(project_id, "GCP", **limited))
    assert atlas.writes()[0].request_json["regions"] == ["EASTERN_US", "WESTERN_US"]
    assert (created.after or {})["regions"] == ["EASTERN_US", "WESTERN_US"]
    turned = {**limited, "regions": ["EASTERN_US", "WESTERN_US", "EASTERN_US"]}
    assert one(client, wanted_in(project_id, "GCP", **turned)).changed is False


@EVERY_CLOUD
def test_different_atlas_cidr_block_is_updated(atlas: Simulator, client: Client, project_id: str, name: str) -> None:
    container_id = seed(atlas, project_id, name)
    desired = wanted_in(project_id, name, atlas_cidr_block=OTHER_BLOCK[name])
    predicted = one(client, desired, check_mode=True)
    assert atlas.writes() == []
    outcome = one(client, desired)
    assert outcome == predicted
    assert (outcome.changed, (outcome.before or {})["atlas_cidr_block"]) == (True, CONTAINERS[name]["atlas_cidr_block"])
    (write,) = atlas.writes()
    place = {"AWS": {"regionName": "EU_WEST_1"}, "AZURE": {"region": "EUROPE_WEST"}, "GCP": {}}[name]
    assert write.request_json == {"providerName": name, **place, "atlasCidrBlock": OTHER_BLOCK[name]}
    assert there(atlas, client, project_id) == {container_id: OTHER_BLOCK[name]}
    assert one(client, desired).changed is False


def test_container_id_alone_is_unchanged_or_updated(atlas: Simulator, client: Client, project_id: str) -> None:
    container_id = seed(atlas, project_id, "AWS")
    only = {"provider_name": "AWS", "container_id": container_id}
    assert one(client, parse_desired(CONTAINER, only, project_id, True)).changed is False
    other = {**only, "atlas_cidr_block": "10.16.0.0/21"}
    assert one(client, parse_desired(CONTAINER, other, project_id, True)).changed is True
    assert atlas.writes()[0].path.endswith(container_id)
    bare = parse_desired(CONTAINER, {"container_id": container_id}, project_id, False)
    assert (one(client, bare, present=False).before or {})["atlas_cidr_block"] == "10.16.0.0/21"


def test_unknown_container_id_fails_if_present_and_is_unchanged_if_absent(
    atlas: Simulator, client: Client, project_id: str
) -> None:
    known = parse_desired(CONTAINER, {"provider_name": "AWS", "container_id": UNKNOWN}, project_id, True)
    with pytest.raises(PlanError, match=f"There is no container {UNKNOWN}"):
        one(client, known)
    bare = parse_desired(CONTAINER, {"container_id": UNKNOWN}, project_id, False)
    for check_mode in (True, False):
        assert one(client, bare, present=False, check_mode=check_mode) == Outcome(bare, "unchanged", False, None, None)
    assert bare.absent == {"id": UNKNOWN, "project_id": project_id, "provider_name": None}
    assert atlas.writes() == []


@pytest.mark.parametrize("status", [401, 403, 500])
def test_failed_read_of_container_is_never_treated_as_absent(
    atlas: Simulator, client: Client, project_id: str, status: int
) -> None:
    atlas.fault("GET", times=None, status=status)
    bare = parse_desired(CONTAINER, {"container_id": UNKNOWN}, project_id, False)
    for desired in (bare, wanted_in(project_id, "AWS")):
        with pytest.raises(ApiError):
            one(client, desired, present=False)
    assert atlas.writes() == []


def test_container_of_unknown_provider_by_id_fails(atlas: Simulator, client: Client, project_id: str) -> None:
    """The specification names TENANT and SERVERLESS beside the clouds."""
    atlas.fault("GET", status=200, body={"id": UNKNOWN, "providerName": "TENANT"})
    bare = parse_desired(CONTAINER, {"container_id": UNKNOWN}, project_id, False)
    with pytest.raises(AtlasError):
        one(client, bare, present=False)


def test_container_of_unknown_provider_is_not_listed(atlas: Simulator, client: Client, project_id: str) -> None:
    known = samples.container_answer("AWS")
    strange = {"id": UNKNOWN, "providerName": "TENANT"}
    atlas.fault("GET", status=200, body={"results": [strange, known], "totalCount": 2})
    assert [record["id"] for record in ContainerApi(client).list_all(project_id)] == [known["id"]]


@pytest.mark.parametrize("provider", [None, 7])
def test_list_of_containers_without_provider_fails(
    atlas: Simulator, client: Client, project_id: str, provider: int | None
) -> None:
    strange = {**samples.container_answer("AWS"), "providerName": provider}
    atlas.fault("GET", status=200, body={"results": [strange], "totalCount": 1})
    with pytest.raises(AtlasError, match="something else than containers in it"):
        ContainerApi(client).list_all(project_id)


# In use


@pytest.mark.parametrize("present", [True, False])
def test_container_in_use_fails_with_its_connections(
    atlas: Simulator, client: Client, project_id: str, present: bool
) -> None:
    container_id = seed(atlas, project_id, "AWS")
    other_id = atlas.add_container(project_id, "AWS", "US_WEST_2", "10.24.0.0/21", provisioned=False)
    peer_id = atlas.add_peer(project_id, "AWS", "AVAILABLE", containerId=container_id, vpcId="vpc-0000000a")
    other = atlas.add_peer(project_id, "AWS", "AVAILABLE", containerId=other_id)
    desired = wanted_in(project_id, "AWS", atlas_cidr_block="10.16.0.0/21")
    with pytest.raises(PlanError) as refusal:
        one(client, desired, present=present)
    operation = "update" if present else "delete"
    assert refusal.value.message.startswith(f"Could not {operation} the AWS container in EU_WEST_1 in project")
    assert "CONTAINERS_IN_USE" in refusal.value.message
    used = f"Peering connections use it: {peer_id} to 123456789012/vpc-0000000a (AVAILABLE). Delete them first"
    assert str(refusal.value.hint).startswith(used)
    assert other not in str(refusal.value)
    assert refusal.value.details["error_code"] == "CONTAINERS_IN_USE"
    assert there(atlas, client, project_id)[container_id] == "10.8.0.0/21"


def test_container_in_use_by_unreadable_connections_fails_as_atlas_says(
    atlas: Simulator, client: Client, project_id: str
) -> None:
    seed(atlas, project_id, "AWS", provisioned=True)
    atlas.fault("GET", "/peers", status=403, body={"errorCode": "USER_UNAUTHORIZED"})
    with pytest.raises(ApiError) as refusal:
        away(client, wanted_in(project_id, "AWS"), 0)
    assert refusal.value.code == "CONTAINERS_IN_USE"


@EVERY_CLOUD
@pytest.mark.parametrize(("patience", "requests"), [(0, 1), (60, 9)])
def test_container_in_use_without_connections_hint_names_no_cause(
    atlas: Simulator, client: Client, project_id: str, name: str, patience: int, requests: int
) -> None:
    seed(atlas, project_id, name, provisioned=True)
    with pytest.raises(PlanError) as refusal:
        away(client, wanted_in(project_id, name), patience)
    assert refusal.value.hint == (
        "No peering connection uses it. Atlas does not report what does: a cluster in its region, cloud backups of "
        "one, or a deleted resource that Atlas has not cleaned up yet, which may take an hour. Delete what is no "
        "longer needed, and run the task again later, or raise delete_timeout."
    )
    assert len(atlas.writes()) == requests


def away(client: Client, desired: Desired, patience: float, check_mode: bool = False) -> Outcome:
    outcome = only(sync_containers(client, [desired], False, check_mode, patience))
    return outcome


@EVERY_CLOUD
def test_absent_waits_until_container_is_released(simulate: Any, connect: Any, fast_forward: Any, name: str) -> None:
    """Its last connection is on its way out, and then Atlas takes two minutes."""
    atlas = simulate(clear_up_seconds=120)
    fast_forward.on_sleep = lambda: atlas.advance(fast_forward.pauses[-1])
    project_id = atlas.add_project("empty", containers=False)
    container_id = seed(atlas, project_id, name)
    peer_id = atlas.add_peer(project_id, name, "AVAILABLE", containerId=container_id)
    client = connect(atlas)
    client.delete(f"groups/{project_id}/peers/{peer_id}", "delete the connection")
    desired = wanted_in(project_id, name)
    assert away(client, desired, 60, check_mode=True).changed is True
    assert fast_forward.pauses == []
    with pytest.raises(PlanError, match="raise delete_timeout"):
        away(client, desired, 60)
    assert fast_forward.pauses[:6] == [1, 2, 4, 8, 10, 10]
    assert sum(fast_forward.pauses) <= 60
    assert away(client, desired, 600).changed is True
    assert away(client, desired, 600).changed is False


def test_container_in_use_fails_with_deleting_connection(atlas: Simulator, client: Client, project_id: str) -> None:
    container_id = seed(atlas, project_id, "AWS")
    peer_id = atlas.add_peer(project_id, "AWS", "AVAILABLE", containerId=container_id)
    client.delete(f"groups/{project_id}/peers/{peer_id}", "delete the connection")
    with pytest.raises(PlanError) as refusal:
        away(client, wanted_in(project_id, "AWS"), 0)
    assert str(refusal.value.hint).startswith(f"Peering connections in it are still being deleted: {peer_id} to ")


def test_container_in_use_by_available_connection_fails_without_waiting(
    atlas: Simulator, client: Client, project_id: str, fast_forward: Any
) -> None:
    container_id = seed(atlas, project_id, "AWS")
    atlas.add_peer(project_id, "AWS", "AVAILABLE", containerId=container_id)
    with pytest.raises(PlanError, match="Delete them first"):
        away(client, wanted_in(project_id, "AWS"), 600)
    assert (fast_forward.pauses, len(atlas.writes())) == ([], 1)


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("there", [True, False])
def test_invalid_atlas_cidr_block_fails_without_writing(
    atlas: Simulator, client: Client, project_id: str, check_mode: bool, there: bool
) -> None:
    if there:
        seed(atlas, project_id, "AWS")
    with pytest.raises(PlanError, match=r"^2 problems .* 8\.0\.0\.0/8 is not within .* must be from /21 to /24"):
        one(client, wanted_in(project_id, "AWS", atlas_cidr_block="8.0.0.0/8"), check_mode=check_mode)
    assert atlas.writes() == []


def test_rejected_container_write_fails(atlas: Simulator, client: Client, project_id: str) -> None:
    seed(atlas, project_id, "AWS")
    for method, present in (("PATCH", True), ("DELETE", False)):
        atlas.fault(method, status=400, body={"errorCode": "INVALID_ATTRIBUTE", "detail": "No."})
        with pytest.raises(ApiError, match="INVALID_ATTRIBUTE"):
            one(client, wanted_in(project_id, "AWS", atlas_cidr_block="10.16.0.0/21"), present=present)
    assert [exchange.method for exchange in atlas.writes()] == ["PATCH", "DELETE"]


# Delete


@EVERY_CLOUD
def test_absent_twice_is_unchanged(atlas: Simulator, client: Client, project_id: str, name: str) -> None:
    seed(atlas, project_id, name)
    atlas.advance(5)
    desired = wanted_in(project_id, name, complete=False)
    predicted = one(client, desired, present=False, check_mode=True)
    assert atlas.writes() == []
    deleted = one(client, desired, present=False)
    assert deleted == predicted
    assert (deleted.changed, deleted.after) == (True, None)
    assert deleted.as_result()["container"] == desired.absent
    assert one(client, desired, present=False) == Outcome(desired, "unchanged", False, None, None)
    assert [exchange.method for exchange in atlas.writes()] == ["DELETE"]


def test_container_deleted_concurrently_is_changed(atlas: Simulator, client: Client, project_id: str) -> None:
    seed(atlas, project_id, "AWS")
    atlas.fault("DELETE", status=404, body={"errorCode": "CLOUD_PROVIDER_CONTAINER_NOT_FOUND"})
    assert one(client, wanted_in(project_id, "AWS"), present=False).changed is True


def test_delete_of_recently_created_container_is_retried(
    atlas: Simulator, client: Client, project_id: str, fast_forward: Any
) -> None:
    desired = wanted_in(project_id, "AWS")
    one(client, desired)
    assert one(client, desired, present=False).changed is True
    assert fast_forward.pauses == [0.6, 0.6]
    assert [exchange.status for exchange in atlas.writes()] == [200, 409, 409, 204]
    assert there(atlas, client, project_id) == {}


def test_delete_of_recently_created_container_fails_after_retries(
    atlas: Simulator, client: Client, project_id: str, fast_forward: Any
) -> None:
    seed(atlas, project_id, "AWS")
    code = {"errorCode": "CANNOT_DELETE_RECENTLY_CREATED_CONTAINER", "detail": "Too young."}
    atlas.fault("DELETE", times=None, status=409, body=code)
    with pytest.raises(ApiError, match="Too young"):
        one(client, wanted_in(project_id, "AWS"), present=False)
    assert [exchange.method for exchange in atlas.writes()] == ["DELETE"] * 5
    assert fast_forward.pauses == [0.6] * 4


# Races and lost answers


@EVERY_CLOUD
def test_container_created_concurrently_is_adopted(
    atlas: Simulator, client: Client, project_id: str, name: str
) -> None:
    container_id = seed(atlas, project_id, name)
    atlas.fault("GET", status=200, body={"results": [], "totalCount": 0})
    outcome = one(client, wanted_in(project_id, name))
    assert made(atlas) == ["GET", "POST", "GET"]
    assert atlas.writes()[0].response_json["errorCode"] == "CONTAINER_ALREADY_EXISTS"
    assert (outcome.changed, outcome.before, (outcome.after or {})["id"]) == (False, None, container_id)


def test_different_container_created_concurrently_fails(atlas: Simulator, client: Client, project_id: str) -> None:
    seed(atlas, project_id, "AWS", "10.16.0.0/21")
    atlas.fault("GET", status=200, body={"results": [], "totalCount": 0})
    with pytest.raises(ApiError, match="CONTAINER_ALREADY_EXISTS"):
        one(client, wanted_in(project_id, "AWS"))
    assert made(atlas) == ["GET", "POST", "GET"]


@EVERY_CLOUD
@pytest.mark.parametrize("fault", LOST)
def test_lost_container_create_that_took_effect_is_adopted(
    atlas: Simulator, client: Client, project_id: str, name: str, fault: dict[str, Any]
) -> None:
    atlas.fault("POST", applied=True, **fault)
    outcome = one(client, wanted_in(project_id, name))
    assert made(atlas) == ["GET", "POST", "GET"]
    assert (outcome.changed, outcome.before) == (True, None)
    assert list(there(atlas, client, project_id)) == [(outcome.after or {})["id"]]


@pytest.mark.parametrize("fault", LOST[:2])
def test_lost_container_create_without_effect_fails(
    atlas: Simulator, client: Client, project_id: str, fault: dict[str, Any]
) -> None:
    atlas.fault("POST", **fault)
    with pytest.raises(AtlasError, match="Could not create the AWS container in EU_WEST_1") as caught:
        one(client, wanted_in(project_id, "AWS"))
    assert caught.value.outcome_unknown is True
    assert made(atlas) == ["GET", "POST", "GET"]


@pytest.mark.parametrize("fault", LOST[:2])
def test_lost_container_update_is_adopted(
    atlas: Simulator, client: Client, project_id: str, fault: dict[str, Any]
) -> None:
    seed(atlas, project_id, "AZURE")
    atlas.fault("PATCH", applied=True, **fault)
    outcome = one(client, wanted_in(project_id, "AZURE", atlas_cidr_block="10.16.0.0/21"))
    assert (outcome.changed, (outcome.after or {})["atlas_cidr_block"]) == (True, "10.16.0.0/21")
    assert [exchange.method for exchange in atlas.writes()] == ["PATCH"]


@EVERY_CLOUD
def test_container_with_api_version_1_gives_equal_results(
    atlas: Simulator, connect: Any, project_id: str, name: str
) -> None:
    old, desired = connect(atlas, api_version="v1.0"), wanted_in(project_id, name)
    created = one(old, desired)
    assert one(connect(atlas), desired) == Outcome(desired, "unchanged", False, created.after, created.after)
