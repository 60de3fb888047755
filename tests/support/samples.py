# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections and containers of each cloud: as a task declares them, as Atlas answers them, and as records."""

from __future__ import annotations

from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model import desired
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from simulator import Simulator
from simulator.settings import CONTAINER_IDS

PROJECT = "64a1f0c35b7e2d4198c3e001"
OTHER_PROJECT = "64a1f0c35b7e2d4198c3e002"
PEER = "6112222b3bf99403840e8934"
OTHER_PEER = "6112222b3bf99403840e8935"

OPTIONS: dict[str, dict[str, str]] = {
    "AWS": {
        "provider_name": "AWS",
        "container_id": CONTAINER_IDS["AWS"],
        "accepter_region_name": "us-east-1",
        "aws_account_id": "123456789012",
        "route_table_cidr_block": "10.15.0.0/16",
        "vpc_id": "vpc-0f1e2d3c4b5a69788",
    },
    "AZURE": {
        "provider_name": "AZURE",
        "container_id": CONTAINER_IDS["AZURE"],
        "azure_directory_id": "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915",
        "azure_subscription_id": "8dec2d92-478d-bc50-cf99-d31b9e90a1c7",
        "resource_group_name": "app-production",
        "vnet_name": "app-vnet",
    },
    "GCP": {
        "provider_name": "GCP",
        "container_id": CONTAINER_IDS["GCP"],
        "gcp_project_id": "my-project-191923",
        "network_name": "default",
    },
}

#: Another valid value for every field.
OTHER_VALUES = {
    "container_id": "64a1f0c35b7e2d4198c3ea99",
    "accepter_region_name": "eu-west-1",
    "aws_account_id": "999999999999",
    "route_table_cidr_block": "10.99.0.0/16",
    "vpc_id": "vpc-0aaaaaaaaaaaaaaaa",
    "azure_directory_id": "00000000-0000-0000-0000-000000000000",
    "azure_subscription_id": "11111111-1111-1111-1111-111111111111",
    "resource_group_name": "other-group",
    "vnet_name": "other-vnet",
    "gcp_project_id": "other-project-1",
    "network_name": "other-network",
}

#: A container of each cloud as a task declares it. The simulator has none there.
CONTAINERS: dict[str, dict[str, Any]] = {
    "AWS": {"provider_name": "AWS", "region": "EU_WEST_1", "atlas_cidr_block": "10.8.0.0/21"},
    "AZURE": {"provider_name": "AZURE", "region": "EUROPE_WEST", "atlas_cidr_block": "10.8.0.0/21"},
    "GCP": {"provider_name": "GCP", "atlas_cidr_block": "10.128.0.0/18"},
}

#: The clouds that have samples; tests/repository/test_completeness.py names those that lack them.
NAMES = tuple(name for name in CLOUDS if name in OPTIONS and name in CONTAINERS)


def identity(name: str) -> dict[str, str]:
    """Return the options that are enough to find the sample connection of a cloud."""
    cloud = CLOUDS[name]
    return {"provider_name": name, **{field.option: OPTIONS[name][field.option] for field in cloud.peering.identity}}


def in_api(name: str, **changes: Any) -> dict[str, Any]:
    """Return the sample connection as the API spells it, without its cloud; None leaves an option out."""
    spelled = {field.option: field.api for field in CLOUDS[name].peering.fields}
    options = {**OPTIONS[name], **changes}
    return {spelled[key]: value for key, value in options.items() if key in spelled and value is not None}


def vpc(number: int, **changes: Any) -> dict[str, Any]:
    """Return options of one of many connections of AWS, with a network and a block of its own."""
    own = {"vpc_id": f"vpc-{number:08x}", "route_table_cidr_block": f"10.{number}.0.0/16"}
    return {**OPTIONS["AWS"], **own, **changes}


def seed(atlas: Simulator, name: str = "AWS", status: str = "AVAILABLE", error: str | None = None, **api: Any) -> str:
    """Put the sample connection of a cloud into the project, with some API fields changed; return its id."""
    return atlas.add_peer(atlas.project_id, name, status, error, **{**in_api(name), **api})


def parse_desired(name: str, complete: bool = True, project_id: str = PROJECT, **changes: Any) -> desired.Desired:
    """Declare the sample connection of a cloud, with some options changed or (None) left out."""
    return desired.parse_desired(PEERING, {**OPTIONS[name], **changes}, project_id, complete)


def answer(name: str, status: str = "AVAILABLE", error: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return the sample connection as Atlas would; changes are named by options or by API fields."""
    cloud = CLOUDS[name]
    fields = {field.api: changes.pop(field.option, OPTIONS[name][field.option]) for field in cloud.peering.fields}
    beyond = {"connectionId": "pcx-0f1e2d3c4b5a69788"} if "connectionId" in cloud.peering.read_only else {}
    said = {cloud.status_key: status, cloud.error_key: error}
    return {"id": PEER, "providerName": name, **fields, **beyond, **said, **changes}


def record(name: str, status: str = "AVAILABLE", error: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return the sample connection as a record; of the project `project_id` where the changes name one."""
    project_id = changes.pop("project_id", PROJECT)
    return PEERING.in_container(
        PEERING.normalise(answer(name, status, error, **changes), project_id), container(CLOUDS[name])
    )


def container(cloud: Cloud) -> dict[str, Any]:
    """Return the record of the container a sample connection starts from."""
    known = {
        "region": {"AWS": "US_EAST_1", "AZURE": "EUROPE_NORTH"}.get(cloud.name),
        "atlas_cidr_block": "192.168.240.0/21",
        "gcp_project_id": "p-ab12cd34ef56ab12cd34ef56",
        "network_name": "nt-64a1f0c35b7e2d4198c3ea03-ab12cd34",
    }
    return {"id": OPTIONS[cloud.name]["container_id"], **{name: known[name] for name in cloud.from_container}}


def by_itself(found: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a connection as it is if its container has not been read."""
    return {**found, **dict.fromkeys(CLOUDS[found["provider_name"]].from_container.values())}


def statuses(name: str) -> list[tuple[str, str | None]]:
    """Return every status of a cloud, a failed one with every error that has an action of its own and one without."""
    cloud = CLOUDS[name]
    known: list[tuple[str, str | None]] = [(status, None) for status in cloud.phases]
    errors = [key for key in cloud.next_actions if key not in cloud.phases]
    return known + [("FAILED", error) for error in (*errors, "No such network.")]


def declare_container(name: str, complete: bool = True, project_id: str = PROJECT, **changes: Any) -> desired.Desired:
    """Declare the sample container of a cloud, with some options changed or (None) left out."""
    return desired.parse_desired(CONTAINER, {**CONTAINERS[name], **changes}, PROJECT, complete)


def container_answer(name: str, **changes: Any) -> dict[str, Any]:
    """Return the sample container as Atlas would; changes are named by options or by API fields."""
    resource = CLOUDS[name].container
    values = {field.api: changes.pop(field.option, CONTAINERS[name].get(field.option)) for field in resource.fields}
    unknown = dict.fromkeys(resource.read_only)
    return {
        "id": OPTIONS[name]["container_id"],
        "providerName": name,
        **values,
        **unknown,
        "provisioned": True,
        **changes,
    }


def container_record(name: str, project_id: str = PROJECT, **changes: Any) -> dict[str, Any]:
    """Return the sample container as a record."""
    return CONTAINER.normalise(container_answer(name, **changes), project_id)


def by_region(name: str, **changes: Any) -> dict[str, Any]:
    """Return options of the sample connection, in the sample container named by region; None leaves one out."""
    region, block = CONTAINERS[name].get("region", "EASTERN_US"), CONTAINERS[name]["atlas_cidr_block"]
    place = {"container_id": None, "container_region": region, "atlas_cidr_block": block}
    options = {**OPTIONS[name], **place, **changes}
    return {option: value for option, value in options.items() if value is not None}
