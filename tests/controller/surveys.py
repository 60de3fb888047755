# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's documented rules for surveys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .kinds import is_of

TYPES: Mapping[str, Any] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": (str, list),
    "integer": int,
    "float": (int, float),
}
KEYS = ("question_name", "question_description", "variable", "type", "required", "default", "min", "max", "choices")


def problems(spec: dict[str, Any]) -> Iterator[str]:
    """Yield each rule that a survey breaks."""
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(spec.get(name), kind):
            yield f"{name} is missing or of the wrong type"
            return
    if not spec["spec"]:
        yield "'spec' doesn't contain any items."
    variables = [question.get("variable") for question in spec["spec"]]
    yield from (f"'{one}' asked twice" for one in sorted(set(map(str, variables))) if variables.count(one) > 1)
    for question in spec["spec"]:
        yield from (f"{question.get('variable')}: {problem}" for problem in _question_problems(question))


def _question_problems(question: dict[str, Any]) -> Iterator[str]:
    yield from (f"unknown key {key}" for key in question if key not in (*KEYS, "new_question"))
    for name, of in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
        if not isinstance(question.get(name), of):
            yield f"{name} is missing or of the wrong type"
    kind = str(question.get("type"))
    if kind not in TYPES:
        yield f"no such type: {kind}"
        return
    default = question.get("default", "")
    if default != "" and not is_of(default, TYPES[kind]):
        yield "the default is of the wrong type"
        return
    yield from (f"{key} must be a whole number" for key in ("min", "max") if not is_of(question.get(key, 0), int))
    if kind in ("multiplechoice", "multiselect"):
        yield from _choice_problems(question.get("choices"), default)
    elif default != "":
        size = default if kind in ("integer", "float") else len(default)
        if not question.get("min", size) <= size <= question.get("max", size):
            yield "the default is beyond the limits"


def _choice_problems(choices: Any, default: Any) -> Iterator[str]:
    if not choices or not all(isinstance(one, str) for one in choices):
        yield "choices are missing or no texts"
        return
    chosen = default if isinstance(default, list) else default.splitlines()
    yield from (f"the default {one} is no choice" for one in chosen if one not in choices)
