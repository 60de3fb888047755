# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option of every module with any value: a result, or a sentence that names the option."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, MissingLibraryError
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
    atlas_token,
    aws_vpc_peering_accepter,
    azure_vnet_peering_access,
    gcp_compute_network_peering,
)
from ansible_collections.atlasops.network.plugins.plugin_utils import wait_task
from fuzzing.examples import TEXTS, VALUES, CountCases, check_result, check_text, try_examples
from fuzzing.in_process_atlas import LocalAtlas, run, validate
from support.samples import CONTAINERS, OPTIONS, PROJECT

ENTRY = {"cidr_block": "10.16.0.0/16", "comment": "office"}
CONNECTIONS = [{**options, "project_id": PROJECT} for options in OPTIONS.values()]
#: Module -> options of tasks that are right.
TASKS: dict[Any, list[dict[str, Any]]] = {
    atlas_access_list: [{"project_id": PROJECT, "entries": [ENTRY], "wait_timeout": 5}],
    atlas_access_list_info: [{"project_id": PROJECT}],
    atlas_container: [{"project_id": PROJECT, **options} for options in CONTAINERS.values()],
    atlas_container_info: [{"project_id": PROJECT}],
    atlas_peering: [*CONNECTIONS, {"project_id": PROJECT, "peer_id": PROJECT, "state": "absent"}],
    atlas_peering_export: [{"projects": [{"project_id": PROJECT, "host": "shop"}], "path": "/nowhere"}],
    atlas_peering_info: [{"project_id": PROJECT}],
    atlas_peering_report: [{"connections": CONNECTIONS}],
    atlas_peering_set: [{"connections": CONNECTIONS, "recreate_on": ["failed"]}],
    atlas_token: [{"client_id": "mdb_sa_id_1", "client_secret": "mdb_sa_sk_1", "access_token": None}],
}
AWS_TASK = {"connection_id": "pcx-0f1e2d3c", "region": "us-east-1", "access_key": "AKIA", "secret_key": "s3cret"}
GCP_TASK = {"network": "default", "project": "my-project-191923", "peer_network": "nt-1", "peer_project": "p-1"}
AZURE_TASK: dict[str, Any] = {
    "subscription_id": OPTIONS["AZURE"]["azure_subscription_id"],
    "resource_group": "app",
    "virtual_network": "app-vnet",
    "tenant": OPTIONS["AZURE"]["azure_directory_id"],
    "access_token": "eyJ",
    "graph_access_token": "eyJ",
    "retry_timeout": 0,
}
#: Module -> options of a task that is right, but reaches nobody.
OTHER_SIDES: dict[Any, dict[str, Any]] = {
    azure_vnet_peering_access: AZURE_TASK,
    gcp_compute_network_peering: {**GCP_TASK, "access_token": "ya29.x", "retry_timeout": 0},
}
#: What an option has in one of these examples: a value of its own type, or anything.
VALUES_BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "str": TEXTS,
    "path": TEXTS,
    "int": st.integers(),
    "float": st.floats(),
    "list": st.lists(VALUES, max_size=3),
    "dict": st.dictionaries(TEXTS, VALUES, max_size=3),
}


def changed_options(spec: Mapping[str, Any], tasks: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw the options of a task, of which one to three have any value, at whatever depth."""

    def draw(draw: Any) -> dict[str, Any]:
        task = dict(draw(st.sampled_from(tasks)))
        for name in draw(st.lists(st.sampled_from(sorted(spec)), min_size=1, max_size=3, unique=True)):
            inner = spec[name].get("options")
            if inner and isinstance(task.get(name), list) and draw(st.integers(0, 3)):
                task[name] = [{**task[name][0], **draw(changed_options(inner, [{}]))}, *task[name][1:]]
            else:
                task[name] = draw(VALUES_BY_TYPE.get(spec[name].get("type", "str"), VALUES) | VALUES)
        return task

    return st.composite(draw)()


def named(spec: Mapping[str, Any]) -> set[str]:
    """Return the names of all options, at whatever depth, with their aliases."""
    names = {alias for one in spec.values() for alias in one.get("aliases", ())} | set(spec)
    return names.union(*(named(one["options"]) for one in spec.values() if "options" in one))


def check_refusal(spec: Mapping[str, Any], result: Mapping[str, Any]) -> None:
    """Check that a wrong option is named."""
    if result.get("failed") and result["failure"]["kind"] == "InputError":
        assert any(name in result["msg"] for name in named(spec)), result["msg"]


def connected(local_atlas: LocalAtlas, plugin: Any, task: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the options of a task, connected to an Atlas that begins anew, and what Ansible says against them."""
    local_atlas.reset()
    credentials = {**local_atlas.connection, **({"access_token": None} if plugin is atlas_token else {})}
    return validate(plugin.SPEC, {**credentials, **task})


def test_every_module_is_fuzzed() -> None:
    fuzzed = {plugin.__name__.rpartition(".")[2] for plugin in (*TASKS, *OTHER_SIDES, aws_vpc_peering_accepter)}
    # The options of the role come from variables; those of the wait have a test below.
    modules = {path.stem for path in Path(str(atlas_peering.__file__)).parent.glob("[a-z]*.py")}
    assert modules - fuzzed == {"atlas_peering_role", "atlas_peering_wait"}


@pytest.mark.parametrize("plugin", TASKS, ids=lambda plugin: plugin.__name__.rpartition(".")[2])
def test_options_of_modules(count_cases: CountCases, local_atlas: LocalAtlas, plugin: Any) -> None:
    def check(task: dict[str, Any]) -> None:
        params, refusals = connected(local_atlas, plugin, task)
        if refusals:
            return
        # An export would write files wherever a name leads.
        result = local_atlas.run(plugin, params, check_mode=plugin is atlas_peering_export)
        check_result(result)
        check_refusal(plugin.SPEC, result)

    try_examples(count_cases, 300, check, task=changed_options(plugin.SPEC, TASKS[plugin]))


@pytest.mark.parametrize("plugin", TASKS, ids=lambda plugin: plugin.__name__.rpartition(".")[2])
def test_true_is_no_number(local_atlas: LocalAtlas, plugin: Any) -> None:
    for name in [name for name, one in plugin.SPEC.items() if one.get("type") == "int"]:
        params, refusals = connected(local_atlas, plugin, {**TASKS[plugin][0], name: True})
        assert refusals == []
        result = local_atlas.run(plugin, params, check_mode=True)
        assert result.get("msg") == f"{name} is true, but it must be a number."


def test_options_of_wait(count_cases: CountCases, local_atlas: LocalAtlas) -> None:
    def check(task: dict[str, Any]) -> None:
        lines: list[str] = []
        local_atlas.reset()
        try:
            params = wait_task.validate({**local_atlas.connection, **task})
            result = wait_task.wait(params, True, lines.append, show_names=True)
        except AtlasError as error:
            result = {"failed": True, **error.as_result()}
        check_result(result)
        for line in lines:
            check_text(line)

    tasks: list[dict[str, Any]] = [
        {"connections": CONNECTIONS},
        {"connections": CONNECTIONS[:1], "project_id": PROJECT},
    ]
    try_examples(count_cases, 300, check, task=changed_options(wait_task.SPEC, tasks))


@pytest.mark.parametrize("plugin", OTHER_SIDES, ids=lambda plugin: plugin.__name__.rpartition(".")[2])
def test_options_of_other_sides(count_cases: CountCases, local_atlas: LocalAtlas, plugin: Any) -> None:
    def check(task: dict[str, Any]) -> None:
        params, refusals = validate(plugin.SPEC, task)
        if refusals:
            return
        try:
            with plugin.connect(params) as client:
                result = run(plugin, params, client)
        except MissingLibraryError:
            return
        except AtlasError as error:
            result = {"failed": True, **error.as_result()}
        check_result(result)
        check_refusal(plugin.SPEC, result)

    try_examples(count_cases, 300, check, task=changed_options(plugin.SPEC, [OTHER_SIDES[plugin]]))


class Owner:
    """Stands in for the owner of a VPC, who has nothing that could be removed."""

    def dns_resolution(self) -> bool:
        return False

    def routes(self) -> list[Any]:
        return []

    def rules(self, *_which: Any) -> list[Any]:
        return []


def test_options_of_aws(count_cases: CountCases) -> None:
    spec = aws_vpc_peering_accepter.SPEC

    def check(task: dict[str, Any]) -> None:
        params, refusals = validate(spec, task)
        if refusals:
            return
        result = run(aws_vpc_peering_accepter, params, Owner(), check_mode=True)
        check_result(result)
        check_refusal(spec, result)

    tasks = [AWS_TASK, {**AWS_TASK, "state": "absent", "ports": "27015-27017"}]
    try_examples(count_cases, 300, check, task=changed_options(spec, tasks))
