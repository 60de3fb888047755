# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module with an accepter that only remembers; tests/clouds has the real one."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.aws import accepter as aws
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, MissingLibraryError
from ansible_collections.atlasops.network.plugins.modules import aws_vpc_peering_accepter as module

ROUTES = [{"route_table_id": "rtb-1", "destination": "192.168.0.0/21"}]
RULES = [{"group_id": "sg-1", "cidr_block": "192.168.0.0/21", "from_port": 27017, "to_port": 27017}]


class Remembers:
    """What AWS has, and what was written."""

    def __init__(self) -> None:
        self.resolves = False
        self.written: list[Any] = []
        self.asked: list[Any] = []

    def dns_resolution(self) -> bool:
        return self.resolves

    def set_dns_resolution(self, value: bool) -> None:
        self.written.append(value)
        self.resolves = value

    def routes(self) -> list[Any]:
        return [one for one in ROUTES if one not in self.written]

    def rules(self, *asked: Any) -> list[Any]:
        self.asked.append(asked)
        return [one for one in RULES if one not in self.written]

    def delete_route(self, route: Any) -> None:
        self.written.append(route)

    delete_rule = delete_route


@pytest.fixture
def accepter() -> Remembers:
    return Remembers()


def options(**given: Any) -> dict[str, Any]:
    known = {"connection_id": "pcx-1", "region": "eu-west-1"}
    outcome = ArgumentSpecValidator(module.SPEC).validate({**known, **given})
    assert not outcome.error_messages
    return dict(outcome.validated_parameters)


def run(accepter: Any, check_mode: bool = False, **given: Any) -> dict[str, Any]:
    return module.run(options(**given), check_mode, accepter)


def test_dns_resolution_is_idempotent(accepter: Remembers) -> None:
    predicted = run(accepter, check_mode=True, dns_resolution=True)
    assert accepter.written == []
    first = run(accepter, dns_resolution=True)
    assert predicted == first
    assert first["accepter"] == {"dns_resolution": True}
    assert first["diff"] == {"before": {"dns_resolution": False}, "after": {"dns_resolution": True}}
    assert [run(accepter, dns_resolution=True)["changed"], run(accepter)["changed"]] == [False, False]
    assert run(accepter, dns_resolution=False)["changed"]


def test_absent_removes_routes_and_rules_once(accepter: Remembers) -> None:
    given = {"state": "absent", "security_group_ids": ["sg-1"], "atlas_cidr_block": "192.168.0.0/21", "ports": "27017"}
    predicted = run(accepter, check_mode=True, **given)
    assert accepter.written == []
    assert run(accepter, **given) == predicted
    assert predicted["accepter"] == {"removed_routes": ROUTES, "removed_rules": RULES}
    assert accepter.written == [*ROUTES, *RULES]
    assert accepter.asked[0] == (["sg-1"], "192.168.0.0/21", 27017, 27017)
    assert not run(accepter, **given)["changed"]


def test_ports_are_parsed_as_range(accepter: Remembers) -> None:
    run(accepter, state="absent")
    assert accepter.asked[0][2:] == (27015, 27017)
    with pytest.raises(InputError, match="ports is 'all', but must be a port or a range"):
        run(accepter, state="absent", ports="all")


def test_missing_boto3_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "BOTO3_TRACE", "No module named boto3")
    with pytest.raises(MissingLibraryError, match="boto3"):
        aws.Accepter(options())


def test_profile_with_access_key_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "BOTO3_TRACE", None)
    keys = {"access_key": "AKIA", "secret_key": "hidden", "session_token": "hidden, too"}
    with pytest.raises(InputError, match="profile and access_key are both set"):
        aws.Accepter(options(profile="network", **keys))
    assert [name for name, spec in module.SPEC.items() if spec.get("no_log")] == ["secret_key", "session_token"]
