# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three ways to authenticate, and the ways by which credentials come."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Callable

import pytest

from simulator import Simulator
from support.run_playbook import Play, Task
from support.samples import identity
from support.tasks import Options, absent, connection, info, peering, tried, wait

GROUP = "group/atlasops.network.atlas"


def options(atlas: Simulator, kind: str) -> Options:
    """Return the credentials of one kind as options, with the rest that is needed."""
    return {"project_id": atlas.project_id, "base_url": atlas.url, **credentials(atlas, kind)}


def credentials(atlas: Simulator, kind: str) -> Options:
    return {
        "api_key": lambda: {"public_key": atlas.public_key, "private_key": atlas.private_key},
        "service_account": lambda: {"client_id": atlas.client_id, "client_secret": atlas.client_secret},
        "access_token": lambda: {"access_token": atlas.issue_token()},
    }[kind]()


def schemes(atlas: Simulator) -> list[str]:
    """Return how each successful request to the API was authenticated."""
    good = (one for one in atlas.exchanges if one.status == 200 and one.kind == "api")
    return [one.request_headers["Authorization"].partition(" ")[0] for one in good]


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"nonce_uses": 1}, marks=pytest.mark.smoke),
        pytest.param({"nonce_uses": 1, "announce_stale": False, "digest_algorithm": "SHA-256"}, marks=pytest.mark.slow),
    ],
    ids=["single-use nonces with MD5", "single-use nonces unannounced with SHA-256"],
)
def test_api_key_digest_survives_nonce_changes(
    settings: dict[str, Any], make_atlas: Callable[..., Simulator], play: Play
) -> None:
    """Nonces serve once or for ever; a new challenge is answered, also in the middle of a task."""
    atlas = make_atlas(pace=0.0, **settings)
    run = play(
        peering("create", connection("AWS")),
        peering("update", connection("AWS", route_table_cidr_block="10.16.0.0/16")),
        info("read"),
        absent("delete", identity("AWS")),
        environment=atlas.environment("api_key"),
    )
    assert run.returncode == 0, run.output
    assert [write.method for write in atlas.writes()] == ["POST", "PATCH", "DELETE"]
    assert set(schemes(atlas)) == {"Digest"}


def test_each_credential_kind_by_option_and_environment(atlas: Simulator, play: Play) -> None:
    kinds = {"api_key": "Digest", "service_account": "Bearer", "access_token": "Bearer"}
    reads = [info(f"{kind} by options", options(atlas, kind)) for kind in kinds]
    nowhere = {GROUP: {"base_url": "http://127.0.0.1:9"}}
    run = play(*reads, environment={}, module_defaults=nowhere)
    assert run.returncode == 0, run.output
    tasks = [{**info(f"{kind} by environment"), "environment": atlas.environment(kind)} for kind in kinds]
    defaults = [
        {"block": [info(f"{kind} by module_defaults")], "module_defaults": {GROUP: options(atlas, kind)}}
        for kind in kinds
    ]
    run = play(*tasks, *defaults, environment={})
    assert run.returncode == 0, run.output
    assert schemes(atlas) == [scheme for scheme in kinds.values() for _cloud in range(3)] * 3


def test_credentials_precedence(atlas: Simulator, play: Play) -> None:
    """Options go before the environment; then the token before the service account before the key."""
    key, account, token = (atlas.environment(kind) for kind in ("api_key", "service_account", "access_token"))
    wrong = "not.a.token"
    one_cloud = {"provider_name": "AWS"}
    run = play(
        {**info("token first", one_cloud), "environment": {**key, **account, **token}},
        {**info("account before key", one_cloud), "environment": {**key, **account}},
        {
            **info("option before environment", {**one_cloud, **credentials(atlas, "api_key")}),
            "environment": {**account, "MONGODB_ATLAS_ACCESS_TOKEN": wrong},
        },
        {
            **info("half from each", {**one_cloud, "client_id": atlas.client_id}),
            "environment": {**account, "MONGODB_ATLAS_CLIENT_ID": "", "MONGODB_ATLAS_ACCESS_TOKEN": wrong},
        },
        {
            **info("older names", one_cloud),
            "environment": {
                "MONGODB_ATLAS_PUBLIC_KEY": atlas.public_key,
                "MONGODB_ATLAS_PRIVATE_KEY": atlas.private_key,
            },
        },
        environment={"MONGODB_ATLAS_BASE_URL": atlas.url, "MONGODB_ATLAS_PROJECT_ID": atlas.project_id},
    )
    assert run.returncode == 0, run.output
    assert schemes(atlas) == ["Bearer", "Bearer", "Digest", "Bearer", "Digest"]
    assert sum(one.kind == "token" for one in atlas.exchanges) == 1


def test_empty_credentials_are_treated_as_unset(atlas: Simulator, play: Play) -> None:
    names = (
        "access_token",
        "client_id",
        "client_secret",
        "public_key",
        "private_key",
        "base_url",
        "project_id",
        "ca_path",
    )
    blank = dict.fromkeys(names, "")
    everything = {
        name: ""
        for kind in ("api_key", "service_account", "access_token")
        for name in atlas.environment(kind)
        if not name.endswith(("BASE_URL", "PROJECT_ID"))
    }
    key = atlas.environment("api_key")
    run = play(
        info("empty options", {**blank, "provider_name": "AWS"}),
        peering("empty fields", {**connection("AWS"), **blank, "peer_id": "", "vnet_name": ""}),
        *tried({**info("empty environment"), "environment": everything}),
        environment={**everything, **key},
    )
    assert run.outcome("empty options") == "ok"
    assert run["empty fields"]["changed"] is True
    assert "No credentials are given." in run.msg("empty environment")
    assert set(schemes(atlas)) == {"Digest"}


@pytest.mark.parametrize(
    ("environment", "options", "tokens"),
    [
        ({"MONGODB_ATLAS_TOKEN_CACHE": ""}, {}, 1),
        ({"MONGODB_ATLAS_TOKEN_CACHE": "false"}, {}, 3),
        pytest.param({"MONGODB_ATLAS_TOKEN_CACHE": "false"}, {"token_cache": True}, 1, marks=pytest.mark.slow),
        pytest.param({}, {"token_cache": False}, 3, marks=pytest.mark.slow),
        pytest.param({"XDG_CACHE_HOME": "/proc/nowhere"}, {}, 3, marks=pytest.mark.slow),
    ],
)
def test_service_account_token_is_shared_by_tasks(
    atlas: Simulator, play: Play, environment: dict[str, str], options: dict[str, Any], tokens: int
) -> None:
    run = play(
        peering("create", {**connection("GCP"), **options}),
        info("read", options),
        wait("wait", [identity("GCP")], until="action_required", **options),
        environment={**atlas.environment("service_account"), **environment},
    )
    assert run.returncode == 0, run.output
    assert [one.kind for one in atlas.exchanges].count("token") == tokens


def test_token_request_is_retried(atlas: Simulator, play: Play) -> None:
    for trouble in ({"drop": True}, {"status": 500}, {"status": 429, "headers": {"Retry-After": "1"}}):
        atlas.fault("POST", "/oauth/token", **trouble)
    run = play(info("read", {"base_url": f"{atlas.url}/"}), environment=atlas.environment("service_account"))
    assert run.returncode == 0, run.output
    assert [one.status for one in atlas.exchanges if one.kind == "token"] == [None, 500, 429, 200]


def test_token_with_short_lifetime_is_used_while_valid(make_atlas: Callable[..., Simulator], play: Play) -> None:
    """The margin of its renewal is no larger than a part of its life, so that it is not fetched for each request."""
    atlas = make_atlas(token_seconds=30)
    run = play(info("read"), environment=atlas.environment("service_account"))
    assert run.returncode == 0, run.output
    assert [one.kind for one in atlas.exchanges] == ["token", "api", "api", "api"]


def token(name: str, options: Options, **keywords: Any) -> Task:
    return {"name": name, "atlasops.network.atlas_token": options, **keywords}


def test_atlas_token_is_used_by_module_defaults_and_hidden(atlas: Simulator, play: Play) -> None:
    """It serves later tasks by module_defaults, and is not shown; without no_log there is none."""
    account = credentials(atlas, "service_account")
    run = play(
        token("take", account, register="taken", no_log=True),
        {
            "module_defaults": {GROUP: {"access_token": "{{ taken.access_token }}"}},
            "block": [info("read"), *tried(token("in the open", {"state": "revoked", **account}))],
        },
        token("revoke", {**account, "access_token": "{{ taken.access_token }}", "state": "revoked"}, no_log=True),
        *tried(info("too late", {"access_token": "{{ taken.access_token }}"})),
        environment={"MONGODB_ATLAS_BASE_URL": atlas.url, "MONGODB_ATLAS_PROJECT_ID": atlas.project_id},
        args=["-vvv"],
    )
    assert run.returncode == 0, run.output
    assert "Set no_log: true on the task." in run.msg("in the open")
    assert "HTTP 401" in run.msg("too late")
    assert [one.path.rpartition("/")[2] for one in atlas.exchanges if one.kind == "token"] == ["token", "revoke"]
    sent = {one.request_headers["Authorization"].partition(" ")[2] for one in atlas.exchanges}
    assert len(sent) == 2
    assert not [one for one in (*sent, atlas.client_secret) if one in run.output]


@pytest.mark.slow  # the unit tests of the cache have fifty processes, too
def test_fifty_forks_request_one_token(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """Two hundred hosts, each a process of its own, with Atlas' limits of tokens in force."""
    hosts = {f"host{number}": None for number in range(200)}
    inventory = tmp_path / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    run = play(
        wait("wait", [identity("AWS")], until="absent"),
        environment=atlas.environment("service_account"),
        hosts="all",
        connection="local",
        args=["--inventory", str(inventory), "--forks", "50"],
    )
    assert run.returncode == 0, run.output
    assert len(run.results) == 200
    assert {f"[{host}] 00:00  1/1 absent" for host in hosts} <= set(run.stdout.splitlines())
    assert Counter(one.kind for one in atlas.exchanges) == {"token": 1, "api": 200}
