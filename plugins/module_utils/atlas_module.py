# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The main of every module for Atlas: its client, which the items of a loop may share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import METHODS, Settings, parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.module import run_with_client


def run_module(
    spec: dict[str, Any],
    run: Callable[[Mapping[str, Any], bool, Client], dict[str, Any]],
    methods: Collection[str] = tuple(METHODS),
    secret: bool = False,
) -> None:
    """Be the main of a module for Atlas: `run_with_client` with its client.

    Args:
        spec: As for `run_with_client`.
        run: As for `run_with_client`.
        methods: Names of the methods of authentication that may be used.
        secret: As for `run_with_client`.
    """

    def connect(params: Mapping[str, Any]) -> AbstractContextManager[Client]:
        return _sessions.client(params, methods)

    def run_once(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
        result = run(params, check_mode, client)
        if result.get("failed"):
            _sessions.close()
        return result

    run_with_client(spec, run_once, connect, secret)


class _Sessions:
    """The session of a task, which may be kept for the next task of the same process with the same settings."""

    def __init__(self) -> None:
        #: The ``environment`` of the tasks that run now, None if no session is to be kept.
        self.environment: Mapping[str, str] | None = None
        self._kept: tuple[Any, Client] | None = None

    @contextlib.contextmanager
    def client(self, params: Mapping[str, Any], methods: Collection[str] = tuple(METHODS)) -> Iterator[Client]:
        """Yield a client with these options; close it afterwards unless sessions are kept and the task succeeded."""
        keeps = False
        try:
            yield self._client(parse_settings(params, methods), options.workers(params))
            keeps = self.environment is not None
        finally:
            if not keeps:
                self.close()

    def _client(self, settings: Settings, workers: int) -> Client:
        # The environment has the proxies, the CA bundle, and where tokens are cached.
        key = settings, workers, self.environment
        if self._kept is None or self._kept[0] != key:
            self.close()
            self._kept = key, Client(settings, workers=workers)
        client = self._kept[1]
        client.has_written = False
        return client

    def close(self) -> None:
        """Close what is kept: after a failure, the next task begins anew."""
        kept, self._kept = self._kept, None
        if kept:
            kept[1].close()


_sessions = _Sessions()


@contextlib.contextmanager
def kept_sessions(environment: Mapping[str, str]) -> Iterator[None]:
    """Keep the session of each task that runs meanwhile for the next one with the same ``environment``."""
    _sessions.environment = dict(environment)
    try:
        yield
    finally:
        _sessions.environment = None
