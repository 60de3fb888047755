# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users get wrong ends in one clear sentence with the cure, and nothing is created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from simulator import Simulator
from support.messages import is_readable
from support.run_playbook import Play, Run, Task
from support.samples import identity
from support.tasks import Options, absent, connection, info, peering, tried, wait

ID = "64a1f0c35b7e2d4198c3e001"


@dataclass(frozen=True)
class Mistake:
    """A task that must fail, the kind of failure, and what its message must say."""

    task: Task
    kind: str
    words: tuple[str, ...]


def mistake(task: Task, kind: str, *words: str) -> Mistake:
    return Mistake(task, kind, words)


def play_all(play: Play, mistakes: list[Mistake], **how: Any) -> Run:
    run = play(*tried(*(one.task for one in mistakes)), **how)
    unclear = {}
    for one in mistakes:
        name = one.task["name"]
        msg = run.msg(name)
        missing = [words for words in one.words if words not in msg]
        if missing or not is_readable(msg) or run[name].get("failure", {}).get("kind", "") != one.kind:
            unclear[name] = {"msg": msg, "missing": missing, "failure": run[name].get("failure")}
    assert unclear == {}
    return run


def aws(**changes: Any) -> Options:
    return connection("AWS", **changes)


def mistyped(option: str, value: str, *words: str, cloud: str = "AWS") -> Mistake:
    task = peering(f"{option} {value}", connection(cloud, **{option: value}))
    return mistake(task, "InputError", f"{option} is '{value}', but must be", *words)


def test_invalid_values_fail_before_any_request(atlas: Simulator, play: Play) -> None:
    """They are found before anything is asked."""
    mistakes = [
        mistyped("container_id", "container-1", "24 hexadecimal characters"),
        mistyped("peer_id", "12345", "24 hexadecimal characters"),
        mistyped("project_id", "my-project", "24 hexadecimal characters"),
        mistyped("aws_account_id", "12345", "12 digits", "in quotes, if it begins with 0"),
        mistyped("vpc_id", "vpc-XYZ", "vpc-0f1e2d3c4b5a69788"),
        mistyped("accepter_region_name", "Virginia", "us-east-1"),
        mistyped("route_table_cidr_block", "10.15.0.0", "10.15.0.0/16", "prefix length is missing"),
        mistyped("route_table_cidr_block", "10.15.0.1/16", "10.15.0.0/16", "host bits set"),
        mistyped("route_table_cidr_block", "10.15.0.0/33", "10.15.0.0/16"),
        mistyped("azure_directory_id", "contoso", "UUID", cloud="AZURE"),
        mistyped("azure_subscription_id", "8dec2d92", "UUID", cloud="AZURE"),
        mistyped("vnet_name", "app vnet", "Azure virtual network", cloud="AZURE"),
        mistyped("gcp_project_id", "My_Project", "my-project-191923", cloud="GCP"),
        mistyped("network_name", "Default", "GCP VPC network", cloud="GCP"),
    ]
    play_all(play, mistakes)
    assert atlas.exchanges == []


def test_invalid_combinations_fail(atlas: Simulator, play: Play) -> None:
    mistakes = [
        mistake(
            peering("field of another cloud", aws(vnet_name="app-vnet")),
            *(
                "InputError",
                "vnet_name cannot be used with provider_name AWS: it belongs to AZURE",
                "The fields of AWS are",
            ),
        ),
        mistake(
            peering("fields of another cloud", {**connection("GCP"), "vpc_id": "vpc-1", "aws_account_id": "1"}),
            *("InputError", "aws_account_id, vpc_id cannot be used", "they belong to AWS"),
        ),
        mistake(
            peering("fields missing", aws(container_id=None, vpc_id=None)),
            *("InputError", "container_id, vpc_id are missing", "provider_name AWS needs them"),
        ),
        mistake(
            absent("identity missing", {"provider_name": "AZURE", "vnet_name": "app-vnet"}),
            *("InputError", "azure_subscription_id is missing", "or peer_id"),
        ),
        mistake(peering("no cloud", {"vpc_id": "vpc-1"}), "InputError", "provider_name is missing", "AWS, AZURE, GCP"),
        mistake(absent("nothing", {}), "InputError", "provider_name is missing"),
        mistake(peering("unknown cloud", aws(provider_name="aws")), "", "provider_name", "AWS, AZURE, GCP", "aws"),
        mistake(peering("misspelt", aws(vpcid="vpc-1")), "", "Unsupported parameters", "vpcid", "vpc_id"),
        mistake(peering("state", aws(state="gone")), "", "state", "present, absent", "gone"),
        mistake(peering("timeout", aws(timeout=0)), "InputError", "timeout is 0, but it must be at least 1"),
        mistake(peering("retry_timeout", aws(retry_timeout=-1)), "InputError", "retry_timeout is -1"),
        mistake(
            peering("ca_path", aws(ca_path="/no/such/file")), "InputError", "/no/such/file, which does not exist", "PEM"
        ),
        mistake(
            info("filters of two clouds", {"vpc_id": "vpc-0f1e2d3c4b5a69788", "vnet_name": "app-vnet"}),
            *("InputError", "vpc_id, vnet_name", "Leave one out"),
        ),
        mistake(
            info("filter of another cloud", {"provider_name": "GCP", "vnet_name": "app-vnet"}),
            *("InputError", "no peering connection of provider_name GCP", "vnet_name"),
        ),
        mistake(info("malformed filter", {"vpc_id": "1"}), "InputError", "vpc_id is '1', but must be"),
        mistake(info("malformed id", {"peer_id": "1"}), "InputError", "peer_id is '1', but must be"),
        mistake(info("phase", {"phase": ["ready"]}), "", "phase", "pending, action_required, available"),
    ]
    run = play_all(play, mistakes)
    assert "Did you mean" in run.msg("misspelt") or "Supported parameters include" in run.msg("misspelt")
    assert atlas.exchanges == []


def test_invalid_base_url_fails_before_any_request(atlas: Simulator, play: Play) -> None:
    """Nothing is sent to an address that is not https, unless it is this machine's own."""
    port = atlas.url.rpartition(":")[2]
    addresses: Mapping[str, tuple[str, ...]] = {
        f"http://0.0.0.0:{port}": ("credentials are sent over https only", f"Use https://0.0.0.0:{port} instead"),
        "http://cloud.mongodb.com": ("Use https://cloud.mongodb.com instead",),
        "http://localhost.example.com": ("Use https://localhost.example.com instead",),
        "http://127.0.0.1.example.com": ("credentials are sent over https only",),
        "cloud.mongodb.com": ("not a plain address like https://cloud.mongodb.com",),
        f"{atlas.url}/api/atlas/v2": ("not a plain address like https://cloud.mongodb.com",),
        "ftp://127.0.0.1": ("not a plain address",),
        "https://user:password@cloud.mongodb.com": ("contains a user name or password",),
        "https://[::1": ("not an address like https://cloud.mongodb.com",),
        f"http://127.0.0.1:{port}0": ("not an address like https://cloud.mongodb.com",),
    }
    first, *others = addresses
    tasks = [
        info(first, {"base_url": first}),
        *(wait(address, [identity("GCP")], base_url=address, retry_timeout=0) for address in others),
    ]
    run = play_all(play, [mistake(task, "InputError", *addresses[task["name"]]) for task in tasks])
    assert "password@" not in run.msg("https://user:password@cloud.mongodb.com")
    assert atlas.exchanges == []


def test_errors_of_atlas_fail_with_hint(atlas: Simulator, play: Play) -> None:
    unknown = "0" * 24
    mistakes = [
        mistake(
            peering("no such project", aws(project_id=unknown)),
            *("ApiError", f"project {unknown}", "GROUP_NOT_FOUND", "Check project_id", "commercial or government"),
        ),
        mistake(
            info("no such project to read", {"group_id": unknown}), "ApiError", "GROUP_NOT_FOUND", "Check project_id"
        ),
        mistake(
            peering("container of another cloud", aws(container_id=atlas.containers["GCP"])),
            *("ApiError", "INVALID_PROVIDER_PARAMETERS", "Check that container_id names a container of the cloud"),
        ),
        mistake(
            peering("no such container", aws(container_id=unknown)),
            *("ApiError", "CLOUD_PROVIDER_CONTAINER_NOT_FOUND", unknown, "Check container_id"),
        ),
        mistake(
            peering("public block", aws(route_table_cidr_block="8.8.0.0/16")),
            *(
                "PlanError",
                "8.8.0.0/16",
                "is not within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. Choose one that is",
            ),
        ),
        mistake(
            peering("block of Atlas", aws(route_table_cidr_block="192.168.240.0/24")),
            *("PlanError", "192.168.240.0/24", "overlaps with 192.168.240.0/21 of its Atlas container"),
        ),
        mistake(
            peering("no such id", {"provider_name": "AWS", "peer_id": unknown, "route_table_cidr_block": "10.0.0.0/8"}),
            *("PlanError", f"There is no peering connection {unknown}", "Leave peer_id out to create one"),
        ),
    ]
    run = play_all(play, mistakes)
    failure = run["no such container"]["failure"]
    assert failure == {
        "kind": "ApiError",
        "hint": failure["hint"],
        "status": 404,
        "error_code": "CLOUD_PROVIDER_CONTAINER_NOT_FOUND",
        "detail": f"An invalid cloud provider container ID {unknown} was specified.",
        "parameters": [unknown],
        "method": "POST",
        "path": f"/api/atlas/v2/groups/{atlas.project_id}/peers",
    }
    assert failure["hint"] in run.msg("no such container")
    assert atlas.peers() == []


def test_limits_and_conflicts_of_atlas_fail_with_hint(make_atlas: Any, play: Play) -> None:
    atlas = make_atlas(max_peers=2, azure_access_granted=False, updatable_statuses=("AVAILABLE",), pace=0.0)
    atlas.add_peer(atlas.project_id, "AWS", routeTableCidrBlock="10.15.0.0/16")
    mistakes = [
        mistake(
            peering("overlap", aws(route_table_cidr_block="10.15.128.0/17")),
            *("PlanError", "10.15.128.0/17", "overlaps with 10.15.0.0/16 of connection", "Delete it first"),
        ),
        mistake(
            peering("no role on the network", connection("AZURE")),
            *("ApiError", "AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED", "Grant Atlas' service principal its role"),
        ),
    ]
    play_all(play, mistakes, environment=atlas.environment())
    waiting = atlas.peers()[0]["id"]
    atlas.add_peer(atlas.project_id, "GCP")
    mistakes = [
        mistake(peering("too many", connection("GCP")), "ApiError", "PEER_MAXIMUM_REACHED", "Delete connections"),
        mistake(
            peering("not now", {"provider_name": "AWS", "peer_id": waiting, "route_table_cidr_block": "10.16.0.0/16"}),
            *("ApiError", "PEER_INVALID_STATE", "Wait until the connection is AVAILABLE (atlas_peering_wait)"),
        ),
    ]
    play_all(play, mistakes, environment=atlas.environment())
    assert len(atlas.peers()) == 2


CHECK = "Check the credentials, and that base_url names the Atlas they belong to"


def test_wrong_credentials_fail_with_hint(atlas: Simulator, play: Play) -> None:
    bad: Mapping[str, tuple[Options, str, tuple[str, ...]]] = {
        "private key": ({"public_key": atlas.public_key, "private_key": "wrong"}, "ApiError", ("401", CHECK)),
        "public key": ({"public_key": "unknown", "private_key": "wrong"}, "ApiError", ("401", CHECK)),
        "client secret": (
            {"client_id": atlas.client_id, "client_secret": "wrong"},
            "ApiError",
            ("Could not get an access token", "invalid_client", "Check client_id and client_secret"),
        ),
        "token": ({"access_token": "expired.or.wrong"}, "ApiError", ("401", "HTTP 401")),
        "nothing": ({}, "InputError", ("No credentials are given", "MONGODB_ATLAS_CLIENT_ID")),
        "half a key": (
            {"public_key": atlas.public_key},
            "InputError",
            ("private_key is missing",),
        ),
        "half an account": ({"client_secret": "x"}, "InputError", ("client_secret is set, but client_id is missing",)),
    }
    mistakes = [
        mistake(task, kind, *words)
        for name, (given, kind, words) in bad.items()
        for task in (
            peering(f"{name}: create", {**connection("GCP"), **given}),
            wait(f"{name}: wait", [identity("GCP")], **given),
        )
    ]
    place = {"MONGODB_ATLAS_BASE_URL": atlas.url, "MONGODB_ATLAS_PROJECT_ID": atlas.project_id}
    play_all(play, mistakes, environment=place)
    assert atlas.writes() == []
    assert atlas.peers() == []


@pytest.mark.parametrize("role_error", ["ACCESS_FORBIDDEN", "USER_UNAUTHORIZED"])
def test_missing_permissions_fail_with_hint(role_error: str, make_atlas: Any, play: Play) -> None:
    atlas = make_atlas(pace=0.0, role_error=role_error)
    elsewhere = atlas.add_project("elsewhere")
    atlas.add_api_key("readerky", "r" * 36, {atlas.project_id: "read_only"})
    atlas.add_api_key("stranger", "s" * 36, {elsewhere: "owner"})
    atlas.add_api_key("outsider", "o" * 36, {atlas.project_id: "owner"}, on_access_list=False)
    atlas.add_service_account("mdb_sa_id_reader", "secret", {atlas.project_id: "read_only"})
    reader, stranger, outsider = (
        {"public_key": name, "private_key": name[0] * 36} for name in ("readerky", "stranger", "outsider")
    )
    account = {"client_id": "mdb_sa_id_reader", "client_secret": "secret"}
    role = "the role Project Network Access Manager"
    mistakes = [
        mistake(peering("role of the key", {**connection("GCP"), **reader}), "ApiError", role_error, role),
        mistake(peering("role of the account", {**connection("GCP"), **account}), "ApiError", role_error, role),
        mistake(
            info("member", stranger),
            *("ApiError", "NOT_IN_GROUP", "Add the API key or service account to the project, or check project_id"),
        ),
        mistake(
            info("access list", outsider),
            *("ApiError", "IP_ADDRESS_NOT_ON_ACCESS_LIST", "IP address 127.0.0.1", "to the API access list"),
        ),
    ]
    place = {"MONGODB_ATLAS_BASE_URL": atlas.url, "MONGODB_ATLAS_PROJECT_ID": atlas.project_id}
    run = play_all(play, mistakes, environment=place)
    assert run.returncode == 0
    assert atlas.peers() == []


def test_missing_project_id_fails(atlas: Simulator, play: Play) -> None:
    environment = {**atlas.environment(), "MONGODB_ATLAS_PROJECT_ID": ""}
    words = ("project_id is missing", "MONGODB_ATLAS_PROJECT_ID")
    mistakes = [
        mistake(peering("create", connection("GCP")), "InputError", *words),
        mistake(info("read"), "InputError", *words),
        mistake(absent("delete", identity("GCP")), "InputError", *words),
    ]
    play_all(play, mistakes, environment=environment)
    assert atlas.exchanges == []
