# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Containers: Atlas' own VPC, VNet or network in a region, which peering connections start from. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import (
    CLOUDS,
    CONTAINER_ID,
    Cloud,
    Resource,
    snake_case,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record, ResourceType


class Container(ResourceType):
    """Network peering containers."""

    noun = "container"
    path = "containers"
    id_option = "container_id"
    result_key = "container"
    id_field = CONTAINER_ID
    required_on_update = ("region",)
    conflict_codes = ("CONTAINER_ALREADY_EXISTS",)
    not_found_code = "CLOUD_PROVIDER_CONTAINER_NOT_FOUND"
    already_deleted_codes = ("CLOUD_PROVIDER_CONTAINER_NOT_FOUND",)
    result_only = frozenset(snake_case(name) for cloud in CLOUDS.values() for name in cloud.container.read_only)

    def resource(self, cloud: Cloud) -> Resource:
        return cloud.container

    def predicted(self, cloud: Cloud, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**payload, "provisioned": False}

    def normalise(self, answer: Mapping[str, Any], project_id: str) -> Record:
        read_only = self.cloud_of(answer).container.read_only
        record = super().normalise(answer, project_id)
        return {**record, **{snake_case(name): answer.get(name) for name in read_only}}


CONTAINER = Container()
