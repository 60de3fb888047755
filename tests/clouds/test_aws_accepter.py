# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accepter's side of a connection, read and changed with the real boto3."""

from __future__ import annotations

import pytest

pytest.importorskip("moto", reason="moto is installed by the nox session clouds")

from ansible_collections.atlasops.network.plugins.module_utils.aws.accepter import Accepter, AwsError
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from clouds.aws import CALLER, SECRET
from clouds.aws_tasks import ATLAS_BLOCK, BLOCK, OTHER_ATLAS_BLOCK, REGION, requested
from support.echo_server import EchoServer
from support.raw_server import RawServer

NOTHING = {"profile": None, "access_key": None, "secret_key": None, "session_token": None}


@pytest.fixture
def login(aws, monkeypatch):
    """Return a function that gives the accepter of a connection; the environment has the credentials."""
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)

    def connect(connection_id, **options):
        return Accepter({**NOTHING, "connection_id": connection_id, "region": REGION, **options})

    return connect


def test_dns_resolution_is_read_and_set(aws, login):
    record = requested(aws, aws.make_vpc(REGION, BLOCK, role=None), aws_account_id=CALLER)
    with login(record["connection_id"]) as accepter:
        assert accepter.dns_resolution() is False
        accepter.set_dns_resolution(True)
        assert accepter.dns_resolution() is True


def test_routes_finds_and_deletes_only_those_of_connection(aws, login):
    vpc = aws.make_vpc(REGION, BLOCK, role=None)
    own, other = (requested(aws, vpc, aws_account_id=CALLER)["connection_id"] for _number in range(2))
    ec2 = aws.ec2(REGION, None)
    for block, connection_id in ((ATLAS_BLOCK, own), (OTHER_ATLAS_BLOCK, other)):
        for table in (vpc.main, vpc.tables[0]):
            ec2.create_route(RouteTableId=table, DestinationCidrBlock=block, VpcPeeringConnectionId=connection_id)
    with login(own) as accepter:
        routes = accepter.routes()
        assert {(one["route_table_id"], one["destination"]) for one in routes} == {
            (vpc.main, ATLAS_BLOCK),
            (vpc.tables[0], ATLAS_BLOCK),
        }
        for route in routes:
            accepter.delete_route(route)
        assert accepter.routes() == []
        with pytest.raises(
            AwsError, match=f"Could not delete the route to {ATLAS_BLOCK} from {vpc.main}: AWS answered"
        ):
            accepter.delete_route(routes[0])
    with login(other) as accepter:
        assert len(accepter.routes()) == 2


def test_unknown_connection_has_no_routes_and_fails_to_read(login):
    with login("pcx-0123456789abcdef0") as accepter:
        assert (accepter.routes(), accepter.rules(["sg-9"], ATLAS_BLOCK, 1, 2)) == ([], [])
        with pytest.raises(AwsError, match=r"Could not read pcx-0123456789abcdef0: AWS has no such connection"):
            accepter.dns_resolution()


@pytest.mark.parametrize("more", [{}, {"access_key": "AKIA"}, {"secret_key": "s"}])
def test_session_token_without_its_keys_fails(login, more):
    with pytest.raises(InputError, match="session_token is set, but access_key or secret_key is missing"):
        login("pcx-1", session_token="planted", **more)


def test_unknown_profile_fails(login):
    with pytest.raises(AwsError, match=r"Could not log in: The config profile .nobody. could not be found"):
        login("pcx-1", profile="nobody")


@pytest.fixture
def elsewhere(monkeypatch):
    """Return a function that makes a server answer in place of AWS."""
    servers = []

    def replace(server):
        servers.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    yield replace
    for server in servers:
        server.stop()


@pytest.mark.parametrize("where", ["detail", "type"])
def test_answer_of_another_server_fails_with_hint(login, elsewhere, where):
    elsewhere(EchoServer(where))
    with login("pcx-1", access_key="AKIA", secret_key="s", session_token="planted-session-token") as accepter:
        with pytest.raises(AwsError, match="the answer is not one that AWS sends") as caught:
            accepter.routes()
        assert "login page" in caught.value.hint
        assert (caught.value.outcome_unknown, "planted" in str(caught.value)) == (False, False)
        with pytest.raises(AwsError) as caught:
            accepter.set_dns_resolution(True)
        assert caught.value.outcome_unknown


def test_write_whose_answer_is_lost_is_in_doubt(login, elsewhere):
    elsewhere(RawServer([b""]))
    with login("pcx-1") as accepter, pytest.raises(AwsError) as caught:
        accepter.set_dns_resolution(True)
    assert caught.value.outcome_unknown


def test_errors_contain_no_secret(login, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with login("pcx-1") as accepter, pytest.raises(AwsError, match="Could not connect to the endpoint") as caught:
        accepter.routes()
    assert SECRET not in str(caught.value)
