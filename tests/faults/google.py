# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small Google for each case: its Compute API behind the same layer, and the module of the other side."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.modules import gcp_compute_network_peering as module
from compute_stub import ComputeStub
from faults.layer import Layer
from faults.world import RETRY_TIMEOUT, TIMEOUT, Result
from simulator.http.messages import Headers, Request, Response
from stub_server import Request as StubRequest
from support.clock import Clock

OURS, ATLAS = ("my-project", "default"), ("p-1a2b3c", "nt-4d5e6f")
OPTIONS = {"project": OURS[0], "network": OURS[1], "peer_project": ATLAS[0], "peer_network": ATLAS[1]}
TOKEN = "t0ken"


class Google:
    """A stub of the Compute API behind a layer; the arguments are those of a `World`."""

    def __init__(self, url: str, clock: Clock, credentials: str, ca_path: str | None = None, **settings: Any) -> None:
        self.clock, self._url, self._ca_path = clock, url, ca_path
        self.stub = ComputeStub(**settings)
        self.stub.close()
        self.stub.add_network(*OURS, "10.128.0.0/20")
        self.stub.add_network(*ATLAS, "192.168.0.0/18")
        self.stub.add_token(TOKEN)
        self.answer = self.layer = Layer(self)

    def process(self, request: Request) -> Response:
        sent = StubRequest.of(request.method, request.target, request.body, request.headers.get("Authorization", ""))
        answer = self.stub.answer(sent)
        assert answer, "the stub has no faults of its own here"
        return Response(answer[0], answer[1].encode(), Headers({"Content-Type": "application/json; charset=UTF-8"}))

    def expire_tokens(self) -> None:
        """Do nothing: tokens are the affair of google-auth."""

    expire_nonces = expire_tokens

    def run(self, **given: Any) -> Result:
        """Return the result of the module."""
        limits = {"timeout": TIMEOUT, "retry_timeout": RETRY_TIMEOUT, "ca_path": self._ca_path, "wait_timeout": 60}
        options = {"base_url": self._url, "access_token": TOKEN, **limits, **OPTIONS, **given}
        outcome = ArgumentSpecValidator(module.SPEC).validate(options)
        assert not outcome.error_messages, outcome.error_messages
        params = outcome.validated_parameters
        try:
            with module.connect(params) as client:
                return module.run(params, False, client)
        except AtlasError as error:
            return {"failed": True, **error.as_result()}

    def peerings(self) -> list[dict[str, Any]]:
        return self.stub.peerings(*OURS)


class Bearer:
    """Authenticates like google-auth with an access token, where google-auth is not installed."""

    def __init__(self, settings: Any, session: Any) -> None:
        self._token = settings.access_token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
