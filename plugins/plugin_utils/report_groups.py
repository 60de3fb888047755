# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The connections of a drift report by project and container, as they are drawn. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.drift import MISSING, UNKNOWN

_UNKNOWN_BLOCKS = {"atlas_cidr_block": None, "declared_cidr_block": None}

Entry = Mapping[str, Any]


def group(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the projects of a report, in their order, each with its containers and their connections.

    A container that a connection names but the report lacks is missing, or unknown if the project was not read.

    Example:
        ``[{"project_id": "5f1a…", "project_name": None, "groups": [{"container": {…}, "connections": [{…}]}]}]``
    """
    projects: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {_key(one): {} for one in report["projects"]}
    for container in report["containers"]:
        groups, place = projects[_key(container)], _place(container, container["id"], container.get("region"))
        groups[place] = {"container": container, "connections": []}
    for one in report["connections"]:
        groups, place = projects[_key(one)], _place(one, one["container_id"], one["container_region"])
        found = groups.setdefault(place, {"container": _absent_container(one), "connections": []})
        found["connections"].append(one)
    return [{**one, "groups": list(projects[_key(one)].values())} for one in report["projects"]]


def _key(one: Entry) -> str:
    """Return what tells projects apart: the ID, or the name of a project that could not be found."""
    return str(one["project_id"] or one["project_name"])


def _place(one: Entry, container_id: str | None, region: str | None) -> tuple[str, ...]:
    """Return what tells containers of a project apart: the ID, or the region of one that does not exist."""
    return (container_id,) if container_id else (str(one["provider_name"]), region or "")


def _absent_container(connection: Entry) -> dict[str, Any]:
    return {
        "state": UNKNOWN if connection["state"] == UNKNOWN else MISSING,
        "provider_name": connection["provider_name"],
        "id": connection["container_id"],
        "region": connection["container_region"],
        **_UNKNOWN_BLOCKS,
    }
