# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access tokens of service accounts and the endpoints that issue and revoke them."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from ..domain.clock import Clock
from ..errors import ApiError
from ..settings import Settings
from .messages import Request, Response, json_response

TOKEN_PATH = "/api/oauth/token"
REVOKE_PATH = "/api/oauth/revoke"


@dataclass(frozen=True)
class Token:
    client: str
    expires: float


class TokenIssuer:
    """Issues, recognizes and revokes tokens within the limits of an account."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._tokens: dict[str, Token] = {}
        self._requests: dict[str, list[float]] = {}

    def holder(self, value: str) -> str | None:
        """Return the client of a live token, or None."""
        token = self._live().get(value)
        return None if token is None else token.client

    def _live(self) -> dict[str, Token]:
        now = self._clock.now()
        self._tokens = {value: token for value, token in self._tokens.items() if token.expires > now}
        return self._tokens

    def issue(self, client: str) -> str | None:
        """Return a new token, or None if the account has too many."""
        tokens = self._live()
        if sum(token.client == client for token in tokens.values()) >= self._settings.token_limit:
            return None
        now = self._clock.now()
        value = _json_web_token(client, now, now + self._settings.token_seconds)
        tokens[value] = Token(client, now + self._settings.token_seconds)
        return value

    def revoke_all(self, client: str) -> int:
        """Revoke all live tokens of a client and return their number."""
        mine = [value for value, token in self._live().items() if token.client == client]
        for value in mine:
            del self._tokens[value]
        return len(mine)

    def serve(self, request: Request, client: str | None) -> Response:
        """Answer a request to one of the two endpoints; `client` is None if its credentials were wrong."""
        if client is None:
            return _refuse(401, "invalid_client", "Invalid credentials provided.")
        form = {name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
        if request.path.rstrip("/") == REVOKE_PATH:
            return self._revoke(form, client)
        self._count(client)
        return self._grant(form, client)

    def _count(self, client: str) -> None:
        now, limit = self._clock.now(), self._settings.token_requests_per_minute
        recent = [moment for moment in self._requests.get(client, []) if moment > now - 60]
        self._requests[client] = recent
        if len(recent) >= limit:
            wait = max(1, int(recent[0] + 60 - now) + 1)
            raise ApiError("RATE_LIMITED", TOKEN_PATH, limit, 1, headers={"Retry-After": str(wait)})
        recent.append(now)

    def _grant(self, form: Mapping[str, str], client: str) -> Response:
        if "grant_type" not in form:
            return _refuse(400, "invalid_request", "The grant_type is missing.")
        if form["grant_type"] != "client_credentials":
            return _refuse(400, "unsupported_grant_type", "Only client_credentials is supported.")
        value = self.issue(client)
        if value is None:
            return _refuse(
                403,
                "access_denied",
                "Access Token limit reached. Please use the existing Access Tokens or create a new Service Account.",
            )
        body = {"access_token": value, "expires_in": self._settings.token_seconds, "token_type": "Bearer"}
        return json_response(200, body)

    def _revoke(self, form: Mapping[str, str], client: str) -> Response:
        """Revoke the token; an unknown one is not an error (RFC 7009)."""
        if "token" not in form:
            return _refuse(400, "invalid_request", "The token is missing.")
        if self.holder(form["token"]) == client:
            del self._tokens[form["token"]]
        return Response(200)


def _refuse(status: int, error: str, description: str) -> Response:
    return json_response(status, {"error_description": description, "error": error})


def _json_web_token(client: str, issued: float, expires: float) -> str:
    """Return a token in the form of Atlas' JSON web tokens; its signature is random."""
    claims = {
        "aud": "api://admin",
        "iss": "https://cloud.mongodb.com",
        "sub": client,
        "cid": client,
        "actorId": client,
        "iat": int(issued),
        "exp": int(expires),
        "jti": secrets.token_hex(12),
    }
    parts = [json.dumps(part).encode() for part in ({"alg": "ES512", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, secrets.token_bytes(99)))
