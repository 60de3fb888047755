# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what: access tokens, service accounts that exchange a signed assertion for one, roles in projects."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from .errors import ComputeError, forbidden

VIEWER, ADMIN = "viewer", "admin"
#: The token with which a simulated Atlas acts in its own projects.
ATLAS_TOKEN = "atlas"


@dataclass(frozen=True)
class Account:
    """A principal with a role in some projects; in all of them if `projects` is None."""

    role: str
    projects: Collection[str] | None = None


class Access:
    """The accounts, by token and by the email address of a service account."""

    def __init__(self) -> None:
        self.tokens: dict[str, Account] = {ATLAS_TOKEN: Account(ADMIN)}
        self.service_accounts: dict[str, Account] = {}

    def check(self, header: str, permission: str, project: str, path: str) -> None:
        """Raise ComputeError unless the bearer may do this."""
        account = self.tokens.get(header.removeprefix("Bearer "))
        if account is None:
            raise ComputeError(
                401, "authError", "Request had invalid authentication credentials. Expected OAuth 2 access token."
            )
        reads = permission.rpartition(".")[2] in ("get", "list")
        in_project = account.projects is None or project in account.projects
        if not in_project or not (reads or account.role == ADMIN):
            raise forbidden(permission, path)

    def exchange(self, assertion: str) -> dict[str, Any] | None:
        """Return a token for the assertion of a service account, or None if there is no such account.

        The signature is not verified: this takes a key that nobody else has.
        """
        claims = assertion.split(".")[1]
        email = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iss"]
        if email not in self.service_accounts:
            return None
        token = f"token-of-{email}"
        self.tokens[token] = self.service_accounts[email]
        return {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}
