# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of an error of the wait."""

from __future__ import annotations

from typing import NoReturn

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.plugin_utils.wait_task import result_of


def test_crash_fails_without_exception_message() -> None:
    def work() -> NoReturn:
        raise ValueError("Bearer planted")

    result = result_of(work)
    assert (result["failed"], result["changed"], result["failure"]["kind"]) == (True, False, "UnexpectedError")
    assert result["msg"].startswith("An unexpected error occurred: ValueError. Report it ")
    assert "planted" not in str(result)


def test_error_is_a_failure() -> None:
    def work() -> NoReturn:
        raise InputError("interval is 0.")

    assert result_of(work) == {
        "failed": True,
        "msg": "interval is 0.",
        "failure": {"kind": "InputError", "hint": None},
        "changed": False,
    }


def test_result_is_returned_unchanged() -> None:
    assert result_of(lambda: {"polls": 1}) == {"polls": 1}
