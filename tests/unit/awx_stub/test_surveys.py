# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's rules for surveys; test_launch_config.py has those for answers."""

from __future__ import annotations

import pytest

from awx_stub import surveys

QUESTION = {"type": "text", "question_name": "q", "variable": "v", "required": True}


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ({}, None),
        ({"type": "boolean"}, "is not one of"),
        ({"required": "yes"}, "'required' in survey question 0 expected to be boolean."),
        ({"variable": None}, "'variable' in survey question 0 expected to be string."),
        ({"hint": "x"}, "no such key: hint"),
        ({"min": "1"}, "The min limit in survey question 0 expected to be integer."),
        ({"min": None}, None),
        ({"default": 1}, "Default value 1 in survey question 0 expected to be string."),
        ({"max": 3, "default": "four"}, None),
        ({"type": "integer", "default": "1"}, "Default value 1 in survey question 0 expected to be integer."),
        ({"type": "float", "default": 1}, None),
        ({"type": "multiplechoice"}, "must specify choices"),
        ({"type": "multiplechoice", "choices": ["a"], "default": "b"}, "from the choices listed"),
        ({"type": "multiplechoice", "choices": ["a", "b"], "default": "a\nb"}, "only have one default"),
        ({"type": "multiselect", "choices": ["a", "b"], "default": "a\nb"}, None),
        ({"type": "multiselect", "choices": ["a", "b"], "default": ["b"]}, "expected to be string"),
    ],
)
def test_question_problems(question, problem):
    found = list(surveys.problems({"name": "n", "description": "", "spec": [{**QUESTION, **question}]}))
    assert found == [] if problem is None else problem in found[0]


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ({"name": "n", "spec": [QUESTION]}, "Field 'description' is missing from survey spec."),
        ({"name": 1, "description": "", "spec": [QUESTION]}, "Expected string for field 'name', received int type."),
        ({"name": "n", "description": "", "spec": []}, "any items"),
        ({"name": "n", "description": "", "spec": [QUESTION, QUESTION]}, "duplicated in survey question 1"),
    ],
)
def test_survey_problems(spec, problem):
    assert problem in next(surveys.problems(spec))
