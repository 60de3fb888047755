# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An existing estate, exported into an inventory and managed from there: nothing changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator import Simulator
from support.run_playbook import Play, Run

EXPORT, FLEET = "atlasops.network.export", "atlasops.network.fleet"
#: Project -> its connections: cloud, status and API fields.
ESTATE: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "shop production": [
        ("AWS", "AVAILABLE", {"vpcId": "vpc-0000000000000000a"}),
        ("AWS", "AVAILABLE", {"vpcId": "vpc-0000000000000000a"}),
        ("AWS", "PENDING_ACCEPTANCE", {"vpcId": "vpc-0000000000000000b"}),
        ("AWS", "FAILED", {"vpcId": "vpc-0000000000000000c"}),
        ("AZURE", "AVAILABLE", {"vnetName": "no", "resourceGroupName": "1e3"}),
    ],
    "web": [("GCP", "AVAILABLE", {"networkName": "default"}), ("AZURE", "DELETING", {"vnetName": "old"})],
    "failed": [("GCP", "FAILED", {"networkName": "default"})],
    "none": [],
}


@pytest.fixture
def projects(atlas: Simulator) -> dict[str, str]:
    """Seed the estate; the second connection of a VPC is in another region."""
    ids = {name: atlas.add_project(name) for name in ESTATE}
    for name, connections in ESTATE.items():
        for number, (cloud, status, fields) in enumerate(connections):
            place = {"containerId": atlas.add_container(ids[name], "AWS", "EU_WEST_1")} if number == 1 else {}
            place = place if cloud == "AWS" else {}
            atlas.add_peer(ids[name], cloud, status, "EXPIRED" if status == "FAILED" else None, **fields, **place)
    atlas.clear_log()
    return ids


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    folder = tmp_path / "inventory"
    folder.mkdir()
    (folder / "x.atlas_projects.yml").write_text(json.dumps({"plugin": "atlasops.network.atlas_projects"}))
    return folder


def export(play: Play, *more: str, **variables: Any) -> Run:
    given = json.dumps({f"atlas_peering_export_{name}": value for name, value in variables.items()})
    return play(playbook=EXPORT, args=["-e", given, *more])


def changes(run: Run) -> list[str]:
    return [entry["task"] for entry in run.results if entry["result"].get("changed")]


def test_exported_connections_are_unchanged(
    atlas: Simulator, projects: dict[str, str], inventory: Path, play: Play
) -> None:
    folder = inventory / "host_vars"
    predicted = export(play, "--check", "--diff", path=str(folder))
    assert predicted.returncode == 0, predicted.output
    assert "+  - provider_name: AWS" in predicted.stdout
    assert not folder.exists()

    run = export(play, path=str(folder))
    assert run.returncode == 0, run.output
    assert sorted(path.name for path in folder.iterdir()) == ["failed.yml", "shop_production.yml", "web.yml"]
    assert run["Show what is exported"]["msg"][0] == "5 connections of 5 projects are exported, 3 are left out."
    assert "failed: GCP " in run["Show what is exported"]["msg"][1]

    for more in (["--check"], ["-e", "atlas_peering_wait=false"]):
        fleet = play(playbook=FLEET, args=["-i", str(inventory), *more])
        assert fleet.returncode == 0, fleet.output
        assert changes(fleet) == []
    declared = yaml.safe_load((folder / "shop_production.yml").read_text())["atlas_peering_connections"]
    assert [one.get("container_region") for one in declared[:2]] == ["EU_WEST_1", "US_EAST_1"]
    assert atlas.writes() == []

    again = export(play, "-i", str(inventory), "-e", "atlas_peering_hosts=all:!none", path=str(folder))
    assert again.returncode == 0, again.output
    assert changes(again) == []
    assert sorted(path.name for path in folder.iterdir()) == ["failed.yml", "shop_production.yml", "web.yml"]


def test_unreadable_project_fails_after_exporting_others(
    atlas: Simulator, projects: dict[str, str], tmp_path: Path, play: Play
) -> None:
    body = {"error": 403, "errorCode": "USER_UNAUTHORIZED", "detail": "No."}
    atlas.fault(path=f"/groups/{projects['web']}/peers", status=403, body=body, times=None)
    run = export(play, path="host_vars")
    assert run.returncode == 2, run.output
    assert run.msg("Fail if a project could not be exported").startswith("1 of 5 projects could not be exported. ")
    assert projects["web"] in run.msg("Fail if a project could not be exported")
    assert run.outcome("Show what is exported") == "ok"


def test_invalid_export_variable_fails(play: Play) -> None:
    run = export(play, format="csv")
    assert run.returncode == 2, run.output
    assert run.msg("Check the variables") == (
        "atlas_peering_export_format is 'csv', but must be one of host_vars, list."
    )
