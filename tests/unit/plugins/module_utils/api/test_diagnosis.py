# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why there was no response, in words that name what to check."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from urllib3.exceptions import LocationParseError, MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError

from ansible_collections.atlasops.network.plugins.module_utils.api import diagnosis
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import TransportError
from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import MAY_HAVE_ARRIVED

POOL: Any = None


def wrapped(cause: Exception) -> MaxRetryError:
    """Return what urllib3 raises when retries end."""
    return MaxRetryError(POOL, "/", cause)


ERRORS: list[tuple[requests.RequestException, str, str]] = [
    (requests.exceptions.SSLError(wrapped(ValueError("expired"))), "TLS failed, expired", "Check {base_url} and the p"),
    (requests.exceptions.RetryError("HTTP 503"), "all retries failed (HTTP 503)", "Run the task again later."),
    (requests.exceptions.InvalidSchema(), "the proxy speaks SOCKS, which requires PySocks", "Install PySocks on"),
    (requests.exceptions.InvalidProxyURL(), "the address of the proxy is invalid", "Check the proxy variables"),
    (
        requests.ConnectionError(LocationParseError("x")),
        "the address of the proxy is invalid",
        "Check the proxy variables",
    ),
    (
        requests.exceptions.ProxyError(wrapped(ProtocolError("x"))),
        "the proxy does not answer or refuses",
        "Check the proxy variables",
    ),
    (requests.ConnectTimeout(), "no connection could be made", "Check {base_url}, the network"),
    (
        requests.ConnectionError(wrapped(NewConnectionError(POOL, "refused"))),
        "no connection could be made",
        "Check {base_url}, the network",
    ),
    (
        requests.exceptions.ContentDecodingError(),
        "the answer is larger than any that can be expected (16 MiB)",
        "Check {base_url}, and whether a proxy or login page",
    ),
    (requests.ReadTimeout(), "no answer came in time", "Raise {timeout}"),
    (
        requests.ConnectionError(wrapped(ReadTimeoutError(POOL, "/", "late"))),
        "no answer came in time",
        "Raise {timeout}",
    ),
    (
        requests.ConnectionError(ProtocolError("reset")),
        "the connection broke before the answer was complete",
        "Check the network, and proxies in between.",
    ),
    (requests.ConnectionError(), "the connection broke before the answer was complete", "Check the network, and"),
]


@pytest.mark.parametrize(("error", "cause", "hint"), ERRORS, ids=lambda value: type(value).__name__)
def test_error_is_diagnosed(error: requests.RequestException, cause: str, hint: str) -> None:
    found = diagnosis.diagnose(error)
    assert found.cause == cause
    assert found.hint.startswith(hint)


def sent(error: requests.RequestException, arrived: bool) -> requests.RequestException:
    setattr(error, MAY_HAVE_ARRIVED, arrived)
    return error


def test_connection_that_breaks_before_the_request_is_another() -> None:
    found = diagnosis.diagnose(sent(requests.ConnectionError(ProtocolError("reset")), False))
    assert found == ("the connection broke before the request was sent", diagnosis._CONNECTION_HINT)


@pytest.mark.parametrize(
    ("writes", "arrived", "unknown"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_outcome_is_unknown_if_a_write_may_have_arrived(writes: bool, arrived: bool, unknown: bool) -> None:
    with pytest.raises(TransportError) as failure, diagnosis.diagnosed("do it", "https://x", writes, status=7):
        raise sent(requests.ConnectTimeout(), arrived)
    error = failure.value
    assert error.message == "Could not do it: no connection could be made (https://x)."
    assert (error.outcome_unknown, error.cause) == (unknown, "no connection could be made")
    assert error.details["status"] == 7
    assert str(error.hint).startswith("Check base_url, ")


def test_hint_names_the_option_that_has_the_address() -> None:
    with pytest.raises(TransportError) as failure, diagnosis.diagnosed("do it", "https://x", True, "token_url"):
        raise requests.ConnectTimeout
    assert str(failure.value.hint).startswith("Check token_url, ")
    assert failure.value.outcome_unknown, "as long as nobody noted that it was not sent"


def test_response_tells_whether_an_attempt_before_it_may_have_arrived() -> None:
    response = requests.Response()
    assert diagnosis.may_have_arrived_before(response) is False
    setattr(response, MAY_HAVE_ARRIVED, True)
    assert diagnosis.may_have_arrived_before(response) is True
