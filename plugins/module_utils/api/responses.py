# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Reading responses: what one must contain before it is believed. Pure, no I/O.

Anything between here and Atlas can respond 200 with an empty object, half a list, or another resource. None of that may
be read as "it does not exist" or "it is done".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import (
    ApiError,
    TransportError,
    unreadable,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import option, shortened

if TYPE_CHECKING:
    from requests import Response

#: A decoded JSON object.
Answer = Mapping[str, Any]

#: Pages of one list: a hundred thousand results, and an end to a list whose every page links to another.
_MAX_PAGES = 200

_ID = re.compile(r"[0-9a-f]{24}")


def raise_for_error(method: str, path: str, operation: str, writes: bool, response: Response) -> None:
    """Raise an error or a redirect.

    Args:
        method: HTTP method of the request.
        path: Path of the request.
        operation: What was attempted, to follow "Could not".
        writes: Whether the request was to create, update or delete something.
        response: What came.

    Raises:
        ApiError: Atlas responded with an error.
        TransportError: It is a redirect, which is not followed.
    """
    if 300 <= response.status_code < 400:
        location = response.headers.get("Location")
        where = f" to {shortened(location)!r}" if location else ""
        raise TransportError(
            f"Could not {operation}: Atlas' address answers with a redirect{where}.",
            f"Set {option('base_url')} to the address of Atlas itself; redirects are not followed, "
            "so that credentials stay here.",
            outcome_unknown=writes,
            transient=False,
            status=response.status_code,
        )
    if response.status_code >= 400:
        content = _json(response)
        body = content if isinstance(content, dict) else {}
        raise ApiError(operation, method, path, response.status_code, body, writes, _retry_after(response))


def decode(operation: str, writes: bool, response: Response, may_be_empty: bool = False) -> dict[str, Any]:
    """Return the JSON object of a success; an empty one if there is no content and there need not be any.

    Raises:
        TransportError: It is something else.
    """
    body = {} if may_be_empty and not response.content else _json(response)
    if 200 <= response.status_code < 300 and isinstance(body, dict):
        return body
    content = (response.headers.get("Content-Type") or "no content type") if response.content else "nothing in it"
    raise unreadable(operation, f"HTTP {response.status_code}, {content}", writes, status=response.status_code)


def identified(answer: Answer, operation: str, writes: bool = False, **expected: str) -> Answer:
    """Return a resource that has an id and the expected fields.

    Args:
        answer: The decoded response.
        operation: What was attempted, to follow "Could not".
        writes: Whether the request was to create, update or delete something.
        expected: Values that fields must have, ``name="shop"``; case is ignored.

    Raises:
        TransportError: It is something else.
    """
    if object_id(answer) is None:
        raise unreadable(operation, "no id in it", writes)
    for name, value in expected.items():
        found = answer.get(name)
        if not isinstance(found, str) or found.casefold() != value.casefold():
            raise unreadable(operation, f"another {name} in it", writes)
    return answer


def object_id(answer: Answer) -> str | None:
    """Return the ID of a resource as most types of Atlas have it: 24 hexadecimal characters."""
    value = answer.get("id")
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def resources(
    page: Answer, operation: str, identify: Callable[[Answer], str | None] = object_id, writes: bool = False
) -> list[dict[str, Any]]:
    """Return the results of one page of a list, each of which has an ID.

    Args:
        page: The decoded response.
        operation: What was attempted, to follow "Could not".
        identify: Returns the ID of a result; None if it has none.
        writes: Whether the request was to create, update or delete something.

    Raises:
        TransportError: It is not such a page.
    """
    results = _objects(page.get("results"))
    if results is None or not all(map(identify, results)):
        raise unreadable(operation, "no list of resources in it", writes)
    return results


class PagedResults:
    """Collects the results of a list page by page, each of them once.

    Args:
        operation: What was attempted, to follow "Could not".
        identify: Returns the ID of a result; None if it has none.
    """

    def __init__(self, operation: str, identify: Callable[[Answer], str | None] = object_id) -> None:
        self._operation, self._identify = operation, identify
        self._found: dict[str, dict[str, Any]] = {}
        self._counts: set[int] = set()
        self._pages = 0

    @property
    def results(self) -> list[dict[str, Any]]:
        return list(self._found.values())

    @property
    def has_changed(self) -> bool:
        """Whether the list shrank or grew between two pages, so that a result may have been missed."""
        return len(self._counts) > 1

    def add(self, page: Answer) -> bool:
        """Add a page and report whether there is another one.

        Raises:
            TransportError: It is not a page of this list, or the list is incomplete or endless.
        """
        results = resources(page, self._operation, self._identify)
        # Nobody may take for an empty list what only looks like one: Atlas always sends these.
        if not (results or self._pages or "links" in page or "totalCount" in page):
            raise unreadable(self._operation, "no results, and neither links nor totalCount")
        known, was_complete = len(self._found), self._is_complete
        self._count(page)
        self._found.update({str(self._identify(result)): result for result in results})
        self._pages += 1
        is_new = len(self._found) > known
        has_next = self._has_next(page, is_new)
        if results and has_next:
            self._check_progress(is_new, was_complete)
            return True
        least = min(self._counts, default=0)
        if len(self._found) < least:
            raise unreadable(self._operation, f"{len(self._found)} results where totalCount says {least}")
        return False

    @property
    def _is_complete(self) -> bool:
        """Whether the largest totalCount is reached; False if no page states one."""
        return bool(self._counts) and len(self._found) >= max(self._counts)

    def _count(self, page: Answer) -> None:
        """Note totalCount, if the page states it."""
        if "totalCount" not in page:
            return
        total = page["totalCount"]
        if not _is_integer(total) or total < 0 or (total == 0 and self._found):
            raise unreadable(self._operation, f"{total!r} in totalCount")
        self._counts.add(total)

    def _has_next(self, page: Answer, is_new: bool) -> bool:
        """Report whether there is a page after one with results; without links there may be."""
        if page.get("links") is None:
            return is_new and not self._is_complete
        links = _objects(page["links"])
        if links is None:
            raise unreadable(self._operation, "no links in links")
        return any(link.get("rel") == "next" for link in links)

    def _check_progress(self, is_new: bool, was_complete: bool) -> None:
        """Raise TransportError if the list is endless."""
        if not is_new:
            raise unreadable(self._operation, "a page that repeats another")
        if was_complete:
            raise unreadable(self._operation, f"more pages than {max(self._counts)} results have")
        if self._pages >= _MAX_PAGES:
            raise unreadable(self._operation, f"more than {_MAX_PAGES} pages")


def _objects(value: Any) -> list[dict[str, Any]] | None:
    """Return a list of objects unchanged, None for anything else."""
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else None


def _is_integer(value: Any) -> bool:
    """Report whether a value is a JSON integer; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def _json(response: Response) -> Any:
    """Return the content decoded from JSON, whatever its content type; None if it is not JSON."""
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _retry_after(response: Response) -> float | None:
    """Return the seconds after which Atlas asks for a retry, if it does."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None
