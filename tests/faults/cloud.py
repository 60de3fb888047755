# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small cloud for each case: a stub of its APIs behind the same layer, and the module of the other side."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from faults.layer import Layer
from faults.world import RETRY_TIMEOUT, TIMEOUT, Result
from simulator.http.messages import Headers, Request, Response
from stub_server import Request as StubRequest
from stub_server import StubServer
from support.clock import Clock


class Cloud:
    """A stub behind a layer, and a module that leads there.

    Args:
        clock: The clock of everything.
        ca_path: The authority of the layer's certificate, if it has one.
        stub: The stub.
        module: The module.
        options: Its options in every run.
    """

    def __init__(
        self, clock: Clock, ca_path: str | None, stub: StubServer, module: ModuleType, options: dict[str, Any]
    ) -> None:
        self.clock, self._ca_path, self._module, self._options = clock, ca_path, module, options
        stub.close()
        self._answers = stub
        self.answer = self.layer = Layer(self)

    def process(self, request: Request) -> Response:
        sent = StubRequest.of(request.method, request.target, request.body, request.headers.get("Authorization", ""))
        answer = self._answers.answer(sent)
        assert answer, "the stub has no faults of its own here"
        return Response(answer[0], answer[1].encode(), Headers({"Content-Type": "application/json; charset=UTF-8"}))

    def expire_tokens(self) -> None:
        """Do nothing: tokens are requested anew for each task."""

    expire_nonces = expire_tokens

    def run(self, **given: Any) -> Result:
        """Return the result of the module."""
        limits = {"timeout": TIMEOUT, "retry_timeout": RETRY_TIMEOUT, "ca_path": self._ca_path, "wait_timeout": 60}
        outcome = ArgumentSpecValidator(self._module.SPEC).validate({**self._options, **limits, **given})
        assert not outcome.error_messages, outcome.error_messages
        params = outcome.validated_parameters
        try:
            with self._module.connect(params) as client:
                result: Result = self._module.run(params, False, client)
        except AtlasError as error:
            return {"failed": True, **error.as_result()}
        return result
