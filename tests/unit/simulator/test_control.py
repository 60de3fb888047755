# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal, the control endpoint, the command and the sockets."""

from __future__ import annotations

import concurrent.futures
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import requests
from requests.auth import HTTPDigestAuth

import simulator
from compute_stub import ComputeStub
from simulator import Settings, Simulator
from simulator.cli import parse, settings_of
from simulator.control.faults import Fault
from support.patience import PATIENCE

SOURCE = Path(simulator.__file__).parent


def test_journal_records_exchanges(atlas, api, example):
    api.create(**example())
    api.get(f"{api.group}/peers", providerName="AWS", pretty="true")
    challenge, created, listed = atlas.exchanges
    assert [exchange.number for exchange in atlas.exchanges] == [1, 2, 3]
    assert (challenge.status, challenge.principal, challenge.is_write) == (401, None, False)
    assert (created.kind, created.method, created.status) == ("api", "POST", 200)
    assert created.principal == atlas.public_key
    assert created.url == f"{atlas.url}/api/atlas/v2{api.group}/peers"
    assert created.path == f"/api/atlas/v2{api.group}/peers"
    assert created.request_json == example()
    assert created.response_json["statusName"] == "INITIATING"
    assert created.request_headers["content-type"] == "application/json"
    assert created.response_headers["CONTENT-TYPE"].startswith("application/vnd.atlas.")
    assert listed.query == {"providerName": "AWS", "pretty": "true"}
    assert json.loads(listed.response_body) == listed.response_json
    assert atlas.writes() == [created]
    atlas.clear_log()
    api.get("/groups")
    assert [exchange.number for exchange in atlas.exchanges] == [4]


def test_journal_records_token_requests(atlas):
    requests.post(f"{atlas.url}/api/oauth/token", auth=(atlas.client_id, atlas.client_secret), timeout=PATIENCE)
    (exchange,) = atlas.exchanges
    assert (exchange.kind, exchange.principal, exchange.is_write) == ("token", atlas.client_id, False)


@pytest.fixture
def control(atlas):
    def send(method, path, /, **document):
        return requests.request(method, f"{atlas.url}/_simulator{path}", json=document or None, timeout=PATIENCE)

    return send


def test_control_accepts_connection_after_clock(atlas, api, control, example):
    peer = api.create(**example()).json()["id"]
    assert control("POST", f"/peers/{peer}/accept").status_code == 409
    assert control("POST", "/clock", advance=1).json() == {"now": 1_800_000_001.0}
    assert control("POST", f"/peers/{peer}/accept").status_code == 200
    assert api.status(peer) == "FINALIZING"
    assert control("POST", f"/peers/{peer}/fail", text="EXPIRED").status_code == 200
    assert control("GET", "/peers").json()["peers"][0]["errorStateName"] == "EXPIRED"
    assert control("POST", f"/peers/{'0' * 24}/accept").status_code == 404


@pytest.mark.parametrize(
    ("act", "cloud", "status", "reached"),
    [
        ("accept", "AWS", "PENDING_ACCEPTANCE", "FINALIZING"),
        ("reject", "AWS", "PENDING_ACCEPTANCE", "FAILED"),
        ("expire", "AWS", "PENDING_ACCEPTANCE", "FAILED"),
        ("reciprocate", "GCP", "WAITING_FOR_USER", "AVAILABLE"),
        ("fail", "AZURE", "ADDING_PEER", "FAILED"),
    ],
)
def test_control_acts_on_connection(api, control, act, cloud, status, reached):
    peer = control("POST", "/peers", provider_name=cloud, status=status).json()["id"]
    assert control("POST", f"/peers/{peer}/{act}").json() == {"done": True}
    assert api.status(peer) == reached


def test_control_revokes_tokens_and_removes_clusters(atlas, api, control):
    atlas.issue_token()
    assert control("POST", "/tokens/revoke").json() == {"revoked": 1}
    assert control("POST", "/tokens/revoke", client_id="nobody").json() == {"revoked": 0}
    container = atlas.containers["AWS"]
    assert control("POST", f"/containers/{container}/remove_clusters").json() == {"done": True}
    assert api.delete(container, "containers").status_code == 204
    assert control("POST", f"/containers/{container}/remove_clusters").status_code == 404


def test_control_seeds_project_container_and_peer(api, control):
    project = control("POST", "/projects", name="second", containers=False).json()["id"]
    container = control("POST", "/containers", project_id=project, provider_name="AWS", region="EU_WEST_1").json()["id"]
    peer = control("POST", "/peers", project_id=project, provider_name="AWS", vpcId="vpc-1").json()["id"]
    found = api.get(f"/groups/{project}/peers").json()["results"]
    assert [(item["id"], item["containerId"], item["vpcId"]) for item in found] == [(peer, container, "vpc-1")]
    assert control("POST", "/projects", name="again", project_id=project).status_code == 409


def test_control_seeds_many_projects(api, control):
    org_id = control("POST", "/organizations", name="second").json()["id"]
    projects = [{"name": f"p{number}", "org_id": org_id, "tags": {"team": "a"}} for number in range(3)]
    ids = control("POST", "/projects/many", projects=projects).json()["ids"]
    found = api.get("/groups").json()["results"][1:]
    assert [(one["id"], one["name"], one["orgId"]) for one in found] == [
        (project_id, f"p{number}", org_id) for number, project_id in enumerate(ids)
    ]
    assert control("POST", "/projects", name="x", org_id="0" * 24).status_code == 404
    assert control("POST", "/projects/many", projects=[{"named": "x"}]).status_code == 400


def test_control_sets_faults_and_clears_log(api, control):
    assert control("POST", "/faults", method="GET", path="/groups$", status=500, times=None).status_code == 200
    assert api.get("/groups").status_code == 500
    assert control("DELETE", "/faults").status_code == 200
    assert api.get("/groups").status_code == 200
    logged = control("GET", "/requests").json()["exchanges"]
    assert [exchange["status"] for exchange in logged] == [401, 500, 200]
    assert logged[-1]["response_body"]["totalCount"] == 1
    assert control("DELETE", "/requests").status_code == 200
    assert control("GET", "/requests").json() == {"exchanges": []}


def test_control_describes_simulator(atlas, control):
    described = control("GET", "").json()["simulator"]
    assert described == control("GET", "/").json()["simulator"] == atlas.describe()
    assert described["containers"] == atlas.containers
    assert described["credentials"]["public_key"] == atlas.public_key


@pytest.mark.parametrize(
    ("method", "path", "document", "status"),
    [
        ("GET", "/nothing", {}, 404),
        ("POST", "/peers/1/befriend", {}, 404),
        ("GET", "/peers/1/accept", {}, 404),
        ("POST", "/clock", {"seconds": 1}, 400),
        ("POST", "/clock", {"advance": "soon"}, 400),
        ("POST", "/faults", {"path": "("}, 400),
        ("POST", "/faults", {"surprise": True}, 400),
        ("POST", "/peers", {"provider_name": "ORACLE"}, 400),
        ("POST", "/containers", {}, 400),
    ],
)
def test_control_rejects_invalid_requests(control, method, path, document, status):
    answer = control(method, path, **document)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_control_error_names_reason(control):
    answer = control("POST", "/peers", provider_name="ORACLE")
    assert answer.json() == {"detail": "400 INVALID_ENUM_VALUE: An invalid enumeration value ORACLE was specified."}
    assert control("GET", "/nothing").json() == {"detail": "GET /nothing is not an operation of the control endpoint"}


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("api_key", ["PUBLIC_API_KEY", "PRIVATE_API_KEY"]),
        ("service_account", ["CLIENT_ID", "CLIENT_SECRET"]),
        ("access_token", ["ACCESS_TOKEN"]),
    ],
)
def test_environment_variables_per_credential_kind(atlas, kind, names):
    environment = atlas.environment(kind)
    assert list(environment) == [f"MONGODB_ATLAS_{name}" for name in ("BASE_URL", "PROJECT_ID", *names)]
    assert environment["MONGODB_ATLAS_BASE_URL"] == atlas.url


def test_context_manager_stops_the_server():
    with Simulator(Settings()) as atlas:
        session = requests.Session()
        assert session.get(f"{atlas.url}/_simulator", timeout=PATIENCE).status_code == 200
    with pytest.raises(requests.ConnectionError):
        session.get(f"{atlas.url}/_simulator", timeout=PATIENCE)
    session.close()


def test_connection_is_kept_alive(atlas):
    connection = http.client.HTTPConnection("127.0.0.1", int(atlas.url.rsplit(":", 1)[1]), timeout=PATIENCE)
    ports = set()
    for _turn in range(3):
        connection.request("GET", "/_simulator")
        ports.add(connection.sock.getsockname())
        connection.getresponse().read()
    connection.close()
    assert len(ports) == 1


@pytest.mark.parametrize("header", ["Transfer-Encoding: chunked", "Content-Length: many"])
def test_body_without_length_is_rejected(atlas, header):
    with socket.create_connection(("127.0.0.1", int(atlas.url.rsplit(":", 1)[1])), timeout=PATIENCE) as connection:
        connection.sendall(f"POST /_simulator HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize("server", [Simulator, ComputeStub])
def test_request_without_its_whole_body_is_none(server):
    with server() as started:
        port = int(started.url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as killed:
            killed.sendall(b"POST /anything HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{}")
            killed.shutdown(socket.SHUT_WR)
            assert killed.recv(100) == b""
        assert not started.exchanges


def test_concurrent_clients_are_served(atlas, client, example):
    def create(number):
        api = client(atlas)
        document = example(vpcId=f"vpc-{number % 10:017x}", routeTableCidrBlock=f"10.{number % 10}.0.0/16")
        return api.create(**document).status_code

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(create, range(20)))
    assert statuses == [200] * 10 + [409] * 10
    assert len(atlas.peers()) == 10


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Return certificate and key for localhost, made by openssl."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    try:
        subprocess.run([*command, "-out", cert, "-keyout", key], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return cert, key


def test_tls_server_is_reached(simulate, certificate):
    cert, key = certificate
    atlas = simulate(tls_cert=str(cert), tls_key=str(key))
    assert re.fullmatch(r"https://localhost:\d+", atlas.url)
    digest = HTTPDigestAuth(atlas.public_key, atlas.private_key)
    headers = {"Accept": "application/vnd.atlas.2023-01-01+json"}
    answer = requests.get(
        f"{atlas.url}/api/atlas/v2/groups", auth=digest, headers=headers, verify=cert, timeout=PATIENCE
    )
    assert answer.json()["links"][0]["href"].startswith(atlas.url)
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(atlas.url, timeout=PATIENCE)
    with socket.create_connection(("127.0.0.1", int(atlas.url.rsplit(":", 1)[1])), timeout=PATIENCE) as silent:
        assert requests.get(f"{atlas.url}/_simulator", verify=cert, timeout=PATIENCE).status_code == 200, silent


@pytest.fixture
def command(tmp_path):
    """Return a function that starts the command and gives it once it is ready; it is gone after the test."""
    started = []

    def start(*options):
        ready = tmp_path / "ready.json"
        process = subprocess.Popen(
            [sys.executable, SOURCE, "--ready-file", ready, *options], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process, ready

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_prints_environment_and_serves(command, number):
    process, ready = command("--pace", "0.1")
    lines = [process.stdout.readline() for _turn in range(12)]
    printed = dict(re.findall(r"^export (\w+)=(.+)$", "".join(lines), re.MULTILINE))
    while not ready.exists():
        assert process.poll() is None
        os.sched_yield()
    said = json.loads(ready.read_text())
    assert said.pop("pid") == process.pid
    assert printed == {
        "MONGODB_ATLAS_BASE_URL": said["base_url"],
        "MONGODB_ATLAS_PROJECT_ID": said["project_id"],
        "MONGODB_ATLAS_PUBLIC_API_KEY": said["credentials"]["public_key"],
        "MONGODB_ATLAS_PRIVATE_API_KEY": said["credentials"]["private_key"],
    }
    assert requests.get(f"{said['base_url']}/_simulator", timeout=PATIENCE).json()["simulator"] == said
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0


def test_setting_with_choices_is_validated():
    assert settings_of(parse(["--set", "conflict_scope=project"])).conflict_scope == "project"
    full = parse(["--set", 'regions_without_capacity=["EU_WEST_1"]'])
    assert settings_of(full).regions_without_capacity == ("EU_WEST_1",)
    with pytest.raises(ValueError, match="conflict_scope is one of container, project"):
        Settings(conflict_scope="region")


def test_command_ends_after_lifetime(command):
    process, _ready = command("--lifetime", "0.05")
    assert process.wait(PATIENCE) == 0


def test_options_become_settings():
    options = "--port 1 --pace 2 --latency 3 --act-after 4 --digest-algorithm SHA-256 --token-limit 5"
    expected = Settings(port=1, pace=2, latency=3, act_after=4, digest_algorithm="SHA-256", token_limit=5)
    assert settings_of(parse(options.split())) == expected
    assert settings_of(parse([])) == Settings()


def test_set_option_sets_any_setting():
    options = "--set max_pending_peers=50 --set announce_stale=false --set role_error=USER_UNAUTHORIZED --set pace=0"
    expected = Settings(max_pending_peers=50, announce_stale=False, role_error="USER_UNAUTHORIZED", pace=0)
    assert settings_of(parse(options.split())) == expected


@pytest.mark.parametrize(
    "text", ["nothing=1", "clock=1", "max_peers", "max_peers=many", "max_peers=true", "__doc__=x", "conflict_scope=x"]
)
def test_unknown_setting_is_rejected(text, capsys):
    with pytest.raises(SystemExit):
        parse(["--set", text])
    assert "--set" in capsys.readouterr().err


def test_readme_explains_every_option(atlas):
    text = (SOURCE / "README.md").read_text(encoding="utf-8")
    options = {name.replace("_", "-") for name in vars(parse([]))}
    assert set(re.findall(r"`--([a-z-]+)", text)) >= options, "every option is explained"
    assert set(re.findall(r"--([a-z-]+) ", text)) <= options, "no other is"
    for shown in (atlas.project_id, atlas.public_key, atlas.private_key, *atlas.containers.values()):
        assert shown in text
    settings = {setting.name for setting in fields(Settings)} - {"clock"}
    told = {name for name in settings if f"`{name}`" in text or f"`--{name.replace('_', '-')}" in text}
    assert told == settings, "every setting is explained"
    for details in fields(Fault):
        assert f"`{details.name}`" in text
