# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Access of an application to one virtual network, checked, granted or revoked: look, plan, apply, look again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.pauses import Pauses
from ansible_collections.atlasops.network.plugins.module_utils.azure.access import (
    Assignment,
    Desired,
    Existing,
    Principal,
)
from ansible_collections.atlasops.network.plugins.module_utils.azure.client import AzureClient, guid
from ansible_collections.atlasops.network.plugins.module_utils.azure.errors import AzureApiError
from ansible_collections.atlasops.network.plugins.module_utils.azure.plan import (
    ASSIGNMENT,
    PRINCIPAL,
    ROLE,
    Step,
    plan,
    wanted_role,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    PlanError,
    format_hint,
)


class MissingAccessError(PlanError):
    """The application lacks access, and nobody asked to grant it.

    Args:
        desired: Who is to have access to what.
        steps: What is missing.
    """

    def __init__(self, desired: Desired, steps: Sequence[Step]) -> None:
        network = desired.network
        super().__init__(
            f"{desired.who} may not peer with virtual network {network} of subscription {network.subscription_id}. "
            + " ".join(step.problem for step in steps),
            format_hint("Set {create} to true, or run:\n{commands}", commands=_lines(steps)),
            commands=_commands(steps),
        )


class IneffectiveAccessError(AtlasError):
    """Access was granted, but Azure does not show it yet."""


def ensure(client: AzureClient, desired: Desired, create: bool, check_mode: bool) -> dict[str, Any]:
    """Check access, and grant what is missing if asked to. Return the result of the module.

    Raises:
        MissingAccessError: Access is missing and not to be granted.
        PlanError: The virtual network does not exist, or the service principal is disabled.
    """
    before = _begin(client, desired)
    steps = plan(desired, before)
    if steps and not create:
        raise MissingAccessError(desired, steps)
    after = _predicted(desired, before, steps)
    done: list[Step] = []
    if steps and not check_mode:
        try:
            _grant(client, desired, before, steps, done)
            after = _await_effect(client, desired, before)
        except AtlasError as error:
            return {"failed": True, **error.as_result(), "changed": bool(done) or error.outcome_unknown}
    return {"changed": bool(steps), **_result(desired, before, after)}


def revoke(client: AzureClient, desired: Desired, check_mode: bool) -> dict[str, Any]:
    """Delete the assignment of the desired role, and the role itself if it can be assigned nowhere else."""
    prefixes = client.address_prefixes(desired.network)
    if prefixes is None:
        nothing = Existing(())
        return {"changed": False, **_result(desired, nothing, nothing)}
    before, role = _look(client, desired, prefixes), client.role_named(desired.network, desired.role_name)
    own = before.own_assignments(desired)
    deletions: list[Callable[[], None]] = [partial(client.delete_assignment, one) for one in own]
    if role and role.is_only_for(desired.network):
        deletions.append(partial(client.delete_role, role))
    for number, delete in enumerate(deletions if not check_mode else ()):
        try:
            delete()
        except AtlasError as error:
            return {"failed": True, **error.as_result(), "changed": number > 0 or error.outcome_unknown}
    after = replace(before, assignments=tuple(one for one in before.assignments if one not in own))
    return {"changed": bool(deletions), **_result(desired, before, after)}


def _begin(client: AzureClient, desired: Desired) -> Existing:
    """Return what exists. The role of the desired name is looked for if something is missing.

    Raises:
        PlanError: The virtual network does not exist, or the service principal is disabled.
    """
    network = desired.network
    prefixes = client.address_prefixes(network)
    if prefixes is None:
        raise PlanError(
            f"Subscription {network.subscription_id} has no virtual network {network.name} in resource group "
            f"{network.resource_group}.",
            format_hint("Check {subscription_id}, {resource_group} and {virtual_network}."),
        )
    existing = _look(client, desired, prefixes)
    if existing.principal and not existing.principal.is_enabled:
        application = desired.application_id
        raise PlanError(
            f"The service principal of application {application} is disabled, so nobody can act as it.",
            f"Enable it: az ad sp update --id {application} --set accountEnabled=true",
        )
    overlaps = existing.overlaps(desired)
    if overlaps:
        raise PlanError(" ".join(overlaps), "Peered networks cannot overlap: choose another block for that of Atlas.")
    if existing.missing_actions:
        existing = replace(existing, role=client.role_named(network, desired.role_name))
    return existing


def _look(client: AzureClient, desired: Desired, prefixes: tuple[str, ...]) -> Existing:
    """Return the service principal and what is assigned to it."""
    if desired.principal_id:
        principal: Principal | None = Principal(desired.principal_id)
    else:
        principal = client.principal(desired.application_id)
    assignments = client.assignments(desired.network, principal.id) if principal else ()
    return Existing(prefixes, principal, assignments)


def _predicted(desired: Desired, before: Existing, steps: Sequence[Step]) -> Existing:
    """Return what will exist after some steps, without the IDs that are not known yet."""
    if not steps:
        return before
    role = wanted_role(desired, before.role)
    granted = Assignment("", str(before.principal_id), desired.network.scope, role)
    others = tuple(one for one in before.assignments if one.role.guid != role.guid)
    return replace(before, role=role, assignments=(*others, granted))


def _grant(client: AzureClient, desired: Desired, existing: Existing, steps: Sequence[Step], done: list[Step]) -> None:
    """Take some steps, and note each that is done."""
    for number, step in enumerate(steps):
        try:
            existing = _DO[step.kind](client, desired, existing)
        except AzureApiError as error:
            if not error.is_forbidden:
                raise
            rest = steps[number:]
            raise error.copy(
                hint=f"{error.hint} Whoever has it can run:\n{_lines(rest)}",
                details={**error.details, "commands": _commands(rest)},
            ) from None
        done.append(step)


def _create_principal(client: AzureClient, desired: Desired, existing: Existing) -> Existing:
    return replace(existing, principal=Principal(client.create_principal(desired.application_id)))


def _define_role(client: AzureClient, desired: Desired, existing: Existing) -> Existing:
    role = wanted_role(desired, existing.role, guid(desired.network.scope, desired.role_name))
    return replace(existing, role=client.put_role(role, desired.description))


def _assign_role(client: AzureClient, desired: Desired, existing: Existing) -> Existing:
    if existing.principal and existing.role:  # the steps before this one see to it
        client.put_assignment(desired, existing.principal.id, existing.role)
    return existing


_DO: dict[str, Callable[[AzureClient, Desired, Existing], Existing]] = {
    PRINCIPAL: _create_principal,
    ROLE: _define_role,
    ASSIGNMENT: _assign_role,
}


def _await_effect(client: AzureClient, desired: Desired, before: Existing) -> Existing:
    """Wait until Azure shows that nothing is missing, and return what exists then.

    Raises:
        IneffectiveAccessError: It does not within the timeout.
    """
    end, pauses = time.monotonic() + client.wait_timeout, Pauses()
    while True:
        existing = _look(client, desired, before.address_prefixes)
        if not existing.missing_actions:
            return existing
        if not pauses.pause_until(end):
            raise IneffectiveAccessError(
                f"{desired.who} was granted access to virtual network {desired.network}, but Azure does not show it "
                f"within {client.wait_timeout:g} seconds.",
                format_hint("Run the task again, or raise {wait_timeout}."),
            )


def _commands(steps: Sequence[Step]) -> list[str]:
    return [step.command for step in steps]


def _lines(steps: Sequence[Step]) -> str:
    return "\n".join(_commands(steps))


def _result(desired: Desired, before: Existing, after: Existing) -> dict[str, Any]:
    old, new = before.as_record(desired), after.as_record(desired)
    return {"access": new, "diff": {"before": old, "after": new}}
