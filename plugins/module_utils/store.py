# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The resources of one kind in Atlas, read and written through one client, as records."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import peering
from ansible_collections.atlasops.network.plugins.module_utils.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS, Cloud
from ansible_collections.atlasops.network.plugins.module_utils.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import ApiError, AtlasError, RefusedError
from ansible_collections.atlasops.network.plugins.module_utils.kind import Kind, Record
from ansible_collections.atlasops.network.plugins.module_utils.plan import Step
from ansible_collections.atlasops.network.plugins.module_utils.wording import option

# Atlas refuses to delete a container within a second of its creation.
_RECENT_ATTEMPTS, _RECENT_PAUSE = 5, 0.6


class Store:
    """The resources of one kind.

    Args:
        client: The session to read and write through.
        kind: What they are.
    """

    def __init__(self, client: Client, kind: Kind) -> None:
        self._client = client
        self._kind = kind

    def look(self, wanted: Iterable[Wanted]) -> list[Record]:
        """Return the resources among which the wanted ones are: one LIST for each project and cloud."""
        records: list[Record] = []
        wanted = list(wanted)
        for project_id, cloud in dict.fromkeys((one.project_id, one.cloud) for one in wanted):
            if cloud:
                records += self.find(project_id, cloud)
        for one in wanted:
            if not one.cloud and one.id:
                records += self.find_by_id(one.project_id, one.id)
        return records

    def find(self, project_id: str, cloud: Cloud) -> list[Record]:
        """Return a project's resources of one cloud."""
        doing = f"list the {cloud.name} {self._kind.noun}s of project {project_id}"
        # Without providerName Atlas would list those of AWS alone.
        answers = self._client.pages(self._path(project_id), doing, providerName=cloud.name)
        return [self._record(answer, project_id) for answer in answers]

    def find_by_id(self, project_id: str, resource_id: str) -> list[Record]:
        """Return the resource with this id, or nothing."""
        doing = f"get {self._kind.noun} {resource_id} of project {project_id}"
        try:
            return [self._record(self._client.get(self._path(project_id, resource_id), doing), project_id)]
        except ApiError as error:
            if error.code != self._kind.missing:
                raise
            return []

    def create(self, step: Step) -> Record:
        """Create a resource and return its record."""
        project_id = step.wanted.project_id
        doing = f"create the {step.wanted.name} in project {project_id}"
        return self._record(self._client.post(self._path(project_id), doing, step.payload), project_id)

    def update(self, step: Step, resource_id: str) -> Record:
        """Change a resource in place and return its record."""
        project_id = step.wanted.project_id
        doing = f"update the {step.wanted.name} in project {project_id}"
        return self._record(self._client.patch(self._path(project_id, resource_id), doing, step.payload), project_id)

    def delete(self, step: Step, resource_id: str) -> None:
        """Ask for the deletion of a resource; one that is gone or going is fine."""
        project_id = step.wanted.project_id
        try:
            doing = f"delete the {step.wanted.name} in project {project_id}"
            self._client.delete(self._path(project_id, resource_id), doing)
        except ApiError as error:
            if error.code not in self._kind.gone:
                raise

    def _path(self, project_id: str, resource_id: str = "") -> str:
        return f"groups/{project_id}/{self._kind.path}" + (f"/{resource_id}" if resource_id else "")

    def _record(self, answer: Mapping[str, Any], project_id: str) -> Record:
        return self._kind.normalise(answer, project_id)


class Peers(Store):
    """Peering connections, with what the next action needs of their containers."""

    def __init__(self, client: Client) -> None:
        super().__init__(client, peering.PEERING)
        self._containers: dict[str, Record] = {}

    def _record(self, answer: Mapping[str, Any], project_id: str) -> Record:
        record = super()._record(answer, project_id)
        if not peering.wants_container(record):
            return record
        if record["container_id"] not in self._containers:
            found = Containers(self._client).find(project_id, CLOUDS[record["provider_name"]])
            self._containers.update({container["id"]: container for container in found})
        return peering.PEERING.normalise(answer, project_id, self._containers.get(record["container_id"]))


class Containers(Store):
    """Containers, whose refusals are explained."""

    def __init__(self, client: Client) -> None:
        super().__init__(client, CONTAINER)

    def find_all(self, project_id: str) -> list[Record]:
        """Return a project's containers of all clouds, by one LIST."""
        doing = f"list the containers of project {project_id}"
        answers = self._client.pages(f"{self._path(project_id)}/all", doing)
        return [self._record(answer, project_id) for answer in answers if answer.get("providerName") in CLOUDS]

    def update(self, step: Step, resource_id: str) -> Record:
        try:
            return super().update(step, resource_id)
        except ApiError as error:
            raise self._explained(error, step, resource_id) from error

    def delete(self, step: Step, resource_id: str) -> None:
        for attempt in range(_RECENT_ATTEMPTS):
            try:
                return super().delete(step, resource_id)
            except ApiError as error:
                if error.code != "CANNOT_DELETE_RECENTLY_CREATED_CONTAINER" or attempt == _RECENT_ATTEMPTS - 1:
                    raise self._explained(error, step, resource_id) from error
                time.sleep(_RECENT_PAUSE)

    def _explained(self, error: ApiError, step: Step, resource_id: str) -> AtlasError:
        """Name the connections that keep a container from being changed or deleted."""
        if error.code != "CONTAINERS_IN_USE" or step.before is None:
            return error
        peers = Peers(self._client).find(step.wanted.project_id, CLOUDS[step.before["provider_name"]])
        users = [f"{peer['id']} to {peer['network']}" for peer in peers if peer["container_id"] == resource_id]
        if users:
            hint = f"Peering connections use it: {', '.join(users)}. Delete them first, with {option('state')}: absent."
        else:
            hint = "No peering connection uses it, so a cluster does: it stays while there are clusters in its region."
        return RefusedError(error.message, hint, **error.facts)
