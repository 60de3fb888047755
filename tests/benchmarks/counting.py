# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the requests of a run from the simulator's log, and hold them against what they must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class Miscounted(Exception):
    """A run made other requests than it may."""


@dataclass(frozen=True)
class Counts:
    """How many requests of each kind; a challenge is any request that was answered 401."""

    total: int
    tokens: int
    challenges: int
    lists: int
    lists_of_one: int  # the most lists of one project and cloud
    posts: int
    others: int


@dataclass(frozen=True)
class Expected:
    """What is to be counted; None is not looked at."""

    tokens: int | None = 1
    challenges_at_most: int = 0
    lists: int | None = 0
    lists_of_one: int | None = 1
    posts: int = 0
    others: int | None = 0


def count(exchanges: Sequence[Mapping[str, Any]]) -> Counts:
    kinds = Counter(_kind(one) for one in exchanges)
    asked = Counter((one["path"], one["query"].get("providerName")) for one in exchanges if _kind(one) == "lists")
    return Counts(
        total=len(exchanges),
        tokens=kinds["tokens"],
        challenges=kinds["challenges"],
        lists=kinds["lists"],
        lists_of_one=max(asked.values(), default=0),
        posts=kinds["posts"],
        others=kinds["others"],
    )


def _kind(exchange: Mapping[str, Any]) -> str:
    if exchange["status"] == 401:
        return "challenges"
    if exchange["kind"] == "token":
        return "tokens"
    on_peers = exchange["path"].endswith("/peers")
    return {"GET": "lists", "POST": "posts"}.get(exchange["method"], "others") if on_peers else "others"


def check(found: Counts, expected: Expected, what: str) -> None:
    """Raise Miscounted where a run made requests that it should not have made, or lacks some."""
    wrong = [
        f"{getattr(found, name)} {name} in place of {getattr(expected, name)}"
        for name in ("tokens", "lists", "posts", "others")
        if getattr(expected, name) not in (None, getattr(found, name))
    ]
    if found.challenges > expected.challenges_at_most:
        wrong.append(f"{found.challenges} challenges, more than {expected.challenges_at_most}")
    if expected.lists_of_one is not None and found.lists_of_one > expected.lists_of_one:
        wrong.append(f"{found.lists_of_one} lists of one project, more than {expected.lists_of_one}")
    if wrong:
        raise Miscounted(f"{what}: {'; '.join(wrong)}")
