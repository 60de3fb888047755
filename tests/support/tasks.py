# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Example connections, and tasks that speak of them."""

from __future__ import annotations

from typing import Any

from simulator import Simulator
from simulator.settings import CONTAINER_IDS
from support.run_playbook import Task

CLOUDS = ("AWS", "AZURE", "GCP")
Options = dict[str, Any]

_EXAMPLES: dict[str, Options] = {
    "AWS": {
        "accepter_region_name": "us-east-1",
        "aws_account_id": "123456789012",
        "vpc_id": "vpc-0f1e2d3c4b5a69788",
        "route_table_cidr_block": "10.15.0.0/16",
    },
    "AZURE": {
        "azure_directory_id": "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915",
        "azure_subscription_id": "8dec2d92-478d-bc50-cf99-d31b9e90a1c7",
        "resource_group_name": "app-production",
        "vnet_name": "app-vnet",
    },
    "GCP": {"gcp_project_id": "my-project-191923", "network_name": "default"},
}
_IDENTITIES = {
    "AWS": ("aws_account_id", "vpc_id"),
    "AZURE": ("azure_subscription_id", "vnet_name"),
    "GCP": ("gcp_project_id", "network_name"),
}


def connection(cloud: str, **changes: Any) -> Options:
    """Return the options of a connection that the seeded project can have; None leaves one out."""
    options = {"provider_name": cloud, "container_id": CONTAINER_IDS[cloud], **_EXAMPLES[cloud], **changes}
    return {name: value for name, value in options.items() if value is not None}


def project(atlas: Simulator, name: str, *clouds: str) -> Options:
    """Make a project; return its id, and as connections the example of each of these clouds."""
    project_id = atlas.add_project(name, containers=False)
    desired = [connection(cloud, container_id=atlas.add_container(project_id, cloud)) for cloud in clouds]
    return {"project_id": project_id, "connections": desired}


def fields(cloud: str) -> list[str]:
    """Return the names of the options that only connections of this cloud have."""
    return list(_EXAMPLES[cloud])


def identity(cloud: str) -> Options:
    """Return only what tells the example connection apart from others."""
    return {"provider_name": cloud, **{name: _EXAMPLES[cloud][name] for name in _IDENTITIES[cloud]}}


def in_api(cloud: str, **changes: Any) -> Options:
    """Return the example connection as the API spells it, without its cloud."""
    return {camel_case(name): value for name, value in connection(cloud, **changes).items() if name != "provider_name"}


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
