# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs of the same play at once, at every interleaving of their requests that can make a difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.modules import (
    atlas_access_list,
    atlas_container,
    atlas_peering,
    atlas_peering_set,
)
from faults.matrix import of_change, of_message
from faults.operations import (
    ENTRIES,
    OPERATIONS,
    REGION,
    UPDATED,
    Operation,
    by_region,
    has,
    has_by_region,
    has_container,
    has_entries,
    replaced,
    seed,
    seed_container,
    seed_entries,
    seed_stray,
)
from faults.orders import Race, Work, every_order
from faults.stage import Stage
from faults.world import World
from support.samples import CONTAINERS, OPTIONS, identity, vpc

Reached = Callable[[World], bool]


@dataclass(frozen=True)
class Pair:
    """Two runs at once.

    Attributes:
        one: The first run.
        two: The second one.
        goals: What each of them brings about if it is repeated alone; None if the other one makes that impossible.
        prepare: Brings about what there is before.
        is_settled: Whether both have the same goal, which has to be reached when they have ended.
    """

    one: Work
    two: Work
    goals: tuple[Reached, Reached | None]
    prepare: Callable[[World], object] = lambda world: None
    is_settled: bool = True


def create(world: World) -> Any:
    return world.task(atlas_peering, **OPTIONS["AWS"])


def delete(world: World) -> Any:
    return world.task(atlas_peering, **identity("AWS"), state="absent")


def update(world: World) -> Any:
    return world.task(atlas_peering, **UPDATED)


def update_otherwise(world: World) -> Any:
    return world.task(atlas_peering, **{**UPDATED, "route_table_cidr_block": "10.17.0.0/16"})


def purge(world: World) -> Any:
    return world.task(atlas_peering_set, connections=[OPTIONS["AWS"]], purge=True)


def create_other(world: World) -> Any:
    return world.task(atlas_peering, **vpc(99))


def has_other(world: World) -> bool:
    return [peer["vpcId"] for peer in world.peers()].count(vpc(99)["vpc_id"]) == 1


def create_container(world: World) -> Any:
    return world.task(atlas_container, **CONTAINERS["AWS"])


def delete_container(world: World) -> Any:
    where = {"provider_name": "AWS", "region": REGION}
    return world.task(atlas_container, **where, state="absent", delete_timeout=20)


def add_entries(world: World) -> Any:
    return world.task(atlas_access_list, entries=ENTRIES, wait=False)


def remove_entries(world: World) -> Any:
    return world.task(atlas_access_list, entries=ENTRIES, state="absent")


def no_entries(world: World) -> bool:
    return not world.access_list()


BLOCK_17 = has("AWS", routeTableCidrBlock="10.17.0.0/16")
BLOCK_16 = OPERATIONS["update"].is_reached or has("AWS")

#: Two that are alike have one goal, which has to be reached when both have ended.
PAIRS: dict[str, Pair] = {
    "create and create": Pair(create, create, (has("AWS"), has("AWS"))),
    "create and create, with containers": Pair(by_region, by_region, (has_by_region, has_by_region)),
    "create and delete": Pair(create, delete, (has("AWS"), has()), is_settled=False),
    "delete and create": Pair(delete, create, (has(), has("AWS")), seed, is_settled=False),
    "delete and delete": Pair(delete, delete, (has(), has()), seed),
    "update and update": Pair(update, update, (BLOCK_16, BLOCK_16), seed),
    "update and another update": Pair(update, update_otherwise, (BLOCK_16, BLOCK_17), seed, is_settled=False),
    "update and delete": Pair(update, delete, (BLOCK_16, has()), seed, is_settled=False),
    "replace and replace": Pair(
        replaced, replaced, (has("AWS"), has("AWS")), lambda world: seed(world, status="FAILED", error="EXPIRED")
    ),
    "purge and create": Pair(purge, create_other, (has("AWS"), has_other), seed_stray, is_settled=False),
    "purge and purge": Pair(purge, purge, (has("AWS"), has("AWS")), seed_stray),
    "create a container and create it": Pair(create_container, create_container, (has_container, has_container)),
    "create in a container and delete that": Pair(
        by_region, delete_container, (has_by_region, None), seed_container, is_settled=False
    ),
    "add to the access list and add": Pair(add_entries, add_entries, (has_entries, has_entries)),
    "add to the access list and delete": Pair(
        add_entries, remove_entries, (has_entries, no_entries), seed_entries, is_settled=False
    ),
}


#: Pairs that are not only run with all the others.
FEW = ("create and create, with containers", "create and delete", "update and update", "purge and create")


def violations(race: Race, pair: Pair) -> Iterator[str]:
    """Yield the promises that are broken when both runs have ended."""
    world = race.world
    for name, result in race.results.items():
        if result.get("failed"):
            yield from of_message(result)
        yield from of_change(result, race.arrivals[name])
    places = [(peer.get("vpcId"), peer["containerId"]) for peer in world.peers()]
    if len(places) != len(set(places)):
        yield f"two connections: {places}"
    regions = [(one.cloud.name, str(one.region)) for one in world.project.containers.values()]
    if len(regions) != len(set(regions)):
        yield f"two containers: {regions}"
    if all(result.get("failed") for result in race.results.values()):
        yield f"neither succeeded: {[result['msg'] for result in race.results.values()]}"
    if pair.is_settled and not pair.goals[0](world):
        yield "what both declare is not there"
    world.answer = world.layer
    for work, is_reached in zip((pair.one, pair.two), pair.goals):
        again = work(world) if is_reached else {}
        if again.get("failed") or (is_reached and not is_reached(world)):
            yield f"a run alone does not reach its goal: {again.get('msg')}"


def start(stage: Stage, pair: Pair) -> Race:
    world = stage.world(Operation(pair.one, pair.prepare))
    return Race(world, (pair.one, pair.two))


def broken_promises(stage: Stage, pair: Pair) -> tuple[int, list[str]]:
    count, broken = 0, []
    for race in every_order(lambda: start(stage, pair)):
        count += 1
        broken += [f"{race.order}: {promise}" for promise in violations(race, pair)]
    return count, broken


@pytest.mark.parametrize("name", [one if one in FEW else pytest.param(one, marks=pytest.mark.slow) for one in PAIRS])
def test_two_runs_at_once(name: str, stage: Stage, count_cases: Callable[[str, int, int], None]) -> None:
    run, broken = broken_promises(stage, PAIRS[name])
    count_cases("interleavings", run, len({one.partition(":")[0] for one in broken}))
    assert run > 1
    assert not broken, "\n".join(broken)
