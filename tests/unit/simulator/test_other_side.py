# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections on AWS that are requested, accepted and deleted in a cloud outside the simulator."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import simulator
from simulator import Settings, Simulator
from support.clock import NOON

REFUSED = "vpc-00000000000000000"
TESTS = Path(simulator.__file__).parent.parent


class Cloud:
    """A cloud in memory; a test sets the statuses."""

    cloud_name = "AWS"

    def __init__(self):
        self.vpcs = {}
        self.connections = {}
        self.requested = []

    def provision(self, container):
        self.vpcs[container.id] = f"vpc-{len(self.vpcs):017x}"
        return {"vpcId": self.vpcs[container.id]}

    def request(self, peer):
        if peer.attributes["vpcId"] == REFUSED:
            return None
        connection = f"pcx-{len(self.requested):017x}"
        self.requested.append((peer.container.network["vpcId"], peer.attributes["vpcId"]))
        self.connections[connection] = "pending-acceptance"
        return connection

    def statuses(self):
        return dict(self.connections)

    def withdraw(self, connection_id):
        self.connections[connection_id] = "deleted"


@pytest.fixture
def cloud():
    return Cloud()


@pytest.fixture
def atlas(cloud):
    with Simulator(Settings(clock=lambda: NOON), cloud) as started:
        yield started


@pytest.fixture
def create(atlas, api, example):
    """Return a function that creates a connection and waits until it could be accepted."""

    def make(**changes):
        peer = api.create(**example(**changes)).json()["id"]
        atlas.advance(1)
        return peer

    return make


def connection(api, peer):
    return api.peer(peer)["connectionId"]


def test_connection_is_requested_and_followed(atlas, api, cloud, create):
    peer = create()
    assert api.status(peer) == "PENDING_ACCEPTANCE"
    assert cloud.connections == {connection(api, peer): "pending-acceptance"}
    container = api.get(f"{api.group}/containers/{atlas.containers['AWS']}").json()
    assert cloud.requested == [(container["vpcId"], "vpc-0123456789abcdef0")]
    atlas.advance(60)
    assert api.status(peer) == "PENDING_ACCEPTANCE"
    cloud.connections[connection(api, peer)] = "active"
    assert api.status(peer) == "FINALIZING"
    atlas.advance(1)
    assert api.status(peer) == "AVAILABLE"
    assert cloud.requested == cloud.requested[:1]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("rejected", "REJECTED"),
        ("expired", "EXPIRED"),
        ("failed", "INVALID_ARGUMENT"),
        ("deleted", "INVALID_ARGUMENT"),
        (None, "INVALID_ARGUMENT"),  # no longer listed
    ],
)
@pytest.mark.parametrize("accepted", [False, True])
def test_connection_ended_in_aws_fails(atlas, api, cloud, create, status, error, accepted):
    peer = create()
    pcx = connection(api, peer)
    if accepted:
        cloud.connections[pcx] = "active"
        api.peer(peer)
        atlas.advance(1)
        assert api.status(peer) == "AVAILABLE"
    if status is None:
        del cloud.connections[pcx]
    else:
        cloud.connections[pcx] = status
    assert {"statusName": "FAILED", "errorStateName": error}.items() <= api.peer(peer).items()


@pytest.mark.parametrize("status", ["pending-acceptance", "provisioning", "initiating-request", "unheard-of"])
def test_connection_in_transitional_status_stays_pending(api, cloud, create, status):
    peer = create()
    cloud.connections[connection(api, peer)] = status
    assert api.status(peer) == "PENDING_ACCEPTANCE"


def test_rejected_request_fails_connection(api, cloud, create):
    peer = create(vpcId=REFUSED)
    assert {"statusName": "FAILED", "errorStateName": "INVALID_ARGUMENT"}.items() <= api.peer(peer).items()
    assert cloud.connections == {}


@pytest.mark.parametrize("pace", [0, 1])
def test_deletion_withdraws_the_connection(cloud, client, pace):
    with Simulator(Settings(clock=lambda: NOON, pace=pace), cloud) as atlas:
        api = client(atlas)
        peer = atlas.add_peer(atlas.project_id, "AWS")
        atlas.advance(pace)
        pcx = connection(api, peer)
        api.delete(peer)
        atlas.advance(pace)
        assert api.peer(peer) is None
        assert cloud.connections == {pcx: "deleted"}


def test_restart_requests_another_connection(atlas, api, cloud, create, example):
    peer = create()
    first = connection(api, peer)
    api.update(peer, **example(vpcId="vpc-11111111111111111"))
    assert cloud.connections == {first: "pending-acceptance"}
    atlas.advance(1)
    second = connection(api, peer)
    assert cloud.connections == {first: "deleted", second: "pending-acceptance"}
    assert cloud.requested[1][1] == "vpc-11111111111111111"


def test_connection_of_a_container_that_is_not_provisioned_yet(cloud, client, example):
    with Simulator(Settings(clock=lambda: NOON, provision_seconds=60, connection_id_seconds=5), cloud) as atlas:
        api = client(atlas)
        container = atlas.add_container(atlas.project_id, "AWS", "EU_WEST_1", provisioned=False)
        peer = api.create(**example(containerId=container)).json()["id"]
        atlas.advance(1)
        assert (api.status(peer), connection(api, peer)) == ("PENDING_ACCEPTANCE", None)
        assert api.get(f"{api.group}/containers/{container}").json()["vpcId"] is None
        atlas.advance(60)
        assert cloud.connections == {connection(api, peer): "pending-acceptance"}
        assert api.get(f"{api.group}/containers/{container}").json()["vpcId"] == cloud.vpcs[container]


def test_seeded_and_other_clouds_are_not_requested(atlas, api, cloud):
    """Connections that were put into a status, and those of other clouds."""
    seeded = atlas.add_peer(atlas.project_id, "AWS", "PENDING_ACCEPTANCE")
    atlas.add_peer(atlas.project_id, "AZURE")
    gcp = atlas.add_peer(atlas.project_id, "GCP")
    atlas.advance(1)
    assert (api.status(seeded), api.status(gcp)) == ("PENDING_ACCEPTANCE", "WAITING_FOR_USER")
    assert cloud.requested == []
    assert set(cloud.vpcs) == {atlas.containers["AWS"]}


def test_boto3_is_imported_only_with_aws_endpoint(monkeypatch):
    code = "import sys, simulator; simulator.Simulator(); sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=TESTS, check=False).returncode == 0
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ValueError, match="aws_endpoint needs boto3"):
        Simulator(Settings(aws_endpoint="http://127.0.0.1:1"))


# Against moto, where it is installed


@pytest.fixture(scope="module")
def aws():
    """Return a function that gives an EC2 client of the customer's account in a region of a simulated AWS."""
    moto = pytest.importorskip("moto.server", reason="moto is not installed")
    boto3 = pytest.importorskip("boto3")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())

    def connect(region):
        return boto3.client(
            "ec2",
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id="customer",
            aws_secret_access_key="customer",
        )

    connect.endpoint = endpoint
    yield connect
    server.stop()


@pytest.fixture
def simulated(aws, client):
    with Simulator(Settings(pace=0, aws_endpoint=aws.endpoint)) as atlas:
        yield client(atlas)


@pytest.fixture(params=["us-east-1", "eu-west-1"])
def requested(request, aws, simulated, example):
    """The customer's EC2 client, a connection to a VPC in its region, and the connection's id in AWS."""
    ec2 = aws(request.param)
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]
    containers = simulated.atlas.containers
    peer = simulated.create(
        **example(
            containerId=containers["AWS"],
            awsAccountId=vpc["OwnerId"],
            vpcId=vpc["VpcId"],
            accepterRegionName=request.param,
        )
    ).json()["id"]
    return ec2, peer, connection(simulated, peer)


def test_acceptance_in_aws_makes_connection_available(simulated, requested):
    ec2, peer, pcx = requested
    (seen,) = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[pcx])["VpcPeeringConnections"]
    assert seen["Status"]["Code"] == "pending-acceptance"
    container = simulated.get(f"{simulated.group}/containers/{simulated.atlas.containers['AWS']}").json()
    assert seen["RequesterVpcInfo"]["VpcId"] == container["vpcId"]
    assert seen["RequesterVpcInfo"]["CidrBlock"] == container["atlasCidrBlock"]
    assert seen["RequesterVpcInfo"]["OwnerId"] == Settings().aws_account_id
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=pcx)
    assert [simulated.status(peer) for _look in range(2)] == ["FINALIZING", "AVAILABLE"]
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=pcx)
    assert simulated.status(peer) == "FAILED"
    simulated.delete(peer)
    assert simulated.peer(peer) is None


def test_rejection_in_aws_fails_connection(simulated, requested):
    ec2, peer, pcx = requested
    ec2.reject_vpc_peering_connection(VpcPeeringConnectionId=pcx)
    assert simulated.peer(peer)["errorStateName"] == "REJECTED"


def test_deletion_in_atlas_deletes_connection_in_aws(simulated, requested):
    ec2, peer, pcx = requested
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=pcx)
    simulated.delete(peer)
    assert simulated.peer(peer) is None
    (seen,) = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[pcx])["VpcPeeringConnections"]
    assert seen["Status"]["Code"] == "deleted"


def test_unknown_vpc_fails_connection(simulated, aws, example):
    peer = simulated.create(**example(containerId=simulated.atlas.containers["AWS"])).json()["id"]
    assert simulated.peer(peer)["errorStateName"] == "INVALID_ARGUMENT"
