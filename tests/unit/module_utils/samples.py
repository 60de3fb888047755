# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections of each cloud: as a task declares them, as Atlas answers them, and as records."""

from __future__ import annotations

from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import declaration, peering
from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS, Cloud

PROJECT = "64a1f0c35b7e2d4198c3e001"
OTHER_PROJECT = "64a1f0c35b7e2d4198c3e002"
PEER = "6112222b3bf99403840e8934"
OTHER_PEER = "6112222b3bf99403840e8935"
NAMES = tuple(CLOUDS)

OPTIONS: dict[str, dict[str, str]] = {
    "AWS": {
        "provider_name": "AWS",
        "container_id": "64a1f0c35b7e2d4198c3ea01",
        "accepter_region_name": "us-east-1",
        "aws_account_id": "123456789012",
        "route_table_cidr_block": "10.15.0.0/16",
        "vpc_id": "vpc-0f1e2d3c4b5a69788",
    },
    "AZURE": {
        "provider_name": "AZURE",
        "container_id": "64a1f0c35b7e2d4198c3ea02",
        "azure_directory_id": "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915",
        "azure_subscription_id": "8dec2d92-478d-bc50-cf99-d31b9e90a1c7",
        "resource_group_name": "app-production",
        "vnet_name": "app-vnet",
    },
    "GCP": {
        "provider_name": "GCP",
        "container_id": "64a1f0c35b7e2d4198c3ea03",
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


def identity(name: str) -> dict[str, str]:
    """Return the options that are enough to find the sample connection of a cloud."""
    cloud = CLOUDS[name]
    return {"provider_name": name, **{field.option: OPTIONS[name][field.option] for field in cloud.identity}}


def declare(name: str, complete: bool = True, project_id: str = PROJECT, **changes: Any) -> declaration.Wanted:
    """Declare the sample connection of a cloud, with some options changed or (None) left out."""
    return declaration.declare({**OPTIONS[name], **changes}, project_id, complete)


def answer(name: str, status: str = "AVAILABLE", error: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return the sample connection as Atlas would; changes are named by options or by API fields."""
    cloud = CLOUDS[name]
    fields = {field.api: changes.pop(field.option, OPTIONS[name][field.option]) for field in cloud.fields}
    beyond = {"connectionId": "pcx-0f1e2d3c4b5a69788"} if "connectionId" in cloud.read_only else {}
    said = {cloud.status_key: status, cloud.error_key: error}
    return {"id": PEER, "providerName": name, **fields, **beyond, **said, **changes}


def record(name: str, status: str = "AVAILABLE", error: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return the sample connection as a record; of the project `project_id` where the changes name one."""
    project_id = changes.pop("project_id", PROJECT)
    return peering.normalise(answer(name, status, error, **changes), project_id, container(CLOUDS[name]))


def container(cloud: Cloud) -> dict[str, Any]:
    """Return the container a sample connection starts from."""
    known = {"gcpProjectId": "p-ab12cd34ef56ab12cd34ef56", "networkName": "nt-64a1f0c35b7e2d4198c3ea03-ab12cd34"}
    return {"id": OPTIONS[cloud.name]["container_id"], **{name: known[name] for name in cloud.container_fields}}


def statuses(name: str) -> list[tuple[str, str | None]]:
    """Return every status of a cloud, a failed one with every error that has an action of its own and one without."""
    cloud = CLOUDS[name]
    known: list[tuple[str, str | None]] = [(status, None) for status in cloud.phases]
    errors = [key for key in cloud.actions if key not in cloud.phases]
    return known + [("FAILED", error) for error in (*errors, "No such network.")]
