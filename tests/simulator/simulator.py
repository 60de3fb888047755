# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's Python interface: a context manager around a server in a thread."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Callable

from .control.aws import AwsAccount
from .control.azure import AzureAccess
from .control.controls import Controls
from .control.endpoint import PREFIX, ControlEndpoint
from .control.exchange_log import Exchange
from .control.faults import Fault
from .control.gcp import GcpProjects
from .control.seeding import ControlError
from .domain.other_side import OtherSide
from .domain.state import State
from .http.authentication import ROLES, Principal
from .http.messages import Request, Response
from .http.server import HOST, Server
from .service import Service
from .settings import CONTAINER_IDS, ORG_ID, Settings


class Simulator(Controls):
    """A local Atlas. It binds its port when created and serves between start() and stop()."""

    def __init__(self, settings: Settings | None = None, *other_sides: OtherSide) -> None:
        """Create a simulator.

        Args:
            settings: Its settings, by default those that imitate Atlas.
            other_sides: Clouds in which Atlas' half of peers is created, at most one AWS and one GCP; by default
                those of `aws_endpoint` and `gcp_endpoint`, if any. Without one the other side acts through the controls
                only.
        """
        self.settings = settings or Settings()
        super().__init__(State(self.settings, [*_clouds(self.settings), *other_sides], _azure(self.settings)))
        self._server = Server(self.settings.port, self._answer, _tls(self.settings))
        self._service = Service(self._state, self.url)
        self._control = ControlEndpoint(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.stop()
        self._thread.join()

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answer(self, request: Request) -> Response:
        is_control = request.path == PREFIX or request.path.startswith(PREFIX + "/")
        return self._control.answer(request) if is_control else self._service.answer(request)

    # What a client needs to know

    @property
    def url(self) -> str:
        port = self._server.server_port
        return f"https://localhost:{port}" if self.settings.tls_cert else f"http://{HOST}:{port}"

    @property
    def containers(self) -> dict[str, str]:
        """The containers of the seeded project, by cloud."""
        return dict(CONTAINER_IDS)

    @property
    def public_key(self) -> str:
        return self.settings.public_key

    @property
    def private_key(self) -> str:
        return self.settings.private_key

    @property
    def client_id(self) -> str:
        return self.settings.client_id

    @property
    def client_secret(self) -> str:
        return self.settings.client_secret

    def environment(self, kind: str = "api_key") -> dict[str, str]:
        """Return the variables that point a client here, with credentials of one kind."""
        credentials: dict[str, Callable[[], dict[str, str]]] = {
            "api_key": lambda: {"PUBLIC_API_KEY": self.public_key, "PRIVATE_API_KEY": self.private_key},
            "service_account": lambda: {"CLIENT_ID": self.client_id, "CLIENT_SECRET": self.client_secret},
            "access_token": lambda: {"ACCESS_TOKEN": self.issue_token()},
        }
        values = {"BASE_URL": self.url, "PROJECT_ID": self.project_id, **credentials[kind]()}
        return {f"MONGODB_ATLAS_{name}": value for name, value in values.items()}

    def describe(self) -> dict[str, Any]:
        """Return address, ids and credentials for clients outside this process."""
        return {
            "base_url": self.url,
            "project_id": self.project_id,
            "org_id": ORG_ID,
            "containers": self.containers,
            "credentials": {
                name: getattr(self, name) for name in ("public_key", "private_key", "client_id", "client_secret")
            },
        }

    # Principals

    def issue_token(self) -> str:
        """Return a fresh access token of the service account, without a request."""
        with self._state.lock:
            token = self._service.authenticator.tokens.issue(self.client_id)
        if token is None:
            raise ControlError(403, "the service account has too many live tokens")
        return token

    def revoke_tokens(self, client_id: str | None = None) -> int:
        """Revoke all live tokens of a service account, as another job may, and return their number."""
        with self._state.lock:
            return self._service.authenticator.tokens.revoke_all(client_id or self.client_id)

    def add_api_key(self, public: str, private: str, roles: Mapping[str, str], on_access_list: bool = True) -> None:
        """Add a key with a role (read_only, network_manager or owner) in each of some projects."""
        with self._state.lock:
            self._service.authenticator.api_keys[public] = _principal(public, private, roles, on_access_list)

    def add_service_account(
        self, client_id: str, client_secret: str, roles: Mapping[str, str], on_access_list: bool = True
    ) -> None:
        """Add a service account; its roles are as those of a key."""
        with self._state.lock:
            account = _principal(client_id, client_secret, roles, on_access_list)
            self._service.authenticator.accounts[client_id] = account

    # Faults and the log

    def fault(self, method: str = "GET", path: str = "", **details: Any) -> Fault:
        """Add a fault for matching requests; the details are the fields of the class Fault."""
        fault = Fault(method, path, **details)
        self._service.faults.add(fault)
        return fault

    def clear_faults(self) -> None:
        self._service.faults.clear()

    @property
    def exchanges(self) -> list[Exchange]:
        return self._service.log.exchanges()

    def writes(self) -> list[Exchange]:
        """Return the exchanges that could have changed something and got past authentication."""
        return [exchange for exchange in self.exchanges if exchange.is_write]

    def clear_log(self) -> None:
        self._service.log.clear()


def _clouds(settings: Settings) -> Iterator[OtherSide]:
    """Yield the clouds that the settings connect."""
    if settings.aws_endpoint:
        yield AwsAccount.at(settings.aws_endpoint, settings.aws_account_id)
    if settings.gcp_endpoint:
        yield GcpProjects(settings.gcp_endpoint, settings.gcp_token)


def _azure(settings: Settings) -> Callable[[Mapping[str, Any]], bool] | None:
    """Return what reports whether Atlas may peer with a virtual network, if that is asked of a simulated Azure."""
    endpoint = settings.azure_endpoint
    return AzureAccess(endpoint, settings.azure_token).allows_peering if endpoint else None


def _principal(name: str, secret: str, roles: Mapping[str, str], on_access_list: bool) -> Principal:
    unknown = sorted(set(roles.values()) - set(ROLES))
    if unknown:
        raise ValueError(f"no such role: {', '.join(unknown)}")
    return Principal(name, secret, dict(roles), on_access_list)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings.tls_cert, settings.tls_key)
    return context
