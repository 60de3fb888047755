# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way a task takes, and what is put into force for a module in this process and taken back afterwards."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.plugin_utils import in_process
from ansible_collections.atlasops.network.plugins.plugin_utils.in_process import InProcessAction
from ansible_collections.atlasops.network.plugins.plugin_utils.task_environment import added_environment

PLUGINS = Path(__file__).parents[4] / "plugins"
COLLECTION = "ansible_collections.atlasops.network"
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))

#: Action plugins that run another module than that of their name.
RUNS = {"atlas_peering_role": "atlas_peering_set"}

WhyNot = Callable[..., "str | None"]


class Action(InProcessAction):
    """An action plugin of which Ansible's part is told by the test."""

    sent: Any
    threshold: int

    def __init__(self, environment: Mapping[str, str], **parts: Any) -> None:
        self._task = SimpleNamespace(action="peer", delegate_to=parts.get("delegate_to"), args=parts.get("args", {}))
        self._connection = SimpleNamespace(transport=parts.get("transport", "local"))
        self._play_context = SimpleNamespace(become=parts.get("become", False))
        self._templar = SimpleNamespace(template=lambda value: value)
        self._environment = environment


@pytest.fixture
def why_not() -> WhyNot:
    """Return a function that asks why a task has to run as a module."""

    def ask(
        variables: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        wrap_async: bool = False,
        **parts: Any,
    ) -> str | None:
        return Action(environment or {}, **parts)._why_not(variables or {}, wrap_async)

    return ask


OFF = {"MONGODB_ATLAS_IN_PROCESS": "false"}
PYTHON = "ansible_python_interpreter"


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"transport": "ansible.builtin.local"},
        {"environment": {"MONGODB_ATLAS_IN_PROCESS": ""}},
        {"environment": {"MONGODB_ATLAS_IN_PROCESS": "yes"}},
        {"environment": OFF, "variables": {"atlas_in_process": True}},
        {"variables": {"atlas_in_process": None}},
        {"variables": {PYTHON: sys.executable}},
        {"variables": {PYTHON: os.path.dirname(sys.executable) + "/./" + os.path.basename(sys.executable)}},
        {"variables": {PYTHON: "auto_silent"}},
        {
            "delegate_to": "localhost",
            "variables": {PYTHON: "/remote/python", "ansible_delegated_vars": {"localhost": {}}},
        },
    ],
)
def test_why_not_is_none_in_process(how: dict[str, Any], why_not: WhyNot) -> None:
    assert why_not(**how) is None


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"environment": OFF}, "MONGODB_ATLAS_IN_PROCESS is false"),
        ({"variables": {"atlas_in_process": "no"}}, "atlas_in_process is false"),
        ({"variables": {"atlas_in_process": 0}}, "atlas_in_process is false"),
        ({"transport": "ssh"}, "the connection is ssh"),
        ({"become": True}, "it becomes another user"),
        ({"wrap_async": True}, "it is asynchronous"),
        ({"variables": {PYTHON: "/usr/libexec/platform-python"}}, "its interpreter is /usr/libexec/platform-python"),
        (
            {
                "delegate_to": "bastion",
                "variables": {"ansible_delegated_vars": {"bastion": {"atlas_in_process": False}}},
            },
            "atlas_in_process is false",
        ),
    ],
)
def test_why_not_names_reason_for_module(how: dict[str, Any], reason: str, why_not: WhyNot) -> None:
    assert why_not(**how) == reason


def test_why_not_without_requests(why_not: WhyNot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process, "REQUESTS_TRACEBACK", "ModuleNotFoundError")
    assert why_not() == "requests is not installed here"


def test_virtual_environment_is_other_interpreter(why_not: WhyNot, tmp_path: Path) -> None:
    """Although its file is a link to the same one; another link in the same folder is not."""
    (tmp_path / "python3").symlink_to(sys.executable)
    assert why_not({PYTHON: str(tmp_path / "python3")}) == f"its interpreter is {tmp_path / 'python3'}"


def test_other_name_of_same_interpreter_is_in_process(
    why_not: WhyNot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python3").symlink_to(sys.executable)
    (tmp_path / "python").symlink_to("python3")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert why_not({PYTHON: str(tmp_path / "python3")}) is None


def test_environment_and_folder_are_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "1")
    before = dict(os.environ), os.getcwd()
    with in_process._working_folder(str(tmp_path)), added_environment({"OF_THE_TASK": "1"}):
        assert (dict(os.environ), os.getcwd()) == ({**before[0], "OF_THE_TASK": "1"}, str(tmp_path.resolve()))
    assert (dict(os.environ), os.getcwd()) == before


@pytest.fixture
def execute(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, Any]], Action]:
    """Return a function that executes a task as far as Ansible's part, and returns its action plugin."""

    def execute(self: Action, **kwargs: Any) -> dict[str, Any]:
        self.sent, self.threshold = kwargs.get("module_args"), gc.get_threshold()[0]
        return {}

    def run(args: Mapping[str, Any]) -> Action:
        action = Action({}, args=args)
        action._execute_module()
        return action

    monkeypatch.setattr(in_process, "task_environment", lambda _action: {})
    monkeypatch.setattr(in_process.NormalAction, "_execute_module", execute)
    return run


class Text(str):
    """A text with what Ansible keeps about it."""


def test_what_ansible_sends_back_of_connections_is_plain(execute: Callable[[Mapping[str, Any]], Action]) -> None:
    connections = [{"vpc_id": Text("vpc"), "status": Text("AVAILABLE")}, {"vpc_id": Text("vpc")}]
    action = execute({"state": "present", "connections": connections})
    assert action._task.args == {"state": "present", "connections": connections}
    assert action.sent == {"state": "present", "connections": [{"vpc_id": "vpc"}, {"vpc_id": "vpc"}]}
    one, other = (connection["vpc_id"] for connection in action._task.args["connections"])
    if in_process._internal:
        assert one is other
    else:
        assert type(one) is Text


def test_little_garbage_is_collected_while_a_module_runs(execute: Callable[[Mapping[str, Any]], Action]) -> None:
    before = gc.get_threshold()
    assert execute({}).threshold == in_process._COLLECTED
    assert gc.get_threshold() == before


@pytest.mark.parametrize("name", MODULES)
def test_every_module_has_an_action_plugin(name: str) -> None:
    """It runs a module, usually that of the same name, and says so in its documentation, or does the work itself."""
    action = importlib.import_module(f"{COLLECTION}.plugins.action.{name}").ActionModule
    text = (PLUGINS / "modules" / f"{name}.py").read_text(encoding="utf-8")
    is_in_process = issubclass(action, InProcessAction)
    assert is_in_process == ("- atlasops.network.attributes.in_process\n" in text)
    assert not is_in_process or action.module.__name__ == f"{COLLECTION}.plugins.modules.{RUNS.get(name, name)}"
