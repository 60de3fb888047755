# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Match and plan: what has to happen for what is found to become what is wanted. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import Desired
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record

CREATE, UPDATE, REPLACE, DELETE, NO_OP = "create", "update", "recreate", "delete", "nothing"


@dataclass(frozen=True)
class ReplacePolicy:
    """When an existing resource may be replaced, and how long its deletion may take.

    Attributes:
        on: Words of ``recreate_on``.
        timeout: Seconds.
    """

    on: Collection[str] = ()
    timeout: float = 0.0


NEVER_REPLACE = ReplacePolicy()


@dataclass(frozen=True)
class Change:
    """What has to happen to one resource.

    Attributes:
        action: CREATE, UPDATE, RECREATE, DELETE or NOTHING.
        before: The record as found; None where there is none.
        after: The record as it will be, as far as that can be told beforehand; None once it is gone.
        payload: Body of the request that does it.
        whole_payload: For UPDATE the body with every field of the resource, which Atlas may insist on.
    """

    action: str
    desired: Desired
    before: Record | None
    after: Record | None
    payload: Mapping[str, Any]
    whole_payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether it creates or changes something, rather than deleting it or leaving it alone."""
        return self.action in (CREATE, UPDATE, REPLACE)


def candidates(desired: Desired, found: Sequence[Record]) -> Sequence[Record]:
    """Return the found resources that may be the wanted one; more than one where too little is declared."""
    matching = [record for record in found if desired.matches(record)]
    # One on its way out does not stand in the way of the one that replaces it.
    return [record for record in matching if not desired.resource_type.is_deleting(record)] or matching[:1]


def match(desired: Desired, found: Sequence[Record]) -> Record | None:
    """Return the found resource that is the wanted one, or None. Raises PlanError where several are."""
    resource_type = desired.resource_type
    standing = candidates(desired, found)
    if len(standing) > 1:
        ids = ", ".join(resource_type.label(record) for record in standing)
        ways = " or ".join([*resource_type.optional_identity, resource_type.id_option])
        raise PlanError(
            f"{len(standing)} {resource_type.noun}s of project {desired.project_id} match the {desired.name}: {ids}.",
            f"Set {ways} to choose one.",
        )
    if not standing or desired.cloud is None or desired.cloud.name != standing[0]["provider_name"]:
        return standing[0] if standing else None
    return resource_type.fill_in(standing[0], desired.values)


def differing(desired: Desired, record: Record) -> list[Field]:
    """Return the declared fields whose values a found resource does not have, of those that its cloud has at all."""
    declared = [f for f in desired.fields if f.option in desired.values and f.option in record]
    return [f for f in declared if not f.same(desired.values[f.option], record[f.option])]


def plan(
    desired: Desired, found: Sequence[Record], present: bool, replace_policy: ReplacePolicy = NEVER_REPLACE
) -> Change:
    """Return the step from what is found to what is wanted.

    Args:
        desired: What is declared.
        found: Records among which it would be.
        present: Whether it should be there.
        replace_policy: When an existing one may be replaced.

    Raises:
        PlanError: There is no such step; the message says what a person can do.
    """
    before = match(desired, found)
    if present:
        # One that is chosen by its id may have to change in what tells it apart.
        here = (record for record in found if record["project_id"] == desired.project_id)
        computed = next((record for record in here if desired.id and record["id"] == desired.id), None)
        change = _plan_present(desired, before or computed, replace_policy.on)
        return _if_free(change, found) if change.action == REPLACE else change
    if before is None or desired.resource_type.is_deleting(before):
        return Change(NO_OP, desired, before, before, {})
    return Change(DELETE, desired, before, desired.resource_type.after_deletion(before), {})


def _if_free(change: Change, found: Sequence[Record]) -> Change:
    """Return a replacement unless another resource is what it would become. Raises PlanError."""
    resource_type, before = change.desired.resource_type, change.before or {}
    others = [
        one
        for one in found
        if one["id"] != before["id"] and change.desired.matches(one) and not resource_type.is_deleting(one)
    ]
    if others:
        raise PlanError(
            f"The {resource_type.noun} {before['id']} cannot be replaced by the {change.desired.name}, which exists: "
            f"{resource_type.label(others[0])}.",
            f"Delete one of them ({option('state')}: absent).",
        )
    return change


def called(name: str, record: Record) -> str:
    """Return the name of a found resource with its id, unless that is its name."""
    return name if str(record["id"]) in name else f"{name} ({record['id']})"


def _plan_present(desired: Desired, before: Record | None, recreate_on: Collection[str]) -> Change:
    resource_type, cloud = desired.resource_type, desired.cloud
    if cloud is None:
        raise InputError("provider_name is missing.")
    if before is None:
        return _plan_creation(desired, cloud)
    if before["provider_name"] != cloud.name:
        raise PlanError(f"The {desired.name} is one of {before['provider_name']}, not of {cloud.name}.")
    if resource_type.replace_reasons(before) & set(recreate_on):
        return _plan_recreation(desired, cloud, before)
    blocking_error = resource_type.blocking_error(called(desired.name, before), before)
    if blocking_error:
        raise blocking_error
    different = differing(desired, before)
    fixed = [f for f in different if not f.mutable]
    if fixed and "changed" in recreate_on:
        return _plan_recreation(desired, cloud, before)
    if fixed:
        raise _refusal(fixed, desired, before)
    if not different:
        return Change(NO_OP, desired, before, before, {})
    # Naming more than what changes and what Atlas wants beside it would make a connection start over.
    told = [f for f in desired.fields if f in different or f.option in resource_type.required_on_update]
    after = {**before, **{f.option: desired.values[f.option] for f in different}}
    return Change(UPDATE, desired, before, after, _payload(cloud, told, after), _payload(cloud, desired.fields, after))


def _payload(cloud: Cloud, fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a request that names these fields, as far as they have a value."""
    return {"providerName": cloud.name, **{f.api: values[f.option] for f in fields if values.get(f.option)}}


def _plan_creation(desired: Desired, cloud: Cloud) -> Change:
    resource_type = desired.resource_type
    if desired.id:
        raise PlanError(
            f"There is no {resource_type.noun} {desired.id} in project {desired.project_id}.",
            f"Leave {resource_type.id_option} out to create one.",
        )
    missing = _missing(desired)
    if missing:
        raise InputError(
            f"{', '.join(missing)} is missing: project {desired.project_id} has no {desired.name} yet, "
            "and creating one needs it."
        )
    payload = _payload(cloud, desired.fields, desired.values)
    after = resource_type.normalise(resource_type.predicted(cloud, payload), desired.project_id)
    return Change(CREATE, desired, None, after, payload)


def _plan_recreation(desired: Desired, cloud: Cloud, before: Record) -> Change:
    """Replace a resource: what is not declared stays as it was."""
    values = {f.option: before[f.option] for f in desired.fields if before[f.option] is not None}
    whole = replace(desired, id=None, values={**values, **desired.values})
    missing = _missing(whole)
    if missing:
        raise InputError(f"{', '.join(missing)} is missing: replacing the {desired.name} needs it.")
    return replace(_plan_creation(whole, cloud), action=REPLACE, before=before)


def _missing(desired: Desired) -> list[str]:
    """Return the options that a creation needs, that are not declared, and that do not follow from the container."""
    return [f.option for f in desired.fields if f.option not in desired.values and not f.computed and not f.inherits]


def inherit(change: Change, container: Record) -> Change:
    """Return a step that creates or changes something with what is not declared and follows from its container."""
    followed = [f for f in change.desired.fields if f.inherits and not (change.after or {}).get(f.option)]
    values = {f.option: f.normalise(container.get(f.inherits)) for f in followed}
    sent = {f.api: values[f.option] for f in followed if values[f.option]}
    return replace(
        change,
        after={**(change.after or {}), **values},
        payload={**change.payload, **({} if change.action == UPDATE else sent)},
        whole_payload={**change.whole_payload, **sent} if change.whole_payload else {},
    )


def uninherited(change: Change) -> list[str]:
    """Return the options that a creation still needs, since its container could not be found to tell them."""
    creates = change.action in (CREATE, REPLACE)
    return [f.option for f in change.desired.fields if creates and f.inherits and not change.payload.get(f.api)]


def _refusal(fixed: Sequence[Field], desired: Desired, before: Record) -> PlanError:
    changes = "; ".join(f"{f.option} is {before[f.option]} and should be {desired.values[f.option]}" for f in fixed)
    return PlanError(
        f"The {called(desired.name, before)} exists, and Atlas cannot change this in place: {changes}.",
        f"Keep the old value, or {desired.resource_type.replacing}",
        **{desired.resource_type.result_key: before},
    )
