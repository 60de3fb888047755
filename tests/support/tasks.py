# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Example connections, and tasks that speak of them."""

from __future__ import annotations

from typing import Any

from simulator import Simulator
from support import samples
from support.run_playbook import Task

Options = dict[str, Any]

CLOUDS = samples.NAMES


def connection(cloud: str, **changes: Any) -> Options:
    """Return the options of a connection that the seeded project can have; None leaves one out."""
    options = {**samples.OPTIONS[cloud], **changes}
    return {name: value for name, value in options.items() if value is not None}


def project(atlas: Simulator, name: str, *clouds: str) -> Options:
    """Make a project; return its id, and as connections the example of each of these clouds."""
    project_id = atlas.add_project(name, containers=False)
    desired = [connection(cloud, container_id=atlas.add_container(project_id, cloud)) for cloud in clouds]
    return {"project_id": project_id, "connections": desired}


def fields(cloud: str) -> list[str]:
    """Return the names of the options that only connections of this cloud have."""
    return [name for name in samples.OPTIONS[cloud] if name not in ("provider_name", "container_id")]


def camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def peering(name: str, options: Options, **keywords: Any) -> Task:
    return {"name": name, "atlasops.network.atlas_peering": options, **keywords}


def absent(name: str, options: Options, **keywords: Any) -> Task:
    return peering(name, {**options, "state": "absent"}, **keywords)


def info(name: str, options: Options | None = None, **keywords: Any) -> Task:
    return {"name": name, "atlasops.network.atlas_peering_info": options or {}, **keywords}


def wait(name: str, connections: Any, **options: Any) -> Task:
    return {"name": name, "atlasops.network.atlas_peering_wait": {"connections": connections, **options}}


def tried(*tasks: Task) -> list[Task]:
    """Let the play go on whatever becomes of the tasks."""
    return [{**task, "ignore_errors": True} for task in tasks]
