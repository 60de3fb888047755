# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module atlas_peering_info, without Ansible."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError
from ansible_collections.atlasops.network.plugins.modules import atlas_peering_info
from simulator import Simulator
from support.engine import run_module
from support.samples import NAMES, PEER, PROJECT

Task = Callable[..., list[str]]

ACCOUNT = "999999999999"
# Name of a seeded connection -> cloud, status, API fields.
SEEDS: dict[str, tuple[str, str, dict[str, str]]] = {
    "aws": ("AWS", "AVAILABLE", {"vpcId": "vpc-0000000a"}),
    "aws-waiting": ("AWS", "PENDING_ACCEPTANCE", {"vpcId": "vpc-0000000b", "awsAccountId": ACCOUNT}),
    "azure": ("AZURE", "FAILED", {"vnetName": "Hub"}),
    "gcp": ("GCP", "WAITING_FOR_USER", {"networkName": "one"}),
    "gcp-going": ("GCP", "DELETING", {"networkName": "two"}),
}
EVERYTHING = list(SEEDS)


@pytest.fixture
def ids(atlas: Simulator) -> dict[str, str]:
    """Seed a project, and another one that nothing may come from."""
    other = atlas.add_project("other")
    for name in NAMES:
        atlas.add_peer(other, name, "AVAILABLE")
    return {
        key: atlas.add_peer(atlas.project_id, name, status, **fields) for key, (name, status, fields) in SEEDS.items()
    }


@pytest.fixture
def task(module: Callable[..., Any], client: Client, ids: dict[str, str]) -> Task:
    """Return a function that runs the module and names what it found."""
    keys = {peer_id: key for key, peer_id in ids.items()}

    def run(**options: Any) -> list[str]:
        fake = module(atlas_peering_info.SPEC, **{"project_id": PROJECT, **options})
        result = run_module(atlas_peering_info, fake.params, client, fake.check_mode)
        assert list(result) == ["changed", "peerings"]
        assert result["changed"] is False
        return [keys[record["id"]] for record in result["peerings"]]

    return run


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, EVERYTHING),
        ({"provider_name": "AWS"}, ["aws", "aws-waiting"]),
        ({"provider_name": "AZURE"}, ["azure"]),
        ({"vpc_id": "vpc-0000000a"}, ["aws"]),
        ({"aws_account_id": ACCOUNT}, ["aws-waiting"]),
        ({"aws_account_id": ACCOUNT, "vpc_id": "vpc-0000000a"}, []),
        ({"vnet_name": "HUB"}, ["azure"]),
        ({"network_name": "two"}, ["gcp-going"]),
        ({"phase": ["failed", "deleting"]}, ["azure", "gcp-going"]),
        ({"phase": ["action_required"]}, ["aws-waiting", "gcp"]),
        ({"phase": ["action_required"], "provider_name": "GCP"}, ["gcp"]),
        ({"phase": ["pending"]}, []),
        ({"container_id": "64a1f0c35b7e2d4198c3ea02"}, ["azure"]),
        ({"container_id": "0" * 24}, []),
    ],
)
def test_filters_select_connections(task: Task, filters: dict[str, Any], found: list[str]) -> None:
    assert task(**filters) == found


@pytest.mark.parametrize(
    ("filters", "asked"),
    [({}, [*NAMES]), ({"provider_name": "AZURE"}, ["AZURE"]), ({"vpc_id": "vpc-0000000a"}, ["AWS"])],
)
def test_filters_limit_requests_to_matching_clouds(
    atlas: Simulator, task: Task, filters: dict[str, str], asked: list[str]
) -> None:
    task(**filters)
    listed = [exchange for exchange in atlas.exchanges if exchange.path.endswith("/peers")]
    assert [exchange.query["providerName"] for exchange in listed] == asked


@pytest.mark.parametrize("key", EVERYTHING)
def test_peer_id_returns_one_connection(atlas: Simulator, task: Task, ids: dict[str, str], key: str) -> None:
    assert task(peer_id=ids[key]) == [key]
    assert atlas.exchanges[0].path.endswith(f"/peers/{ids[key]}")


def test_peer_id_with_other_filters_must_match(task: Task, ids: dict[str, str]) -> None:
    assert task(id=ids["aws"], phase=["available"], vpc_id="vpc-0000000a") == ["aws"]
    assert task(id=ids["aws"], phase=["failed"]) == []
    assert task(id=ids["aws"], vpc_id="vpc-0000000b") == []


@pytest.mark.parametrize("filters", [{"provider_name": "AZURE"}, {"vnet_name": "Hub"}])
def test_peer_id_of_other_cloud_is_empty(task: Task, ids: dict[str, str], filters: dict[str, str]) -> None:
    assert task(id=ids["aws"], **filters) == []


def test_all_projects_are_read_in_the_order_of_their_names(
    atlas: Simulator, module: Callable[..., Any], client: Client, ids: dict[str, str]
) -> None:
    last = atlas.add_project("zoo")
    fake = module(atlas_peering_info.SPEC, project_id="ignored", all_projects=True, provider_name="AZURE")
    found = run_module(atlas_peering_info, fake.params, client, fake.check_mode)["peerings"]
    names = {one["id"]: one["name"] for one in client.pages("groups", "list")}
    assert [names[one["project_id"]] for one in found] == sorted(set(names.values()) - {"zoo"})
    listed = [exchange for exchange in atlas.exchanges if exchange.path.endswith("/peers")]
    assert len(listed) == 3
    assert any(last in exchange.path for exchange in listed)


def test_unknown_peer_id_is_empty(task: Task) -> None:
    assert task(peer_id=PEER) == []


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"peer_id": "x"}, InputError, "peer_id is 'x'"),
        ({"project_id": "x"}, InputError, "project_id is 'x'"),
        ({"project_id": ""}, InputError, "project_id is missing"),
        ({"all_projects": True, "project_ids": []}, InputError, "all_projects and project_ids are both given."),
        ({"vpc_id": "vpc-0000000a", "vnet_name": "hub"}, InputError, "Leave one out"),
        ({"provider_name": "GCP", "vnet_name": "hub"}, InputError, "Leave one out"),
        ({"project_id": "0" * 24}, ApiError, "GROUP_NOT_FOUND"),
        ({"project_id": "0" * 24, "peer_id": PEER}, ApiError, "GROUP_NOT_FOUND"),
    ],
)
def test_invalid_task_fails(task: Task, options: dict[str, str], kind: type[AtlasError], words: str) -> None:
    with pytest.raises(AtlasError, match=words) as failure:
        task(**options)
    assert failure.value.kind == kind.__name__


def test_record_of_gcp_includes_container_fields(
    module: Callable[..., Any], client: Client, ids: dict[str, str]
) -> None:
    fake = module(atlas_peering_info.SPEC, project_id=PROJECT, id=ids["gcp"])
    (record,) = run_module(atlas_peering_info, fake.params, client, fake.check_mode)["peerings"]
    assert record["peer_network"] == "example-project-1/one"
    assert record["next_action"].startswith("Create a peering from network one of GCP project example-project-1 to")
    assert record["atlas_network_name"] in record["next_action"]


@pytest.mark.parametrize("wrong", [{"phase": ["absent"]}, {"phase": ["gone"]}, {"provider_name": "aws"}])
def test_argument_spec_rejects_invalid_options(wrong: dict[str, Any]) -> None:
    assert ArgumentSpecValidator(atlas_peering_info.SPEC).validate(wrong).error_messages
