# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The session of `requests` below the client: its limits, retries and TLS."""

from __future__ import annotations

import os
import ssl
import traceback
from collections.abc import Collection
from typing import Any, Protocol

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.atlasops.network.plugins.module_utils.api.bounded_connection import ENCODINGS, bound
from ansible_collections.atlasops.network.plugins.module_utils.api.echoes import mask_echoes
from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import (
    DELIVERY,
    MAY_HAVE_ARRIVED,
    TURNED_AWAY,
    OversizedResponseError,
    RequestLimits,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.retries import (
    OutageClock,
    RetryPolicy,
    TimeBoundedRetry,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, MissingLibraryError

try:
    import requests
    import urllib3
    from requests import Session
    from requests.adapters import HTTPAdapter
    from requests.utils import DEFAULT_CA_BUNDLE_PATH
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    REQUESTS_TRACEBACK: str | None = traceback.format_exc()
    HTTPAdapter = Session = object  # type: ignore[assignment, misc]
else:
    REQUESTS_TRACEBACK = None

VERSION = "1.0.0"


class SessionSettings(Protocol):
    """The settings of a client that its session has to know."""

    @property
    def base_url(self) -> str:
        """Scheme and host, without a path."""

    @property
    def timeout(self) -> int:
        """Seconds that one request may take."""

    @property
    def retry_timeout(self) -> int:
        """Seconds for which one failed request may be retried."""

    @property
    def verify(self) -> bool | str:
        """Whether to verify the certificate, or the path of the CA bundle to verify it with."""


def open_session(
    settings: SessionSettings, deadline: float, connections: int, retry_on_429: bool, repeatable_posts: Collection[str]
) -> requests.Session:
    """Return a session.

    Args:
        settings: Of the client.
        deadline: When the last attempt must begin, on the monotonic clock.
        connections: The number of connections to keep open.
        retry_on_429: Whether to retry if Atlas reports too many requests.
        repeatable_posts: Paths to which a POST may be repeated like a GET; 429 is always retried there.

    Raises:
        MissingLibraryError: `requests` is not installed.
        InputError: The CA bundle cannot be read.
    """
    if REQUESTS_TRACEBACK:
        raise MissingLibraryError(missing_required_lib("requests"), REQUESTS_TRACEBACK)
    if not settings.verify:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    session, context, outage = _Session(), _tls(settings), OutageClock()
    session.headers["Accept-Encoding"] = ENCODINGS
    session.headers["User-Agent"] = f"atlasops.network/{VERSION} python-requests/{requests.__version__}"
    limits = RequestLimits(settings.timeout, deadline)
    default = RetryPolicy(("GET", "DELETE"), settings.retry_timeout, limits, retry_on_429, outage)
    posts = RetryPolicy(("POST",), settings.retry_timeout, limits, True, outage)
    session.mount("https://", _Adapter(default, connections, context))
    session.mount("http://", _Adapter(default, connections, context))
    for path in repeatable_posts:
        session.mount(settings.base_url + path, _Adapter(posts, connections, context))
    return session


class _Session(Session):
    """A session that follows no redirects, masks what responses repeat, and notes whether a request was sent.

    All requests to one host have the same settings, apart from the method, the body and so on.
    """

    def __init__(self) -> None:
        super().__init__()
        self._settings: dict[str, Any] = {}  # by host
        self.auth = _unchanged

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, which may cause another one, for a token."""
        outer, DELIVERY.attempts = DELIVERY.attempts, 0
        try:
            response = super().request(*args, **kwargs)
            setattr(response, MAY_HAVE_ARRIVED, DELIVERY.attempts > (response.status_code not in TURNED_AWAY))
            mask_echoes(response)
            return response
        except requests.RequestException as error:
            setattr(error, MAY_HAVE_ARRIVED, DELIVERY.attempts > 0)
            raise
        finally:
            DELIVERY.attempts = outer

    def merge_environment_settings(self, url: Any, *settings: Any) -> Any:
        """Read the proxies of the environment once for each host, as that takes long.

        There are none for http, which is for this machine only: a proxy would read the credentials.
        """
        host = str(url).split("/", 3)[2]
        if host not in self._settings:
            merged = super().merge_environment_settings(url, *settings)
            self._settings[host] = {**merged, "proxies": {}} if str(url).startswith("http:") else merged
        return self._settings[host]

    def get_redirect_target(self, resp: Any) -> None:
        """Ignore the Location header: requests would parse it, and it need not be an address."""


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add nothing to a request that has no other authentication: requests would add what ~/.netrc holds."""
    return request


class _Adapter(HTTPAdapter):
    """Keeps all requests within limits, and verifies all connections with one TLS context.

    Loading the CA bundle for each connection would take longer than connecting.
    """

    def __init__(self, policy: RetryPolicy, connections: int, context: ssl.SSLContext | None) -> None:
        self._policy, self._context = policy, context
        super().__init__(max_retries=TimeBoundedRetry.by(policy), pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        bound(self.poolmanager, self._policy.limits)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        if is_new:
            bound(manager, self._policy.limits)
        return manager

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            response = super().send(*args, **kwargs)
        except OversizedResponseError as error:
            raise requests.exceptions.ContentDecodingError from error
        except urllib3.exceptions.HTTPError as error:  # unknown to requests, such as a malformed head
            raise requests.exceptions.ConnectionError(error) from error
        DELIVERY.note_response(response.status_code)
        if response.status_code < 500 and response.status_code != 429:
            self._policy.outage.reset()
        return response

    def close(self) -> None:
        """Send nothing more: an abandoned thread would no longer have the proxy variables of its task."""
        self._policy.limits.close()
        super().close()

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        return super().build_connection_pool_key_attributes(request, bool(verify), cert)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        if self._context is None:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        else:
            conn.cert_reqs = "CERT_REQUIRED"


def _tls(settings: SessionSettings) -> ssl.SSLContext | None:
    """Return the context that verifies the certificate of Atlas, None if it is not to be verified.

    Raises:
        InputError: The CA bundle cannot be read.
    """
    if not settings.verify or not settings.base_url.startswith("https:"):
        return None
    named = [os.environ.get(variable) for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")]
    bundle = settings.verify if isinstance(settings.verify, str) else next(filter(None, named), DEFAULT_CA_BUNDLE_PATH)
    context: ssl.SSLContext = create_urllib3_context()
    try:
        context.load_verify_locations(**{"capath" if os.path.isdir(bundle) else "cafile": bundle})
    except OSError as error:
        raise InputError(
            f"The CA bundle {bundle} cannot be used ({error.strerror or error}).",
            "Set ca_path, REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE to a file of CA certificates in PEM format.",
        ) from None
    return context
