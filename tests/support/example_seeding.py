# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an example presumes to exist in Atlas, read from the example itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from simulator import Simulator
from support.documented_examples import PREFIX
from support.tasks import CLOUDS, camel_case, fields

PROJECT_ID, PROJECT_NAME = "5f1a2b3c4d5e6f7a8b9c0d1e", "payments-production"
READERS = {f"{PREFIX}atlas_{name}" for name in ("container_info", "peering_info", "peering_report", "peering_wait")}
Mention = tuple[Mapping[str, Any], bool]


def seed(atlas: Simulator, data: Any, variables: Mapping[str, Any]) -> None:
    """Make the projects, containers and connections that an example names but does not create."""
    mentions = list(_mentions(data, variables))
    projects = {PROJECT_ID: atlas.add_project(PROJECT_NAME, PROJECT_ID, containers=False)}
    projects[PROJECT_NAME] = PROJECT_ID
    named = [*(options.get("project_name", PROJECT_NAME) for options, _exists in mentions), *_project_names(data)]
    for name in dict.fromkeys(named):
        if name not in projects:
            projects[name] = atlas.add_project(name, containers=False)
    containers: dict[Any, str] = {}
    homes = [(projects[options.get("project_name", PROJECT_NAME)], options, exists) for options, exists in mentions]
    for project_id, options, exists in homes:
        _seed_container(atlas, project_id, options, exists, containers)
    for project_id, options, exists in homes:
        _seed_peer(atlas, project_id, options, exists, containers)


def _project_names(node: Any) -> Iterator[str]:
    """Yield the names of projects that an example names, one or a list of them."""
    if isinstance(node, list):
        for item in node:
            yield from _project_names(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("project_name", "project_names"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from _project_names(value)


def _mentions(node: Any, variables: Mapping[str, Any], exists: bool = False) -> Iterator[Mention]:
    """Yield options that describe a container or a connection, and whether the example presumes that it exists."""
    if isinstance(node, str):
        variable = re.fullmatch(r"\{\{ (\w+)( \| [\w.]+)? \}\}", node)
        node = variables.get(variable[1]) if variable else None
    if isinstance(node, list):
        for item in node:
            yield from _mentions(item, variables, exists)
    elif isinstance(node, dict):
        parts = [part for part in node.values() if isinstance(part, dict)]
        exists = exists or node.get("state") == "absent" or any(part.get("tasks_from") == "report" for part in parts)
        if _cloud(node):
            yield node, exists
        for key, value in node.items():
            if not key.startswith("amazon."):
                yield from _mentions(value, variables, exists or key in READERS)


def _cloud(options: Mapping[str, Any]) -> str | None:
    """Return the cloud that options speak of."""
    named = [cloud for cloud in CLOUDS if set(fields(cloud)) & set(options)]
    return options.get("provider_name") or next(iter(named), None)


def _key(project_id: str, options: Mapping[str, Any]) -> Any:
    region = options.get("container_region", options.get("region"))
    spelled = region and region.upper().replace("-", "_")
    return project_id, _cloud(options), options.get("container_id") or spelled


def _seed_container(
    atlas: Simulator, project_id: str, options: Mapping[str, Any], exists: bool, known: dict[Any, str]
) -> None:
    key = _key(project_id, options)
    _project, cloud, place = key
    creates = "atlas_cidr_block" in options and not exists
    templated = place is not None and "{{" in place
    if creates or templated or key in known or (place is None and (cloud != "GCP" or "peer_id" in options)):
        return
    by_id = "container_id" in options
    region = options.get("accepter_region_name") if by_id else place
    known[key] = atlas.add_container(
        project_id,
        cloud,
        region and region.upper().replace("-", "_"),
        options.get("atlas_cidr_block", f"10.{200 + len(known)}.0.0/{18 if cloud == 'GCP' else 21}"),
        provisioned=options.get("state") != "absent",
        container_id=place if by_id else None,
    )


def _seed_peer(
    atlas: Simulator, project_id: str, options: Mapping[str, Any], exists: bool, known: Mapping[Any, str]
) -> None:
    cloud, peer_id = _cloud(options), options.get("peer_id")
    given = {camel_case(name): options[name] for name in fields(cloud) if name in options}
    if peer_id is None and not (exists and given):
        return
    given = {} if peer_id else given
    there = {"id": peer_id, "containerId": known.get(_key(project_id, options))}
    atlas.add_peer(project_id, cloud, status="AVAILABLE", **there, **given)
