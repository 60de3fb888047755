# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's rules for credential types."""

from __future__ import annotations

import pytest

from awx_stub import credential_types

FIELD = {"id": "user", "label": "User", "type": "string"}


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
def test_field_problems(field, problem):
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
def test_type_problems(inputs, injectors, problem):
    found = list(credential_types.problems(inputs, injectors))
    assert found == [] if problem is None else problem in found[0]
