# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exception family, and what its messages call the options."""

from __future__ import annotations

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import (
    AuthenticationError,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    MissingLibraryError,
    PartialError,
    PlanError,
    format_hint,
    option,
    option_name_scope,
    readable,
)


def test_missing_library_error_keeps_traceback() -> None:
    error = MissingLibraryError("Install it.", "Traceback")
    assert error.as_result() == {
        "msg": "Install it.",
        "failure": {"kind": "MissingLibraryError", "hint": None},
        "changed": False,
        "exception": "Traceback",
    }


@pytest.mark.parametrize("kind", [AtlasError, InputError, PlanError, AuthenticationError])
def test_error_as_result(kind: type[AtlasError]) -> None:
    error = kind("It is wrong.", "Right it.", more=1)
    failure = {"kind": kind.__name__, "hint": "Right it.", "more": 1}
    assert error.as_result() == {"msg": "It is wrong. Right it.", "failure": failure, "changed": False}
    assert str(kind("It is wrong.")) == "It is wrong."
    assert (error.outcome_unknown, error.transient) == (False, False)
    assert isinstance(error, AtlasError)


def test_copy_of_error_leaves_original_unchanged() -> None:
    error = PlanError("It exists.", "Delete it.", peering={})
    copy = error.copy(hint="Ask the owner.")
    assert (type(copy), copy.message, copy.hint, copy.details) == (
        PlanError,
        "It exists.",
        "Ask the owner.",
        {"peering": {}},
    )
    assert error.hint == "Delete it."


@pytest.mark.parametrize("changed", [True, False])
def test_partial_error_includes_results(changed: bool) -> None:
    results = {"changed": changed, "peerings": [{"id": "1"}], "diff": [], "warnings": ["Careful."]}
    problems = [{"failure": {"kind": "ApiError"}}, {"failure": {"kind": "TransportError"}}]
    error = PartialError("2 of 3 connections failed. No.", results, problems)
    hint = "Completed changes are kept. Run the task again to retry the rest."
    assert error.as_result() == {
        **results,
        "msg": f"2 of 3 connections failed. No. {hint}",
        "failure": {"kind": "PartialError", "hint": hint, "problems": problems},
    }


@pytest.mark.parametrize("count", [1, 2])
def test_partial_error_kind_is_common_kind_of_failures(count: int) -> None:
    error = PartialError("Some failed.", {}, [{"failure": {"kind": "ApiError"}}] * count)
    assert error.as_result()["failure"]["kind"] == "ApiError"


def test_option_outside_scope_keeps_its_name() -> None:
    assert option("project_id") == "project_id"
    assert format_hint("Check {project_id}, {other}.", other="value") == "Check project_id, value."


@pytest.mark.parametrize("names", [None, {}, {"state": "role_state"}])
def test_option_name_scope_without_option_keeps_its_name(names: dict[str, str] | None) -> None:
    with option_name_scope(names):
        assert option("project_id") == "project_id"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It is über 7 · fine.", "It is über 7 · fine."),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("a\rb\x9b2J\u202e\ud800", r"a\rb\x9b2J\u202e\ud800"),
        ("x" * 500, "x" * 500),
        ("a " + "x" * 502 + " b", "a " + "x" * 500 + " (and 2 more) b"),
    ],
)
def test_texts_are_readable_on_any_terminal(text: str, shown: str) -> None:
    assert readable(text) == shown
    assert (str(AtlasError(text)), AtlasError("x", text).hint) == (shown, shown)
    assert AtlasError("x", "y").copy(message=text, hint=text).message == shown


def test_only_errors_may_have_several_lines() -> None:
    assert readable("a\nb") == r"a\nb"
    assert str(AtlasError("Run:\nls")) == "Run:\nls"


def test_doubt_is_stated_once() -> None:
    error = AtlasError("It broke.")
    error.leave_in_doubt()
    once = error.hint
    error.leave_in_doubt()
    assert (error.hint, error.outcome_unknown) == (once, True)
