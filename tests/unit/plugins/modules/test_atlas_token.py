# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module atlas_token, without Ansible."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.modules import atlas_token
from simulator import Simulator
from support.engine import run_module

Task = Callable[..., dict[str, Any]]


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, atlas: Simulator, module: Callable[..., Any]) -> Task:
    """Return a function that runs the module as its main does."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("MONGODB_ATLAS_ACCESS_TOKEN", "of.somebody.else")
    for name, value in atlas.environment("service_account").items():
        monkeypatch.setenv(name, value)

    def run(check_mode: bool = False, **given: Any) -> dict[str, Any]:
        fake = module(atlas_token.SPEC, check_mode, **given)
        with Client(parse_settings(fake.params, ("service_account",))) as client:
            return run_module(atlas_token, fake.params, client, fake.check_mode)

    return run


def paths(atlas: Simulator) -> list[str]:
    return [exchange.path.rpartition("/")[2] for exchange in atlas.exchanges]


def test_present_requests_token_once(atlas: Simulator, task: Task) -> None:
    first, second = task(), task()
    assert (first["changed"], second["changed"]) == (True, False)
    assert {**first, "changed": False} == second
    assert second["expires_at"].endswith("+00:00")
    assert paths(atlas) == ["token"]
    assert task(token_cache=False)["access_token"] != first["access_token"]


def test_present_in_check_mode_returns_token(atlas: Simulator, task: Task) -> None:
    assert task(check_mode=True)["access_token"]


def test_revoked_revokes_cached_token(atlas: Simulator, task: Task) -> None:
    token = task()["access_token"]
    assert task(check_mode=True, state="revoked") == {"changed": True}
    assert paths(atlas) == ["token", "orgs"]
    assert task(state="revoked") == {"changed": True}
    assert task(state="revoked") == {"changed": False}
    assert paths(atlas) == ["token", "orgs", "orgs", "revoke"]
    assert task()["access_token"] != token


def test_revoked_revokes_given_access_token(atlas: Simulator, task: Task) -> None:
    kept = task()["access_token"]
    token = atlas.issue_token()
    assert task(state="revoked", access_token=token) == {"changed": True}
    assert task(state="revoked", access_token=token) == {"changed": False}
    assert task()["access_token"] == kept


def test_revoked_treats_forbidden_token_as_alive(atlas: Simulator, task: Task) -> None:
    token = task()["access_token"]
    atlas.fault("GET", "orgs", status=403)
    assert task(state="revoked", access_token=token) == {"changed": True}


def test_revoked_revokes_token_that_something_else_refuses(atlas: Simulator, task: Task) -> None:
    """Nothing but Atlas knows whether it is alive."""
    token = task()["access_token"]
    atlas.fault("GET", "orgs", status=401, body="<html>Log in</html>", before_auth=True)
    assert task(state="revoked", access_token=token) == {"changed": True}
    assert task(state="revoked", access_token=token) == {"changed": False}


def test_present_with_access_token_fails(task: Task) -> None:
    with pytest.raises(InputError, match="is for state: revoked only"):
        task(access_token="x")


def test_present_without_client_id_fails(monkeypatch: pytest.MonkeyPatch, atlas: Simulator, task: Task) -> None:
    monkeypatch.delenv("MONGODB_ATLAS_CLIENT_ID")
    with pytest.raises(InputError, match=r"^client_secret is set, but client_id is missing\. Set client_id and client"):
        task()
