# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Variables of a role as people and surveys set them: everything may be text, and empty means unset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.plugin_utils.task_options import as_sent, validate

#: A value of a type in words, to follow "must be".
_TYPES: Mapping[str, str] = {
    "bool": "true or false",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
}
_PYTHON_TYPES: Mapping[str, type] = {"bool": bool, "float": float, "int": int, "str": str}


def check(values: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Convert variables to the types of a spec. A variable that is null or empty counts as unset.

    Args:
        values: The variables. Those that are not in the spec are ignored.
        spec: An argument spec with an entry for each variable: ``{"app_wait": {"type": "bool", "default": True}}``.

    Returns:
        The values, with the default for each that is unset or wrong, and a sentence for each that is wrong:
        ``({"app_wait": True}, ["app_wait is 'maybe', but must be true or false."])``.
    """
    checked: dict[str, Any] = {}
    problems = []
    for name, one in spec.items():
        value = as_sent(values.get(name))
        if is_default(value, one):
            checked[name] = as_sent(one["default"])
            continue
        if _has_type(value, one):
            checked[name] = value  # Most variables have: validation costs a hundred times as much.
            continue
        try:
            checked.update(validate({name: one}, {name: _read(value, one)} if is_set(value) else {}))
        except InputError:
            checked[name] = as_sent(one.get("default"))
            problems.append(
                f"{name} is {f'{value!r}, but must be {_requirement(one)}' if is_set(value) else 'missing'}."
            )
    return checked, problems


def is_default(value: Any, spec: Mapping[str, Any]) -> bool:
    """Report whether a value is unset, or is the default."""
    return "default" in spec and (not is_set(value) or bool(value == spec["default"]))


def _has_type(value: Any, spec: Mapping[str, Any]) -> bool:
    """Report whether a value certainly needs no conversion."""
    if spec["type"] == "list":
        return isinstance(value, list) and spec["elements"] == "dict" and all(isinstance(one, dict) for one in value)
    python_type = _PYTHON_TYPES.get(spec["type"], ())
    return isinstance(value, python_type) and isinstance(value, bool) == (python_type is bool) and "choices" not in spec


def _requirement(spec: Mapping[str, Any]) -> str:
    """Return what a value must be: ``a whole number``, ``one of present, absent``."""
    type_name = _TYPES.get(spec["type"], spec["type"])
    choices = ", ".join(spec.get("choices", ()))
    return f"{f'{type_name} of' if spec['type'] == 'list' else 'one of'} {choices}" if choices else type_name


def _read(value: Any, spec: Mapping[str, Any]) -> Any:
    """Return a value for Ansible's validation, which reads text as every type but lists as they may be written."""
    if spec["type"] != "list":
        return value
    read = read_list(value)
    if isinstance(read, str) and spec["elements"] == "str":
        return [word.strip() for word in read.split(",")]
    return read


def is_set(value: Any) -> bool:
    """Report whether a value is neither null nor blank text. False, 0 and an empty list are values."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def read_list(value: Any) -> Any:
    """Return the list in a text of JSON or YAML: ``"[{vpc_id: a}]"`` is ``[{"vpc_id": "a"}]``.

    Null and blank text are an empty list. Any other value, and text that holds no list, is returned unchanged.
    """
    if not is_set(value):
        return []
    if not isinstance(value, str):
        return value
    try:
        read = yaml.safe_load(value)
    except yaml.YAMLError:
        return value
    return read if isinstance(read, list) else value
