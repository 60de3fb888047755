# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP client of the Atlas Administration API: session, timeouts, retries, pages, versions, JSON.

It raises the family of `errors` and never exits. Retries are urllib3's, behind a requests adapter.
"""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.atlasops.network.plugins.module_utils.arguments import Settings
from ansible_collections.atlasops.network.plugins.module_utils.auth import AUTHENTICATIONS
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    ApiError,
    MissingLibraryError,
    TransportError,
)

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import InvalidHeader, MaxRetryError
    from urllib3.util.retry import Retry
except ImportError:
    REQUESTS_TRACE: str | None = traceback.format_exc()
    Retry = object  # type: ignore[assignment, misc]
else:
    REQUESTS_TRACE = None

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

_TOKEN_PATH = "/api/oauth/token"  # noqa: S105 (a path)
_RETRIED_STATUSES = (500, 502, 503, 504)  # 429 is tried again for every method, see is_retry
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


class _Patience(Retry):
    """urllib3's Retry, bounded by time instead of by count.

    GET and DELETE are tried again on connection errors, 429 and 5xx; POST and PATCH only where the
    server certainly did not act: no connection, or 429.
    """

    #: Seconds from the first failure on, and the end of them all (monotonic clock).
    budget = 0.0
    not_after = float("inf")
    gives_up_at: float | None = None

    def new(self, **changes: Any) -> _Patience:
        successor: _Patience = super().new(**changes)
        successor.budget, successor.not_after, successor.gives_up_at = self.budget, self.not_after, self.gives_up_at
        return successor

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return status_code == 429 or bool(super().is_retry(method, status_code, has_retry_after))

    def get_retry_after(self, response: Any) -> float | None:
        try:
            return super().get_retry_after(response)
        except InvalidHeader:  # What Retry-After says cannot be read, so it counts for nothing.
            return None

    def get_backoff_time(self) -> float:
        pause: float = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (len(self.history) - 1))
        return pause * random.uniform(0.5, 1.0)  # noqa: S311 (jitter, not cryptography)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> _Patience:
        successor: _Patience = super().increment(method, url, response, error, _pool, _stacktrace)
        if successor.gives_up_at is None:
            successor.gives_up_at = min(time.monotonic() + self.budget, self.not_after)
        pause = (successor.get_retry_after(response) if response else None) or successor.get_backoff_time()
        if time.monotonic() + pause > successor.gives_up_at:
            raise MaxRetryError(_pool, url or "", error)
        return successor


class Client:
    """One session with one Atlas.

    Args:
        settings: Where to and who.
        not_after: When the last retry must be over, on the monotonic clock.

    Raises:
        MissingLibraryError: `requests` is not installed.
    """

    def __init__(self, settings: Settings, not_after: float = float("inf")) -> None:
        if REQUESTS_TRACE:
            raise MissingLibraryError(missing_required_lib("requests"), REQUESTS_TRACE)
        self._settings = settings
        self._api = f"/api/atlas/{settings.api_version}/"
        if not settings.verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._session = requests.Session()
        # A token that nobody received does no harm, so asking for one is repeated like reading.
        reading, token = ("GET", "DELETE"), ("POST",)
        for prefix, repeatable in (
            ("https://", reading),
            ("http://", reading),
            (settings.base_url + _TOKEN_PATH, token),
        ):
            patience = _Patience(
                total=None,
                other=0,
                status_forcelist=_RETRIED_STATUSES,
                allowed_methods=repeatable,
                raise_on_status=False,
            )
            patience.budget, patience.not_after = settings.retry_timeout, not_after
            self._session.mount(prefix, HTTPAdapter(max_retries=patience))
        media_type = MEDIA_TYPES[settings.api_version]
        self._session.headers.update({"Accept": media_type, "User-Agent": _user_agent()})
        self._content_type = {"Content-Type": media_type}
        authentication = AUTHENTICATIONS[settings.credentials.method]
        self._auth = authentication(settings.credentials.values, self._fetch_token)

    @property
    def caller(self) -> str:
        """Who the client is to Atlas, in words without a secret."""
        return CALLERS[self._settings.credentials.method].format(**self._settings.credentials.values)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

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

    def _fetch_token(self, client_id: str, client_secret: str) -> Mapping[str, Any]:
        """Exchange a service account's credentials for an access token (OAuth 2.0 client credentials)."""
        doing = "get an access token for the service account"
        answer = self._send(
            "POST",
            _TOKEN_PATH,
            doing,
            writes=False,
            auth=(client_id, client_secret),
            data={"grant_type": "client_credentials"},
            headers={"Accept": "application/json"},
        )
        if not isinstance(answer.get("access_token"), str) or not isinstance(answer.get("expires_in"), int):
            raise _unreadable(doing, False, 200, "no token in it")
        return answer

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
            why, hint, arrived = _diagnose(error)
            message = f"Could not {doing}: {why} ({base_url})."
            raise TransportError(message, hint, arrived and writes, method=method, base_url=base_url) from error
        return _decode(method, path, doing, writes, answer)


def _diagnose(error: requests.RequestException) -> tuple[str, str, bool]:
    """Return why no answer came, the cure, and whether the request may have reached Atlas."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.exceptions.SSLError):
        untrusted = "CERTIFICATE_VERIFY_FAILED" in str(error)
        return (
            f"TLS failed, {cause}",
            "Check base_url, or name the CA that signed its certificate in ca_path.",
            not untrusted,
        )
    if isinstance(error, requests.exceptions.RetryError):
        return f"trying again brought nothing but {error}", "Run the task again later.", False
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not answer or refuses", "Check the proxy variables of the environment.", False
    if isinstance(error, requests.ConnectTimeout) or isinstance(cause, urllib3.exceptions.NewConnectionError):
        return "no connection could be made", "Check base_url, the network and the proxy variables.", False
    if isinstance(error, requests.Timeout) or isinstance(cause, urllib3.exceptions.ReadTimeoutError):
        return "no answer came in time", "Raise timeout, or try again later.", True
    return "the connection broke before the answer was complete", "Check the network between here and Atlas.", True


def _decode(method: str, path: str, doing: str, writes: bool, answer: requests.Response) -> dict[str, Any]:
    """Return the answer's JSON object; an error, a redirect or anything unreadable is raised."""
    if 300 <= answer.status_code < 400:
        raise TransportError(
            f"Could not {doing}: Atlas' address answers with a redirect to {answer.headers.get('Location')!r}.",
            "Set base_url to the address of Atlas itself; redirects are not followed, so that credentials stay here.",
            outcome_unknown=False,
            transient=False,
            status=answer.status_code,
        )
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        body = None
    if not answer.ok:
        raise ApiError(doing, method, path, answer.status_code, body if isinstance(body, dict) else {}, writes)
    if not isinstance(body, dict):
        raise _unreadable(doing, writes, answer.status_code, answer.headers.get("Content-Type") or "no content type")
    return body


def _unreadable(doing: str, writes: bool, status: int, what: str) -> TransportError:
    return TransportError(
        f"Could not {doing}: the answer (HTTP {status}, {what}) is not the JSON that Atlas sends.",
        "Check base_url, and whether a proxy or login page answers in place of Atlas.",
        outcome_unknown=writes,
        status=status,
    )


def _user_agent() -> str:
    return f"atlasops.network/{VERSION} python-requests/{requests.__version__}"
