# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random networks in a real simulator: declaring them as exported changes nothing, and nothing is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials, Settings
from ansible_collections.atlasops.network.plugins.module_utils.engine.declarations import parse_connections
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import read_network
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.export import Export, export
from ansible_collections.atlasops.network.plugins.module_utils.model.export_text import list_text
from simulator import Settings as AtlasSettings
from simulator import Simulator
from support.clock import NOON
from support.engine import sync_peerings
from support.examples import examples
from support.samples import NAMES, OPTIONS

#: Containers of each cloud, twins in one region among them.
PLACES = {
    "AWS": ["EU_WEST_1", "US_WEST_2", "US_WEST_2"],
    "AZURE": ["EUROPE_WEST", "US_EAST", "US_EAST"],
    "GCP": [None],
}
NETWORKS = {
    "AWS": ("vpcId", ["vpc-0000000a", "vpc-0000000b"]),
    "AZURE": ("vnetName", ["one", "no", "True"]),
    "GCP": ("networkName", ["one", "two"]),
}


@dataclass(frozen=True)
class Seed:
    """A connection that is there, by the numbers of its container and network."""

    name: str
    place: int
    network: int
    status: str
    block: int
    has_region: bool

    @property
    def phase(self) -> str:
        return CLOUDS[self.name].phases[self.status]


def seeds(name: str) -> st.SearchStrategy[Seed]:
    statuses = st.sampled_from([*CLOUDS[name].phases, *["AVAILABLE"] * 5])
    places, networks = st.integers(0, len(PLACES[name]) - 1), st.integers(0, len(NETWORKS[name][1]) - 1)
    return st.builds(Seed, st.just(name), places, networks, statuses, st.integers(1, 4), st.booleans())


ESTATES = st.lists(st.lists(st.one_of([seeds(name) for name in NAMES]), max_size=7), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def frozen_atlas() -> Iterator[Simulator]:
    with Simulator(AtlasSettings(clock=lambda: NOON)) as atlas:
        yield atlas


@pytest.fixture(scope="module")
def lasting_client(frozen_atlas: Simulator) -> Iterator[Client]:
    credentials = Credentials("access_token", {"access_token": frozen_atlas.issue_token()})
    with Client(Settings(frozen_atlas.url, "v2", 5, 0, True, credentials)) as client:
        yield client


def seed_project(atlas: Simulator, number: int, estate: list[Seed]) -> str:
    project_id: str = atlas.add_project(f"export{number}", containers=False)
    for name, places in PLACES.items():
        used = {one.place for one in estate if one.name == name}
        rooms = {place: atlas.add_container(project_id, name, places[place]) for place in sorted(used)}
        for one in (one for one in estate if one.name == name):
            option, networks = NETWORKS[name]
            fields = {f.api: OPTIONS[name][f.option] for f in CLOUDS[name].peering.fields}
            fields.update({option: networks[one.network], "containerId": rooms[one.place]})
            if name == "AWS":
                fields["routeTableCidrBlock"] = f"10.{one.block}.0.0/16"
                fields["accepterRegionName"] = "us-east-1" if one.has_region else None
            atlas.add_peer(project_id, name, one.status, "REJECTED" if one.phase == "failed" else None, **fields)
    return project_id


def check_left_out(estate: list[Seed], exported: Export) -> None:
    """Only what must not or cannot be declared is left out, and nothing is forgotten."""
    expected = [one for one in estate if one.phase in ("failed", "deleting") or (one.name, one.network) == ("AZURE", 2)]
    assert len(exported.left_out) == len(expected)
    assert len(exported.connections) == len(estate) - len(expected)


def check_ids(estate: list[Seed], exported: Export) -> None:
    """An ID is written only if several connections, apart from those being deleted, join the same two networks."""
    ends = [(one.name, one.place, one.network) for one in estate if one.phase != "deleting"]
    shared = {end for end in ends if ends.count(end) > 1}
    named = [one for one in exported.connections if "peer_id" in one]
    is_needed = [one for one in estate if (one.name, one.place, one.network) in shared]
    assert len(named) <= len(is_needed)
    event(f"{len(named)} of {len(exported.connections)} with an ID")


@settings(max_examples=examples(120))
@given(estates=ESTATES)
def test_declaring_what_is_exported_changes_nothing(
    frozen_atlas: Simulator, lasting_client: Client, estates: list[list[Seed]]
) -> None:
    ids = [seed_project(frozen_atlas, number, estate) for number, estate in enumerate(estates)]
    frozen_atlas.clear_log()
    exported = [export(*read_network(lasting_client, project_id)) for project_id in ids]
    for estate, content in zip(estates, exported):
        check_left_out(estate, content)
        check_ids(estate, content)
    declared: dict[str, Any] = yaml.safe_load(
        list_text([(project_id, "host", content) for project_id, content in zip(ids, exported)])
    )
    params = {"connections": declared["atlas_peering_connections"]}
    connections = parse_connections(params, ProjectResolver(lasting_client), present=True)
    for check_mode in (True, False):
        result = sync_peerings(lasting_client, connections, SyncOptions(True, check_mode)).as_result("peerings")
        assert (result.get("msg"), result["changed"], result["diff"]) == (None, False, [])
        assert {one["action"] for one in result["peerings"]} <= {"unchanged"}
    assert frozen_atlas.writes() == []
