# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API, the tokens and the networks behind one HTTP server."""

from __future__ import annotations

from typing import Any

from stub_server import Exchange, Request, StubServer

from .access import ADMIN, Account
from .api import PREFIX, Api
from .errors import ComputeError

TOKEN_PATH = "/token"


class ComputeStub(StubServer):
    """A server in a thread. `duration` is how many seconds each operation takes."""

    def __init__(self, duration: float = 0.0, port: int = 0) -> None:
        super().__init__(port)
        self.api = Api(self.url + PREFIX, duration)

    def add_network(self, project: str, name: str, *ranges: str) -> None:
        with self._lock:
            self.api.networks.add(f"projects/{project}/global/networks/{name}", *ranges)

    def add_token(self, token: str, role: str = ADMIN, projects: tuple[str, ...] | None = None) -> str:
        """Let a token act with a role, `admin` or `viewer`, in some projects or in all."""
        with self._lock:
            self.api.access.tokens[token] = Account(role, projects)
        return token

    def add_service_account(self, email: str, role: str = ADMIN) -> None:
        with self._lock:
            self.api.access.service_accounts[email] = Account(role)

    def peerings(self, project: str, name: str) -> list[dict[str, Any]]:
        """Return the peerings of a network as the API shows them."""
        with self._lock:
            self.api.operations.settle()
            network = self.api.networks.get(f"projects/{project}/global/networks/{name}")
            return list(self.api.networks.view(network, self.api.base).get("peerings", []))

    def occupy(self, project: str, name: str, seconds: float) -> None:
        """Let somebody else's peering operation run on a network."""
        with self._lock:
            self.api.operations.occupy(f"projects/{project}/global/networks/{name}", seconds)

    def is_write(self, exchange: Exchange) -> bool:
        return super().is_write(exchange) and exchange.path != TOKEN_PATH

    def process(self, request: Request) -> tuple[int, dict[str, Any]]:
        if request.path == TOKEN_PATH:
            token = self.api.access.exchange(request.form["assertion"])
            refusal = {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}
            return (200, token) if token else (400, refusal)
        path = request.path.removeprefix(PREFIX)
        try:
            return 200, self.api.answer(request.method, path, request.query, request.json, request.authorization)
        except ComputeError as error:
            return error.status, error.view()
