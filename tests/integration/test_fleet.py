# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example of a fleet, run as its README says, and the playbooks fleet and remove."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from support.run_inventory import Inventory
from support.run_playbook import ROOT, Play, Run
from support.samples import identity
from support.tasks import CLOUDS, connection

EXAMPLE = ROOT / "examples" / "fleet"
INVENTORY = ["-i", str(EXAMPLE / "production.atlas_projects.yml")]
FLEET, REMOVE = "atlasops.network.fleet", "atlasops.network.remove"


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "act_after": 0.2}


@pytest.fixture
def projects(atlas: Simulator) -> dict[str, str]:
    """Add the projects of the example, and return their ids by name."""
    desired = json.loads((EXAMPLE / "simulated.json").read_text())["projects"]
    return dict(zip((project["name"] for project in desired), atlas.add_projects(desired)))


def recap(run: Run) -> dict[str, dict[str, int]]:
    """Return the counts of each host."""
    lines = re.findall(r"^(\S+)\s+: (ok=.*)$", run.stdout, re.MULTILINE)
    return {host: {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", counts)} for host, counts in lines}


def statuses(atlas: Simulator, projects: dict[str, str]) -> dict[str, list[str]]:
    """Return the statuses of the connections of each project that has any."""
    found = {name: atlas.peers(project_id) for name, project_id in projects.items()}
    return {
        name: [peer.get("statusName") or peer["status"] for peer in peers] for name, peers in found.items() if peers
    }


ALL = {
    "shop-production": ["AVAILABLE"],
    "payments-production": ["AVAILABLE"],
    "search-production": ["AVAILABLE", "AVAILABLE"],
}


def test_readme_shows_inventory_graph(atlas: Simulator, projects: dict[str, str], tmp_path: Path) -> None:
    graph = Inventory(tmp_path, atlas.environment()).run(*INVENTORY, "--graph").stdout
    assert f"--graph\n{graph}```\n" in (EXAMPLE / "README.md").read_text()


@pytest.mark.smoke
def test_fleet_example_is_idempotent(atlas: Simulator, projects: dict[str, str], play: Play) -> None:
    run = play(playbook=FLEET, args=[*INVENTORY, "--limit", "peering_aws,search-*"])
    assert run.returncode == 0, run.output
    assert statuses(atlas, projects) == {name: ALL[name] for name in ("shop-production", "search-production")}

    run = play(playbook=FLEET, args=INVENTORY)
    assert run.returncode == 0, run.output
    assert statuses(atlas, projects) == ALL
    changed = {host: counts["changed"] for host, counts in recap(run).items()}
    assert changed == {"billing-production": 0, **{name: int(name == "payments-production") for name in ALL}}
    assert run["List the skipped hosts"]["msg"] == (
        "1 of 4 hosts declare no atlas_peering_connections and are skipped: billing-production"
    )
    assert recap(run)["billing-production"]["ok"] <= 2, "what is left out takes part in no more than the choice"
    (shop,) = atlas.peers(projects["shop-production"])
    assert (shop["awsAccountId"], shop["vpcId"]) == ("123456789012", "vpc-0f1e2d3c4b5a69788"), "those of the tags"

    writes = len(atlas.writes())
    run = play(playbook=FLEET, args=INVENTORY)
    assert {counts["changed"] for counts in recap(run).values()} == {0}
    assert len(atlas.writes()) == writes == 4


def test_failed_project_does_not_stop_others(atlas: Simulator, projects: dict[str, str], play: Play) -> None:
    peers = f"/groups/{projects['payments-production']}/peers"
    atlas.fault("POST", peers, status=400, body={"error": 400, "errorCode": "INVALID_ATTRIBUTE"})
    run = play(playbook=FLEET, args=INVENTORY)
    assert run.returncode == 2
    assert {host for host, counts in recap(run).items() if counts["failed"]} == {"payments-production"}
    assert statuses(atlas, projects) == {name: ALL[name] for name in ("shop-production", "search-production")}


def test_fleet_without_connections_writes_nothing(atlas: Simulator, projects: dict[str, str], play: Play) -> None:
    run = play(playbook=FLEET, args=[*INVENTORY, "--limit", "billing-production"])
    assert run.returncode == 0, run.output
    assert run["List the skipped hosts"]["msg"].startswith("1 of 1 hosts declare no ")
    assert atlas.writes() == []


@pytest.mark.parametrize(
    "name", ["fleet", "remove", *(pytest.param(name, marks=pytest.mark.slow) for name in ("peer", "report", "info"))]
)
def test_host_without_project_does_not_use_environment(atlas: Simulator, play: Play, tmp_path: Path, name: str) -> None:
    """The environment's project must not be taken for that of every host."""
    source = tmp_path / "hosts.json"
    source.write_text(json.dumps({"all": {"hosts": {"a": {"atlas_peering_connections": [connection("AZURE")]}}}}))
    variables = json.dumps({"atlas_peering_hosts": "all", "atlas_peering_remove": 1})
    run = play(playbook=f"atlasops.network.{name}", args=["-i", str(source), "-e", variables])
    assert run.returncode == 2
    assert "'atlas_project_id' is undefined" in run.output
    assert atlas.exchanges == []


@pytest.mark.parametrize("name", ["peer", *(pytest.param(name, marks=pytest.mark.slow) for name in ("report", "info"))])
def test_inventory_host_uses_its_own_project(atlas: Simulator, projects: dict[str, str], play: Play, name: str) -> None:
    args = [*INVENTORY, "--limit", "shop-production", "-e", "atlas_peering_hosts=all", "-e", "atlas_peering_wait=false"]
    assert play(playbook=f"atlasops.network.{name}", args=args).returncode == 0
    asked = {one.path.split("/")[5] for one in atlas.exchanges if one.path.endswith(("/peers", "/containers/all"))}
    assert asked == {projects["shop-production"]}


# Removing


def test_remove_requires_matching_count(atlas: Simulator, projects: dict[str, str], play: Play) -> None:
    """It says how many connections of which hosts, and goes on only if that is what was meant."""
    assert play(playbook=FLEET, args=INVENTORY).returncode == 0
    created = len(atlas.writes())
    task = "Check the number of connections to delete"
    run = play(playbook=REMOVE, args=[*INVENTORY, "-e", "atlas_peering_hosts=all", "-e", "atlas_peering_remove=2"])
    assert run.returncode == 2
    assert run.msg(task).startswith("Declared connections that would be deleted: 4, on 3 hosts (")
    assert run.msg(task).endswith("). Set atlas_peering_remove to 4 to confirm.")
    assert play(playbook=REMOVE, args=[*INVENTORY, "-e", "atlas_peering_hosts=all", "--check"]).returncode == 0
    assert len(atlas.writes()) == created
    assert statuses(atlas, projects) == ALL

    args = [*INVENTORY, "-e", "atlas_peering_hosts=search-production", "-e", "atlas_peering_remove=2"]
    run = play(playbook=REMOVE, args=args)
    assert run.returncode == 0, run.output
    assert statuses(atlas, projects) == {name: ALL[name] for name in ("shop-production", "payments-production")}
    assert [write.method for write in atlas.writes()[created:]] == ["DELETE"] * 2


def test_remove_without_inventory_uses_project_of_environment(atlas: Simulator, play: Play) -> None:
    """As playbook peer is run: without an inventory, described by extra variables."""
    peers = [atlas.add_peer(atlas.project_id, cloud, status="AVAILABLE") for cloud in CLOUDS]
    play({"name": "make", "atlasops.network.atlas_peering": connection("AZURE")})
    variables = {"atlas_peering_connections": [identity("AZURE")], "atlas_peering_remove": 1}
    run = play(playbook=REMOVE, args=["-e", json.dumps(variables)])
    assert run.returncode == 0, run.output
    assert [peer["id"] for peer in atlas.peers()] == peers


def test_remove_uses_projects_of_hosts(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    other = atlas.add_project("other")
    peer = atlas.add_peer(other, "GCP", status="AVAILABLE", gcpProjectId="theirs", networkName="default")
    kept = atlas.add_peer(atlas.project_id, "GCP", status="AVAILABLE", gcpProjectId="theirs", networkName="default")
    variables = {
        "atlas_peering_project_id": other,
        "atlas_peering_connections": [{"provider_name": "GCP", "gcp_project_id": "theirs", "network_name": "default"}],
    }
    source = tmp_path / "hosts.json"
    source.write_text(json.dumps({"all": {"hosts": {"a": variables}}}))
    run = play(playbook=REMOVE, args=["-i", str(source), "-e", "atlas_peering_hosts=a", "-e", "atlas_peering_remove=1"])
    assert run.returncode == 0, run.output
    assert peer not in [one["id"] for one in atlas.peers(other)]
    assert kept in [one["id"] for one in atlas.peers()]
