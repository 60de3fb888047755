# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations on network peering connections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .clouds import FAILED, Cloud, cloud_called, is_id
from .errors import ApiError
from .resources import Container, Peer
from .routing import Call, Reply
from .validation import check_route_table, check_shapes, refuse_others, require

COMMON = ("containerId", "providerName")


def show(call: Call, peer: Peer) -> dict[str, Any]:
    """Return the peer as this version of the API shows it: the old one does not name the provider."""
    hidden = ("providerName",) if call.version == "v1.0" else ()
    return {name: value for name, value in peer.view().items() if name not in hidden}


def list_peers(call: Call) -> Reply:
    cloud = cloud_called(call.request.query.get("providerName") or None)
    return Reply([show(call, peer) for peer in call.project.peers_of(cloud) if call.lists(peer.created)], page=True)


def get_peer(call: Call) -> Reply:
    return Reply(show(call, _peer(call)))


def _peer(call: Call) -> Peer:
    peer_id = call.path["peerId"]
    peer = call.project.peers.get(peer_id)
    if peer is None:
        raise ApiError("PEER_NOT_FOUND", peer_id, call.project.id)
    return peer


def create_peer(call: Call) -> Reply:
    document = call.request.document()
    cloud = cloud_called(document.get("providerName"))
    require(document, ("containerId", *cloud.attributes))
    _refuse_unknown(call, cloud, document)
    check_shapes(document, cloud)
    container = _container(call, document["containerId"], cloud)
    rivals = _rivals(call, container)
    _check_natural_key(document, cloud, rivals)
    if cloud.has_route_table:
        _check_route_table(call, document, container, rivals)
    _check_limits(call)
    if cloud.needs_grant and not call.world.settings.azure_access_granted:
        raise ApiError("AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED")
    attributes = {name: document[name] for name in cloud.attributes}
    peer = Peer(cloud, container, attributes, cloud.first, call.now, created=call.now)
    peer.initiate(call.now)
    container.want(call.now)
    call.project.peers[peer.id] = peer
    return Reply(show(call, peer), status=call.world.settings.create_status)


def _refuse_unknown(call: Call, cloud: Cloud, document: Mapping[str, Any]) -> None:
    if call.world.settings.reject_unknown_attributes:
        refuse_others(document, (*COMMON, *cloud.attributes), cloud.read_only)


def _container(call: Call, container_id: object, cloud: Cloud) -> Container:
    """Return the container a peer starts from. Real clients met a bare 500 for what is no id at all."""
    if not isinstance(container_id, str) or not is_id(container_id):
        raise ApiError("UNEXPECTED_ERROR")
    container = call.project.containers.get(container_id)
    if container is None:
        raise ApiError("CLOUD_PROVIDER_CONTAINER_NOT_FOUND", container_id)
    if container.cloud is not cloud:
        raise ApiError("INVALID_PROVIDER_PARAMETERS", cloud.name)
    return container


def _rivals(call: Call, container: Container, itself: Peer | None = None) -> list[Peer]:
    """Return the other peers that occupy a natural key and a CIDR block."""
    settings = call.world.settings
    return [
        peer
        for peer in call.project.peers_near(container, settings.conflict_scope)
        if peer is not itself and (settings.failed_peer_blocks or peer.status != FAILED)
    ]


def _check_route_table(call: Call, document: Mapping[str, Any], container: Container, rivals: list[Peer]) -> None:
    containers = call.project.containers_near(container, call.world.settings.conflict_scope)
    check_route_table(document["routeTableCidrBlock"], rivals, containers)


def _check_natural_key(document: Mapping[str, Any], cloud: Cloud, rivals: list[Peer]) -> None:
    wanted = [document[name] for name in cloud.natural_key]
    for peer in rivals:
        if [peer.attributes.get(name) for name in cloud.natural_key] == wanted:
            raise ApiError(cloud.conflict, *wanted)


def _check_limits(call: Call) -> None:
    settings, peers = call.world.settings, call.project.peers.values()
    if len(peers) >= settings.max_peers:
        raise ApiError("PEER_MAXIMUM_REACHED", settings.max_peers)
    if sum(peer.cloud.is_pending(peer.status) for peer in peers) >= settings.max_pending_peers:
        raise ApiError("PEER_MAXIMUM_REACHED", settings.max_pending_peers)


def update_peer(call: Call) -> Reply:
    """Change an AWS peer; given both account and VPC it may start anew. Other clouds' peers cannot be changed."""
    peer, document = _peer(call), call.request.document()
    cloud = cloud_called(document.get("providerName"))
    if cloud is not peer.cloud:
        raise ApiError("PEER_NOT_FOUND", peer.id, call.project.id)
    if not cloud.changeable:
        named = [name for name in cloud.attributes if name in document]
        raise ApiError("INVALID_ATTRIBUTE", next(iter(named or cloud.attributes)))
    require(document, ("containerId", *(cloud.attributes if call.world.settings.patch_needs_all else ())))
    _refuse_unknown(call, cloud, document)
    check_shapes(document, cloud)
    _check_unmoved(peer, document)
    if peer.status not in call.world.settings.updatable_statuses:
        raise ApiError("PEER_INVALID_STATE", peer.id, call.project.id)
    changes = {name: document[name] for name in cloud.changeable if document.get(name) is not None}
    rivals = _rivals(call, peer.container, peer)
    if "routeTableCidrBlock" in changes:
        _check_route_table(call, changes, peer.container, rivals)
    renewed = _is_renewed(peer, changes, rivals, call.world.settings.patch_reinitiates)
    peer.attributes.update(changes)
    if renewed:
        peer.initiate(call.now)
    return Reply(show(call, peer))


def _check_unmoved(peer: Peer, document: Mapping[str, Any]) -> None:
    """Refuse another container or region: neither can be changed."""
    if document["containerId"] != peer.container.id:
        raise ApiError("ATTRIBUTE_READ_ONLY", "containerId")
    region, present = document.get("accepterRegionName"), peer.attributes.get("accepterRegionName")
    if region not in (None, present) and not (present is None and peer.in_region_of_container(region)):
        raise ApiError("ATTRIBUTE_READ_ONLY", "accepterRegionName")


def _is_renewed(peer: Peer, changes: Mapping[str, Any], rivals: list[Peer], always: bool) -> bool:
    """Is the connection to start anew? It is when it gets another natural key, which takes both halves of it.

    With `always` it is also when both halves are sent and none of them differs.
    """
    halves = [name for name in peer.cloud.natural_key if name in changes]
    differs = any(changes[name] != peer.attributes.get(name) for name in halves)
    if differs:
        require(changes, peer.cloud.natural_key)
        _check_natural_key(changes, peer.cloud, rivals)
    return differs or (always and len(halves) == 2)


def delete_peer(call: Call) -> Reply:
    """Begin to delete the peer, whatever its status; it stays listed until it is gone."""
    peer = _peer(call)
    if peer.status == peer.cloud.deleting:
        raise ApiError("PEER_ALREADY_REQUESTED_DELETION", peer.id)
    peer.enter(peer.cloud.deleting, call.now)
    return Reply({}, status=202)
