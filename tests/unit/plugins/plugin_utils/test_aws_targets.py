# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections as results have them, with the settings of the role: what the role would act on, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.filter import aws_targets as plugin
from ansible_collections.atlasops.network.plugins.plugin_utils.aws_targets import Targets, parse_targets
from support import samples

ROLE = Path(__file__).parents[4] / "roles" / "atlas_peering_aws"
SPEC = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())["__atlas_peering_aws_spec"]
DEFAULTS = {"atlas_peering_aws_connections": [], **yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())}


def record(status: str = "PENDING_ACCEPTANCE", error: str | None = None, **more: Any) -> dict[str, Any]:
    known = {"atlas_cidr_block": "192.168.0.0/21", "container_region": "US_EAST_1", "connection_id": "pcx-1"}
    return {**samples.record("AWS", status, error), **known, **more}


def parse(*records: dict[str, Any], removing: bool = False, **variables: Any) -> Targets:
    settings = {**DEFAULTS, **{f"atlas_peering_aws_{name}": value for name, value in variables.items()}}
    return parse_targets(records, settings, SPEC, removing)


def test_settings_of_a_connection_take_precedence() -> None:
    one, other = parse(
        record(aws={"route_tables": "rtb-1, rtb-2", "accept": "no"}), record(connection_id="pcx-2"), profile="network"
    ).targets
    assert (one.route_tables, one.accept, one.profile) == (["rtb-1", "rtb-2"], False, "network")
    assert (other.route_tables, other.accept) == ([], True)


def test_default_lists_are_plain_copies() -> None:
    """Templating yields lists of a type that cannot be copied."""

    class Lazy(list):  # type: ignore[type-arg]
        def __init__(self, *_args: Any) -> None:
            if _args:
                raise TypeError("Direct construction of lazy containers is not supported.")

    (target,) = parse(record(), subnets=Lazy()).as_dict()["targets"]
    assert target["subnets"] == []


@pytest.mark.parametrize(
    ("names", "region"),
    [
        ({"accepter_region_name": "EU_WEST_1"}, "eu-west-1"),
        ({"accepter_region_name": "eu-west-1"}, "eu-west-1"),
        ({"accepter_region_name": None}, "us-east-1"),
    ],
)
def test_region_is_spelled_as_in_aws(names: dict[str, Any], region: str) -> None:
    assert [target.region for target in parse(record(**names)).targets] == [region]


def test_record_without_region_is_completed_from_container() -> None:
    alone = record(container_region=None, accepter_region_name=None, atlas_cidr_block=None)
    container = {"id": alone["container_id"], "region": "EU_WEST_1", "atlas_cidr_block": "192.168.8.0/21"}
    (target,) = parse_targets([alone], DEFAULTS, SPEC, containers=[container]).targets
    assert (target.region, target.atlas_cidr_block) == ("eu-west-1", "192.168.8.0/21")
    assert len(parse_targets([alone], DEFAULTS, SPEC).problems) == 2


def test_other_clouds_are_ignored() -> None:
    found = parse(samples.record("GCP", "WAITING_FOR_USER"), samples.record("AZURE", "INITIATING"))
    assert not any(found.as_dict().values())


def test_places_with_equal_credentials_are_read_once() -> None:
    data = parse(
        record(),
        record(connection_id="pcx-2", security_groups=[]),
        record(connection_id="pcx-3", accepter_region_name="us-west-2", aws={"security_groups": ["sg-1"]}),
        role_arn=f"arn:aws:iam::{record()['aws_account_id']}:role/network",
    ).as_dict()
    assert len(data["roles"]) == 1
    assert [(place["connection_ids"], place["security_group_ids"]) for place in data["places"]] == [
        (["pcx-1", "pcx-2"], []),
        (["pcx-3"], ["sg-1"]),
    ]


@pytest.mark.parametrize(
    ("variables", "connection_ids"),
    [({}, []), ({"dns_resolution": True}, ["pcx-1"]), ({"removing": True}, ["pcx-1"])],
)
def test_request_of_available_connection_is_read_only_if_needed(
    variables: dict[str, Any], connection_ids: list[str]
) -> None:
    (place,) = parse(record("AVAILABLE"), **variables).as_dict()["places"]
    assert place["connection_ids"] == connection_ids


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"aws": {"acept": True}}, "aws.acept is no setting. Those are accept, all_route_tables,"),
        ({"aws": {"accept": "maybe"}}, "aws.accept is 'maybe', but must be true or false."),
        ({"aws": ["accept"]}, "aws is ['accept'], but must be a dictionary."),
        ({"atlas_cidr_block": None}, "atlas_cidr_block is missing. Pass connections as results have them."),
        ({"aws": {"role_arn": "network"}}, "role_arn is 'network', but must be one such as arn:aws:iam::"),
        (
            {"aws": {"role_arn": "arn:aws:iam::111111111111:role/x"}},
            "is a role of the account 111111111111, but the VPC",
        ),
        ({"aws": {"all_route_tables": True, "subnets": ["subnet-1"]}}, "Leave out route_tables and subnets."),
        ({"aws": {"ports": "27017-27015"}}, "ports is '27017-27015', but must be a port or a range"),
        ({"aws": {"ports": "70000"}}, "ports is '70000', but must be"),
    ],
)
def test_invalid_record_or_setting_is_a_problem(more: dict[str, Any], expected: str) -> None:
    found = parse(record(**more))
    assert found.targets == []
    (problem,) = found.problems
    assert expected in problem


@pytest.mark.parametrize("connection_id", ["pcx-1", None])
def test_failed_connection_is_a_problem(connection_id: str | None) -> None:
    (problem,) = parse(record("FAILED", "EXPIRED", connection_id=connection_id)).problems
    assert "Atlas says FAILED (EXPIRED)." in problem


def test_connection_without_request_is_waiting() -> None:
    found = parse(record("INITIATING", connection_id=None))
    assert (found.targets, found.problems) == ([], [])
    assert "atlas_peering_until: action_required" in found.waiting[0]


def test_removal_targets_every_requested_connection() -> None:
    found = parse(record("FAILED", "EXPIRED"), record("INITIATING", connection_id=None), removing=True)
    assert ([target.connection_id for target in found.targets], found.problems, found.waiting) == (["pcx-1"], [], [])


@pytest.fixture
def found_collection(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that is found as the collection amazon.aws."""

    class Spec:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr(plugin, "find_spec", lambda _name: Spec)
    return tmp_path


def test_missing_collection_is_a_problem_with_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin, "find_spec", lambda _name: None)
    (problem,) = plugin.aws_targets([record()], DEFAULTS, SPEC)["problems"]
    assert "is not installed" in problem
    assert "ansible-galaxy collection install amazon.aws" in problem
    assert plugin.aws_targets([], DEFAULTS, SPEC)["problems"] == [], "nobody needs it"


def test_old_collection_is_a_problem(found_collection: Path) -> None:
    (problem,) = plugin.aws_targets([record()], DEFAULTS, SPEC)["problems"]
    assert "amazon.aws 9.0.0 or newer, which is too old" in problem
    module = found_collection / "plugins" / "modules" / "ec2_vpc_peering_info.py"
    module.parent.mkdir(parents=True)
    module.touch()
    assert plugin.aws_targets([record()], DEFAULTS, SPEC)["problems"] == []
