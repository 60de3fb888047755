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

#: Pages of one list: a hundred thousand results, and an end where each page names another one.
_MOST_PAGES = 200

_ID = re.compile(r"[0-9a-f]{24}")


def identified(answer: Answer, operation: str, writes: bool = False, **expected: str) -> Answer:
    """Return a resource that has an id, and the fields that were asked for.

    Args:
        answer: What came.
        operation: What was tried, to follow "Could not".
        writes: Whether the request was to change something.
        expected: Fields of the answer and what they must be; upper and lower case are the same.

    Raises:
        TransportError: It is something else.
    """
    if not _is_id(answer.get("id")):
        raise unreadable(operation, "no id in it", writes)
    for name, value in expected.items():
        said = answer.get(name)
        if not isinstance(said, str) or said.casefold() != value.casefold():
            raise unreadable(operation, f"another {name} in it", writes)
    return answer


def resources(page: Answer, operation: str) -> list[dict[str, Any]]:
    """Return the results of one page of a list, each of which has an id. Raises TransportError where it is none."""
    results = _objects(page.get("results"))
    if results is None or not all(_is_id(result.get("id")) for result in results):
        raise unreadable(operation, "no list of resources in it")
    return results


class Listing:
    """The results of a list, page by page, each of them once.

    Args:
        operation: What was tried, to follow "Could not".
    """

    def __init__(self, operation: str) -> None:
        self._doing = operation
        self._found: dict[str, dict[str, Any]] = {}
        self._counts: set[int] = set()
        self._pages = 0

    @property
    def results(self) -> list[dict[str, Any]]:
        return list(self._found.values())

    @property
    def has_moved(self) -> bool:
        """Whether it shrank or grew between two pages, so that a result may have slipped through."""
        return len(self._counts) > 1

    def add(self, page: Answer) -> bool:
        """Add a page and tell whether there is another one. Raises TransportError where it is no page of this list."""
        results = resources(page, self._doing)
        known, was_whole = len(self._found), self._is_whole
        self._count(page)
        self._found.update({result["id"]: result for result in results})
        self._pages += 1
        is_new = len(self._found) > known
        has_next = self._has_next(page, is_new)
        if results and has_next:
            self._go_on(is_new, was_whole)
            return True
        least = min(self._counts, default=0)
        if len(self._found) < least:
            raise unreadable(self._doing, f"{len(self._found)} results where totalCount says {least}")
        return False

    @property
    def _is_whole(self) -> bool:
        """Whether there are as many as the largest number that was said; not known where none was."""
        return bool(self._counts) and len(self._found) >= max(self._counts)

    def _count(self, page: Answer) -> None:
        """Take note of how many results there are, where the page says so."""
        if "totalCount" not in page:
            return
        total = page["totalCount"]
        if not is_number(total) or total < 0 or (total == 0 and self._found):
            raise unreadable(self._doing, f"{total!r} in totalCount")
        self._counts.add(total)

    def _has_next(self, page: Answer, is_new: bool) -> bool:
        """Tell whether a page that has results has a successor; one that does not say so may have."""
        if page.get("links") is None:
            return is_new and not self._is_whole
        links = _objects(page["links"])
        if links is None:
            raise unreadable(self._doing, "no links in links")
        return any(link.get("rel") == "next" for link in links)

    def _go_on(self, is_new: bool, was_whole: bool) -> None:
        """Raise TransportError where the list goes on without an end."""
        if not is_new:
            raise unreadable(self._doing, "a page that repeats another")
        if was_whole:
            raise unreadable(self._doing, f"more pages than {max(self._counts)} results have")
        if self._pages >= _MOST_PAGES:
            raise unreadable(self._doing, f"more than {_MOST_PAGES} pages")


def _objects(value: Any) -> list[dict[str, Any]] | None:
    """Return a list of objects as it is, None for anything else."""
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else None


def is_number(value: Any) -> bool:
    """Tell whether this is a whole number, which true and false are to Python too."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None
