# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example of one network in two regions, as its README says: from nothing to available, twice, and away again."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from simulator import Simulator
from support.run_playbook import ROOT, Play, Run

EXAMPLES = ROOT / "examples" / "regions"


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "act_after": 0.2}


def regions(name: str) -> list[str]:
    return [one["container_region"] for one in yaml.safe_load((EXAMPLES / f"{name}.yml").read_text())["regions"]]


@pytest.mark.parametrize("name", [pytest.param("aws", marks=pytest.mark.slow), "azure"])
def test_two_regions_become_available_and_are_removed(atlas: Simulator, play: Play, name: str) -> None:
    project = atlas.add_project("two-regions", containers=False)
    computed = ["-e", f"@{EXAMPLES / name}.yml", "-e", "atlas_peering_project_name=two-regions"]

    def run(playbook: str, *more: str) -> Run:
        done = play(playbook=f"atlasops.network.{playbook}", args=[*computed, *more])
        assert done.returncode == 0, done.output
        return done

    def available() -> list[str]:
        """Return the containers of the available connections."""
        peers = atlas.peers(project)
        assert {peer.get("statusName") or peer["status"] for peer in peers} <= {"AVAILABLE"}
        return [peer["containerId"] for peer in peers]

    run("peer", "--check", "--diff")
    assert atlas.writes() == []
    assert "changed=1" in run("peer").stdout
    first, second = available()
    assert [write.path.rpartition("/")[2] for write in atlas.writes()] == ["containers", "containers", "peers", "peers"]

    atlas.clear_log()
    again = run("peer")
    assert ("changed=0" in again.stdout, atlas.writes()) == (True, [])
    report = run("report", "-e", "atlas_peering_report_fail=true").stdout
    assert all(region.upper().replace("-", "_") in report for region in regions(name))

    for number, (region, left) in enumerate(zip(regions(name)[::-1], ([first], []))):
        one = json.dumps({"regions": [{"container_region": region}]})
        removed = run("remove", "-e", one, "-e", "atlas_peering_remove=1")
        assert "changed=1" in removed.stdout
        assert (number, available()) == (number, left)
    assert len({first, second}) == 2
