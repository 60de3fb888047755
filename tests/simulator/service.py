# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processing a request: latency, faults, authentication, the operation, the log."""

from __future__ import annotations

import time
from typing import Callable

from .api.dispatch import Api, render_error
from .control.exchange_log import ExchangeLog, kind_of
from .control.faults import Faults
from .domain.state import State
from .errors import ApiError
from .http.authentication import Authenticator, Unauthorized
from .http.messages import Request, Response


class Service:
    """Answers every request except those to the control endpoint."""

    def __init__(self, state: State, base_url: str) -> None:
        self._state = state
        self._base_url = base_url
        self.authenticator = Authenticator(state.settings, state.clock)
        self.faults = Faults()
        self.log = ExchangeLog()
        self._api = Api(state, base_url)

    def answer(self, request: Request) -> Response:
        if self._state.settings.latency:
            time.sleep(self._state.settings.latency)
        fault = self.faults.take(request, before_auth=True)
        response = fault.apply(lambda: self._guarded(request))
        self.log.record(request, response, self._base_url, self._state.clock.now())
        return response

    def _guarded(self, request: Request) -> Response:
        """Refuse unauthenticated requests; faults without `before_auth` apply after that."""
        try:
            with self._state.lock:
                process = self._authenticated(request)
        except Unauthorized as refusal:
            return refusal.response
        except ApiError as error:
            return render_error(error, request)
        fault = self.faults.take(request, before_auth=False)
        return fault.apply(lambda: self._exclusively(process, request))

    def _authenticated(self, request: Request) -> Callable[[], Response]:
        """Check the credentials and return the function that answers the request."""
        kind = kind_of(request.path)
        if kind == "token":
            if request.method != "POST":
                raise ApiError("METHOD_NOT_ALLOWED", request.method, headers={"Allow": "POST"})
            client = self.authenticator.client_of(request)
            return lambda: self.authenticator.tokens.serve(request, client)
        if kind == "api":
            principal = self.authenticator.authenticate(request)
            return lambda: self._api.answer(request, principal)
        raise ApiError("RESOURCE_NOT_FOUND", request.path)

    def _exclusively(self, process: Callable[[], Response], request: Request) -> Response:
        with self._state.lock:
            try:
                return process()
            except ApiError as error:
                return render_error(error, request)
