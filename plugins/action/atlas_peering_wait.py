# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the wait on the controller: in one process for all connections, which prints lines while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.atlasops.network.plugins.module_utils.errors import option_name_scope
from ansible_collections.atlasops.network.plugins.plugin_utils import wait_task
from ansible_collections.atlasops.network.plugins.plugin_utils.task_environment import (
    added_environment,
    task_environment,
)


class ActionModule(ActionBase):
    """See the documentation of the module of the same name."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        names = self._task.args.get("option_names")
        scope = option_name_scope(names if isinstance(names, Mapping) else None)
        with added_environment(task_environment(self)), scope:
            result.update(wait_task.result_of(lambda: self._wait(task_vars or {})))
        return result

    def _wait(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        params = wait_task.validate(self._task.args)
        emit = _printer(task_vars) if params["progress"] else _discard
        return wait_task.wait(params, self._task.check_mode, emit, show_names=not self._task.no_log)


def _printer(task_vars: Mapping[str, Any]) -> Callable[[str], None]:
    """Return a function that prints a line, which begins with the host if the play has several.

    If the stdout callback writes JSON, as ansible.posix.json does, lines go to stderr, so that stdout remains readable
    for programs.
    """
    hosts = task_vars.get("ansible_play_hosts_all") or ()
    prefix = f"[{task_vars.get('inventory_hostname')}] " if len(hosts) > 1 else ""
    callback = str(constants.config.get_config_value("DEFAULT_STDOUT_CALLBACK"))
    stderr = callback.rpartition(".")[2].startswith("json")
    return lambda line: Display().display(f"{prefix}{line}", stderr=stderr)


def _discard(_line: str) -> None:
    """Print nothing, for ``progress: false``."""
