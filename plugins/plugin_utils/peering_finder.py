# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at connections of one project again and again, for the wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.containers import ContainerResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import DesiredPeering
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi, PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import ABSENT, ATLAS_CIDR_BLOCK
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import Desired
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from ansible_collections.atlasops.network.plugins.module_utils.option_names import option
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import Seen


@dataclass
class AwaitedPeering:
    """One connection that is looked for.

    Attributes:
        desired: What tells it apart.
        container: The container that it is in, as long as only its region is known.
        known: What earlier results said of its container, if it was one of them.
        id: Its id, once that is known.
        is_gone: Whether Atlas said that there is none of this id.
        objection: Why it cannot be told in which container it is, and never will.
    """

    desired: Desired
    container: Desired | None
    known: Mapping[str, Any]
    id: str | None = None
    is_gone: bool = False
    objection: AtlasError | None = None

    def seen(self, record: Record | None) -> Record:
        """Return its record, that of its absence if there is none, with what is known beyond that."""
        record = record or self.desired.absent
        return {**record, **{key: value for key, value in self.known.items() if record.get(key) is None}}


def seek(declared: DesiredPeering, entry: Mapping[str, Any]) -> AwaitedPeering:
    """Return a connection to look for.

    Args:
        declared: The connection.
        entry: Its options, which may be an earlier result. Only one with an id says for sure what is there.

    Raises:
        InputError: The block of an earlier result is none.
    """
    desired, container = declared.peering, declared.container
    cloud, named = desired.cloud, desired.id or desired.values.get("container_id")
    if named or (cloud and cloud.has_one_container):
        container = None
    region, block = desired.values.get("container_region"), entry.get("atlas_cidr_block")
    clean = ATLAS_CIDR_BLOCK.clean(ATLAS_CIDR_BLOCK.option, block) if block else None
    said = {"container_region": region, ATLAS_CIDR_BLOCK.option: clean}
    kept = cloud.from_container.values() if cloud and desired.id else ()
    return AwaitedPeering(
        desired, container, {key: value for key, value in said.items() if value and key in kept}, desired.id
    )


class PeeringFinder:
    """Connections of one project as Atlas shows them, look after look.

    Args:
        client: The session to look through.
        home: The options that say the project, by id or by name.
        sought: The connections, of whatever project until that is known.
        may_come: Whether a container that is not there may still be created; or else its connections are absent.
    """

    def __init__(
        self, client: Client, home: Mapping[str, Any], sought: Sequence[AwaitedPeering], may_come: bool
    ) -> None:
        self._client, self._home, self._sought, self._may_come = client, home, sought, may_come
        self._peers, self._containers = PeeringApi(client), ContainerApi(client)
        self._project_id = ""

    def look(self) -> list[Seen]:
        """Return the record of each connection, or why it cannot be told. Raises AtlasError if Atlas cannot be asked.

        That is one LIST for each cloud. One more finds the containers that are named by region alone, until they are
        there, or tells several connections of one network apart. A known id that no LIST holds is asked for itself.
        """
        self._find_project()
        self._find_containers()
        desired = [one.desired for one in self._sought]
        found = self._told_apart(desired, self._peers.look(desired))
        return [self._see(one, found) for one in self._sought]

    def _find_project(self) -> None:
        if self._project_id:
            return
        # Not the wait's own, which would keep an error that passes.
        self._project_id = ProjectResolver(self._client).resolve(self._home)
        for one in self._sought:
            one.desired = replace(one.desired, project_id=self._project_id)
            one.container = one.container and replace(one.container, project_id=self._project_id)

    def _find_containers(self) -> None:
        unsettled = [(one, one.container) for one in self._sought if one.container]
        if not unsettled:
            return
        places = ContainerResolver(self._containers, [container for _one, container in unsettled], present=False)
        self._peers.know(places.records)
        for one, container in unsettled:
            one.objection = places.objection(one.desired, container)
            one.desired = places.put(one.desired, container)
            if one.desired.values["container_id"] or one.objection or not self._may_come:
                one.container = None

    def _told_apart(self, desired: Iterable[Desired], found: Sequence[Record]) -> Sequence[Record]:
        """Return what was found with the regions of connections among which one cannot be chosen."""
        unclear = dict.fromkeys(one.cloud for one in desired if _lacks_places(planning.candidates(one, found)))
        for cloud in filter(None, unclear):
            self._peers.know(self._containers.find(self._project_id, cloud))
        return [self._peers.complete(record) for record in found] if unclear else found

    def _see(self, one: AwaitedPeering, found: Sequence[Record]) -> Seen:
        if one.objection:
            return one.objection
        try:
            record = planning.match(one.desired, found)
        except PlanError as error:
            return error
        if record:
            one.id, one.is_gone = record["id"], False
        elif one.id and one.desired.cloud and not one.is_gone:
            by_id = self._peers.find_by_id(self._project_id, one.id)
            one.is_gone = not by_id
            record = planning.match(one.desired, by_id)
        return self._without_container(one, one.seen(record))

    def _without_container(self, one: AwaitedPeering, record: Record) -> Record:
        """Say of a connection that it is absent because its region has no container, if so."""
        if one.container is None or record["phase"] != ABSENT:
            return record
        missing = f"Project {self._project_id} has no {one.container.name}"
        return {**record, "next_action": f"{missing}: create it, or correct {option('container_region')}."}


def _lacks_places(standing: Sequence[Record]) -> bool:
    """Tell whether several connections would be told apart by containers that have not been read yet."""
    return len(standing) > 1 and any(record[ATLAS_CIDR_BLOCK.option] is None for record in standing)
