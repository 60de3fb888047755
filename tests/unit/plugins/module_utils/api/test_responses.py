# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of Atlas: what they must be before anything reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
import requests

from ansible_collections.atlasops.network.plugins.module_utils.api import responses
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.api.responses import PagedResults

IDS = [f"{number:024x}" for number in range(500)]


def response(status: int, content: Any = b"", **headers: str) -> requests.Response:
    answer = requests.Response()
    answer.status_code = status
    answer._content = content if isinstance(content, bytes) else json.dumps(content).encode()
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_object_of_a_success_is_decoded(status: int) -> None:
    assert responses.decode("look", False, response(status, {"a": 1})) == {"a": 1}
    responses.raise_for_error("GET", "/", "look", False, response(status))


@pytest.mark.parametrize(
    ("answer", "may_be_empty", "words"),
    [
        (response(200), False, "HTTP 200, nothing in it"),
        (response(200, b" "), True, "HTTP 200, no content type"),
        (response(200, b"<html>", Content_Type="text/html"), True, "HTTP 200, text/html"),
        (response(200, [1], Content_Type="application/json"), False, "HTTP 200, application/json"),
        (response(199, {}), False, "HTTP 199"),
        (response(300, {}), False, "HTTP 300"),
    ],
)
@pytest.mark.parametrize("writes", [True, False])
def test_anything_else_is_unreadable(answer: requests.Response, may_be_empty: bool, words: str, writes: bool) -> None:
    with pytest.raises(TransportError, match=words) as failure:
        responses.decode("look", writes, answer, may_be_empty)
    assert failure.value.outcome_unknown is writes
    assert failure.value.details["status"] == answer.status_code


def test_empty_content_is_an_empty_object_if_it_may_be() -> None:
    assert responses.decode("delete it", True, response(204), may_be_empty=True) == {}


@pytest.mark.parametrize("status", [300, 302, 399])
@pytest.mark.parametrize("writes", [True, False])
def test_redirect_is_not_followed(status: int, writes: bool) -> None:
    with pytest.raises(TransportError, match=r"redirect to .https://x\.example/.") as failure:
        responses.raise_for_error("GET", "/", "look", writes, response(status, Location="https://x.example/"))
    error = failure.value
    assert (error.outcome_unknown, error.transient, error.details["status"]) == (writes, False, status)
    with pytest.raises(TransportError, match=r"answers with a redirect\."):
        responses.raise_for_error("GET", "/", "look", writes, response(status))
    assert str(error.hint).startswith("Set base_url to the address of Atlas itself")


@pytest.mark.parametrize(
    ("header", "seconds"), [({"Retry_After": "7"}, 7.0), ({"Retry_After": "soon"}, None), ({}, None)]
)
def test_error_has_its_code_and_when_to_retry(header: dict[str, str], seconds: float | None) -> None:
    with pytest.raises(ApiError) as failure:
        responses.raise_for_error("GET", "/x", "look", False, response(429, {"errorCode": "RATE"}, **header))
    assert (failure.value.status, failure.value.code) == (429, "RATE")
    assert failure.value.retry_after == seconds
    with pytest.raises(ApiError) as failure:
        responses.raise_for_error("GET", "/x", "look", False, response(400, ["no object"]))
    assert failure.value.status == 400


@pytest.mark.parametrize("answer", [{}, {"id": None}, {"id": 7}, {"id": IDS[0] + "0"}, {"id": "x" * 24}])
def test_resource_has_an_id(answer: dict[str, Any]) -> None:
    assert responses.object_id(answer) is None
    for writes in (True, False):
        with pytest.raises(TransportError, match="no id in it") as failure:
            responses.identified(answer, "look", writes)
        assert failure.value.outcome_unknown is writes
        with pytest.raises(TransportError, match="no list of resources in it") as failure:
            responses.resources({"results": [{"id": IDS[0]}, answer]}, "look", writes=writes)
        assert failure.value.outcome_unknown is writes


@pytest.mark.parametrize("name", [None, 7, "Shop 2"])
def test_resource_has_the_expected_fields(name: Any) -> None:
    answer = {"id": IDS[0], "name": name}
    with pytest.raises(TransportError, match="another name in it"):
        responses.identified(answer, "look", id=IDS[0], name="shop")
    right = {"id": IDS[0], "name": "SHOP"}
    for spelled in ("shop", "Shop", "SHOP"):
        assert responses.identified(right, "look", id=IDS[0].upper(), name=spelled) == right


@pytest.mark.parametrize("results", [None, {}, "a", [1], [{"id": IDS[0]}, None]])
def test_page_has_a_list_of_resources(results: Any) -> None:
    with pytest.raises(TransportError, match="no list of resources in it"):
        responses.resources({"results": results}, "look")
    assert responses.resources({"results": []}, "look") == []


NEXT, NO_NEXT = [{"rel": "self"}, {"rel": "next"}], [{"rel": "self"}]


def page(ids: Sequence[str], **keys: Any) -> dict[str, Any]:
    return {"results": [{"id": one} for one in ids], **keys}


@pytest.mark.parametrize(
    ("pages", "found", "has_changed"),
    [
        ([page([], links=NO_NEXT)], 0, False),
        ([page([], totalCount=0)], 0, False),
        ([page(IDS[:2], links=NO_NEXT)], 2, False),
        ([page(IDS[:2], links=NEXT), page(IDS[2:3], links=NO_NEXT)], 3, False),
        ([page(IDS[:2], links=NEXT), page([], links=NEXT)], 2, False),
        ([page(IDS[:2]), page(IDS[2:3]), page([])], 3, False),
        ([page(IDS[:2]), page(IDS[:2])], 2, False),
        ([page(IDS[:2], totalCount=2)], 2, False),
        ([page(IDS[:2], totalCount=3), page(IDS[2:3], totalCount=3)], 3, False),
        ([page(IDS[:2], totalCount=3), page(IDS[1:3], totalCount=3)], 3, False),
        ([page(IDS[:2], totalCount=3), page(IDS[2:4], totalCount=4)], 4, True),
        ([page(IDS[:2], totalCount=3, links=NEXT), page([], totalCount=2, links=NO_NEXT)], 2, True),
        ([page(IDS[:2], totalCount=3, links=NEXT), page(IDS[2:3], links=NO_NEXT)], 3, False),
    ],
)
def test_pages_are_collected_to_the_last(pages: list[dict[str, Any]], found: int, has_changed: bool) -> None:
    collected = PagedResults("look")
    assert [collected.add(one) for one in pages] == [True] * (len(pages) - 1) + [False]
    assert [one["id"] for one in collected.results] == IDS[:found]
    assert collected.has_changed is has_changed


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([page(IDS[:2], totalCount=3, links=NO_NEXT)], "2 results where totalCount says 3"),
        ([page([], totalCount=1)], "0 results where totalCount says 1"),
        ([page(IDS[:2], totalCount=0)], None),
        ([page(IDS[:2], links=NEXT), page([], totalCount=0)], "0 in totalCount"),
        ([page(IDS[:2], totalCount=-1)], "-1 in totalCount"),
        ([page(IDS[:2], totalCount=True)], "True in totalCount"),
        ([page(IDS[:2], totalCount="2")], "'2' in totalCount"),
        ([page(IDS[:2], links="next")], "no links in links"),
        ([page(IDS[:2], links=[7])], "no links in links"),
        ([page(IDS[:2], links=NEXT), page(IDS[:2], links=NEXT)], "a page that repeats another"),
        ([page(IDS[:2], totalCount=2, links=NEXT), page(IDS[2:3], links=NEXT)], "more pages than 2 results have"),
    ],
)
def test_list_that_is_none_is_unreadable(pages: list[dict[str, Any]], words: str | None) -> None:
    collected = PagedResults("look")
    for one in pages[:-1]:
        assert collected.add(one)
    if words is None:
        assert not collected.add(pages[-1])
        return
    with pytest.raises(TransportError, match=words):
        collected.add(pages[-1])


def test_endless_list_ends() -> None:
    collected = PagedResults("look")
    for one in IDS[:199]:
        assert collected.add(page([one], links=NEXT))
    with pytest.raises(TransportError, match="more than 200 pages"):
        collected.add(page(IDS[199:200], links=NEXT))
