# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pagination of lists, with links to the neighbouring pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from ..errors import ApiError
from ..http.messages import Request

MAXIMUM = 500


def _number(request: Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    try:
        return int(text) if text else default
    except ValueError:
        raise ApiError("INVALID_QUERY_PARAMETER", name) from None


def paginate(items: list[dict[str, Any]], request: Request, base_url: str) -> dict[str, Any]:
    """Return the requested page; page numbers and sizes out of range are clamped."""
    number = max(1, _number(request, "pageNum", 1))
    size = min(MAXIMUM, max(1, _number(request, "itemsPerPage", 100)))
    counted = request.flag("includeCount", default=True)
    others = {name: value for name, value in request.query.items() if name not in ("pageNum", "itemsPerPage")}

    def link(relation: str, page: int) -> dict[str, str]:
        query = {"includeCount": str(counted).lower(), **others, "pageNum": page, "itemsPerPage": size}
        return {"href": f"{base_url}{request.path}?{urlencode(query)}", "rel": relation}

    links = [link("self", number)]
    if number > 1:
        links.append(link("previous", number - 1))
    if number * size < len(items):
        links.append(link("next", number + 1))
    page = {"links": links, "results": items[(number - 1) * size : number * size]}
    return {**page, "totalCount": len(items)} if counted else page
