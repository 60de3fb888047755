# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every recorded answer of the real API through the client: a refusal is one sentence, and nothing else is an error."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from simulator import Simulator
from support.recordings import RECORDINGS, needs_recordings

pytestmark = needs_recordings


def recorded() -> list[Any]:
    """Return a test parameter for each recorded exchange, but for bare lists, which nothing here asks for."""
    found = []
    for path in sorted(RECORDINGS.glob("recorded_*.json")):
        for number, one in enumerate(json.loads(path.read_text(encoding="utf-8"))["exchanges"]):
            if not isinstance(one["response"]["body"], list):
                found.append(pytest.param(one["request"]["method"], one["response"], id=f"{path.stem} {number}"))
    return found


@pytest.mark.parametrize(("method", "response"), recorded())
def test_recorded_answer_is_read(atlas: Simulator, client: Client, method: str, response: dict[str, Any]) -> None:
    kept = ("Content-Type", "X-Error-Code")
    headers = {name: response["headers"][name] for name in kept if name in response["headers"]}
    body = b"" if response["body"] in (None, "") else json.dumps(response["body"]).encode()
    atlas.fault(method, "groups/5", status=response["status"], body=body, headers=headers)
    calls: dict[str, Callable[[], Any]] = {
        "GET": lambda: client.get("groups/5", "do it"),
        "POST": lambda: client.post("groups/5", "do it", {}),
        "PATCH": lambda: client.patch("groups/5", "do it", {}),
        "DELETE": lambda: client.delete("groups/5", "do it"),
    }
    if response["status"] < 400:
        assert calls[method]() in (response["body"], None)
        return
    with pytest.raises(ApiError) as caught:
        calls[method]()
    error = caught.value
    assert (error.status, error.code) == (response["status"], response["body"]["errorCode"])
    assert error.message.startswith(f"Could not do it: Atlas answered HTTP {error.status} {error.code}")
    assert (error.transient, error.outcome_unknown) == (False, False)
