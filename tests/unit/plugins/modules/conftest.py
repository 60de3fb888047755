# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module without Ansible: its parameters as the argument spec leaves them, and a client of a simulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Callable, NoReturn

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import parse_settings
from simulator import Simulator


class FakeModule:
    """Allows its parameters to be read and nothing else: what helps a module neither exits nor fails."""

    def __init__(self, params: Mapping[str, Any], check_mode: bool) -> None:
        self.params, self.check_mode = params, check_mode

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"the module itself is asked for {name}")


@pytest.fixture
def client(atlas: Simulator) -> Iterator[Client]:
    """Yield a client as the modules themselves would make it."""
    unset = dict.fromkeys(options.CONNECTION_SPEC)
    defaults = {"api_version": "v2", "timeout": 5, "retry_timeout": 0, "validate_certs": True}
    given = {"base_url": atlas.url, "access_token": atlas.issue_token()}
    with Client(parse_settings({**unset, **defaults, **given})) as client:
        yield client


@pytest.fixture
def module() -> Callable[..., FakeModule]:
    """Return a function that makes a module from its argument spec and a task's options."""

    def make(spec: Mapping[str, Any], check_mode: bool = False, **given: Any) -> FakeModule:
        outcome = ArgumentSpecValidator(spec).validate(given)
        assert not outcome.error_messages
        return FakeModule(outcome.validated_parameters, check_mode)

    return make
