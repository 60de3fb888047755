# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of every answer with any value: a result, or a sentence; and no text for people controls a terminal."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Callable

import pytest
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.filter.connection_lines import connection_lines
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.engine import project_hosts
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.modules import (
    atlas_access_list,
    atlas_access_list_info,
    atlas_container,
    atlas_container_info,
    atlas_peering,
    atlas_peering_export,
    atlas_peering_info,
    atlas_peering_report,
    atlas_peering_set,
)
from ansible_collections.atlasops.network.plugins.plugin_utils import wait_task
from fuzzing.examples import TEXTS, VALUES, CountCases, check_result, check_text, try_examples
from fuzzing.in_process_atlas import LocalAtlas, validate
from simulator.http.messages import Request, Response
from support.samples import CONTAINERS, NAMES, OPTIONS, PROJECT, in_api

STATUSES = st.sampled_from(
    ["AVAILABLE", "PENDING_ACCEPTANCE", "WAITING_FOR_USER", "FAILED", "TERMINATING", "DELETING", "POLISHING"]
)
#: Where in an answer something changes: a number that counts its fields, and what is there then.
CHANGES = st.lists(st.tuples(st.integers(0, 200), TEXTS | STATUSES | VALUES), min_size=1, max_size=3)
#: How many answers pass before those that are changed.
FIRST = st.integers(0, 3)
DECLARED = [{**options, "project_id": PROJECT} for options in OPTIONS.values()]
REMOVED = object()


def module(plugin: Any, *tasks: Mapping[str, Any], check_mode: bool = False) -> Callable[[LocalAtlas], list[Any]]:
    """Return an operation: a module with these tasks."""

    def operate(atlas: LocalAtlas) -> list[Any]:
        results = []
        for task in tasks:
            params, refusals = validate(plugin.SPEC, {**atlas.connection, **task})
            assert not refusals
            results.append(atlas.run(plugin, params, check_mode))
        return results

    return operate


def wait(atlas: LocalAtlas) -> list[Any]:
    lines: list[str] = []
    try:
        params = wait_task.validate({**atlas.connection, "connections": DECLARED, "wait_timeout": 3, "interval": 1})
        result = wait_task.wait(params, False, lines.append, show_names=True)
    except AtlasError as error:
        result = {"failed": True, **error.as_result()}
    for line in lines:
        check_text(line)
    return [result]


def inventory(atlas: LocalAtlas) -> list[Any]:
    try:
        with Client(parse_settings(validate({**atlas_peering_info.SPEC}, atlas.connection)[0])) as client:
            projects = project_hosts.list_projects(client)
            names = project_hosts.name_hosts(projects, {})
            assert len(set(names)) == len(names)
            assert all(names)
            project_hosts.list_connections(client, [one["atlas_project_id"] for one in projects])
    except AtlasError as error:
        return [{"failed": True, **error.as_result()}]
    return [{"changed": False}]


IDENTITY = {"provider_name": "AWS", **{name: OPTIONS["AWS"][name] for name in ("aws_account_id", "vpc_id")}}
ENTRIES = [{"cidr_block": "10.16.0.0/16"}, {"aws_security_group": "sg-0f1e2d3c4b5a69788"}]
OPERATIONS: dict[str, Callable[[LocalAtlas], list[Any]]] = {
    "set": module(atlas_peering_set, {"connections": DECLARED, "recreate_on": ["failed", "changed"]}),
    "purge": module(atlas_peering_set, {"connections": DECLARED[:1], "purge": True}),
    "delete": module(atlas_peering, {"project_id": PROJECT, **IDENTITY, "state": "absent"}),
    "info": module(atlas_peering_info, {"project_id": PROJECT}),
    "report": module(atlas_peering_report, {"connections": DECLARED[:2]}),
    "export": module(
        atlas_peering_export, {"projects": [{"project_id": PROJECT, "host": "shop"}], "path": "/no"}, check_mode=True
    ),
    "containers": module(atlas_container, *({"project_id": PROJECT, **one} for one in CONTAINERS.values())),
    "info of containers": module(atlas_container_info, {"project_id": PROJECT}),
    "access list": module(atlas_access_list, {"project_id": PROJECT, "entries": ENTRIES, "wait_timeout": 3}),
    "info of access list": module(atlas_access_list_info, {"project_id": PROJECT}),
    "wait": wait,
    "inventory": inventory,
}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a document, as what holds it and its key there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from places(inner)


def spoiled(response: Response, changes: list[tuple[int, Any]]) -> Response:
    """Return an answer with some of its fields changed, removed or added."""
    document = json.loads(response.body)
    for number, drawn in changes:
        value = copy.deepcopy(drawn)  # The next change may go into it.
        every = list(places(document))
        holder, key = every[number % len(every)] if every else (document, "more")
        if isinstance(holder, dict) and number % 7 == 0:
            holder.pop(key, None)
        elif isinstance(holder, dict) and number % 11 == 0:
            holder[f"{key}More"] = value
        else:
            holder[key] = value
    return replace(response, body=json.dumps(document).encode())


def texts_of(value: Any) -> Iterator[Any]:
    """Yield what a result says to people, at whatever depth."""
    if isinstance(value, dict):
        yield from (value[name] for name in ("next_action", "next_command", "msg", "hint") if value.get(name))
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_answers(count_cases: CountCases, local_atlas: LocalAtlas, operation: str) -> None:
    def check(first: int, status: str, error: Any, changes: list[tuple[int, Any]]) -> None:
        answers = 0

        def change(request: Request, response: Response) -> Response:
            nonlocal answers
            answers += 1
            is_spoiled = response.body and answers > first
            return spoiled(response, changes) if is_spoiled else response

        local_atlas.reset(change)
        for name in NAMES:
            local_atlas.atlas.add_peer(PROJECT, name, status, error, **in_api(name))
        for result in OPERATIONS[operation](local_atlas):
            check_result(result)
            for text in texts_of(result):
                check_text(text, lines=True)
            for line in connection_lines(result.get("peerings") or []):
                check_text(line)

    try_examples(count_cases, 400, check, first=FIRST, status=STATUSES, error=st.none() | TEXTS, changes=CHANGES)
