# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Projects as the hosts of an inventory: read, filtered, named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, unreadable
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError

#: A project, as the variables of its host: ``{"atlas_project_id": "5f1a…", "atlas_tags": {"team": "payments"}, …}``.
Project = dict[str, Any]

#: Names that mean something else to Ansible, or nothing, or that another project might get, whose id follows its name.
_RESERVED = re.compile(r"|all|ungrouped|localhost|127\.0\.0\.1|.*_[0-9a-f]{24}")


def list_projects(client: Client) -> list[Project]:
    """Return all projects that the credentials can see, sorted by name.

    Raises:
        AtlasError: Atlas cannot be read, or answers with something else than projects.
    """
    operation = f"list the projects that {client.principal} can see"
    groups = client.pages("groups", operation)
    if not all(_is_project(group) for group in groups):
        raise unreadable(operation, "something else than a project in it")
    organizations = _organizations(client) if groups else {}
    return [
        {
            "atlas_project_id": group["id"],
            "atlas_project_name": group["name"],
            "atlas_org_id": group["orgId"],
            "atlas_org_name": organizations.get(group["orgId"]),
            "atlas_tags": {tag["key"]: tag["value"] for tag in group.get("tags") or []},
            "atlas_cluster_count": group.get("clusterCount"),
            "atlas_created": group.get("created"),
        }
        for group in sorted(groups, key=lambda group: (group["name"], group["id"]))
    ]


def _is_project(group: Mapping[str, Any]) -> bool:
    """Report whether an entry of the answer is a project: with a name, an organization and well-formed tags, if any."""
    tags = group.get("tags") or []
    return all(isinstance(group.get(name), str) for name in ("name", "orgId")) and (
        isinstance(tags, list) and all(_is_tag(tag) for tag in tags)
    )


def _is_tag(tag: Any) -> bool:
    return isinstance(tag, dict) and isinstance(tag.get("key"), str) and "value" in tag


def _organizations(client: Client) -> dict[str, Any]:
    """Return the names of organizations by their ids; empty if the credentials may not list them."""
    operation = "list the organizations"
    try:
        organizations = {org["id"]: org.get("name") for org in client.pages("orgs", operation)}
    except ApiError as error:
        if error.status in (401, 403):
            return {}
        raise
    if not all(isinstance(name, str) for name in organizations.values()):
        raise unreadable(operation, "something else than an organization in it")
    return organizations


def list_connections(client: Client, project_ids: Sequence[str]) -> dict[str, list[dict[str, Any]] | AtlasError]:
    """Return the connections of each project, or why it could not be read: several projects at once.

    They are normalised, without ``next_action``, which is a text for people.
    """

    def read(project_id: str) -> list[dict[str, Any]] | AtlasError:
        try:
            records = PeeringApi(client).list_all(project_id)
        except AtlasError as error:
            return error
        return [{key: value for key, value in one.items() if key != "next_action"} for one in records]

    return dict(zip(project_ids, client.map_concurrently(read, project_ids)))


def filter_projects(
    projects: Sequence[Project], org_id: str, patterns: Sequence[Any], tags: Mapping[str, Any]
) -> list[Project]:
    """Return the projects that pass all filters.

    Args:
        projects: The projects.
        org_id: Id of the only organization, or empty for all.
        patterns: Shell patterns of names to include and, with a leading ``!``, to exclude: ``["*-prod", "!test-*"]``.
        tags: The allowed values of tags, one or a list for each: ``{"environment": ["production", "dr"]}``.

    Raises:
        InputError: The value of a tag is neither a string nor a list of strings.
    """
    excluded = [pattern[1:] for pattern in map(str, patterns) if pattern.startswith("!")]
    included = [pattern for pattern in map(str, patterns) if not pattern.startswith("!")] or ["*"]
    values = {key: _tag_values(key, value) for key, value in tags.items()}

    def passes(project: Project) -> bool:
        name = project["atlas_project_name"]
        return (
            org_id in ("", project["atlas_org_id"])
            and any(fnmatchcase(name, pattern) for pattern in included)
            and not any(fnmatchcase(name, pattern) for pattern in excluded)
            and all(project["atlas_tags"].get(key) in allowed for key, allowed in values.items())
        )

    return [project for project in projects if passes(project)]


def _tag_values(key: str, value: Any) -> list[str]:
    """Return the allowed values of a tag as strings, as they are in Atlas, whatever YAML makes of ``true`` or ``1``."""
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, (str, int, float)) for one in values):
        raise InputError(f"tags: {key} is {value!r}, but it must be a string or a list of strings.")
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]


def name_hosts(projects: Sequence[Project], others: Mapping[str, str]) -> list[str]:
    """Return a name for each project's host, in their order: the project's name, with the id if it is not unique.

    Args:
        projects: The projects.
        others: The project ids of existing hosts, by host name: ``{"payments": "5f1a2b3c4d5e6f7a8b9c0d1e"}``.
    """
    names = [re.sub(r"^[-.]+|[^\w.-]+", "_", project["atlas_project_name"]) for project in projects]
    count = Counter(names)
    ids = [project["atlas_project_id"] for project in projects]
    return [
        f"{name}_{own}" if count[name] > 1 or others.get(name, own) != own or _RESERVED.fullmatch(name) else name
        for name, own in zip(names, ids)
    ]
