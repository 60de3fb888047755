# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables as people and surveys set them: text for everything, and nothing for what they leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.plugin_utils.task_options import as_sent, validate

#: What a value of a type is, to follow "must be".
_TYPES: Mapping[str, str] = {
    "bool": "true or false",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
}


def check(values: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Take variables for the types of a spec; one that is null or empty counts as unset.

    Args:
        values: The variables; others than the spec's are left out.
        spec: An argument spec, one entry for each variable.

    Returns:
        The values, with defaults in place of what is unset or wrong, and a sentence for each that is wrong.
    """
    checked: dict[str, Any] = {}
    problems = []
    for name, one in spec.items():
        value = as_sent(values.get(name))
        try:
            checked.update(validate({name: one}, {name: _read(value, one)} if is_set(value) else {}))
        except InputError:
            checked[name] = one.get("default")
            problems.append(f"{name} is {f'{value!r}, but must be {_wanted(one)}' if is_set(value) else 'missing'}.")
    return checked, problems


def _wanted(spec: Mapping[str, Any]) -> str:
    resource_type = _TYPES.get(spec["type"], spec["type"])
    choices = ", ".join(spec.get("choices", ()))
    return f"{f'{resource_type} of' if spec['type'] == 'list' else 'one of'} {choices}" if choices else resource_type


def _read(value: Any, spec: Mapping[str, Any]) -> Any:
    if spec["type"] != "list":
        return value
    read = read_list(value)
    if isinstance(read, str) and spec["elements"] == "str":
        return [word.strip() for word in read.split(",")]
    return read


def is_set(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def read_list(value: Any) -> Any:
    """Return the list that a text holds in JSON or YAML, and anything else as it is; for nothing an empty list."""
    if not is_set(value):
        return []
    if not isinstance(value, str):
        return value
    try:
        read = yaml.safe_load(value)
    except yaml.YAMLError:
        return value
    return read if isinstance(read, list) else value
