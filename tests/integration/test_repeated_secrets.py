# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that answers with what it was sent: no credential is shown, whichever plugin reads the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable

import pytest

from simulator import Settings
from support.echo_server import EchoServer, echo_servers
from support.planted_secrets import CLIENT_SECRET, PRIVATE_KEY, VARIABLES
from support.run_inventory import PLUGIN
from support.run_playbook import Play, Run, Task
from support.samples import identity
from support.tasks import connection, info, peering, tried, wait

PROJECT_ID = "5" * 24
SUBSCRIPTION = "8dec2d92-478d-4c50-8f99-d31b9e90a1c7"
CLOUD_SECRETS = {
    "secret": "planted~secret~of~azure",
    "access_token": "planted.token.of.a.cloud",
    "graph_access_token": "planted.token.of.graph",
    "secret_key": "planted/secret+key/of/aws",
    "session_token": "planted/session+token/of/aws==",
    "private_key": "planted-private-key-of-google",
}
CREDENTIALS = {
    "account": {"client_id": Settings.client_id, "client_secret": CLIENT_SECRET},
    "key": {"public_key": Settings.public_key, "private_key": PRIVATE_KEY},
    "token": {"access_token": "planted.access-token.5c0a"},
}
SLOW_KINDS = ["account", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("key", "token"))]
ARGS = ["-vvvv", "--diff"]


echoing = pytest.fixture(echo_servers)


def environment(server: EchoServer, kind: str) -> Mapping[str, str]:
    """Return an environment with credentials: Ansible does not know that they are secret."""
    credentials = {VARIABLES[name]: value for name, value in CREDENTIALS[kind].items()}
    return {**credentials, "MONGODB_ATLAS_BASE_URL": server.url, "MONGODB_ATLAS_PROJECT_ID": PROJECT_ID}


def every_module() -> list[Task]:
    """Return a task of each module that asks Atlas, with options with which it gets as far as to be refused."""
    short = {"wait_timeout": 1, "interval": 0.5, "retry_timeout": 0}
    others: dict[str, dict[str, Any]] = {
        "atlas_access_list": {"entries": [{"cidr_block": "10.0.0.0/16"}]},
        "atlas_access_list_info": {},
        "atlas_container": {"provider_name": "GCP", "atlas_cidr_block": "10.8.0.0/18"},
        "atlas_container_info": {},
        "atlas_peering_export": {"path": "exported"},
        "atlas_peering_report": {"connections": [connection("AWS")]},
        "atlas_peering_set": {"connections": [connection("AWS")]},
    }
    return tried(
        info("info"),
        peering("peering", connection("AWS")),
        wait("wait", [identity("AWS")], **short),
        *({"name": name, f"atlasops.network.{name}": options} for name, options in others.items()),
        {
            "name": "token",
            "no_log": True,
            "atlasops.network.atlas_token": {"state": "revoked", "access_token": "given-planted-token"},
        },
    )


def role() -> Task:
    """Return a task that runs the role, which ends the play."""
    variables = {"atlas_peering_connections": [connection("AWS")], "atlas_peering_wait": False}
    return {"name": "role", "include_role": {"name": "atlasops.network.atlas_peering"}, "vars": variables}


def each_cloud(server: EchoServer) -> list[Task]:
    """Return tasks of the modules for the other side, whose secrets are options.

    If their libraries are not installed, they show their options only.
    """
    urls = dict.fromkeys(("authority_url", "resource_manager_url", "graph_url"), server.url)
    vnet = {"subscription_id": SUBSCRIPTION, "resource_group": "g", "virtual_network": "v", "retry_timeout": 0, **urls}
    network = {"project": "my-project", "network": "n", "peer_project": "p-atlas", "peer_network": "nt-atlas"}
    google = {**network, "base_url": server.url, "retry_timeout": 0}
    key = {"client_email": "a@b.example", "token_uri": f"{server.url}/token"}

    def secret(*names: str) -> dict[str, Any]:
        return {name: CLOUD_SECRETS[name] for name in names}

    options = {
        "azure_vnet_peering_access": [
            {**vnet, "tenant": "t.example", "client_id": "c", **secret("secret")},
            {**vnet, **secret("access_token", "graph_access_token")},
        ],
        "gcp_compute_network_peering": [
            {**google, **secret("access_token")},
            {**google, "service_account_contents": json.dumps({**key, **secret("private_key")})},
        ],
        "aws_vpc_peering_accepter": [
            {
                "region": "us-east-1",
                "connection_id": "pcx-0f1e2d3c4b5a69788",
                "access_key": "AKIAPLANTED",
                **secret("secret_key", "session_token"),
            }
        ],
    }
    return tried(
        *(
            {"name": f"{name} {number}", f"atlasops.network.{name}": one}
            for name, several in options.items()
            for number, one in enumerate(several)
        )
    )


def assert_not_shown(server: EchoServer, run: Run, folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "atlasops.network"]
    texts = {str(path): path.read_text() for path in files if path.name != "playbook.yml"}
    secrets = {*server.secrets, *CLOUD_SECRETS.values()}
    assert server.secrets
    assert [(secret, where) for where, text in texts.items() for secret in secrets if secret in text] == []
    assert "********" in run.output, "nothing was repeated"


@pytest.mark.parametrize("kind", SLOW_KINDS)
@pytest.mark.parametrize("in_process", [True, pytest.param(False, marks=pytest.mark.slow)])
@pytest.mark.parametrize("where", ["detail", *(pytest.param(one, marks=pytest.mark.slow) for one in ("code", "list"))])
def test_repeated_secrets_are_not_shown_by_modules(
    echoing: Callable[..., EchoServer], play: Play, tmp_path: Path, kind: str, in_process: bool, where: str
) -> None:
    server, source = echoing(where), tmp_path / "x.atlas_projects.yml"
    source.write_text(json.dumps(PLUGIN))
    run = play(
        *every_module(),
        *each_cloud(server),
        role(),
        vars={"atlas_in_process": in_process},
        environment={**environment(server, kind), "AWS_ENDPOINT_URL": server.url, "AWS_MAX_ATTEMPTS": "1"},
        args=[*ARGS, "-i", str(source)],
        expected="Failed to parse|Unable to parse|No inventory was parsed|atlas_projects|rejected|Collection|name",
    )
    assert_not_shown(server, run, tmp_path)
    failed = [entry for entry in run.results if entry["outcome"] == "failed"]
    assert len(failed) >= (14 if where == "list" else 17)
    assert not [entry for entry in failed if "An unexpected error" in str(entry["result"])]


@pytest.mark.slow
@pytest.mark.parametrize("kind", CREDENTIALS)
@pytest.mark.parametrize("playbook", ["peer", "fleet", "info", "report", "remove", "export"])
def test_repeated_secrets_are_not_shown_by_playbooks(
    echoing: Callable[..., EchoServer], play: Play, tmp_path: Path, playbook: str, kind: str
) -> None:
    server = echoing("detail")
    inventory = {"hosts": {"only": {"atlas_project_id": PROJECT_ID, "atlas_peering_project_id": PROJECT_ID}}}
    (tmp_path / "inventory.yml").write_text(json.dumps({"all": inventory}))
    variables = {
        "atlas_peering_hosts": "only",
        "atlas_peering_connections": [connection("AWS")],
        "atlas_peering_remove": 1,
        "atlas_peering_export_path": str(tmp_path / "exported.yml"),
    }
    (tmp_path / "variables.yml").write_text(json.dumps(variables))
    run = play(
        playbook=f"atlasops.network.{playbook}",
        environment=environment(server, kind),
        args=[*ARGS, "-i", str(tmp_path / "inventory.yml"), "-e", f"@{tmp_path / 'variables.yml'}"],
    )
    assert run.returncode != 0
    assert_not_shown(server, run, tmp_path)
