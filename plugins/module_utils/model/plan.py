# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Match and plan: the change from what exists to what is desired. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import (
    CREATE,
    DELETE,
    NO_OP,
    REPLACE,
    UPDATE,
    Change,
    Desired,
    Record,
)


@dataclass(frozen=True)
class ReplacePolicy:
    """When an existing resource may be replaced.

    Attributes:
        reasons: Words of ``recreate_on``.
        timeout: Seconds that the deletion of the old one may take.
    """

    reasons: Collection[str] = ()
    timeout: float = 0.0


NEVER_REPLACE = ReplacePolicy()


def candidates(desired: Desired, existing: Sequence[Record]) -> Sequence[Record]:
    """Return the existing resources that may be the desired one; several if too little is declared."""
    matching = [record for record in existing if desired.matches(record)]
    # One that is being deleted does not stand for the one that replaces it.
    return [record for record in matching if not desired.resource_type.is_deleting(record)] or matching[:1]


def match(desired: Desired, existing: Sequence[Record]) -> Record | None:
    """Return the existing resource that is the desired one, or None. Raises PlanError if several match."""
    resource_type = desired.resource_type
    matching = candidates(desired, existing)
    if len(matching) > 1:
        labels = ", ".join(resource_type.label(record) for record in matching)
        options = " or ".join([*_distinguishing(matching, resource_type.optional_identity), resource_type.id_option])
        raise PlanError(
            f"{len(matching)} {resource_type.plural} of project {desired.project_id} match the {desired.name}: "
            f"{labels}.",
            f"Set {options} to choose one.",
        )
    if not matching or not desired.fields:
        return matching[0] if matching else None
    return resource_type.fill_in(matching[0], desired.values)


def _distinguishing(matching: Sequence[Record], options: Sequence[str]) -> Sequence[str]:
    """Return options that may choose one of several resources: all, or none if the first, an ID, is always the same."""
    return options if len({record[name] for record in matching for name in options[:1]}) > 1 else ()


def differences(desired: Desired, record: Record) -> list[Field]:
    """Return the declared fields that differ in an existing resource of the same cloud."""
    declared = [f for f in desired.fields if f.option in desired.values]
    return [f for f in declared if not f.equal(desired.values[f.option], record[f.option])]


def plan(
    desired: Desired, existing: Sequence[Record], present: bool, replace_policy: ReplacePolicy = NEVER_REPLACE
) -> Change:
    """Return the change from what exists to what is desired.

    Args:
        desired: What is declared.
        existing: Records among which it would be.
        present: Whether it is to exist.
        replace_policy: When an existing one may be replaced.

    Raises:
        PlanError: No change leads there; the message says what a person can do.
        InputError: An option is missing that a creation needs.
    """
    before = match(desired, existing)
    if present:
        # One that is chosen by its ID may have to change in its identity.
        by_id = (record for record in existing if record["project_id"] == desired.project_id)
        chosen = next((record for record in by_id if record["id"] == desired.id), None)
        change = _plan_present(desired, before or chosen, replace_policy.reasons)
        if change.action == REPLACE:
            _refuse_duplicate(change, existing)
        return change
    if before is None or desired.resource_type.is_deleting(before):
        return Change(NO_OP, desired, before, before, {})
    return plan_deletion(desired, before)


def plan_deletion(desired: Desired, before: Record) -> Change:
    """Return the deletion of an existing resource."""
    return Change(DELETE, desired, before, desired.resource_type.after_deletion(before), {})


def _refuse_duplicate(change: Change, existing: Sequence[Record]) -> None:
    """Raise PlanError if a replacement would become what another resource is already."""
    resource_type = change.desired.resource_type
    for other in existing:
        if other["id"] != change.id and change.desired.matches(other) and not resource_type.is_deleting(other):
            raise PlanError(
                f"The {resource_type.noun} {change.id} cannot be replaced by the {change.desired.name}, which exists: "
                f"{resource_type.label(other)}.",
                f"Delete one of them ({option('state')}: absent).",
            )


def name_with_id(name: str, record: Record) -> str:
    """Return the name of an existing resource with its ID, unless the name contains it."""
    return name if str(record["id"]) in name else f"{name} ({record['id']})"


def _plan_present(desired: Desired, before: Record | None, replace_on: Collection[str]) -> Change:
    resource_type, cloud = desired.resource_type, desired.cloud
    if not desired.fields:
        raise InputError("provider_name is missing.")
    if before is None:
        return _plan_creation(desired)
    if cloud and not desired.is_in_cloud_of(before):
        raise PlanError(f"The {desired.name} is one of {before['provider_name']}, not of {cloud.name}.")
    if resource_type.replace_reasons(before) & set(replace_on):
        return _plan_replacement(desired, before)
    error = resource_type.blocking_error(name_with_id(desired.name, before), before)
    if error:
        raise error
    different = differences(desired, before)
    immutable = [f for f in different if not f.mutable]
    if immutable and "changed" in replace_on:
        return _plan_replacement(desired, before)
    if immutable:
        raise _immutable_error(immutable, desired, before)
    return _plan_update(desired, before, different)


def _plan_update(desired: Desired, before: Record, different: Sequence[Field]) -> Change:
    if not different:
        return Change(NO_OP, desired, before, before, {})
    # Only changed and required fields: an update that names the account and the VPC restarts the peering.
    sent = [f for f in desired.fields if f in different or f.option in desired.resource_type.required_on_update]
    after = {**before, **{f.option: desired.values[f.option] for f in different}}
    payload, complete_payload = (_payload(desired.cloud, fields, after) for fields in (sent, desired.fields))
    return Change(UPDATE, desired, before, after, payload, complete_payload)


def _payload(cloud: Cloud | None, fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a request with these fields, as far as they have a value."""
    provider = {"providerName": cloud.name} if cloud else {}
    return {**provider, **{f.api: values[f.option] for f in fields if values.get(f.option)}}


def _plan_creation(desired: Desired) -> Change:
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
    payload = _payload(desired.cloud, desired.fields, desired.values)
    after = resource_type.normalise(resource_type.predicted(payload), desired.project_id)
    return Change(CREATE, desired, None, after, payload)


def _plan_replacement(desired: Desired, before: Record) -> Change:
    """Return the replacement of a resource, which keeps the values that are not declared."""
    kept = {f.option: before[f.option] for f in desired.fields if before[f.option] is not None}
    complete = replace(desired, id=None, values={**kept, **desired.values})
    missing = _missing(complete)
    if missing:
        raise InputError(f"{', '.join(missing)} is missing: replacing the {desired.name} needs it.")
    return replace(_plan_creation(complete), action=REPLACE, before=before)


def _missing(desired: Desired) -> list[str]:
    """Return the options that a creation needs and that neither the task, the container nor Atlas supplies."""
    return [
        f.option for f in desired.fields if f.option not in desired.values and not f.computed and not f.default_from
    ]


def with_defaults(change: Change, container: Record) -> Change:
    """Return a creation or update with the values that are not declared and that its container supplies."""
    defaulted = [f for f in change.desired.fields if f.default_from and not (change.after or {}).get(f.option)]
    values = {f.option: f.from_api(container.get(f.default_from)) for f in defaulted}
    sent = {f.api: values[f.option] for f in defaulted if values[f.option]}
    return replace(
        change,
        after={**(change.after or {}), **values},
        payload={**change.payload, **({} if change.action == UPDATE else sent)},
        complete_payload={**change.complete_payload, **sent} if change.complete_payload else {},
    )


def missing_defaults(change: Change) -> list[str]:
    """Return the options that a creation still needs because its container, which supplies them, is unknown."""
    return [
        f.option for f in change.desired.fields if change.creates and f.default_from and not change.payload.get(f.api)
    ]


def _immutable_error(immutable: Sequence[Field], desired: Desired, before: Record) -> PlanError:
    changes = "; ".join(f"{f.option} is {before[f.option]} and should be {desired.values[f.option]}" for f in immutable)
    return PlanError(
        f"The {name_with_id(desired.name, before)} exists, and Atlas cannot change this in place: {changes}.",
        f"Keep the old value, or {desired.resource_type.how_to_replace}",
        **{desired.resource_type.result_key: before},
    )
