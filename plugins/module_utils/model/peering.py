# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Peering connections: what an existing one means. Pure, no I/O."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any, TypedDict, cast

from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError, option, readable
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import (
    ABSENT,
    ACTION_REQUIRED,
    DELETING,
    FAILED,
    NO_FIELDS,
    PENDING,
    Cloud,
    Schema,
    snake_case,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS, PEER_ID
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record, ResourceType


class PeeringRecord(TypedDict, total=False):
    """A connection in normalised form: these keys, and the options and read-only fields of its cloud.

    For example ``{"id": "5f1a…", "project_id": "64a1…", "provider_name": "AWS", "container_id": "507f…",
    "container_region": None, "atlas_cidr_block": None, "peer_network": "123456789012/vpc-0f1e…", "aws_account_id":
    "123456789012", "vpc_id": "vpc-0f1e…", …, "status": "AVAILABLE", "phase": "available", "error": None,
    "next_action": None, "next_command": None}``.

    Attributes:
        peer_network: The network on the other side: its identity, joined by ``/``.
        container_region: Region of its container; null unless the containers have been read.
        atlas_cidr_block: CIDR block of its container; null unless the containers have been read.
        status: Status in Atlas, in the words of the cloud.
        phase: What the status means, one of `cloud.PHASES`; null if nothing is known of the connection.
        error: Why it failed, in the words of Atlas.
        next_action: What a person must do now.
        next_command: Command line that does it, if there is one.
    """

    id: str | None
    project_id: str
    provider_name: str
    container_id: Any
    container_region: str | None
    atlas_cidr_block: str | None
    peer_network: str | None
    status: str | None
    phase: str | None
    error: str | None
    next_action: str | None
    next_command: str | None


class Peering(ResourceType):
    """Network peering connections."""

    noun, plural = "peering connection", "peering connections"
    path = "peers"
    id_option = "peer_id"
    result_key, name_key = "peering", "connection"
    id_field = PEER_ID
    alternatives: Mapping[str, str] = {"container_id": "container_region"}
    optional_identity = ("container_id", "container_region")
    required_on_update = ("container_id",)
    conflict_codes = ("PEER_ALREADY_EXISTS", "PEER_ALREADY_EXISTS_AZURE", "PEER_ALREADY_EXISTS_GCP")
    blocking_codes = ("OVERLAPPING_CIDR_BLOCK",)
    not_found_code = "PEER_NOT_FOUND"
    already_deleted_codes = ("PEER_NOT_FOUND", "PEER_ALREADY_REQUESTED_DELETION")
    result_only = (
        frozenset(("peer_network", "status", "phase", "error", "next_action", "next_command", "action", "failure"))
        .union(*(cloud.result_only for cloud in CLOUDS.values()))
        .difference(("container_region", "atlas_cidr_block"))  # which are options too
    )

    def schema(self, cloud: Cloud | None) -> Schema:
        return cloud.peering if cloud else NO_FIELDS

    def cloud_of(self, answer: Mapping[str, Any]) -> Cloud:
        """Return the cloud of an answer. API v1.0 does not name it; then it is the one whose field is present."""
        named = CLOUDS.get(str(answer.get("providerName")).upper())
        return named or next((cloud for cloud in CLOUDS.values() if cloud.discriminator in answer), CLOUDS["AWS"])

    def predicted(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        cloud = self.cloud_of(payload)
        return {**payload, cloud.status_key: cloud.initial_status}

    def normalise(self, answer: Mapping[str, Any], project_id: str) -> PeeringRecord:
        cloud = self.cloud_of(answer)
        read_only = {snake_case(name): answer.get(name) for name in cloud.peering.read_only}
        state = {"status": answer.get(cloud.status_key), "error": answer.get(cloud.error_key)}
        return self.in_container({**super().normalise(answer, project_id), **read_only, **state}, {})

    def in_container(self, record: Record, container: Mapping[str, Any]) -> PeeringRecord:
        """Complete a record with what its container says; an empty container adds nothing."""
        cloud = CLOUDS[record["provider_name"]]
        from_container = {key: container.get(name, record.get(key)) for name, key in cloud.from_container.items()}
        return _with_meaning(cloud, {**record, **from_container})

    def fill_in(self, record: Record, values: Mapping[str, Any]) -> PeeringRecord:
        cloud = CLOUDS[record["provider_name"]]
        nulls = [f for f in cloud.peering.fields if f.default_from in cloud.from_container and record[f.option] is None]
        if not nulls:
            return cast(PeeringRecord, record)
        inherited = {f.option: f.from_api(record[cloud.from_container[f.default_from]]) for f in nulls}
        declared = {f.option: values[f.option] for f in nulls if f.option in values}
        return _with_meaning(cloud, {**record, **inherited, **declared})

    def absent(
        self, project_id: str, cloud: Cloud | None, resource_id: str | None, values: Mapping[str, Any]
    ) -> PeeringRecord:
        record = super().absent(project_id, cloud, resource_id, values)
        known = cloud and all(record[f.option] for f in cloud.peering.identity)
        absence = {
            "peer_network": peer_network(cloud, record) if cloud and known else None,
            "status": None,
            "error": None,
            "phase": ABSENT,
            "next_action": None,
            "next_command": None,
        }
        return cast(PeeringRecord, {**record, **absence})

    def label(self, record: Record) -> str:
        return f"{record['id']} ({record['status']}, {container_of(record)})"

    def is_deleting(self, record: Record) -> bool:
        return bool(record["phase"] == DELETING)

    def deletion_failed(self, record: Record) -> bool:
        return record["status"] in CLOUDS[record["provider_name"]].undeletable_statuses

    def after_deletion(self, record: Record) -> PeeringRecord:
        cloud = CLOUDS[record["provider_name"]]
        return _with_meaning(cloud, {**record, "status": cloud.deleting_status, "error": None})

    def blocking_error(self, name: str, record: Record) -> PlanError | None:
        if record["phase"] == DELETING:
            return PlanError(
                f"The {name} is being deleted ({record['status']}).",
                "Wait until it is gone (atlas_peering_wait with until: absent), then run the task again.",
            )
        if record["phase"] == FAILED:
            reason = f"{record['status']}{', ' + record['error'] if record['error'] else ''}"
            (word,) = self.replace_reasons(record)
            hint = f"{record['next_action']} Or set {option('recreate_on')}: [{word}] to replace it automatically."
            return PlanError(f"The {name} has failed: {reason}.", hint, peering=record)
        return None

    def replace_reasons(self, record: Record) -> frozenset[str]:
        if record["phase"] != FAILED:
            return frozenset()
        return frozenset((CLOUDS[record["provider_name"]].replace_reasons.get(str(record["error"]), "failed"),))


PEERING = Peering()


def _with_meaning(cloud: Cloud, record: Record) -> PeeringRecord:
    """Complete a record with what its status means."""
    status, error = record["status"], record["error"]
    phase = cloud.phases.get(str(status), PENDING)
    if phase == ACTION_REQUIRED and any(record[key] is None for key in cloud.needed_to_act):
        phase = PENDING
    template = cloud.next_action(str(status), error) if phase != PENDING else None
    command = cloud.next_commands.get(str(status))
    meaning = {
        "peer_network": peer_network(cloud, record),
        "phase": phase,
        "next_action": template and _next_action(cloud, template, record),
        "next_command": command and _next_command(command, record),
    }
    return cast(PeeringRecord, {**record, **meaning})


def _next_action(cloud: Cloud, template: str, record: Record) -> str:
    """Return what the other side must do."""
    values = {key: cloud.placeholders.get(key, "?") if value is None else value for key, value in record.items()}
    return readable(template.format(**values, state=option("state")))


def _next_command(template: str, record: Record) -> str | None:
    """Return the command line that does what the other side must do, or None if a value is unknown or strange."""
    named = {name: record.get(name) for _text, name, _spec, _conversion in Formatter().parse(template) if name}
    quoted = {name: shlex.quote(value) for name, value in named.items() if isinstance(value, str)}
    command = template.format(**quoted) if named.keys() == quoted.keys() else ""
    return command if command and command.isprintable() else None


def peer_network(cloud: Cloud, values: Mapping[str, str | None]) -> str:
    """Return what identifies the network on the other side: ``123456789012/vpc-0f1e2d3c4b5a69788``."""
    return "/".join(str(values.get(f.option)) for f in cloud.peering.identity)


def qualified_network(record: Record) -> str:
    """Return what identifies a network across clouds, in lower case; the connection's ID if only that is known."""
    cloud = CLOUDS.get(str(record["provider_name"]))
    return f"{cloud.name}/{peer_network(cloud, record).lower()}" if cloud else str(record["id"])


def is_identified(record: Record) -> bool:
    """Report whether a record has every value that tells it from other connections."""
    return all(record[f.option] for f in CLOUDS[record["provider_name"]].peering.identity)


def container_of(values: Mapping[str, Any]) -> str:
    """Return where the Atlas side of a connection is: the region of its container if known, otherwise its ID."""
    return str(values.get("container_region") or f"container {values.get('container_id')}")


def distinctions(records: Sequence[Record]) -> list[str]:
    """Return what tells each connection from others to the same network, to follow its name.

    This is the region of its container, its project, both, or nothing: `` in US_EAST_1 of project 5f1a…``.
    """
    containers, projects = defaultdict(set), defaultdict(set)
    for one in records:
        network, project = qualified_network(one), one["project_id"]
        containers[network, project].add(container_of(one))
        projects[network].add(project)
    return [
        (f" in {container_of(one)}" if len(containers[qualified_network(one), one["project_id"]]) > 1 else "")
        + (f" of project {one['project_id']}" if len(projects[qualified_network(one)]) > 1 else "")
        for one in records
    ]


def needs_container(record: Record) -> bool:
    """Report whether the other side could act if the container had been read and were provisioned."""
    cloud = CLOUDS[record["provider_name"]]
    is_awaited = cloud.phases.get(str(record["status"])) == ACTION_REQUIRED
    return is_awaited and any(
        record[key] is None for key in cloud.from_container.values() if key in cloud.needed_to_act
    )
