# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of one account by itself: what is read from it, and who holds its lock."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import Token, TokenCache
from support.clock import Clock


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> TokenCache:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return TokenCache("https://x", "id", "secret")


def test_entry_has_one_holder_at_a_time(cache: TokenCache, clock: Clock) -> None:
    with cache.locked(0) as first:
        assert first
        with cache.locked(0.05) as second:
            assert second is None
    assert sum(clock.pauses) == pytest.approx(0.06), "it is tried until the time has passed"
    with cache.locked(0) as third:
        assert third


def test_entry_is_waited_for(cache: TokenCache, clock: Clock) -> None:
    with ExitStack() as holding:
        holding.enter_context(cache.locked(0))
        clock.on_sleep = lambda: holding.close() if len(clock.pauses) == 2 else None
        with cache.locked(1) as entry:
            assert entry
            assert len(clock.pauses) == 2
            with cache.locked(0) as other:
                assert other is None, "what is waited for is locked, too"


@pytest.mark.parametrize(
    "change",
    [
        lambda content: {**content, "proof": "other"},
        lambda content: {**content, "proof": 5},
        lambda content: {**content, "more": 1},
        lambda content: {name: value for name, value in content.items() if name != "proof"},
        lambda content: {name: value for name, value in content.items() if name != "value"},
        lambda content: [],
        lambda content: None,
        lambda content: "proof",
    ],
)
def test_content_that_was_not_written_by_the_cache_is_not_read(
    tmp_path: Path, cache: TokenCache, clock: Clock, change: Any
) -> None:
    token = Token("x", clock.time() + 3600)
    with cache.locked(0) as entry:
        assert entry
        entry.write(token)
        assert entry.read() == token
        (path,) = tmp_path.glob("*/*.json")
        content = json.loads(path.read_text())
        assert content == {**asdict(token), "proof": entry.proof}
        path.write_text(json.dumps(change(content)))
        assert entry.read() is None
