# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role in front of what goes wrong: a thin slice of the matrix, through the real ansible-playbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

from faults.hosts import start_on_hosts
from simulator import Simulator
from support.fixtures import checked_atlas, short_tmp_path
from support.run_playbook import Play
from support.samples import OPTIONS

tmp_path = pytest.fixture(short_tmp_path)
make_atlas = pytest.fixture(checked_atlas)

#: What goes wrong, each with a read and with the creation.
FAULTS: dict[str, dict[str, Any]] = {
    "closed": {"drop": True},
    "closed after it": {"drop": True, "applied": True},
    "trouble": {"status": 503},
    "trouble after it": {"status": 502, "applied": True, "body": "<html>"},
    "throttled": {"status": 429, "headers": {"Retry-After": "1"}},
    "throttled for long": {"status": 429, "headers": {"Retry-After": "3600"}},
    "a page": {"status": 200, "body": "<html>Welcome</html>", "applied": True},
    "half an answer": {"truncate": True},
    "refused": {"status": 401},
    "a redirect": {"status": 302, "redirect": "https://login.example.com/"},
}
FEW = ("closed after it", "half an answer")
ROLE = {
    "name": "peer",
    "include_role": {"name": "atlasops.network.atlas_peering"},
    "vars": {
        "atlas_peering_project_id": "{{ project_id }}",
        "atlas_peering_connections": [{**OPTIONS["AZURE"], "container_id": "{{ container_id }}"}],
        "atlas_peering_interval": 0.2,
        "atlas_peering_retry_timeout": 5,
    },
}


@pytest.fixture
def atlas(make_atlas: Callable[..., Simulator]) -> Simulator:
    return make_atlas(pace=0.0)


@pytest.fixture
def play(tmp_path: Path, atlas: Simulator) -> Iterator[Play]:
    runner = Play(tmp_path, atlas.environment("access_token"))
    yield runner
    runner.stop()


def hold(tmp_path: Path, play: Play, atlas: Simulator, names: tuple[str, ...], count_cases: Any) -> None:
    hosts = {}
    for name in names:
        for method in ("GET", "POST"):
            project_id = atlas.add_project(f"{method} {name}", containers=False)
            container_id = atlas.add_container(project_id, "AZURE")
            hosts[f"{method} {name}"] = {"project_id": project_id, "container_id": container_id}
            atlas.fault(method, project_id, **FAULTS[name])
    first = start_on_hosts(tmp_path, play, hosts, [ROLE]).finish()
    messages = [entry["result"]["msg"] for entry in first.results if entry["outcome"] == "failed"]
    assert all(re.search(r"Could not .*\.", message) for message in messages), messages
    again = start_on_hosts(tmp_path, play, hosts, [ROLE]).finish()
    assert again.returncode == 0, again.output
    broken = []
    for name, host in hosts.items():
        created = [one for one in atlas.writes() if host["project_id"] in one.path and one.method == "POST"]
        available = [peer["status"] for peer in atlas.peers(host["project_id"])] == ["AVAILABLE"]
        if not available or len(created) > 2:
            broken.append(name)
    count_cases("fault cases", len(hosts), len(broken))
    assert not broken


def test_role_and_some_faults(tmp_path: Path, play: Play, atlas: Simulator, count_cases: Any) -> None:
    hold(tmp_path, play, atlas, FEW, count_cases)


@pytest.mark.slow
def test_role_and_faults(tmp_path: Path, play: Play, atlas: Simulator, count_cases: Any) -> None:
    hold(tmp_path, play, atlas, tuple(FAULTS), count_cases)
