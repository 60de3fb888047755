# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection from its creation to its deletion: each cloud, and both versions of the API."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.run_playbook import Play, Run, Task
from support.samples import identity, in_api
from support.tasks import absent, connection, info, peering, tried

OTHER_BLOCK = "10.16.0.0/16"
AFTER_CREATION = {
    "AWS": ("INITIATING", "PENDING_ACCEPTANCE", "action_required"),
    "AZURE": ("ADDING_PEER", "AVAILABLE", "available"),
    "GCP": ("ADDING_PEER", "WAITING_FOR_USER", "action_required"),
}
DELETING = {"AWS": "TERMINATING", "AZURE": "DELETING", "GCP": "DELETING"}
NEXT_ACTION = {
    "AWS": "Accept {connection_id} in AWS account 123456789012, us-east-1, before it expires after 7 days.",
    "AZURE": "",
    "GCP": "Create a peering from network default of GCP project my-project-191923 "
    "to network {atlas_network_name} of project {atlas_gcp_project_id}.",
}
FIXED: dict[str, dict[str, str]] = {
    "AWS": {"container_id": "64a1f0c35b7e2d4198c3ea09"},
    "AZURE": {"resource_group_name": "other", "azure_directory_id": "00000000-0000-4000-8000-000000000000"},
    "GCP": {"container_id": "64a1f0c35b7e2d4198c3ea09"},
}


def all_tasks(cloud: str) -> list[Task]:
    desired, check = connection(cloud), {"check_mode": True}
    routed = {**desired, "route_table_cidr_block": OTHER_BLOCK}
    updates = [
        peering("predict update", routed, **check),
        peering("update", routed),
        peering("update again", routed),
    ]
    last = routed if cloud == "AWS" else desired
    return [
        peering("predict creation", desired, **check),
        peering("create", desired, register="created"),
        peering("create again", desired),
        *(updates if cloud == "AWS" else []),
        *tried(peering("change what is fixed", {**last, **FIXED[cloud], "peer_id": "{{ created.peering.id }}"})),
        info("read"),
        info("read in check mode", {"provider_name": cloud}, **check),
        absent("predict deletion", identity(cloud), **check),
        absent("delete", identity(cloud)),
        absent("delete again", identity(cloud)),
        absent("predict deletion of nothing", identity(cloud), **check),
    ]


@pytest.mark.parametrize(
    ("cloud", "version"),
    [
        pytest.param("AWS", "v2", marks=pytest.mark.smoke),
        pytest.param("AZURE", "v2", marks=pytest.mark.smoke),
        pytest.param("GCP", "v2", marks=pytest.mark.smoke),
        pytest.param("AWS", "v1.0", marks=pytest.mark.slow),
    ],
)
def test_lifecycle_of_connection_per_cloud_and_version(cloud: str, version: str, atlas: Simulator, play: Play) -> None:
    defaults = {"group/atlasops.network.atlas": {"api_version": version}}
    run = play(*all_tasks(cloud), module_defaults=defaults, args=["--diff"])

    assert run.returncode == 0, run.output
    changes = {entry["task"] for entry in run.results if entry["result"].get("changed")}
    assert changes == {
        *("predict creation", "create", "predict deletion", "delete"),
        *(("predict update", "update") if cloud == "AWS" else ()),
    }
    assert {exchange.path.split("/")[3] for exchange in atlas.exchanges} == {version}
    check_creation(run, cloud)
    check_refusal(run, cloud)
    check_reading(run, cloud)
    check_deletion(run, cloud)
    peer_id = run["create"]["peering"]["id"]
    assert [(write.method, write.path.partition("/peers")[2], write.request_json) for write in atlas.writes()] == [
        ("POST", "", {"providerName": cloud, **in_api(cloud)}),
        *check_update(run, cloud, peer_id),
        ("DELETE", f"/{peer_id}", None),
    ]
    assert atlas.peers() == []


def check_creation(run: Run, cloud: str) -> None:
    first, status, phase = AFTER_CREATION[cloud]
    predicted, created, found = (run[task]["peering"] for task in ("predict creation", "create", "create again"))
    declared = connection(cloud)
    for record in (predicted, created, found):
        assert record == {**record, **declared}
    assert (predicted["id"], predicted["status"], predicted["phase"]) == (None, first, "pending")
    assert predicted == {**created, "id": None}
    assert found["id"] == created["id"]
    action = NEXT_ACTION[cloud].format(**found) or None
    assert (found["status"], found["phase"], found["next_action"]) == (status, phase, action)
    assert "None" not in (action or "")
    for task in ("predict creation", "create"):
        assert run[task]["diff"] == {"before": {}, "after": run[task]["peering"]}
    assert run["create again"]["diff"] == {"before": found, "after": found}


def check_update(run: Run, cloud: str, peer_id: str) -> list[tuple[str, str, Any]]:
    """Return the write that an update makes, where the cloud knows updates."""
    if cloud != "AWS":
        return []
    # A change reads the containers, which what is unchanged does not.
    container = {key: run["create"]["peering"][key] for key in ("container_region", "atlas_cidr_block")}
    before = {**run["create again"]["peering"], **container}
    after = {**before, "route_table_cidr_block": OTHER_BLOCK}
    for task in ("predict update", "update"):
        assert run[task]["diff"] == {"before": before, "after": after}
        assert run[task]["peering"] == after
    assert '-    "route_table_cidr_block": "10.15.0.0/16"' in run.stdout
    assert '+    "route_table_cidr_block": "10.16.0.0/16"' in run.stdout
    container = connection(cloud)["container_id"]
    body = {"providerName": cloud, "containerId": container, "routeTableCidrBlock": OTHER_BLOCK}
    return [("PATCH", f"/{peer_id}", body)]


def check_refusal(run: Run, cloud: str) -> None:
    msg = run.msg("change what is fixed")
    for option, value in FIXED[cloud].items():
        assert f"{option} is {connection(cloud)[option]} and should be {value}" in msg
    assert "delete it (state: absent), wait until it is gone, and run the task again" in msg
    assert run["change what is fixed"]["failure"]["kind"] == "PlanError"


def check_reading(run: Run, cloud: str) -> None:
    last = run["update again" if cloud == "AWS" else "create again"]["peering"]
    # Atlas says null for the region of the container, and nobody declares it here.
    expected = {**last, "accepter_region_name": None} if cloud == "AWS" else last
    read = run["read"]["peerings"]
    acting = {key: last[key] for key in ("next_action", "next_command")}  # which name the region
    assert [{**record, **acting} for record in read] == [expected]
    assert run["read in check mode"]["peerings"] == read


def check_deletion(run: Run, cloud: str) -> None:
    for task in ("predict deletion", "delete"):
        result = run[task]
        deleted, diff = result["peering"], result["diff"]
        assert (deleted["status"], deleted["phase"]) == (DELETING[cloud], "deleting")
        assert diff["before"]["phase"] == AFTER_CREATION[cloud][2]
        assert diff["after"] == deleted
    for task in ("delete again", "predict deletion of nothing"):
        gone = run[task]["peering"]
        assert gone == {**gone, **identity(cloud), "id": None, "status": None, "phase": "absent"}
        assert run[task]["diff"] == {"before": {}, "after": {}}


def test_deleting_connection_fails_if_present_and_is_unchanged_if_absent(atlas: Simulator, play: Play) -> None:
    for cloud, status in DELETING.items():
        atlas.add_peer(atlas.project_id, cloud, status=status, **in_api(cloud))
    run = play(
        *(absent(f"delete {cloud}", identity(cloud)) for cloud in DELETING),
        *tried(*(peering(f"create {cloud}", connection(cloud)) for cloud in DELETING)),
    )
    for cloud, status in DELETING.items():
        assert run[f"delete {cloud}"]["changed"] is False
        assert run[f"delete {cloud}"]["peering"]["phase"] == "deleting"
        assert f"is being deleted ({status})" in run.msg(f"create {cloud}")
        assert "atlas_peering_wait with until: absent" in run.msg(f"create {cloud}")
    assert atlas.writes() == []


def test_failed_connection_fails_if_present_and_is_deleted_if_absent(atlas: Simulator, play: Play) -> None:
    failures = {"AWS": "EXPIRED", "AZURE": "No role on the network.", "GCP": "No such network."}
    ids = {
        cloud: atlas.add_peer(atlas.project_id, cloud, status="FAILED", error=error, **in_api(cloud))
        for cloud, error in failures.items()
    }
    run = play(
        *tried(*(peering(f"declare {cloud}", connection(cloud)) for cloud in ids)),
        info("read", {"phase": ["failed"]}),
        *(
            absent(
                f"delete {cloud}", {"provider_name": cloud, "peer_id": peer_id} if cloud == "GCP" else identity(cloud)
            )
            for cloud, peer_id in ids.items()
        ),
    )
    for cloud, error in failures.items():
        msg = run.msg(f"declare {cloud}")
        assert f"has failed: FAILED, {error}" in msg
        assert "Delete the connection (state: absent)" in msg
        assert run[f"declare {cloud}"]["failure"]["peering"]["id"] == ids[cloud]
        assert run[f"delete {cloud}"]["changed"] is True
    assert [record["error"] for record in run["read"]["peerings"]] == list(failures.values())
    assert [write.method for write in atlas.writes()] == ["DELETE"] * 3


def test_other_spelling_is_unchanged(atlas: Simulator, play: Play) -> None:
    """Case of Azure's names and UUIDs, Atlas' spelling of regions, a zero-padded account, an id with its alias."""
    aws, azure = connection("AWS", accepter_region_name="eu-west-1", aws_account_id="012345678901"), connection("AZURE")
    ids = [
        atlas.add_peer(
            atlas.project_id, "AWS", **in_api("AWS", accepter_region_name="eu-west-1", aws_account_id="012345678901")
        ),
        atlas.add_peer(atlas.project_id, "AZURE", **in_api("AZURE")),
    ]
    upper = {name: azure[name].upper() for name in ("azure_subscription_id", "resource_group_name", "vnet_name")}
    run = play(
        peering("region", {**aws, "accepter_region_name": "EU_WEST_1"}),
        peering("blanks", {**aws, "vpc_id": f" {aws['vpc_id']} "}),
        peering("case", {**azure, **upper}),
        peering("id", {"provider_name": "AZURE", "id": ids[1]}),
        peering("id beside fields", {**aws, "peer_id": ids[0], "group_id": atlas.project_id}),
    )
    assert run.returncode == 0, run.output
    assert [entry["result"]["peering"]["id"] for entry in run.results] == [ids[0], ids[0], ids[1], ids[1], ids[0]]
    assert not any(entry["result"]["changed"] for entry in run.results)
    assert atlas.writes() == []
