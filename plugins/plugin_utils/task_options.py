# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The options of a task of an action plugin that does the work itself, validated as a module's are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING


def validate(spec: Mapping[str, Any], args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options by their types, with defaults.

    Args:
        spec: An argument spec, as of a module.
        args: The options of the task.

    Raises:
        InputError: An option is unknown, missing or of the wrong type. The message is Ansible's own.
    """
    outcome = ArgumentSpecValidator(dict(spec)).validate(as_sent(args))
    if outcome.error_messages:
        raise InputError(" ".join(text if text.endswith(".") else f"{text}." for text in outcome.error_messages))
    params: dict[str, Any] = outcome.validated_parameters
    return params


def without_results(connections: Any) -> Any:
    """Return connections, which may be results of the collection, without what is only a result in them.

    What that is, `ResourceType.result_only` says. Anything else than a list is returned as it is.
    """
    return without_keys(connections, PEERING.result_only) if isinstance(connections, list) else connections


def without_keys(connections: Iterable[Any], keys: Collection[str]) -> list[Any]:
    """Return connections without some of their keys. What is not a dictionary is returned as it is."""
    return [
        {key: value for key, value in one.items() if key not in keys} if isinstance(one, Mapping) else one
        for one in connections
    ]


def as_sent(value: Any) -> Any:
    """Return options as a module would receive them: as plain dictionaries, lists and strings.

    This matters for inline vault values: up to ansible-core 2.18 such a value decrypts itself but is not a str, so that
    no argument spec accepts it.
    """
    if getattr(value, "__ENCRYPTED__", False):
        return str(value)
    if isinstance(value, Mapping):
        return {as_sent(name): as_sent(one) for name, one in value.items()}
    return [as_sent(one) for one in value] if isinstance(value, (list, tuple)) else value


def as_plain_texts(value: Any, texts: dict[str, str]) -> Any:
    """Return options with equal texts as one object each, without the tags that Ansible keeps with every single one.

    Ansible sends the options of a task from its worker to the process of the playbook, next to the result. With the
    tags, that takes several times as long, and twice the memory.

    Args:
        value: Options, which have been templated.
        texts: The texts so far, each by itself.
    """
    if isinstance(value, str):
        text = str(value)
        return texts.setdefault(text, text)
    if isinstance(value, dict):
        return {as_plain_texts(name, texts): as_plain_texts(one, texts) for name, one in value.items()}
    return [as_plain_texts(one, texts) for one in value] if isinstance(value, list) else value
