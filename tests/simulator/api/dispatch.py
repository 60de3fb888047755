# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Administration API: versions, routes, membership, roles and rate limits around the operations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..domain.clouds import is_id
from ..domain.state import Project, State
from ..errors import ApiError
from ..http.authentication import Principal
from ..http.messages import Headers, Request, Response, json_response
from . import access_list, containers, groups, peers
from .pages import paginate
from .rate_limit import RateLimit
from .routing import ROOT, Call, Reply, Route, find_route

NEWEST = "2023-01-01"
VERSIONED = re.compile(r"application/vnd\.atlas\.(\d{4}-\d{2}-\d{2})\+json")
GROUP = "/groups/{groupId}"
PEERS = GROUP + "/peers"
CONTAINERS = GROUP + "/containers"
ACCESS_LIST = GROUP + "/accessList"
ROUTES = (
    Route("GET", "/orgs", groups.list_orgs),
    Route("GET", "/orgs/{orgId}", groups.get_org),
    Route("GET", "/groups", groups.list_groups),
    Route("GET", "/groups/byName/{groupName}", groups.get_group_by_name),
    Route("GET", GROUP, groups.get_group, "read_only"),
    Route("GET", PEERS, peers.list_peers, "read_only"),
    Route("POST", PEERS, peers.create_peer, "network_manager"),
    Route("GET", PEERS + "/{peerId}", peers.get_peer, "read_only"),
    Route("PATCH", PEERS + "/{peerId}", peers.update_peer, "network_manager"),
    Route("DELETE", PEERS + "/{peerId}", peers.delete_peer, "network_manager"),
    Route("GET", CONTAINERS, containers.list_containers, "read_only"),
    Route("POST", CONTAINERS, containers.create_container, "owner"),
    Route("GET", CONTAINERS + "/all", containers.list_all_containers, "read_only"),
    Route("GET", CONTAINERS + "/{containerId}", containers.get_container, "read_only"),
    Route("PATCH", CONTAINERS + "/{containerId}", containers.update_container, "owner"),
    Route("DELETE", CONTAINERS + "/{containerId}", containers.delete_container, "owner"),
    Route("GET", ACCESS_LIST, access_list.list_entries, "read_only"),
    Route("POST", ACCESS_LIST, access_list.create_entries, "network_manager"),
    Route("GET", ACCESS_LIST + "/{entryValue}", access_list.get_entry, "read_only"),
    Route("DELETE", ACCESS_LIST + "/{entryValue}", access_list.delete_entry, "network_manager"),
    Route("GET", ACCESS_LIST + "/{entryValue}/status", access_list.get_status, "read_only"),
)


class Api:
    """Answers authenticated requests."""

    def __init__(self, state: State, base_url: str) -> None:
        self.state = state
        self.base_url = base_url
        self._rate_limits = _rate_limits(state)

    def answer(self, request: Request, principal: Principal) -> Response:
        headers: dict[str, str] = {}
        try:
            version, path = _version_and_path(request)
            route, parameters = find_route(ROUTES, request.method, path)
            content_type = _content_type(version, request)
            _check_flags(request)
            _check_ids(parameters, request)
            project = self._project(route, parameters, principal)
            headers.update(self._count(route, project, request))
            self._check_role(route, project, principal)
            call = Call(self.state, request, principal, version, self.base_url, parameters, project)
            return self._render(call, route.operation(call), {**headers, "Content-Type": content_type})
        except ApiError as error:
            return render_error(error, request, headers)

    def _project(self, route: Route, parameters: Mapping[str, str], principal: Principal) -> Project | None:
        """Return the path's project, settled; refuse principals that are not its members."""
        if "groupId" not in parameters:
            return None
        project = self.state.projects.get(parameters["groupId"])
        if project is None:
            raise ApiError("GROUP_NOT_FOUND", parameters["groupId"])
        if not principal.is_member(project.id):
            raise ApiError("NOT_IN_GROUP")
        self.state.settle_project(project)
        return project

    def _count(self, route: Route, project: Project | None, request: Request) -> dict[str, str]:
        """Count the request against the rate limit of its endpoint set and return the headers that report it."""
        if project is None:
            return {}
        limits = (limit for prefix, limit in self._rate_limits.items() if route.template.startswith(prefix))
        return next((limit.take(project.id, request.path) for limit in limits), {})

    def _check_role(self, route: Route, project: Project | None, principal: Principal) -> None:
        if project is None or route.role is None:
            return
        if not principal.has_role(project.id, route.role, self.state.settings.manager_may_read):
            raise ApiError(self.state.settings.role_error)

    def _render(self, call: Call, reply: Reply, headers: dict[str, str]) -> Response:
        if reply.status == 204:
            return Response(204, headers=Headers(headers))
        content = paginate(reply.content, call.request, self.base_url) if reply.page else reply.content
        if call.request.flag("envelope"):
            content = {**content, "status": reply.status} if reply.page else _envelope(reply.status, content)
        return json_response(reply.status, content, headers, call.request.flag("pretty"))


def _rate_limits(state: State) -> dict[str, RateLimit]:
    """Return the rate limits by the beginning of the paths that share one."""
    settings = state.settings
    peering = RateLimit(settings.rate_capacity, settings.rate_refill, settings.rate_seconds, state.clock)
    access = RateLimit(
        settings.access_list_rate_capacity, settings.access_list_rate_refill, settings.rate_seconds, state.clock
    )
    return {PEERS: peering, CONTAINERS: peering, ACCESS_LIST: access}


def _envelope(status: int, content: Any) -> dict[str, Any]:
    return {"status": status, "content": content}


def render_error(error: ApiError, request: Request, headers: Mapping[str, str] | None = None) -> Response:
    content = error.body()
    if request.flag("envelope"):
        content = _envelope(error.status, content)
    every = {**(headers or {}), "X-Error-Code": error.code, **error.headers}
    return json_response(error.status, content, every, request.flag("pretty"))


def _version_and_path(request: Request) -> tuple[str, str]:
    found = ROOT.fullmatch(request.path)
    if found is None:
        raise ApiError("RESOURCE_NOT_FOUND", request.path)
    return found[1], found[2] or ""


def _content_type(version: str, request: Request) -> str:
    """Return the response's media type; refuse an Accept without a known version and bodies other than JSON."""
    sent = request.headers.get("Content-Type", "application/json").partition(";")[0].strip().lower()
    if request.body and sent != "application/json" and VERSIONED.fullmatch(sent) is None:
        raise ApiError("UNSUPPORTED_MEDIA_TYPE", sent)
    if version == "v1.0":
        return "application/json"
    if not any(_is_known(text) for text in VERSIONED.findall(request.headers.get("Accept", ""))):
        raise ApiError("INVALID_VERSION_DATE")
    return f"application/vnd.atlas.{NEWEST}+json;charset=utf-8"


def _check_flags(request: Request) -> None:
    for name in ("envelope", "includeCount", "pretty"):
        if request.query.get(name, "true").lower() not in ("true", "false"):
            raise ApiError("INVALID_QUERY_PARAMETER", name)


def _is_known(text: str) -> bool:
    """Whether it is a date on or after that of the only version."""
    try:
        return date.fromisoformat(text) >= date.fromisoformat(NEWEST)
    except ValueError:
        return False


def _check_ids(parameters: Mapping[str, str], request: Request) -> None:
    if not all(is_id(value) for name, value in parameters.items() if name.endswith("Id")):
        raise ApiError("PATH_PARAM_PARSE_ERROR", request.path)
