# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The part of the Compute API that network peering takes: networks and their peerings, global operations."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.atlasops.network.plugins.module_utils.api.diagnosis import diagnosed
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import TransportError
from ansible_collections.atlasops.network.plugins.module_utils.api.pauses import Pauses
from ansible_collections.atlasops.network.plugins.module_utils.api.session import open_session
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.gcp.credentials import GoogleAuth
from ansible_collections.atlasops.network.plugins.module_utils.gcp.errors import (
    NOT_GOOGLE_HINT,
    ComputeApiError,
    api_error,
    operation_error,
)
from ansible_collections.atlasops.network.plugins.module_utils.gcp.peering import (
    Network,
    Record,
    creation,
    normalise,
    update,
)
from ansible_collections.atlasops.network.plugins.module_utils.gcp.settings import API_PATH, Settings

if TYPE_CHECKING:
    import requests


class ComputeClient:
    """One session with the Compute API.

    All methods that send a request raise ComputeApiError if Google responds with an error, TransportError if there is
    no usable response, and AuthenticationError if the credentials cannot be presented.

    Args:
        settings: Where, and how to authenticate.
        wait_timeout: Seconds for which operations are waited for: those in the way, and the own one.

    Raises:
        MissingLibraryError: `requests` or google-auth is not installed.
        AuthenticationError: There are no usable credentials.
    """

    def __init__(self, settings: Settings, wait_timeout: float = 600) -> None:
        self._settings = settings
        #: Whether a request was sent that may have changed something.
        self.has_written = False
        self._wait_timeout = wait_timeout
        self._session = open_session(settings, float("inf"), 1, retry_on_429=True, repeatable_posts=())
        self._auth = GoogleAuth(settings, self._session)

    def __enter__(self) -> ComputeClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def peerings(self, network: Network) -> list[Record] | None:
        """Return the peerings of a network, or None if its project has no such network."""
        operation = f"read network {network}"
        try:
            answer = self._call("GET", network.path, operation, network.project)
        except ComputeApiError as error:
            if error.is_missing_network:
                return None
            raise
        peerings = answer.get("peerings", [])
        if answer.get("name") != network.name or not _is_list_of_peerings(peerings):
            raise _unreadable(operation, "no network of this name")
        return [normalise(network, one) for one in peerings]

    def add_peering(self, network: Network, record: Record) -> None:
        """Create a peering and wait until that is done."""
        self._write("POST", network, "addPeering", {"networkPeering": creation(record)}, "create", record)

    def update_peering(self, network: Network, record: Record) -> None:
        """Change the routes that a peering exchanges and wait until that is done."""
        self._write("PATCH", network, "updatePeering", {"networkPeering": update(record)}, "update", record)

    def remove_peering(self, network: Network, record: Record) -> None:
        """Delete a peering and wait until that is done."""
        self._write("POST", network, "removePeering", {"name": record["name"]}, "delete", record)

    def _write(
        self, method: str, network: Network, verb: str, body: Mapping[str, Any], doing: str, record: Record
    ) -> None:
        """Change the peerings of a network, after the operations that are in the way.

        Google ignores a request whose ``requestId`` it has seen (Compute Engine API reference, networks.addPeering), so
        one that may have arrived is repeated with the same one.
        """
        operation = f"{doing} peering {record['name']} of network {network}"
        began, request_id, pauses = time.monotonic(), str(uuid.uuid4()), Pauses()
        while True:
            try:
                self._start_and_finish(method, f"{network.path}/{verb}", operation, network, body, request_id)
                return
            except AtlasError as error:
                is_conflict = isinstance(error, ComputeApiError) and error.is_conflict
                patience = self._wait_timeout if is_conflict else self._settings.retry_timeout
                if not error.transient or not pauses.pause_until(began + patience):
                    raise
                if not error.outcome_unknown:
                    request_id = str(uuid.uuid4())

    def _start_and_finish(
        self, method: str, path: str, operation: str, network: Network, body: Mapping[str, Any], request_id: str
    ) -> None:
        query = {"requestId": request_id}
        answer = self._call(method, path, operation, network.project, writes=True, params=query, json=body)
        end, pauses = time.monotonic() + self._wait_timeout, Pauses()
        while True:
            name, status = answer.get("name"), answer.get("status")
            if not isinstance(name, str) or status not in ("PENDING", "RUNNING", "DONE"):
                raise _unreadable(operation, "no operation", writes=True)
            if status == "DONE":
                break
            if not pauses.pause_until(end):
                raise _unfinished(operation, name, self._wait_timeout)
            answer = self._poll(f"projects/{network.project}/global/operations/{name}", operation, network.project)
        error = operation_error(operation, network.project, answer)
        if error:
            raise error

    def _poll(self, path: str, operation: str, project: str) -> dict[str, Any]:
        """Return an operation that is under way. Whatever goes wrong, it goes on."""
        try:
            return self._call("GET", path, operation, project)
        except AtlasError as error:
            error.transient = False
            error.leave_in_doubt()
            raise

    def _call(
        self, method: str, path: str, operation: str, project: str, writes: bool = False, **request: Any
    ) -> dict[str, Any]:
        self.has_written |= writes
        with diagnosed(operation, self._settings.base_url, writes):
            answer = self._session.request(
                method,
                self._settings.base_url + API_PATH + path,
                timeout=self._settings.timeout,
                verify=self._settings.verify,
                allow_redirects=False,
                auth=self._auth,
                **request,
            )
        return _decode(operation, project, answer, writes)


def _decode(operation: str, project: str, answer: requests.Response, writes: bool) -> dict[str, Any]:
    """Return the JSON object of a response. Raises its error, and anything else."""
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        body = None
    if answer.status_code >= 400:
        raise api_error(operation, project, answer.status_code, body, writes)
    if answer.status_code >= 300 or not isinstance(body, dict):
        raise _unreadable(operation, f"HTTP {answer.status_code}", writes)
    return body


def _is_list_of_peerings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in value)


def _unreadable(operation: str, what: str, writes: bool = False) -> TransportError:
    why = f"the answer ({what}) is not what the Compute API sends"
    return TransportError(
        f"Could not {operation}: {why}.", NOT_GOOGLE_HINT, outcome_unknown=writes, transient=False, cause=why
    )


def _unfinished(operation: str, name: str, seconds: float) -> TransportError:
    why = f"Google has not finished {name} within {seconds:g} seconds"
    return TransportError(
        f"Could not {operation}: {why}.", "Raise wait_timeout.", outcome_unknown=True, transient=False, cause=why
    )
