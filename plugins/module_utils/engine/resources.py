# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Reading and writing the resources of one type through one client, as records."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine import validation
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER, in_use_hint
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import Filter
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING, needs_container
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import (
    Change,
    Desired,
    Record,
    ResourceType,
)

# Error codes of an update for "name another field, or more of them".
_INCOMPLETE_CODES = ("MISSING_ATTRIBUTE", "MISSING_ATTRIBUTES", "INVALID_ATTRIBUTE")

# Atlas refuses to delete a container within about a second of its creation. Pause in seconds.
_RECENT_ATTEMPTS, _RECENT_PAUSE = 5, 0.6

# Atlas cleans a container up some time after its content is gone. Pauses in seconds between two deletion requests.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0


class ResourceApi:
    """The resources of one type.

    Args:
        client: The session to read and write through.
        resource_type: What they are.
    """

    def __init__(self, client: Client, resource_type: ResourceType) -> None:
        self._client = client
        self.resource_type = resource_type

    def list(self, project_id: str, cloud: Cloud | None) -> Sequence[Record]:
        """Return a project's resources of one cloud, or of a type that belongs to none."""
        operation = f"list the {f'{cloud.name} ' if cloud else ''}{self.resource_type.plural} of project {project_id}"
        # Without providerName, Atlas would list those of AWS alone.
        query = {"providerName": cloud.name} if cloud else {}
        answers = self._client.pages(self._path(project_id), operation, self.resource_type.id_of, **query)
        return self._complete(
            self._records(validation.listed(self.resource_type, answers, operation, cloud), project_id)
        )

    def list_all(self, project_id: str, clouds: Iterable[Cloud] = tuple(CLOUDS.values())) -> Sequence[Record]:
        """Return a project's resources of these clouds, and perhaps of others."""
        return [record for cloud in clouds for record in self.list(project_id, cloud)]

    def list_for(self, desired: Sequence[Desired]) -> Sequence[Record]:
        """Return the resources among which the desired ones are: one LIST for each project and cloud."""
        lists = dict.fromkeys((one.project_id, one.cloud) for one in desired if one.fields)
        by_id = [self.get(one.project_id, one.id) for one in desired if one.id and not one.fields]
        return [*(record for key in lists for record in self.list(*key)), *filter(None, by_id)]

    def filter(self, project_id: str, wanted: Filter) -> Sequence[Record]:
        """Return the resources of a project that pass a filter."""
        existing = [self.get(project_id, wanted.id)] if wanted.id else self.list_all(project_id, wanted.clouds)
        return [record for record in existing if record and wanted.matches(record)]

    def get(self, project_id: str, resource_id: str) -> Record | None:
        """Return the resource with this ID, or None."""
        operation = f"get {self.resource_type.noun} {resource_id} of project {project_id}"
        try:
            answer = self._client.get(self._path(project_id, resource_id), operation)
        except ApiError as error:
            if error.code != self.resource_type.not_found_code:
                raise
            return None
        found = validation.found(self.resource_type, answer, operation, resource_id)
        return self._complete(self._records([found], project_id))[0]

    def prepare(self, changes: Sequence[Change]) -> None:
        """Take note of all writes that follow, for a type of which one request can write several."""

    def create(self, change: Change) -> Record:
        """Create a resource and return its record, which `complete` may add to."""
        project_id = change.desired.project_id
        operation = f"create the {change.desired.name} in project {project_id}"
        answer = self._client.post(self._path(project_id), operation, change.payload)
        return self._records([validation.written(self.resource_type, answer, operation, change)], project_id)[0]

    def update(self, change: Change) -> Record:
        """Change a resource in place and return its record, which `complete` may add to."""
        project_id = change.desired.project_id
        operation = f"update the {change.desired.name} in project {project_id}"
        answer = self._client.patch(self._path(project_id, change.id), operation, change.payload)
        written = validation.written(self.resource_type, answer, operation, change, change.id)
        return self._records([written], project_id)[0]

    def delete(self, change: Change) -> None:
        """Request the deletion of a resource. One that is gone or being deleted is fine, even after a lost answer."""
        project_id = change.desired.project_id
        try:
            operation = f"delete the {change.desired.name} in project {project_id}"
            self._client.delete(self._path(project_id, change.id), operation)
        except AtlasError as error:
            is_gone = isinstance(error, ApiError) and error.code in self.resource_type.already_deleted_codes
            if not is_gone and not (error.outcome_unknown and self._is_deleting(project_id, change.id)):
                raise

    def complete(self, record: Record) -> Record:
        """Return a record with what other resources say of it, which may take a request."""
        return self._complete([record])[0]

    def _complete(self, records: Sequence[Record]) -> Sequence[Record]:
        return records

    def _is_deleting(self, project_id: str, resource_id: str) -> bool:
        """Report whether a resource is certainly gone or being deleted."""
        try:
            record = self.get(project_id, resource_id)
        except AtlasError:
            return False
        return record is None or self.resource_type.is_deleting(record)

    def _path(self, project_id: str, *resource_id: str) -> str:
        return "/".join(["groups", project_id, self.resource_type.path, *(quote(one, safe="") for one in resource_id)])

    def _records(self, answers: Iterable[Mapping[str, Any]], project_id: str) -> Sequence[Record]:
        return [self.resource_type.normalise(answer, project_id) for answer in answers]


class PeeringApi(ResourceApi):
    """Peering connections, completed by their containers if these are known or the other side needs them."""

    def __init__(self, client: Client) -> None:
        super().__init__(client, PEERING)
        self._containers: dict[str, Record] = {}

    def remember(self, containers: Iterable[Record]) -> None:
        """Remember containers that have been read: they complete whatever is read from now on."""
        self._containers.update({container["id"]: container for container in containers})

    def in_container(self, record: Record) -> Record:
        """Return a record with what its container says, if that has been read."""
        container = self._containers.get(record["container_id"])
        return PEERING.in_container(record, container) if container else record

    def update(self, change: Change) -> Record:
        """Update a connection, sending only what changes, because an update that names the network may restart it.

        If Atlas requires all fields, they are sent once.
        """
        try:
            return super().update(change)
        except ApiError as error:
            if error.status != 400 or error.code not in _INCOMPLETE_CODES:
                raise
        return super().update(replace(change, payload=change.complete_payload))

    def _complete(self, records: Sequence[Record]) -> Sequence[Record]:
        records = [self.in_container(record) for record in records]
        # What is not provisioned yet is read again every time, because the other side waits for it.
        incomplete = {(record["project_id"], record["provider_name"]) for record in records if needs_container(record)}
        for project_id, name in sorted(incomplete):
            self.remember(ResourceApi(self._client, CONTAINER).list(project_id, CLOUDS[name]))
        return [self.in_container(record) for record in records] if incomplete else records


class ContainerApi(ResourceApi):
    """Containers, whose deletion may have to be requested again and whose refusals are explained.

    Args:
        client: The session to read and write through.
        delete_timeout: Seconds during which a deletion is requested again while it may still succeed.
    """

    def __init__(self, client: Client, delete_timeout: float = 0.0) -> None:
        super().__init__(client, CONTAINER)
        self._delete_timeout = delete_timeout

    def list_all(self, project_id: str, clouds: Iterable[Cloud] = ()) -> Sequence[Record]:
        """Return a project's containers of all clouds, with one LIST."""
        operation = f"list the containers of project {project_id}"
        answers = self._client.pages(f"{self._path(project_id)}/all", operation)
        # Those of other clouds, such as shared clusters have, are ignored; one that names no cloud is not a container.
        known = [
            one for one in answers if not isinstance(one.get("providerName"), str) or one["providerName"] in CLOUDS
        ]
        return self._records(validation.listed(self.resource_type, known, operation), project_id)

    def update(self, change: Change) -> Record:
        try:
            return super().update(change)
        except ApiError as error:
            raise _in_use(error, self._connections_in(error, change)) from error

    def delete(self, change: Change) -> None:
        """Delete a container, requesting it again while something in it is being deleted."""
        end = time.monotonic() + self._delete_timeout
        pause = _FIRST_PAUSE
        while True:
            try:
                return self._delete(change)
            except ApiError as error:
                connections = self._connections_in(error, change)
                stays = connections is None or any(not PEERING.is_deleting(one) for one in connections)
                if stays or time.monotonic() + pause > end:
                    raise _in_use(error, connections, option("delete_timeout")) from error
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _delete(self, change: Change) -> None:
        """Delete a container, which Atlas refuses for a moment after its creation."""
        for attempt in range(_RECENT_ATTEMPTS):
            try:
                return super().delete(change)
            except ApiError as error:
                if error.code != "CANNOT_DELETE_RECENTLY_CREATED_CONTAINER" or attempt == _RECENT_ATTEMPTS - 1:
                    raise
                time.sleep(_RECENT_PAUSE)

    def _connections_in(self, error: ApiError, change: Change) -> Sequence[Record] | None:
        """Return the connections in a container that Atlas reports to be in use; None for any other error."""
        if error.code != "CONTAINERS_IN_USE" or change.before is None:
            return None
        try:
            cloud = CLOUDS[change.before["provider_name"]]
            peerings = ResourceApi(self._client, PEERING).list(change.desired.project_id, cloud)
        except AtlasError:
            raise error from None
        return [one for one in peerings if one["container_id"] == change.id]


def _in_use(error: ApiError, connections: Sequence[Record] | None, timeout_option: str = "") -> AtlasError:
    """Explain a refusal to change or delete a container, if it is in use; `connections` is None if it is not."""
    if connections is None:
        return error
    return PlanError(error.message, in_use_hint(connections, timeout_option), **error.details)
