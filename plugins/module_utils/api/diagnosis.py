# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Why there was no response: exceptions of requests and urllib3 in words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import TransportError
from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import (
    MAX_RESPONSE_SIZE,
    MAY_HAVE_ARRIVED,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import format_hint

try:
    import requests
    import urllib3
except ImportError:  # The session reports it; without requests there is nothing to diagnose.
    pass

_PROXY_HINT = "Check the proxy variables of the environment (HTTPS_PROXY, ALL_PROXY)."
_CONNECTION_HINT = "Check {base_url}, the network and the proxy variables of the environment."
_OTHER_SERVER_HINT = "Check {base_url}, and whether a proxy or login page answers in its place."
_TLS_HINT = (
    "Check {base_url} and the proxy variables of the environment, or set {ca_path} to the CA that signed the "
    "certificate."
)


class Diagnosis(NamedTuple):
    """Why there was no response.

    Attributes:
        cause: What happened: ``no connection could be made``.
        hint: The known way out, a template for `format_hint`.
    """

    cause: str
    hint: str


@contextlib.contextmanager
def diagnosed(
    operation: str, address: str, writes: bool, address_option: str | None = None, **details: Any
) -> Iterator[None]:
    """Raise TransportError if there is no response within the ``with`` block.

    Args:
        operation: What is attempted, to follow "Could not".
        address: Scheme and host.
        writes: Whether the request is to create, update or delete something.
        address_option: The option that has the address; by default base_url.
        details: More about a failure, as data.
    """
    try:
        yield
    except requests.RequestException as error:
        cause, hint = diagnose(error)
        raise TransportError(
            f"Could not {operation}: {cause} ({address}).",
            format_hint(hint, **({"base_url": address_option} if address_option else {})),
            outcome_unknown=writes and may_have_arrived(error),
            cause=cause,
            **details,
        ) from error


def diagnose(error: requests.RequestException) -> Diagnosis:
    """Return why there was no response."""
    cause = getattr(error.args[0], "reason", error.args[0]) if error.args else None
    if isinstance(error, requests.exceptions.SSLError):
        return Diagnosis(f"TLS failed, {cause}", _TLS_HINT)
    if isinstance(error, requests.exceptions.RetryError):
        return Diagnosis(f"all retries failed ({error})", "Run the task again later.")
    return _diagnose_proxy(error, cause) or _diagnose_response(error, cause)


def may_have_arrived(error: requests.RequestException) -> bool:
    """Report whether Atlas may have received the request."""
    return bool(getattr(error, MAY_HAVE_ARRIVED, True))


def may_have_arrived_before(response: requests.Response) -> bool:
    """Report whether an attempt at a request before the one that is answered may have been received."""
    return bool(getattr(response, MAY_HAVE_ARRIVED, False))


def _diagnose_proxy(error: requests.RequestException, cause: object) -> Diagnosis | None:
    """Return what is wrong with the proxy, without its address, which may contain a password."""
    if isinstance(error, requests.exceptions.InvalidSchema):
        return Diagnosis(
            "the proxy speaks SOCKS, which requires PySocks",
            f"Install PySocks on the host that runs the task. {_PROXY_HINT}",
        )
    if isinstance(error, ValueError) or isinstance(cause, ValueError):
        return Diagnosis("the address of the proxy is invalid", _PROXY_HINT)
    if isinstance(error, requests.exceptions.ProxyError):
        return Diagnosis("the proxy does not answer or refuses", _PROXY_HINT)
    return None


def _diagnose_response(error: requests.RequestException, cause: object) -> Diagnosis:
    """Return what is wrong with the connection or the response."""
    if isinstance(error, requests.ConnectTimeout) or isinstance(cause, urllib3.exceptions.NewConnectionError):
        return Diagnosis("no connection could be made", _CONNECTION_HINT)
    if isinstance(error, requests.exceptions.ContentDecodingError):
        limit = f"{MAX_RESPONSE_SIZE // 1024**2} MiB"
        return Diagnosis(f"the answer is larger than any that can be expected ({limit})", _OTHER_SERVER_HINT)
    if isinstance(error, requests.Timeout) or isinstance(cause, urllib3.exceptions.ReadTimeoutError):
        return Diagnosis("no answer came in time", "Raise {timeout}, or try again later.")
    if not may_have_arrived(error):
        return Diagnosis("the connection broke before the request was sent", _CONNECTION_HINT)
    return Diagnosis(
        "the connection broke before the answer was complete", "Check the network, and proxies in between."
    )
