# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The operations of the API on the IP access lists of projects."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, unreadable
from ansible_collections.atlasops.network.plugins.module_utils.api.responses import resources
from ansible_collections.atlasops.network.plugins.module_utils.engine import validation
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ResourceApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.access_list import ACCESS_LIST_ENTRY
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import differences
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Change, Desired, Record


class AccessListApi(ResourceApi):
    """The entries of access lists. One request adds and changes several: Atlas allows no concurrent ones."""

    def __init__(self, client: Client) -> None:
        super().__init__(client, ACCESS_LIST_ENTRY)
        self._prepared: Sequence[Change] = ()
        # What is known once the request has been sent, and why it failed.
        self._listed: Sequence[Record] | None = None
        self._error: AtlasError | None = None

    def list_all(self, project_id: str, clouds: Iterable[Cloud] = ()) -> Sequence[Record]:
        """Return the entries of a project."""
        return self.list(project_id, None)

    def list_with_status(self, project_id: str) -> Sequence[Record]:
        """Return the entries of a project with their statuses, each of which takes a request."""
        return [{**one, "status": self.status(one)} for one in self.list(project_id, None)]

    def list_for(self, desired: Sequence[Desired]) -> Sequence[Record]:
        """Return the entries among which the desired ones are; those after the request, if it has been sent."""
        return super().list_for(desired) if self._listed is None else self._listed

    def get(self, project_id: str, resource_id: str) -> Record | None:
        """Return the entry with this ID, or None."""
        return next((one for one in self.list(project_id, None) if one["id"] == resource_id), None)

    def status(self, record: Record) -> str | None:
        """Return the status of an entry; None if Atlas does not know it yet."""
        operation = f"get the status of the IP access list entry {record['id']} of project {record['project_id']}"
        path = f"{self._path(record['project_id'], record['id'])}/status"
        try:
            status = self._client.get(path, operation).get("STATUS")
        except ApiError as error:
            if error.code != self.resource_type.not_found_code:
                raise
            return None
        if not isinstance(status, str):
            raise unreadable(operation, "no status in it")
        return status

    def prepare(self, changes: Sequence[Change]) -> None:
        self._prepared, self._listed, self._error = changes, None, None

    def create(self, change: Change) -> Record:
        """Add or change an entry, together with all that are prepared; return its record."""
        if self._listed is None:
            self._write(self._prepared)
        record = next((one for one in self._listed or () if change.desired.matches(one)), None)
        different = differences(change.desired, record) if record else []
        if record and not different:
            return record
        if self._error or not record:
            raise self._error or unreadable(_writing(self._prepared), "not the entries that were sent in it", True)
        raise AtlasError(
            f"Atlas did not change {', '.join(f.option for f in different)} of the {change.desired.name}.",
            f"Delete the entry ({option('state')}: absent), and run the task again to create it as declared.",
        )

    update = create

    def _write(self, changes: Sequence[Change]) -> None:
        """Send one request for all changes, and note what is known afterwards."""
        project_id, operation = changes[0].desired.project_id, _writing(changes)
        try:
            body = [change.complete_payload or change.payload for change in changes]
            answer = self._client.post(self._path(project_id), operation, body)
            page = resources(answer, operation, self.resource_type.id_of, writes=True)
            answers = validation.listed(self.resource_type, page, operation, writes=True)
            self._listed = self._records(answers, project_id)
            if all(any(change.desired.matches(one) for one in self._listed) for change in changes):
                return
        except AtlasError as error:
            self._listed, self._error = (), error
        # The answer is a page that need not have every entry. If there is none, or if Atlas refuses an entry, some may
        # have been added all the same.
        with contextlib.suppress(AtlasError):
            self._listed = self.list(project_id, None)


def _writing(changes: Sequence[Change]) -> str:
    desired = changes[0].desired
    what = f"the {desired.name}" if len(changes) == 1 else f"{len(changes)} {desired.resource_type.plural}"
    return f"create or update {what} in project {desired.project_id}"
