# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's rules for the questions of a survey, and for the answers to them.

Questions: awx/api/views/__init__.py, JobTemplateSurveySpec._validate_spec_data.
Answers: awx/main/models/mixins.py, SurveyJobTemplateMixin._survey_element_validation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Question = Mapping[str, Any]

#: The type of a question's default: SURVEY_TYPE_MAPPING in awx/main/constants.py.
TYPES: Mapping[str, Any] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": (float, int),
}
HEAD: Mapping[str, tuple[type, str]] = {
    "name": (str, "string"),
    "description": (str, "string"),
    "spec": (list, "list of items"),
}
NEEDED: Mapping[str, tuple[type, str]] = {
    "type": (str, "string"),
    "question_name": (str, "string"),
    "variable": (str, "string"),
    "required": (bool, "boolean"),
}
KEYS = (*NEEDED, "question_description", "default", "min", "max", "choices", "new_question")


def problems(spec: Mapping[str, Any]) -> Iterator[str]:
    """Yield each rule that a survey violates; AWX reports only one of them."""
    for name, (kind, label) in HEAD.items():
        if name not in spec:
            yield f"Field '{name}' is missing from survey spec."
        elif not isinstance(spec[name], kind):
            yield f"Expected {label} for field '{name}', received {type(spec[name]).__name__} type."
    if not isinstance(spec.get("spec"), list):
        return
    if not spec["spec"]:
        yield "'spec' doesn't contain any items."
    seen = set()
    for number, question in enumerate(spec["spec"]):
        yield from _question_problems(number, question)
        if question.get("variable") in seen:
            yield f"'variable' '{question['variable']}' duplicated in survey question {number}."
        seen.add(question.get("variable"))


def _question_problems(number: int, question: Question) -> Iterator[str]:
    for name, (of, label) in NEEDED.items():
        if name not in question:
            yield f"'{name}' missing from survey question {number}"
        elif not isinstance(question[name], of):
            yield f"'{name}' in survey question {number} expected to be {label}."
    unknown = sorted(set(question) - set(KEYS))
    if unknown:  # stricter than AWX, which ignores them: they would never take effect
        yield f"survey question {number} has no such key: {', '.join(unknown)}"
    kind = str(question.get("type"))
    if kind not in TYPES:
        allowed = ", ".join(TYPES)
        yield f"'{kind}' in survey question {number} is not one of '{allowed}' allowed question types."
        return
    default = question.get("default", "")
    if default != "" and not isinstance(default, TYPES[kind]):
        label = kind if kind in ("integer", "float") else "string"
        yield f"Default value {default} in survey question {number} expected to be {label}."
        return
    for limit in ("min", "max"):
        if not isinstance(question.get(limit), (int, type(None))):
            yield f"The {limit} limit in survey question {number} expected to be integer."
    if kind in ("multiplechoice", "multiselect"):
        yield from _choice_problems(number, question, default)


def _choice_problems(number: int, question: Question, default: str) -> Iterator[str]:
    if "choices" not in question:
        yield f"Survey question {number} of type {question['type']} must specify choices."
        return
    chosen = lines(default)
    if question["type"] == "multiplechoice" and len(chosen) > 1:
        yield "Multiple Choice (Single Select) can only have one default value."
    if any(one not in question["choices"] for one in chosen):
        yield "Default choice must be answered from the choices listed."


def lines(text: str) -> list[str]:
    """Return the choices in a text with one choice per line."""
    return [line for line in text.splitlines() if line.strip()]


def answer_problems(question: Question, answers: Mapping[str, Any], *, required: bool) -> Iterator[str]:
    """Yield the problems of the answer to one question.

    Args:
        question: One question of a survey.
        answers: Variable -> value; the default of a question is not an answer.
        required: Whether a missing answer to a required question is a problem.
    """
    name = question["variable"]
    if name not in answers:
        if question["required"] and required:
            yield f"'{name}' value missing"
        return
    value, kind = answers[name], question["type"]
    if kind in ("multiplechoice", "multiselect"):
        yield from _chosen_problems(question, value)
    elif kind in ("text", "textarea", "password"):
        if isinstance(value, str):
            yield from _limit_problems(question, value, len(value))
        else:
            yield f"Value {value} for '{name}' expected to be a string."
    elif type(value) not in ((int,) if kind == "integer" else (int, float)):
        yield f"Value {value} for '{name}' expected to be {'an integer' if kind == 'integer' else 'a numeric type'}."
    else:
        yield from _limit_problems(question, value, value)


def _chosen_problems(question: Question, value: Any) -> Iterator[str]:
    name, choices = question["variable"], question["choices"]
    choices = lines(choices) if isinstance(choices, str) else choices
    if question["type"] == "multiselect" and not isinstance(value, list):
        yield f"'{name}' value is expected to be a list."
        return
    for one in value if question["type"] == "multiselect" else [value]:
        if one not in choices:
            yield f"Value {one} for '{name}' expected to be one of {choices}."


def _limit_problems(question: Question, value: Any, size: float) -> Iterator[str]:
    least, most = (question.get(limit) for limit in ("min", "max"))
    length = f"length is {size} " if isinstance(value, str) else ""
    if least is not None and size < least:
        yield f"'{question['variable']}' value {value} is too small ({length}must be at least {least})."
    if most is not None and size > most:
        yield f"'{question['variable']}' value {value} is too large (must be no more than {most})."
