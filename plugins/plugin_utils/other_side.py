# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What connections declare for their other side: kept from Atlas' part, passed to the roles that act there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import (
    ABSENT,
    AVAILABLE,
    DELETING,
    FAILED,
    PENDING,
    Cloud,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import AWS, CLOUDS, GCP
from ansible_collections.atlasops.network.plugins.plugin_utils.variables import is_set

Connection = Mapping[str, Any]


@dataclass(frozen=True)
class Side:
    """The other side of one cloud, in sentences formatted with a connection, its settings and ``who``.

    Attributes:
        cloud: The cloud.
        actors: Setting -> who acts if it is set; the first that is set counts. The setting ``""`` is always set.
        create: What is done once until the connection is available.
        upkeep: Setting -> what is done in every run if it is set.
        remove: What is done before Atlas deletes the connection.
    """

    cloud: Cloud
    actors: Mapping[str, str]
    create: str
    upkeep: Mapping[str, str]
    remove: str


#: Key of a connection, and word in ``atlas_peering_other_side`` -> the other side.
SIDES: Mapping[str, Side] = {
    "aws": Side(
        cloud=AWS,
        actors={
            "role_arn": "The role {role_arn}",
            "profile": "The AWS profile {profile}",
            "": "The owner of the AWS credentials",
        },
        create="{who} accepts the request in AWS account {aws_account_id}, {place}.",
        upkeep={
            "route_tables": "{who} adds missing routes to Atlas in the route tables {route_tables}.",
            "subnets": "{who} adds missing routes to Atlas in the route tables of the subnets {subnets}.",
            "all_route_tables": "{who} adds missing routes to Atlas in all route tables of {vpc_id}.",
            "vpc_dns": "{who} enables DNS support and DNS hostnames of {vpc_id}.",
            "dns_resolution": "{who} lets Atlas resolve host names of {vpc_id}.",
            "security_groups": "{who} allows outbound traffic to Atlas in the security groups {security_groups}.",
        },
        remove="{who} removes the routes and deletes the connection in AWS account {aws_account_id}, {place}.",
    ),
    "gcp": Side(
        cloud=GCP,
        actors={"": "The owner of the Google credentials"},
        create="{who} creates the peering of network {network_name} in GCP project {gcp_project_id}.",
        upkeep={},
        remove="{who} deletes the peering of network {network_name} in GCP project {gcp_project_id}.",
    ),
}


def atlas_part(connections: Iterable[Any]) -> list[Any]:
    """Return connections without what they declare for their other side."""
    return [
        {key: value for key, value in one.items() if key not in SIDES} if isinstance(one, Mapping) else one
        for one in connections
    ]


def find_problems(connections: Iterable[Connection]) -> list[str]:
    """Return a sentence for each setting of another cloud than that of its connection."""
    return [
        f"atlas_peering_connections[{number}] has {key}, but its provider_name is {one['provider_name']}. Remove {key}."
        for number, one in enumerate(connections)
        for key, side in SIDES.items()
        if key in one and one.get("provider_name") in CLOUDS and one["provider_name"] != side.cloud.name
    ]


def plan(connections: Iterable[Connection]) -> list[dict[str, Any]]:
    """Return declared connections with all keys of a result, as they are before Atlas knows them."""
    planned = []
    for one in connections:
        cloud = CLOUDS.get(str(one.get("provider_name")))
        unknown = dict.fromkeys((*cloud.peering.options, *cloud.result_only) if cloud else ())
        planned.append({**unknown, **one, "project_id": None, "phase": PENDING})
    return planned


def with_settings(connections: Iterable[Connection], records: Iterable[Connection]) -> list[dict[str, Any]]:
    """Return results, in the order of the declared connections, with the settings of each for its other side."""
    return [
        {**record, **{key: declared[key] for key in SIDES if key in declared}}
        for declared, record in zip(connections, records)
    ]


def current(records: Iterable[Connection], found: Iterable[Connection]) -> list[Connection]:
    """Return results with the state in which they have been found, if they have."""
    by_id = {one["id"]: one for one in found}
    return [by_id.get(record["id"], record) for record in records]


def describe_steps(
    connections: Iterable[Connection], wanted: Sequence[str], variables: Mapping[str, Any], removing: bool = False
) -> list[str]:
    """Return what is done about each connection, step by step, and by whom.

    Args:
        connections: Results with the settings of their other side.
        wanted: The clouds whose other side is acted on: ``["aws"]``.
        variables: Variables of the roles that act there, for connections without settings of their own.
        removing: Whether the connections are to be removed.
    """
    by_cloud = {side.cloud.name: key for key, side in SIDES.items() if key in wanted}
    lines = []
    for one in connections:
        key = by_cloud.get(str(one["provider_name"]))
        theirs = (_removal if removing else _creation)(SIDES[key], _values(key, one, variables), one) if key else []
        sentences = _atlas_last(one, theirs) if removing else _atlas_first(one, theirs, bool(key))
        numbered = " ".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1))
        lines.append(f"{one['provider_name']} {one['peer_network']}: {numbered or 'Nothing is left to do.'}")
    return lines


def _values(key: str, connection: Connection, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the sentences are formatted with."""
    prefix, side = f"atlas_peering_{key}_", SIDES[key]
    general = {name.removeprefix(prefix): value for name, value in variables.items() if name.startswith(prefix)}
    values = {**general, **(connection.get(key) or {}), **connection}
    who = next(text for setting, text in side.actors.items() if not setting or is_set(values.get(setting)))
    place = values.get("accepter_region_name") or "the region of its container"
    texts = {name: ", ".join(map(str, one)) if isinstance(one, list) else one for name, one in values.items()}
    return {**texts, "who": who.format(**texts), "place": place}


def _creation(side: Side, values: Mapping[str, Any], connection: Connection) -> list[str]:
    create = [] if connection["phase"] == AVAILABLE else [side.create]
    upkeep = [text for name, text in side.upkeep.items() if values.get(name) not in (None, "", False, [])]
    return [text.format(**values) for text in (*create, *upkeep)]


def _removal(side: Side, values: Mapping[str, Any], connection: Connection) -> list[str]:
    return [] if connection["phase"] == ABSENT else [side.remove.format(**values)]


def _atlas_first(connection: Connection, theirs: list[str], acts: bool) -> list[str]:
    new = [] if connection.get("id") else [f"Atlas creates the connection in project {connection['project_id']}."]
    by_hand = connection["phase"] not in (AVAILABLE, FAILED, DELETING) and not acts
    return [*new, *theirs, *([f"The owner of {connection['peer_network']} acts on the other side."] if by_hand else [])]


def _atlas_last(connection: Connection, theirs: list[str]) -> list[str]:
    absent = connection["phase"] == ABSENT
    return [] if absent else [*theirs, f"Atlas deletes the connection in project {connection['project_id']}."]
