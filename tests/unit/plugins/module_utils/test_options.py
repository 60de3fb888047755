# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs, as Ansible applies them, and options that are checked beyond their types."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils import change_options, options
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import Limits
from support.samples import NAMES, OPTIONS

TOKEN = {"access_token": "token"}


ACCOUNT = {"client_id": "id", "client_secret": "secret"}


KEY = {"public_key": "public", "private_key": "private"}


def validated(**given: Any) -> dict[str, Any]:
    """Return options as Ansible hands them over to a module with all shared ones."""
    spec = {**options.CONNECTION_SPEC, **options.PROJECT_SPEC, **options.PEERING_SPEC}
    outcome = ArgumentSpecValidator(spec).validate(given)
    if outcome.error_messages:
        raise ValueError(outcome.error_messages)
    return dict(outcome.validated_parameters)


def test_specs_convert_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    texts = {name: name for name in (*TOKEN, *ACCOUNT, *KEY, "base_url")}
    fields = {name: value for connection in OPTIONS.values() for name, value in connection.items()}
    places = {"container_region": "US_EAST_1", "atlas_cidr_block": "10.8.0.0/21", "project_name": "name"}
    given = {
        **texts,
        **fields,
        **places,
        "api_version": "v1.0",
        "peer_id": "peer",
        "token_cache": False,
        "project_id": "project",
    }
    changed = {"timeout": "5", "retry_timeout": "6", "validate_certs": "no", "ca_path": "~/ca.pem"}
    converted = {
        "token_cache": False,
        "timeout": 5,
        "retry_timeout": 6,
        "validate_certs": False,
        "ca_path": "/home/somebody/ca.pem",
    }
    assert validated(**given, **changed) == {**given, **converted}


def test_specs_have_defaults() -> None:
    defaults = {"api_version": "v2", "timeout": 30, "retry_timeout": 120, "validate_certs": True}
    assert {name: value for name, value in validated().items() if value is not None} == defaults


@pytest.mark.parametrize(
    ("option", "spelling", "value"),
    [
        ("project_id", "group_id", "x"),
        ("peer_id", "id", "x"),
        *(("provider_name", "provider_name", name) for name in NAMES),
        ("api_version", "api_version", "v2"),
    ],
)
def test_specs_have_aliases_and_choices(option: str, spelling: str, value: str) -> None:
    assert validated(**{spelling: value})[option] == value


@pytest.mark.parametrize("wrong", [{"provider_name": "aws"}, {"api_version": "v3"}, {"timeout": "soon"}, {"vpc": "x"}])
def test_specs_reject_invalid_values(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        validated(**wrong)


def test_specs_mark_secrets() -> None:
    marked = {name for name, spec in options.CONNECTION_SPEC.items() if spec.get("no_log")}
    assert marked == {"access_token", "client_secret", "private_key"}


def test_limits_from_options() -> None:
    given = {"peer_limit": 60, "pending_limit": 40}
    assert change_options.limits(given) == Limits(60, 40, 0)
    assert change_options.limits({**given, "purge_limit": 3}) == Limits(60, 40, 3)


@pytest.mark.parametrize(("name", "least"), [("peer_limit", 1), ("pending_limit", 1), ("purge_limit", 0)])
def test_limits_below_minimum_fail(name: str, least: int) -> None:
    given = {"peer_limit": 60, "pending_limit": 40, "purge_limit": 3, name: least - 1}
    with pytest.raises(InputError, match=rf"^{name} is {least - 1}, but it must be at least {least} "):
        change_options.limits(given)


@pytest.mark.parametrize("number", [10**9 + 1, 2**63, 10**400])
def test_numbers_too_large_to_count_with_fail(number: int) -> None:
    with pytest.raises(InputError, match=r"^peer_limit is \d+.*, but it must be at most 1000000000\.$"):
        change_options.limits({"peer_limit": number, "pending_limit": 40})


@pytest.mark.parametrize(("value", "shown"), [(True, "true"), (False, "false")])
def test_true_and_false_are_no_numbers(value: bool, shown: str) -> None:
    """Ansible accepts them as whole numbers."""
    parsers = {"delete_timeout": options.delete_timeout, "recreate_timeout": change_options.replace_policy}
    for name, parse in parsers.items():
        with pytest.raises(InputError, match=f"^{name} is {shown}, but it must be a number.$"):
            parse({name: value, "recreate_on": []})


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2e9])
def test_seconds_that_are_no_number_fail(number: float) -> None:
    with pytest.raises(InputError, match=r"^interval is (nan|inf|2000000000.0), but it must be"):
        options.positive_seconds({"interval": number}, "interval")
