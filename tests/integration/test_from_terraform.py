# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the output of Terraform to declared connections, as the guide says: the proof is that nothing would change."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
import yaml

from simulator import Simulator
from support.run_playbook import ROOT, Play, Run
from support.tasks import camel_case, fields

OUTPUTS = ROOT / "tests" / "support" / "terraform"
EXAMPLE = ROOT / "examples" / "terraform" / "convert.yml"
#: Output -> the connections in it that exist and are to be declared, by the ending of their ID.
DECLARED = {"modules": {"01", "02", "03", "04"}, "plan": {"01", "02"}, "old": {"01", "02"}}
#: The network of another connection.
ELSEWHERE = {"vpc_id": "vpc-0bbbbbbbbbbbbbbbb", "route_table_cidr_block": "10.99.0.0/16", "network_name": "another"}


def existing(output: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield type and values of what Terraform says exists."""
    modules = [output.get("prior_state", output)["values"]["root_module"]]
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", [])
        for one in module.get("resources", []):
            yield one["type"], one["values"]


def seed(atlas: Simulator, output: dict[str, Any]) -> None:
    """Create in Atlas what Terraform says exists there."""
    found = [*existing(output)]
    containers = [one for kind, one in found if kind == "mongodbatlas_network_container"]
    peers = [one for kind, one in found if kind == "mongodbatlas_network_peering"]
    for project in dict.fromkeys(one["project_id"] for one in containers + peers):
        atlas.add_project(project, project, containers=False)
    for one in containers:
        add_container(atlas, one, one["region_name"] or one["region"] or None)
    homes = {one[name]: one["container_id"] for one in containers for name in ("id", "container_id")}
    for one in peers:
        if one["container_id"] not in homes:  # created by a cluster
            add_container(atlas, one, one["accepter_region_name"].upper().replace("-", "_"))
        details = {camel_case(name): one[name] for name in fields(one["provider_name"])}
        there = {"id": one["peer_id"], "containerId": homes.get(one["container_id"], one["container_id"])}
        connection_id = {"connectionId": one["connection_id"]} if one["connection_id"] else {}
        atlas.add_peer(one["project_id"], one["provider_name"], "AVAILABLE", **there, **details, **connection_id)


def add_container(atlas: Simulator, one: dict[str, Any], region: str | None) -> None:
    block, container_id = one["atlas_cidr_block"], one["container_id"]
    atlas.add_container(one["project_id"], one["provider_name"], region, block, container_id=container_id)


@pytest.fixture
def convert(tmp_path: Path, play: Play) -> Callable[[Path], Path]:
    """Return a function that runs the play of the guide beside an output; the result is the file that it writes."""

    def run(output: Path) -> Path:
        shutil.copy(output, tmp_path / "terraform.json")
        shutil.copy(EXAMPLE, tmp_path / "convert.yml")
        done = play(playbook=str(tmp_path / "convert.yml"))
        assert done.returncode == 0, done.output
        return tmp_path / "connections.yml"

    return run


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "modules" else pytest.mark.slow) for name in DECLARED]
)
def test_converted_connections_are_unchanged(
    atlas: Simulator, play: Play, convert: Callable[[Path], Path], name: str
) -> None:
    output = json.loads((OUTPUTS / f"{name}.json").read_text())
    seed(atlas, output)
    connections = convert(OUTPUTS / f"{name}.json")

    def check() -> Run:
        run = play(playbook="atlasops.network.peer", args=["-e", f"@{connections}", "--check", "--diff"])
        assert run.returncode == 0, run.output
        return run

    found = check()
    assert "changed=0" in found.stdout, found.output
    result = next(one["result"] for one in found.results if "peerings" in one["result"])
    assert {one["id"][-2:] for one in result["peerings"]} == DECLARED[name]
    assert atlas.writes() == []

    declared = yaml.safe_load(connections.read_text())
    last = declared["atlas_peering_connections"][-1]
    last.update({name: value for name, value in ELSEWHERE.items() if name in last})
    connections.write_text(yaml.safe_dump(declared))
    assert "changed=1" in check().stdout, "a difference would be seen"


def test_other_file_fails_with_one_sentence(tmp_path: Path, play: Play) -> None:
    (tmp_path / "terraform.json").write_text('{"version": 4, "lineage": "1", "resources": []}')
    shutil.copy(EXAMPLE, tmp_path / "convert.yml")
    run = play(playbook=str(tmp_path / "convert.yml"))
    assert "This is a state as Terraform stores it. Pass the output of terraform show -json instead." in run.msg(
        "Write the connections to a file"
    )


def test_other_side_settings_are_combined_with_results(play: Play) -> None:
    """By the expression of the play for both sides."""
    converted = {"other_side": [{"address": "a", "aws": {"accept": True}}, {"address": "b"}]}
    results = [{"provider_name": "AWS", "phase": "available"}, {"provider_name": "AZURE", "phase": "available"}]
    (both_sides,) = yaml.safe_load((EXAMPLE.parent / "both-sides.yml").read_text())
    run = play(
        {"name": "Combine", "ansible.builtin.debug": {"msg": both_sides["vars"]["with_settings"]}},
        vars={"converted": converted, "atlas_peering_result": results},
    )
    assert run["Combine"]["msg"] == [{**one, **side} for one, side in zip(results, converted["other_side"])]
