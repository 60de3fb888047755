# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects as the hosts of an inventory: which of them, with what variables, under what names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.errors import ApiError, InputError, unreadable

#: The variables of one project's host.
Project = dict[str, Any]

#: Names that mean something else to Ansible, or that the name and id of another project might become.
_TAKEN = re.compile(r"all|ungrouped|localhost|.*_[0-9a-f]{24}")


def look(client: Client) -> list[Project]:
    """Return all projects that the client can see, as variables of hosts, sorted by name."""
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
    """Tell whether this is a project: it has a name and an organization, and its tags are tags."""
    tags = group.get("tags") or []
    return all(isinstance(group.get(name), str) for name in ("name", "orgId")) and (
        isinstance(tags, list) and all(_is_tag(tag) for tag in tags)
    )


def _is_tag(tag: Any) -> bool:
    return isinstance(tag, dict) and isinstance(tag.get("key"), str) and "value" in tag


def _organizations(client: Client) -> dict[str, Any]:
    """Return the names of the organizations by id, none where the client may not list them."""
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


def choose(projects: Sequence[Project], org_id: str, patterns: Sequence[Any], tags: Mapping[str, Any]) -> list[Project]:
    """Return the projects that pass all filters. Raises InputError where one makes no sense."""
    refused = [pattern[1:] for pattern in map(str, patterns) if pattern.startswith("!")]
    desired = [pattern for pattern in map(str, patterns) if not pattern.startswith("!")] or ["*"]
    values = {key: _texts(key, value) for key, value in tags.items()}

    def passes(project: Project) -> bool:
        name = project["atlas_project_name"]
        return (
            org_id in ("", project["atlas_org_id"])
            and any(fnmatchcase(name, pattern) for pattern in desired)
            and not any(fnmatchcase(name, pattern) for pattern in refused)
            and all(project["atlas_tags"].get(key) in allowed for key, allowed in values.items())
        )

    return [project for project in projects if passes(project)]


def _texts(key: str, value: Any) -> list[str]:
    """Return the values that a tag may have as texts, which is what they are in Atlas, whatever YAML makes of them."""
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, (str, int, float)) for one in values):
        raise InputError(f"tags: {key} is {value!r}, but it must be a text or a list of texts.")
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]


def name_hosts(projects: Sequence[Project], others: Mapping[str, str]) -> list[str]:
    """Return a name for each project's host, unlike any other.

    Args:
        projects: The projects.
        others: Hosts of other sources, by name, with the ids of their projects.
    """
    names = [re.sub(r"^[-.]+|[^\w.-]+", "_", project["atlas_project_name"]) for project in projects]
    count = Counter(names)
    ids = [project["atlas_project_id"] for project in projects]
    return [
        f"{name}_{own}" if count[name] > 1 or others.get(name, own) != own or _TAKEN.fullmatch(name) else name
        for name, own in zip(names, ids)
    ]
