# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Whether applications reach their clusters, added to the drift report as far as Atlas alone tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Union

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.access_list_api import AccessListApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError
from ansible_collections.atlasops.network.plugins.module_utils.model import usability
from ansible_collections.atlasops.network.plugins.module_utils.model.admission import KEY
from ansible_collections.atlasops.network.plugins.module_utils.model.drift import Entry
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record

AccessList = Union[Sequence[Record], AtlasError]
#: An entry of the report, and the same connection as it exists or is declared.
Pair = tuple[Entry, Mapping[str, Any]]

_NOT_READ = AtlasError("The project was not read.")


def with_usability(client: Client, report: dict[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report with ``usable``, its own and that of each connection.

    Args:
        client: The session whose threads read the access lists.
        report: The report, in which the declared connections come first, in their order.
        params: The options of the task.
    """
    pairs = _pairs(report["connections"], params)
    members: dict[str, list[Pair]] = {}
    for pair in pairs:
        members.setdefault(pair[0]["project_id"], []).append(pair)
    read: dict[str, AccessList] = {}

    def attempt(project_id: str) -> None:
        try:
            read[project_id] = _read(client, project_id, members.get(project_id, ()))
        except AtlasError as error:
            read[project_id] = error

    client.map_concurrently(attempt, [one["project_id"] for one in report["projects"] if one["read"]])
    assessed = [
        {**entry, "usable": usability.assess(entry, connection, read.get(entry["project_id"], _NOT_READ))}
        for entry, connection in pairs
    ]
    return {**report, "connections": assessed, "usable": usability.count(assessed)}


def _pairs(entries: Sequence[Entry], params: Mapping[str, Any]) -> list[Pair]:
    named = zip_longest(entries, params["connections"], params["access_lists"] or ())
    return [(entry, {**(entry["peering"] or declared), KEY: names or None}) for entry, declared, names in named]


def _read(client: Client, project_id: str, pairs: Iterable[Pair]) -> Sequence[Record]:
    """Return the IP access list of a project; the entries that matter to its connections have their statuses."""
    api = AccessListApi(client)
    listed = api.list_all(project_id)
    needed = {one["id"] for _entry, connection in pairs for one in _covering(connection, listed)}
    return [{**one, "status": api.status(one)} if one["id"] in needed else one for one in listed]


def _covering(connection: Mapping[str, Any], listed: Sequence[Record]) -> list[Record]:
    try:
        found = [usability.covers(one, listed) for one in usability.wanted_entries(connection)]
    except InputError:
        return []
    return [one for one in found if one]
