# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's rules for custom credential types and their credentials.

awx/main/fields.py: CredentialTypeInputField (fields), CredentialTypeInjectorField (injectors), CredentialInputField.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jinja2
import jinja2.sandbox

from .json_types import is_json_type

HIDDEN = "$encrypted$"
KEYS = {
    "id": str,
    "label": str,
    "type": str,
    "help_text": str,
    "secret": bool,
    "multiline": bool,
    "format": str,
    "choices": list,
    "default": object,
}
PYTHON = {"string": str, "boolean": bool}
ONLY_TEXT = ("secret", "multiline", "format", "choices")
IDENTIFIER = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
FORMATS = ("ssh_private_key", "url")
# Variables that AWX itself sets for the job (ENV_BLOCKLIST in awx/main/constants.py), and those that would change
# Ansible's own configuration.
RESERVED = re.compile(
    "ANSIBLE_.*|VIRTUAL_ENV|PATH|PYTHONPATH|JOB_ID|INVENTORY_(ID|SOURCE_ID|UPDATE_ID|HOSTVARS)|AD_HOC_COMMAND_ID|"
    "REST_API_(URL|TOKEN)|MAX_EVENT_RES|CALLBACK_(QUEUE|CONNECTION)|CACHE|JOB_CALLBACK_DEBUG|AWX_HOST|"
    "PROJECT_REVISION|SUPERVISOR_CONFIG_PATH"
)


def problems(inputs: dict[str, Any], injectors: dict[str, Any]) -> Iterator[str]:
    """Yield each rule that a credential type violates."""
    fields = inputs.get("fields", [])
    ids = [field.get("id") for field in fields]
    yield from (f"inputs: unknown key {key}" for key in inputs if key not in ("fields", "required"))
    yield from (f"inputs: {one} is declared twice" for one in sorted(set(ids)) if ids.count(one) > 1)
    yield from (f"inputs: {one} is required but not declared" for one in inputs.get("required", []) if one not in ids)
    for field in fields:
        yield from (f"inputs: {field.get('id')}: {problem}" for problem in _field_problems(field))
    yield from (f"injectors: unknown kind {kind}" for kind in injectors if kind not in ("env", "file", "extra_vars"))
    for variable, template in injectors.get("env", {}).items():
        yield from (f"env: {variable}: {problem}" for problem in _injector_problems(variable, template, ids))


def _field_problems(field: dict[str, Any]) -> Iterator[str]:
    yield from (f"unknown key {key}" for key in field if key not in KEYS)
    yield from (f"{key} is missing" for key in ("id", "label") if not field.get(key))
    yield from (
        f"{key} is of the wrong type" for key, value in field.items() if not isinstance(value, KEYS.get(key, object))
    )
    if not IDENTIFIER.fullmatch(str(field.get("id"))) or field.get("id") == "tower":
        yield "no valid name of a variable"
    kind = field.get("type", "string")
    if kind not in ("string", "boolean"):
        yield f"no such type: {kind}"
    if kind != "string":
        yield from (f"{key} is for texts only" for key in ONLY_TEXT if key in field)
    if field.get("format", "url") not in FORMATS:
        yield f"no such format: {field['format']}"
    if "default" in field and not is_json_type(field["default"], PYTHON.get(kind, str)):
        yield "the default is of the wrong type"
    choices = field.get("choices", ["one"])
    if not choices or len(set(map(str, choices))) < len(choices) or not all(isinstance(one, str) for one in choices):
        yield "choices must be different texts"


def _injector_problems(variable: str, template: Any, ids: list[str]) -> Iterator[str]:
    if not IDENTIFIER.fullmatch(variable):
        yield "no valid name of an environment variable"
    if RESERVED.fullmatch(variable):
        yield "not allowed in credentials"
    if not isinstance(template, str) or not template.isascii():
        yield "must be a text of ASCII characters"
        return
    strict = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    try:
        strict.from_string(template).render(dict.fromkeys(ids, "EXAMPLE"))
    except jinja2.TemplateError as error:
        yield f"{type(error).__name__}: {error}"


def secret_ids(inputs: dict[str, Any]) -> set[str]:
    return {field["id"] for field in inputs.get("fields", []) if field.get("secret")}


def input_errors(inputs: dict[str, Any], values: dict[str, Any]) -> list[str] | dict[str, list[str]]:
    """Return the errors of a credential's values for a type with these inputs, as AWX reports them."""
    kinds = {field["id"]: field.get("type", "string") for field in inputs.get("fields", [])}
    unknown = [f"'{name}'" for name in values if name not in kinds]
    if unknown:
        were = "was" if len(unknown) == 1 else "were"
        return [f"Additional properties are not allowed ({', '.join(unknown)} {were} unexpected)"]
    wrong = [name for name, value in values.items() if not is_json_type(value, PYTHON[kinds[name]])]
    return {name: [f"{values[name]!r} is not of type '{kinds[name]}'"] for name in wrong}
