# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of clouds: consistent in itself, and every sentence in it complete."""

from __future__ import annotations

import re
import string

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.model import cloud as cloud_model
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from support import samples

EVERY_CLOUD = pytest.mark.parametrize("cloud", CLOUDS.values(), ids=CLOUDS)
EVERY_STATUS = pytest.mark.parametrize(
    ("name", "status", "error"),
    [(name, status, error) for name in samples.NAMES for status, error in samples.statuses(name)],
)

OPTIONS = {
    "AWS": ["container_id", "accepter_region_name", "aws_account_id", "route_table_cidr_block", "vpc_id"],
    "AZURE": ["container_id", "azure_directory_id", "azure_subscription_id", "resource_group_name", "vnet_name"],
    "GCP": ["container_id", "gcp_project_id", "network_name"],
}
IDENTITY = {
    "AWS": ["aws_account_id", "vpc_id"],
    "AZURE": ["azure_subscription_id", "vnet_name"],
    "GCP": ["gcp_project_id", "network_name"],
}
ACTION_REQUIRED = {"AWS": ["PENDING_ACCEPTANCE"], "AZURE": [], "GCP": ["WAITING_FOR_USER"]}


def test_clouds_are_keyed_by_provider_name() -> None:
    assert [(key, cloud.name) for key, cloud in CLOUDS.items()] == [(name, name) for name in ("AWS", "AZURE", "GCP")]


@pytest.mark.parametrize(
    ("api", "option"),
    [("vpcId", "vpc_id"), ("routeTableCidrBlock", "route_table_cidr_block"), ("id", "id"), ("GroupId", "group_id")],
)
def test_option_is_api_name_in_snake_case(api: str, option: str) -> None:
    assert cloud_model.snake_case(api) == option


@EVERY_CLOUD
def test_peering_options_and_identity_per_cloud(cloud: Cloud) -> None:
    assert list(cloud.peering.options) == OPTIONS[cloud.name]
    assert [field.option for field in cloud.peering.identity] == IDENTITY[cloud.name]


@EVERY_CLOUD
def test_option_and_result_names_are_unique(cloud: Cloud) -> None:
    names = [
        *cloud.peering.options,
        *cloud.result_only,
        "id",
        "project_id",
        "provider_name",
        "peer_network",
        "status",
        "error",
    ]
    assert len(names) == len(set(names))


def test_only_route_table_cidr_block_is_mutable() -> None:
    assert [f.option for cloud in CLOUDS.values() for f in cloud.peering.fields if f.mutable] == [
        "route_table_cidr_block"
    ]


@EVERY_CLOUD
def test_identity_fields_are_immutable(cloud: Cloud) -> None:
    assert not [field.option for field in cloud.peering.identity if field.mutable]


@EVERY_CLOUD
def test_every_phase_has_a_status(cloud: Cloud) -> None:
    covered = set(cloud.phases.values())
    reachable = {cloud_model.PENDING, cloud_model.AVAILABLE, cloud_model.FAILED, cloud_model.DELETING}
    assert covered - {cloud_model.ACTION_REQUIRED} == reachable
    assert [s for s, phase in cloud.phases.items() if phase == cloud_model.ACTION_REQUIRED] == ACTION_REQUIRED[
        cloud.name
    ]


@EVERY_CLOUD
def test_action_required_statuses_have_a_next_action(cloud: Cloud) -> None:
    assert set(ACTION_REQUIRED[cloud.name]) <= set(cloud.next_actions)
    assert not [
        status
        for status in cloud.next_actions
        if cloud.phases.get(status) in (cloud_model.PENDING, cloud_model.AVAILABLE)
    ]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("AWS", "INITIATING", "TERMINATING"), ("AZURE", "ADDING_PEER", "DELETING"), ("GCP", "ADDING_PEER", "DELETING")],
)
def test_initial_and_deleting_status_per_cloud(name: str, first: str, last: str) -> None:
    cloud = CLOUDS[name]
    assert (cloud.initial_status, cloud.deleting_status) == (first, last)


def test_undeletable_statuses_are_failed() -> None:
    undeletable = [
        (cloud.name, cloud.phases[status]) for cloud in CLOUDS.values() for status in cloud.undeletable_statuses
    ]
    assert undeletable == [("AZURE", cloud_model.FAILED)]


@EVERY_CLOUD
def test_next_action_templates_name_only_record_keys(cloud: Cloud) -> None:
    record = samples.record(cloud.name)
    actions = (*cloud.next_actions.values(), *cloud.next_actions_by_fragment.values(), cloud.failure_action)
    for template in (*actions, *cloud.next_commands.values()):
        named = {name for _text, name, _spec, _conversion in string.Formatter().parse(template) if name}
        assert named <= {*record, "state"}, template


@EVERY_STATUS
def test_next_action_is_set_only_if_action_is_required_or_failed(name: str, status: str, error: str | None) -> None:
    record = samples.record(name, status, error)
    acts = record["phase"] in (cloud_model.ACTION_REQUIRED, cloud_model.FAILED)
    assert (record["next_action"] is not None) is acts
    assert (record["phase"] == cloud_model.AVAILABLE) is (status == "AVAILABLE")


@EVERY_STATUS
def test_next_action_is_a_whole_sentence(name: str, status: str, error: str | None) -> None:
    sentence = samples.record(name, status, error)["next_action"] or "Fine."
    assert re.fullmatch(r"[A-Z][^{}]*[^ ]\.", sentence)
    assert "  " not in sentence


@EVERY_STATUS
def test_next_action_without_optional_fields_never_contains_none(name: str, status: str, error: str | None) -> None:
    """Fields that Atlas may leave out: all but the identity."""
    known = {field.option for field in CLOUDS[name].peering.identity}
    unknown = {
        option: None for option in CLOUDS[name].peering.options if option not in known and option != "container_id"
    }
    sentence = samples.record(name, status, error, **unknown)["next_action"] or ""
    assert "None" not in sentence
    assert ", ," not in sentence
    assert "  " not in sentence


@pytest.mark.parametrize(("name", "status"), [("AWS", "PENDING_ACCEPTANCE"), ("GCP", "WAITING_FOR_USER")])
def test_status_is_pending_until_container_fields_for_next_action_are_known(name: str, status: str) -> None:
    cloud = CLOUDS[name]
    answer = samples.answer(name, status, **dict.fromkeys(cloud.peering.read_only))
    whole = samples.container(cloud)
    partial = [{**whole, key: None} for key, told in cloud.from_container.items() if told in cloud.needed_to_act]
    for container in ({}, dict.fromkeys(whole), *partial):
        record = PEERING.in_container(PEERING.normalise(answer, samples.PROJECT), container)
        assert (record["phase"], record["next_action"]) == ("pending", None)
    known = PEERING.in_container(PEERING.normalise(samples.answer(name, status), samples.PROJECT), whole)
    assert known["phase"] == "action_required"
    assert all(known[key] in known["next_action"] for key in cloud.needed_to_act)


SENTENCES = [
    (
        "AWS",
        "PENDING_ACCEPTANCE",
        None,
        "Accept pcx-0f1e2d3c4b5a69788 in AWS account 123456789012, us-east-1, before it expires after 7 days.",
    ),
    ("AWS", "FAILED", "REJECTED", "The owner of AWS account 123456789012 rejected it: agree with the owner first. "),
    ("AWS", "FAILED", "EXPIRED", "Nobody accepted it within 7 days. "),
    (
        "AWS",
        "FAILED",
        "INVALID_ARGUMENT",
        "AWS refused the request: check that vpc-0f1e2d3c4b5a69788 exists in account 123456789012, us-east-1,",
    ),
    ("AWS", "FAILED", None, ""),
    (
        "AZURE",
        "FAILED",
        "The role is missing.",
        "If the error names no reason, check that app-vnet is in resource group app-production of the subscription, "
        "and that Atlas' service principal has its role there. ",
    ),
    ("AZURE", "FAILED", "RETRYABLE", "Atlas gave up for a reason that may pass. Delete the connection"),
    ("AZURE", "FAILED", "Internal error.", "Atlas gives no reason; contact MongoDB support if it happens again. "),
    (
        "AZURE",
        "FAILED",
        "Could not create peering connection in Atlas Azure account because a peer with an overlapping CIDR block "
        "already exists.",
        "app-vnet is peered with an overlapping block already, perhaps that of another project's container: declare a "
        "container that has another block. ",
    ),
    (
        "GCP",
        "WAITING_FOR_USER",
        None,
        "Create a peering from network default of GCP project my-project-191923 to network "
        "nt-64a1f0c35b7e2d4198c3ea03-ab12cd34 of project p-ab12cd34ef56ab12cd34ef56.",
    ),
    ("GCP", "FAILED", "No such network.", "Check that network default exists in GCP project my-project-191923. "),
]


@pytest.mark.parametrize(("name", "status", "error", "sentence"), SENTENCES)
def test_next_action_per_status_and_error(name: str, status: str, error: str | None, sentence: str) -> None:
    action = samples.record(name, status, error)["next_action"]
    assert action.startswith(sentence)
    if status == "FAILED":
        assert action.endswith("Delete the connection (state: absent), wait until it is gone, and create it again.")


COMMANDS = [
    (
        "AWS",
        "aws ec2 accept-vpc-peering-connection --region us-east-1 --vpc-peering-connection-id pcx-0f1e2d3c4b5a69788",
    ),
    ("AZURE", None),
    (
        "GCP",
        "gcloud compute networks peerings create atlas-nt-64a1f0c35b7e2d4198c3ea03-ab12cd34 "
        "--project=my-project-191923 --network=default --peer-project=p-ab12cd34ef56ab12cd34ef56 "
        "--peer-network=nt-64a1f0c35b7e2d4198c3ea03-ab12cd34",
    ),
]


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_next_command_is_set_only_for_action_required_statuses(name: str, command: str | None) -> None:
    """It is known while somebody has to act, and at no other time."""
    statuses = {status: samples.record(name, status)["next_command"] for status in CLOUDS[name].phases}
    assert {status: found for status, found in statuses.items() if found} == dict.fromkeys(
        ACTION_REQUIRED[name], command
    )


def test_next_command_is_none_if_incomplete_and_quoted_otherwise() -> None:
    assert samples.record("AWS", "PENDING_ACCEPTANCE", accepter_region_name=None)["next_command"] is None
    odd = samples.record("GCP", "WAITING_FOR_USER", network_name="my net; ls")
    assert "--network='my net; ls' " in odd["next_command"]


def test_next_action_and_command_control_no_terminal() -> None:
    odd = samples.record("AWS", "PENDING_ACCEPTANCE", connectionId="pcx-\x1b[2J")
    assert odd["next_action"].startswith(r"Accept pcx-\x1b[2J in AWS account")
    assert odd["next_command"] is None, "what is copied would not be what is shown"


def test_next_action_without_region_names_region_of_container() -> None:
    action = samples.record("AWS", "PENDING_ACCEPTANCE", accepter_region_name=None)["next_action"]
    assert "in AWS account 123456789012, the region of its Atlas container, before" in action


def test_next_action_shows_question_mark_for_unknown_field() -> None:
    action = samples.record("AWS", "FAILED", "REJECTED", aws_account_id=None)["next_action"]
    assert action.startswith("The owner of AWS account ? rejected it")


def test_gcp_record_includes_project_and_network_of_container() -> None:
    record = samples.record("GCP", "WAITING_FOR_USER")
    assert record["atlas_gcp_project_id"] == "p-ab12cd34ef56ab12cd34ef56"
    assert record["atlas_network_name"] == "nt-64a1f0c35b7e2d4198c3ea03-ab12cd34"
    assert (record["gcp_project_id"], record["network_name"]) == ("my-project-191923", "default")
