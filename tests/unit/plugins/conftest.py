# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of a simulator, and clocks that run only when a test lets them."""

from __future__ import annotations

import os
import types
from collections.abc import Iterator
from typing import Any, Callable

import pytest
from hypothesis import configuration
from hypothesis import settings as hypothesis_settings

from ansible_collections.atlasops.network.plugins.module_utils.api import (
    auth,
    bounded_connection,
    request_limits,
    retries,
    token_cache,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials, Settings
from ansible_collections.atlasops.network.plugins.module_utils.engine import apply, resources
from simulator import Simulator
from support.clock import Clock
from support.examples import examples
from support.patience import PATIENCE

configuration.set_hypothesis_home_dir(".cache/hypothesis")
hypothesis_settings.register_profile("atlasops", deadline=None, derandomize=True, max_examples=examples(100))
hypothesis_settings.load_profile("atlasops")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the user's own credentials, proxies and CA bundles."""
    hidden = ("_proxy", "ca_bundle", "netrc")
    for name in list(os.environ):
        if name.startswith("MONGODB_ATLAS_") or name.lower().endswith(hidden):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NETRC", os.devnull)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let the pauses between retries pass at once; their jitter is at its longest."""
    clock = Clock()
    for module in (auth, bounded_connection, request_limits, retries, token_cache):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr("urllib3.util.retry.time", clock)
    monkeypatch.setattr(retries, "random", types.SimpleNamespace(uniform=lambda least, most: most))
    return clock


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    """Return a function that makes a client of an address; it is closed after the test.

    The access token of a simulator is used unless credentials are given as (method, values).
    """
    clients: list[Client] = []

    def make(
        target: Simulator | str,
        credentials: tuple[str, dict[str, str]] | None = None,
        deadline: float = float("inf"),
        workers: int = 1,
        **changes: Any,
    ) -> Client:
        address = target if isinstance(target, str) else target.url
        if credentials is None:
            token = "none" if isinstance(target, str) else target.issue_token()
            credentials = ("access_token", {"access_token": token})
        given = {
            "base_url": address,
            "api_version": "v2",
            "timeout": PATIENCE,
            "retry_timeout": 10,
            "verify": True,
            "token_cache": False,
            "credentials": Credentials(*credentials),
            **changes,
        }
        clients.append(Client(Settings(**given), deadline, workers))
        return clients[-1]

    yield make
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def client(atlas: Simulator, connect: Callable[..., Client]) -> Client:
    return connect(atlas)


@pytest.fixture
def fast_forward(monkeypatch: pytest.MonkeyPatch, clock: Clock, atlas: Simulator) -> Clock:
    """Let the pauses of the engine pass at once, and Atlas' time with them."""
    monkeypatch.setattr(apply, "time", clock)
    monkeypatch.setattr(resources, "time", clock)
    clock.on_sleep = lambda: atlas.advance(clock.pauses[-1])
    return clock
