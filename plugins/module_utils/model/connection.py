# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""One declared connection with its container, parsed from the options of a task or of a list entry. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import ATLAS_CIDR_BLOCK, CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import is_unset, parse_desired
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING, distinctions
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired


@dataclass(frozen=True)
class DesiredPeering:
    """One declared connection.

    Attributes:
        peering: The connection.
        container: Its container, if that is named by region or to be created.
        error: Why its project could not be found, or its container is unclear, if so.
    """

    peering: Desired
    container: Desired | None
    error: AtlasError | None = None

    @property
    def project_key(self) -> str:
        """Equal for connections of the same project."""
        return self.peering.project_id or str(self.error)

    def in_project(self, project_id: str) -> DesiredPeering:
        """Return it in a project, for one that was parsed before its project was known."""
        container = self.container and replace(self.container, project_id=project_id)
        return replace(self, peering=replace(self.peering, project_id=project_id), container=container)


def with_distinct_names(declared: Sequence[DesiredPeering]) -> list[DesiredPeering]:
    """Return declared connections with names that tell those to the same network apart."""
    suffixes = distinctions([one.peering.absent for one in declared])
    return [
        replace(one, peering=replace(one.peering, distinction=end)) if end else one
        for one, end in zip(declared, suffixes)
    ]


def parse_connection(params: Mapping[str, Any], project_id: str, present: bool) -> DesiredPeering:
    """Parse the options of one connection.

    Args:
        params: Options; null and the empty string count as not given.
        project_id: The project; empty if it is not known yet.
        present: Whether the connection is to exist, so that every option that its creation needs is required.

    Raises:
        InputError: An option is missing, malformed, or belongs to another cloud.
    """
    given = {name: value for name, value in params.items() if not is_unset(value)}
    region, block = given.get("container_region"), given.get("atlas_cidr_block") if present else None
    cloud = CLOUDS.get(str(given.get("provider_name")))
    if block and not region and not (cloud and cloud.has_one_container):
        raise InputError("atlas_cidr_block needs container_region, the region of the container.")
    desired = parse_desired(PEERING, given, project_id, present)
    if not region and not block:
        return DesiredPeering(desired, None)
    if cloud is None:
        raise InputError("container_region needs provider_name, the cloud that it is a region of.")
    container = parse_container(cloud, region, block, project_id)
    values = {**desired.values, "container_region": container.values.get("region")}
    return DesiredPeering(replace(desired, values=values), container)


def parse_container(cloud: Cloud, region: str | None, block: str | None, project_id: str) -> Desired:
    """Return the container that a connection names by region. Raises InputError if the block is malformed.

    A malformed region is kept as it is: `region_error` reports it, once the project's containers are known.
    """
    values: dict[str, Any] = {}
    if region:
        values = {f.option: _parse_region(f, region) for f in cloud.container.fields if f.is_location}
    if block:
        values[ATLAS_CIDR_BLOCK.option] = ATLAS_CIDR_BLOCK.parse(option(ATLAS_CIDR_BLOCK.option), block)
    return Desired(CONTAINER, project_id, cloud, None, values)


def _parse_region(field: Field, region: str) -> Any:
    value = [region] if field.is_set else region
    try:
        return field.parse(option("container_region"), value)
    except InputError:
        return value


def region_error(container: Desired) -> InputError | None:
    """Return what is wrong with the region by which a connection names its container, if it is malformed."""
    for field in (f for f in container.fields if f.is_location and f.option in container.values):
        try:
            field.parse(option("container_region"), container.values[field.option])
        except InputError as error:
            return error
    return None
