# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Appends every task's result as one line of JSON to a file, so that tests read data instead of output."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_results
type: notification
short_description: Writes the results of tasks as JSON lines
description: Writes the results of tasks as JSON lines to the file in the environment variable TASK_RESULTS.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "task_results"
    CALLBACK_NEEDS_ENABLED = True

    def _append(self, outcome: str, result: Any) -> None:
        line = {
            "task": result.task_name,
            "action": result._task.action,
            "outcome": outcome,
            "result": result._result,
        }
        with open(os.environ["TASK_RESULTS"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._append("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._append("failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._append("skipped", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._append("unreachable", result)
