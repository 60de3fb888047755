# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Match and plan: what has to happen for what is found to become what is wanted. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.clouds import Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, RefusedError
from ansible_collections.atlasops.network.plugins.module_utils.kind import Record
from ansible_collections.atlasops.network.plugins.module_utils.wording import option

CREATE, UPDATE, RECREATE, DELETE, NOTHING = "create", "update", "recreate", "delete", "nothing"


@dataclass(frozen=True)
class Healing:
    """When an existing resource may be replaced, and how long its deletion may take.

    Attributes:
        on: Words of ``recreate_on``.
        timeout: Seconds.
    """

    on: Collection[str] = ()
    timeout: float = 0.0


NO_HEALING = Healing()


@dataclass(frozen=True)
class Step:
    """What has to happen to one resource.

    Attributes:
        action: CREATE, UPDATE, RECREATE, DELETE or NOTHING.
        before: The record as found; None where there is none.
        after: The record as it will be, as far as that can be told beforehand; None once it is gone.
        payload: Body of the request that does it.
        whole_payload: For UPDATE the body with every field of the resource, which Atlas may insist on.
    """

    action: str
    wanted: Wanted
    before: Record | None
    after: Record | None
    payload: Mapping[str, Any]
    whole_payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether it creates or changes something, rather than deleting it or leaving it alone."""
        return self.action in (CREATE, UPDATE, RECREATE)


def candidates(wanted: Wanted, found: Sequence[Record]) -> Sequence[Record]:
    """Return the found resources that may be the wanted one; more than one where too little is declared."""
    matching = [record for record in found if wanted.matches(record)]
    # One on its way out does not stand in the way of the one that replaces it.
    return [record for record in matching if not wanted.kind.is_going(record)] or matching[:1]


def match(wanted: Wanted, found: Sequence[Record]) -> Record | None:
    """Return the found resource that is the wanted one, or None. Raises RefusedError where several are."""
    kind = wanted.kind
    standing = candidates(wanted, found)
    if len(standing) > 1:
        ids = ", ".join(kind.label(record) for record in standing)
        ways = " or ".join([*kind.narrows, kind.id_option])
        raise RefusedError(
            f"{len(standing)} {kind.noun}s of project {wanted.project_id} match the {wanted.name}: {ids}.",
            f"Set {ways} to choose one.",
        )
    if not standing or wanted.cloud is None or wanted.cloud.name != standing[0]["provider_name"]:
        return standing[0] if standing else None
    return kind.fill_in(standing[0], wanted.values)


def differing(wanted: Wanted, record: Record) -> list[Field]:
    """Return the declared fields whose values a found resource does not have, of those that its cloud has at all."""
    declared = [f for f in wanted.fields if f.option in wanted.values and f.option in record]
    return [f for f in declared if not f.same(wanted.values[f.option], record[f.option])]


def plan(wanted: Wanted, found: Sequence[Record], present: bool, healing: Healing = NO_HEALING) -> Step:
    """Return the step from what is found to what is wanted.

    Args:
        wanted: What is declared.
        found: Records among which it would be.
        present: Whether it should be there.
        healing: When an existing one may be replaced.

    Raises:
        RefusedError: There is no such step; the message says what a person can do.
    """
    before = match(wanted, found)
    if present:
        # One that is chosen by its id may have to change in what tells it apart.
        here = (record for record in found if record["project_id"] == wanted.project_id)
        chosen = next((record for record in here if wanted.id and record["id"] == wanted.id), None)
        step = _plan_present(wanted, before or chosen, healing.on)
        return _if_free(step, found) if step.action == RECREATE else step
    if before is None or wanted.kind.is_going(before):
        return Step(NOTHING, wanted, before, before, {})
    return Step(DELETE, wanted, before, wanted.kind.after_deletion(before), {})


def _if_free(step: Step, found: Sequence[Record]) -> Step:
    """Return a replacement unless another resource is what it would become. Raises RefusedError."""
    kind, before = step.wanted.kind, step.before or {}
    others = [one for one in found if one["id"] != before["id"] and step.wanted.matches(one) and not kind.is_going(one)]
    if others:
        raise RefusedError(
            f"The {kind.noun} {before['id']} cannot be replaced by the {step.wanted.name}, which exists: "
            f"{kind.label(others[0])}.",
            f"Delete one of them ({option('state')}: absent).",
        )
    return step


def called(name: str, record: Record) -> str:
    """Return the name of a found resource with its id, unless that is its name."""
    return name if str(record["id"]) in name else f"{name} ({record['id']})"


def _plan_present(wanted: Wanted, before: Record | None, recreate_on: Collection[str]) -> Step:
    kind, cloud = wanted.kind, wanted.cloud
    if cloud is None:
        raise InputError("provider_name is missing.")
    if before is None:
        return _plan_creation(wanted, cloud)
    if before["provider_name"] != cloud.name:
        raise RefusedError(f"The {wanted.name} is one of {before['provider_name']}, not of {cloud.name}.")
    if kind.ailments(before) & set(recreate_on):
        return _plan_recreation(wanted, cloud, before)
    obstacle = kind.obstacle(called(wanted.name, before), before)
    if obstacle:
        raise obstacle
    different = differing(wanted, before)
    fixed = [f for f in different if not f.mutable]
    if fixed and "changed" in recreate_on:
        return _plan_recreation(wanted, cloud, before)
    if fixed:
        raise _refusal(fixed, wanted, before)
    if not different:
        return Step(NOTHING, wanted, before, before, {})
    # Naming more than what changes and what Atlas wants beside it would make a connection start over.
    told = [f for f in wanted.fields if f in different or f.option in kind.companions]
    after = {**before, **{f.option: wanted.values[f.option] for f in different}}
    return Step(UPDATE, wanted, before, after, _payload(cloud, told, after), _payload(cloud, wanted.fields, after))


def _payload(cloud: Cloud, fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a request that names these fields, as far as they have a value."""
    return {"providerName": cloud.name, **{f.api: values[f.option] for f in fields if values.get(f.option)}}


def _plan_creation(wanted: Wanted, cloud: Cloud) -> Step:
    kind = wanted.kind
    if wanted.id:
        raise RefusedError(
            f"There is no {kind.noun} {wanted.id} in project {wanted.project_id}.",
            f"Leave {kind.id_option} out to create one.",
        )
    missing = _missing(wanted)
    if missing:
        raise InputError(
            f"{', '.join(missing)} is missing: project {wanted.project_id} has no {wanted.name} yet, "
            "and creating one needs it."
        )
    payload = _payload(cloud, wanted.fields, wanted.values)
    after = kind.normalise(kind.predicted(cloud, payload), wanted.project_id)
    return Step(CREATE, wanted, None, after, payload)


def _plan_recreation(wanted: Wanted, cloud: Cloud, before: Record) -> Step:
    """Replace a resource: what is not declared stays as it was."""
    values = {f.option: before[f.option] for f in wanted.fields if before[f.option] is not None}
    whole = replace(wanted, id=None, values={**values, **wanted.values})
    missing = _missing(whole)
    if missing:
        raise InputError(f"{', '.join(missing)} is missing: replacing the {wanted.name} needs it.")
    return replace(_plan_creation(whole, cloud), action=RECREATE, before=before)


def _missing(wanted: Wanted) -> list[str]:
    """Return the options that a creation needs, that are not declared, and that do not follow from the container."""
    return [f.option for f in wanted.fields if f.option not in wanted.values and not f.chosen and not f.inherits]


def inherit(step: Step, container: Record) -> Step:
    """Return a step that creates or changes something with what is not declared and follows from its container."""
    followed = [f for f in step.wanted.fields if f.inherits and not (step.after or {}).get(f.option)]
    values = {f.option: f.normalise(container.get(f.inherits)) for f in followed}
    sent = {f.api: values[f.option] for f in followed if values[f.option]}
    return replace(
        step,
        after={**(step.after or {}), **values},
        payload={**step.payload, **({} if step.action == UPDATE else sent)},
        whole_payload={**step.whole_payload, **sent} if step.whole_payload else {},
    )


def uninherited(step: Step) -> list[str]:
    """Return the options that a creation still needs, since its container could not be found to tell them."""
    creates = step.action in (CREATE, RECREATE)
    return [f.option for f in step.wanted.fields if creates and f.inherits and not step.payload.get(f.api)]


def _refusal(fixed: Sequence[Field], wanted: Wanted, before: Record) -> RefusedError:
    changes = "; ".join(f"{f.option} is {before[f.option]} and should be {wanted.values[f.option]}" for f in fixed)
    return RefusedError(
        f"The {called(wanted.name, before)} exists, and Atlas cannot change this in place: {changes}.",
        f"Keep the old value, or {wanted.kind.replacing}",
        **{wanted.kind.result_key: before},
    )
