# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's rules for credential types and surveys, as the stand-in and the checks of the collection's data know them."""

from __future__ import annotations

import pytest

from controller import credential_types, surveys

FIELD = {"id": "user", "label": "User", "type": "string"}
QUESTION = {"type": "text", "question_name": "q", "variable": "v", "required": True}


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ({}, None),
        ({"id": "9lives"}, "no valid name"),
        ({"id": "tower"}, "no valid name"),
        ({"label": ""}, "label is missing"),
        ({"type": "number"}, "no such type"),
        ({"type": "boolean"}, None),
        ({"type": "boolean", "secret": True}, "secret is for texts only"),
        ({"type": "boolean", "multiline": True}, "multiline is for texts only"),
        ({"format": "uuid"}, "no such format"),
        ({"format": "ssh_private_key", "multiline": True}, None),
        ({"secret": "yes"}, "secret is of the wrong type"),
        ({"default": 1}, "default is of the wrong type"),
        ({"choices": ["a", "a"]}, "choices must be different"),
        ({"choices": []}, "choices must be different"),
        ({"hint": "x"}, "unknown key hint"),
    ],
)
def test_fields_of_a_credential_type(field, problem):
    found = list(credential_types.problems({"fields": [{**FIELD, **field}]}, {}))
    assert found == [] if problem is None else problem in found[0]


@pytest.mark.parametrize(
    ("inputs", "injectors", "problem"),
    [
        ({"fields": [FIELD, FIELD]}, {}, "declared twice"),
        ({"fields": [FIELD], "required": ["user"]}, {}, None),
        ({"fields": [FIELD], "required": ["word"]}, {}, "required but not declared"),
        ({"fields": [FIELD], "dependencies": {}}, {}, "unknown key"),
        ({"fields": [FIELD]}, {"env": {"A": "{{ user }}"}}, None),
        ({"fields": [FIELD]}, {"env": {"A": "{{ word }}"}}, "undefined"),
        ({"fields": [FIELD]}, {"env": {"A": "{{ user"}}, "TemplateSyntaxError"),
        ({"fields": [FIELD]}, {"env": {"A": "{{ user.__class__.mro() }}"}}, "SecurityError"),
        ({"fields": [FIELD]}, {"env": {"A": "\u00fc"}}, "ASCII"),
        ({"fields": [FIELD]}, {"env": {"A-B": "x"}}, "no valid name"),
        ({"fields": [FIELD]}, {"env": {"ANSIBLE_CONFIG": "x"}}, "not allowed"),
        ({"fields": [FIELD]}, {"env": {"PATH": "x"}}, "not allowed"),
        ({"fields": [FIELD]}, {"shell": {}}, "unknown kind"),
    ],
)
def test_credential_types(inputs, injectors, problem):
    found = list(credential_types.problems(inputs, injectors))
    assert found == [] if problem is None else problem in found[0]


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
def test_questions_of_a_survey(question, problem):
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
def test_surveys(spec, problem):
    assert problem in next(surveys.problems(spec))
