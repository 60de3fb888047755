# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP client of the Atlas Administration API: session, timeouts, retries, pages, versions, JSON.

It raises the family of `errors` and never exits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.atlasops.network.plugins.module_utils.arguments import Settings
from ansible_collections.atlasops.network.plugins.module_utils.auth import AUTHENTICATIONS, AccessToken
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    ApiError,
    MissingLibraryError,
    TransportError,
)
from ansible_collections.atlasops.network.plugins.module_utils.tokens import TokenCache, TokenSource
from ansible_collections.atlasops.network.plugins.module_utils.transport import (
    REQUESTS_TRACE,
    REVOKE_PATH,
    TOKEN_PATH,
    diagnose,
    open_session,
)
from ansible_collections.atlasops.network.plugins.module_utils.wording import option

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
CALLERS = {
    "access_token": "this access token",
    "service_account": "service account {client_id}",
    "api_key": "API key {public_key}",
}

PAGE_SIZE = 500  # The API's maximum.

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
    def caller(self) -> str:
        """Who the client is to Atlas, in words without a secret."""
        return CALLERS[self._settings.credentials.method].format(**self._settings.credentials.values)

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

    def get(self, path: str, doing: str, **query: Any) -> dict[str, Any]:
        """Return one resource. `path` is relative to the API's version, `doing` follows "Could not" in errors."""
        return self._call("GET", path, doing, params=query)

    def pages(self, path: str, doing: str, **query: Any) -> list[dict[str, Any]]:
        """Return the results of all pages of a list."""
        results: list[dict[str, Any]] = []
        number = 1
        while True:
            page = self._call("GET", path, doing, params={**query, "itemsPerPage": PAGE_SIZE, "pageNum": number})
            results += page.get("results") or []
            links = page.get("links") or []
            if not page.get("results") or not any(link.get("rel") == "next" for link in links):
                return results
            number += 1

    def post(self, path: str, doing: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create a resource and return it."""
        return self._call("POST", path, doing, json=body, headers=self._content_type)

    def patch(self, path: str, doing: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change a resource and return it."""
        return self._call("PATCH", path, doing, json=body, headers=self._content_type)

    def delete(self, path: str, doing: str) -> None:
        """Delete a resource."""
        self._call("DELETE", path, doing)

    def _call(self, method: str, path: str, doing: str, **request: Any) -> dict[str, Any]:
        writes = method in ("POST", "PATCH")
        return self._send(method, self._api + path, doing, writes, auth=self._auth, **request)

    def _fetch_token(self) -> Mapping[str, Any]:
        """Exchange a service account's credentials for an access token (OAuth 2.0 client credentials)."""
        doing = "get an access token for the service account"
        answer = self._ask_for_tokens(TOKEN_PATH, doing, {"grant_type": "client_credentials"})
        if not isinstance(answer.get("access_token"), str) or not isinstance(answer.get("expires_in"), int):
            raise _unreadable(doing, False, 200, "no token in it")
        return answer

    def revoke(self, token: str) -> None:
        """Take an access token of the service account out of use; one that is unknown or expired is fine."""
        form = {"token": token, "token_type_hint": "access_token"}
        self._ask_for_tokens(REVOKE_PATH, "revoke an access token of the service account", form)

    def is_alive(self, token: str) -> bool:
        """Tell whether Atlas accepts an access token."""
        auth = AccessToken({"access_token": token}, self.tokens)
        try:
            self._send("GET", f"{self._api}orgs", "try the access token", False, auth=auth, params={"itemsPerPage": 1})
        except ApiError as error:
            if error.status not in (401, 403):
                raise
            return error.status == 403  # known, but not allowed to look from here
        return True

    def _ask_for_tokens(self, path: str, doing: str, form: Mapping[str, str]) -> dict[str, Any]:
        values = self._settings.credentials.values
        return self._send(
            "POST",
            path,
            doing,
            writes=False,
            auth=(values["client_id"], values["client_secret"]),
            data=form,
            headers={"Accept": "application/json"},
        )

    def _send(self, method: str, path: str, doing: str, writes: bool, **request: Any) -> dict[str, Any]:
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
                f"Could not {doing}: {why} ({base_url}).",
                hint,
                outcome_unknown=arrived and writes,
                cause=why,
                method=method,
                base_url=base_url,
            ) from error
        return _decode(method, path, doing, writes, answer)


def _token_cache(settings: Settings) -> TokenCache | None:
    if settings.credentials.method != "service_account" or not settings.token_cache:
        return None
    values = settings.credentials.values
    return TokenCache(settings.base_url, values["client_id"], values["client_secret"])


def _decode(method: str, path: str, doing: str, writes: bool, answer: requests.Response) -> dict[str, Any]:
    """Return the answer's JSON object; an error, a redirect or anything unreadable is raised."""
    if 300 <= answer.status_code < 400:
        raise TransportError(
            f"Could not {doing}: Atlas' address answers with a redirect to {answer.headers.get('Location')!r}.",
            f"Set {option('base_url')} to the address of Atlas itself; redirects are not followed, "
            "so that credentials stay here.",
            outcome_unknown=False,
            transient=False,
            status=answer.status_code,
        )
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        body = None
    if not answer.ok:
        content = body if isinstance(body, dict) else {}
        raise ApiError(doing, method, path, answer.status_code, content, writes, _retry_after(answer))
    if not isinstance(body, dict):
        raise _unreadable(doing, writes, answer.status_code, answer.headers.get("Content-Type") or "no content type")
    return body


def _retry_after(answer: requests.Response) -> float | None:
    """Return how many seconds Atlas asks to wait, where it says so."""
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None


def _unreadable(doing: str, writes: bool, status: int, what: str) -> TransportError:
    return TransportError(
        f"Could not {doing}: the answer (HTTP {status}, {what}) is not the JSON that Atlas sends.",
        f"Check {option('base_url')}, and whether a proxy or login page answers in place of Atlas.",
        outcome_unknown=writes,
        status=status,
    )
