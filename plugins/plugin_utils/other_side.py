# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What connections declare for their other side: kept from Atlas' part, passed to the roles that act there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.parsing.convert_bool import BOOLEANS_FALSE

from ansible_collections.atlasops.network.plugins.module_utils.model import admission
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import (
    ABSENT,
    AVAILABLE,
    DELETING,
    FAILED,
    PENDING,
    Cloud,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import AWS, AZURE, CLOUDS, GCP
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.plugin_utils.task_options import without_keys
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
        prepare: Setting -> what is done before Atlas creates the connection; the first that is set counts, and ``""``
            is always set.
        finish: Setting -> what is done after Atlas has deleted the connection, if it is set.
    """

    cloud: Cloud
    actors: Mapping[str, str]
    create: str = ""
    upkeep: Mapping[str, str] = field(default_factory=dict)
    remove: str = ""
    prepare: Mapping[str, str] = field(default_factory=dict)
    finish: Mapping[str, str] = field(default_factory=dict)


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
    "azure": Side(
        cloud=AZURE,
        actors={"": "The owner of the Azure credentials"},
        prepare={
            "create": "{who} grants Atlas what it lacks to peer with {vnet_name} in subscription "
            "{azure_subscription_id}.",
            "": "{who} checks that Atlas may peer with {vnet_name} in subscription {azure_subscription_id}.",
        },
        finish={
            "revoke": "{who} revokes Atlas' access to {vnet_name} in subscription {azure_subscription_id}, unless "
            "another connection needs it."
        },
    ),
    "gcp": Side(
        cloud=GCP,
        actors={"": "The owner of the Google credentials"},
        create="{who} creates the peering of network {network_name} in GCP project {gcp_project_id}.",
        remove="{who} deletes the peering of network {network_name} in GCP project {gcp_project_id}.",
    ),
}


def atlas_part(connections: Iterable[Any]) -> list[Any]:
    """Return connections without what they declare for the other side and the IP access list, and without results."""
    return without_keys(connections, (*SIDES, admission.KEY, *PEERING.result_only))


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
    """Return results, in the order of the declared connections, with what only the declaration of each knows.

    That is the settings for the other side, and of a connection that is gone also what does not identify it.
    """
    return [{**declared, **record} for declared, record in zip(connections, records)]


def current(records: Iterable[Connection], found: Iterable[Connection]) -> list[Connection]:
    """Return results with the state in which they have been found, if they have."""
    by_id = {one["id"]: one for one in found if one["id"]}
    return [by_id.get(record["id"], record) for record in records]


def describe_steps(
    connections: Iterable[Connection],
    wanted: Sequence[str],
    variables: Mapping[str, Any],
    removing: bool = False,
    admitting: bool = False,
) -> list[str]:
    """Return what is done about each connection, step by step, and by whom.

    Args:
        connections: Results with the settings of their other side.
        wanted: The clouds whose other side is acted on: ``["aws"]``.
        variables: Variables of the roles that act there, for connections without settings of their own.
        removing: Whether the connections are to be removed.
        admitting: Whether the networks of all connections are added to the IP access list.
    """
    by_cloud = {side.cloud.name: key for key, side in SIDES.items() if key in wanted}
    lines = []
    for one in connections:
        key = by_cloud.get(str(one["provider_name"]))
        side, values = (SIDES[key], _values(key, one, variables)) if key else (None, {})
        entries = _admission(one, removing) if admission.is_asked(one, admitting) else []
        sentences = [*entries, *_removal(one, side, values)] if removing else [*_creation(one, side, values), *entries]
        numbered = " ".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1))
        lines.append(f"{one['provider_name']} {one['peer_network']}: {numbered or 'Nothing is left to do.'}")
    return lines


def _values(key: str, connection: Connection, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the sentences are formatted with."""
    prefix, side = f"atlas_peering_{key}_", SIDES[key]
    general = {name.removeprefix(prefix): value for name, value in variables.items() if name.startswith(prefix)}
    values = {**general, **(connection.get(key) or {}), **connection}
    (who,) = _first(side.actors, values)
    place = values.get("accepter_region_name") or "the region of its container"
    texts = {name: ", ".join(map(str, one)) if isinstance(one, list) else one for name, one in values.items()}
    return {**texts, "who": who, "place": place}


def _creation(connection: Connection, side: Side | None, values: Mapping[str, Any]) -> list[str]:
    """Return what is done until the connection is available."""
    phase, sentences = connection["phase"], []
    if not connection.get("id"):
        sentences += _first(side.prepare, values) if side else []
        sentences.append(f"Atlas creates the connection in project {connection['project_id']}.")
    if side and side.create and phase != AVAILABLE:
        sentences.append(side.create.format(**values))
    if side is None and phase not in (AVAILABLE, FAILED, DELETING):
        sentences.append(f"The owner of {connection['peer_network']} acts on the other side.")
    return [*sentences, *(_all(side.upkeep, values) if side else [])]


def _removal(connection: Connection, side: Side | None, values: Mapping[str, Any]) -> list[str]:
    """Return what is done until the connection is gone."""
    if connection["phase"] == ABSENT:
        return []
    before = [side.remove.format(**values)] if side and side.remove else []
    after = _all(side.finish, values) if side else []
    return [*before, f"Atlas deletes the connection in project {connection['project_id']}.", *after]


def _admission(connection: Connection, removing: bool) -> list[str]:
    """Return what is done about the IP access list."""
    where = f"the IP access list of project {connection['project_id']}"
    if removing:
        return [f"Atlas removes from {where} what was added for {connection['peer_network']}."]
    named = ", ".join(admission.names(connection) or ())
    return [f"Atlas adds {named} to {where}, if missing."] if named else []


def _first(sentences: Mapping[str, str], values: Mapping[str, Any]) -> list[str]:
    """Return the sentence of the first setting that is set, if any."""
    return [text.format(**values) for name, text in sentences.items() if not name or _is_on(values.get(name))][:1]


def _all(sentences: Mapping[str, str], values: Mapping[str, Any]) -> list[str]:
    return [text.format(**values) for name, text in sentences.items() if _is_on(values.get(name))]


def _is_on(value: Any) -> bool:
    """Report whether a setting, which may be text, has an effect."""
    return is_set(value) and value != [] and str(value).strip().lower() not in BOOLEANS_FALSE
