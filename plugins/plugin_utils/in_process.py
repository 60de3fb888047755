# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Running a module in the process of the playbook, if the task runs on the controller itself.

Starting Python for each task, and for each item of a loop, costs more than everything that a module does. The base of
the action plugins replaces only the start of the module: options are validated, results masked and read exactly as
those of a module that runs in a process of its own.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from ansible import constants
from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ansible_collections.atlasops.network.plugins.module_utils.api.session import REQUESTS_TRACEBACK
from ansible_collections.atlasops.network.plugins.module_utils.atlas_module import kept_sessions
from ansible_collections.atlasops.network.plugins.plugin_utils.task_environment import (
    added_environment,
    task_environment,
)
from ansible_collections.atlasops.network.plugins.plugin_utils.task_options import as_plain_texts, without_results

_internal: Any = None
try:  # ansible-core 2.19 and newer
    from ansible.executor.module_common import _BuiltModule
    from ansible.module_utils import _internal
    from ansible.module_utils.common.json import Direction, get_module_encoder
except ImportError:
    from ansible.module_utils.common.json import AnsibleJSONEncoder

#: What switches it off: for a run the environment variable, for a task the variable.
ENVIRONMENT_VARIABLE, TASK_VARIABLE = "MONGODB_ATLAS_IN_PROCESS", "atlas_in_process"

_PROFILE = "legacy"  # how the arguments and results of a collection's modules are serialized
_COLLECTED = 100_000  # new objects after which Python looks for garbage
_SHEBANG = f"#!{sys.executable}"


class InProcessAction(NormalAction):
    """The action plugin of a module, which a subclass names as `module`."""

    module: ModuleType
    _in_process = False
    _environment: Mapping[str, str]
    _arguments: Mapping[str, Any]

    def _execute_module(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        task_vars = kwargs.get("task_vars") or {}
        self._environment = task_environment(self)
        reason = self._why_not(task_vars, bool(kwargs.get("wrap_async")))
        self._in_process = reason is None
        how = f"as a module: {reason}" if reason else "in this process"
        Display().vvv(f"{self._task.action} runs {how}", host=task_vars.get("inventory_hostname"))
        if "connections" in self._task.args:
            kwargs["module_args"] = self._lean_arguments()
        with _few_collections():
            result: dict[str, Any] = super()._execute_module(*args, **kwargs)
        return result

    def _lean_arguments(self) -> dict[str, Any]:
        """Return the arguments for the module, and let Ansible keep those of the task without tags."""
        given = self._task.args
        # Up to ansible-core 2.18, only the type of a text says that it is not to be templated.
        connections = as_plain_texts(given["connections"], {}) if _internal else given["connections"]
        self._task.args = {**given, "connections": connections}
        return {**given, "connections": without_results(connections)}

    def _why_not(self, task_vars: Mapping[str, Any], wrap_async: bool) -> str | None:
        """Return why the task has to run as a module, or None."""
        host = self._task.delegate_to
        variables = task_vars.get("ansible_delegated_vars", {}).get(host, task_vars) if host else task_vars
        return self._switched_off(variables) or self._where_else(wrap_async) or self._other_python(variables)

    def _switched_off(self, variables: Mapping[str, Any]) -> str | None:
        of_run = self._environment.get(ENVIRONMENT_VARIABLE, os.environ.get(ENVIRONMENT_VARIABLE))
        for name, given in ((TASK_VARIABLE, variables.get(TASK_VARIABLE)), (ENVIRONMENT_VARIABLE, of_run)):
            value = self._templar.template(given)
            if value not in (None, ""):
                return None if boolean(value, strict=False) else f"{name} is false"
        return (
            "the files of modules are to be kept"
            if constants.config.get_config_value("DEFAULT_KEEP_REMOTE_FILES")
            else None
        )

    def _where_else(self, wrap_async: bool) -> str | None:
        if self._connection.transport not in ("local", "ansible.builtin.local", "ansible.legacy.local"):
            return f"the connection is {self._connection.transport}"
        if self._play_context.become:
            return "it becomes another user"
        return "it is asynchronous" if wrap_async else None

    def _other_python(self, variables: Mapping[str, Any]) -> str | None:
        interpreter = str(self._templar.template(_interpreter(variables)))
        if not interpreter.startswith("auto") and _place(interpreter) != _place(sys.executable):
            return f"its interpreter is {interpreter}"
        return "requests is not installed here" if REQUESTS_TRACEBACK else None

    # What follows stands in for building, sending and starting a module.

    def _is_pipelining_enabled(self, *args: Any, **kwargs: Any) -> bool:
        # A pipelined module needs no files.
        return self._in_process or bool(super()._is_pipelining_enabled(*args, **kwargs))

    def _configure_module(self, *args: Any, **kwargs: Any) -> Any:
        if not self._in_process:
            return super()._configure_module(*args, **kwargs)
        self._arguments = kwargs["module_args"]
        path = self.module.__file__
        if _internal:
            return _BuiltModule(
                b_module_data=b"", module_style="new", shebang=_SHEBANG, serialization_profile=_PROFILE
            ), path
        return "new", _SHEBANG, b"", path

    def _low_level_execute_command(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if not self._in_process:
            result: dict[str, Any] = super()._low_level_execute_command(*args, **kwargs)  # type: ignore[no-untyped-call]
            return result
        stdout, stderr = io.StringIO(), io.StringIO()
        with self._as_module(), contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            try:
                self.module.main()
                code: Any = 0
            except SystemExit as end:
                code = end.code
        return {"rc": code or 0, "stdout": stdout.getvalue(), "stderr": stderr.getvalue()}

    @contextlib.contextmanager
    def _as_module(self) -> Iterator[None]:
        """Put into force what a process of its own would have: environment, folder, arguments, no earlier warnings."""
        folder: str = self._loader.get_basedir()
        with contextlib.ExitStack() as stack:
            stack.enter_context(added_environment(self._environment))
            stack.enter_context(_working_folder(folder))
            stack.enter_context(_module_arguments(self._arguments))
            stack.enter_context(kept_sessions(self._environment))
            warnings._global_warnings.clear()
            warnings._global_deprecations.clear()
            yield


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Look for garbage rarely, as the objects of a long list are none, and never among those of the playbook.

    These outlive the task, and looking at them copies the memory that the processes of Ansible share.
    """
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(_COLLECTED, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _interpreter(variables: Mapping[str, Any]) -> Any:
    """Return the Python interpreter that is configured, or a word that begins with "auto" if none is."""
    return constants.config.get_config_value("INTERPRETER_PYTHON", variables=dict(variables)) or "auto"


@functools.lru_cache
def _place(interpreter: str) -> tuple[str, str]:
    """Return what tells Pythons apart: the file, and the folder, because virtual environments link to the same file."""
    return os.path.realpath(interpreter), os.path.realpath(os.path.dirname(interpreter))


@contextlib.contextmanager
def _working_folder(folder: str) -> Iterator[None]:
    """Work where the local connection starts modules: relative paths are relative to the playbook."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _module_arguments(arguments: Mapping[str, Any]) -> Iterator[None]:
    """Hand over arguments as Ansible does to a module; until then warnings go into its result, not to the terminal."""
    before = vars(basic).get("_ANSIBLE_ARGS"), vars(basic).get("_ANSIBLE_PROFILE")
    content = {"ANSIBLE_MODULE_ARGS": dict(arguments)}
    if _internal:
        encoder: Any = get_module_encoder(_PROFILE, Direction.CONTROLLER_TO_MODULE)
        basic._ANSIBLE_ARGS = json.dumps(content, cls=encoder).encode()
        _internal.is_controller = False
    else:
        legacy: Any = AnsibleJSONEncoder
        basic._ANSIBLE_ARGS = json.dumps(content, cls=legacy, vault_to_text=True).encode()
    basic._ANSIBLE_PROFILE = _PROFILE
    try:
        yield
    finally:
        basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = before
        if _internal:
            _internal.is_controller = True
