# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Peering connections: what a found one means. Pure, no I/O.

A record of a connection holds, beside its fields, ``peer_network``, ``status``, ``phase``,
``error`` and ``next_action``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import (
    ABSENT,
    ACTION_REQUIRED,
    CLOUDS,
    DELETING,
    FAILED,
    PEER_ID,
    PENDING,
    Cloud,
    Resource,
    snake_case,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record, ResourceType


class Peering(ResourceType):
    """Network peering connections."""

    noun = "peering connection"
    path = "peers"
    id_option = "peer_id"
    result_key = "peering"
    id_field = PEER_ID
    alternatives: Mapping[str, str] = {"container_id": "container_region"}
    optional_identity = ("container_id", "container_region")
    required_on_update = ("container_id",)
    conflict_codes = ("PEER_ALREADY_EXISTS", "PEER_ALREADY_EXISTS_AZURE", "PEER_ALREADY_EXISTS_GCP")
    blocking_codes = ("OVERLAPPING_CIDR_BLOCK",)
    not_found_code = "PEER_NOT_FOUND"
    already_deleted_codes = ("PEER_NOT_FOUND", "PEER_ALREADY_REQUESTED_DELETION")
    result_only = (
        frozenset(("peer_network", "status", "phase", "error", "next_action", "action", "failure"))
        .union(*(cloud.result_only for cloud in CLOUDS.values()))
        .difference(("container_region", "atlas_cidr_block"))  # which are options too
    )

    def resource(self, cloud: Cloud) -> Resource:
        return cloud.peering

    def cloud_of(self, answer: Mapping[str, Any]) -> Cloud:
        """Return the cloud of an answer; those of API v1.0 do not name it."""
        named = CLOUDS.get(str(answer.get("providerName")).upper())
        return named or next((cloud for cloud in CLOUDS.values() if cloud.marker in answer), CLOUDS["AWS"])

    def predicted(self, cloud: Cloud, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**payload, cloud.status_key: cloud.first_status(PENDING)}

    def normalise(self, answer: Mapping[str, Any], project_id: str, container: Record | None = None) -> Record:
        """Return the record of an answer, with what its container adds if that has been read."""
        cloud = self.cloud_of(answer)
        record = super().normalise(answer, project_id)
        record.update({snake_case(name): answer.get(name) for name in cloud.peering.read_only})
        record.update({"status": answer.get(cloud.status_key), "error": answer.get(cloud.error_key)})
        return self.in_container(record, container or {})

    def in_container(self, record: Record, container: Mapping[str, Any]) -> Record:
        """Complete a record by what its container says."""
        cloud = CLOUDS[record["provider_name"]]
        beyond = {key: container.get(name, record.get(key)) for name, key in cloud.from_container.items()}
        return _with_meaning(cloud, {**record, **beyond})

    def fill_in(self, record: Record, values: Mapping[str, Any]) -> Record:
        cloud = CLOUDS[record["provider_name"]]
        inheriting = [f for f in cloud.peering.fields if f.inherits in cloud.from_container]
        nulls = [f for f in inheriting if record[f.option] is None]
        inherited = {f.option: f.normalise(record[cloud.from_container[f.inherits]]) for f in nulls}
        declared = {f.option: values[f.option] for f in nulls if f.option in values}
        return _with_meaning(cloud, {**record, **inherited, **declared})

    def absent(
        self, project_id: str, cloud: Cloud | None, resource_id: str | None, values: Mapping[str, Any]
    ) -> Record:
        record = super().absent(project_id, cloud, resource_id, values)
        known = cloud and all(record[f.option] for f in cloud.peering.identity)
        return {
            **record,
            "peer_network": network_of(cloud, record) if cloud and known else None,
            "status": None,
            "error": None,
            "phase": ABSENT,
            "next_action": None,
        }

    def label(self, record: Record) -> str:
        return f"{record['id']} ({record['status']}, {place_of(record)})"

    def is_identified(self, record: Record) -> bool:
        """Tell whether a record says all that tells it apart from others."""
        return all(record[f.option] for f in CLOUDS[record["provider_name"]].peering.identity)

    def is_deleting(self, record: Record) -> bool:
        return bool(record["phase"] == DELETING)

    def deletion_failed(self, record: Record) -> bool:
        return record["status"] in CLOUDS[record["provider_name"]].undeletable

    def after_deletion(self, record: Record) -> Record:
        cloud = CLOUDS[record["provider_name"]]
        return _with_meaning(cloud, {**record, "status": cloud.first_status(DELETING), "error": None})

    def blocking_error(self, name: str, record: Record) -> PlanError | None:
        if record["phase"] == DELETING:
            return PlanError(
                f"The {name} is being deleted ({record['status']}).",
                "Wait until it is gone (atlas_peering_wait with until: absent), then run the task again.",
            )
        if record["phase"] == FAILED:
            why = f"{record['status']}{', ' + record['error'] if record['error'] else ''}"
            (word,) = self.replace_reasons(record)
            hint = f"{record['next_action']} Or set {option('recreate_on')}: [{word}] to have it replaced."
            return PlanError(f"The {name} has failed: {why}.", hint, peering=record)
        return None

    def replace_reasons(self, record: Record) -> frozenset[str]:
        if record["phase"] != FAILED:
            return frozenset()
        return frozenset((CLOUDS[record["provider_name"]].replace_reasons.get(str(record["error"]), "failed"),))


PEERING = Peering()


def _with_meaning(cloud: Cloud, record: Record) -> Record:
    """Complete a record by what its status means."""
    status, error = record["status"], record["error"]
    phase = cloud.phases.get(str(status), PENDING)
    if phase == ACTION_REQUIRED and any(record[key] is None for key in cloud.needs):
        phase = PENDING
    action = cloud.action_for(str(status), error) if phase != PENDING else None
    humanize = {key: cloud.unknown.get(key, "?") if value is None else value for key, value in record.items()}
    return {
        **record,
        "peer_network": network_of(cloud, record),
        "phase": phase,
        "next_action": action and action.format(**humanize, state=option("state")),
    }


def network_of(cloud: Cloud, values: Mapping[str, str | None]) -> str:
    """Return the other side's network in one word: the values that identify it."""
    return "/".join(str(values.get(f.option)) for f in cloud.peering.identity)


def place_of(values: Mapping[str, Any]) -> str:
    """Return where the Atlas side of a connection is: the region of its container if that is known, else its id."""
    return str(values.get("container_region") or f"container {values.get('container_id')}")


def distinctions(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what tells each connection apart from others of the same network, to follow its name.

    That is the region of its container, its project, both, or nothing: `` in US_EAST_1 of project 5f1a…``.
    """
    places, projects = defaultdict(set), defaultdict(set)
    for one in records:
        network, project = whole_network(one), one["project_id"]
        places[network, project].add(place_of(one))
        projects[network].add(project)
    return [
        (f" in {place_of(one)}" if len(places[whole_network(one), one["project_id"]]) > 1 else "")
        + (f" of project {one['project_id']}" if len(projects[whole_network(one)]) > 1 else "")
        for one in records
    ]


def whole_network(record: Mapping[str, Any]) -> str:
    """Return what a network is called over all clouds; its id for a connection of which nothing else is known."""
    cloud = CLOUDS.get(str(record["provider_name"]))
    return f"{cloud.name}/{network_of(cloud, record).lower()}" if cloud else str(record["id"])


def lacks_container(record: Record) -> bool:
    """Tell whether the other side could act if its container were read, and provisioned."""
    cloud = CLOUDS[record["provider_name"]]
    awaited = cloud.phases.get(str(record["status"])) == ACTION_REQUIRED
    return awaited and any(record[key] is None for key in cloud.from_container.values() if key in cloud.needs)
