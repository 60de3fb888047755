# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Requests to the services of Microsoft: tokens, retries, and answers that are checked before they are believed."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from ansible_collections.atlasops.network.plugins.module_utils.api.diagnosis import diagnosed
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import (
    AuthenticationError,
    TransportError,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.pauses import Pauses
from ansible_collections.atlasops.network.plugins.module_utils.api.session import open_session
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import is_sendable
from ansible_collections.atlasops.network.plugins.module_utils.azure.errors import (
    AzureApiError,
    api_error,
    other_server_hint,
)
from ansible_collections.atlasops.network.plugins.module_utils.azure.settings import LOGIN, Service, Settings
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, format_hint

if TYPE_CHECKING:
    import requests

Json = dict[str, Any]

_NO_GRAPH_HINT = (
    "Set it to a token of: az account get-access-token --resource-type ms-graph, or set {principal_id}, so that "
    "the directory need not be read."
)


class AzureSession:
    """One session with all services.

    All methods raise AzureApiError if a service responds with an error, TransportError if there is no usable response,
    and AuthenticationError if there is no token for the service.

    Args:
        settings: Where, and how to authenticate.

    Raises:
        MissingLibraryError: `requests` is not installed.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tokens = dict(settings.tokens)
        self._session = open_session(
            settings, float("inf"), 1, retry_on_429=True, repeatable_posts=(settings.token_path,)
        )

    def close(self) -> None:
        self._session.close()

    def get(self, service: Service, path: str, operation: str, **query: str) -> Json:
        """Return the object at a path."""
        return self._call(service, "GET", path, operation, params=query)

    def list(self, service: Service, path: str, operation: str, **query: str) -> list[Json]:
        """Return all objects of a list, page by page."""
        found: list[Json] = []
        url = self._settings.urls[service.url_option]
        while True:
            page = self._call(service, "GET", path, operation, params=query)
            items, link = page.get("value"), page.get("nextLink") or page.get("@odata.nextLink")
            if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
                raise unreadable(operation, service, "no list")
            found += items
            if not link:
                return found
            if not str(link).startswith(f"{url}/"):  # It would get the token.
                raise unreadable(operation, service, "a link to another server")
            path, query = str(link).removeprefix(url), {}

    def write(
        self,
        service: Service,
        method: str,
        path: str,
        operation: str,
        patience: float,
        body: Json | None = None,
        **query: str,
    ) -> Json:
        """Create, change or delete something, by a request that has the same effect however often it arrives.

        Args:
            service: Where.
            method: PUT or DELETE.
            path: Of what.
            operation: What is attempted, to follow "Could not".
            patience: Seconds for which Azure is given time to know what was created or deleted before.
            body: What to write.
            query: The query string.
        """
        began, pauses = time.monotonic(), Pauses()
        while True:
            try:
                return self._call(service, method, path, operation, writes=True, params=query, json=body)
            except AtlasError as error:
                waits = isinstance(error, AzureApiError) and error.is_lagging
                budget = patience if waits else self._settings.retry_timeout
                if not error.transient or not pauses.pause_until(began + budget):
                    raise

    def post(self, service: Service, path: str, operation: str, body: Json) -> Json:
        """Create something, with a single request."""
        return self._call(service, "POST", path, operation, writes=True, json=body)

    def _call(
        self, service: Service, method: str, path: str, operation: str, writes: bool = False, **request: Any
    ) -> Json:
        headers = {"Authorization": f"Bearer {self._token(service)}"}
        return self._send(service, method, path, operation, writes, headers=headers, **request)

    def _token(self, service: Service) -> str:
        if service.token_option not in self._tokens:
            if not self._settings.client_id:
                raise AuthenticationError(f"{service.token_option} is missing.", format_hint(_NO_GRAPH_HINT))
            self._tokens[service.token_option] = self._fetch_token(service)
        return self._tokens[service.token_option]

    def _fetch_token(self, service: Service) -> str:
        operation = f"get an access token for {service.name}"
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client_id,
            "client_secret": self._settings.secret,
            "scope": service.scope,
        }
        answer = self._send(LOGIN, "POST", self._settings.token_path, operation, False, data=form)
        token = answer.get("access_token")
        if not isinstance(token, str) or not is_sendable(token):
            raise unreadable(operation, LOGIN, "no token")
        return token

    def _send(self, service: Service, method: str, path: str, operation: str, writes: bool, **request: Any) -> Json:
        url = self._settings.urls[service.url_option]
        with diagnosed(operation, url, writes, address_option=service.url_option):
            answer = self._session.request(
                method,
                url + path,
                timeout=self._settings.timeout,
                verify=self._settings.verify,
                allow_redirects=False,
                **request,
            )
        return _decode(operation, service, answer, writes)


def _decode(operation: str, service: Service, answer: requests.Response, writes: bool) -> Json:
    """Return the JSON object of a response, empty if it has no content. Raises its error, and anything else."""
    try:
        body = {} if answer.status_code == 204 else json.loads(answer.content)
    except (ValueError, RecursionError):
        body = None
    if answer.status_code >= 400:
        raise api_error(operation, service, answer.status_code, body, writes)
    if not 200 <= answer.status_code < 300 or not isinstance(body, dict):
        raise unreadable(operation, service, f"HTTP {answer.status_code}", writes)
    return body


def unreadable(operation: str, service: Service, what: str, writes: bool = False) -> TransportError:
    """Return the error for an answer that the service would not have sent."""
    why = f"the answer ({what}) is not what {service.name} sends"
    return TransportError(
        f"Could not {operation}: {why}.",
        other_server_hint(service),
        outcome_unknown=writes,
        transient=False,
        cause=why,
    )
