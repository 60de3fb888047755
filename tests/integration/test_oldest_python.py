# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules and the simulator with the oldest supported Python and requests, which `nox -s targets` installs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.atlas import Atlas
from support.run_playbook import Play
from support.tasks import CLOUDS, absent, connection, info, peering, tried

OLDEST_PYTHON = os.environ.get("OLDEST_PYTHON")
pytestmark = pytest.mark.skipif(not OLDEST_PYTHON, reason="OLDEST_PYTHON names no interpreter; nox -s targets does")


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Start a simulator, and return the variables that lead to it."""
    with Atlas(tmp_path, python=str(OLDEST_PYTHON), pace=0.0) as atlas:
        variables = {"MONGODB_ATLAS_BASE_URL": atlas.base_url, "MONGODB_ATLAS_PROJECT_ID": atlas.project_id}
        yield variables | atlas.credentials("service_account")


def test_modules_run_with_the_oldest_python(tmp_path: Path, environment: dict[str, str]) -> None:
    declared = {"connections": [connection(cloud) for cloud in CLOUDS]}
    run = Play(tmp_path, environment)(
        peering("create", connection("AWS")),
        {"name": "set", "atlasops.network.atlas_peering_set": declared, "register": "set"},
        {"name": "again", "atlasops.network.atlas_peering_set": declared},
        info("read"),
        {"name": "report", "atlasops.network.atlas_peering_report": {"connections": "{{ set.peerings }}"}},
        {"name": "containers", "atlasops.network.atlas_container_info": {"provider_name": "AWS"}},
        {"name": "access list", "atlasops.network.atlas_access_list": {"entries": [{"cidr_block": "10.15.0.0/16"}]}},
        {"name": "export", "atlasops.network.atlas_peering_export": {"path": str(tmp_path / "exported.yml")}},
        {"name": "token", "atlasops.network.atlas_token": {}, "no_log": True},
        absent("delete", connection("GCP")),
        *tried(info("refused", {"private_key": "wrong", "public_key": "wrong"})),
        args=["-vvv"],
        vars={"ansible_python_interpreter": OLDEST_PYTHON},
    )
    assert run.returncode == 0, run.output
    assert run.output.count("runs as a module: its interpreter is") == 11
    changed = [entry["task"] for entry in run.results if entry["result"]["changed"]]
    assert changed == ["create", "set", "access list", "export", "delete"]
    assert len(run["read"]["peerings"]) == len(CLOUDS)
    assert run["refused"]["failure"]["status"] == 401
