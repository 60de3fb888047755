# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations on projects, which the API calls groups, and on organizations."""

from __future__ import annotations

from typing import Any

from ..domain.state import Project
from ..errors import ApiError
from .routing import Call, Reply

SUB_RESOURCES = ("containers", "clusters", "databaseUsers", "peers", "processes", "whitelist")


def _links(base: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    others = [{"href": f"{base}/{name}", "rel": f"https://cloud.mongodb.com/{name}"} for name in names]
    return [{"href": base, "rel": "self"}, *others]


def _group(call: Call, project: Project, sub_resources: tuple[str, ...] = ()) -> dict[str, Any]:
    base = f"{call.base_url}/api/atlas/{call.version}/groups/{project.id}"
    return {**project.view(), "links": _links(base, sub_resources)}


def _visible(call: Call) -> list[Project]:
    return [project for project in call.state.projects.values() if call.principal.is_member(project.id)]


def list_groups(call: Call) -> Reply:
    return Reply([_group(call, project) for project in _visible(call)], page=True)


def get_group(call: Call) -> Reply:
    return Reply(_group(call, call.project, SUB_RESOURCES))


def get_group_by_name(call: Call) -> Reply:
    name = call.path["groupName"]
    found = [project for project in _visible(call) if project.name == name]
    if not found:
        raise ApiError("GROUP_NAME_NOT_FOUND", name)
    if len(found) > 1:
        raise ApiError("MULTIPLE_GROUPS")
    return Reply(_group(call, found[0], SUB_RESOURCES))


def _organizations(call: Call) -> dict[str, str]:
    """Return the names of the organizations with a project of the caller; the owner of every project sees all."""
    if call.principal.roles is None:
        return call.state.organizations
    visible = {project.org_id for project in _visible(call)}
    return {org_id: name for org_id, name in call.state.organizations.items() if org_id in visible}


def _organization(call: Call, org_id: str, name: str, sub_resources: tuple[str, ...] = ()) -> dict[str, Any]:
    base = f"{call.base_url}/api/atlas/{call.version}/orgs/{org_id}"
    shown = {"id": org_id, "isDeleted": False, "name": name, "skipDefaultAlertsSettings": False}
    return {**shown, "links": _links(base, sub_resources)}


def list_orgs(call: Call) -> Reply:
    wanted = call.request.query.get("name", "").lower()
    present = {org_id: name for org_id, name in _organizations(call).items() if name.lower().startswith(wanted)}
    return Reply([_organization(call, org_id, name) for org_id, name in present.items()], page=True)


def get_org(call: Call) -> Reply:
    org_id = call.path["orgId"]
    present = _organizations(call)
    if org_id not in present:
        raise ApiError("ORG_NOT_FOUND", org_id)
    return Reply(_organization(call, org_id, present[org_id], ("groups", "teams", "users")))
