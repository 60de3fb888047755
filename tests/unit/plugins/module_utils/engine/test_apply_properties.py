# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random sets of wanted and found connections, against a real simulator: plan, apply, and nothing is left to plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials, Settings
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import parse_desired
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired
from simulator import Settings as AtlasSettings
from simulator import Simulator
from support.engine import sync_bare_peerings
from support.examples import examples
from support.samples import NAMES, OPTIONS

NETWORKS = {
    "AWS": ("vpcId", ["vpc-0000000a", "vpc-0000000b", "vpc-0000000c"]),
    "AZURE": ("vnetName", ["one", "two", "three"]),
    "GCP": ("networkName", ["one", "two", "three"]),
}
PENDING = {"AWS": "PENDING_ACCEPTANCE", "AZURE": "ADDING_PEER", "GCP": "ADDING_PEER"}
#: A connection by its cloud and the number of its network.
Key = tuple[str, int]
KEYS = st.tuples(st.sampled_from(NAMES), st.integers(0, 2))
#: What a connection has besides its identity: a choice of blocks, which only AWS looks at.
PLANS = st.dictionaries(KEYS, st.booleans(), min_size=1, max_size=4)
#: Nearly all that is found is fine, a little has failed.
SEEDS = st.dictionaries(KEYS, st.tuples(st.booleans(), st.sampled_from(["AVAILABLE"] * 5 + ["", "", "FAILED"])))


def fields(key: Key, moved: bool) -> dict[str, str]:
    """Return API fields: every network has two blocks of its own, so that none overlap."""
    name, number = key
    option, networks = NETWORKS[name]
    common = {field.api: OPTIONS[name][field.option] for field in CLOUDS[name].peering.fields}
    block = {"routeTableCidrBlock": f"10.{number + 10 * moved}.0.0/16"} if name == "AWS" else {}
    return {**common, option: networks[number], **block}


def wanted_of(key: Key, moved: bool, project_id: str, container_id: str) -> Desired:
    cloud = CLOUDS[key[0]]
    values = fields(key, moved)
    options = {field.option: values[field.api] for field in cloud.peering.fields}
    return parse_desired(
        PEERING, {**options, "provider_name": cloud.name, "container_id": container_id}, project_id, complete=True
    )


class Estate:
    """A project of its own in a simulator, seeded."""

    def __init__(self, atlas: Simulator, seeds: dict[Key, tuple[bool, str]]) -> None:
        self.atlas, self.project_id = atlas, atlas.add_project("estate")
        self.containers = {name: atlas.add_container(self.project_id, name) for name in NAMES}
        self.ids = {key: self._seed(key, *seed) for key, seed in seeds.items()}
        atlas.clear_log()

    def _seed(self, key: Key, moved: bool, status: str) -> str:
        name = key[0]
        asked = {**fields(key, moved), "containerId": self.containers[name]}
        error = "REJECTED" if status == "FAILED" else None
        return self.atlas.add_peer(self.project_id, name, status or PENDING[name], error, **asked)

    def desired(self, plans: dict[Key, bool]) -> list[Desired]:
        return [wanted_of(key, moved, self.project_id, self.containers[key[0]]) for key, moved in plans.items()]

    def peers(self) -> dict[str, dict[str, Any]]:
        return {peer["id"]: peer for peer in self.atlas.peers(self.project_id)}


@pytest.fixture(scope="module")
def frozen_atlas() -> Iterator[Simulator]:
    with Simulator(AtlasSettings(clock=lambda: 1_800_000_000.0)) as atlas:
        yield atlas


@pytest.fixture(scope="module")
def lasting_client(frozen_atlas: Simulator) -> Iterator[Client]:
    credentials = Credentials("access_token", {"access_token": frozen_atlas.issue_token()})
    with Client(Settings(frozen_atlas.url, "v2", 5, 0, True, credentials)) as client:
        yield client


def refusals(plans: dict[Key, bool], seeds: dict[Key, tuple[bool, str]]) -> list[Key]:
    return [key for key in plans if key in seeds and seeds[key][1] == "FAILED"]


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=PLANS, seeds=SEEDS, present=st.sampled_from([True, True, True, False]))
def test_sync_twice_is_idempotent(
    frozen_atlas: Simulator,
    lasting_client: Client,
    plans: dict[Key, bool],
    seeds: dict[Key, tuple[bool, str]],
    present: bool,
) -> None:
    estate = Estate(frozen_atlas, seeds)
    desired, before = estate.desired(plans), estate.peers()
    if present and refusals(plans, seeds):
        event("refused")
        outcomes = sync_bare_peerings(lasting_client, desired, present, check_mode=False)
        assert all("has failed" in str(outcome.error) for outcome in outcomes)
        assert estate.peers() == before
        return
    predicted = sync_bare_peerings(lasting_client, desired, present, check_mode=True)
    assert estate.peers() == before
    outcomes = sync_bare_peerings(lasting_client, desired, present, check_mode=False)
    assert [outcome.changed for outcome in outcomes] == [outcome.changed for outcome in predicted]
    after = estate.peers()
    event(f"{len(estate.atlas.writes())} writes")
    assert len(estate.atlas.writes()) == sum(outcome.changed for outcome in outcomes)
    assert not [
        again for again in sync_bare_peerings(lasting_client, desired, present, check_mode=False) if again.changed
    ]
    assert estate.peers() == after
    undeclared = [peer_id for key, peer_id in estate.ids.items() if key not in plans]
    assert {peer_id: after[peer_id] for peer_id in undeclared} == {peer_id: before[peer_id] for peer_id in undeclared}
    assert len(after) == len(before) + present * len([key for key in plans if key not in seeds])
