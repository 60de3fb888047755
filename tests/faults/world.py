# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One small Atlas for each case: real HTTP on one server, real modules, and one clock for all of them."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from typing import Any, Callable

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import METHODS, parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.plugin_utils import wait_task
from faults.layer import Layer
from simulator.control.controls import Controls
from simulator.domain.state import Project, State
from simulator.http.messages import Request, Response
from simulator.service import Service
from simulator.settings import Settings
from support.clock import Clock
from support.samples import PROJECT

TIMEOUT, RETRY_TIMEOUT = 30, 120
Result = Mapping[str, Any]


class World(Controls):
    """A simulated Atlas behind a layer, and tasks that are run against it.

    Args:
        url: Address of the server whose requests the layer answers.
        clock: The clock of both sides.
        credentials: The kind of credentials that tasks present.
        ca_path: CA bundle of the server, if it speaks TLS.
        settings: Further settings of the simulator.
    """

    def __init__(
        self, url: str, clock: Clock, credentials: str = "access_token", ca_path: str | None = None, **settings: Any
    ) -> None:
        super().__init__(State(Settings(**{"pace": 0.0, "clock": clock.time, **settings})))
        self.clock, self.credentials, self._url, self._ca_path = clock, credentials, url, ca_path
        self.service = Service(self._state, url)
        self.known_token = ""
        self.layer = Layer(self)
        #: Answers the requests that arrive.
        self.answer: Callable[[Request], Response] = self.layer
        self._runs: dict[str, str] = {}

    def options(self) -> dict[str, Any]:
        """Return the options that lead a task here."""
        known = self._state.settings
        credentials = {
            "access_token": lambda: {"access_token": self._issue()},
            "service_account": lambda: {"client_id": known.client_id, "client_secret": known.client_secret},
            "api_key": lambda: {"public_key": known.public_key, "private_key": known.private_key},
        }
        limits = {"timeout": TIMEOUT, "retry_timeout": RETRY_TIMEOUT, "ca_path": self._ca_path, "token_cache": False}
        return {"base_url": self._url, **limits, **credentials[self.credentials]()}

    def task(self, plugin: Any, **given: Any) -> Result:
        """Return the result of a module, as its task would have it."""
        return self._run(plugin.SPEC, plugin.run, {"project_id": PROJECT, **given})

    def fleet_task(self, plugin: Any, methods: Collection[str] = tuple(METHODS), **given: Any) -> Result:
        """Return the result of a module that has no option project_id, with these methods of authentication."""
        return self._run(plugin.SPEC, plugin.run, given, methods)

    def wait(self, **given: Any) -> Result:
        """Return the result of a wait."""
        params = wait_task.validate({**self.options(), "project_id": PROJECT, **given})
        return wait_task.wait(params, False, lambda line: None, True)

    def read(self, work: Any) -> Result:
        """Return the result of something that is done with a client alone."""
        return self._run(dict(options.CONNECTION_SPEC), lambda params, check_mode, client: work(client), {})

    def _run(
        self, spec: Mapping[str, Any], run: Any, given: Mapping[str, Any], methods: Collection[str] = tuple(METHODS)
    ) -> Result:
        outcome = ArgumentSpecValidator(spec).validate({**self.options(), **given})
        assert not outcome.error_messages, outcome.error_messages
        params = outcome.validated_parameters
        try:
            with Client(parse_settings(params, methods)) as client:
                result: Result = run(params, False, client)
                return result
        except AtlasError as error:
            return {"failed": True, **error.as_result()}

    @property
    def project(self) -> Project:
        """The state of the seeded project at this moment."""
        with self._state.lock:
            return self._project(PROJECT)

    def know_token(self) -> None:
        """Let a token be known to revoke."""
        self.known_token = self._issue()

    def is_token_alive(self) -> bool:
        return self.service.authenticator.tokens.holder(self.known_token) is not None

    def _issue(self) -> str:
        with self._state.lock:
            token = self.service.authenticator.tokens.issue(self._state.settings.client_id)
        assert token
        self._runs[token] = threading.current_thread().name
        return token

    def run_of(self, request: Request) -> str:
        """Return the name of the thread in which the run began that has sent a request."""
        return self._runs[request.headers["Authorization"].rpartition(" ")[2]]

    def process(self, request: Request) -> Response:
        return self.service.answer(request)

    def expire_tokens(self) -> None:
        self.service.authenticator.tokens.revoke_all(self._state.settings.client_id)

    def expire_nonces(self) -> None:
        self.service.authenticator.digest.forget()
