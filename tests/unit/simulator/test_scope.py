# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What two connections may have in common within a project: one VPC or VNet in several containers."""

from __future__ import annotations

import pytest

from support.api_errors import refusal

OTHER_VPC = "vpc-0000000000000000f"


@pytest.fixture(params=["container", "project"])
def scope(request):
    return request.param


@pytest.fixture
def api(simulate, client, scope):
    return client(simulate(conflict_scope=scope, patch_needs_all=False))


@pytest.fixture
def second(api):
    """Return a function that makes a second container of a cloud in the project."""
    regions = {"AWS": "EU_WEST_1", "AZURE": "US_EAST_2"}
    return lambda cloud, block="10.200.0.0/21": api.atlas.add_container(
        api.atlas.project_id, cloud, regions[cloud], block
    )


@pytest.mark.parametrize(("cloud", "code"), [("AWS", "PEER_ALREADY_EXISTS"), ("AZURE", "PEER_ALREADY_EXISTS_AZURE")])
def test_same_network_in_two_containers_per_conflict_scope(api, scope, second, example, cloud, code):
    first = api.create(**example(cloud)).json()["id"]
    again = api.create(**example(cloud, containerId=second(cloud)))
    if scope == "project":
        assert refusal(again) == (409, code)
        assert [peer["id"] for peer in api.atlas.peers()] == [first]
    else:
        assert again.status_code == 200
        assert [peer["containerId"] for peer in api.atlas.peers()] == [
            example(cloud)["containerId"],
            again.json()["containerId"],
        ]
    assert refusal(api.create(**example(cloud))) == (409, code)


def test_overlapping_block_in_other_container_per_conflict_scope(api, scope, second, example):
    api.create(**example())
    other = api.create(**example(containerId=second("AWS"), vpcId=OTHER_VPC))
    assert other.status_code == (409 if scope == "project" else 200)
    if scope == "project":
        assert refusal(other) == (409, "OVERLAPPING_CIDR_BLOCK")


def test_overlap_with_other_container_per_conflict_scope(api, scope, second, example):
    """The container of the connection itself is in its way in any case."""
    container = second("AWS", "10.1.8.0/21")
    elsewhere = api.create(**example())
    assert elsewhere.status_code == (409 if scope == "project" else 200)
    assert refusal(api.create(**example(containerId=container)))[1] == "OVERLAPPING_ATLAS_CIDR_BLOCK"


def test_updated_block_conflicts_per_conflict_scope(api, scope, second, example):
    """A change meets the same conflicts as a creation."""
    api.create(**example())
    container = second("AWS")
    peer = api.atlas.add_peer(api.atlas.project_id, "AWS", "AVAILABLE", containerId=container)
    changed = api.update(peer, containerId=container, routeTableCidrBlock="10.1.0.0/24")
    assert changed.status_code == (409 if scope == "project" else 200)


def test_container_overlapping_connection_per_conflict_scope(api, scope, example):
    """No connection is in a new container yet."""
    api.create(**example())
    made = api.create("containers", providerName="AWS", regionName="EU_WEST_1", atlasCidrBlock="10.1.0.0/21")
    assert made.status_code == (409 if scope == "project" else 200)


def test_container_overlapping_other_container_is_rejected(api, second):
    second("AWS")
    made = api.create("containers", providerName="AWS", regionName="US_WEST_2", atlasCidrBlock="10.200.0.0/22")
    assert refusal(made) == (409, "OVERLAPPING_ATLAS_CIDR_BLOCK")
