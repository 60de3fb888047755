# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of a request: latency, faults, authentication, the operation, the journal."""

from __future__ import annotations

import time
from typing import Callable

from .access import Access, Unauthorized
from .api import Api, render_error
from .errors import ApiError
from .faults import Faults
from .journal import Journal, kind_of
from .state import World
from .wire import Request, Response


class Service:
    """Answers every request but those to the control endpoint."""

    def __init__(self, world: World, base_url: str) -> None:
        self._world = world
        self._base_url = base_url
        self.access = Access(world.settings, world.clock)
        self.faults = Faults()
        self.journal = Journal()
        self._api = Api(world, base_url)

    def answer(self, request: Request) -> Response:
        time.sleep(self._world.settings.latency)
        fault = self.faults.take(request, before_auth=True)
        response = fault.apply(lambda: self._guarded(request))
        self.journal.record(request, response, self._base_url, self._world.clock.now())
        return response

    def _guarded(self, request: Request) -> Response:
        """Turn away whoever is not authenticated; other faults wait behind this."""
        try:
            with self._world.lock:
                process = self._authenticated(request)
        except Unauthorized as refusal:
            return refusal.response
        except ApiError as error:
            return render_error(error, request)
        fault = self.faults.take(request, before_auth=False)
        return fault.apply(lambda: self._exclusively(process, request))

    def _authenticated(self, request: Request) -> Callable[[], Response]:
        """Return what is to be done for the sender, whose credentials are checked here."""
        kind = kind_of(request.path)
        if kind == "token":
            if request.method != "POST":
                raise ApiError("METHOD_NOT_ALLOWED", request.method, headers={"Allow": "POST"})
            client = self.access.client_of(request)
            return lambda: self.access.tokens.serve(request, client)
        if kind == "api":
            principal = self.access.authenticate(request)
            return lambda: self._api.answer(request, principal)
        raise ApiError("RESOURCE_NOT_FOUND", request.path)

    def _exclusively(self, process: Callable[[], Response], request: Request) -> Response:
        with self._world.lock:
            try:
                return process()
            except ApiError as error:
                return render_error(error, request)
