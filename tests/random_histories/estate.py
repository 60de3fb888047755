# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random estates: projects with containers, connections and access lists, and what runs declare of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from support.samples import NAMES, OPTIONS

from .atlas import Atlas

#: Cloud -> the regions in which it may have a container, each with the container's block.
PLACES: dict[str, list[tuple[str, str]]] = {
    "AWS": [("EU_WEST_1", "172.16.0.0/21"), ("US_WEST_2", "172.17.0.0/21")],
    "AZURE": [("EUROPE_WEST", "172.24.0.0/21"), ("US_EAST", "172.25.0.0/21")],
    "GCP": [("EASTERN_US", "172.20.0.0/18")],
}
#: What there may be in the beginning, with how often: nothing, or a connection in some status.
BEGINNINGS = {"": 5, "AVAILABLE": 5, "new": 2, "FAILED": 1, "deleting": 1}
PRESENT, ABSENT, UNDECLARED = "present", "absent", "undeclared"
#: What the entries of an access list permit, as Atlas calls it.
PERMITTED = ("10.200.0.0/16", "203.0.113.7/32", "203.0.113.64/28", "2001:db8:1::/48", "2001:db8::7/128")


@dataclass(frozen=True)
class Place:
    """Where a container is or will be: its project, its cloud and the number of its region."""

    project: int
    cloud: str
    number: int


@dataclass
class Connection:
    """One connection of an estate.

    Attributes:
        place: Where its container is.
        network: The number of its network.
        role: Whether runs declare it, and how.
        by_region: Whether they name its container by region.
        moved: Whether its block differs from what there is in the beginning.
        id: Its id in the beginning; empty if there is none.
        is_settled: Whether nothing has to happen to it but waiting.
    """

    place: Place
    network: int
    role: str
    by_region: bool
    moved: bool
    id: str = ""
    is_settled: bool = False


@dataclass(frozen=True)
class Entry:
    """One entry of the access list of a project.

    Attributes:
        project: The number of its project.
        value: What it permits.
        role: Whether runs declare it, and how.
        comment: As it is declared, if it is.
        before: Its comment in the beginning, which may be empty; None if there is no such entry.
    """

    project: int
    value: str
    role: str
    comment: str | None
    before: str | None

    @property
    def options(self) -> dict[str, Any]:
        """The entry as a task declares it."""
        address, _slash, length = self.value.partition("/")
        named = {"ip_address": address} if length in ("32", "128") else {"cidr_block": self.value}
        return {**named, "comment": self.comment}


@dataclass
class Estate:
    """Projects with containers, connections and access lists.

    Attributes:
        projects: Their ids.
        containers: Ids of the containers that exist in the beginning.
        connections: What is declared, and what there is besides.
        shares_networks: Whether containers of a project are peered with the same networks.
        entries: Entries of access lists: what is declared, and what there is besides.
    """

    projects: list[str]
    containers: dict[Place, str]
    connections: list[Connection]
    shares_networks: bool
    entries: list[Entry] = field(default_factory=list)

    def of_role(self, role: str) -> list[Connection]:
        return [one for one in self.connections if one.role == role]

    def entries_of(self, role: str) -> list[list[Entry]]:
        """Return the entries of a role, of one project after the other that has some."""
        named = [one for one in self.entries if one.role == role]
        return [list(entries) for _project, entries in groupby(named, lambda one: one.project)]

    def options_of(self, one: Connection) -> dict[str, Any]:
        """Return a connection as a task declares it."""
        place, sample = one.place, OPTIONS[one.place.cloud]
        region, block = PLACES[place.cloud][place.number]
        number = one.network if self.shares_networks else 10 * place.number + one.network
        own: dict[str, Any] = {"project_id": self.projects[place.project]}
        if place.cloud == "AWS":
            network = 20 * place.number + one.network + (10 if one.moved else 0)
            own |= {"vpc_id": f"vpc-{number:08x}", "route_table_cidr_block": f"10.{network}.0.0/16"}
        else:
            own["vnet_name" if place.cloud == "AZURE" else "network_name"] = f"network{number}"
        if one.by_region or place not in self.containers:
            own |= {"container_id": None, "container_region": region, "atlas_cidr_block": block}
        else:
            own["container_id"] = self.containers[place]
        return {**sample, **own}

    def declared(self, connections: Sequence[Connection]) -> list[dict[str, Any]]:
        return [self.options_of(one) for one in connections]


def draw_estate(dice: random.Random, atlas: Atlas) -> Estate:
    """Draw an estate and put it into Atlas."""
    projects = [f"64a1f0c35b7e2d4198c3f{number:03}" for number in range(dice.choice((1, 1, 2)))]
    for number, project_id in enumerate(projects):
        atlas.add_project(f"project {number}", project_id, containers=False)
    shares = atlas.settings.conflict_scope == "container" and dice.random() < 0.5
    estate = Estate(projects, {}, [], shares)
    places = [
        Place(project, cloud, number)
        for project in range(len(projects))
        for cloud in NAMES
        for number in range(len(PLACES[cloud]))
    ]
    for place in dice.sample(places, min(len(places), dice.choice((1, 2, 2, 3, 4)))):
        _draw_place(dice, atlas, estate, place)
    if not estate.of_role(PRESENT):
        estate.connections[0].role = PRESENT
    if dice.random() < 0.4:
        for number in range(len(projects)):
            _draw_access_list(dice, atlas, estate, number)
    atlas.remember()
    return estate


def _draw_place(dice: random.Random, atlas: Atlas, estate: Estate, place: Place) -> None:
    """Draw a container, which may be missing, and its connections."""
    region, block = PLACES[place.cloud][place.number]
    if dice.random() < 0.7:
        estate.containers[place] = atlas.add_container(
            estate.projects[place.project],
            place.cloud,
            None if place.cloud == "GCP" else region,
            block,
            provisioned=dice.random() < 0.5,
        )
    for network in range(dice.choice((1, 1, 2, 3))):
        role = dice.choices((PRESENT, ABSENT, UNDECLARED), (6, 1, 1))[0]
        one = Connection(place, network, role, dice.random() < 0.5, dice.random() < 0.2)
        estate.connections.append(one)
        if place in estate.containers:
            _draw_beginning(dice, atlas, estate, one)


def _draw_beginning(dice: random.Random, atlas: Atlas, estate: Estate, one: Connection) -> None:
    """Draw what there is of a connection before the first run."""
    (status,) = dice.choices(list(BEGINNINGS), list(BEGINNINGS.values()))
    if not status:
        return
    cloud = CLOUDS[one.place.cloud]
    options = estate.options_of(Connection(one.place, one.network, one.role, False, False))
    fields = {f.api: options[f.option] for f in cloud.peering.fields}
    shown = {"new": None, "deleting": cloud.deleting_status}.get(status, status)
    error = dice.choice(("REJECTED", "EXPIRED", "INVALID_ARGUMENT")) if status == "FAILED" else None
    one.id = atlas.add_peer(estate.projects[one.place.project], cloud.name, shown, error, **fields)
    if status == "deleting":
        atlas.unfreeze(one.id)
    one.is_settled = status in ("AVAILABLE", "new")


def _draw_access_list(dice: random.Random, atlas: Atlas, estate: Estate, number: int) -> None:
    """Draw the access list of a project: what there is, and what is declared."""
    for value in dice.sample(PERMITTED, dice.choice((1, 2, 4))):
        (role,) = dice.choices((PRESENT, ABSENT, UNDECLARED), (4, 1, 1))
        before = dice.choice((None, None, "", "VPC of the shop", "of somebody else"))
        estate.entries.append(Entry(number, value, role, dice.choice((None, "VPC of the shop")), before))
        if before is not None:
            atlas.add_access_list_entry(value, before or None, project_id=estate.projects[number])
