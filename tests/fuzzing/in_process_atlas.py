# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated Atlas in this process, whose answers a test may change, and tasks that run against it."""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Iterator, Mapping
from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from random_histories.atlas import Atlas
from random_histories.network import ADDRESS, Network
from random_histories.scheduler import Scheduler
from random_histories.virtual_process import EPOCH, virtual_process
from random_histories.weather import Weather
from simulator.http.messages import Request, Response
from simulator.settings import Settings

Change = Callable[[Request, Response], Response]


class LocalAtlas:
    """A simulated Atlas in this process.

    Attributes:
        atlas: The Atlas.
        change: Changes its answers.
        connection: The options that connect to it.
    """

    def __init__(self) -> None:
        self.dice = random.Random(1)  # noqa: S311 (dice, not cryptography)
        self.scheduler = Scheduler(self.dice, 1000.0)
        self.reset()

    def reset(self, change: Change = lambda request, response: response) -> None:
        """Begin anew with an Atlas of which nobody has changed anything."""
        self.atlas, self.change = Atlas(Settings(clock=lambda: EPOCH + self.scheduler.now)), change
        token = self.atlas.service.authenticator.tokens.issue(self.atlas.settings.client_id)
        self.connection: dict[str, Any] = {"base_url": ADDRESS, "retry_timeout": 0, "access_token": token}

    def answer(self, request: Request, owner: Any) -> Response:
        return self.change(request, self.atlas.answer(request, owner))

    def run(self, plugin: Any, params: Mapping[str, Any], check_mode: bool = False) -> dict[str, Any]:
        """Return the result of a module as Ansible would have it, failed or not; its connection may be what fails."""
        try:
            with Client(parse_settings(params), workers=options.workers(params)) as client:
                return run(plugin, params, client, check_mode)
        except AtlasError as error:
            return {"failed": True, **error.as_result()}


@pytest.fixture(scope="module")
def local_atlas() -> Iterator[LocalAtlas]:
    """Yield a simulated Atlas; nothing can reach any other network meanwhile."""
    made = LocalAtlas()
    calm = Weather(0.0, (), (), 0.0, 0.0)
    with pytest.MonkeyPatch.context() as patch, virtual_process(made.scheduler, made.dice):
        for name in list(os.environ):
            if name.startswith("MONGODB_ATLAS_") or name.lower().endswith(("_proxy", "ca_bundle", "netrc")):
                patch.delenv(name)
        patch.setenv("MONGODB_ATLAS_TOKEN_CACHE", "false")
        with Network(made.scheduler, made.dice, calm, made.answer).installed():
            yield made


#: Options that say for how long something is tried again.
_PATIENCE = ("retry_timeout", "wait_timeout", "delete_timeout", "recreate_timeout")


def validate(spec: Mapping[str, Any], args: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return options as AnsibleModule leaves them, with less patience, and what it says about those that are wrong."""
    outcome = ArgumentSpecValidator(dict(spec)).validate(copy.deepcopy(dict(args)))
    params = outcome.validated_parameters
    # A week of retries takes long even on a virtual clock.
    params.update({name: 60 for name in _PATIENCE if isinstance(params.get(name), int) and 60 < params[name] < 10**9})
    return params, outcome.error_messages


def run(plugin: Any, params: Mapping[str, Any], client: Any, check_mode: bool = False) -> dict[str, Any]:
    """Return the result of a module as Ansible would have it, failed or not."""
    try:
        result: dict[str, Any] = plugin.run(params, check_mode, client)
    except AtlasError as error:
        return {"failed": True, **error.as_result()}
    return result
