# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main of every module, with an AnsibleModule that only remembers."""

from __future__ import annotations

import contextlib
from typing import Any, Callable, NoReturn

import pytest

from ansible_collections.atlasops.network.plugins.module_utils import atlas_module, module, options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.errors import PartialError, PlanError

SPEC = {**options.CONNECTION_SPEC}


class Ended(Exception):
    """The module is over."""


class Module:
    """Stands in for AnsibleModule: ends once, and keeps what it is told."""

    check_mode = True

    def __init__(self, argument_spec: dict[str, Any], supports_check_mode: bool) -> None:
        assert (argument_spec, supports_check_mode) == (SPEC, True)
        defaults = {name: spec.get("default") for name, spec in argument_spec.items()}
        self.params = {**defaults, "base_url": "http://localhost:1", "access_token": "token"}
        self.said: list[Any] = []
        self.exit_json, self.fail_json = self._end("exit"), self._end("fail")

    def warn(self, text: str) -> None:
        self.said.append(text)

    def _end(self, how: str) -> Callable[..., NoReturn]:
        def end(**result: Any) -> NoReturn:
            self.repeated = result.pop("invocation")["module_args"]
            self.said.append((how, result))
            raise Ended

        return end


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Return a function that runs a module around some function, and returns all that it said."""
    modules: list[Module] = []

    def make(**options: Any) -> Module:
        modules.append(Module(**options))
        return modules[-1]

    monkeypatch.setattr(module, "AnsibleModule", make)

    def run(function: Callable[..., dict[str, Any]]) -> list[Any]:
        with pytest.raises(Ended):
            atlas_module.run_module(SPEC, function)
        return modules[-1].said

    return run


def test_run_exits_with_result(said: Callable[..., list[Any]]) -> None:
    seen: list[Any] = []

    def run(params: dict[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
        seen.extend([params["access_token"], check_mode, client.principal])
        return {"changed": True}

    assert said(run) == [("exit", {"changed": True})]
    assert seen == ["token", True, "this access token"]


def test_invocation_includes_only_given_options() -> None:
    given = {"a": None, "b": False, "c": "", "d": [{"e": None, "f": 0}, "g"], "h": {"i": None}}
    assert module._given(given) == {"b": False, "c": "", "d": [{"f": 0}, "g"], "h": {}}


def test_warnings_of_result_are_emitted_by_module(said: Callable[..., list[Any]]) -> None:
    assert said(lambda *_given: {"changed": False, "warnings": ["One.", "Two."]}) == [
        "One.",
        "Two.",
        ("exit", {"changed": False}),
    ]


def test_run_fails_with_error_result(said: Callable[..., list[Any]]) -> None:
    def run(*_given: Any) -> NoReturn:
        raise PlanError("No.", "Yes.")

    failure = {"kind": "PlanError", "hint": "Yes."}
    assert said(run) == [("fail", {"msg": "No. Yes.", "failure": failure, "changed": False})]


def test_partial_failure_emits_warnings(said: Callable[..., list[Any]]) -> None:
    def run(*_given: Any) -> NoReturn:
        raise PartialError(
            "1 of 2 connections failed.", {"changed": True, "peerings": [], "warnings": ["Careful."]}, []
        )

    warning, (how, result) = said(run)
    assert (warning, how) == ("Careful.", "fail")
    assert (result["changed"], result["peerings"]) == (True, [])
    assert "warnings" not in result


def test_invalid_option_fails(said: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SPEC, "timeout", {"type": "int", "default": 0})
    ((how, result),) = said(lambda *_given: {})
    assert (how, result["msg"]) == ("fail", "timeout is 0, but it must be at least 1 (seconds).")


def test_messages_use_names_of_option_names(said: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SPEC, "timeout", {"type": "int", "default": 0})
    monkeypatch.setitem(SPEC, "option_names", {"type": "dict", "default": {"timeout": "my_timeout"}})
    ((how, result),) = said(lambda *_given: {})
    assert (how, result["msg"]) == ("fail", "my_timeout is 0, but it must be at least 1 (seconds).")


def test_crash_fails_without_exception_message(said: Callable[..., list[Any]]) -> None:
    """It is told without the message of the exception, which may quote a secret."""

    def run(*_given: Any) -> NoReturn:
        raise ValueError("Bearer token")

    ((how, result),) = said(run)
    assert (how, result["changed"], result["failure"]["kind"]) == ("fail", False, "UnexpectedError")
    assert result["msg"].startswith("An unexpected error occurred: ValueError. Report it ")
    assert result["failure"]["traceback"][-1].endswith(f"in {run.__name__}")
    assert "Bearer" not in str(result)


def test_crash_after_write_is_changed(said: Callable[..., list[Any]]) -> None:
    def run(_params: Any, _check_mode: bool, client: Client) -> NoReturn:
        client.has_written = True
        raise KeyError("id")

    ((_how, result),) = said(run)
    assert result["msg"].startswith("An unexpected error occurred: KeyError ('id'). Report it ")
    assert (result["changed"], result["failure"]["outcome_unknown"]) == (True, True)


class Sessions:
    """Opens clients as the tasks of a loop do."""

    def __init__(self) -> None:
        self._sessions = atlas_module._Sessions()

    def open(
        self, value: str = "one", error: type[BaseException] | None = None, environment: dict[str, str] | None = None
    ) -> Client:
        self._sessions.environment = environment or {}
        defaults = {name: spec.get("default") for name, spec in SPEC.items()}
        params = {**defaults, "base_url": "http://localhost:1", "access_token": value}
        with contextlib.suppress(KeyError), self._sessions.client(params) as client:
            if error:
                raise error
        return client


def test_loop_items_share_client() -> None:
    sessions = Sessions()
    clients = [sessions.open(), sessions.open(), sessions.open("other"), sessions.open("other")]
    clients.append(sessions.open("other", environment={"HTTPS_PROXY": "http://localhost:2"}))
    assert [clients.index(client) for client in clients] == [0, 0, 2, 2, 4]


def test_failure_ends_session() -> None:
    sessions = Sessions()
    first = sessions.open(error=KeyError)
    with pytest.raises(TimeoutError):
        sessions.open(error=TimeoutError)
    assert sessions.open() is not first


def test_shared_client_resets_has_written() -> None:
    sessions = Sessions()
    sessions.open().has_written = True
    assert sessions.open().has_written is False
