# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication and roles: API keys and service accounts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.request import parse_http_list, parse_keqv_list

from ..domain.clock import Clock
from ..errors import ApiError
from ..settings import Settings
from .digest import DigestAuthenticator, NonceUse
from .messages import Request, Response, json_response
from .tokens import TokenIssuer

# Each role may also do what the roles before it may, unless a setting says otherwise.
ROLES = ("read_only", "network_manager", "owner")


@dataclass(frozen=True)
class Principal:
    """An API key or a service account; without roles it owns every project."""

    name: str
    secret: str
    roles: Mapping[str, str] | None = None
    on_access_list: bool = True

    def is_member(self, project_id: str) -> bool:
        return self.roles is None or project_id in self.roles

    def has_role(self, project_id: str, role: str, manager_may_read: bool) -> bool:
        held = "owner" if self.roles is None else self.roles[project_id]
        if (held, role) == ("network_manager", "read_only"):
            return manager_may_read
        return ROLES.index(held) >= ROLES.index(role)


class Unauthorized(Exception):
    """Not authenticated; carries the response."""

    def __init__(self, response: Response) -> None:
        super().__init__("not authenticated")
        self.response = response


class Authenticator:
    """Determines the principal of a request."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.api_keys = {settings.public_key: Principal(settings.public_key, settings.private_key)}
        self.accounts = {settings.client_id: Principal(settings.client_id, settings.client_secret)}
        self.digest = DigestAuthenticator(settings, clock)
        self.tokens = TokenIssuer(settings, clock)

    def authenticate(self, request: Request) -> Principal:
        """Return the principal of the request. Raises Unauthorized or ApiError."""
        scheme, _space, credentials = request.headers.get("Authorization", "").partition(" ")
        principal = self._identify(scheme.lower(), credentials.strip(), request)
        request.principal = principal.name
        if not principal.on_access_list:
            raise ApiError("IP_ADDRESS_NOT_ON_ACCESS_LIST", request.client)
        return principal

    def _identify(self, scheme: str, credentials: str, request: Request) -> Principal:
        if scheme == "bearer":
            account = self.accounts.get(self.tokens.holder(credentials) or "")
            if account is not None:
                return account
        stale = False
        if scheme == "digest":
            fields = parse_keqv_list([part for part in parse_http_list(credentials) if "=" in part])
            key = self.api_keys.get(fields.get("username", ""))
            if key is not None and self.digest.verifies(fields, request, key.secret):
                use = self.digest.use_nonce(fields)
                if use is NonceUse.GOOD:
                    return key
                stale = use is NonceUse.STALE
        raise Unauthorized(self._challenge(stale))

    def _challenge(self, stale: bool) -> Response:
        body = {
            "error": 401,
            "reason": "Unauthorized",
            "detail": "You are not authorized for this resource.",
            "errorCode": "UNEXPECTED_ERROR",
        }
        return json_response(401, body, {"WWW-Authenticate": self.digest.challenge(stale)}, pretty=True)

    def client_of(self, request: Request) -> str | None:
        """Return the service account authenticated by HTTP Basic, as the token endpoints require, or None."""
        scheme, _space, credentials = request.headers.get("Authorization", "").partition(" ")
        try:
            name, _colon, secret = base64.b64decode(credentials).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        account = self.accounts.get(name)
        if scheme.lower() != "basic" or account is None or account.secret != secret:
            return None
        request.principal = name
        return name
