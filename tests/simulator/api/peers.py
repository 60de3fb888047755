# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations on network peering connections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.clouds import FAILED, Cloud, cloud_named, is_id
from ..domain.resources import Container, Peer
from ..domain.validation import check_route_table, check_shapes, refuse_others, require
from ..errors import ApiError
from .routing import Call, Reply

COMMON = ("containerId", "providerName")


def show(call: Call, peer: Peer) -> dict[str, Any]:
    """Return the peer as this version of the API shows it; v1.0 does not name the provider."""
    hidden = ("providerName",) if call.version == "v1.0" else ()
    return {name: value for name, value in peer.view().items() if name not in hidden}


def list_peers(call: Call) -> Reply:
    cloud = cloud_named(call.request.query.get("providerName") or None)
    return Reply([show(call, peer) for peer in call.project.peers_of(cloud) if call.is_listed(peer.created)], page=True)


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
    cloud = cloud_named(document.get("providerName"))
    require(document, ("containerId", *cloud.attributes))
    _refuse_unknown(call, cloud, document)
    check_shapes(document, cloud)
    container = _container(call, document["containerId"], cloud)
    competitors = _competitors(call, container)
    _check_natural_key(document, cloud, competitors)
    if cloud.has_route_table:
        _check_route_table(call, document, container, competitors)
    _check_limits(call)
    if cloud.needs_role and not call.state.allows_peering(document):
        raise ApiError("AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED")
    attributes = {name: document[name] for name in cloud.attributes}
    peer = Peer(cloud, container, attributes, cloud.initial_status, call.now, created=call.now)
    peer.initiate(call.now)
    container.request_provisioning(call.now)
    call.project.peers[peer.id] = peer
    return Reply(show(call, peer), status=call.state.settings.create_status)


def _refuse_unknown(call: Call, cloud: Cloud, document: Mapping[str, Any]) -> None:
    if call.state.settings.reject_unknown_attributes:
        refuse_others(document, (*COMMON, *cloud.attributes), cloud.read_only)


def _container(call: Call, container_id: object, cloud: Cloud) -> Container:
    """Return the container a peer starts from. A malformed id is answered with a bare 500, as real clients report."""
    if not isinstance(container_id, str) or not is_id(container_id):
        raise ApiError("UNEXPECTED_ERROR")
    container = call.project.containers.get(container_id)
    if container is None:
        raise ApiError("CLOUD_PROVIDER_CONTAINER_NOT_FOUND", container_id)
    if container.cloud is not cloud:
        raise ApiError("INVALID_PROVIDER_PARAMETERS", cloud.name)
    return container


def _competitors(call: Call, container: Container, itself: Peer | None = None) -> list[Peer]:
    """Return the other peers whose natural key and CIDR block count as taken."""
    settings = call.state.settings
    return [
        peer
        for peer in call.project.peers_near(container, settings.conflict_scope)
        if peer is not itself and (settings.failed_peer_blocks or peer.status != FAILED)
    ]


def _check_route_table(call: Call, document: Mapping[str, Any], container: Container, competitors: list[Peer]) -> None:
    containers = call.project.containers_near(container, call.state.settings.conflict_scope)
    check_route_table(document["routeTableCidrBlock"], competitors, containers)


def _check_natural_key(document: Mapping[str, Any], cloud: Cloud, competitors: list[Peer]) -> None:
    wanted = [document[name] for name in cloud.natural_key]
    for peer in competitors:
        if [peer.attributes.get(name) for name in cloud.natural_key] == wanted:
            raise ApiError(cloud.conflict_code, *wanted)


def _check_limits(call: Call) -> None:
    settings, peers = call.state.settings, call.project.peers.values()
    if len(peers) >= settings.max_peers:
        raise ApiError("PEER_MAXIMUM_REACHED", settings.max_peers)
    if sum(peer.cloud.is_pending(peer.status) for peer in peers) >= settings.max_pending_peers:
        raise ApiError("PEER_MAXIMUM_REACHED", settings.max_pending_peers)


def update_peer(call: Call) -> Reply:
    """Change an AWS peer, which may restart if account and VPC are sent. Peers of other clouds cannot be changed."""
    peer, document = _peer(call), call.request.document()
    cloud = cloud_named(document.get("providerName"))
    if cloud is not peer.cloud:
        raise ApiError("PEER_NOT_FOUND", peer.id, call.project.id)
    if not cloud.mutable:
        named = [name for name in cloud.attributes if name in document]
        raise ApiError("INVALID_ATTRIBUTE", next(iter(named or cloud.attributes)))
    require(document, ("containerId", *(cloud.attributes if call.state.settings.patch_needs_all else ())))
    _refuse_unknown(call, cloud, document)
    check_shapes(document, cloud)
    _check_immutable(peer, document)
    if peer.status not in call.state.settings.updatable_statuses:
        raise ApiError("PEER_INVALID_STATE", peer.id, call.project.id)
    changes = {name: document[name] for name in cloud.mutable if document.get(name) is not None}
    competitors = _competitors(call, peer.container, peer)
    if "routeTableCidrBlock" in changes:
        _check_route_table(call, changes, peer.container, competitors)
    restarts = _restarts(peer, changes, competitors, call.state.settings.patch_reinitiates)
    peer.attributes.update(changes)
    if restarts:
        peer.initiate(call.now)
    return Reply(show(call, peer))


def _check_immutable(peer: Peer, document: Mapping[str, Any]) -> None:
    """Refuse another container or region, which cannot be changed."""
    if document["containerId"] != peer.container.id:
        raise ApiError("ATTRIBUTE_READ_ONLY", "containerId")
    region, present = document.get("accepterRegionName"), peer.attributes.get("accepterRegionName")
    if region not in (None, present) and not (present is None and peer.in_region_of_container(region)):
        raise ApiError("ATTRIBUTE_READ_ONLY", "accepterRegionName")


def _restarts(peer: Peer, changes: Mapping[str, Any], competitors: list[Peer], always: bool) -> bool:
    """Whether the connection restarts: if its natural key changes, both parts of which must then be sent.

    With `always` also if both parts are sent and neither differs.
    """
    parts = [name for name in peer.cloud.natural_key if name in changes]
    differs = any(changes[name] != peer.attributes.get(name) for name in parts)
    if differs:
        require(changes, peer.cloud.natural_key)
        _check_natural_key(changes, peer.cloud, competitors)
    return differs or (always and len(parts) == 2)


def delete_peer(call: Call) -> Reply:
    """Start deleting the peer, whatever its status; it stays listed until it is gone."""
    peer = _peer(call)
    if peer.status == peer.cloud.deleting_status:
        raise ApiError("PEER_ALREADY_REQUESTED_DELETION", peer.id)
    peer.enter(peer.cloud.deleting_status, call.now)
    return Reply({}, status=202)
