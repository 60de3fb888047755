# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what: API keys, service accounts and their roles."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.request import parse_http_list, parse_keqv_list

from .clock import Clock
from .digest import DigestGuard, Use
from .errors import ApiError
from .settings import Settings
from .tokens import TokenDesk
from .wire import Request, Response, json_response

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
    """Not authenticated; carries the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("not authenticated")
        self.response = response


class Access:
    """Tells from a request who sent it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.api_keys = {settings.public_key: Principal(settings.public_key, settings.private_key)}
        self.accounts = {settings.client_id: Principal(settings.client_id, settings.client_secret)}
        self.digest = DigestGuard(settings, clock)
        self.tokens = TokenDesk(settings, clock)

    def authenticate(self, request: Request) -> Principal:
        """Return who sent the request or raise what stands in the way."""
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
            if key is not None and self.digest.proves(fields, request, key.secret):
                use = self.digest.spend(fields)
                if use is Use.GOOD:
                    return key
                stale = use is Use.STALE
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
        """Return the service account that proves itself by HTTP Basic, as the token endpoints want it."""
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
