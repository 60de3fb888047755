# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Containers: Atlas' own VPC, VNet or network in a region, where peering connections start. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, cast

from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError, option, shortened
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import (
    DELETING,
    NO_FIELDS,
    Cloud,
    Schema,
    snake_case,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS, CONTAINER_ID
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record, ResourceType


class ContainerRecord(TypedDict, total=False):
    """A container in normalised form; it has the keys of its cloud only."""

    id: str
    project_id: str
    provider_name: str
    atlas_cidr_block: str | None
    provisioned: bool | None
    region: str | None
    regions: list[str]
    vpc_id: str | None
    azure_subscription_id: str | None
    vnet_name: str | None
    gcp_project_id: str | None
    network_name: str | None


class Container(ResourceType):
    """Network peering containers."""

    noun, plural = "container", "containers"
    path = "containers"
    id_option = "container_id"
    result_key = name_key = "container"
    id_field = CONTAINER_ID
    required_on_update = ("region",)
    conflict_codes = ("CONTAINER_ALREADY_EXISTS",)
    not_found_code = "CLOUD_PROVIDER_CONTAINER_NOT_FOUND"
    already_deleted_codes = ("CLOUD_PROVIDER_CONTAINER_NOT_FOUND",)
    result_only = frozenset(snake_case(name) for cloud in CLOUDS.values() for name in cloud.container.read_only)

    def schema(self, cloud: Cloud | None) -> Schema:
        return cloud.container if cloud else NO_FIELDS

    def cloud_of(self, answer: Mapping[str, Any]) -> Cloud:
        name = str(answer.get("providerName")).upper()
        if name not in CLOUDS:
            raise PlanError(
                f"The container {answer.get('id')} belongs to {shortened(name)}, which has no network peering."
            )
        return CLOUDS[name]

    def predicted(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**payload, "provisioned": False}

    def normalise(self, answer: Mapping[str, Any], project_id: str) -> ContainerRecord:
        read_only = {snake_case(name): answer.get(name) for name in self.cloud_of(answer).container.read_only}
        return cast(ContainerRecord, {**super().normalise(answer, project_id), **read_only})


CONTAINER = Container()


def location_of(container: Record) -> str:
    """Return where a container is, for messages: ``US_EAST_1``, ``EASTERN_US, WESTERN_US`` or ``all regions``."""
    regions = container.get("regions") or []
    return str(container.get("region") or ", ".join(regions) or "all regions")


def in_use_hint(connections: Sequence[Record], timeout_option: str = "") -> str:
    """Explain what may keep a container from being changed or deleted, as far as it is known.

    Args:
        connections: The peering connections in it.
        timeout_option: Option that would allow more attempts, if one would.
    """
    retry = f"run the task again later{f', or raise {timeout_option}' if timeout_option else ''}."
    standing = [one for one in connections if one["phase"] != DELETING]
    named = ", ".join(f"{one['id']} to {one['peer_network']} ({one['status']})" for one in standing or connections)
    if standing:
        return f"Peering connections use it: {named}. Delete them first, with {option('state')}: absent."
    if connections:
        return f"Peering connections in it are still being deleted: {named}. Wait until they are gone, and {retry}"
    return (
        "No peering connection uses it. Atlas does not report what does: a cluster in its region, cloud backups of "
        "one, or a deleted resource that Atlas has not cleaned up yet, which may take an hour. Delete what is no "
        f"longer needed, and {retry}"
    )
