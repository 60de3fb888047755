# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation against successes that are none: nothing reads as absent, as done, or as a traceback."""

from __future__ import annotations

import re
from itertools import product
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import project_hosts
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.modules import (
    atlas_access_list,
    atlas_access_list_info,
    atlas_container,
    atlas_container_info,
    atlas_peering,
    atlas_peering_export,
    atlas_peering_info,
    atlas_peering_report,
    atlas_peering_set,
)
from simulator import Simulator
from simulator.settings import PROJECT_NAME
from support import samples
from support.engine import run_module
from support.samples import CONTAINERS, OPTIONS, PROJECT, seed

ID, OTHER_ID = samples.PEER, samples.OTHER_PEER
OTHER_BLOCK = "10.16.0.0/16"
ENTRY, GROUP = {"cidr_block": OTHER_BLOCK}, {"aws_security_group": "sg-0f1e2d3c4b5a69788"}
Fault = dict[str, Any]
Operation = Callable[..., Any]


def nulls(name: str, **known: Any) -> dict[str, Any]:
    return {**dict.fromkeys(samples.answer(name)), **known}


#: What is no answer to any of the requests here.
FOREIGN: dict[str, Fault] = {
    "an empty object": {"status": 200, "body": {}},
    "nothing": {"status": 200, "body": b""},
    "no content": {"status": 204},
    "another object": {"status": 200, "body": {"status": "ok"}},
    "a page": {"status": 200, "body": "<html>Welcome</html>"},
    "a list": {"status": 200, "body": []},
    "null": {"status": 200, "body": b"null"},
    "nulls": {"status": 200, "body": nulls("AWS")},
    "nulls with an id": {"status": 200, "body": nulls("AWS", id=ID)},
    "objects in place of texts": {"status": 201, "body": samples.answer("AWS", vpc_id={"a": 1}, id=ID)},
    "somebody else's": {"status": 200, "body": samples.answer("AWS", vpc_id="vpc-0bbbbbbbbbbbbbbbb", id=OTHER_ID)},
    "of another cloud": {"status": 200, "body": samples.answer("GCP", id=ID)},
    "of no cloud": {"status": 200, "body": {"id": ID, "providerName": "TENANT"}},
    "an id that is none": {"status": 200, "body": samples.answer("AWS", id="../x")},
    "results that are null": {"status": 200, "body": {"results": None}},
    "a null among the results": {"status": 200, "body": {"results": [None]}},
    "a text among the results": {"status": 200, "body": {"results": ["x"]}},
    "results without an id": {"status": 200, "body": {"results": [{"providerName": "AWS"}]}},
    "results of nulls": {"status": 200, "body": {"results": [nulls("AWS", id=ID)]}},
    "results of objects": {"status": 200, "body": {"results": [samples.answer("AWS", vpc_id=["x"])]}},
    "results of another cloud": {"status": 200, "body": {"results": [samples.answer("GCP", id=ID)], "totalCount": 1}},
    "fewer results than are counted": {"status": 200, "body": {"results": [], "totalCount": 1}},
    "links of nulls": {"status": 200, "body": {"results": [], "links": [None]}},
    "a redirect": {"status": 302, "redirect": "https://login.example.com/"},
    "a cut in the head": {"cut": 60},
    "a cut after the status": {"cut": 17},
    "a cut in the body": {"truncate": True},
    "a lost answer": {"drop": True},
    "trouble": {"status": 500},
    "trouble of a proxy": {"status": 520, "body": "<html>"},
}


@pytest.fixture
def task(module: Callable[..., Any], client: Client) -> Operation:
    """Return a function that runs one of the modules with a task's options."""

    def run(plugin: Any, **options: Any) -> dict[str, Any]:
        fake = module(plugin.SPEC, False, **{"project_id": PROJECT, **options})
        result: dict[str, Any] = run_module(plugin, fake.params, client, fake.check_mode)
        return result

    return run


def failure(operation: Callable[[], Any]) -> AtlasError:
    """Return how an operation fails, which is one sentence and a cure."""
    with pytest.raises(AtlasError) as caught:
        operation()
    text = str(caught.value)
    assert re.match(r"([12] of [12] [\w ]+ failed\. )?Could not .*\.$", text), text
    assert not re.search(r"Traceback|Error\(|object at|None of|KeyError", text), text
    return caught.value


# Reading


def export_one(client: Client) -> dict[str, Any]:
    options = {"projects": [{"project_id": PROJECT, "host": "shop"}], "path": "", "format": "host_vars"}
    return atlas_peering_export.run(options, False, client)


LOOKING = {"vpc_id": OPTIONS["AWS"]["vpc_id"], "aws_account_id": OPTIONS["AWS"]["aws_account_id"]}
#: Operation -> the path of the list or the resource that it reads, and how.
READS: dict[str, tuple[str, Operation]] = {
    "create": ("/peers", lambda task, client: task(atlas_peering, **OPTIONS["AWS"])),
    "delete": ("/peers", lambda task, client: task(atlas_peering, **samples.identity("AWS"), state="absent")),
    "delete by id": ("/peers/", lambda task, client: task(atlas_peering, peer_id=ID, state="absent")),
    "set": ("/peers", lambda task, client: task(atlas_peering_set, connections=[OPTIONS["AWS"]])),
    "purge": ("/peers", lambda task, client: task(atlas_peering_set, connections=[OPTIONS["AWS"]], purge=True)),
    "by region": (
        "/containers",
        lambda task, client: task(atlas_peering_set, connections=[samples.by_region("AWS")]),
    ),
    "info": ("/peers", lambda task, client: task(atlas_peering_info, provider_name="AWS")),
    "info by id": ("/peers/", lambda task, client: task(atlas_peering_info, peer_id=ID)),
    "export": ("/peers", lambda task, client: export_one(client)),
    "export of containers": ("/containers", lambda task, client: export_one(client)),
    "report": ("/peers", lambda task, client: task(atlas_peering_report, connections=[])),
    "report of containers": ("/containers", lambda task, client: task(atlas_peering_report, connections=[])),
    "create a container": ("/containers", lambda task, client: task(atlas_container, **CONTAINERS["AWS"])),
    "delete a container": (
        "/containers",
        lambda task, client: task(atlas_container, provider_name="AWS", region="EU_WEST_1", state="absent"),
    ),
    "info of containers": ("/containers", lambda task, client: task(atlas_container_info, provider_name="AWS")),
    "add to the access list": ("/accessList", lambda task, client: task(atlas_access_list, entries=[ENTRY])),
    "delete from the access list": (
        "/accessList",
        lambda task, client: task(atlas_access_list, entries=[ENTRY], state="absent"),
    ),
    "add a security group": ("/peers", lambda task, client: task(atlas_access_list, entries=[GROUP])),
    "info of the access list": ("/accessList", lambda task, client: task(atlas_access_list_info)),
    "by name": (
        "/groups/byName",
        lambda task, client: task(atlas_peering_info, project_id=None, project_name=PROJECT_NAME, provider_name="AWS"),
    ),
    "inventory": ("/groups", lambda task, client: project_hosts.list_projects(client)),
    "names of organizations": ("/orgs", lambda task, client: project_hosts.list_projects(client)),
    "wait": (
        "/peers",
        lambda task, client: PeeringApi(client).list_for([samples.parse_desired("AWS", complete=False)]),
    ),
}
#: What is asked for by its id alone has no other identity, and containers are listed of all clouds at once.
ALLOWED = {
    ("info by id", "of another cloud"),
    ("delete by id", "of another cloud"),
    ("info of containers", "results of another cloud"),
    ("report of containers", "results of another cloud"),
    ("export of containers", "results of another cloud"),
}


@pytest.mark.parametrize(("operation", "fault"), [case for case in product(READS, FOREIGN) if case not in ALLOWED])
def test_unreadable_read_fails_with_known_outcome(
    atlas: Simulator, client: Client, task: Operation, operation: str, fault: str
) -> None:
    path, run = READS[operation]
    atlas.fault("GET", path, times=None, **FOREIGN[fault])
    error = failure(lambda: run(task, client))
    assert (error.outcome_unknown, error.as_result()["changed"]) == (False, False)
    assert "nothing was written" not in str(error)
    assert atlas.writes() == []


# Writing


def seed_container(atlas: Simulator) -> str:
    container_id = atlas.add_container(PROJECT, "AWS", "EU_WEST_1", "10.8.0.0/21", provisioned=False)
    atlas.advance(2)
    return container_id


#: Operation -> method, path, what is there before, and how it is done.
WRITES: dict[str, tuple[str, str, Callable[[Simulator], Any], Operation]] = {
    "create": ("POST", "/peers", lambda atlas: None, lambda task: task(atlas_peering, **OPTIONS["AWS"])),
    "set": (
        "POST",
        "/peers",
        lambda atlas: None,
        lambda task: task(atlas_peering_set, connections=[OPTIONS["AWS"]]),
    ),
    "create its container": (
        "POST",
        "/containers",
        lambda atlas: None,
        lambda task: task(atlas_peering_set, connections=[samples.by_region("AWS")]),
    ),
    "update": (
        "PATCH",
        "/peers",
        seed,
        lambda task: task(atlas_peering, **{**OPTIONS["AWS"], "route_table_cidr_block": OTHER_BLOCK}),
    ),
    "delete": (
        "DELETE",
        "/peers",
        seed,
        lambda task: task(atlas_peering, **samples.identity("AWS"), state="absent"),
    ),
    "create a container": (
        "POST",
        "/containers",
        lambda atlas: None,
        lambda task: task(atlas_container, **CONTAINERS["AWS"]),
    ),
    "update a container": (
        "PATCH",
        "/containers",
        seed_container,
        lambda task: task(atlas_container, **{**CONTAINERS["AWS"], "atlas_cidr_block": "10.9.0.0/21"}),
    ),
    "delete a container": (
        "DELETE",
        "/containers",
        seed_container,
        lambda task: task(atlas_container, provider_name="AWS", region="EU_WEST_1", state="absent"),
    ),
    "add to the access list": (
        "POST",
        "/accessList",
        lambda atlas: None,
        lambda task: task(atlas_access_list, entries=[ENTRY, {"ip_address": "203.0.113.7"}]),
    ),
    "delete from the access list": (
        "DELETE",
        "/accessList",
        lambda atlas: atlas.add_access_list_entry(OTHER_BLOCK),
        lambda task: task(atlas_access_list, entries=[ENTRY], state="absent"),
    ),
}
#: All that Atlas may say to a deletion; nobody can tell it from what says the same.
DELETED = ("an empty object", "nothing", "no content")
CASES = [
    (operation, fault)
    for operation, (method, *_rest) in WRITES.items()
    for fault in FOREIGN
    if method != "DELETE" or fault not in DELETED
]


def count(atlas: Simulator, method: str) -> int:
    return sum(write.method == method for write in atlas.writes())


@pytest.mark.parametrize(("operation", "fault"), CASES)
def test_unreadable_write_that_took_effect_is_changed(
    atlas: Simulator, task: Operation, operation: str, fault: str
) -> None:
    method, path, plan, run = WRITES[operation]
    plan(atlas)
    atlas.fault(method, path, applied=True, **FOREIGN[fault])
    result = run(task)
    assert result["changed"] is True
    assert count(atlas, method) <= 2, "one for the container and one for the connection"
    assert run(task)["changed"] is False
    if (method, path) == ("POST", "/peers"):
        records = result.get("peerings") or [result["peering"]]
        known = [peer["id"] for peer in atlas.peers()]
        assert [record["id"] for record in records] == known


@pytest.mark.parametrize(("operation", "fault"), CASES)
def test_unreadable_write_without_effect_has_unknown_outcome(
    atlas: Simulator, task: Operation, operation: str, fault: str
) -> None:
    """Nothing was: but nobody can know, since it may be under way."""
    method, path, plan, run = WRITES[operation]
    plan(atlas)
    details = FOREIGN[fault]
    # What spoils the true answer lets the request take effect; here it does not.
    atlas.fault(method, path, **({"drop": True} if "cut" in details or "truncate" in details else details))
    error = failure(lambda: run(task))
    assert "Whether it took effect is unknown: run the task again, which finds what exists." in str(error)
    assert error.as_result()["changed"] is True
    assert run(task)["changed"] is True
    assert run(task)["changed"] is False


def test_lost_delete_of_replace_has_unknown_outcome(atlas: Simulator, task: Operation) -> None:
    atlas.fail(seed(atlas), "EXPIRED")
    atlas.fault("DELETE", "/peers", drop=True)
    error = failure(lambda: task(atlas_peering, **OPTIONS["AWS"], recreate_on=["expired"]))
    assert "Could not delete" in str(error)
    assert error.as_result()["failure"]["outcome_unknown"] is True
    assert error.as_result()["changed"] is True


def test_problems_of_one_project_and_changes_of_other_are_reported(atlas: Simulator, task: Operation) -> None:
    """Nothing was written in one project, and what was done in the other stays done."""
    other = atlas.add_project("other")
    wrong = [
        {**OPTIONS["AWS"], "vpc_id": f"vpc-0000000000000000{number}", "route_table_cidr_block": "8.8.0.0/16"}
        for number in range(2)
    ]
    with pytest.raises(AtlasError) as caught:
        task(atlas_peering_set, connections=[*({**one, "project_id": other} for one in wrong), OPTIONS["AWS"]])
    message = str(caught.value)
    assert re.search(rf"problems found in project {other}; no changes were made there: \(1\)", message)
    assert message.endswith("Completed changes are kept. Run the task again to retry the rest.")
    assert len(atlas.peers()) == 1


@pytest.mark.parametrize("present", [False, True])
def test_failed_read_after_write_is_changed(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, task: Operation, present: bool
) -> None:
    """What completes the record, such as its container, may have to be read; the write stays one."""
    if present:
        seed(atlas)
    read = PeeringApi._complete

    def break_after_a_write(self: PeeringApi, *arguments: Any) -> Any:
        if atlas.writes():
            raise AtlasError("Could not list the containers: trouble.")
        return read(self, *arguments)

    monkeypatch.setattr(PeeringApi, "_complete", break_after_a_write)
    error = failure(lambda: task(atlas_peering, **{**OPTIONS["AWS"], "route_table_cidr_block": OTHER_BLOCK}))
    assert error.as_result()["changed"] is True
