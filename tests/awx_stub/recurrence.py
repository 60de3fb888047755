# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's subset of iCalendar: SchedulePreviewSerializer.validate_rrule in awx/api/serializers.py."""

from __future__ import annotations

import re
from collections.abc import Iterator

START = re.compile(r"DTSTART(?:;[^:]+)?:\d+T\d+Z?")
RULE = re.compile(r"RULE:(\S*)")
#: The part of dateutil's syntax that the collection's schedules use.
PARSED = re.compile(
    r"DTSTART(;TZID=[\w/+-]+:\d{8}T\d{6}|:\d{8}T\d{6}Z)( (R|EX)RULE:[A-Z]+=[\w,+-]+(;[A-Z]+=[\w,+-]+)*)+"
)


def problems(text: str) -> Iterator[str]:
    """Yield each rule that a recurrence violates."""
    starts, rules = START.findall(text), RULE.findall(text)
    if not starts:
        yield "Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ"
    if re.search(r"DTSTART:\d+T\d+ ", text):
        yield "DTSTART cannot be a naive datetime.  Specify ;TZINFO= or YYYYMMDDTHHMMSSZZ."
    if len(starts) > 1:
        yield "Multiple DTSTART is not supported."
    if "RRULE:" not in text.upper():
        yield "One or more rule required in rrule."
    for rule in rules:
        yield from _one_rule_problems(rule)
    if not PARSED.fullmatch(text):
        yield f"rrule parsing failed validation: {text}"


def _one_rule_problems(rule: str) -> Iterator[str]:
    if "INTERVAL" not in rule.upper():
        yield f"INTERVAL required in rrule: RULE:{rule}"
    elif "SECONDLY" in rule.upper():
        yield f"SECONDLY is not supported: RULE:{rule}"
    if re.search(r"BYDAY[:=]\d+[a-zA-Z]{2}", rule):
        yield f"BYDAY with numeric prefix not supported: RULE:{rule}"
    if "COUNT" in rule and "UNTIL" in rule:
        yield f"RRULE may not contain both COUNT and UNTIL: RULE:{rule}"
    count = re.search(r"COUNT=(\d+)", rule)
    if count and int(count[1]) > 999:
        yield f"COUNT > 999 is unsupported: RULE:{rule}"
