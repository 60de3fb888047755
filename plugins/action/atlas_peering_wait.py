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

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.option_names import NAMES_SPEC, calling, option
from ansible_collections.atlasops.network.plugins.plugin_utils import peering_finder, task_options, waiter
from ansible_collections.atlasops.network.plugins.plugin_utils.progress import TARGETS
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import ProjectPoller

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.WORKERS_SPEC,
    **NAMES_SPEC,
    "connections": options.CONNECTIONS_SPEC,
    "until": {"type": "str", "choices": list(TARGETS), "default": "available"},
    "wait_timeout": {"type": "int", "default": 7200},
    "interval": {"type": "float", "default": 10.0},
    "heartbeat": {"type": "float", "default": 60.0},
    "progress": {"type": "bool", "default": True},
}

_TOKEN_LIFE = 3600  # seconds, of an access token from its creation on

# What to do about credentials that worked, and that Atlas refuses later in the same wait.
_REFUSED_LATER = {
    "access_token": (
        "The access token worked before, so it has probably run out, or was revoked: it lives for an hour from its "
        "creation, and cannot be renewed here. Use a service account (client_id and client_secret) for long waits, "
        "or take another token."
    )
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
    deadline, ends_at = datetime.now(timezone.utc) + timedelta(seconds=timeout), time.monotonic() + timeout
    settings, workers = options.settings(params), options.workers(params)
    members = _by_project(params)
    terms = waiter.WaitOptions(until, timeout, interval, params["heartbeat"], settings.retry_timeout, names, check_mode)
    warnings: list[str] = []
    # Where one project is in trouble or asked too often, the others are looked at all the same, and lines are printed:
    # the wait itself tries again, and no request does for longer than the pause between two looks.
    hasty = replace(settings, retry_timeout=min(settings.retry_timeout, int(interval)))
    with Client(hasty, ends_at + waiter.LAST_LOOK, workers, outlives_429=False) as client:
        parent = os.getppid()
        watches = [_watch(numbers, home, sought, client, until, settings) for home, numbers, sought in members]
        verdict = waiter.Waiter(
            watches=watches,
            each=client.each_while,
            say=say,
            alive=lambda: os.getppid() == parent,
            terms=terms,
            lasting=lambda: warnings.extend(_warn(settings, timeout, say)),
        ).run()
    result = {
        "peerings": verdict.peerings,
        "until": until,
        "stopped": verdict.reason,
        "deadline": deadline.isoformat(timespec="seconds"),
        "interval": interval,
        "elapsed": round(verdict.elapsed, 1),
        "looks": verdict.looks,
        "warnings": warnings,
    }
    if verdict.is_failure:
        result.update(failed=True, **verdict.as_error().as_result())
    return result


def _warn(settings: options.Settings, timeout: int, say: Callable[[str], None]) -> list[str]:
    """Warn of credentials that the wait may outlast, and return the warnings: results are shown only at the end."""
    if settings.credentials.method != "access_token" or timeout < _TOKEN_LIFE:
        return []
    text = (
        f"An access token lives for an hour from its creation, and this wait may take up to {timeout} seconds "
        f"({option('wait_timeout')}). It fails if the token runs out on the way; a service account (client_id and "
        "client_secret) has its tokens renewed."
    )
    say(f"       {text}")
    return [text]


def _by_project(
    params: Mapping[str, Any],
) -> list[tuple[Mapping[str, Any], list[int], list[peering_finder.AwaitedPeering]]]:
    """Return the connections to wait for, by project: the options that say it, their numbers, and themselves."""
    projects: dict[tuple[str, str], tuple[Mapping[str, Any], list[int], list[peering_finder.AwaitedPeering]]] = {}
    checked = fleet.validate_connections(params, present=False)
    for number, ((declared, home), entry) in enumerate(zip(checked, params["connections"])):
        _home, numbers, sought = projects.setdefault(options.project(home), (home, [], []))
        numbers.append(number)
        sought.append(peering_finder.seek(declared, entry))
    return list(projects.values())


def _watch(
    numbers: Sequence[int],
    home: Mapping[str, Any],
    sought: Sequence[peering_finder.AwaitedPeering],
    client: Client,
    until: str,
    settings: options.Settings,
) -> ProjectPoller:
    project_id = options.project(home)[0] or None
    unseen = [{**one.seen(None), "project_id": project_id, "phase": None} for one in sought]
    look = peering_finder.PeeringFinder(client, home, sought, may_come=until != "absent").look
    return ProjectPoller(numbers, unseen, look, _REFUSED_LATER.get(settings.credentials.method))
