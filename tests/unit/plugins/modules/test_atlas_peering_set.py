# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules atlas_peering_set and atlas_peering_report, and what atlas_peering shares with them, without Ansible."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
)
from ansible_collections.atlasops.network.plugins.modules import (
    atlas_peering,
    atlas_peering_report,
    atlas_peering_set,
)
from simulator import Simulator
from simulator.settings import PROJECT_NAME
from support import samples
from support.engine import FailedTask, run_module
from support.samples import NAMES, OPTIONS, PROJECT, by_region

ALL = [OPTIONS[name] for name in NAMES]
Task = Callable[..., dict[str, Any]]


@pytest.fixture
def task(module: Callable[..., Any], client: Client) -> Task:
    """Return a function that runs one of the modules with a task's options."""

    def run(plugin: Any, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        fake = module(plugin.SPEC, check_mode, **{"project_id": PROJECT, **options})
        result: dict[str, Any] = run_module(plugin, fake.params, client, fake.check_mode)
        return result

    return run


def test_present_and_absent_are_idempotent(atlas: Simulator, task: Task) -> None:
    predicted = task(atlas_peering_set, check_mode=True, connections=ALL)
    assert atlas.writes() == []
    created = task(atlas_peering_set, connections=ALL)
    ids = [record["id"] for record in created["peerings"]]
    known = [{**record, "id": one} for record, one in zip(predicted["peerings"], ids)]
    assert [record["action"] for record in created["peerings"]] == ["created"] * 3
    assert (known, len(created["diff"])) == (created["peerings"], 3)
    again = task(atlas_peering_set, connections=ALL)
    unchanged = [samples.by_itself({**record, "action": "unchanged"}) for record in created["peerings"]]
    assert (again["changed"], again["diff"], again["peerings"]) == (False, [], unchanged)

    identities = [samples.identity(name) for name in NAMES]
    deleted = task(atlas_peering_set, state="absent", connections=identities)
    assert (deleted["changed"], {record["phase"] for record in deleted["peerings"]}) == (True, {"deleting"})
    atlas.advance(1)
    gone = task(atlas_peering_set, state="absent", connections=identities)
    assert (gone["changed"], {record["phase"] for record in gone["peerings"]}) == (False, {"absent"})
    assert len(atlas.writes()) == 6


def test_set_equals_single_tasks(atlas: Simulator, task: Task) -> None:
    one_by_one = [task(atlas_peering, **options)["peering"] for options in ALL]
    unchanged = [samples.by_itself({**record, "action": "unchanged", "failure": None}) for record in one_by_one]
    assert task(atlas_peering_set, connections=ALL)["peerings"] == unchanged


@pytest.mark.parametrize("plugin", [atlas_peering, atlas_peering_set])
def test_warnings_are_returned(task: Task, plugin: Any) -> None:
    entry = by_region("AWS", container_region="US_EAST_1")
    options = {"connections": [entry]} if plugin is atlas_peering_set else entry
    (warning,) = task(plugin, **options)["warnings"]
    assert "has the block 192.168.240.0/21, not 10.8.0.0/21." in warning
    assert task(plugin, **{**options, "state": "absent"})["warnings"] == []


@pytest.mark.parametrize("plugin", [atlas_peering, atlas_peering_set])
def test_recreate_on_replaces_failed_connection(atlas: Simulator, task: Task, plugin: Any) -> None:
    options = {"connections": [OPTIONS["AWS"]]} if plugin is atlas_peering_set else OPTIONS["AWS"]
    task(plugin, **options)
    atlas.fail(atlas.peers()[0]["id"], "EXPIRED")
    with pytest.raises(FailedTask, match=r"recreate_on: \[expired\]"):
        task(plugin, **options)
    predicted = task(plugin, check_mode=True, recreate_on=["expired"], **options)
    assert predicted["changed"] is True


def test_one_failed_connection_fails_the_task(atlas: Simulator, task: Task) -> None:
    atlas.fault("POST", skip=2, status=403)
    with pytest.raises(FailedTask, match=r"^1 of 3 peering connections failed"):
        task(atlas_peering_set, connections=ALL)


def test_single_failed_connection_fails_with_its_own_error(atlas: Simulator, task: Task) -> None:
    atlas.fault("POST", status=403)
    with pytest.raises(FailedTask, match=r"^Could not create"):
        task(atlas_peering, **OPTIONS["AWS"])


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"connections": [{"provider_name": "AWS"}]}, InputError, r"^connections\[1\]: container_id, aws_account_id"),
        (
            {"connections": [OPTIONS["AWS"], {**OPTIONS["GCP"], "project_id": "x"}]},
            InputError,
            r"^connections\[2\]: project_id is 'x'",
        ),
        ({"connections": [{}, {}]}, InputError, r"^2 problems found: \(1\) connections\[1\]"),
        ({"connections": ALL, "recreate_timeout": 0}, InputError, "recreate_timeout is 0"),
        ({"connections": [{**OPTIONS["AWS"], "project_name": "nowhere"}]}, ApiError, "the project named 'nowhere'"),
    ],
)
def test_invalid_task_fails_without_writing(
    atlas: Simulator, task: Task, options: dict[str, Any], kind: type[AtlasError], words: str
) -> None:
    with pytest.raises(AtlasError, match=words) as failure:
        task(atlas_peering_set, **options)
    assert failure.value.kind == kind.__name__
    assert atlas.writes() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"connections": [], "state": "gone"},
        {"connections": [], "recreate_on": ["deleted"]},
        {"connections": [{"vpc": "x"}]},
        {"connections": [{"provider_name": "aws"}]},
    ],
)
def test_argument_spec_rejects_invalid_options(wrong: dict[str, Any]) -> None:
    assert ArgumentSpecValidator(atlas_peering_set.SPEC).validate(wrong).error_messages


# The report


def test_report_on_declared_and_undeclared_connections(atlas: Simulator, task: Task) -> None:
    other = atlas.add_project("other")
    undeclared = atlas.add_peer(other, "GCP", "WAITING_FOR_USER")
    task(atlas_peering_set, connections=[OPTIONS["AWS"]])
    connections = [OPTIONS["AWS"], {**by_region("AZURE"), "project_name": "other"}]
    written = len(atlas.writes())
    result = task(atlas_peering_report, connections=connections)
    assert (list(result), result["changed"], len(atlas.writes())) == (["changed", "report"], False, written)
    report = result["report"]
    assert [entry["state"] for entry in report["connections"]] == ["pending", "missing", "undeclared"]
    last = report["connections"][2]["peering"]
    assert (last["id"], last["atlas_network_name"] is not None) == (undeclared, True)
    assert report["counts"] == {"pending": 1, "missing": 1, "undeclared": 1}
    rooms = [(room["project_id"], room["state"]) for room in report["containers"]]
    assert rooms[:3] == [(PROJECT, "available"), (PROJECT, "undeclared"), (PROJECT, "undeclared")]
    assert rooms[3:] == [(other, "missing")] + [(other, "undeclared")] * 3
    assert [one["project_name"] for one in report["projects"]] == [None, "other"]
    assert report["drift"] is True


def test_report_without_connections_covers_project(atlas: Simulator, task: Task) -> None:
    peer_id = atlas.add_peer(PROJECT, "AZURE", "AVAILABLE")
    report = task(atlas_peering_report, connections=[])["report"]
    assert [entry["peering"]["id"] for entry in report["connections"]] == [peer_id]
    assert report["projects"] == [{"project_id": PROJECT, "project_name": None, "read": True}]
    named = task(atlas_peering_report, connections=[], project_id=None, project_name=PROJECT_NAME)["report"]
    assert named["projects"] == [{"project_id": PROJECT, "project_name": PROJECT_NAME, "read": True}]
    assert named["containers"] == report["containers"]


def test_report_lists_each_project_and_cloud_once(atlas: Simulator, task: Task) -> None:
    other = atlas.add_project("other")
    task(atlas_peering_report, connections=[OPTIONS["AWS"], OPTIONS["AWS"], {**OPTIONS["GCP"], "project_id": other}])
    assert len(atlas.exchanges) == 2 * (3 + 1)


def test_absent_beside_missing_one_is_deleted(atlas: Simulator, task: Task) -> None:
    """Whether or not the other one exists, and in either order."""
    task(atlas_peering_set, connections=[samples.OPTIONS["AWS"]])
    missing, existing = samples.identity("GCP"), samples.identity("AWS")
    result = task(atlas_peering_set, state="absent", connections=[missing, existing])
    assert [record["phase"] for record in result["peerings"]] == ["absent", "deleting"]
