# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of the role and the playbooks, as people give them: as text, empty, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator import Simulator
from support.documented_examples import yaml_blocks
from support.run_playbook import ROOT, Play, Run
from support.samples import in_api
from support.tasks import connection

SPEC = yaml.safe_load((ROOT / "roles" / "atlas_peering" / "vars" / "main.yml").read_text())["__atlas_peering_spec"]
PEER, REPORT = "atlasops.network.peer", "atlasops.network.report"


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "act_after": 0.0}


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def extra(**variables: Any) -> list[str]:
    """Return arguments that give each variable as text, as -e NAME=VALUE does."""
    pairs = [f"atlas_peering_{name}={json.dumps(as_text(value))}" for name, value in variables.items()]
    return [word for pair in pairs for word in ("--extra-vars", pair)]


def everything(**changes: Any) -> dict[str, Any]:
    """Return every variable that the role has, with its default where no other value is given."""
    given = {name.removeprefix("atlas_peering_"): one.get("default") for name, one in SPEC.items()}
    return {**given, **changes}


def with_stats(atlas: Simulator) -> dict[str, str]:
    return {**atlas.environment(), "ANSIBLE_SHOW_CUSTOM_STATS": "1"}


@pytest.mark.smoke
def test_role_variables_as_text_are_converted(atlas: Simulator, play: Play) -> None:
    """Booleans that switch off, numbers, and lists in JSON."""
    given = everything(recreate_on=["failed"], wait=False, stats=False, timeout=5, interval=0.2, heartbeat=1)
    one = {**given, "connections": [connection("AWS")]}
    run = play(playbook=PEER, args=extra(**one), environment=with_stats(atlas))
    assert run.returncode == 0, run.output
    assert "Wait for the connections" not in run.stdout
    assert "CUSTOM STATS" not in run.stdout
    both = {**given, "connections": [connection("AWS"), connection("AZURE")], "wait": "yes", "stats": "on"}
    run = play(playbook=PEER, args=extra(**both), environment=with_stats(atlas))
    assert run["Wait for the connections"]["stop_reason"] == "reached"
    assert [one["phase"] for one in run.stats["atlas_peering_of_localhost"]["peerings"]] == ["available"] * 2
    assert len(atlas.writes()) == 2


@pytest.mark.smoke
def test_report_variables_as_text_are_converted(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    given = everything(connections="- " + json.dumps(connection("AWS")), report_html=str(tmp_path / "page.html"))
    run = play(playbook=REPORT, args=extra(**given))
    assert run.returncode == 0, run.output
    assert run.outcome("Publish the report as an artifact") == "skipped"
    assert run.outcome("Fail if anything is not as declared") == "skipped"
    assert (tmp_path / "page.html").exists()
    run = play(playbook=REPORT, args=extra(**{**given, "report_fail": "yes", "report_stats": "1"}))
    assert run.outcome("Publish the report as an artifact") == "ok"
    assert run.msg("Fail if anything is not as declared").startswith("0 of 1 as declared")


@pytest.mark.parametrize(
    "empty",
    [pytest.param("", marks=pytest.mark.smoke), pytest.param(None, marks=pytest.mark.slow)],
    ids=["empty", "null"],
)
def test_empty_variables_are_treated_as_unset(atlas: Simulator, play: Play, empty: str | None) -> None:
    variables = {**dict.fromkeys(SPEC, empty), "atlas_peering_connections": [connection("AZURE")]}
    for playbook, last in ((PEER, "Show the connections"), (REPORT, "Show the report")):
        run = play(playbook=playbook, args=["--extra-vars", json.dumps(variables)])
        assert run.returncode == 0, run.output
        assert last in run.stdout or "Connections" in run.stdout
    assert [peer["status"] for peer in atlas.peers()] == ["AVAILABLE"]


def test_remove_count_as_text_is_converted(atlas: Simulator, play: Play) -> None:
    declared = [connection("AWS"), connection("AZURE")]
    for cloud in ("AWS", "AZURE"):
        atlas.add_peer(atlas.project_id, cloud, status="AVAILABLE", **in_api(cloud))
    wrong = play(playbook="atlasops.network.remove", args=extra(connections=declared, remove=1))
    assert "would be deleted: 2, on 1 hosts" in wrong.msg("Check the number of connections to delete")
    run = play(playbook="atlasops.network.remove", args=extra(connections=declared, remove=2, interval=0.2))
    assert run.returncode == 0, run.output
    assert [write.method for write in atlas.writes()] == ["DELETE"] * 2


def test_hosts_without_connections_are_skipped(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    hosts: dict[str, dict[str, Any]] = {
        "some": {"atlas_peering_project_id": atlas.project_id, "atlas_peering_connections": [connection("AZURE")]},
        "null": {"atlas_peering_connections": None},
        "empty": {"atlas_peering_connections": ""},
    }
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    run = play(playbook="atlasops.network.fleet", args=[f"--inventory={inventory}"])
    assert run.returncode == 0, run.output
    assert "2 of 3 hosts declare no atlas_peering_connections" in run.stdout


def test_invalid_variables_fail_before_any_request(atlas: Simulator, play: Play) -> None:
    given = {"connections": "[{a", "wait": "maybe", "timeout": "soon", "until": "gone"}
    run = play(playbook=PEER, args=extra(**given), environment=with_stats(atlas))
    assert run.msg("Declare the connections") == (
        "atlas_peering_connections is '[{a', but must be a list. "
        "atlas_peering_wait is 'maybe', but must be true or false. "
        "atlas_peering_until is 'gone', but must be one of available, action_required. "
        "atlas_peering_timeout is 'soon', but must be a whole number."
    )
    assert run.stats["atlas_peering_of_localhost"]["msg"] == run.msg("Declare the connections")
    assert atlas.exchanges == []


@pytest.mark.smoke
def test_connections_combined_by_map_filter(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """As the first guide shows it."""
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_start.rst").read_text()
    (block,) = [block for block in yaml_blocks(guide) if "map('combine'" in block]
    (tmp_path / "connections.yml").write_text(block)
    run = play(playbook=PEER, args=["--extra-vars", f"@{tmp_path}/connections.yml", *extra(wait=False)])
    assert run.returncode == 0, run.output
    assert {peer["vpcId"] for peer in atlas.peers()} == {"vpc-0f1e2d3c4b5a69788", "vpc-0a1b2c3d4e5f60718"}
    assert {peer["awsAccountId"] for peer in atlas.peers()} == {"123456789012"}


def peers_of_two_hosts(atlas: Simulator, play: Play, tmp_path: Path) -> Run:
    hosts = {
        name: {"atlas_peering_project_id": atlas.add_project(name), "atlas_peering_connections": []}
        for name in ("team-a", "team.a", "team_a")
    }
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    args = [f"--inventory={inventory}", *extra(hosts="all")]
    return play(playbook=PEER, args=args, environment=with_stats(atlas))


def test_stats_keys_of_similar_host_names_are_unique(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    keys = sorted(peers_of_two_hosts(atlas, play, tmp_path).stats)
    assert len(keys) == 3
    assert keys[0] == "atlas_peering_of_team_a"
    assert all(key.startswith("atlas_peering_of_team_a_") for key in keys[1:])


@pytest.mark.parametrize(
    ("playbook", "task", "start"),
    [
        pytest.param(PEER, "Set atlas_peering_result", "Declare the connections", marks=pytest.mark.smoke),
        (PEER, "Wait, and do whatever else is left", "Declare the connections"),
        (REPORT, "Set atlas_peering_report", "Compare the declared connections with the existing ones"),
        pytest.param(
            REPORT, "Show the report", "Compare the declared connections with the existing ones", marks=pytest.mark.slow
        ),
        pytest.param("atlasops.network.info", "Show the connections", "Read the connections", marks=pytest.mark.slow),
    ],
)
def test_start_at_task_fails_naming_the_first_task(
    atlas: Simulator, play: Play, playbook: str, task: str, start: str
) -> None:
    """A task is found by its name, and where the run cannot go on, a sentence says where to begin."""
    run = play(playbook=playbook, args=[*extra(connections=[]), "--start-at-task", task])
    (failed,) = [entry for entry in run.results if entry["outcome"] == "failed"]
    assert f'Start at the task "{start}"' in failed["result"]["msg"].replace("its task", "the task")
    assert "undefined" not in failed["result"]["msg"]


def test_hints_use_names_of_role_variables(atlas: Simulator, play: Play) -> None:
    """What is of the user's is never changed, though it reads like the name of an option."""
    peer = atlas.add_peer(atlas.project_id, "AZURE", **in_api("AZURE", vnet_name="recreate_on"))
    atlas.fail(peer)
    run = play(playbook=PEER, args=extra(connections=[connection("AZURE", vnet_name="recreate_on")]))
    msg = run.msg("Declare the connections")
    assert "Or set atlas_peering_recreate_on: [failed] to replace it automatically." in msg
    assert "Delete the connection (atlas_peering_state: absent)" in msg
    assert "vnet_name=recreate_on (" in msg
    run = play(playbook=PEER, args=extra(connections=[connection("AZURE")], project_name="nowhere"))
    msg = run.msg("Declare the connections")
    assert "Check atlas_peering_project_name and MONGODB_ATLAS_BASE_URL." in msg
    written = len(atlas.writes())
    run = play(playbook=PEER, args=extra(connections=[connection("AZURE", vnet_name="new")], timeout=0))
    assert "atlas_peering_timeout is 0, but it must be more than 0 (seconds)." in run.msg("Declare the connections")
    assert len(atlas.writes()) == written
