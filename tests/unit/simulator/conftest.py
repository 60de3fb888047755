# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain HTTP client for the simulator, and documents to send."""

from __future__ import annotations

import pytest
import requests
from requests.auth import HTTPDigestAuth

from support.patience import PATIENCE

ACCEPT = "application/vnd.atlas.2023-01-01+json"


class Client:
    """Sends requests below /api/atlas the way any HTTP client would; starts with the simulator's API key."""

    def __init__(self, atlas, auth=None, version="v2"):
        self.atlas = atlas
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = auth or HTTPDigestAuth(atlas.public_key, atlas.private_key)
        self.session.headers["Accept"] = ACCEPT
        self.root = f"{atlas.url}/api/atlas/{version}"
        self.group = f"/groups/{atlas.project_id}"

    def send(self, method, path, **options):
        return self.session.request(method, self.root + path, timeout=PATIENCE, allow_redirects=False, **options)

    def get(self, path, **query):
        return self.send("GET", path, params=query)

    def create(self, kind="peers", **document):
        return self.send("POST", f"{self.group}/{kind}", json=document)

    def update(self, item, kind="peers", **document):
        return self.send("PATCH", f"{self.group}/{kind}/{item}", json=document)

    def delete(self, item, kind="peers"):
        return self.send("DELETE", f"{self.group}/{kind}/{item}")

    def peer(self, peer_id):
        """Return the peer, or nothing once it is gone."""
        response = self.get(f"{self.group}/peers/{peer_id}")
        return None if response.status_code == 404 else response.json()

    def status(self, peer_id):
        peer = self.peer(peer_id)
        return None if peer is None else peer.get("statusName", peer.get("status"))


@pytest.fixture
def client():
    """Return a function that makes a client; its connections are closed after the test."""
    clients = []

    def make(atlas, auth=None, version="v2"):
        clients.append(Client(atlas, auth, version))
        return clients[-1]

    yield make
    for each in clients:
        each.session.close()


@pytest.fixture
def api(atlas, client):
    return client(atlas)


@pytest.fixture
def example(atlas):
    """Return a function that gives what is needed to create a peer, changed at will."""
    documents = {
        "AWS": {
            "accepterRegionName": "us-east-1",
            "awsAccountId": "123456789012",
            "routeTableCidrBlock": "10.1.0.0/16",
            "vpcId": "vpc-0123456789abcdef0",
        },
        "AZURE": {
            "azureDirectoryId": "8f2f1c3e-1d5b-4a55-9c0a-3a5a5b1e0d01",
            "azureSubscriptionId": "c2a1e6f0-6a3d-4d0e-8b1f-7f4f2b9d1a02",
            "resourceGroupName": "network",
            "vnetName": "hub",
        },
        "GCP": {"gcpProjectId": "my-project-1", "networkName": "default"},
    }

    def make(cloud="AWS", **changes):
        document = {"providerName": cloud, "containerId": atlas.containers[cloud], **documents[cloud], **changes}
        return {name: value for name, value in document.items() if value is not ...}

    return make
