# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trying and counting examples, and the texts that are worth trying."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Callable

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from support.examples import EVERYTHING

CountCases = Callable[[str, int, int], None]

#: Texts that have harmed programs: escapes of terminals, templates, other types, separators, nothing, very much.
HOSTILE_TEXTS = st.sampled_from(
    [
        "\x1b[31mred\x1b[0m",
        "\x1b]0;title\x07",
        "\x9b2J",
        "a\rb\nc\td\x00e\x7f",
        "\u202egnp.exe",
        "{{ 7 * 7 }}",
        "{% raw %}{{ lookup('pipe', 'id') }}",
        "{0.__class__} {state} {}",
        "%(a)s %s %n",
        "!unsafe &a *a",
        "null",
        "../../etc/passwd",
        "a,b:c d",
        "' \" ` $(id) ; rm -rf /",
        "<script>alert(1)</script>&amp;",
        "]]><svg onload=alert(1)>",
        "ﬀ\u0130ß\U0001f980",
        "\ud800",
        " ",
        "",
        "x" * 9_000,
    ]
)
TEXTS = HOSTILE_TEXTS | st.text(max_size=40)
NUMBERS = st.sampled_from([0, -1, 1, 2**31, 2**63, -(2**63), 10**400]) | st.integers()
#: Values of any type that JSON or YAML can hold.
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
#: What no sentence for people contains.
UNREADABLE = re.compile(r"Traceback|unexpected error|object at 0x")
#: Characters that the longest sentences have.
LONGEST = 6_000


def try_examples(count_cases: CountCases, number: int, check: Callable[..., None], **strategies: Any) -> None:
    """Call a check with many examples, or a few unless everything is to be tested, and count them."""
    tried = 0

    @settings(
        max_examples=number if EVERYTHING else number // 15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        # Finding the smallest example that fails may take minutes.
        phases=list(Phase) if EVERYTHING else [Phase.generate],
    )
    @given(**strategies)
    def run(**values: Any) -> None:
        nonlocal tried
        tried += 1
        check(**values)

    failed = 1
    try:
        run()
        failed = 0
    finally:
        count_cases("fuzz examples", tried, failed)


def check_text(text: object, lines: bool = False) -> None:
    """Check that a text for people can be read by them, on any terminal; an error may have several lines."""
    assert isinstance(text, str)
    assert (text.replace("\n", "") if lines else text).isprintable(), repr(text[:500])
    assert not UNREADABLE.search(text), text[:500]
    assert len(text) <= LONGEST, text[:500]


def check_result(result: Mapping[str, Any]) -> None:
    """Check the result of a task: its texts, its failure, and that JSON can hold it."""
    json.dumps(result)
    for text in result.get("warnings", []):
        check_text(text)
    if result.get("failed"):
        check_text(result["msg"], lines=True)
        # A sentence may be followed by how much was cut from it, or by a command.
        assert re.search(r"[.?)]$|: az ", result["msg"].rstrip()), result["msg"]
        assert result["failure"]["kind"] != "UnexpectedError", result
