# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declares the connections of the role atlas_peering with the module atlas_peering_set, in this process if it may."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, option_name_scope
from ansible_collections.atlasops.network.plugins.modules import atlas_peering_set
from ansible_collections.atlasops.network.plugins.plugin_utils.in_process import InProcessAction
from ansible_collections.atlasops.network.plugins.plugin_utils.role_task import RoleTask


class ActionModule(InProcessAction):
    """See the documentation of the module of the same name."""

    module = atlas_peering_set

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        ActionBase.run(self, tmp, task_vars)
        task_vars, args = task_vars or {}, dict(self._task.args)
        checked = boolean(args.pop("other_side_checked", False))
        task = RoleTask(task_vars, self._templar.template, self._task.check_mode, checked)
        try:
            with option_name_scope(task.names):
                task.validate()
        except AtlasError as error:
            result = {"failed": True, **error.as_result()}
        else:
            result = self._declare({**args, **task.module_options(atlas_peering_set.SPEC)}, task, task_vars)
        return task.finish(result)

    def _declare(self, args: dict[str, Any], task: RoleTask, task_vars: dict[str, Any]) -> dict[str, Any]:
        if task.is_deferred:
            return {"skipped": True, "skip_reason": "The other side is checked first."}
        name = f"atlasops.network.{atlas_peering_set.__name__.rpartition('.')[2]}"
        try:
            return self._execute_module(module_name=name, module_args=args, task_vars=task_vars)
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)  # type: ignore[no-untyped-call]
