# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes nothing but lines of JSON to stdout, as ansible.posix.jsonl does."""

from __future__ import annotations

import json
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: stdout_json
type: stdout
short_description: Writes the results of tasks to stdout
description: Writes the results of tasks to stdout as JSON lines.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "stdout_json"

    def v2_runner_on_ok(self, result: Any) -> None:
        self._display.display(json.dumps({"task": result._task.get_name(), "result": result._result}, default=str))

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self.v2_runner_on_ok(result)
