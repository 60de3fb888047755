# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages name what the user can set."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.errors import format_hint, option, option_name_scope

NAMES = {"project_id": "role_project_id", "project_name": "role_project_name"}


def missing_project(path: str) -> ApiError:
    body = {"errorCode": "GROUP_NOT_FOUND", "detail": "No group project_id {project_id} {0}."}
    return ApiError("look", "GET", path, 404, body)


def test_options_have_their_own_names() -> None:
    assert option("project_id") == "project_id"
    assert format_hint("Check {project_id}, {other}.", other="value") == "Check project_id, value."


@pytest.mark.parametrize("names", [None, {}, {"state": "role_state"}])
def test_names_of_other_options_change_nothing(names: dict[str, str] | None) -> None:
    with option_name_scope(names):
        assert option("project_id") == "project_id"


def test_a_role_has_names_of_its_own_for_as_long_as_it_runs() -> None:
    with option_name_scope(NAMES), ThreadPoolExecutor() as threads:
        assert threads.submit(option, "project_id").result() == "role_project_id"
        assert "Check role_project_id, and that base_url names" in str(missing_project("groups/1/peers").hint)
    assert "Check project_id, and" in str(missing_project("groups/1/peers").hint)


def test_where_a_name_was_looked_up_the_hint_is_about_the_name() -> None:
    assert "Check project_name, and that base_url" in str(missing_project("groups/byName/shop").hint)
    with option_name_scope(NAMES):
        assert "Check role_project_name, and that base_url" in str(missing_project("groups/byName/shop").hint)


def test_what_others_say_stays_as_it_is() -> None:
    with option_name_scope(NAMES):
        assert "No group project_id {project_id} {0}." in missing_project("groups/1").message
