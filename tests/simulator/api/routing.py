# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding the operation for a request; the argument and the result of an operation."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable
from urllib.parse import unquote

from ..domain.state import Project, State
from ..errors import ApiError
from ..http.authentication import Principal
from ..http.messages import Request

ROOT = re.compile(r"/api/atlas/(v2|v1\.0)(/.*)?")


@dataclass(frozen=True)
class Call:
    """One authenticated request, resolved: `path` holds the path parameters."""

    state: State
    request: Request
    principal: Principal
    version: str
    base_url: str
    path: Mapping[str, str]
    member_of: Project | None = None

    @property
    def project(self) -> Project:
        """The project of the path; only for operations below /groups/{groupId}."""
        if self.member_of is None:
            raise LookupError("no project in this path")
        return self.member_of

    def is_listed(self, created: float) -> bool:
        """Whether a list already contains what was created at that moment."""
        return self.now - created >= self.state.settings.list_lag_seconds

    @property
    def now(self) -> float:
        return self.state.clock.now()


@dataclass(frozen=True)
class Reply:
    """The result of an operation; `page`: the content is a list to be paginated."""

    content: Any
    status: int = 200
    page: bool = False


Operation = Callable[[Call], Reply]


@dataclass(frozen=True)
class Route:
    """One operation: its path and the role it needs in the project."""

    method: str
    template: str
    operation: Operation
    role: str | None = None

    def match(self, path: str) -> dict[str, str] | None:
        found = _pattern(self.template).fullmatch(path)
        return None if found is None else {name: unquote(text) for name, text in found.groupdict().items()}


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return the pattern of the paths that a template stands for."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


def find_route(routes: tuple[Route, ...], method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the route with its path parameters; literal paths stand before those with parameters."""
    allowed = []
    for route in routes:
        parameters = route.match(path.rstrip("/"))
        if parameters is not None and route.method == method:
            return route, parameters
        if parameters is not None:
            allowed.append(route.method)
    if not allowed:
        raise ApiError("RESOURCE_NOT_FOUND", path)
    raise ApiError("METHOD_NOT_ALLOWED", method, headers={"Allow": ", ".join(dict.fromkeys(allowed))})
