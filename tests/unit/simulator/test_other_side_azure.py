# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections on Azure between a simulated Atlas and a stub of Azure: whether Atlas may peer."""

from __future__ import annotations

import pytest

from azure_stub import AzureStub
from azure_stub.server import ATLAS_APPLICATION
from simulator import Settings, Simulator
from support import samples
from support.clock import NOON

TENANT = samples.OPTIONS["AZURE"]["azure_directory_id"]
SUBSCRIPTION = samples.OPTIONS["AZURE"]["azure_subscription_id"]
NAMES = [samples.OPTIONS["AZURE"][name] for name in ("resource_group_name", "vnet_name")]


@pytest.fixture
def azure():
    with AzureStub() as stub:
        yield stub


@pytest.fixture
def atlas(azure):
    with Simulator(Settings(clock=lambda: NOON, azure_endpoint=azure.url)) as started:
        yield started


def create(atlas, api):
    body = {
        "providerName": "AZURE",
        "azureDirectoryId": TENANT,
        "azureSubscriptionId": SUBSCRIPTION,
        "resourceGroupName": NAMES[0],
        "vnetName": NAMES[1],
    }
    return api.create(**body, containerId=atlas.containers["AZURE"])


@pytest.mark.parametrize(
    ("role", "status"), [(None, 400), ("Reader", 400), ("Network Contributor", 200), ("Contributor", 200)]
)
def test_connection_needs_access_to_the_virtual_network(azure, atlas, api, role, status):
    scope = azure.add_network(TENANT, SUBSCRIPTION, *NAMES, "10.20.0.0/16")
    atlas_there = azure.add_application(TENANT, ATLAS_APPLICATION)
    if role:
        azure.assign(role, atlas_there, scope)
    answer = create(atlas, api)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["errorCode"] == "AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED"


def test_connection_needs_a_service_principal(azure, atlas, api):
    azure.add_network(TENANT, SUBSCRIPTION, *NAMES, "10.20.0.0/16")
    assert create(atlas, api).status_code == 400
