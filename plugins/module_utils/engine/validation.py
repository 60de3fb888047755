# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Whether what was received are resources of one kind, and those that were asked for or sent. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import unreadable
from ansible_collections.atlasops.network.plugins.module_utils.api.responses import Answer, identified
from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS, Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import Change
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import ResourceType


def listed(
    resource_type: ResourceType, answers: Sequence[Answer], operation: str, cloud: Cloud | None = None
) -> Sequence[Answer]:
    """Return the results of a list if all of them can be resources of this kind, and are of the cloud that was asked.

    Raises:
        TransportError: They are something else, so that nobody knows what the list would have held.
        PlanError: There is one of a cloud that has no network peering, and all clouds were asked for.
    """
    for answer in answers:
        if not (_is_of(resource_type, answer, cloud) if cloud else _can_be(resource_type, answer)):
            raise unreadable(operation, f"something else than {_one(resource_type, cloud)} in it")
    return answers


def _one(resource_type: ResourceType, cloud: Cloud | None) -> str:
    return f"a {resource_type.noun} of {cloud.name}" if cloud else f"a {resource_type.noun}"


def _is_of(resource_type: ResourceType, answer: Answer, cloud: Cloud) -> bool:
    """Tell whether this is a resource of one cloud, which it names, unless it is of API v1.0."""
    name = answer.get("providerName")
    is_named = isinstance(name, str) and bool(name)
    return (
        not (is_named and name != cloud.name)
        and _can_be(resource_type, answer)
        and resource_type.cloud_of(answer) is cloud
    )


def found(resource_type: ResourceType, answer: Answer, operation: str, resource_id: str) -> Answer:
    """Return the resource that was asked for by its id. Raises TransportError where it is something else."""
    listed(resource_type, [identified(answer, operation, id=resource_id)], operation)
    return answer


def written(
    resource_type: ResourceType, answer: Answer, operation: str, change: Change, resource_id: str = ""
) -> Answer:
    """Return the answer to a write if it is the resource that was sent.

    Raises:
        TransportError: It is something else, so that nobody knows whether the write took effect.
    """
    identified(answer, operation, writes=True, **({"id": resource_id} if resource_id else {}))
    cloud = CLOUDS[(change.after or {})["provider_name"]]
    if not (_is_of(resource_type, answer, cloud) and _is_same(resource_type, answer, change, cloud)):
        raise unreadable(operation, f"something else than the {resource_type.noun} that was sent in it", writes=True)
    return answer


def _can_be(resource_type: ResourceType, answer: Answer) -> bool:
    """Tell whether this is a resource: it says what it is, and its fields are texts. Raises PlanError."""
    name = answer.get("providerName")
    if not isinstance(name, (str, type(None))):
        return False
    try:
        resource = resource_type.resource(resource_type.cloud_of(answer))
    except PlanError:
        if name:
            raise
        return False
    identity = [answer.get(field.api) for field in resource.identity]
    return (not identity or any(identity)) and all(_fits(field, answer.get(field.api)) for field in resource.fields)


def _fits(field: Field, value: Any) -> bool:
    if field.many and isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return value is None or (isinstance(value, str) and not field.many)


def _is_same(resource_type: ResourceType, answer: Answer, change: Change, cloud: Cloud) -> bool:
    """Tell whether an answer has the identity of what was sent; what only narrows that need not be said."""
    received, sent = resource_type.normalise(answer, ""), change.after or {}
    resource = resource_type.resource(cloud)
    is_same = all(field.same(sent[field.option], received[field.option]) for field in resource.identity)
    told = [
        f
        for f in resource.fields
        if f.option in resource_type.optional_identity and change.payload.get(f.api) and received[f.option]
    ]
    return is_same and all(f.same(f.normalise(change.payload[f.api]), received[f.option]) for f in told)
