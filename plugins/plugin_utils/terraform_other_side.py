# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What Terraform manages on the other side of connections, as settings of the roles that act there. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import AWS, GCP
from ansible_collections.atlasops.network.plugins.plugin_utils.terraform_connections import (
    Connection,
    LeftOut,
    left_out_of,
    unknown,
)
from ansible_collections.atlasops.network.plugins.plugin_utils.terraform_document import Document, Resource

_ACCEPTER = "aws_vpc_peering_connection_accepter"
_OPTIONS = "aws_vpc_peering_connection_options"
_ROUTE = "aws_route"
_TABLES = ("aws_route_table", "aws_default_route_table")
_GCP_PEERING = "google_compute_network_peering"

#: What tells the connection of a resource: the attribute that leads to it, and further ones.
_LINKS: Mapping[str, tuple[str, ...]] = {
    _ACCEPTER: ("vpc_peering_connection_id",),
    _OPTIONS: ("vpc_peering_connection_id",),
    _ROUTE: ("vpc_peering_connection_id", "route_table_id", "destination_cidr_block"),
    _GCP_PEERING: ("peer_network", "network"),
}
#: Attributes of a peering on GCP that are options of the role atlas_peering_gcp, too.
_GCP_SETTINGS = (
    "export_custom_routes",
    "import_custom_routes",
    "export_subnet_routes_with_public_ip",
    "import_subnet_routes_with_public_ip",
)
#: What a route may lead to, other than an IPv4 block.
_OTHER_DESTINATIONS = ("destination_ipv6_cidr_block", "destination_prefix_list_id", "ipv6_cidr_block")

_TAGS = "The role atlas_peering_aws manages no tags. Those of the connection in AWS stay as they are."
_STACK = "The role atlas_peering_gcp does not manage stack_type, which stays {value}."
_OTHER_ROUTE = (
    "The route leads to {destination}. The role atlas_peering_aws routes only the block of Atlas' network ({block})."
)
_NO_NAMES = (
    "The connection {address} lacks the names of Atlas' network. Run terraform apply -refresh-only and pass the state."
)


@dataclass(frozen=True)
class Route:
    """A route, of a resource of its own or of the table that lists it."""

    resource: Resource
    table: str
    destination: str
    connection_id: str


def other_sides(
    document: Document, connections: Sequence[Connection]
) -> tuple[list[dict[str, dict[str, Any]]], list[LeftOut]]:
    """Return the settings for each connection, and what cannot be carried over.

    The settings of a connection are ``{"aws": {…}}``, ``{"gcp": {…}}``, or empty.
    """
    left_out = [*_unknown(document)]
    settings = []
    for one in connections:
        name, read = _READERS.get(one.options["provider_name"], ("", None))
        found = read(document, one, left_out) if read else {}
        settings.append({name: found} if found else {})
    return settings, left_out


def _unknown(document: Document) -> Iterator[LeftOut]:
    """Yield the resources that do not tell yet which connection they belong to."""
    for resource in document.of_type(*_LINKS):
        link, *_others = names = _LINKS[resource.type]
        reason = unknown(resource, names) if resource.text(link) or link in resource.unknown else ""
        if reason:
            yield LeftOut(resource.address, reason)


def _aws(document: Document, connection: Connection, left_out: list[LeftOut]) -> dict[str, Any]:
    """Return the settings of a connection on AWS."""
    connection_id = connection.resource.text("connection_id")
    if not connection_id:
        return {}
    mine = [
        one for one in document.of_type(_ACCEPTER, _OPTIONS) if one.text("vpc_peering_connection_id") == connection_id
    ]
    accepters = [one for one in mine if one.type == _ACCEPTER]
    routes = [one for one in _routes(document) if one.connection_id == connection_id]
    left_out += [LeftOut(one.address, _TAGS) for one in accepters if one.values.get("tags")]
    blocks = [block for one in mine for block in one.blocks("accepter")]
    settings = {
        "accept": any(one.values.get("auto_accept") is True for one in accepters) if accepters else None,
        "dns_resolution": any(one.get("allow_remote_vpc_dns_resolution") is True for one in blocks) or None,
        "route_tables": _tables(connection, routes, left_out) or None,
    }
    return {name: value for name, value in settings.items() if value is not None}


def _routes(document: Document) -> Iterator[Route]:
    for one in document.of_type(_ROUTE):
        yield Route(one, one.text("route_table_id"), _destination(one.values), one.text("vpc_peering_connection_id"))
    for one in document.of_type(*_TABLES):
        for route in one.blocks("route"):
            connection_id = str(route.get("vpc_peering_connection_id"))
            yield Route(one, one.text("id"), _destination(route), connection_id)


def _destination(route: Mapping[str, Any]) -> str:
    names = ("destination_cidr_block", "cidr_block", *_OTHER_DESTINATIONS)
    return next((str(route[name]) for name in names if route.get(name)), "")


def _tables(connection: Connection, routes: Sequence[Route], left_out: list[LeftOut]) -> list[str]:
    """Return the route tables that lead to Atlas' block, and note the routes to anything else."""
    block = connection.of_atlas("atlas_cidr_block", "atlas_cidr_block")
    for one in routes:
        if one.destination != block:
            reason = _OTHER_ROUTE.format(destination=one.destination or "nothing", block=block or "unknown")
            left_out.append(left_out_of(one.resource, reason, connection.resource, connection.container))
    return [*dict.fromkeys(one.table for one in routes if one.table and one.destination == block)]


def _gcp(document: Document, connection: Connection, left_out: list[LeftOut]) -> dict[str, Any]:
    """Return the settings of a connection on GCP."""
    network = {name: connection.values.get(name) for name in ("gcp_project_id", "network_name")}
    peer = {
        "gcp_project_id": connection.of_atlas("atlas_gcp_project_id", "gcp_project_id"),
        "network_name": connection.of_atlas("atlas_vpc_name", "network_name"),
    }
    for one in document.of_type(_GCP_PEERING):
        if _network(one.text("network")) != network or one.unknown.intersection(("network", "peer_network")):
            continue
        if not all(peer.values()):
            left_out.append(LeftOut(one.address, _NO_NAMES.format(address=connection.resource.address)))
        elif _network(one.text("peer_network")) == peer:
            if one.text("stack_type") not in ("", "IPV4_ONLY"):
                left_out.append(LeftOut(one.address, _STACK.format(value=one.text("stack_type"))))
            flags = {name: one.values[name] for name in _GCP_SETTINGS if isinstance(one.values.get(name), bool)}
            return {"name": one.text("name"), **flags}
    return {}


def _network(link: str) -> Mapping[str, str]:
    """Return the project and the name of a network by its URL, empty if it is none."""
    return next((found for field in GCP.peering.fields for found in [field.parse_link(link)] if found), {})


#: Cloud -> key of a connection's settings for the role of that cloud, and what reads them.
_READERS: Mapping[str, tuple[str, Callable[[Document, Connection, list[LeftOut]], dict[str, Any]]]] = {
    AWS.name: ("aws", _aws),
    GCP.name: ("gcp", _gcp),
}
