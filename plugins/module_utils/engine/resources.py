# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The resources of one kind in Atlas, read and written through one client, as records."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine import validation
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model import peering, preflight
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS, Cloud
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import Desired, Filter
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import Change
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record, ResourceType

# Error codes of a change that say that something more has to be named beside it, or something else.
_INCOMPLETE = ("MISSING_ATTRIBUTE", "MISSING_ATTRIBUTES", "INVALID_ATTRIBUTE")

# Atlas refuses to delete a container within a second of its creation.
_RECENT_ATTEMPTS, _RECENT_PAUSE = 5, 0.6

# Atlas clears a container up some time after what was in it has gone. Seconds between two requests to delete it.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0


class ResourceApi:
    """The resources of one kind.

    Args:
        client: The session to read and write through.
        resource_type: What they are.
    """

    def __init__(self, client: Client, resource_type: ResourceType) -> None:
        self._client = client
        self._type = resource_type

    def look(self, desired: Iterable[Desired]) -> list[Record]:
        """Return the resources among which the wanted ones are: one LIST for each project and cloud."""
        records: list[Record] = []
        desired = list(desired)
        for project_id, cloud in dict.fromkeys((one.project_id, one.cloud) for one in desired):
            if cloud:
                records += self.find(project_id, cloud)
        for one in desired:
            if not one.cloud and one.id:
                records += self.find_by_id(one.project_id, one.id)
        return records

    def find(self, project_id: str, cloud: Cloud) -> list[Record]:
        """Return a project's resources of one cloud."""
        operation = f"list the {cloud.name} {self._type.noun}s of project {project_id}"
        # Without providerName Atlas would list those of AWS alone.
        answers = self._client.pages(self._path(project_id), operation, providerName=cloud.name)
        return self._records(validation.listed(self._type, answers, operation, cloud), project_id)

    def find_all(self, project_id: str, clouds: Iterable[Cloud] = tuple(CLOUDS.values())) -> list[Record]:
        """Return a project's resources of these clouds, and perhaps of others."""
        return [record for cloud in clouds for record in self.find(project_id, cloud)]

    def select(self, project_id: str, selection: Filter) -> list[Record]:
        """Return the resources of a project that are asked for."""
        if selection.id:
            found = self.find_by_id(project_id, selection.id)
        else:
            found = self.find_all(project_id, selection.clouds)
        return [record for record in found if selection.matches(record)]

    def find_by_id(self, project_id: str, resource_id: str) -> list[Record]:
        """Return the resource with this id, or nothing."""
        operation = f"get {self._type.noun} {resource_id} of project {project_id}"
        try:
            answer = self._client.get(self._path(project_id, resource_id), operation)
            return self._records([validation.found(self._type, answer, operation, resource_id)], project_id)
        except ApiError as error:
            if error.code != self._type.not_found_code:
                raise
            return []

    def check(self, change: Change) -> Iterator[str]:
        """Tell what speaks against taking a step, one sentence each."""
        yield from ()

    def create(self, change: Change) -> Record:
        """Create a resource and return its record."""
        project_id = change.desired.project_id
        operation = f"create the {change.desired.name} in project {project_id}"
        answer = self._client.post(self._path(project_id), operation, change.payload)
        return self._written(validation.written(self._type, answer, operation, change), project_id)

    def update(self, change: Change, resource_id: str) -> Record:
        """Change a resource in place and return its record."""
        project_id = change.desired.project_id
        operation = f"update the {change.desired.name} in project {project_id}"
        answer = self._client.patch(self._path(project_id, resource_id), operation, change.payload)
        return self._written(validation.written(self._type, answer, operation, change, resource_id), project_id)

    def _written(self, answer: Mapping[str, Any], project_id: str) -> Record:
        """Return the record of what was written, which it stays if reading what completes it fails."""
        try:
            (record,) = self._records([answer], project_id)
        except AtlasError as error:
            error.changed = True
            raise
        return record

    def delete(self, change: Change, resource_id: str) -> None:
        """Ask for the deletion of a resource; one that is gone or going is fine, though the answer was lost."""
        project_id = change.desired.project_id
        try:
            operation = f"delete the {change.desired.name} in project {project_id}"
            self._client.delete(self._path(project_id, resource_id), operation)
        except AtlasError as error:
            is_gone = isinstance(error, ApiError) and error.code in self._type.already_deleted_codes
            if not is_gone and not (error.outcome_unknown and self._is_leaving(project_id, resource_id)):
                raise

    def explained(self, error: AtlasError, change: Change, found: Sequence[Record]) -> AtlasError:
        """Return why Atlas refused a step, which what was found may tell better."""
        return error

    def _is_leaving(self, project_id: str, resource_id: str) -> bool:
        """Tell whether a resource certainly is gone or going."""
        try:
            return all(self._type.is_deleting(record) for record in self.find_by_id(project_id, resource_id))
        except AtlasError:
            return False

    def _path(self, project_id: str, resource_id: str = "") -> str:
        return f"groups/{project_id}/{self._type.path}" + (f"/{resource_id}" if resource_id else "")

    def _records(self, answers: Iterable[Mapping[str, Any]], project_id: str) -> list[Record]:
        return [self._type.normalise(answer, project_id) for answer in answers]


class PeeringApi(ResourceApi):
    """Peering connections, completed by their containers if these are known or the other side needs them."""

    def __init__(self, client: Client) -> None:
        super().__init__(client, peering.PEERING)
        self._containers: dict[str, Record] = {}

    def know(self, containers: Iterable[Record]) -> None:
        """Remember containers that have been read: they complete whatever is read from now on."""
        self._containers.update({container["id"]: container for container in containers})

    def complete(self, record: Record) -> Record:
        """Return a record with what its container adds, if that is known."""
        return peering.PEERING.in_container(record, self._containers.get(record["container_id"], {}))

    def update(self, change: Change, resource_id: str) -> Record:
        """Change a connection, naming only what changes, because naming the network may start it anew.

        An Atlas that insists on all fields is sent all of them, once.
        """
        try:
            return super().update(change, resource_id)
        except ApiError as error:
            if error.status != 400 or error.code not in _INCOMPLETE or change.whole_payload == change.payload:
                raise
        return super().update(replace(change, payload=change.whole_payload), resource_id)

    def explained(self, error: AtlasError, change: Change, found: Sequence[Record]) -> AtlasError:
        """Name the connections that keep another one from being created or changed, as far as they are listed."""
        if not isinstance(error, ApiError):
            return error
        if error.code in self._type.conflict_codes:
            anywhere = {k: v for k, v in change.desired.values.items() if k not in self._type.optional_identity}
            rivals = [record for record in found if replace(change.desired, id=None, values=anywhere).matches(record)]
            hint = f"Delete it first ({option('state')}: absent), or declare the container that it is in."
            if any(change.desired.matches(record) for record in rivals):
                hint = "It was created meanwhile, otherwise than declared here. Run the task again."
            if all(self._type.is_deleting(record) for record in rivals):
                hint = "It is being deleted. Run the task again when it is gone."
        elif error.code in self._type.blocking_codes:
            rivals = [record for record in found if preflight.blocks(record, change)]
            hint = preflight.make_room()
        else:
            return error
        if not rivals:
            return error
        named = ", ".join(f"{self._type.label(record)} to {record['peer_network']}" for record in rivals)
        return PlanError(f"{error.message} In its way: {named}.", hint, **error.details, peering=rivals[0])

    def _records(self, answers: Iterable[Mapping[str, Any]], project_id: str) -> list[Record]:
        records = [self.complete(record) for record in super()._records(answers, project_id)]
        # What is not provisioned yet is read again every time, because the other side waits for it.
        lacking = {record["provider_name"] for record in records if peering.lacks_container(record)}
        for name in sorted(lacking):
            self.know(ContainerApi(self._client).find(project_id, CLOUDS[name]))
        return [self.complete(record) for record in records] if lacking else records


class ContainerApi(ResourceApi):
    """Containers, whose refusals are explained.

    Args:
        client: The session to read and write through.
        delete_timeout: Seconds during which a deletion is asked for again, while it may yet succeed.
    """

    def __init__(self, client: Client, delete_timeout: float = 0.0) -> None:
        super().__init__(client, CONTAINER)
        self._delete_timeout = delete_timeout

    def find_all(self, project_id: str, clouds: Iterable[Cloud] = ()) -> list[Record]:
        """Return a project's containers of all clouds, by one LIST."""
        operation = f"list the containers of project {project_id}"
        answers = self._client.pages(f"{self._path(project_id)}/all", operation)
        # Of other clouds, such as those of shared clusters, there is nothing to tell; what names none is no container.
        ours = [answer for answer in answers if not _is_of_another_cloud(answer)]
        return self._records(validation.listed(self._type, ours, operation), project_id)

    def check(self, change: Change) -> Iterator[str]:
        yield from preflight.check_container(change)

    def update(self, change: Change, resource_id: str) -> Record:
        try:
            return super().update(change, resource_id)
        except ApiError as error:
            raise _in_use(error, self._users(error, change, resource_id)) from error

    def delete(self, change: Change, resource_id: str) -> None:
        """Delete a container, asking again while something that is on its way out is still in it."""
        end = time.monotonic() + self._delete_timeout
        pause = _FIRST_PAUSE
        while True:
            try:
                return self._delete(change, resource_id)
            except ApiError as error:
                users = self._users(error, change, resource_id)
                stays = users is None or any(not peering.PEERING.is_deleting(user) for user in users)
                if stays or time.monotonic() + pause > end:
                    raise _in_use(error, users, option("delete_timeout")) from error
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _delete(self, change: Change, resource_id: str) -> None:
        """Delete a container, which Atlas refuses for a moment after its creation."""
        for attempt in range(_RECENT_ATTEMPTS):
            try:
                return super().delete(change, resource_id)
            except ApiError as error:
                if error.code != "CANNOT_DELETE_RECENTLY_CREATED_CONTAINER" or attempt == _RECENT_ATTEMPTS - 1:
                    raise
                time.sleep(_RECENT_PAUSE)

    def _users(self, error: ApiError, change: Change, resource_id: str) -> list[Record] | None:
        """Return the connections in a container that Atlas says to be in use; None if it says something else."""
        if error.code != "CONTAINERS_IN_USE" or change.before is None:
            return None
        try:
            peers = PeeringApi(self._client).find(change.desired.project_id, CLOUDS[change.before["provider_name"]])
        except AtlasError:
            raise error from None
        return [peer for peer in peers if peer["container_id"] == resource_id]


def _in_use(error: ApiError, users: Sequence[Record] | None, patience: str = "") -> AtlasError:
    """Tell what may keep a container from being changed or deleted, as far as that is known.

    Args:
        error: What Atlas said.
        users: The connections in it; None if Atlas said something else.
        patience: Option that would let it be tried for longer, if one would.
    """
    if users is None:
        return error
    later = f"run the task again later{f', or raise {patience}' if patience else ''}."
    standing = [user for user in users if not peering.PEERING.is_deleting(user)]
    named = ", ".join(f"{user['id']} to {user['peer_network']} ({user['status']})" for user in standing or users)
    if standing:
        hint = f"Peering connections use it: {named}. Delete them first, with {option('state')}: absent."
    elif users:
        hint = f"Peering connections in it are still being deleted: {named}. Wait until they are gone, and {later}"
    else:
        hint = (
            "No peering connection uses it. Atlas does not say what does: a cluster in its region, cloud backups of "
            "one, or something deleted that Atlas has not cleared up yet, which may take an hour. Delete what is there "
            f"if it is no longer needed, and {later}"
        )
    return PlanError(error.message, hint, **error.details)


def _is_of_another_cloud(answer: Mapping[str, Any]) -> bool:
    name = answer.get("providerName")
    return isinstance(name, str) and name not in CLOUDS
