# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the wait on the controller: one process for all connections, with lines that appear while it runs."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.atlasops.network.plugins.module_utils import arguments, waiting
from ansible_collections.atlasops.network.plugins.module_utils.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.clouds import PENDING
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted, declare
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.plan import match
from ansible_collections.atlasops.network.plugins.module_utils.projects import Projects
from ansible_collections.atlasops.network.plugins.module_utils.store import Peers

SPEC: dict[str, Any] = {
    **arguments.CONNECTION_SPEC,
    **arguments.PROJECT_SPEC,
    **arguments.WORKERS_SPEC,
    "connections": arguments.CONNECTIONS_SPEC,
    "until": {"type": "str", "choices": list(waiting.GOALS), "default": "available"},
    "wait_timeout": {"type": "int", "default": 3600},
    "interval": {"type": "float", "default": 10.0},
}


class ActionModule(ActionBase):
    """See the documentation of the module of the same name."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        with self._environment():
            try:
                result.update(_wait(_validate(self._task.args), self._task.check_mode))
            except AtlasError as error:
                result.update(failed=True, **error.as_result())
        return result

    @contextlib.contextmanager
    def _environment(self) -> Iterator[None]:
        """Put the task's ``environment`` into force, as it is for a module."""
        environment: dict[str, str] = {}
        self._compute_environment_string(environment)  # type: ignore[no-untyped-call]
        before = dict(os.environ)
        os.environ.update({name: str(value) for name, value in environment.items()})
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _validate(args: Mapping[str, Any]) -> dict[str, Any]:
    """Check the task's options. A connection may be a result of the collection's modules, more than options."""
    args = dict(args)
    if isinstance(args.get("connections"), list):
        args["connections"] = [
            {k: v for k, v in entry.items() if k not in PEERING.result_only} if isinstance(entry, dict) else entry
            for entry in args["connections"]
        ]
    outcome = ArgumentSpecValidator(SPEC).validate(args)
    if outcome.error_messages:
        raise InputError(" ".join(outcome.error_messages))
    params: dict[str, Any] = outcome.validated_parameters
    for name in ("wait_timeout", "interval"):
        if params[name] <= 0:
            raise InputError(f"{name} is {params[name]}, but it must be more than 0 (seconds).")
    return params


def _wait(params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Wait and return the task's result. In check mode look once."""
    until, timeout, interval = params["until"], params["wait_timeout"], params["interval"]
    deadline = datetime.now(timezone.utc) + timedelta(seconds=timeout)
    client = Client(
        arguments.settings(params),
        not_after=time.monotonic() + timeout,
        workers=arguments.workers(params),
        # A project that is asked too often is left alone for a while, and keeps nobody from looking at the others.
        outlives_429=False,
    )
    with client:
        parent = os.getppid()
        wait = waiting.Wait(
            watches=_watches(params, client),
            each=client.each,
            say=Display().display,
            alive=lambda: os.getppid() == parent,
            until=until,
            timeout=0 if check_mode else timeout,
            interval=interval,
        )
        verdict = wait.run()
    result = {
        "peerings": list(verdict.records),
        "until": until,
        "stopped": "check_mode" if check_mode else verdict.reason,
        "deadline": deadline.isoformat(timespec="seconds"),
        "interval": interval,
        "elapsed": round(verdict.elapsed, 1),
        "looks": verdict.looks,
    }
    if verdict.reason != waiting.REACHED and not check_mode:
        result.update(failed=True, msg=waiting.explain(verdict, until))
    return result


def _watches(params: Mapping[str, Any], client: Client) -> list[waiting.Watch]:
    """Return the connections to wait for, by project."""
    connections, projects = params["connections"], Projects(client)
    projects.learn(connections)
    wanted = [declare(PEERING, one, projects.id_of_part(one, params), complete=False) for one in connections]
    members: dict[str, list[int]] = {}
    for number, one in enumerate(wanted):
        members.setdefault(one.project_id, []).append(number)
    return [_watch(numbers, [wanted[number] for number in numbers], Peers(client)) for numbers in members.values()]


def _watch(numbers: Sequence[int], wanted: Sequence[Wanted], peers: Peers) -> waiting.Watch:
    def look() -> list[Record]:
        found = peers.look(wanted)
        return [match(one, found) or one.absent for one in wanted]

    return waiting.Watch(numbers, [{**one.absent, "phase": PENDING} for one in wanted], look)
