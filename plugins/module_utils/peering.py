# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Peering connections: what a found one means. Pure, no I/O.

A record of a connection holds, beside its fields, ``network``, ``status``, ``phase``, ``usable``,
``error`` and ``next_action``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.clouds import (
    ABSENT,
    ACTION_REQUIRED,
    AVAILABLE,
    CLOUDS,
    DELETING,
    FAILED,
    PEER_ID,
    PENDING,
    Cloud,
    Resource,
    snake_case,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import RefusedError
from ansible_collections.atlasops.network.plugins.module_utils.kind import Kind, Record
from ansible_collections.atlasops.network.plugins.module_utils.wording import option


class Peering(Kind):
    """Network peering connections."""

    noun = "peering connection"
    path = "peers"
    id_option = "peer_id"
    result_key = "peering"
    id_field = PEER_ID
    stand_ins: Mapping[str, str] = {"container_id": "container_region"}
    companions = ("container_id",)
    taken = ("PEER_ALREADY_EXISTS", "PEER_ALREADY_EXISTS_AZURE", "PEER_ALREADY_EXISTS_GCP")
    missing = "PEER_NOT_FOUND"
    gone = ("PEER_NOT_FOUND", "PEER_ALREADY_REQUESTED_DELETION")
    result_only = frozenset(
        ("network", "status", "phase", "usable", "error", "next_action", "action", "failure")
    ).union(*(cloud.result_only for cloud in CLOUDS.values()))

    def resource(self, cloud: Cloud) -> Resource:
        return cloud.peering

    def cloud_of(self, answer: Mapping[str, Any]) -> Cloud:
        """Return the cloud of an answer; those of API v1.0 do not name it."""
        named = CLOUDS.get(str(answer.get("providerName")).upper())
        return named or next((cloud for cloud in CLOUDS.values() if cloud.marker in answer), CLOUDS["AWS"])

    def predicted(self, cloud: Cloud, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**payload, cloud.status_key: cloud.first_status(PENDING)}

    def normalise(self, answer: Mapping[str, Any], project_id: str, container: Record | None = None) -> Record:
        """Return the record of an answer, with what its container adds where that is at hand."""
        cloud = self.cloud_of(answer)
        beyond = [answer.get(name) for name in cloud.peering.read_only]
        beyond += [(container or {}).get(snake_case(name)) for name in cloud.container_fields]
        record = {**super().normalise(answer, project_id), **dict(zip(cloud.result_only, beyond))}
        return _with_meaning(cloud, record, answer.get(cloud.status_key), answer.get(cloud.error_key))

    def fill_in(self, record: Record, values: Mapping[str, Any]) -> Record:
        cloud = CLOUDS[record["provider_name"]]
        nulls = [
            f.option for f in cloud.peering.fields if f.nullable and record[f.option] is None and f.option in values
        ]
        filled = {**record, **{option: values[option] for option in nulls}}
        return _with_meaning(cloud, filled, record["status"], record["error"])

    def absent(
        self, project_id: str, cloud: Cloud | None, resource_id: str | None, values: Mapping[str, Any]
    ) -> Record:
        record = super().absent(project_id, cloud, resource_id, values)
        known = cloud and all(record[f.option] for f in cloud.peering.identity)
        return {
            **record,
            "network": network_of(cloud, record) if cloud and known else None,
            "status": None,
            "error": None,
            "phase": ABSENT,
            "usable": False,
            "next_action": None,
        }

    def label(self, record: Record) -> str:
        return f"{record['id']} ({record['status']})"

    def is_identified(self, record: Record) -> bool:
        """Tell whether a record says all that tells it apart from others."""
        return all(record[f.option] for f in CLOUDS[record["provider_name"]].peering.identity)

    def is_going(self, record: Record) -> bool:
        return bool(record["phase"] == DELETING)

    def is_stuck(self, record: Record) -> bool:
        return record["status"] in CLOUDS[record["provider_name"]].undeletable

    def after_deletion(self, record: Record) -> Record:
        cloud = CLOUDS[record["provider_name"]]
        return _with_meaning(cloud, record, cloud.first_status(DELETING), None)

    def obstacle(self, name: str, record: Record) -> RefusedError | None:
        if record["phase"] == DELETING:
            return RefusedError(
                f"The {name} ({record['id']}) is being deleted ({record['status']}).",
                "Wait until it is gone (atlas_peering_wait with until: absent), then run the task again.",
            )
        if record["phase"] == FAILED:
            why = f"{record['status']}{', ' + record['error'] if record['error'] else ''}"
            (word,) = self.ailments(record)
            hint = f"{record['next_action']} The option {option('recreate_on')}: [{word}] does all that."
            return RefusedError(f"The {name} ({record['id']}) has failed: {why}.", hint, peering=record)
        return None

    def ailments(self, record: Record) -> frozenset[str]:
        if record["phase"] != FAILED:
            return frozenset()
        return frozenset((CLOUDS[record["provider_name"]].ailments.get(str(record["error"]), "failed"),))


PEERING = Peering()


def _with_meaning(cloud: Cloud, record: Record, status: str | None, error: str | None) -> Record:
    """Complete a record by what its status means."""
    phase = cloud.phases.get(str(status), PENDING)
    complete = {
        **record,
        "network": network_of(cloud, record),
        "status": status,
        "error": error,
        "phase": phase,
        "usable": phase == AVAILABLE,
    }
    action = cloud.actions.get(str(error if phase == FAILED else status))
    if action is None and phase == FAILED:
        action = cloud.failure_action
    spoken = {key: cloud.unknown.get(key, "?") if value is None else value for key, value in record.items()}
    return {**complete, "next_action": action and action.format(**spoken, state=option("state"))}


def network_of(cloud: Cloud, values: Mapping[str, str | None]) -> str:
    """Return the other side's network in one word: the values that identify it."""
    return "/".join(str(values.get(f.option)) for f in cloud.peering.identity)


def wants_container(record: Record) -> bool:
    """Tell whether the record's next action names something that only its container knows."""
    return record["phase"] == ACTION_REQUIRED and bool(CLOUDS[record["provider_name"]].container_fields)
