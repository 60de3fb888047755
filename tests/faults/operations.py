# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation of the matrix: what there is before it, the task, and what has to be true after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import project_hosts
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, summarize
from ansible_collections.atlasops.network.plugins.modules import (
    atlas_access_list,
    atlas_access_list_info,
    atlas_container,
    atlas_container_info,
    atlas_peering,
    atlas_peering_export,
    atlas_peering_info,
    atlas_peering_report,
    atlas_peering_set,
    atlas_token,
)
from faults.azure import Azure
from faults.cloud import Cloud
from faults.google import Google
from faults.world import Result, World
from simulator.settings import PROJECT_NAME
from support import samples
from support.samples import CONTAINERS, OPTIONS, PROJECT, identity, in_api

OTHER_BLOCK = "10.16.0.0/16"
UPDATED = {**OPTIONS["AWS"], "route_table_cidr_block": OTHER_BLOCK}
ENTRIES = [{"cidr_block": OTHER_BLOCK, "comment": "VPC"}, {"ip_address": "203.0.113.7"}]
GROUP = {"aws_security_group": "sg-0f1e2d3c4b5a69788"}
PEER, STRAY = samples.PEER, samples.OTHER_PEER
REGION = "EU_WEST_1"
METHODS = ("service_account",)


def _nothing(world: Any) -> None:
    """Leave everything as it is."""


@dataclass(frozen=True)
class Operation:
    """One task.

    Attributes:
        run: Runs it, and returns its result, also of a failure.
        prepare: Brings about what there is before.
        is_reached: Reports whether what it declares is true; None for an operation that reads.
        credentials: The kind of credentials.
        patience: Seconds that it may wait of its own accord, beside the retries of requests.
        settings: Settings of the simulator.
        repeats: Whether a second run changes something, too.
        world: The kind of world that it takes.
    """

    run: Callable[[Any], Result]
    prepare: Callable[[Any], object] = _nothing
    is_reached: Callable[[Any], bool] | None = None
    credentials: str = "access_token"
    patience: float = 30.0
    settings: Mapping[str, Any] = field(default_factory=dict)
    repeats: bool = False
    world: type[World] | type[Cloud] = World


def seed(world: World, name: str = "AWS", status: str = "AVAILABLE", error: str | None = None, **api: Any) -> str:
    return world.add_peer(PROJECT, name, status, error, **{**in_api(name), "id": PEER, **api})


def seed_stray(world: World) -> None:
    seed(world)
    world.add_peer(PROJECT, "AWS", "AVAILABLE", id=STRAY)


def seed_container(world: World) -> None:
    world.add_container(PROJECT, "AWS", REGION, "10.8.0.0/21", provisioned=False, container_id=PEER)
    world.clock.now += 2  # Atlas refuses to delete one that is younger


def seed_entries(world: World) -> None:
    world.add_access_list_entry(OTHER_BLOCK, "VPC")
    world.add_access_list_entry("203.0.113.7")


def has(*names: str, **api: Any) -> Callable[[World], bool]:
    """Return a function that reports whether exactly the sample connections of these clouds exist."""

    def is_reached(world: World) -> bool:
        peers = world.peers(PROJECT)
        wanted = [{**in_api(name), "accepterRegionName": None, **(api if name == "AWS" else {})} for name in names]
        found = [{"accepterRegionName": None, **peer} for peer in peers]
        usable = all((peer.get("statusName") or peer.get("status")) != "FAILED" for peer in peers)
        matches = [sum(one.items() <= {**peer, "accepterRegionName": None}.items() for peer in found) for one in wanted]
        return usable and len(peers) == len(names) and all(count == 1 for count in matches)

    return is_reached


def has_container(world: World, block: str = "10.8.0.0/21") -> bool:
    found = [one for one in world.project.containers.values() if one.cloud.name == "AWS" and one.region == REGION]
    return [one.atlas_cidr_block for one in found] == [block]


def has_entries(world: World) -> bool:
    found = {one.get("cidrBlock") or one["ipAddress"]: one.get("comment") for one in world.access_list(PROJECT)}
    return found in ({OTHER_BLOCK: "VPC", "203.0.113.7/32": None}, {OTHER_BLOCK: "VPC", "203.0.113.7": None})


def inventory(client: Client) -> dict[str, Any]:
    """Read what the inventory has; a project that cannot be read is one clear sentence of it."""
    projects = project_hosts.list_projects(client)
    found = project_hosts.list_connections(client, [one["atlas_project_id"] for one in projects])
    errors = [one for one in found.values() if isinstance(one, AtlasError)]
    if errors:
        return {"failed": True, **errors[0].as_result(), "msg": summarize(errors)}
    return {"changed": False, "projects": projects, "connections": found}


def export(world: World) -> Result:
    return world.fleet_task(atlas_peering_export, projects=[{"project_id": PROJECT, "host": "shop"}])


def replaced(world: World) -> Result:
    return world.task(atlas_peering, **OPTIONS["AWS"], recreate_on=["expired"])


def by_region(world: World) -> Result:
    return world.task(atlas_peering_set, connections=[samples.by_region("AWS")])


def has_by_region(world: World) -> bool:
    created = [one.id for one in world.project.containers.values() if one.region == REGION]
    return has_container(world) and has("AWS", containerId=created[0])(world)


def wait(until: str, *names: str) -> Callable[[World], Result]:
    connections = [identity(name) for name in names]
    return lambda world: world.wait(connections=connections, until=until, wait_timeout=20)


def growing(world: World) -> None:
    """Create connections that take minutes until they are available."""
    for name in ("AWS", "AZURE"):
        world.add_peer(PROJECT, name, **in_api(name))


def deleting(world: World) -> None:
    seed(world)
    world.project.peers[PEER].enter("TERMINATING", world.clock.time())
    world.project.peers[PEER].frozen = False


def revoked(world: World) -> Result:
    return world.fleet_task(atlas_token, METHODS, state="revoked", access_token=world.known_token)


_SLOW = {"pace": 1.0, "act_after": 2.0}

OPERATIONS: dict[str, Operation] = {
    "create": Operation(lambda w: w.task(atlas_peering, **OPTIONS["AWS"]), _nothing, has("AWS")),
    "create with a service account": Operation(
        lambda w: w.task(atlas_peering, **OPTIONS["AZURE"]), _nothing, has("AZURE"), credentials="service_account"
    ),
    "create with an API key": Operation(
        lambda w: w.task(atlas_peering, **OPTIONS["AWS"]), _nothing, has("AWS"), credentials="api_key"
    ),
    "create two": Operation(
        lambda w: w.task(atlas_peering_set, connections=[OPTIONS["AWS"], OPTIONS["AZURE"]]),
        _nothing,
        has("AWS", "AZURE"),
    ),
    "create with its container": Operation(by_region, _nothing, has_by_region),
    "update": Operation(lambda w: w.task(atlas_peering, **UPDATED), seed, has("AWS", routeTableCidrBlock=OTHER_BLOCK)),
    "update of all fields": Operation(
        lambda w: w.task(atlas_peering, **UPDATED),
        seed,
        has("AWS", routeTableCidrBlock=OTHER_BLOCK),
        settings={"patch_needs_all": True},
    ),
    "replace": Operation(
        replaced, lambda w: seed(w, status="FAILED", error="EXPIRED"), has("AWS"), settings={"pace": 5.0}, patience=630
    ),
    "delete": Operation(lambda w: w.task(atlas_peering, **identity("AWS"), state="absent"), seed, has()),
    "delete by id": Operation(lambda w: w.task(atlas_peering, peer_id=PEER, state="absent"), seed, has()),
    "purge": Operation(
        lambda w: w.task(atlas_peering_set, connections=[OPTIONS["AWS"]], purge=True), seed_stray, has("AWS")
    ),
    "create a container": Operation(lambda w: w.task(atlas_container, **CONTAINERS["AWS"]), _nothing, has_container),
    "update a container": Operation(
        lambda w: w.task(atlas_container, **{**CONTAINERS["AWS"], "atlas_cidr_block": "10.9.0.0/21"}),
        seed_container,
        lambda w: has_container(w, "10.9.0.0/21"),
    ),
    "delete a container": Operation(
        lambda w: w.task(atlas_container, provider_name="AWS", region=REGION, state="absent"),
        seed_container,
        lambda w: not has_container(w),
    ),
    "add to the access list": Operation(
        lambda w: w.task(atlas_access_list, entries=ENTRIES),
        _nothing,
        has_entries,
        settings={"access_list_seconds": 5.0},
        patience=330,
    ),
    "add a security group": Operation(
        lambda w: w.task(atlas_access_list, entries=[GROUP], wait=False),
        seed,
        lambda w: [one.get("awsSecurityGroup") for one in w.access_list()] == [GROUP["aws_security_group"]],
    ),
    "delete from the access list": Operation(
        lambda w: w.task(atlas_access_list, entries=ENTRIES, state="absent"),
        seed_entries,
        lambda w: not w.access_list(),
    ),
    "info": Operation(lambda w: w.task(atlas_peering_info), seed),
    "info by id": Operation(lambda w: w.task(atlas_peering_info, peer_id=PEER), seed),
    "info by name": Operation(
        lambda w: w.task(atlas_peering_info, project_id=None, project_name=PROJECT_NAME, provider_name="AWS"), seed
    ),
    "info of containers": Operation(lambda w: w.task(atlas_container_info), seed_container),
    "info of the access list": Operation(lambda w: w.task(atlas_access_list_info), seed_entries),
    "export": Operation(export, seed),
    "report": Operation(lambda w: w.task(atlas_peering_report, connections=[OPTIONS["AWS"]]), seed_stray),
    "inventory": Operation(lambda w: w.read(inventory), seed),
    "wait until available": Operation(wait("available", "AWS", "AZURE"), growing, settings=_SLOW, patience=290),
    "wait until absent": Operation(wait("absent", "AWS"), deleting, settings=_SLOW, patience=290),
    "create a peering in GCP": Operation(
        Google.run, _nothing, lambda w: len(w.peerings()) == 1, settings={"duration": 3.0}, patience=90, world=Google
    ),
    "update a peering in GCP": Operation(
        lambda w: w.run(export_custom_routes=True),
        Google.run,
        lambda w: [one["exportCustomRoutes"] for one in w.peerings()] == [True],
        patience=90,
        world=Google,
    ),
    "delete a peering in GCP": Operation(
        lambda w: w.run(state="absent"), Google.run, lambda w: not w.peerings(), patience=90, world=Google
    ),
    "check access on Azure": Operation(Azure.run, Azure.grant, world=Azure),
    "grant access on Azure": Operation(
        Azure.grant, _nothing, Azure.is_granted, settings={"lag": 1}, patience=120, world=Azure
    ),
    "revoke access on Azure": Operation(
        lambda w: w.run(state="absent"), Azure.grant, Azure.is_revoked, patience=90, world=Azure
    ),
    "get a token": Operation(
        lambda w: w.fleet_task(atlas_token, METHODS), _nothing, lambda w: True, "service_account", repeats=True
    ),
    "revoke a token": Operation(
        revoked, World.know_token, lambda w: not w.is_token_alive(), credentials="service_account"
    ),
}
