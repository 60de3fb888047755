# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The skeleton of a project for AWX: its playbooks, with the answers of the surveys as AWX hands them over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from simulator.settings import PROJECT_NAME
from support.awx_data import SURVEYS
from support.run_playbook import ROOT, Play, Run
from support.tasks import CLOUDS, connection

PROJECT = ROOT / "examples" / "awx-project"
REGIONS = {"AWS": "us-east-1", "AZURE": "EUROPE_NORTH", "GCP": "EASTERN_US"}


def answers(survey: str, **given: Any) -> dict[str, Any]:
    """Return the extra variables of a job: what was answered, and the defaults of the other questions."""
    defaults = {
        question["variable"]: question["default"]
        for question in SURVEYS[survey]["spec"]
        # AWX leaves out a default that it would not take as an answer
        if question["default"] != "" or question["type"] == "text"
    }
    assert set(given) <= {question["variable"] for question in SURVEYS[survey]["spec"]}
    return {**defaults, **given}


def describe(cloud: str, survey: str) -> dict[str, Any]:
    asked = {question["variable"] for question in SURVEYS[survey]["spec"]}
    options = {f"connection_{name}": value for name, value in connection(cloud, container_id=None).items()}
    options["connection_container_region"] = REGIONS[cloud]
    return {name: value for name, value in options.items() if name in asked}


def job(play: Play, playbook: str, variables: Mapping[str, Any], *args: str) -> Run:
    return play(playbook=str(PROJECT / f"{playbook}.yml"), args=["-e", json.dumps(variables), *args])


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "act_after": 0.2}


@pytest.fixture
def inventory(tmp_path: Path, atlas: Simulator) -> str:
    """Return an inventory as the plugin atlas_projects makes one, with a second project that declares nothing."""
    host = {"ansible_connection": "local", "atlas_project_id": atlas.project_id, "atlas_project_name": "application"}
    declared = {**host, "atlas_peering_connections": [connection("AWS")]}
    groups = {"managed": {"hosts": {"payments": declared}}, "ungrouped": {"hosts": {"sandbox": host}}}
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps({"all": {"children": groups}}))
    return str(path)


@pytest.mark.parametrize(
    "cloud", [pytest.param(cloud, marks=() if cloud == "AWS" else pytest.mark.slow) for cloud in CLOUDS]
)
def test_survey_answers_create_one_connection(atlas: Simulator, play: Play, cloud: str) -> None:
    name = PROJECT_NAME
    peer = answers("peer", atlas_peering_project_name=name, **describe(cloud, "peer"))
    run = job(play, "peer", peer)
    assert run.returncode == 0, run.output
    (made,) = [one for one in atlas.exchanges if one.method == "POST" and one.path.endswith("/peers")]
    assert made.status == 200

    remove = answers("remove", atlas_peering_project_name=name, remove_from=name, **describe(cloud, "remove"))
    run = job(play, "remove", remove)
    assert run.returncode == 0, run.output
    assert [one.status for one in atlas.exchanges if one.method == "DELETE"] == [202]


def test_remove_with_different_project_names_fails_without_deleting(atlas: Simulator, play: Play) -> None:
    variables = answers(
        "remove", atlas_peering_project_name="payments", remove_from="sandbox", **describe("AWS", "remove")
    )
    run = job(play, "remove", variables)
    refused = run.msg("Check that both names of the project are the same")
    assert refused == "The two names of the project differ, so nothing was deleted."
    assert atlas.exchanges == []


def test_report_and_fleet_jobs_cover_inventory(atlas: Simulator, play: Play, inventory: str) -> None:
    drifted = job(play, "report", answers("report"), "-i", inventory)
    assert drifted.returncode != 0
    assert job(play, "report", answers("report", fail_on_drift="no"), "-i", inventory).returncode == 0

    assert job(play, "fleet", answers("fleet"), "-i", inventory).returncode == 0
    assert len([one for one in atlas.exchanges if one.method == "POST" and one.path.endswith("/peers")]) == 1
    settled = job(play, "report", answers("report"), "-i", inventory)
    assert settled.returncode == 0
    assert "sandbox" not in settled.output
