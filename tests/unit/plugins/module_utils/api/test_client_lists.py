# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list is whole, or it is no list."""

from __future__ import annotations

import re
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api import client as client_module
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import TransportError
from simulator import Simulator

NEXT = [{"rel": "next", "href": "x"}]
ONE = {"id": "5" * 24}


def resources(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": f"{number:024x}"} for number in numbers]


def page(*numbers: int, **more: Any) -> dict[str, Any]:
    return {"results": resources(*numbers), **more}


def read(client: Client) -> list[dict[str, Any]]:
    return client.pages("orgs", "list the organizations")


def answer(atlas: Simulator, *pages: Any) -> None:
    """Let the list come as these pages, each of them once, and let nothing else come."""
    for one in pages:
        atlas.fault("GET", status=200, body=one)
    atlas.fault("GET", times=None, status=418, body={"errorCode": "ONE_MORE_WAS_ASKED_FOR"})


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PAGE_SIZE", 2)


NO_LISTS: dict[str, Any] = {
    "an empty object": {},
    "another object": {"status": "ok"},
    "results that are null": {"results": None, "links": None, "totalCount": None},
    "results that are a text": {"results": "x"},
    "results that are an object": {"results": {"id": "5" * 24}},
    "a null among them": {"results": [None]},
    "a text among them": {"results": [ONE, "x"]},
    "one without an id": {"results": [{}]},
    "one with a null for an id": {"results": [{"id": None}]},
    "one whose id is no id": {"results": [{"id": "../orgs"}]},
    "one whose id is a list": {"results": [{"id": ["5" * 24]}]},
    "links that are no links": {"results": [ONE], "links": [None]},
    "links that are a text": {"results": [ONE], "links": "next"},
    "nothing, and neither links nor a count": {"results": []},
    "fewer than are counted": {"results": [ONE], "totalCount": 7, "links": []},
    "none of those that are counted": {"results": [], "totalCount": 7},
    "a count that is no number": {"results": [], "totalCount": "0"},
    "a count that is null": {"results": [], "totalCount": None},
    "a count below nothing": {"results": [], "totalCount": -1},
    "a list": [ONE],
    "a text": "<html>Welcome</html>",
    "nothing": "",
}


@pytest.mark.parametrize("body", NO_LISTS.values(), ids=list(NO_LISTS))
def test_malformed_list_fails(atlas: Simulator, client: Client, body: Any) -> None:
    answer(atlas, body)
    with pytest.raises(TransportError) as caught:
        read(client)
    error = caught.value
    assert error.message.startswith("Could not list the organizations: the answer (")
    assert error.message.endswith(") is not the JSON that Atlas sends.")
    assert "whether a proxy or login page answers in place of Atlas" in str(error.hint)
    assert (error.outcome_unknown, error.transient) == (False, True)


LATER_PAGES: dict[str, Any] = {
    "an empty object": {},
    "a foreign empty list": {"results": [], "totalCount": 0},
    "an empty list": {"results": []},
    "the first page again": page(1, 2, totalCount=4, links=NEXT),
    "the first page again, as the last": page(1, 2, totalCount=4, links=[]),
    "too few": page(3, totalCount=4, links=[]),
}


@pytest.mark.parametrize("body", LATER_PAGES.values(), ids=list(LATER_PAGES))
def test_malformed_second_page_fails(atlas: Simulator, client: Client, body: Any) -> None:
    answer(atlas, page(1, 2, totalCount=4, links=NEXT), body)
    with pytest.raises(TransportError, match="is not the JSON that Atlas sends"):
        read(client)


AGAIN = [page(1, 2, totalCount=3, links=NEXT), page(4, totalCount=3, links=[])]
WHOLE: dict[str, tuple[list[Any], list[int]]] = {
    "nothing": ([page(totalCount=0, links=[])], []),
    "nothing, without links": ([page(totalCount=0)], []),
    "nothing, uncounted": ([page(links=[])], []),
    "one": ([page(1, totalCount=1, links=[])], [1]),
    "without links": ([page(1, totalCount=1)], [1]),
    "links that are null": ([page(1, totalCount=1, links=None)], [1]),
    "without links, several pages": ([page(1, 2, totalCount=3), page(3, totalCount=3)], [1, 2, 3]),
    "without links and count, several pages": ([page(1, 2), page(3), page()], [1, 2, 3]),
    "without links and count, smaller pages": ([page(1), page(2), page(3), page()], [1, 2, 3]),
    "without links, smaller pages": ([page(1, totalCount=3), page(2, totalCount=3), page(3, totalCount=3)], [1, 2, 3]),
    "without links, the same page for ever": ([page(1, 2), page(1, 2)], [1, 2]),
    "unknown fields": ([page(1, totalCount=1, links=[{"rel": "self"}], warnings=["x"], deprecated=None)], [1]),
    "a next page that is empty": ([page(1, 2, totalCount=2, links=NEXT), page(totalCount=2, links=[])], [1, 2]),
    "more than are counted": ([page(1, 2, totalCount=1, links=[])], [1, 2]),
    # The last but one is deleted while the first page is read.
    "one that shrinks": ([page(1, 2, totalCount=4, links=NEXT), page(4, totalCount=3, links=[]), *AGAIN], [1, 2, 4]),
    # The first is.
    "one that shrinks to a page": (
        [page(1, 2, totalCount=3, links=NEXT), page(totalCount=2, links=[]), page(2, 3, totalCount=2, links=[])],
        [2, 3],
    ),
    "one that shrinks to less": (
        [page(1, 2, totalCount=3, links=NEXT), page(totalCount=1, links=[]), page(3, totalCount=1, links=[])],
        [3],
    ),
    "one that shrinks twice": (
        [
            page(1, 2, totalCount=4, links=NEXT),
            page(4, totalCount=3, links=[]),
            page(1, 3, totalCount=3, links=NEXT),
            page(totalCount=2, links=[]),
            page(3, 4, totalCount=2, links=[]),
        ],
        [3, 4],
    ),
    # One is created before the others while the first page is read.
    "one that grows": ([page(1, 2, totalCount=3, links=NEXT), page(2, 4, totalCount=4, links=[]), *AGAIN], [1, 2, 4]),
}


@pytest.mark.parametrize(("pages", "found"), WHOLE.values(), ids=list(WHOLE))
def test_complete_list_is_returned(atlas: Simulator, client: Client, pages: list[Any], found: list[int]) -> None:
    answer(atlas, *pages)
    assert [one["id"] for one in read(client)] == [one["id"] for one in resources(*found)]


def test_list_shrinking_while_read_is_read_again(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, connect: Callable[..., Client]
) -> None:
    """With an Atlas that counts, and that really deletes one meanwhile."""
    peers = [atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE") for _number in range(5)]
    client = connect(atlas)
    ask = client._page

    def delete_after_the_first(*arguments: Any) -> dict[str, Any]:
        first = ask(*arguments)
        if len(atlas.exchanges) == 1:
            connect(atlas).delete(f"groups/{atlas.project_id}/peers/{peers[0]}", "delete it")
            atlas.advance(60)
        return first

    monkeypatch.setattr(client, "_page", delete_after_the_first)
    found = client.pages(f"groups/{atlas.project_id}/peers", "list the peers", providerName="AWS")
    assert [peer["id"] for peer in found] == peers[1:]


def test_list_that_keeps_shrinking_fails(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    asked = []

    def shrink(*arguments: Any) -> dict[str, Any]:
        asked.append(number := arguments[2])
        return page(1, 2, totalCount=3, links=NEXT) if number == 1 else page(totalCount=2, links=[])

    monkeypatch.setattr(client, "_page", shrink)
    with pytest.raises(TransportError) as caught:
        read(client)
    assert str(caught.value) == (
        "Could not list the organizations: the list changed each time while it was read. Run the task again."
    )
    assert asked == 3 * [1, 2]


@pytest.mark.parametrize(
    ("more", "pages", "said"),
    [
        ({"totalCount": 1, "links": NEXT}, 2, "more pages than 1 results have"),
        ({"totalCount": 5, "links": NEXT}, 6, "more pages than 5 results have"),
        ({"totalCount": 10**30, "links": NEXT}, 200, "more than 200 pages"),
        ({"links": NEXT}, 200, "more than 200 pages"),
        ({}, 200, "more than 200 pages"),
    ],
)
def test_endless_list_fails(
    monkeypatch: pytest.MonkeyPatch, client: Client, more: dict[str, Any], pages: int, said: str
) -> None:
    asked = []

    def go_on(*arguments: Any) -> dict[str, Any]:
        asked.append(number := arguments[2])
        assert number < 1000
        return page(number, **more)

    monkeypatch.setattr(client, "_page", go_on)
    with pytest.raises(TransportError, match=re.escape(f"the answer ({said}) is not the JSON that Atlas sends")):
        read(client)
    assert len(asked) == pages
