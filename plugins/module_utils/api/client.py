# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP client of the Atlas Administration API: session, timeouts, retries, pages, versions, JSON.

It raises the family of `errors` and never exits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.atlasops.network.plugins.module_utils.api.auth import AUTHENTICATIONS, AccessToken
from ansible_collections.atlasops.network.plugins.module_utils.api.responses import Listing, is_number, resources
from ansible_collections.atlasops.network.plugins.module_utils.api.session import (
    REQUESTS_TRACE,
    REVOKE_PATH,
    TOKEN_PATH,
    diagnose,
    open_session,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import (
    LONGEST_LIFE,
    TokenCache,
    TokenSource,
    is_sendable,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    ApiError,
    MissingLibraryError,
    TransportError,
    shortened,
    unreadable,
)
from ansible_collections.atlasops.network.plugins.module_utils.option_names import option
from ansible_collections.atlasops.network.plugins.module_utils.options import Settings

if REQUESTS_TRACE is None:
    import requests

if TYPE_CHECKING:
    from multiprocessing.pool import ThreadPool

Item = TypeVar("Item")
Made = TypeVar("Made")

VERSION = "0.1.0"

#: Media type of each API version. The date is that of the resources used here; Atlas keeps it for good.
MEDIA_TYPES = {"v2": "application/vnd.atlas.2023-01-01+json", "v1.0": "application/json"}

#: How to call who authenticates, by method.
PRINCIPALS = {
    "access_token": "this access token",
    "service_account": "service account {client_id}",
    "api_key": "API key {public_key}",
}

PAGE_SIZE = 500  # The API's maximum.
_READINGS = 3  # of a list that changes while it is read

_CLOSE_LOOK = 0.5  # seconds between two looks at threads that are at work


class Client:
    """One session with one Atlas, which threads may share.

    Args:
        settings: Where to and who.
        not_after: When the last retry must be over, on the monotonic clock.
        workers: How many requests may be under way at once, see `each`.
        outlives_429: Whether a request is tried again when Atlas says that there were too many.

    Raises:
        MissingLibraryError: `requests` is not installed.
    """

    def __init__(
        self, settings: Settings, not_after: float = float("inf"), workers: int = 1, outlives_429: bool = True
    ) -> None:
        if REQUESTS_TRACE:
            raise MissingLibraryError(missing_required_lib("requests"), REQUESTS_TRACE)
        self._settings = settings
        self._workers = workers
        self._pool: ThreadPool | None = None
        self._threads = 0
        self._api = f"/api/atlas/{settings.api_version}/"
        self._session = open_session(settings, not_after, workers, outlives_429)
        media_type = MEDIA_TYPES[settings.api_version]
        agent = f"atlasops.network/{VERSION} python-requests/{requests.__version__}"
        self._session.headers.update({"Accept": media_type, "User-Agent": agent})
        self._content_type = {"Content-Type": media_type}
        authentication = AUTHENTICATIONS[settings.credentials.method]
        self.tokens = TokenSource(self._fetch_token, _token_cache(settings), settings.timeout + settings.retry_timeout)
        self._auth = authentication(settings.credentials.values, self.tokens)

    @property
    def principal(self) -> str:
        """Who the client is to Atlas, in words without a secret."""
        return PRINCIPALS[self._settings.credentials.method].format(**self._settings.credentials.values)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop_threads()
        self._session.close()

    def each(self, work: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
        """Do the same for each item, up to `workers` at once, and return what came of each, in order.

        The threads stay until the client is closed, because each has to answer a digest challenge of its own. They are
        those of `multiprocessing`, which an interrupt need not wait for.
        """
        if self._workers == 1 or len(items) < 2:
            return [work(item) for item in items]
        return self._pool_for(items).map(work, items, chunksize=1)

    def each_while(self, work: Callable[[Item], object], items: Sequence[Item], patient: Callable[[], bool]) -> bool:
        """Do the same for each item, always in threads, and call `patient` several times a second meanwhile.

        Returns:
            Whether all was done before `patient` returned False. What was under way then is left to itself.
        """
        if not items:
            return True
        outcome = self._pool_for(items).map_async(work, items, chunksize=1)
        while not outcome.ready() and patient():
            outcome.wait(_CLOSE_LOOK)
        return outcome.ready() and outcome.get() is not None

    def _pool_for(self, items: Sequence[Any]) -> ThreadPool:
        needed = min(self._workers, len(items))
        if self._pool is None or needed > self._threads:
            from multiprocessing.pool import ThreadPool  # noqa: PLC0415 (most tasks never need it)

            self._stop_threads()
            self._pool, self._threads = ThreadPool(needed), needed
        return self._pool

    def _stop_threads(self) -> None:
        if self._pool:
            self._pool.terminate()

    def get(self, path: str, operation: str, **query: Any) -> dict[str, Any]:
        """Return one resource. `path` is relative to the API's version, `doing` follows "Could not" in errors."""
        return self._call("GET", path, operation, params=query)

    def pages(self, path: str, operation: str, **query: Any) -> list[dict[str, Any]]:
        """Return the results of all pages of a list, each once, every one with an id.

        What goes moves others up, past the page that is read next: a list that changes meanwhile is read again.
        """
        for _reading in range(_READINGS):
            listing = Listing(operation)
            number = 1
            while listing.add(self._page(path, operation, number, query)):
                number += 1
            if not listing.has_moved:
                return listing.results
        why = "the list changed each time while it was read"
        raise TransportError(f"Could not {operation}: {why}.", "Run the task again.", outcome_unknown=False, cause=why)

    def _page(self, path: str, operation: str, number: int, query: Mapping[str, Any]) -> dict[str, Any]:
        return self._call("GET", path, operation, params={**query, "itemsPerPage": PAGE_SIZE, "pageNum": number})

    def post(self, path: str, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create a resource and return it."""
        return self._call("POST", path, operation, json=body, headers=self._content_type)

    def patch(self, path: str, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change a resource and return it."""
        return self._call("PATCH", path, operation, json=body, headers=self._content_type)

    def delete(self, path: str, operation: str) -> None:
        """Delete a resource. Nothing, or an object without fields, is all that Atlas may answer."""
        if self._send("DELETE", self._api + path, operation, writes=True, may_be_empty=True, auth=self._auth):
            raise unreadable(operation, "more than nothing", writes=True)

    def _call(self, method: str, path: str, operation: str, **request: Any) -> dict[str, Any]:
        return self._send(method, self._api + path, operation, method != "GET", auth=self._auth, **request)

    def _fetch_token(self) -> Mapping[str, Any]:
        """Exchange a service account's credentials for an access token (OAuth 2.0 client credentials)."""
        operation = "get an access token for the service account"
        answer = self._ask_for_tokens(TOKEN_PATH, operation, {"grant_type": "client_credentials"})
        if not is_sendable(answer.get("access_token")) or not _is_span(answer.get("expires_in")):
            raise unreadable(operation, "HTTP 200, no token in it", status=200)
        return answer

    def revoke(self, token: str) -> None:
        """Take an access token of the service account out of use; one that is unknown or expired is fine."""
        form = {"token": token, "token_type_hint": "access_token"}
        operation = "revoke an access token of the service account"
        if self._ask_for_tokens(REVOKE_PATH, operation, form, revokes=True):
            raise unreadable(operation, "more than nothing", writes=True)

    def is_alive(self, token: str) -> bool:
        """Tell whether Atlas accepts an access token."""
        auth, operation = AccessToken({"access_token": token}, self.tokens), "try the access token"
        try:
            page = self._send("GET", f"{self._api}orgs", operation, writes=False, auth=auth, params={"itemsPerPage": 1})
            resources(page, operation)
        except ApiError as error:
            if error.status not in (401, 403):
                raise
            return error.status == 403  # known, but not allowed to look from here
        return True

    def _ask_for_tokens(
        self, path: str, operation: str, form: Mapping[str, str], revokes: bool = False
    ) -> dict[str, Any]:
        values = self._settings.credentials.values
        return self._send(
            "POST",
            path,
            operation,
            writes=revokes,
            may_be_empty=revokes,
            auth=(values["client_id"], values["client_secret"]),
            data=form,
            headers={"Accept": "application/json"},
        )

    def _send(
        self, method: str, path: str, operation: str, writes: bool, may_be_empty: bool = False, **request: Any
    ) -> dict[str, Any]:
        """Send one request, retried as far as that is safe, and return the decoded answer."""
        base_url = self._settings.base_url
        try:
            answer = self._session.request(
                method,
                base_url + path,
                timeout=self._settings.timeout,
                # Not the session's verify, which REQUESTS_CA_BUNDLE would override.
                verify=self._settings.verify,
                allow_redirects=False,
                **request,
            )
        except requests.RequestException as error:
            why, hint, arrived = diagnose(error)
            raise TransportError(
                f"Could not {operation}: {why} ({base_url}).",
                hint,
                outcome_unknown=arrived and writes,
                cause=why,
                method=method,
                base_url=base_url,
            ) from error
        _refuse(method, path, operation, writes, answer)
        if may_be_empty and not answer.content:
            return {}
        return _decode(operation, writes, answer)


def _token_cache(settings: Settings) -> TokenCache | None:
    if settings.credentials.method != "service_account" or not settings.token_cache:
        return None
    values = settings.credentials.values
    return TokenCache(settings.base_url, values["client_id"], values["client_secret"])


def _refuse(method: str, path: str, operation: str, writes: bool, answer: requests.Response) -> None:
    """Raise a redirect and an error."""
    if 300 <= answer.status_code < 400:
        location = answer.headers.get("Location")
        raise TransportError(
            f"Could not {operation}: Atlas' address answers with a redirect to {shortened(location)!r}.",
            f"Set {option('base_url')} to the address of Atlas itself; redirects are not followed, "
            "so that credentials stay here.",
            outcome_unknown=writes,
            transient=False,
            status=answer.status_code,
        )
    if answer.status_code >= 400:
        body = _json(answer)
        content = body if isinstance(body, dict) else {}
        raise ApiError(operation, method, path, answer.status_code, content, writes, _retry_after(answer))


def _decode(operation: str, writes: bool, answer: requests.Response) -> dict[str, Any]:
    """Return the answer's JSON object; anything else is raised."""
    body = _json(answer)
    if 200 <= answer.status_code < 300 and isinstance(body, dict):
        return body
    said = (answer.headers.get("Content-Type") or "no content type") if answer.content else "nothing in it"
    raise unreadable(operation, f"HTTP {answer.status_code}, {said}", writes, status=answer.status_code)


def _json(answer: requests.Response) -> Any:
    """Return what the answer says as JSON, whatever it calls itself; None where it does not."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def _is_span(value: Any) -> bool:
    """Tell whether this is a number of seconds that a token can live."""
    return is_number(value) and 0 < value <= LONGEST_LIFE


def _retry_after(answer: requests.Response) -> float | None:
    """Return how many seconds Atlas asks to wait, where it says so."""
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None
