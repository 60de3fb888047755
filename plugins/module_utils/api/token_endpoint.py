# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.
"""The endpoint that issues and revokes access tokens of service accounts (OAuth 2.0 client credentials)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import unreadable
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import is_lifetime, is_sendable

TOKEN_PATH, REVOKE_PATH = "/api/oauth/token", "/api/oauth/revoke"
#: A token that nobody received does no harm, and one can be revoked twice, so both requests may be repeated.
REPEATABLE_POSTS = (TOKEN_PATH, REVOKE_PATH)


class TokenEndpoint:
    """The token endpoint, for one service account.

    Args:
        send: Sends a request and returns the decoded response, see `Client`.
        credentials: Of the service account.
    """

    def __init__(self, send: Callable[..., dict[str, Any]], credentials: Credentials) -> None:
        self._send = send
        self._credentials = credentials

    def fetch(self) -> Mapping[str, Any]:
        """Exchange the account's credentials for an access token.

        Returns:
            What Atlas issued: ``{"access_token": "…", "expires_in": 3600}``, the lifetime in seconds.

        Raises:
            ApiError: Atlas issues none.
            TransportError: There was no response, or one without a token.
        """
        operation = "get an access token for the service account"
        token = self._post(TOKEN_PATH, operation, {"grant_type": "client_credentials"})
        if not is_sendable(token.get("access_token")) or not is_lifetime(token.get("expires_in")):
            raise unreadable(operation, "HTTP 200, no token in it", status=200)
        return token

    def revoke(self, token: str) -> None:
        """Revoke an access token of the account. Nothing happens if it is unknown or expired.

        Raises:
            ApiError: Atlas refuses.
            TransportError: There was no response, or a wrong one.
        """
        operation = "revoke an access token of the service account"
        form = {"token": token, "token_type_hint": "access_token"}
        if self._post(REVOKE_PATH, operation, form, writes=True, may_be_empty=True):
            raise unreadable(operation, "more than nothing", writes=True)

    def _post(
        self, path: str, operation: str, form: Mapping[str, str], writes: bool = False, may_be_empty: bool = False
    ) -> dict[str, Any]:
        values = self._credentials.values
        return self._send(
            "POST",
            path,
            operation,
            writes=writes,
            may_be_empty=may_be_empty,
            auth=(values["client_id"], values["client_secret"]),
            data=form,
            headers={"Accept": "application/json"},
        )
