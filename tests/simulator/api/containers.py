# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations on containers: Atlas' own networks, from which peers start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..domain.blocks import free_block
from ..domain.clock import timestamp
from ..domain.clouds import CLOUDS, Cloud, cloud_ignoring_case, cloud_named
from ..domain.resources import Container
from ..domain.state import Project
from ..domain.validation import check_atlas_block, check_free, check_regions, check_texts, refuse_others, require
from ..errors import ApiError
from .routing import Call, Reply

GENERAL = ("atlasCidrBlock", "providerName")
MINIMUM_AGE = 1.0  # seconds during which a container cannot be deleted


def list_containers(call: Call) -> Reply:
    cloud = cloud_ignoring_case(call.request.query.get("providerName") or None)
    return _listed(call, call.project.containers_of(cloud))


def list_all_containers(call: Call) -> Reply:
    return _listed(call, call.project.containers.values())


def _listed(call: Call, containers: Iterable[Container]) -> Reply:
    return Reply([container.view() for container in containers if call.is_listed(container.created)], page=True)


def get_container(call: Call) -> Reply:
    return Reply(_container(call).view())


def _container(call: Call) -> Container:
    container_id = call.path["containerId"]
    if container_id not in call.project.containers:
        raise ApiError("CLOUD_PROVIDER_CONTAINER_NOT_FOUND", container_id)
    return call.project.containers[container_id]


def create_container(call: Call) -> Reply:
    document, project = call.request.document(), call.project
    cloud = cloud_named(document.get("providerName"))
    needed = ("atlasCidrBlock",) if cloud.block_needed else ()
    require(document, needed if cloud.one_per_project else (*needed, cloud.region_key))
    _refuse_unknown(call, cloud)
    regions = document.get(cloud.region_key)
    if regions is not None:
        check_regions(regions, cloud)
    if any(cloud.one_per_project or other.region == regions for other in project.containers_of(cloud)):
        raise ApiError("CONTAINER_ALREADY_EXISTS", project.id)
    check_texts(document, ("atlasCidrBlock",))
    block = document.get("atlasCidrBlock") or default_block(project, cloud)
    check_atlas_block(block, cloud, regions)
    container = Container(cloud, block, regions, created=call.now)
    _check_free(call, container)
    _check_capacity(call, container)
    project.containers[container.id] = container
    return Reply(container.view(), status=call.state.settings.create_status)


def _check_capacity(call: Call, container: Container) -> None:
    regions = container.region if isinstance(container.region, list) else [container.region]
    for region in regions:
        if region in call.state.settings.regions_without_capacity:
            raise ApiError("NO_CAPACITY", region, call.project.id)


def default_block(project: Project, cloud: Cloud) -> str:
    """Return the block that Atlas would choose."""
    taken = [container.atlas_cidr_block for container in project.containers_of(cloud)]
    routes = [str(peer.attributes.get("routeTableCidrBlock")) for peer in project.peers_of(cloud)]
    prefix = min(21, cloud.prefixes[-1])
    return free_block(prefix, "192.168.0.0/16", [*taken, *routes])


def _refuse_unknown(call: Call, cloud: Cloud) -> None:
    if call.state.settings.reject_unknown_attributes:
        read_only = ("id", "provisioned", *cloud.network)
        refuse_others(call.request.document(), (*GENERAL, cloud.region_key), read_only)


def update_container(call: Call) -> Reply:
    """Change the block, which is all that can change, and only while nothing uses it."""
    container, document = _container(call), call.request.document()
    cloud = container.cloud
    if "providerName" in document and cloud_named(document["providerName"]) is not cloud:
        raise ApiError("INVALID_PROVIDER_PARAMETERS", cloud.name)
    _refuse_unknown(call, cloud)
    if document.get(cloud.region_key) not in (None, container.region):
        raise ApiError("CANNOT_CHANGE_CONTAINER_REGION")
    check_texts(document, ("atlasCidrBlock",))
    block = document.get("atlasCidrBlock") or container.atlas_cidr_block
    if block != container.atlas_cidr_block:
        _refuse_in_use(call, container)
        check_atlas_block(block, cloud, container.region)
        _check_free(call, replace(container, atlas_cidr_block=block))
        container.atlas_cidr_block = block
    return Reply(container.view())


def _check_free(call: Call, container: Container) -> None:
    """Refuse the block of a container, which no peer is in yet, where another container or a peer in scope has it."""
    others = [other for other in call.project.containers_of(container.cloud) if other.id != container.id]
    scope = call.state.settings.conflict_scope
    check_free(container.atlas_cidr_block, others, call.project.peers_near(container, scope))


def _refuse_in_use(call: Call, container: Container) -> None:
    if call.project.in_use(container, call.now, call.state.settings):
        raise ApiError("CONTAINERS_IN_USE", "The container still contained resources")


def delete_container(call: Call) -> Reply:
    container = _container(call)
    _refuse_in_use(call, container)
    if call.now - container.created < MINIMUM_AGE:
        deletable = timestamp(container.created + MINIMUM_AGE, "milliseconds")
        raise ApiError("CANNOT_DELETE_RECENTLY_CREATED_CONTAINER", deletable)
    del call.project.containers[container.id]
    return Reply({}, status=call.state.settings.container_delete_status)


def add_cluster_containers(project: Project, ids: dict[str, str]) -> None:
    """Give a project one container per cloud, as its first clusters would; ids are those to use."""
    blocks = {"AWS": "192.168.240.0/21", "AZURE": "192.168.248.0/21", "GCP": "192.168.0.0/18"}
    for name, cloud in CLOUDS.items():
        container = Container(cloud, blocks[name], cloud.default_region, clusters=True, provisioned=True)
        container.id = ids.get(name, container.id)
        project.containers[container.id] = container
