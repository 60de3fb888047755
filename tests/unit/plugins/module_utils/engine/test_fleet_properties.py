# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random networks against a real simulator: refused for a reason, or applied once and nothing is left to do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials, Settings
from ansible_collections.atlasops.network.plugins.module_utils.engine import apply, fleet, resources
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model import connection
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import DesiredPeering
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import NEVER_REPLACE, ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import Limits
from simulator import Settings as AtlasSettings
from simulator import Simulator
from support.clock import NOON, Clock
from support.engine import sync_peerings
from support.examples import examples
from support.samples import NAMES, OPTIONS

NETWORKS = {
    "AWS": ("vpc_id", ["vpc-0000000a", "vpc-0000000b"]),
    "AZURE": ("vnet_name", ["one", "two"]),
    "GCP": ("network_name", ["one", "two"]),
}
PENDING = {"AWS": "PENDING_ACCEPTANCE", "AZURE": "ADDING_PEER", "GCP": "ADDING_PEER"}
DELETING = {"AWS": "TERMINATING", "AZURE": "DELETING", "GCP": "DELETING"}
PLACES = {
    "AWS": [("EU_WEST_1", "172.16.0.0/21"), ("US_WEST_2", "172.17.0.0/21")],
    "AZURE": [("EUROPE_WEST", "172.24.0.0/21"), ("US_EAST", "172.25.0.0/21")],
    "GCP": [("", "172.20.0.0/18")],
}
ANYTHING = ReplacePolicy(("failed", "expired", "rejected", "changed"), 60)

#: A connection by the number of its project, its cloud, the number of its container and that of its network.
Key = tuple[int, str, int, int]
KEYS = st.tuples(
    st.sampled_from([0, 0, 0, 1]),
    st.sampled_from([(name, place) for name in NAMES for place in range(len(PLACES[name]))]),
    st.integers(0, 1),
).map(lambda one: (one[0], *one[1], one[2]))
ROOMS = [(number, name, place) for number in (0, 1) for name in NAMES for place in range(len(PLACES[name]))]


@dataclass(frozen=True)
class Plan:
    """How a connection is declared: with which of its two blocks, and its container by region or by id."""

    moved: bool
    by_region: bool
    loud: bool  # in other letters, where those mean nothing


#: What is there under a key: nothing, or these statuses and a block.
SEEDS = st.none() | st.tuples(
    st.sampled_from(
        [
            *[("AVAILABLE",)] * 6,
            *[("PENDING",)] * 2,
            *[("AVAILABLE", "DELETING")] * 2,
            *[("FAILED",)] * 2,
            ("DELETING",),
            ("AVAILABLE", "AVAILABLE"),
        ]
    ),
    st.booleans(),
)
PLANS = st.builds(Plan, st.booleans(), st.booleans(), st.booleans())
#: For each of some connections: how it is declared, if it is, and what is there.
SITUATIONS = st.lists(
    st.tuples(KEYS, st.none() | PLANS | PLANS | PLANS, SEEDS), min_size=3, max_size=7, unique_by=lambda one: one[0]
)


def block_of(number: int, moved: bool) -> str:
    """Return one of two blocks of a network: none of all of them overlap."""
    return f"10.{number + 10 * moved}.0.0/16"


class Estate:
    """Two projects in a simulator, seeded."""

    def __init__(
        self, atlas: Simulator, client: Client, seeds: dict[Key, Any], rooms: set[tuple[int, str, int]]
    ) -> None:
        self.atlas, self.client = atlas, client
        self.projects = [atlas.add_project(name, containers=False) for name in ("estate", "neighbour")]
        needed = {key[:3] for key in seeds}
        self.containers = {room: self._room(*room) for room in sorted(rooms | needed)}
        self.ids = {key: self._seed(key, *seed) for key, seed in seeds.items()}
        atlas.clear_log()

    def _room(self, number: int, name: str, place: int) -> str:
        region, block = PLACES[name][place]
        return self.atlas.add_container(self.projects[number], name, region or None, block)

    def _seed(self, key: Key, statuses: tuple[str, ...], moved: bool) -> list[str]:
        project, name, _place, number = key
        ids = []
        for count, status in enumerate(statuses):
            options = self.options(key, Plan(moved, False, False))
            values = {field.api: options[field.option] for field in CLOUDS[name].peering.fields}
            if "routeTableCidrBlock" in values and count:
                values["routeTableCidrBlock"] = f"10.{100 + number}.0.0/16"
            humanize = {"PENDING": PENDING[name], "DELETING": DELETING[name]}
            error = "EXPIRED" if status == "FAILED" else None
            ids.append(self.atlas.add_peer(self.projects[project], name, humanize.get(status, status), error, **values))
        return ids

    def options(self, key: Key, plan: Plan) -> dict[str, Any]:
        name, place, number = key[1:]
        option, networks = NETWORKS[name]
        options: dict[str, Any] = {**OPTIONS[name], option: networks[number]}
        if name == "AWS":
            options["route_table_cidr_block"] = block_of(number, plan.moved)
        if name == "AZURE" and plan.loud:
            options["vnet_name"] = networks[number].upper()
        if plan.by_region or key[:3] not in self.containers:
            region, block = PLACES[name][place]
            region = region or "EASTERN_US"
            return {**options, "container_id": None, "container_region": region, "atlas_cidr_block": block}
        return {**options, "container_id": self.containers[key[:3]]}

    def declared(self, plans: dict[Key, Plan], present: bool) -> list[DesiredPeering]:
        return [
            connection.parse_connection(self.options(key, plan), self.projects[key[0]], present)
            for key, plan in plans.items()
        ]

    def peers(self) -> dict[str, dict[str, Any]]:
        return {peer["id"]: peer for project in self.projects for peer in self.atlas.peers(project)}


def is_refused(key: Key, seeds: dict[Key, Any], present: bool, replace_policy: ReplacePolicy) -> bool:
    """Report whether a connection cannot be had, from what was seeded alone."""
    statuses = seeds.get(key, ((), False))[0]
    standing = [status for status in statuses if status != "DELETING"]
    if len(standing) > 1 or not present:
        return len(standing) > 1
    return (bool(statuses) and not standing) or (replace_policy is NEVER_REPLACE and standing == ["FAILED"])


@pytest.fixture(scope="module")
def frozen_atlas() -> Iterator[Simulator]:
    """Yield a simulator whose time passes only while the engine pauses, which takes no time."""
    with Simulator(AtlasSettings(clock=lambda: NOON)) as atlas, pytest.MonkeyPatch.context() as patch:
        clock = Clock()
        clock.on_sleep = lambda: atlas.advance(clock.pauses[-1])
        patch.setattr(apply, "time", clock)
        patch.setattr(resources, "time", clock)
        yield atlas


@pytest.fixture(scope="module")
def lasting_client(frozen_atlas: Simulator) -> Iterator[Client]:
    credentials = Credentials("access_token", {"access_token": frozen_atlas.issue_token()})
    with Client(Settings(frozen_atlas.url, "v2", 5, 0, True, credentials)) as client:
        yield client


def shown(outcomes: Sequence[Outcome]) -> list[tuple[str, bool, str | None]]:
    return [(one.action, one.changed, (one.after or one.desired.absent)["phase"]) for one in outcomes]


def check_nothing_is_left(estate: Estate, plans: dict[Key, Plan], order: SyncOptions) -> None:
    """Declare the same again: nothing is written any more."""
    estate.atlas.clear_log()
    again = sync_peerings(estate.client, estate.declared(plans, order.present), order).as_result("peerings")
    assert (again["changed"], again["diff"], estate.atlas.writes()) == (False, [], [])


def check_the_undeclared(
    estate: Estate, purged: set[tuple[int, str]], plans: dict[Key, Plan], before: dict[str, Any]
) -> None:
    """Nothing undeclared has changed, except that what is purged (by number of project and cloud) is being deleted."""
    after = estate.peers()
    for key, ids in estate.ids.items():
        for peer_id in ids if key not in plans else ():
            if key[:2] in purged:
                assert CLOUDS[key[1]].phases[str(status_of(after[peer_id]))] == "deleting"
            else:
                assert after.get(peer_id) == before[peer_id]


def status_of(peer: dict[str, Any]) -> Any:
    return peer.get("statusName") or peer.get("status")


def check_requests(estate: Estate, happened: fleet.Result) -> None:
    """Hold the writes against the outcomes: one for each that changed, two for each that was replaced."""
    made = [exchange for exchange in estate.atlas.writes() if exchange.path.endswith("/containers")]
    changed = [one for one in (*happened.outcomes, *happened.purged) if one.changed]
    replaced = [one for one in changed if one.before and one.after and one.before["id"] != one.after["id"]]
    assert len(estate.atlas.writes()) == len(made) + len(changed) + len(replaced)
    assert len({(exchange.path, exchange.request_body) for exchange in made}) == len(made)
    event(f"{len(made)} containers, {len(changed)} changes, {len(replaced)} replacements")


@settings(max_examples=examples(120))
@given(
    situations=SITUATIONS,
    rooms=st.sets(st.sampled_from(ROOMS)),
    present=st.sampled_from([True, True, True, False]),
    replace_policy=st.sampled_from([NEVER_REPLACE, ANYTHING, ANYTHING]),
    purge=st.booleans(),
)
def test_sync_fails_without_writes_or_is_idempotent(
    lasting_client: Client,
    frozen_atlas: Simulator,
    situations: list[tuple[Key, Plan | None, Any]],
    rooms: set[tuple[int, str, int]],
    present: bool,
    replace_policy: ReplacePolicy,
    purge: bool,
) -> None:
    """Where one connection of a project is refused nothing is written in it, and the other project is not held up."""
    plans = {key: plan for key, plan, seed in situations if plan}
    seeds = {key: seed for key, plan, seed in situations if seed}
    estate = Estate(frozen_atlas, lasting_client, seeds, rooms)
    declared, before = estate.declared(plans, present), estate.peers()
    order = SyncOptions(present, False, replace_policy, Limits(purge=100), purge=present and purge)
    stopped = {key[0] for key in plans if is_refused(key, seeds, present, replace_policy)}
    if stopped and len({key[0] for key in plans}) == 1:
        event("refused")
        with pytest.raises((InputError, PlanError)):
            sync_peerings(lasting_client, declared, order)
        assert frozen_atlas.writes() == []
        return
    predicted = sync_peerings(lasting_client, declared, replace(order, check_mode=True))
    assert (frozen_atlas.writes(), estate.peers()) == ([], before)
    happened = sync_peerings(lasting_client, declared, order)
    assert [one.error is not None for one in happened.outcomes] == [key[0] in stopped for key in plans]
    assert shown(predicted.outcomes) == shown(happened.outcomes)
    assert shown(predicted.purged) == shown(happened.purged)
    assert not {write.path.split("/")[5] for write in frozen_atlas.writes()} & {estate.projects[one] for one in stopped}
    check_requests(estate, happened)
    after = estate.peers()
    check_the_undeclared(estate, {key[:2] for key in plans if key[0] not in stopped and order.purge}, plans, before)
    created = [one for one in happened.outcomes if one.changed and one.before is None]
    assert len(after) == len(before) + len(created)
    check_nothing_is_left(estate, {key: plan for key, plan in plans.items() if key[0] not in stopped}, order)


BLOCKS = st.sampled_from(
    [
        *("10.0.0.0/8", "10.1.0.0/16", "10.1.128.0/17", "10.2.0.0/16", "10.3.0.0/16"),
        *("172.16.0.0/12", "192.168.1.0/24", "8.8.0.0/16", "172.32.0.0/16"),
    ]
)


@settings(max_examples=examples(60))
@given(
    blocks=st.lists(BLOCKS, min_size=1, max_size=3),
    there=st.lists(st.tuples(BLOCKS, st.sampled_from(["AVAILABLE", "PENDING_ACCEPTANCE"])), max_size=2),
    room=st.sampled_from(["10.2.0.0/21", "192.168.240.0/21"]),
)
def test_preflight_agrees_with_simulator(
    frozen_atlas: Simulator, lasting_client: Client, blocks: list[str], there: list[tuple[str, str]], room: str
) -> None:
    project_id = frozen_atlas.add_project("blocks", containers=False)
    container_id = frozen_atlas.add_container(project_id, "AWS", "EU_WEST_1", room)
    for block, status in there:
        frozen_atlas.add_peer(project_id, "AWS", status, routeTableCidrBlock=block)
    place = {"container_id": None, "container_region": "EU_WEST_1"}
    entries = [
        {**OPTIONS["AWS"], **place, "vpc_id": f"vpc-{number:08x}", "route_table_cidr_block": block}
        for number, block in enumerate(blocks)
    ]
    frozen_atlas.clear_log()
    declared = [connection.parse_connection(entry, project_id, True) for entry in entries]
    try:
        sync_peerings(lasting_client, declared, SyncOptions(True, True))
        refused = False
    except PlanError:
        refused = True
    event(f"refused: {refused}")
    codes = []
    for one in declared:
        values = {**one.peering.values, "container_id": container_id}
        body = {f.api: values[f.option] for f in CLOUDS["AWS"].peering.fields}
        with contextlib.suppress(ApiError):
            lasting_client.post(f"groups/{project_id}/peers", "try", {"providerName": "AWS", **body})
        codes.append(frozen_atlas.exchanges[-1].status)
    assert (set(codes) != {200}) is refused
