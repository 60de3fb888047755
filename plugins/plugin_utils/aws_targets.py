# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The connections whose other side is in AWS, with what is to be done there for each, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ansible_collections.atlasops.network.plugins.plugin_utils.own_settings import own_settings, settings_of

#: Begins the name of each variable of the role; without it, it is the key in ``aws`` of one connection.
PREFIX = "atlas_peering_aws_"
#: Keys of a connection without which nothing can be done in AWS.
_NEEDED = ("aws_account_id", "vpc_id", "atlas_cidr_block")
_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/.+")
_PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_NOT_REQUESTED = (
    "Atlas has not requested it yet. Wait until it can be accepted: atlas_peering_until: action_required, or "
    "atlas_peering_wait with until: action_required."
)


@dataclass(frozen=True)
class Target:
    """One connection and what is to be done about it in AWS; the settings are variables of the role."""

    name: str
    connection_id: str
    account_id: str
    vpc_id: str
    cidr_block: str | None  # of the VPC, as declared
    atlas_cidr_block: str
    phase: str
    region: str
    role_arn: str
    external_id: str
    profile: str
    accept: bool
    route_tables: list[str]
    subnets: list[str]
    all_route_tables: bool
    vpc_dns: bool
    dns_resolution: bool
    security_groups: list[str]
    ports: str

    @property
    def account(self) -> str:
        """What the credentials are told apart by; it holds no secret."""
        return "|".join((self.role_arn, self.profile, self.external_id))

    @property
    def place(self) -> str:
        """What is read at once: all that the same credentials see in one region."""
        return f"{self.account}|{self.region}"

    @property
    def needs_request(self) -> bool:
        """Whether AWS is asked about the request: Atlas sees by itself that an available connection is active."""
        return self.phase != "available" or self.dns_resolution

    @property
    def where(self) -> dict[str, str]:
        """What an item of a loop needs in order to log in."""
        return {"name": self.name, "account": self.account, "region": self.region, "profile": self.profile}


@dataclass
class Targets:
    """All that the role begins with.

    Attributes:
        targets: The connections in AWS, in the order given.
        problems: A sentence for each thing that keeps the role from beginning.
        waiting: A sentence for each connection that Atlas has not requested yet.
        removing: Whether what leads to the connections is to go.
    """

    removing: bool
    targets: list[Target] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it as data, with the items of a loop over the targets, the roles to assume and the places to read."""
        return {
            "targets": [asdict(target) for target in self.targets],
            "items": [{**asdict(target), **target.where} for target in self.targets],
            "problems": self.problems,
            "waiting": self.waiting,
            "roles": list({one.account: _role(one) for one in self.targets if one.role_arn}.values()),
            "places": self._places(),
        }

    def _places(self) -> list[dict[str, Any]]:
        """Return what the same credentials see in one region, once each, with the IDs of what is to be read there."""
        found: dict[str, dict[str, Any]] = {}
        for target in self.targets:
            ids = {
                "vpc_ids": [target.vpc_id],
                "connection_ids": [target.connection_id] if self.removing or target.needs_request else [],
                "security_group_ids": target.security_groups,
            }
            place = found.setdefault(target.place, {**target.where, "place": target.place, **{key: [] for key in ids}})
            for key, wanted in ids.items():
                place[key] += [one for one in wanted if one not in place[key]]
        return list(found.values())


def parse_targets(
    connections: Iterable[Mapping[str, Any]],
    variables: Mapping[str, Any],
    spec: Mapping[str, Mapping[str, Any]],
    removing: bool = False,
    containers: Iterable[Mapping[str, Any]] = (),
) -> Targets:
    """Return the connections whose other side is in AWS, with their settings.

    Args:
        connections: Connections as results have them; those of other clouds are left out. The key ``aws`` of one may
            hold settings of its own, named like the role's variables without their prefix.
        variables: The variables of the role, checked.
        spec: The argument spec of the variables.
        removing: Whether what leads to the connections is to go. Those that were never requested have nothing.
        containers: Containers as results have them. A connection that was read alone lacks what is its container's.
    """
    not_own = {name.removeprefix(PREFIX) for name in spec} - {one.name for one in fields(Target)}
    settings = settings_of(spec, PREFIX, variables, not_own)
    found, by_id = Targets(removing), {one["id"]: one for one in containers}
    for number, connection in enumerate(connections, start=1):
        if str(connection.get("provider_name") or "AWS").upper() == "AWS":
            container = by_id.get(connection.get("container_id"), {})
            _add(found, _complete(connection, container), settings, _name(connection, number))
    return found


def _complete(connection: Mapping[str, Any], container: Mapping[str, Any]) -> dict[str, Any]:
    known = {"container_region": container.get("region"), "atlas_cidr_block": container.get("atlas_cidr_block")}
    return {**connection, **{key: connection.get(key) or value for key, value in known.items()}}


def _role(target: Target) -> dict[str, str]:
    return {**target.where, "role_arn": target.role_arn, "external_id": target.external_id}


def _name(connection: Mapping[str, Any], number: int) -> str:
    return f"AWS {connection.get('peer_network') or connection.get('vpc_id') or f'connection {number}'}"


def _add(found: Targets, connection: Mapping[str, Any], settings: Mapping[str, Any], name: str) -> None:
    """Add one connection, or what is wrong with it."""
    is_requested = bool(connection.get("connection_id"))
    if found.removing and not is_requested:
        return
    values, problems = own_settings(connection, "aws", settings)
    if values:
        problems += _contradictions(values, str(connection.get("aws_account_id")))
    if is_requested:
        problems += [f"{key} is missing. Pass connections as results have them." for key in _missing(connection)]
    if not found.removing and connection.get("phase") in ("failed", "deleting", "absent"):
        problems.append(_hopeless(connection))
    if problems:
        found.problems += [f"{name}: {problem}" for problem in problems]
    elif is_requested:
        found.targets.append(_target(connection, values, name))
    else:
        found.waiting.append(f"{name}: {_NOT_REQUESTED}")


def _missing(connection: Mapping[str, Any]) -> list[str]:
    needed = list(_NEEDED)
    if not connection.get("accepter_region_name"):
        needed.append("container_region")
    return [key for key in needed if not connection.get(key)]


def _contradictions(values: Mapping[str, Any], account_id: str) -> list[str]:
    """Return what is wrong with settings that are each of their type."""
    problems = []
    if values["all_route_tables"] and (values["route_tables"] or values["subnets"]):
        problems.append("all_route_tables means every route table of the VPC. Leave out route_tables and subnets.")
    arn = _ROLE_ARN.fullmatch(values["role_arn"] or "")
    if values["role_arn"] and not arn:
        problems.append(
            f"role_arn is {values['role_arn']!r}, but must be one such as arn:aws:iam::123456789012:role/network."
        )
    if arn and arn[1] != account_id:
        problems.append(
            f"role_arn is a role of the account {arn[1]}, but the VPC belongs to {account_id}. "
            "Name a role of that account, or correct aws_account_id."
        )
    ports = _PORTS.fullmatch(values["ports"] or "")
    if not ports or not int(ports[1]) <= int(ports[2] or ports[1]) <= 65535:
        problems.append(f"ports is {values['ports']!r}, but must be a port or a range such as 27015-27017.")
    return problems


def _hopeless(connection: Mapping[str, Any]) -> str:
    error = f" ({connection['error']})" if connection.get("error") else ""
    cure = connection.get("next_action") or (
        "Delete it and create it again, or let atlas_peering_recreate_on replace it."
        if connection.get("phase") == "failed"
        else "Wait until it is gone, and declare it again."
    )
    return f"Atlas says {connection.get('status') or connection['phase']}{error}. {cure}"


def _target(connection: Mapping[str, Any], values: Mapping[str, Any], name: str) -> Target:
    region = str(connection.get("accepter_region_name") or connection["container_region"])
    return Target(
        name=name,
        connection_id=str(connection["connection_id"]),
        account_id=str(connection["aws_account_id"]),
        vpc_id=str(connection["vpc_id"]),
        cidr_block=connection.get("route_table_cidr_block"),
        atlas_cidr_block=str(connection["atlas_cidr_block"]),
        phase=str(connection.get("phase") or ""),
        region=region.lower().replace("_", "-"),
        **values,
    )
