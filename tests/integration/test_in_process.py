# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task in the process of the playbook is, key for key, the same as one that runs as a module.

Each case runs in both ways, many in one run: results, output at -vvv and requests are compared.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Any, Callable

import pytest
import yaml
from ansible import release

from ansible_collections.atlasops.network.plugins.plugin_utils.in_process import ENVIRONMENT_VARIABLE
from simulator import Settings, Simulator
from support.certificates import write_certificates
from support.examples import EVERYTHING
from support.planted_secrets import WRONG
from support.routes import (
    BY_ENVIRONMENT,
    BY_VARIABLE,
    DEFAULT,
    IN_PROCESS,
    BothWays,
    by_interpreter,
    handshakes,
    ways,
    write_interpreter,
)
from support.run_playbook import ROOT, Play, Task, eventually
from support.samples import identity
from support.tasks import connection, info, peering, tried
from support.vault import dump, encrypt

CORE = tuple(int(part) for part in release.__version__.split(".")[:2])
PREFIX = "atlasops.network."
PYTHON = "ansible_python_interpreter"


@pytest.fixture
def both_ways(tmp_path: Path, make_atlas: Callable[..., Simulator]) -> BothWays:
    return BothWays(tmp_path, make_atlas)


def invalid(_atlas: Simulator) -> list[Task]:
    aws = connection("AWS")
    more = tried(
        peering("wrong boolean", {**aws, "validate_certs": "perhaps"}),
        peering("unknown option of a name that is near", {**aws, "recreate": ["failed"]}),
        peering("wrong choice", {**aws, "state": "gone"}),
        peering("nothing at all", {}),
        {"name": "not a list of dictionaries", PREFIX + "atlas_peering_set": {"connections": [1]}},
        {"name": "container", PREFIX + "atlas_container": {"provider_name": "AWS", "atlas_cidr_block": "all"}},
        {"name": "report", PREFIX + "atlas_peering_report": {"connections": [{"provider_name": "AWS"}]}},
    )
    return (more if EVERYTHING else []) + tried(
        peering("wrong type", {**aws, "timeout": "soon"}),
        peering("unknown option", {**aws, "colour": "red"}),
        peering("wrong choice in a list", {**aws, "recreate_on": ["failed", "boredom"]}),
        peering("a secret of the wrong type", {**aws, "private_key": {"planted": WRONG["private_key"]}}),
        peering("a secret in a wrong option", {**aws, "access_token": WRONG["access_token"], "timeout": "never"}),
        peering("both names of an option", {**aws, "project_id": "1", "group_id": "2"}),
        {"name": "missing option", PREFIX + "atlas_peering_set": {}},
        {"name": "unknown suboption", PREFIX + "atlas_peering_set": {"connections": [{**aws, "colour": "red"}]}},
        {"name": "a secret in the result", PREFIX + "atlas_token": {}},
        {"name": "own check", PREFIX + "atlas_peering_info": {"max_workers": 0}},
    )


def test_invalid_tasks_fail_alike_in_process_and_as_module(both_ways: BothWays) -> None:
    run, atlas = both_ways(invalid, BY_VARIABLE, expected="Both option project_id and its alias group_id are set")
    assert {entry["outcome"] for entry in run.results} == {"failed"}
    assert not [secret for secret in WRONG.values() if secret in run.output]
    assert atlas.writes() == []


def lifecycle(atlas: Simulator) -> list[Task]:
    aws, gcp = connection("AWS"), connection("GCP")
    update = {**aws, "route_table_cidr_block": "10.99.0.0/16"}
    project = {"project_id": atlas.project_id, "host": "one"}
    entries = [aws, {**connection("AZURE"), "group_id": atlas.project_id}]
    return [
        peering("predict", aws, check_mode=True),
        peering("create", aws),
        peering("again, by an alias", {**aws, "group_id": atlas.project_id}),
        peering("update, predicted", update, check_mode=True),
        peering("update", update, diff=False),
        *tried(peering("what cannot change", {**aws, "accepter_region_name": "eu-west-1"})),
        {"name": "set", PREFIX + "atlas_peering_set": {"connections": entries}, "register": "set"},
        {"name": "report", PREFIX + "atlas_peering_report": {"connections": "{{ set.peerings }}"}},
        info("read", {"phase": ["action_required", "available", "pending"]}, tags=["read"]),
        {"name": "containers", PREFIX + "atlas_container_info": {"provider_name": "AWS"}},
        {"name": "token", PREFIX + "atlas_token": account(atlas), "no_log": True},
        *tried({"name": "unused", PREFIX + "atlas_container": {**CONTAINER, "state": "absent"}}),
        {"name": "container", PREFIX + "atlas_container": CONTAINER},
        peering("with a warning", {**gcp, "container_id": None, "atlas_cidr_block": "10.128.0.0/18"}),
        {"name": "access list", PREFIX + "atlas_access_list": {"entries": [ENTRY]}},
        {"name": "entries", PREFIX + "atlas_access_list_info": {}},
        {"name": "export", PREFIX + "atlas_peering_export": {"path": "exported", "projects": [project]}},
        peering("delete", {**identity("AWS"), "state": "absent"}),
    ]


ENTRY = {"cidr_block": "10.15.0.0/16", "comment": "application"}
CONTAINER = {"provider_name": "AWS", "region": "EU_WEST_1", "atlas_cidr_block": "10.8.0.0/21"}


def account(atlas: Simulator) -> dict[str, Any]:
    return {"client_id": atlas.client_id, "client_secret": atlas.client_secret, "token_cache": False}


def test_lifecycle_is_alike_in_process_and_as_module(both_ways: BothWays, tmp_path: Path) -> None:
    run, atlas = both_ways(lifecycle, by_interpreter(tmp_path), expected="It is used as it is")
    assert run["create"]["changed"]
    assert atlas.writes()


def keywords(atlas: Simulator) -> list[Task]:
    atlas.fault("GET", "/peers", skip=3, times=2, status=400)
    azure = {**connection("AZURE"), "vnet_name": "{{ item }}"}
    names = ["one", "two", "three"]
    return [
        info("vaulted", {"client_id": atlas.client_id, "client_secret": "{{ vaulted }}"}),
        info("retried", register="read", until="read is success", retries=4, delay=0),
        peering("loop", azure, loop=names, loop_control={"label": "{{ item[:2] }}", "index_var": "number"}),
        peering("again", azure, loop=names, loop_control={"extended": True, "pause": 0.01}, register="again"),
        {"name": "results", "debug": {"msg": "{{ again.results | map(attribute='peering') }}"}},
        info(
            "renamed", {"vnet_name": "{{ name }}"}, loop=names[:2], loop_control={"loop_var": "name"}, when="name > 'p'"
        ),
        info("once", run_once=True, delegate_to="localhost", delegate_facts=True),
        *tried(peering("one fails", azure, loop=["four", [], "five"])),
        *tried(peering("hidden", {**azure, "access_token": WRONG["access_token"]}, loop=["six"], no_log=True)),
        *tried(info("refused", {"private_key": WRONG["private_key"], "public_key": atlas.public_key})),
        *tried(info("environment", environment={"MONGODB_ATLAS_PROJECT_ID": "nobody's", "LANG": "de_DE.UTF-8"})),
        *tried(info("environment of items", environment={"MONGODB_ATLAS_PROJECT_ID": "{{ item }}"}, loop=["a", "b"])),
        info("environment is restored"),
        *tried(info("not text", environment={"MONGODB_ATLAS_TOKEN_CACHE": False, "HTTPS_PROXY": None})),
        info("changed when", changed_when=True, failed_when=False),
        *tried(info("failed when", failed_when="true")),
        info("skipped", when=False),
        {"block": tried(info("in a block", {"timeout": 0})), "environment": {"MONGODB_ATLAS_ACCESS_TOKEN": "None"}},
        *tried(info("relative path", {"base_url": "https://localhost:1", "ca_path": "no/authority"})),
    ]


def test_task_keywords_apply_in_process(both_ways: BothWays, tmp_path: Path) -> None:
    """Of tasks and of the play: whatever Ansible makes of a task, it makes of it in both ways."""
    password, secrets = tmp_path / "password", tmp_path / "secrets.yml"
    password.write_text("vault password")
    secrets.write_text(dump({"vaulted": encrypt(Settings().client_secret, password)}))
    run, _atlas = both_ways(
        keywords,
        BY_ENVIRONMENT,
        args=["--vault-password-file", str(password), "-e", f"@{secrets}"],
        environment={"MONGODB_ATLAS_TOKEN_CACHE": "false"},
        module_defaults={
            "group/atlasops.network.atlas": {"timeout": 20, "retry_timeout": 7},
            PREFIX + "atlas_peering_info": {"timeout": 21},
        },
    )
    assert run["retried"]["attempts"] == 3
    assert run["retried"]["invocation"]["module_args"]["timeout"] == 21
    assert run["loop"]["results"][0]["invocation"]["module_args"]["timeout"] == 20
    assert not [secret for secret in WRONG.values() if secret in run.output]


def roles(_atlas: Simulator) -> list[Task]:
    declared = [{**connection("AWS"), "aws": {"role_arn": "any"}}, connection("AZURE")]
    given = {"connections": declared, "wait": "no", "stats": "yes"}

    def role(**variables: Any) -> Task:
        names = {f"atlas_peering_{name}": value for name, value in {**given, **variables}.items()}
        included = {"include_role": {"name": PREFIX + "atlas_peering"}, "vars": names}
        return {"block": [included], "rescue": [{"debug": {"var": "ansible_failed_result.failure"}}]}

    return [
        role(),
        role(),
        role(state="gone"),
        role(project_id="0" * 24),
        role(connections=[identity("AWS")], state="absent"),
    ]


def test_role_is_alike_in_process_and_as_module(both_ways: BothWays) -> None:
    shown = {"ANSIBLE_SHOW_CUSTOM_STATS": "1"}
    run, atlas = both_ways(roles, BY_VARIABLE, environment=shown)
    assert [write.method for write in atlas.writes()] == ["POST", "POST", "DELETE"]
    assert run.stats["atlas_peering_of_localhost"]["state"] == "absent"


@pytest.mark.parametrize("strategy", ["linear", pytest.param("free", marks=pytest.mark.slow)])
def test_several_hosts_run_in_process(both_ways: BothWays, strategy: str) -> None:
    """With each strategy, and delegated to the controller by hosts that are elsewhere."""
    azure = {**connection("AZURE"), "vnet_name": "{{ inventory_hostname }}"}

    def tasks(_atlas: Simulator) -> list[Task]:
        delegation = {"delegate_to": "localhost", "connection": "local"}
        return [
            peering("declare", azure, delegate_to="localhost"),
            info("once", run_once=strategy == "linear", **delegation),
            *tried(
                info(
                    "failure of one", {"project_id": "{{ 'no' if inventory_hostname == 'a' else omit }}"}, **delegation
                )
            ),
        ]

    how = {"strategy": strategy, "hosts": "all", "connection": "ssh", "args": ["-i", "a,b,c,", "--forks", "1"]}
    both_ways(tasks, BY_VARIABLE, **how)


def test_task_timeout_ends_task_in_process(both_ways: BothWays) -> None:
    """The task ends in time, and the next one is not affected."""

    def tasks(atlas: Simulator) -> list[Task]:
        atlas.fault("GET", "/peers", delay=60, drop=True)
        return [*tried(info("slow", {"retry_timeout": 0}, timeout=2)), info("next", {"provider_name": "AWS"})]

    run, _atlas = both_ways(tasks, BY_VARIABLE)
    assert "2" in run.msg("slow")
    assert run.outcome("next") == "ok"


CONNECTION = """
from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = "{name: near, short_description: Like local, description: Like local, options: {}}"

class Connection(Local):
    transport = "near"
"""


def test_verbose_output_names_in_process_or_module(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """Which way a task takes, and that -vvv says so in one line."""
    (tmp_path / "near.py").write_text(CONNECTION)
    asynchronous = {"async": 60, "poll": 1}
    other = write_interpreter(tmp_path)
    cases: dict[str, tuple[str, dict[str, Any]]] = {
        "plain": (IN_PROCESS, {}),
        "other interpreter": (f"its interpreter is {other}", {"vars": {PYTHON: other}}),
        "this interpreter": (IN_PROCESS, {"vars": {PYTHON: sys.executable}}),
        "any interpreter": (IN_PROCESS, {"vars": {PYTHON: "auto_silent"}}),
        "another user": ("it becomes another user", {"become": True, "become_method": "su"}),
        "asynchronous": ("it is asynchronous", asynchronous),
        "other connection": ("the connection is near", {"vars": {"ansible_connection": "near"}}),
        "variable": ("atlas_in_process is false", {"vars": {"atlas_in_process": "{{ 1 > 2 }}"}}),
        "environment": (f"{ENVIRONMENT_VARIABLE} is false", {"environment": {ENVIRONMENT_VARIABLE: "no"}}),
        "variable first": (IN_PROCESS, {"environment": {ENVIRONMENT_VARIABLE: "no"}, "vars": {"atlas_in_process": 1}}),
        "empty": (IN_PROCESS, {"environment": {ENVIRONMENT_VARIABLE: ""}}),
    }
    tasks = [info(name, {"provider_name": "AWS"}, **keywords) for name, (_way, keywords) in cases.items()]
    places = {"ANSIBLE_CONNECTION_PLUGINS": str(tmp_path), "ANSIBLE_ASYNC_DIR": str(tmp_path)}
    run = play(*tasks, args=["-vvv"], environment={**atlas.environment(), **places})
    assert {entry["outcome"] for entry in run.results} == {"ok"}
    assert [way for _host, _action, way in ways(run)] == [way for way, _keywords in cases.values()]


@pytest.mark.parametrize("method", [pytest.param("api_key", marks=pytest.mark.slow), "service_account"])
def test_loop_items_share_one_session(play: Play, atlas: Simulator, method: str) -> None:
    """Each method of authentication proves itself once for all items, and anew after a failure or a change."""
    cases: dict[str, tuple[list[int], dict[str, Any], int]] = {
        "loop": ([20] * 5, {}, 1),
        "different settings": ([20, 21, 20], {}, 3),
        "a failure in between": ([20, 0, 20], {"ignore_errors": True}, 2),
        "different environment": ([20, 20, 20], {"environment": {"NO_PROXY": "{{ number }}"}}, 3),
    }
    tasks = [
        info(
            name,
            {"timeout": "{{ item }}", "provider_name": "AWS"},
            loop=items,
            loop_control={"index_var": "number"},
            **keywords,
        )
        for name, (items, keywords, _handshakes) in cases.items()
    ]
    play(*tasks, environment={**atlas.environment(method), "MONGODB_ATLAS_TOKEN_CACHE": "false"})
    assert len(handshakes(atlas)) == sum(number for _items, _keywords, number in cases.values())


def test_credentials_do_not_share_a_session(play: Play, atlas: Simulator) -> None:
    """A loop over several credentials uses each for its own items only."""
    key = {"public_key": atlas.public_key, "private_key": atlas.private_key}
    given = [key, account(atlas), {"access_token": atlas.issue_token()}, key]
    wrong = {**key, "private_key": WRONG["private_key"]}
    names = ("public_key", "private_key", "client_id", "client_secret", "access_token")
    by_item = {name: f"{{{{ item.{name} | default(omit) }}}}" for name in names}
    run = play(
        *tried(info("read", by_item, loop=[*given, wrong])),
        environment={"MONGODB_ATLAS_BASE_URL": atlas.url, "MONGODB_ATLAS_PROJECT_ID": atlas.project_id},
    )
    assert ["failure" in item for item in run["read"]["results"]] == [False] * 4 + [True]
    good = [one.request_headers["Authorization"] for one in atlas.exchanges if one.status == 200 and one.kind == "api"]
    schemes = [header.partition(" ")[0] for header in good]
    assert schemes == ["Digest"] * 3 + ["Bearer"] * 6 + ["Digest"] * 3
    assert len(set(good[3:9])) == 2


def test_ca_bundle_of_item_environment_is_used(
    make_atlas: Callable[..., Simulator], play: Play, tmp_path: Path
) -> None:
    """Each item has the CA bundle of its own environment, relative to the playbook as for a module."""
    files = write_certificates(tmp_path)
    atlas = make_atlas(tls_cert=files["certificate"], tls_key=files["key"])
    tasks = tried(
        info("bundles", loop=["authority", "other authority", "authority"]),
        info("option", {"ca_path": "authority"}),
        info("no bundle"),
    )
    tasks[0]["environment"] = {"REQUESTS_CA_BUNDLE": f"{tmp_path}/{{{{ item }}}}"}
    for route in (DEFAULT, BY_VARIABLE):
        playbook = tmp_path / "playbook.yml"
        variables = {PYTHON: sys.executable, **route.variables}
        content = {"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}
        playbook.write_text(json.dumps([content]))
        run = play(playbook=str(playbook), environment=atlas.environment())
        assert ["failure" in item for item in run["bundles"]["results"]] == [False, True, False], run.output
        assert [run.outcome(name) for name in ("option", "no bundle")] == ["ok", "failed"], route


@pytest.mark.parametrize(
    ("name", "group"), [("SIGINT", False), ("SIGINT", True), ("SIGTERM", False), ("SIGTERM", True)]
)
def test_interrupted_task_sends_no_further_request(name: str, group: bool, atlas: Simulator, play: Play) -> None:
    """No request follows, neither of the task nor of the next one, and no process is left."""
    if (name, group) == ("SIGTERM", False) and CORE < (2, 19):
        pytest.skip("ansible-core 2.18 and older leave their workers alone, whichever way a task runs")
    fault = atlas.fault("GET", "/peers", times=None, delay=600, drop=True)
    projects = [atlas.project_id, *atlas.add_projects([{"name": f"project-{number}"} for number in range(3)])]
    running = play.start(info("read", {"project_ids": projects}), info("next"))
    eventually("requests", fault.holding.is_set)
    running.interrupt(signal.Signals[name], group)
    assert running.end() != 0
    running.await_end_of_all()
    assert "Traceback" not in running.output
    asked = len(atlas.exchanges)
    atlas.clear_faults()
    assert {one.status for one in atlas.exchanges[asked:]} <= {None}, "what was held, and nothing else"


CRASH = """

def run(params, check_mode, client):
    client.get("orgs", "list the organizations")
    if params["peer_id"] == "written":
        client.has_written = True
    if params["peer_id"] == "quoted":
        raise ValueError("Bearer %s" % params["access_token"])
    return {}["PLANTED"]
"""


def test_crash_fails_without_showing_secrets(both_ways: BothWays, tmp_path: Path) -> None:
    """What nobody foresaw is one failure, with the place to report it; no secret is quoted, and the play goes on."""
    copy = tmp_path / "collections"
    place = copy / "ansible_collections/atlasops/network"
    shutil.copytree(ROOT / "plugins", place / "plugins")
    shutil.copytree(ROOT / "meta", place / "meta")
    module = place / "plugins/modules/atlas_peering_info.py"
    text, main = module.read_text().split("\n\ndef main")
    module.write_text(text + CRASH + "\n\ndef main" + main)

    def tasks(atlas: Simulator) -> list[Task]:
        token = {"access_token": atlas.issue_token()}
        return [
            *tried(info("crash"), info("items", {"peer_id": "{{ item }}"}, loop=["written", "b"])),
            *tried(info("quoted", {"peer_id": "quoted", **token})),
            peering("next", connection("AWS")),
        ]

    environment = {"ANSIBLE_COLLECTIONS_PATH": str(copy)}
    run, _atlas = both_ways(tasks, BY_VARIABLE, environment=environment)
    issues = yaml.safe_load((ROOT / "galaxy.yml").read_text())["issues"]
    failure = run["crash"]["failure"]
    assert failure["hint"] == f"Report it with failure.traceback at {issues}."
    assert run.msg("crash") == f"An unexpected error occurred: KeyError ('PLANTED'). {failure['hint']}"
    assert re.fullmatch(r"atlasops/network/plugins/modules/atlas_peering_info.py:\d+ in run", failure["traceback"][-1])
    assert [item["changed"] for item in run["items"]["results"]] == [True, False]
    assert run["items"]["results"][0]["failure"]["outcome_unknown"]
    assert run.msg("quoted").startswith("An unexpected error occurred: ValueError. ")
    assert "Bearer" not in run.output
    assert run["next"]["changed"]
