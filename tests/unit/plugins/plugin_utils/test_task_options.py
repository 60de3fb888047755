# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a task that an action plugin carries out itself."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.plugin_utils import task_options


def test_several_wrong_options_are_sentences_of_their_own() -> None:
    spec = {"one": {"type": "int"}, "two": {"type": "str", "choices": ["a"]}}
    with pytest.raises(InputError, match=r"^argument 'one' .*\. value of two must be one of: a, got: b\.$"):
        task_options.validate(spec, {"one": "x", "two": "b"})


class Tagged(str):
    """A text as Ansible keeps it: with more than its characters."""


def test_plain_texts_are_one_object_each() -> None:
    given: Any = [{Tagged("key"): Tagged("value"), Tagged("list"): [Tagged("value"), 1, None]}, Tagged("key")]
    plain = task_options.as_plain_texts(given, {})
    assert plain == given
    ((key, value), (_list, (same, *others))), again = plain[0].items(), plain[1]
    assert value is same
    assert key is again
    assert (type(key), type(value), others) == (str, str, [1, None])


def test_plain_texts_leave_encrypted_values_encrypted() -> None:
    encrypted = object()
    assert task_options.as_plain_texts([encrypted], {}) == [encrypted]
