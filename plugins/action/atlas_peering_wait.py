# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the wait on the controller: one process for all connections, with lines that appear while it runs."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, Callable

from ansible import constants
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
from ansible_collections.atlasops.network.plugins.module_utils.projects import Projects, of_part
from ansible_collections.atlasops.network.plugins.module_utils.store import Peers
from ansible_collections.atlasops.network.plugins.module_utils.wording import NAMES_SPEC, calling, option
from ansible_collections.atlasops.network.plugins.plugin_utils import task_options

SPEC: dict[str, Any] = {
    **arguments.CONNECTION_SPEC,
    **arguments.PROJECT_SPEC,
    **arguments.WORKERS_SPEC,
    **NAMES_SPEC,
    "connections": arguments.CONNECTIONS_SPEC,
    "until": {"type": "str", "choices": list(waiting.GOALS), "default": "available"},
    "wait_timeout": {"type": "int", "default": 3600},
    "interval": {"type": "float", "default": 10.0},
    "heartbeat": {"type": "float", "default": 60.0},
    "progress": {"type": "bool", "default": True},
}


class ActionModule(ActionBase):
    """See the documentation of the module of the same name."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        names = self._task.args.get("option_names")
        with self._environment(), calling(names if isinstance(names, Mapping) else None):
            try:
                params = _validate(self._task.args)
                say = _sayer(task_vars or {}) if params["progress"] else _say_nothing
                result.update(_wait(params, self._task.check_mode, say, names=not self._task.no_log))
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
    params = task_options.validate(SPEC, args)
    for name in ("wait_timeout", "interval", "heartbeat"):
        if params[name] <= 0:
            raise InputError(f"{option(name)} is {params[name]}, but it must be more than 0 (seconds).")
    return params


def _sayer(task_vars: Mapping[str, Any]) -> Callable[[str], None]:
    """Return what prints a line; where several hosts wait at once, a line names its own.

    What a callback writes to stdout for programs to read, as ansible.posix.json does, is left in one piece.
    """
    hosts = task_vars.get("ansible_play_hosts_all") or ()
    host = f"[{task_vars.get('inventory_hostname')}] " if len(hosts) > 1 else ""
    callback = str(constants.config.get_config_value("DEFAULT_STDOUT_CALLBACK"))
    stderr = callback.rpartition(".")[2].startswith("json")
    return lambda line: Display().display(f"{host}{line}", stderr=stderr)


def _say_nothing(_line: str) -> None:
    """Keep a line of progress to oneself."""


def _wait(params: Mapping[str, Any], check_mode: bool, say: Callable[[str], None], names: bool) -> dict[str, Any]:
    """Wait and return the task's result. In check mode look once. Lines of progress give names where they may."""
    until, timeout, interval = params["until"], params["wait_timeout"], params["interval"]
    deadline = datetime.now(timezone.utc) + timedelta(seconds=timeout)
    settings, workers = arguments.settings(params), arguments.workers(params)
    with Client(settings, workers=workers) as client:
        wanted = _wanted(params, Projects(client))
    terms = waiting.Terms(until, timeout, interval, params["heartbeat"], settings.retry_timeout, names)
    if check_mode:
        terms = replace(terms, timeout=0, patience=0)
    # Where one project is in trouble or asked too often, the others are looked at all the same, and lines are printed:
    # the wait itself tries again, and no request does for longer than the pause between two looks.
    hasty = replace(settings, retry_timeout=min(settings.retry_timeout, int(interval)))
    with Client(hasty, time.monotonic() + timeout, workers, outlives_429=False) as client:
        parent = os.getppid()
        wait = waiting.Wait(
            watches=_watches(wanted, client),
            each=client.each,
            say=say,
            alive=lambda: os.getppid() == parent,
            terms=terms,
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


def _wanted(params: Mapping[str, Any], projects: Projects) -> list[Wanted]:
    """Return the connections to wait for."""
    connections = [(one, of_part(one, params)) for one in params["connections"]]
    projects.learn(arguments.project(home)[1] for _one, home in connections)
    return [declare(PEERING, one, projects.id_of(home), complete=False) for one, home in connections]


def _watches(wanted: Sequence[Wanted], client: Client) -> list[waiting.Watch]:
    """Return them by project."""
    members: dict[str, list[int]] = {}
    for number, one in enumerate(wanted):
        members.setdefault(one.project_id, []).append(number)
    return [_watch(numbers, [wanted[number] for number in numbers], Peers(client)) for numbers in members.values()]


def _watch(numbers: Sequence[int], wanted: Sequence[Wanted], peers: Peers) -> waiting.Watch:
    def look() -> list[Record]:
        found = peers.look(wanted)
        return [match(one, found) or one.absent for one in wanted]

    return waiting.Watch(numbers, [{**one.absent, "phase": PENDING} for one in wanted], look)
