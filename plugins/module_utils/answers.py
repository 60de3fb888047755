# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer of Atlas must hold before anybody acts on it. Pure, no I/O.

Whatever stands between here and Atlas can answer 200 with anything: an empty object, half a list, somebody else's
resource. None of that may read as "there is none" or as "it is done".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import unreadable

Answer = Mapping[str, Any]

_ID = re.compile(r"[0-9a-f]{24}")


def identified(answer: Answer, doing: str, writes: bool = False, **expected: str) -> Answer:
    """Return a resource that has an id, and the fields that were asked for.

    Args:
        answer: What came.
        doing: What was tried, to follow "Could not".
        writes: Whether the request was to change something.
        expected: Fields of the answer and what they must be; upper and lower case are the same.

    Raises:
        TransportError: It is something else.
    """
    if not _is_id(answer.get("id")):
        raise unreadable(doing, "no id in it", writes)
    for name, value in expected.items():
        if str(answer.get(name)).casefold() != value.casefold():
            raise unreadable(doing, f"another {name} in it", writes)
    return answer


class Listing:
    """The results of a list, page by page, each of them once.

    Args:
        doing: What was tried, to follow "Could not".
        page_size: How many results were asked for at once.
    """

    def __init__(self, doing: str, page_size: int) -> None:
        self._doing, self._page_size = doing, page_size
        self._found: dict[str, dict[str, Any]] = {}
        self._least = 0
        self._is_counted = False

    @property
    def results(self) -> list[dict[str, Any]]:
        return list(self._found.values())

    def add(self, page: Answer) -> bool:
        """Add a page and tell whether there is another one. Raises TransportError where it is no page of this list."""
        results = _objects(page.get("results"))
        if results is None or not all(_is_id(result.get("id")) for result in results):
            raise unreadable(self._doing, "no list of resources in it")
        self._count(page)
        known = len(self._found)
        self._found.update({result["id"]: result for result in results})
        has_next = self._has_next(page, len(results))
        if results and has_next:
            if len(self._found) == known:
                raise unreadable(self._doing, "a page that repeats another")
            return True
        if len(self._found) < self._least:
            raise unreadable(self._doing, f"{len(self._found)} results where totalCount says {self._least}")
        return False

    def _count(self, page: Answer) -> None:
        """Take note of how many results there are, where the page says so.

        A list may shrink or grow between two pages. All that is certain then is that there are as many as the smallest
        number that was said: what goes moves the others up, and what comes makes the next page repeat some.
        """
        if "totalCount" not in page:
            return
        total = page["totalCount"]
        if not is_number(total) or total < 0 or (total == 0 and self._found):
            raise unreadable(self._doing, f"{total!r} in totalCount")
        self._least = min(self._least, total) if self._is_counted else total
        self._is_counted = True

    def _has_next(self, page: Answer, length: int) -> bool:
        if page.get("links") is None:
            return length >= self._page_size
        links = _objects(page["links"])
        if links is None:
            raise unreadable(self._doing, "no links in links")
        return any(link.get("rel") == "next" for link in links)


def _objects(value: Any) -> list[dict[str, Any]] | None:
    """Return a list of objects as it is, None for anything else."""
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else None


def is_number(value: Any) -> bool:
    """Tell whether this is a whole number, which true and false are to Python too."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None
