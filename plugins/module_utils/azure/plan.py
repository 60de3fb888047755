# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What an application lacks in order to peer with a virtual network, and how it gets that. Pure, no I/O."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass

from ansible_collections.atlasops.network.plugins.module_utils.azure.access import (
    ACTIONS,
    Desired,
    Existing,
    Role,
    matches,
)

PRINCIPAL, ROLE, ASSIGNMENT = "service principal", "role definition", "role assignment"


@dataclass(frozen=True)
class Step:
    """One thing that is missing.

    Attributes:
        kind: `PRINCIPAL`, `ROLE` or `ASSIGNMENT`.
        problem: What is wrong, one sentence.
        command: The command of Azure's command line that cures it.
    """

    kind: str
    problem: str
    command: str


def plan(desired: Desired, existing: Existing) -> list[Step]:
    """Return what is missing, in the order in which it can be created."""
    missing = existing.missing_actions
    if not missing:
        return []
    application, steps = desired.application_id, []
    if existing.principal is None:
        problem = f"The directory has no service principal of application {application}."
        steps.append(Step(PRINCIPAL, problem, f"az ad sp create --id {application}"))
    steps += _role_steps(desired, existing.role)
    if not existing.own_assignments(desired):
        problem = f"It lacks {', '.join(missing)}." if set(missing) < set(ACTIONS) else "No role allows it to."
        command = f"az role assignment create --assignee {application} --role {shlex.quote(desired.role_name)}"
        steps.append(Step(ASSIGNMENT, problem, f"{command} --scope {shlex.quote(desired.network.scope)}"))
    return steps


def _role_steps(desired: Desired, role: Role | None) -> list[Step]:
    wanted = wanted_role(desired, role)
    if role == wanted:
        return []
    denied = wanted.permissions[0]["notActions"]
    verb, state = ("update", "does not allow enough") if role else ("create", "does not exist")
    definition = {
        **({"Id": wanted.guid} if role else {}),
        "Name": wanted.name,
        "IsCustom": True,
        "Description": desired.description,
        "Actions": wanted.permissions[0]["actions"],
        **({"NotActions": denied} if denied else {}),
        "AssignableScopes": list(wanted.assignable_scopes),
    }
    command = f"az role definition {verb} --role-definition {shlex.quote(json.dumps(definition))}"
    return [Step(ROLE, f"The role {wanted.name} {state}.", command)]


def wanted_role(desired: Desired, role: Role | None, guid: str = "") -> Role:
    """Return the role as it has to be: a new one with an ID, or the existing one with what it lacks."""
    if role is None:
        scope = desired.network.scope
        role_id = f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
        return Role(role_id, desired.role_name, ({"actions": list(ACTIONS), "notActions": []},), (scope,))
    if all(role.allows(action) for action in ACTIONS):
        return role
    actions = [one for permission in role.permissions for one in permission.get("actions") or ()]
    denied = [one for permission in role.permissions for one in permission.get("notActions") or ()]
    permissions = {
        "actions": list(dict.fromkeys([*actions, *ACTIONS])),
        "notActions": [one for one in denied if not any(matches(action, [one]) for action in ACTIONS)],
    }
    return Role(role.id, role.name, (permissions,), role.assignable_scopes)
