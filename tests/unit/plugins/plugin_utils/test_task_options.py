# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a task that an action plugin carries out itself."""

from __future__ import annotations

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.plugin_utils import task_options


def test_several_wrong_options_are_sentences_of_their_own() -> None:
    spec = {"one": {"type": "int"}, "two": {"type": "str", "choices": ["a"]}}
    with pytest.raises(InputError, match=r"^argument 'one' .*\. value of two must be one of: a, got: b\.$"):
        task_options.validate(spec, {"one": "x", "two": "b"})
