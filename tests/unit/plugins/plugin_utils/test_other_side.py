# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What connections declare for their other side, and the steps of both sides in words."""

from __future__ import annotations

from typing import Any

from ansible_collections.atlasops.network.plugins.filter.other_side import other_side
from ansible_collections.atlasops.network.plugins.plugin_utils.other_side import SIDES, atlas_part
from support import samples

ROLE = "arn:aws:iam::123456789012:role/network"


def declared(name: str, **settings: Any) -> dict[str, Any]:
    return {"provider_name": name, **samples.identity(name), **settings}


def steps(*connections: dict[str, Any], records: list[dict[str, Any]], **how: Any) -> list[str]:
    return list(other_side(connections, ["aws", "gcp"], records, **how)["steps"])


def test_atlas_part_removes_other_side_settings() -> None:
    plain = declared("AWS")
    assert atlas_part([{**plain, "access_list": [], **{key: {"x": 1} for key in SIDES}}, "text"]) == [plain, "text"]


def test_settings_of_other_cloud_are_a_problem() -> None:
    found = other_side([declared("AWS", aws={}), declared("GCP", aws={})], ["aws"])
    assert found["problems"] == ["atlas_peering_connections[1] has aws, but its provider_name is GCP. Remove aws."]


def test_planned_connections_have_the_keys_of_results() -> None:
    for name in samples.NAMES:
        (planned,) = other_side([declared(name, project_id=samples.PROJECT)], [])["connections"]
        assert set(planned) >= {"provider_name", "phase", "project_id", *samples.identity(name)}
        assert (planned["phase"], planned["project_id"]) == ("pending", None)


def test_results_include_settings_and_current_state() -> None:
    records = [samples.record("AWS", "TERMINATING"), {**samples.record("GCP"), "id": None}]
    found = samples.record("AWS", "AVAILABLE")
    declarations = [declared("AWS", aws={"profile": "network"}), declared("GCP")]
    combined = other_side(declarations, ["aws"], records, found=[found])["connections"]
    assert combined == [{**found, "aws": {"profile": "network"}}, records[1]]


def test_steps_name_who_acts_and_where() -> None:
    new = {**samples.record("AWS", "INITIATING", connection_id=None), "id": None}
    one = declared("AWS", aws={"role_arn": ROLE, "route_tables": ["rtb-1", "rtb-2"]})
    assert steps(one, records=[new]) == [
        f"AWS 123456789012/vpc-0f1e2d3c4b5a69788: 1. Atlas creates the connection in project {samples.PROJECT}. "
        f"2. The role {ROLE} accepts the request in AWS account 123456789012, us-east-1. "
        f"3. The role {ROLE} adds missing routes to Atlas in the route tables rtb-1, rtb-2."
    ]


def test_steps_use_role_variables() -> None:
    records = [samples.record("AWS", "PENDING_ACCEPTANCE"), samples.record("GCP", "WAITING_FOR_USER")]
    lines = steps(declared("AWS"), declared("GCP"), records=records, variables={"atlas_peering_aws_profile": "net"})
    assert lines == [
        "AWS 123456789012/vpc-0f1e2d3c4b5a69788: 1. The AWS profile net accepts the request in AWS account "
        "123456789012, us-east-1.",
        "GCP my-project-191923/default: 1. The owner of the Google credentials creates the peering of network default "
        "in GCP project my-project-191923.",
    ]


def test_steps_of_available_or_unrequested_connections() -> None:
    records = [samples.record("GCP"), samples.record("AZURE", "ADDING_PEER")]
    assert steps(declared("GCP"), declared("AZURE"), records=records) == [
        "GCP my-project-191923/default: Nothing is left to do.",
        f"AZURE {records[1]['peer_network']}: 1. The owner of {records[1]['peer_network']} acts on the other side.",
    ]


def test_steps_on_azure_begin_before_atlas_and_end_after_it() -> None:
    new, gone = {**samples.record("AZURE", "ADDING_PEER"), "id": None}, samples.record("AZURE")
    network, where = new["peer_network"], f"{new['vnet_name']} in subscription {new['azure_subscription_id']}"
    creates = f"2. Atlas creates the connection in project {samples.PROJECT}."

    def line(settings: dict[str, Any], record: dict[str, Any], **how: Any) -> str:
        (found,) = other_side([declared("AZURE", azure=settings)], ["azure"], [record], **how)["steps"]
        return str(found).removeprefix(f"AZURE {network}: ")

    assert line({}, new) == f"1. The owner of the Azure credentials checks that Atlas may peer with {where}. {creates}"
    assert line({"create": "yes"}, new).startswith(
        f"1. The owner of the Azure credentials grants Atlas what it lacks to peer with {where}."
    )
    assert line({"create": "no"}, new, variables={"atlas_peering_azure_create": True}) == line({}, new)
    assert line({}, {**new, "id": "6915a1c2cd1f4a5b6c7d8ea0"}) == "Nothing is left to do."
    deletes = f"1. Atlas deletes the connection in project {samples.PROJECT}."
    assert line({}, gone, removing=True) == deletes
    assert line({"revoke": True}, gone, removing=True) == (
        f"{deletes} 2. The owner of the Azure credentials revokes Atlas' access to {where}, unless another connection "
        "needs it."
    )


def test_results_include_what_only_the_declaration_knows() -> None:
    """A connection that is gone has no more than what identifies it."""
    gone = {key: value for key, value in samples.record("AZURE").items() if key != "resource_group_name"}
    (combined,) = other_side([declared("AZURE", resource_group_name="app")], ["azure"], [gone])["connections"]
    assert combined == {**declared("AZURE"), **gone, "resource_group_name": "app"}


def test_steps_of_removal_begin_with_other_side() -> None:
    gone = {**samples.record("GCP"), "phase": "absent"}
    assert steps(declared("AWS"), declared("GCP"), records=[samples.record("AWS"), gone], removing=True) == [
        "AWS 123456789012/vpc-0f1e2d3c4b5a69788: 1. The owner of the AWS credentials removes the routes and deletes "
        "the connection in AWS account 123456789012, us-east-1. 2. Atlas deletes the connection in project "
        f"{samples.PROJECT}.",
        "GCP my-project-191923/default: Nothing is left to do.",
    ]


def test_steps_end_with_access_list_and_its_removal_comes_first() -> None:
    asked, where = declared("AWS", access_list=["10.15.0.0/17"]), f"the IP access list of project {samples.PROJECT}"
    (line,) = other_side([asked], [], [samples.record("AWS")])["steps"]
    assert line.endswith(f": 1. Atlas adds 10.15.0.0/17 to {where}, if missing.")
    lines = other_side(
        [declared("AWS"), declared("GCP")], [], [samples.record("AWS"), samples.record("GCP")], admitting=True
    )
    assert [line.rpartition(": ")[2] for line in lines["steps"]] == [
        f"1. Atlas adds 10.15.0.0/16 to {where}, if missing.",
        "Nothing is left to do.",
    ]
    (line,) = steps(asked, records=[samples.record("AWS")], removing=True)
    network = "123456789012/vpc-0f1e2d3c4b5a69788"
    assert line.startswith(f"AWS {network}: 1. Atlas removes from {where} what was added for {network}. 2. The owner")
