# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether what was received are resources of one kind, and those that were asked for or sent. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.answers import Answer, identified
from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS, Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.errors import RefusedError, unreadable
from ansible_collections.atlasops.network.plugins.module_utils.kind import Kind
from ansible_collections.atlasops.network.plugins.module_utils.plan import Step


def listed(kind: Kind, answers: Sequence[Answer], doing: str, cloud: Cloud | None = None) -> Sequence[Answer]:
    """Return the results of a list if all of them can be resources of this kind, and are of the cloud that was asked.

    Raises:
        TransportError: They are something else, so that nobody knows what the list would have held.
        RefusedError: There is one of a cloud that has no network peering, and all clouds were asked for.
    """
    for answer in answers:
        if not (_is_of(kind, answer, cloud) if cloud else _can_be(kind, answer)):
            raise unreadable(doing, f"something else than {_one(kind, cloud)} in it")
    return answers


def _one(kind: Kind, cloud: Cloud | None) -> str:
    return f"a {kind.noun} of {cloud.name}" if cloud else f"a {kind.noun}"


def _is_of(kind: Kind, answer: Answer, cloud: Cloud) -> bool:
    """Tell whether this is a resource of one cloud, which it names, unless it is of API v1.0."""
    name = answer.get("providerName")
    is_named = isinstance(name, str) and bool(name)
    return not (is_named and name != cloud.name) and _can_be(kind, answer) and kind.cloud_of(answer) is cloud


def found(kind: Kind, answer: Answer, doing: str, resource_id: str) -> Answer:
    """Return the resource that was asked for by its id. Raises TransportError where it is something else."""
    listed(kind, [identified(answer, doing, id=resource_id)], doing)
    return answer


def written(kind: Kind, answer: Answer, doing: str, step: Step, resource_id: str = "") -> Answer:
    """Return the answer to a write if it is the resource that was sent.

    Raises:
        TransportError: It is something else, so that nobody knows whether the write took effect.
    """
    identified(answer, doing, writes=True, **({"id": resource_id} if resource_id else {}))
    cloud = CLOUDS[(step.after or {})["provider_name"]]
    if not (_is_of(kind, answer, cloud) and _is_same(kind, answer, step, cloud)):
        raise unreadable(doing, f"something else than the {kind.noun} that was sent in it", writes=True)
    return answer


def _can_be(kind: Kind, answer: Answer) -> bool:
    """Tell whether this is a resource: it says what it is, and its fields are texts. Raises RefusedError."""
    name = answer.get("providerName")
    if not isinstance(name, (str, type(None))):
        return False
    try:
        resource = kind.resource(kind.cloud_of(answer))
    except RefusedError:
        if name:
            raise
        return False
    identity = [answer.get(field.api) for field in resource.identity]
    return (not identity or any(identity)) and all(_fits(field, answer.get(field.api)) for field in resource.fields)


def _fits(field: Field, value: Any) -> bool:
    if field.many and isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return value is None or (isinstance(value, str) and not field.many)


def _is_same(kind: Kind, answer: Answer, step: Step, cloud: Cloud) -> bool:
    """Tell whether an answer has the identity of what was sent; what only narrows that need not be said."""
    received, sent = kind.normalise(answer, ""), step.after or {}
    resource = kind.resource(cloud)
    is_same = all(field.same(sent[field.option], received[field.option]) for field in resource.identity)
    told = [f for f in resource.fields if f.option in kind.narrows and step.payload.get(f.api) and received[f.option]]
    return is_same and all(f.same(f.normalise(step.payload[f.api]), received[f.option]) for f in told)
