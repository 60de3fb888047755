# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.
"""The HTTP client of the Atlas Administration API: versions, pages, JSON, concurrency.

It raises `errors` and `http_errors`, and never exits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from ansible_collections.atlasops.network.plugins.module_utils.api.auth import AUTHENTICATIONS, AccessToken
from ansible_collections.atlasops.network.plugins.module_utils.api.diagnosis import diagnosed, may_have_arrived_before
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import (
    ApiError,
    TransportError,
    unreadable,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.responses import (
    Answer,
    PagedResults,
    decode,
    object_id,
    raise_for_error,
    resources,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.session import open_session
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials, Settings
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import TokenCache, TokenSource
from ansible_collections.atlasops.network.plugins.module_utils.api.token_endpoint import REPEATABLE_POSTS, TokenEndpoint
from ansible_collections.atlasops.network.plugins.module_utils.api.workers import Workers
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError

if TYPE_CHECKING:
    import requests

Item = TypeVar("Item")
Result = TypeVar("Result")

#: API version -> media type. Atlas keeps serving the resources as of this date (Atlas documentation, page "Versioned
#: Atlas Administration API Overview").
MEDIA_TYPES = {"v2": "application/vnd.atlas.2023-01-01+json", "v1.0": "application/json"}

#: Results per page, the maximum of the API (Atlas Administration API documentation, query parameter itemsPerPage).
PAGE_SIZE = 500
_MAX_READS = 3  # of a list that changes while it is read


class Client:
    """One session with one Atlas, which threads may share.

    All methods that send a request raise ApiError if Atlas responds with an error, TransportError if there is no usable
    response, and AuthenticationError if the credentials cannot be presented. Their `path` is relative to the API
    version, ``groups/5f1a…/peers``, and `operation` follows "Could not" in messages, ``list the peers``.

    Args:
        settings: Which Atlas, and how to authenticate.
        deadline: When the last retry must begin, on the monotonic clock.
        workers: The number of concurrent requests, see `map_concurrently`.
        retry_on_429: Whether to retry if Atlas reports too many requests.

    Raises:
        MissingLibraryError: `requests` is not installed.
        InputError: The CA bundle cannot be read.
    """

    def __init__(
        self, settings: Settings, deadline: float = float("inf"), workers: int = 1, retry_on_429: bool = True
    ) -> None:
        self._session = open_session(settings, deadline, workers, retry_on_429, REPEATABLE_POSTS)
        self._settings = settings
        #: Whether a request was sent that may have changed something.
        self.has_written = False
        self._workers = Workers(workers)
        self._api = f"/api/atlas/{settings.api_version}/"
        media_type = MEDIA_TYPES[settings.api_version]
        self._session.headers["Accept"] = media_type
        self._content_type = {"Content-Type": media_type}
        credentials = settings.credentials
        #: For service accounts only.
        self.token_endpoint = TokenEndpoint(self._send, credentials)
        lock_timeout = settings.timeout + settings.retry_timeout
        self.tokens = TokenSource(self.token_endpoint.fetch, _cache_of(settings), lock_timeout)
        self._auth = AUTHENTICATIONS[credentials.method](credentials, self.tokens)

    @property
    def principal(self) -> str:
        """The authenticated principal, for messages; contains no secret: ``API key abcdefgh``."""
        return self._settings.credentials.principal

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the threads and close the session."""
        self._workers.close()
        self._session.close()

    def map_concurrently(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """Call `work` for each item, up to `workers` at once, and return the results in order."""
        return self._workers.map(work, items)

    def map_while(
        self, work: Callable[[Item], object], items: Sequence[Item], keep_waiting: Callable[[], bool]
    ) -> bool:
        """Call `work` for each item while `keep_waiting` returns True; report whether everything was done."""
        return self._workers.map_while(work, items, keep_waiting)

    def get(self, path: str, operation: str) -> dict[str, Any]:
        """Return one resource."""
        return self._call("GET", path, operation)

    def pages(
        self, path: str, operation: str, identify: Callable[[Answer], str | None] = object_id, **query: Any
    ) -> list[dict[str, Any]]:
        """Return the results of all pages of a list, each once, every one with an ID, which `identify` finds.

        A deletion moves results to the page before, which was read already, so a list that changes is read again.
        """
        for _read in range(_MAX_READS):
            results = PagedResults(operation, identify)
            number = 1
            while results.add(self._page(path, operation, number, query)):
                number += 1
            if not results.has_changed:
                return results.results
        cause = "the list changed each time while it was read"
        raise TransportError(f"Could not {operation}: {cause}.", "Run the task again.", False, cause=cause)

    def post(self, path: str, operation: str, body: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Create a resource and return it; or several, and return a page of the list."""
        return self._call("POST", path, operation, json=body, headers=self._content_type)

    def patch(self, path: str, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Update a resource and return it."""
        return self._call("PATCH", path, operation, json=body, headers=self._content_type)

    def delete(self, path: str, operation: str) -> None:
        """Delete a resource. Atlas must respond with nothing, or with an empty object."""
        if self._send("DELETE", self._api + path, operation, writes=True, may_be_empty=True, auth=self._auth):
            raise unreadable(operation, "more than nothing", writes=True)

    def is_token_alive(self, token: str) -> bool:
        """Report whether Atlas accepts an access token, or may: a refusal without a code does not come from Atlas."""
        auth = AccessToken(Credentials("access_token", {"access_token": token}), self.tokens)
        operation = "try the access token"
        try:
            page = self._send("GET", f"{self._api}orgs", operation, writes=False, auth=auth, params={"itemsPerPage": 1})
            resources(page, operation)
        except ApiError as error:
            if error.status not in (401, 403):
                raise
            # 403: known to Atlas, but this address or principal may not read.
            return error.status == 403 or error.code is None
        return True

    def _page(self, path: str, operation: str, number: int, query: Mapping[str, Any]) -> dict[str, Any]:
        return self._call("GET", path, operation, params={**query, "itemsPerPage": PAGE_SIZE, "pageNum": number})

    def _call(self, method: str, path: str, operation: str, **request: Any) -> dict[str, Any]:
        return self._send(method, self._api + path, operation, method != "GET", auth=self._auth, **request)

    def _send(
        self, method: str, path: str, operation: str, writes: bool, may_be_empty: bool = False, **request: Any
    ) -> dict[str, Any]:
        """Send one request, retried as far as that is safe, and return the decoded response."""
        response = self._response(method, path, operation, writes, request)
        try:
            raise_for_error(method, path, operation, writes, response)
        except AtlasError as error:
            if writes and may_have_arrived_before(response):
                error.leave_in_doubt()
            raise
        return decode(operation, writes, response, may_be_empty)

    def _response(
        self, method: str, path: str, operation: str, writes: bool, request: Mapping[str, Any]
    ) -> requests.Response:
        """Send one request and return the response, whatever it is. Raises TransportError if there is none."""
        base_url = self._settings.base_url
        self.has_written |= writes
        with diagnosed(operation, base_url, writes, method=method, base_url=base_url):
            return self._session.request(
                method,
                base_url + path,
                timeout=self._settings.timeout,
                # Not the session's verify, which REQUESTS_CA_BUNDLE would override.
                verify=self._settings.verify,
                allow_redirects=False,
                **request,
            )


def _cache_of(settings: Settings) -> TokenCache | None:
    """Return the cache of the account's token, None if there is no account or no cache is wanted."""
    if settings.credentials.method != "service_account" or not settings.token_cache:
        return None
    values = settings.credentials.values
    return TokenCache(settings.base_url, values["client_id"], values["client_secret"])
