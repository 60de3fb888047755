# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a digest that was used up by retries says when time runs out."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from requests.auth import HTTPDigestAuth
from requests.exceptions import RetryError

from ansible_collections.atlasops.network.plugins.module_utils.api.auth import ApiKey
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials


def refused(*history: Any, deadline: float = 0.0) -> Any:
    """Return an answer 401 to a request that had been tried before."""
    return SimpleNamespace(
        status_code=401,
        raw=SimpleNamespace(retries=SimpleNamespace(history=history, deadline=deadline)),
        close=lambda: None,
    )


def key() -> ApiKey:
    return ApiKey(Credentials("api_key", {"public_key": "simulatr", "private_key": "x"}), lambda *credentials: {})


@pytest.mark.parametrize(("status", "said"), [(503, "HTTP 503"), (None, "broken connections")])
def test_used_nonce_after_deadline_reports_first_cause(
    status: int | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = refused(SimpleNamespace(status=status), deadline=time.monotonic() - 1)
    monkeypatch.setattr(HTTPDigestAuth, "handle_401", lambda self, r, **kwargs: answer)
    with pytest.raises(RetryError, match=said):
        key().handle_401(answer)


def test_challenge_refused_at_once_returns_response(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = refused()
    monkeypatch.setattr(HTTPDigestAuth, "handle_401", lambda self, r, **kwargs: answer)
    assert key().handle_401(answer) is answer
