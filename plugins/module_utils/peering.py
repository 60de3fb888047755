# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Normalise, match and plan peering connections: pure, no Ansible, no I/O.

A *record* is a found connection in normalised form: the same keys as the options, plus ``id``,
``network``, ``status``, ``phase``, ``usable``, ``error`` and ``next_action``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.clouds import (
    ABSENT,
    ACTION_REQUIRED,
    AVAILABLE,
    CLOUDS,
    DELETING,
    FAILED,
    PENDING,
    Cloud,
    Field,
)
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Record, Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, RefusedError

CREATE, UPDATE, DELETE, NOTHING = "create", "update", "delete", "nothing"

#: What a record holds and no option takes: a record that is fed back as options is stripped of these.
RESULT_ONLY = {"network", "status", "phase", "usable", "error", "next_action"}.union(
    *(cloud.read_only_options for cloud in CLOUDS.values())
)


@dataclass(frozen=True)
class Step:
    """What has to happen to one connection.

    Attributes:
        action: CREATE, UPDATE, DELETE or NOTHING.
        before: The record as found; None where there is none.
        after: The record as it will be, as far as that can be told beforehand; None once it is gone.
        payload: Body of the request that does it.
    """

    action: str
    wanted: Wanted
    before: Record | None
    after: Record | None
    payload: Mapping[str, Any]


def cloud_of(answer: Mapping[str, Any]) -> Cloud:
    """Return the cloud of an API answer; answers of API v1.0 do not name it."""
    named = CLOUDS.get(str(answer.get("providerName")).upper())
    return named or next((cloud for cloud in CLOUDS.values() if cloud.marker in answer), CLOUDS["AWS"])


def normalise(answer: Mapping[str, Any], project_id: str, container: Mapping[str, Any] | None = None) -> Record:
    """Return the record of an API answer, with what its container adds where that is at hand."""
    cloud = cloud_of(answer)
    record: Record = {"id": answer.get("id"), "project_id": project_id, "provider_name": cloud.name}
    record.update({field.option: field.normalise(answer.get(field.api)) for field in cloud.fields})
    beyond = [answer.get(name) for name in cloud.read_only]
    beyond += [(container or {}).get(name) for name in cloud.container_fields]
    record.update(zip(cloud.read_only_options, beyond))
    return _with_meaning(cloud, record, answer.get(cloud.status_key), answer.get(cloud.error_key))


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
    return {**complete, "next_action": action and action.format(**spoken)}


def network_of(cloud: Cloud, values: Mapping[str, str | None]) -> str:
    """Return the other side's network in one word: the values that identify it."""
    return "/".join(str(values.get(field.option)) for field in cloud.identity)


def wants_container(record: Record) -> bool:
    """Tell whether the record's next action names something that only its container knows."""
    return record["phase"] == ACTION_REQUIRED and bool(CLOUDS[record["provider_name"]].container_fields)


def absent(wanted: Wanted) -> Record:
    """Return the record of a connection that is not there."""
    cloud = wanted.cloud
    identity = {field.option: wanted.values.get(field.option) for field in cloud.identity} if cloud else {}
    return {
        "id": wanted.peer_id,
        "project_id": wanted.project_id,
        "provider_name": cloud.name if cloud else None,
        **identity,
        "network": network_of(cloud, identity) if cloud and all(identity.values()) else None,
        "status": None,
        "error": None,
        "phase": ABSENT,
        "usable": False,
        "next_action": None,
    }


def match(wanted: Wanted, found: Sequence[Record]) -> Record | None:
    """Return the found connection that is the wanted one, or None. Raises RefusedError where several are."""
    matching = [record for record in found if wanted.matches(record)]
    # A connection on its way out does not stand in the way of the one that replaces it.
    standing = [record for record in matching if record["phase"] != DELETING] or matching[:1]
    if len(standing) > 1:
        ids = ", ".join(f"{record['id']} ({record['status']})" for record in standing)
        raise RefusedError(
            f"{len(standing)} connections of project {wanted.project_id} match the {wanted.name}: {ids}.",
            "Set peer_id to choose one.",
        )
    return fill_in(wanted, standing[0]) if standing else None


def fill_in(wanted: Wanted, record: Record) -> Record:
    """Complete a record by declared values where Atlas answers null: there null is no difference."""
    if wanted.cloud is None or wanted.cloud.name != record["provider_name"]:
        return record
    nulls = [
        f.option for f in wanted.cloud.fields if f.nullable and record[f.option] is None and f.option in wanted.values
    ]
    filled = {**record, **{option: wanted.values[option] for option in nulls}}
    return _with_meaning(wanted.cloud, filled, record["status"], record["error"])


def plan(wanted: Wanted, found: Sequence[Record], present: bool) -> Step:
    """Return the step from what is found to what is wanted.

    Raises:
        RefusedError: There is no such step; the message says what a person can do.
    """
    before = match(wanted, found)
    return _plan_present(wanted, before) if present else _plan_absent(wanted, before)


def _plan_absent(wanted: Wanted, before: Record | None) -> Step:
    if before is None or before["phase"] == DELETING:
        return Step(NOTHING, wanted, before, before, {})
    cloud = CLOUDS[before["provider_name"]]
    after = _with_meaning(cloud, before, cloud.first_status(DELETING), None)
    return Step(DELETE, wanted, before, after, {})


def _plan_present(wanted: Wanted, before: Record | None) -> Step:
    cloud = wanted.cloud
    if cloud is None:
        raise InputError("provider_name is missing.")
    if before is None:
        return _plan_creation(wanted, cloud)
    if before["provider_name"] != cloud.name:
        raise RefusedError(f"The {wanted.name} is one of {before['provider_name']}, not of {cloud.name}.")
    if before["phase"] == DELETING:
        raise RefusedError(
            f"The {wanted.name} ({before['id']}) is being deleted ({before['status']}).",
            "Wait until it is gone (atlas_peering_wait with until: absent), then run the task again.",
        )
    if before["phase"] == FAILED:
        why = f"{before['status']}{', ' + before['error'] if before['error'] else ''}"
        raise RefusedError(
            f"The {wanted.name} ({before['id']}) has failed: {why}.", before["next_action"], peering=before
        )
    different = [f for f in cloud.fields if f.option in wanted.values and _differs(f, wanted, before)]
    fixed = [f for f in different if not f.mutable]
    if fixed:
        raise RefusedError(
            _describe_fixed(fixed, wanted, before), "Keep the old value, or " + _REPLACING, peering=before
        )
    if not different:
        return Step(NOTHING, wanted, before, before, {})
    changes = {f.option: wanted.values[f.option] for f in different}
    # Atlas wants to be told the cloud and the container with every change; naming more would make it start over.
    payload = {"providerName": cloud.name, "containerId": before["container_id"]}
    payload.update({f.api: wanted.values[f.option] for f in different})
    return Step(UPDATE, wanted, before, {**before, **changes}, payload)


_REPLACING = "replace the connection: delete it (state: absent), wait until it is gone, and run the task again."


def _plan_creation(wanted: Wanted, cloud: Cloud) -> Step:
    if wanted.peer_id:
        raise RefusedError(
            f"There is no peering connection {wanted.peer_id} in project {wanted.project_id}.",
            "Leave peer_id out to create one.",
        )
    payload = {"providerName": cloud.name, **{f.api: wanted.values[f.option] for f in cloud.fields}}
    predicted = {**payload, cloud.status_key: cloud.first_status(PENDING)}
    return Step(CREATE, wanted, None, normalise(predicted, wanted.project_id), payload)


def _differs(field: Field, wanted: Wanted, before: Record) -> bool:
    return not field.same(wanted.values[field.option], before[field.option])


def _describe_fixed(fixed: Sequence[Field], wanted: Wanted, before: Record) -> str:
    changes = "; ".join(f"{f.option} is {before[f.option]} and should be {wanted.values[f.option]}" for f in fixed)
    return f"The {wanted.name} ({before['id']}) exists, and Atlas cannot change this in place: {changes}."
