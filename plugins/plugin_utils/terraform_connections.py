# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Connections as Terraform has them, as declarations of this collection. Pure, no I/O."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import (
    ATLAS_CIDR_BLOCK,
    CLOUDS,
    CONTAINER_ID,
    PROJECT_ID,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import parse_connection, region_error
from ansible_collections.atlasops.network.plugins.plugin_utils.terraform_document import Document, Resource

PEERING_TYPE = "mongodbatlas_network_peering"
CONTAINER_TYPE = "mongodbatlas_network_container"

_UNKNOWN = "{names} will be known only after the plan has been applied. Apply it and pass the state."
_NO_CLOUD = f"but must be one of {', '.join(CLOUDS)}"
#: Attributes of a container that name its region, by cloud; a container on GCP has a list of them, or none.
_REGIONS = ("region_name", "region")


@dataclass(frozen=True)
class LeftOut:
    """Something that cannot be carried over.

    Attributes:
        address: The resource.
        reason: Why, as a sentence.
    """

    address: str
    reason: str


@dataclass(frozen=True)
class Connection:
    """One connection that can be carried over.

    Attributes:
        resource: The resource in Terraform.
        container: The resource or data source of its container, if the output has one.
        options: Its entry in the declared list.
        values: The same in the spelling of Atlas.
    """

    resource: Resource
    container: Resource | None
    options: Mapping[str, str]
    values: Mapping[str, Any]

    def of_atlas(self, name: str, of_container: str) -> str:
        """Return an attribute of Atlas' network, empty if the output lacks it."""
        return self.resource.text(name) or (self.container.text(of_container) if self.container else "")

    @property
    def sensitive(self) -> list[str]:
        """The options whose values Terraform marks as sensitive."""
        marked = {name for name in self.options if name in self.resource.sensitive}
        marked |= {ours for ours, theirs in _of_container(self.container) if theirs in self._container_marks}
        return [name for name in self.options if name in marked]

    @property
    def _container_marks(self) -> frozenset[str]:
        return self.container.sensitive if self.container else frozenset()


def read_connections(document: Document) -> tuple[list[Connection], list[LeftOut]]:
    """Return the connections of a document, and the connections and containers that cannot be carried over."""
    connections, left_out, used = [], [], set()
    by_id = _containers(document)
    for resource in document.of_type(PEERING_TYPE):
        key = resource.text("project_id"), _id(resource, "container_id")
        used.add(key)
        container = by_id.get(key)
        try:
            connections.append(_connection(resource, container))
        except InputError as error:
            left_out.append(left_out_of(resource, error.message, container))
    unused = [one for one in document.of_type(CONTAINER_TYPE) if _key(one) not in used or not all(_key(one))]
    left_out += [LeftOut(one.address, _unused(one)) for one in unused]
    return connections, left_out


def left_out_of(resource: Resource, reason: str, *others: Resource | None) -> LeftOut:
    """Return why a resource is left out, without the values that Terraform marks as sensitive in any of them."""
    for one in filter(None, (resource, *others)):
        reason = one.mask(reason)
    return LeftOut(resource.address, reason)


def unknown(resource: Resource, names: Iterable[str]) -> str:
    """Return the reason for which a resource is left out if attributes are unknown as yet, or the empty string."""
    missing = [name for name in names if name in resource.unknown]
    return _UNKNOWN.format(names=" and ".join(missing)) if missing else ""


def _containers(document: Document) -> dict[tuple[str, str], Resource]:
    """Return the containers by project and ID; a resource takes precedence over a data source of the same."""
    found = sorted((one for one in document.resources if one.type == CONTAINER_TYPE), key=lambda one: one.is_managed)
    return {_key(one): one for one in found if all(_key(one))}


def _key(container: Resource) -> tuple[str, str]:
    return container.text("project_id"), _id(container, "container_id") or _id(container, "id")


def _id(resource: Resource, name: str) -> str:
    """Return the ID of a container, which may be given as the provider's own ID of the resource.

    That is a list of Base64 texts, ``NAME:VALUE-NAME:VALUE``.
    """
    given = resource.text(name)
    pairs = [pair.split(":") for pair in given.split("-") if ":" in pair]
    decoded = {_decode(pair[0]): _decode(pair[1]) for pair in pairs}
    return decoded.get("container_id", given)


def _decode(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return text


def _connection(resource: Resource, container: Resource | None) -> Connection:
    """Return a connection. Raises InputError if it cannot be declared."""
    cloud = CLOUDS.get(resource.text("provider_name"))
    fields = [one.option for one in cloud.peering.fields] if cloud else []
    missing = unknown(resource, ["project_id", "provider_name", *fields])
    if missing or not cloud:
        raise InputError(missing or f"provider_name is {resource.text('provider_name')!r}, {_NO_CLOUD}.")
    project_id = PROJECT_ID.parse("project_id", resource.text("project_id"))
    given = {
        "project_id": project_id,
        "provider_name": resource.text("provider_name"),
        **_container_options(resource, container),
        **{name: resource.text(name) for name in fields if name != CONTAINER_ID.option},
    }
    options = {name: value for name, value in given.items() if value}
    parsed = parse_connection(options, project_id, present=True)
    problem = parsed.container and region_error(parsed.container)
    if problem:
        raise problem
    return Connection(resource, container, options, parsed.peering.values)


def _container_options(resource: Resource, container: Resource | None) -> dict[str, str]:
    """Return how a connection names its container: by region and block if the output has it, or else by its ID."""
    by_region = {ours: container.text(theirs) for ours, theirs in _of_container(container)} if container else {}
    cloud = CLOUDS.get(resource.text("provider_name"))
    is_named = by_region.get("container_region") or (cloud and cloud.has_one_container)
    if container and is_named and not container.values.get("regions"):
        return by_region
    return {CONTAINER_ID.option: _id(resource, "container_id")}


def _of_container(container: Resource | None) -> list[tuple[str, str]]:
    """Return the options that a container supplies, each with its attribute."""
    if container is None:
        return []
    region = next((name for name in _REGIONS if container.text(name)), _REGIONS[0])
    return [("container_region", region), (ATLAS_CIDR_BLOCK.option, ATLAS_CIDR_BLOCK.option)]


def _unused(container: Resource) -> str:
    return unknown(container, ["container_id"]) or (
        "No connection uses this container. Declare it with the module atlas_container."
    )
