# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Finding the connections of one project in Atlas, again at every poll of a wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.containers import ContainerResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi, PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import ABSENT
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import ATLAS_CIDR_BLOCK
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import DesiredPeering
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired, Record
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import Finding


@dataclass
class AwaitedPeering:
    """A connection to wait for, and what the polls have learned of it.

    Attributes:
        desired: What identifies it.
        container: Its container, as long as only the region of that is known; then None.
        known: What an earlier result said of its container: ``{"container_region": "US_EAST_1"}``.
        id: Its id, once it is known.
        is_gone: Whether Atlas has answered that this id does not exist.
        error: Why its container cannot be determined, for good.
    """

    desired: Desired
    container: Desired | None
    known: Mapping[str, Any]
    id: str | None = None
    is_gone: bool = False
    error: AtlasError | None = None

    def complete(self, record: Record | None) -> Record:
        """Return the record, or that of an absent connection, with what is known of its container filled in."""
        record = record or self.desired.absent
        return {**record, **{key: value for key, value in self.known.items() if record.get(key) is None}}


def await_peering(declared: DesiredPeering, entry: Mapping[str, Any]) -> AwaitedPeering:
    """Return a connection to wait for.

    Args:
        declared: The connection.
        entry: Its options. They may be an earlier result; only that of an existing connection, which has an id, is
            relied upon for what it says of the container.

    Raises:
        InputError: The ``atlas_cidr_block`` of the entry is not a block of addresses.
    """
    desired, container = declared.peering, declared.container
    cloud, is_identified = desired.cloud, desired.id or desired.values.get("container_id")
    if is_identified or (cloud and cloud.has_one_container):
        container = None
    region, block = desired.values.get("container_region"), entry.get("atlas_cidr_block")
    clean_block = ATLAS_CIDR_BLOCK.parse(ATLAS_CIDR_BLOCK.option, block) if block else None
    earlier = {"container_region": region, ATLAS_CIDR_BLOCK.option: clean_block}
    kept = cloud.from_container.values() if cloud and desired.id else ()
    known = {key: value for key, value in earlier.items() if value and key in kept}
    return AwaitedPeering(desired, container, known, desired.id)


class PeeringFinder:
    """The awaited connections of one project.

    Args:
        client: The client to read through.
        project: The options that name the project, ``project_id`` or ``project_name``.
        awaited: The connections. Their project ids are filled in by the first poll.
        wait_for_containers: Whether a container that does not exist may still be created, so that it is read again at
            every poll; otherwise its connections are absent.
    """

    def __init__(
        self,
        client: Client,
        project: Mapping[str, Any],
        awaited: Sequence[AwaitedPeering],
        wait_for_containers: bool,
    ) -> None:
        self._client, self._project, self._awaited = client, project, awaited
        self._wait_for_containers = wait_for_containers
        self._peerings, self._containers = PeeringApi(client), ContainerApi(client)
        self._project_id = ""

    def find(self) -> list[Finding]:
        """Return the record of each connection, or why it cannot be identified.

        This sends one LIST of connections for each cloud. One LIST of containers more finds those that are named by
        region alone, until they exist, and tells several connections of one network apart. A known id that is in no
        LIST is read by itself.

        Raises:
            AtlasError: The project cannot be read.
        """
        self._resolve_project()
        self._resolve_containers()
        desired = [one.desired for one in self._awaited]
        found = self._with_containers(desired, self._peerings.list_for(desired))
        return [self._find_one(one, found) for one in self._awaited]

    def _resolve_project(self) -> None:
        if self._project_id:
            return
        # A resolver of its own, as it remembers errors, and the next poll has to try again.
        self._project_id = ProjectResolver(self._client).resolve(self._project)
        for one in self._awaited:
            one.desired = replace(one.desired, project_id=self._project_id)
            one.container = one.container and replace(one.container, project_id=self._project_id)

    def _resolve_containers(self) -> None:
        unresolved = [(one, one.container) for one in self._awaited if one.container]
        if not unresolved:
            return
        resolver = ContainerResolver(self._containers, [container for _one, container in unresolved], present=False)
        self._peerings.remember(resolver.records)
        for one, container in unresolved:
            one.error = resolver.error_for(one.desired, container)
            one.desired = resolver.bind(one.desired, container)
            if one.desired.values["container_id"] or one.error or not self._wait_for_containers:
                one.container = None

    def _with_containers(self, desired: Iterable[Desired], found: Sequence[Record]) -> Sequence[Record]:
        """Return what was found, with regions if several connections match and only those tell them apart."""
        ambiguous = dict.fromkeys(one.cloud for one in desired if _needs_regions(planning.candidates(one, found)))
        for cloud in filter(None, ambiguous):
            self._peerings.remember(self._containers.list(self._project_id, cloud))
        return [self._peerings.in_container(record) for record in found] if ambiguous else found

    def _find_one(self, one: AwaitedPeering, found: Sequence[Record]) -> Finding:
        if one.error:
            return one.error
        try:
            record = planning.match(one.desired, found)
        except PlanError as error:
            return error
        if record:
            one.id, one.is_gone = record["id"], False
        elif one.id and one.desired.cloud and not one.is_gone:
            by_id = self._peerings.get(self._project_id, one.id)
            one.is_gone = by_id is None
            record = planning.match(one.desired, [by_id] if by_id else [])
        return self._with_next_action(one, one.complete(record))

    def _with_next_action(self, one: AwaitedPeering, record: Record) -> Record:
        """Return the record; if it is absent because its region has no container, with that as the next action."""
        if one.container is None or record["phase"] != ABSENT:
            return record
        missing = f"Project {self._project_id} has no {one.container.name}"
        return {**record, "next_action": f"{missing}: create it, or correct {option('container_region')}."}


def _needs_regions(candidates: Sequence[Record]) -> bool:
    """Report whether several connections match whose containers have not been read yet."""
    return len(candidates) > 1 and any(record[ATLAS_CIDR_BLOCK.option] is None for record in candidates)
