# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Authentication with google-auth, which nothing else in the collection imports."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import AuthenticationError
from ansible_collections.atlasops.network.plugins.module_utils.errors import MissingLibraryError, shortened
from ansible_collections.atlasops.network.plugins.module_utils.gcp.settings import (
    ACCESS_TOKEN,
    MACHINE,
    SERVICE_ACCOUNT,
    Settings,
)

try:
    import google.auth
    from google.auth import compute_engine, impersonated_credentials
    from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, TransportError
    from google.auth.transport.requests import Request
    from google.oauth2 import service_account
    from google.oauth2.credentials import Credentials
except ImportError:
    GOOGLE_AUTH_TRACEBACK: str | None = traceback.format_exc()
else:
    GOOGLE_AUTH_TRACEBACK = None

if TYPE_CHECKING:
    import requests

#: What a task may do with its token at most; Google's roles narrow it further.
COMPUTE_SCOPE = "https://www.googleapis.com/auth/compute"
#: What it takes to act as another service account (IAM documentation, "Create short-lived credentials").
_IMPERSONATION_SCOPE = "https://www.googleapis.com/auth/cloud-platform"

_NO_CREDENTIALS_HINT = (
    "Set service_account_file, service_account_contents or access_token, or run "
    "gcloud auth application-default login where the task runs."
)


class GoogleAuth:
    """Signs the requests of a session.

    Args:
        settings: How to authenticate.
        session: Sends the requests for tokens.

    Raises:
        MissingLibraryError: google-auth is not installed.
        AuthenticationError: There are no usable credentials.
    """

    def __init__(self, settings: Settings, session: requests.Session) -> None:
        if GOOGLE_AUTH_TRACEBACK:
            message = missing_required_lib("google-auth", reason="for the other side of peering on GCP")
            raise MissingLibraryError(message, GOOGLE_AUTH_TRACEBACK)
        self._transport = Request(session)
        self._credentials = _translating(lambda: _credentials(settings))

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header with the token, which is fetched first if there is none or it expires soon."""
        _translating(
            lambda: self._credentials.before_request(self._transport, request.method, request.url, request.headers)
        )
        return request


def _credentials(settings: Settings) -> Any:
    scope = _IMPERSONATION_SCOPE if settings.impersonate else COMPUTE_SCOPE
    source = _source_credentials(settings, [scope])
    if not settings.impersonate:
        return source
    return impersonated_credentials.Credentials(source, settings.impersonate, [COMPUTE_SCOPE])


def _source_credentials(settings: Settings, scopes: list[str]) -> Any:
    if settings.kind == ACCESS_TOKEN:
        return Credentials(settings.access_token)
    if settings.kind == SERVICE_ACCOUNT:
        return _of_service_account(settings, scopes)
    if settings.kind == MACHINE:
        return compute_engine.Credentials(settings.email or "default", scopes=scopes)
    credentials, _project = google.auth.default(scopes)
    return credentials


def _of_service_account(settings: Settings, scopes: list[str]) -> Any:
    try:
        return service_account.Credentials.from_service_account_info(settings.service_account, scopes=scopes)
    except ValueError:  # Its text may repeat parts of the key.
        raise AuthenticationError(
            "The key of the service account cannot be used: its private_key is damaged.",
            "Take the file as Google exported it, with the line breaks of private_key as \\n.",
        ) from None


def _translating(step: Callable[[], Any]) -> Any:
    """Return what a step of google-auth returns. Raises AuthenticationError."""
    try:
        return step()
    except DefaultCredentialsError as error:
        raise AuthenticationError(
            f"There are no usable Google credentials: {_said(error)}", _NO_CREDENTIALS_HINT
        ) from None
    except TransportError as error:
        raise AuthenticationError(
            f"Google could not be asked for a token: {_said(error)}",
            "Check the network and the proxy variables of the environment.",
        ) from None
    except GoogleAuthError as error:
        raise AuthenticationError(
            f"Google refused the credentials: {_said(error)}",
            "Check that the account exists, its key is not revoked, and the clock of this machine is right. To act as "
            "another service account takes the role Service Account Token Creator on it.",
        ) from None


def _said(error: Exception) -> str:
    """Return the sentence of google-auth, without the response that may come with it."""
    return str(shortened(str(error.args[0] if error.args else error).strip().rstrip("."))) + "."
