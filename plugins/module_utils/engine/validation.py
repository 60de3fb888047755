# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Whether an answer holds resources of one type, and those that were requested or sent. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import unreadable
from ansible_collections.atlasops.network.plugins.module_utils.api.responses import Answer, identified
from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Change, ResourceType


def listed(
    resource_type: ResourceType,
    answers: Sequence[Answer],
    operation: str,
    cloud: Cloud | None = None,
    writes: bool = False,
) -> Sequence[Answer]:
    """Return the results of a list if all of them can be resources of this type and of the requested cloud.

    Raises:
        TransportError: They are something else, so that it is unknown what the list would have held.
        PlanError: One is of a cloud without network peering, and all clouds were requested.
    """
    for answer in answers:
        if not (_is_of(resource_type, answer, cloud) if cloud else _can_be(resource_type, answer)):
            expected = f"{resource_type.plural} of {cloud.name}" if cloud else resource_type.plural
            raise unreadable(operation, f"something else than {expected} in it", writes)
    return answers


def found(resource_type: ResourceType, answer: Answer, operation: str, resource_id: str) -> Answer:
    """Return the resource that was requested by ID. Raises TransportError if it is something else."""
    listed(resource_type, [identified(answer, operation, id=resource_id)], operation)
    return answer


def written(
    resource_type: ResourceType, answer: Answer, operation: str, change: Change, resource_id: str = ""
) -> Answer:
    """Return the answer to a write if it is the resource that was sent.

    Raises:
        TransportError: It is something else, so that it is unknown whether the write took effect.
    """
    identified(answer, operation, writes=True, **({"id": resource_id} if resource_id else {}))
    cloud = CLOUDS[(change.after or {})["provider_name"]]
    if not (_is_of(resource_type, answer, cloud) and _is_same(resource_type, answer, change, cloud)):
        raise unreadable(operation, f"something else than the {resource_type.noun} that was sent in it", writes=True)
    return answer


def _is_of(resource_type: ResourceType, answer: Answer, cloud: Cloud) -> bool:
    """Report whether this is a resource of one cloud, which it names unless it is of API v1.0."""
    return (
        answer.get("providerName") in (None, "", cloud.name)
        and _can_be(resource_type, answer)
        and resource_type.cloud_of(answer) is cloud
    )


def _can_be(resource_type: ResourceType, answer: Answer) -> bool:
    """Report whether this can be a resource: it has an identity, and its fields are texts. Raises PlanError."""
    name = answer.get("providerName")
    if not isinstance(name, (str, type(None))):
        return False
    try:
        schema = resource_type.schema(resource_type.cloud_of(answer))
    except PlanError:
        if name:
            raise
        return False
    identity = [answer.get(field.api) for field in schema.identity]
    return (not identity or any(identity)) and all(_fits(field, answer.get(field.api)) for field in schema.fields)


def _fits(field: Field, value: Any) -> bool:
    if field.is_set and isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return value is None or (isinstance(value, str) and not field.is_set)


def _is_same(resource_type: ResourceType, answer: Answer, change: Change, cloud: Cloud) -> bool:
    """Report whether an answer has the identity that was sent; an optional part of it may be missing."""
    received, sent = resource_type.normalise(answer, ""), change.after or {}
    schema = resource_type.schema(cloud)
    is_same = all(field.equal(sent[field.option], received[field.option]) for field in schema.identity)
    optional = [f for f in schema.fields if f.option in resource_type.optional_identity]
    answered = [f for f in optional if change.payload.get(f.api) and received[f.option]]
    return is_same and all(f.equal(f.from_api(change.payload[f.api]), received[f.option]) for f in answered)
