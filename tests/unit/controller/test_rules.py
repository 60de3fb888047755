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
        ({"type": "boolean"}, "no such type"),
        ({"required": "yes"}, "required is missing or of the wrong type"),
        ({"variable": None}, "variable is missing"),
        ({"hint": "x"}, "unknown key hint"),
        ({"min": "1"}, "min must be a whole number"),
        ({"default": 1}, "default is of the wrong type"),
        ({"max": 3, "default": "four"}, "beyond the limits"),
        ({"type": "integer", "min": 2, "default": 1}, "beyond the limits"),
        ({"type": "integer", "default": "1"}, "default is of the wrong type"),
        ({"type": "multiplechoice"}, "choices are missing"),
        ({"type": "multiplechoice", "choices": ["a"], "default": "b"}, "no choice"),
        ({"type": "multiselect", "choices": ["a", "b"], "default": ["b"]}, None),
        ({"type": "multiselect", "choices": [1]}, "no texts"),
    ],
)
def test_questions_of_a_survey(question, problem):
    found = list(surveys.problems({"name": "n", "description": "", "spec": [{**QUESTION, **question}]}))
    assert found == [] if problem is None else problem in found[0]


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ({"name": "n", "spec": [QUESTION]}, "description is missing"),
        ({"name": "n", "description": "", "spec": []}, "any items"),
        ({"name": "n", "description": "", "spec": [QUESTION, QUESTION]}, "asked twice"),
    ],
)
def test_surveys(spec, problem):
    assert problem in next(surveys.problems(spec))
