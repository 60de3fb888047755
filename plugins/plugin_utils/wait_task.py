# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The task atlas_peering_wait: from its options to its result."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Settings, parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.engine.declarations import validate_connections
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import project_of
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, UnexpectedError, option
from ansible_collections.atlasops.network.plugins.plugin_utils import task_options
from ansible_collections.atlasops.network.plugins.plugin_utils.peering_finder import (
    AwaitedPeering,
    PeeringFinder,
    await_peering,
)
from ansible_collections.atlasops.network.plugins.plugin_utils.project_poller import ProjectPoller
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import TARGETS, Target
from ansible_collections.atlasops.network.plugins.plugin_utils.wait_result import WaitResult
from ansible_collections.atlasops.network.plugins.plugin_utils.waiter import LAST_POLL, Waiter, WaitOptions

#: Documented in the module atlas_peering_wait. Times are in seconds.
SPEC: Mapping[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.WORKERS_SPEC,
    **options.NAMES_SPEC,
    "connections": options.CONNECTIONS_SPEC,
    "until": {"type": "str", "choices": list(TARGETS), "default": "available"},
    "wait_timeout": {"type": "int", "default": 7200},
    "interval": {"type": "float", "default": 10.0},
    "heartbeat": {"type": "float", "default": 60.0},
    "progress": {"type": "bool", "default": True},
}

# Seconds that an access token of a service account is valid:
# https://www.mongodb.com/docs/atlas/api/api-authentication/
_TOKEN_LIFETIME = 3600

# The hint, by the method of authentication, if Atlas refuses credentials that it accepted earlier in the same wait.
_HINTS_IF_REFUSED: Mapping[str, str] = {
    "access_token": (
        "The access token worked before, so it has probably expired or was revoked: it is valid for one hour from its "
        "creation and cannot be renewed here. Use a service account (client_id and client_secret) for long waits, or "
        "set a new token."
    )
}


def result_of(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the result of some work, which has failed if the work raised an error.

    Ansible would show an exception that nobody foresaw with its message, which may quote a secret.
    """
    try:
        return work()
    except AtlasError as error:
        return {"failed": True, **error.as_result()}
    except Exception as error:
        return {"failed": True, **UnexpectedError(error, in_doubt=False).as_result()}


def validate(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the task's options by their types, with defaults.

    A connection may be a result of the collection's modules; what is only a result in it is left out.

    Raises:
        InputError: An option is wrong.
    """
    if "connections" in args:
        args = {**args, "connections": task_options.without_results(args["connections"])}
    params = task_options.validate(SPEC, args)
    for name in ("wait_timeout", "interval", "heartbeat"):
        options.positive_seconds(params, name)
    return params


def wait(params: Mapping[str, Any], check_mode: bool, emit: Callable[[str], None], show_names: bool) -> dict[str, Any]:
    """Wait, and return the result of the task.

    Args:
        params: The validated options.
        check_mode: Whether to poll only once.
        emit: Prints a line of progress.
        show_names: Whether lines of progress may name connections and projects.

    Raises:
        AtlasError: An option is wrong; Atlas has not been asked.
    """
    timeout = params["wait_timeout"]
    deadline, ends_at = datetime.now(timezone.utc) + timedelta(seconds=timeout), time.monotonic() + timeout
    settings, target = parse_settings(params), TARGETS[params["until"]]
    projects = _group_by_project(params)
    wait_options = WaitOptions(
        target, timeout, params["interval"], params["heartbeat"], settings.retry_timeout, show_names, check_mode
    )
    warnings: list[str] = []
    # The next poll is the retry of the wait. A request that retried for longer, or waited after HTTP 429, would hold
    # up the other projects and the progress.
    impatient = replace(settings, retry_timeout=min(settings.retry_timeout, int(params["interval"])))
    with Client(impatient, ends_at + LAST_POLL, options.workers(params), retry_on_429=False) as client:
        parent = os.getppid()
        result = Waiter(
            pollers=[_poller(project, client, target, settings) for project in projects],
            run_concurrently=client.map_while,
            emit=emit,
            is_parent_alive=lambda: os.getppid() == parent,
            options=wait_options,
            on_first_pause=lambda: warnings.extend(_warn_of_expiry(settings, timeout, emit)),
        ).run()
    return {**_result(result, params, deadline), "warnings": warnings}


def _result(result: WaitResult, params: Mapping[str, Any], deadline: datetime) -> dict[str, Any]:
    failure = {"failed": True, **result.as_error().as_result()} if result.is_failure else {}
    return {
        "peerings": result.peerings,
        "until": params["until"],
        "stop_reason": result.stop_reason,
        "deadline": deadline.isoformat(timespec="seconds"),
        "interval": params["interval"],
        "elapsed": round(result.elapsed, 1),
        "polls": result.polls,
        **failure,
    }


def _warn_of_expiry(settings: Settings, timeout: int, emit: Callable[[str], None]) -> list[str]:
    """Return a warning if the credentials may expire during the wait, and print it: results are shown at the end."""
    if settings.credentials.method != "access_token" or timeout < _TOKEN_LIFETIME:
        return []
    text = (
        f"An access token is valid for one hour from its creation, and this wait may take up to {timeout} seconds "
        f"({option('wait_timeout')}). It fails if the token expires meanwhile; the tokens of a service account "
        "(client_id and client_secret) are renewed."
    )
    emit(f"       {text}")
    return [text]


@dataclass(frozen=True)
class _Project:
    """The connections of the task that are in one project.

    Attributes:
        options: The options that name it, ``project_id`` or ``project_name``.
        indexes: The indexes of the connections in the task's list.
        awaited: The connections.
    """

    options: Mapping[str, Any]
    indexes: list[int] = field(default_factory=list)
    awaited: list[AwaitedPeering] = field(default_factory=list)


def _group_by_project(params: Mapping[str, Any]) -> Sequence[_Project]:
    """Return the connections to wait for, by project. Raises InputError if one of them is wrong."""
    projects: dict[tuple[str, str], _Project] = {}
    validated = validate_connections(params, present=False)
    for index, ((declared, project_options), entry) in enumerate(zip(validated, params["connections"])):
        project = projects.setdefault(project_of(project_options), _Project(project_options))
        project.indexes.append(index)
        project.awaited.append(await_peering(declared, entry))
    return list(projects.values())


def _poller(project: _Project, client: Client, target: Target, settings: Settings) -> ProjectPoller:
    project_id = project_of(project.options)[0] or None
    unseen = [{**one.complete(None), "project_id": project_id, "phase": None} for one in project.awaited]
    finder = PeeringFinder(client, project.options, project.awaited, wait_for_containers=not target.is_absence)
    hint = _HINTS_IF_REFUSED.get(settings.credentials.method)
    return ProjectPoller(project.indexes, unseen, finder.find, target, hint)
