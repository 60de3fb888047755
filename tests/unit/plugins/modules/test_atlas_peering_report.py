# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module atlas_peering_report, without Ansible: what an application needs, as far as Atlas tells."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PartialError
from ansible_collections.atlasops.network.plugins.modules import atlas_peering_report
from simulator import Simulator
from simulator.settings import PROJECT_NAME
from support.engine import run_module
from support.samples import OPTIONS, PROJECT, seed

Task = Callable[..., dict[str, Any]]


@pytest.fixture
def task(module: Callable[..., Any], client: Client) -> Task:
    """Return a function that runs the module for connections of some clouds and returns the report."""

    def run(*names: str, **options: Any) -> dict[str, Any]:
        given = {"project_id": PROJECT, "connections": [OPTIONS[name] for name in names], "usable": True, **options}
        fake = module(atlas_peering_report.SPEC, **given)
        return dict(run_module(atlas_peering_report, fake.params, client)["report"])

    return run


def let_in(report: dict[str, Any]) -> list[str]:
    return [one["usable"]["let_in"]["state"] for one in report["connections"]]


def listings(atlas: Simulator) -> list[str]:
    return [one.path.rpartition("/")[2] for one in atlas.exchanges if "/accessList" in one.path]


def test_access_lists_name_where_applications_connect_from(atlas: Simulator, task: Task) -> None:
    """By default the block that Atlas knows; of undeclared connections, too."""
    for name in ("AWS", "GCP"):
        seed(atlas, name)
    for block in ("10.15.0.0/16", "10.99.0.0/16"):
        atlas.add_access_list_entry(block)
    assert let_in(task("AWS", "GCP")) == ["yes", "unknown"]
    assert let_in(task("GCP", access_lists=[["10.128.0.0/20"]])) == ["no", "yes"]
    assert let_in(task("AWS", "GCP", access_lists=[[], None])) == ["yes", "unknown"]
    report = task("AWS", "GCP", access_lists=[["10.99.1.0/24"], ["10.15.0.7"]])
    assert let_in(report) == ["yes", "yes"]
    assert report["usable"] == {"yes": 1, "no": 0, "unknown": 1}


def test_block_of_a_missing_connection_is_the_declared_one(atlas: Simulator, task: Task) -> None:
    atlas.add_access_list_entry("10.15.0.0/16")
    report = task("AWS")
    assert (report["connections"][0]["state"], let_in(report)) == ("missing", ["yes"])


def test_only_entries_that_matter_cost_a_request(atlas: Simulator, task: Task) -> None:
    seed(atlas, "AWS")
    for block in ("10.15.0.0/16", "10.98.0.0/16", "10.99.0.0/16"):
        atlas.add_access_list_entry(block)
    task("AWS")
    assert listings(atlas) == ["accessList", "status"]
    atlas.clear_log()
    assert task("AWS", usable=False)["usable"] is None
    assert listings(atlas) == []


def test_access_list_that_cannot_be_read_is_unknown(atlas: Simulator, task: Task) -> None:
    seed(atlas, "AWS")
    atlas.fault("GET", "/accessList", status=403, body={"errorCode": "USER_UNAUTHORIZED"}, times=None)
    (one,) = task("AWS")["connections"]
    assert one["usable"]["let_in"]["state"] == "unknown"
    assert "USER_UNAUTHORIZED" in one["usable"]["let_in"]["reason"]
    assert one["usable"]["accepted"]["state"] == "yes"


def test_status_of_an_entry_counts_for_connections_of_projects_given_by_name(atlas: Simulator, task: Task) -> None:
    atlas.add_access_list_entry("10.15.0.0/16", status="FAILED")
    report = task("AWS", project_id=None, project_name=PROJECT_NAME)
    assert report["connections"][0]["peering"] is None
    assert report["connections"][0]["usable"]["let_in"] == {
        "state": "no",
        "reason": "The entry 10.15.0.0/16 of the IP access list has failed.",
        "cure": "Delete and create it again.",
    }
    assert {*report} == {*task("AWS", usable=False)}


def test_access_list_of_a_project_that_was_not_read_is_not_read(
    atlas: Simulator, module: Callable[..., Any], client: Client
) -> None:
    closed = atlas.add_project("closed")
    atlas.fault("GET", f"/groups/{closed}/containers", status=403, body={"errorCode": "USER_UNAUTHORIZED"}, times=None)
    entries = [{**OPTIONS["AZURE"], "project_id": one} for one in (PROJECT, closed)]
    fake = module(atlas_peering_report.SPEC, connections=entries, usable=True)
    with pytest.raises(PartialError) as failure:
        run_module(atlas_peering_report, fake.params, client)
    unread = failure.value.as_result()["report"]["connections"][1]
    assert unread["usable"]["let_in"]["reason"] == "The project was not read."
    assert listings(atlas) == ["accessList"]


def test_malformed_access_list_is_reported_for_its_connection(atlas: Simulator, task: Task) -> None:
    atlas.add_access_list_entry("10.15.0.0/16")
    seed(atlas, "AWS")
    (one,) = task("AWS", access_lists=[["10.15.0.0/99"]])["connections"]
    assert one["usable"]["let_in"]["cure"] == "Correct access_list of the connection."


def test_more_access_lists_than_connections_are_an_error(task: Task) -> None:
    with pytest.raises(InputError, match="access_lists has more elements than connections"):
        task("AWS", access_lists=[None, None])
