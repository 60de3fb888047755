# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is below the client: the session of `requests` with its retries and TLS, and why no answer came.

Retries are urllib3's, behind a requests adapter.
"""

from __future__ import annotations

import os
import random
import ssl
import time
import traceback
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.bounded_connection import (
    DELIVERY,
    ENCODINGS,
    LARGEST_ANSWER,
    Limits,
    OversizedAnswerError,
    bound,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import STRANGER_CURE, InputError
from ansible_collections.atlasops.network.plugins.module_utils.option_names import fill_in, option
from ansible_collections.atlasops.network.plugins.module_utils.options import Settings

try:
    import requests
    import urllib3
    from requests import Session
    from requests.adapters import HTTPAdapter
    from requests.utils import DEFAULT_CA_BUNDLE_PATH
    from urllib3.exceptions import InvalidHeader, MaxRetryError
    from urllib3.util.retry import Retry
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    REQUESTS_TRACE: str | None = traceback.format_exc()
    HTTPAdapter = Retry = Session = object  # type: ignore[assignment, misc]
else:
    REQUESTS_TRACE = None

TOKEN_PATH, REVOKE_PATH = "/api/oauth/token", "/api/oauth/revoke"

_RETRIED_STATUSES = (500, 502, 503, 504, *range(520, 525))  # 429 is tried again for every method, see is_retry
_PROXY_CURE = "Check the proxy variables of the environment (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY)."
_CONNECTION_CURE = "Check {}, the network and the proxy variables of the environment."
#: Attribute of an exception of requests: whether the request was sent, once at least, and not turned away.
_ARRIVAL = "may_have_arrived"
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


def open_session(settings: Settings, not_after: float, connections: int, outlives_429: bool) -> requests.Session:
    """Return a session; its arguments are those of the client."""
    if not settings.verify:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    session, context, outage = _Session(), _tls(settings), _Outage()
    session.headers["Accept-Encoding"] = ENCODINGS
    limits = Limits(settings.timeout, not_after)
    # A token that nobody received does no harm, so asking for one is repeated like reading.
    reading, tokens = ("GET", "DELETE"), ("POST",)
    for prefix, repeatable in (
        ("https://", reading),
        ("http://", reading),
        (settings.base_url + TOKEN_PATH, tokens),
        (settings.base_url + REVOKE_PATH, tokens),
    ):
        patience = _Patience(
            total=None,
            other=0,
            status_forcelist=_RETRIED_STATUSES,
            allowed_methods=repeatable,
            raise_on_status=False,
        )
        patience.budget, patience.limits = settings.retry_timeout, limits
        patience.outlives_429, patience.outage = outlives_429 or repeatable is tokens, outage
        session.mount(prefix, _Adapter(patience, connections, context, limits))
    return session


class _Session(Session):
    """A session that follows no redirect, and knows whether a request was sent."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, in the course of which another one may be sent, for a token."""
        outer, DELIVERY.attempts = DELIVERY.attempts, 0
        try:
            return super().request(*args, **kwargs)
        except requests.RequestException as error:
            setattr(error, _ARRIVAL, DELIVERY.attempts > 0)
            raise
        finally:
            DELIVERY.attempts = outer

    def get_redirect_target(self, resp: Any) -> None:
        """Leave the Location alone, which requests would take apart though it need not be an address."""


class _Outage:
    """Since when Atlas has answered nothing of use; hundreds of requests are not to wait for the end of it in turn."""

    def __init__(self) -> None:
        self._began: float | None = None

    def began(self) -> float:
        if self._began is None:
            self._began = time.monotonic()
        return self._began

    def is_over(self) -> None:
        self._began = None


class _Patience(Retry):
    """urllib3's Retry, bounded by time instead of by count.

    GET and DELETE are tried again on connection errors, 429 and 5xx; POST and PATCH only where the
    server certainly did not act: no connection, or 429.
    """

    #: Seconds from the first failure on, and when it all ends whatever happens.
    budget = 0.0
    limits = Limits(0.0)
    outlives_429 = True
    outage = _Outage()
    gives_up_at: float | None = None

    def new(self, **changes: Any) -> _Patience:
        successor: _Patience = super().new(**changes)
        successor.budget, successor.limits, successor.gives_up_at = self.budget, self.limits, self.gives_up_at
        successor.outlives_429, successor.outage = self.outlives_429, self.outage
        return successor

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        if status_code == 429:
            return self.outlives_429
        return bool(super().is_retry(method, status_code, has_retry_after))

    def get_retry_after(self, response: Any) -> float | None:
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):  # What Retry-After says makes no sense, so it is ignored.
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
        if response is not None:
            _note_refusal(response.status)
        successor: _Patience = super().increment(method, url, response, error, _pool, _stacktrace)
        if successor.gives_up_at is None:
            successor.gives_up_at = min(self.outage.began() + self.budget, self.limits.not_after)
        pause = (successor.get_retry_after(response) if response else None) or successor.get_backoff_time()
        if time.monotonic() + pause > successor.gives_up_at:
            raise MaxRetryError(_pool, url or "", error)
        return successor


class _Adapter(HTTPAdapter):
    """Keeps all requests within limits, and verifies all connections by one TLS context.

    To load the CA bundle for each connection costs more than to connect.
    """

    def __init__(self, patience: _Patience, connections: int, context: ssl.SSLContext | None, limits: Limits) -> None:
        self._outage, self._context, self._limits = patience.outage, context, limits
        super().__init__(max_retries=patience, pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        bound(self.poolmanager, self._limits)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        if is_new:
            bound(manager, self._limits)
        return manager

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            answer = super().send(*args, **kwargs)
        except OversizedAnswerError as error:
            raise requests.exceptions.ContentDecodingError from error
        except urllib3.exceptions.HTTPError as error:  # what requests does not know, such as a head that makes no sense
            raise requests.exceptions.ConnectionError(error) from error
        _note_refusal(answer.status_code)
        if answer.status_code < 500 and answer.status_code != 429:
            self._outage.is_over()
        return answer

    def close(self) -> None:
        """Send nothing more: a thread that was left to itself would not know the proxies of its task any more."""
        self._limits.close()
        super().close()

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        return super().build_connection_pool_key_attributes(request, bool(verify), cert)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        if self._context is None:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        else:
            conn.cert_reqs = "CERT_REQUIRED"


def _note_refusal(status: int) -> None:
    """Note that an attempt was turned away, so that it had no effect."""
    if status in (401, 429):
        DELIVERY.attempts -= 1


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """Return what verifies the certificate of Atlas, if it is to be verified. Raises InputError."""
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
            "Name a file of CA certificates in PEM format in ca_path, REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE.",
        ) from None
    return context


def diagnose(error: requests.RequestException) -> tuple[str, str, bool]:
    """Return why no answer came, the cure, and whether the request may have reached Atlas."""
    arrived = bool(getattr(error, _ARRIVAL, True))
    cause = getattr(error.args[0], "reason", error.args[0]) if error.args else None
    if isinstance(error, requests.exceptions.SSLError):
        cure = (
            f"Check {option('base_url')} and the proxy variables of the environment, or name the CA that signed its "
            f"certificate in {option('ca_path')}."
        )
        return f"TLS failed, {cause}", cure, arrived
    if isinstance(error, requests.exceptions.RetryError):
        return f"trying again brought nothing but {error}", "Run the task again later.", arrived
    return (*(_diagnose_proxy(error, cause) or _diagnose_answer(error, cause, arrived)), arrived)


def _diagnose_proxy(error: requests.RequestException, cause: object) -> tuple[str, str] | None:
    """Return what is wrong with the proxy, and the cure; no word of its address, which may hold a password."""
    if isinstance(error, requests.exceptions.InvalidSchema):
        return "the proxy speaks SOCKS, which takes PySocks", f"Install PySocks where the task runs. {_PROXY_CURE}"
    if isinstance(error, ValueError) or isinstance(cause, ValueError):
        return "the address of the proxy makes no sense", _PROXY_CURE
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not answer or refuses", _PROXY_CURE
    return None


def _diagnose_answer(error: requests.RequestException, cause: object, arrived: bool) -> tuple[str, str]:
    """Return why there is no answer of use, and the cure."""
    if isinstance(error, requests.ConnectTimeout) or isinstance(cause, urllib3.exceptions.NewConnectionError):
        return "no connection could be made", _CONNECTION_CURE.format(option("base_url"))
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return f"the answer is larger than any of Atlas ({LARGEST_ANSWER // 1024**2} MiB)", fill_in(STRANGER_CURE)
    if isinstance(error, requests.Timeout) or isinstance(cause, urllib3.exceptions.ReadTimeoutError):
        return "no answer came in time", f"Raise {option('timeout')}, or try again later."
    if not arrived:
        return "the connection broke before anything was asked", _CONNECTION_CURE.format(option("base_url"))
    return "the connection broke before the answer was complete", "Check the network between here and Atlas."
