# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that are measured."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from support.routes import write_interpreter
from support.run_playbook import BIN

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Shape:
    """How much there is to do: projects, and connections in each."""

    projects: int = 0
    each: int = 0
    forks: int = 0

    @property
    def connections(self) -> int:
        return self.projects * self.each


Command = Callable[[Path, Shape], Sequence[str]]


def playbook(name: str) -> Command:
    return lambda work, _shape: [
        str(BIN / "ansible-playbook"),
        str(HERE / "playbooks" / f"{name}.yml"),
        "-e",
        f"@{work}",
    ]


def declaring(work: Path, _shape: Shape) -> Sequence[str]:
    return [sys.executable, str(HERE / "bare.py"), str(work)]


def reading(_work: Path, _shape: Shape) -> Sequence[str]:
    return [sys.executable, str(HERE / "bare.py")]


def inventory(name: str, content: Callable[[int], Mapping[str, Any]]) -> Command:
    """Return how to list the hosts of an inventory file, which is written on the way."""

    def command(work: Path, shape: Shape) -> Sequence[str]:
        source = work.with_name(name)
        source.write_text(json.dumps(content(shape.projects)), encoding="utf-8")
        return [str(BIN / "ansible-inventory"), "-i", str(source), "--list"]

    return command


def delegated(work: Path, shape: Shape) -> Sequence[str]:
    """Return how to run the task with another interpreter, a script that starts the same program."""
    interpreter = write_interpreter(work.parent)
    host = {"ansible_connection": "local", "ansible_python_interpreter": interpreter}
    source = work.with_name("delegated.json")
    source.write_text(json.dumps({"all": {"hosts": {"other": host}}}), encoding="utf-8")
    return [*playbook("single")(work, shape), "-i", str(source), "-e", "runs_on=other"]


def fleet(work: Path, shape: Shape) -> Sequence[str]:
    """Return how to run the playbook of the collection over an inventory with a host for each project."""
    connections = json.loads(work.read_text(encoding="utf-8"))["connections"]
    hosts = {
        f"project-{number:04}": {
            "atlas_project_id": one["project_id"],
            "atlas_peering_connections": [{name: one[name] for name in one if name not in ("project_id", "peer_id")}],
        }
        for number, one in enumerate(connections)
    }
    source = work.with_name("fleet.json")
    source.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    return [str(BIN / "ansible-playbook"), "atlasops.network.fleet", "-i", str(source), f"--forks={shape.forks}"]


def static_hosts(count: int) -> Mapping[str, Any]:
    """Return a static inventory with what the plugin tells of each host."""
    hosts = {
        f"project-{number:04}": {
            "atlas_project_id": f"64b{number:021x}",
            "atlas_project_name": f"project-{number:04}",
            "atlas_org_id": "64a1f0c35b7e2d4198c3e0ff",
            "atlas_org_name": "simulated-organization",
            "atlas_tags": {"stage": "production", "team": "team-1"},
            "atlas_cluster_count": 3,
            "atlas_created": "2026-01-01T00:00:00Z",
        }
        for number in range(count)
    }
    return {"all": {"hosts": hosts}}
