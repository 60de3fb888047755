# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's rules for associating one object with another: is_valid_relation in awx/api/views/__init__.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import ApiError
from .fields import Json
from .resources import LINKS

if TYPE_CHECKING:
    from .store import Store


def check(store: Store, name: str, owner: Json, relation: str, other: Json) -> None:
    """Check whether one object may be added to a list of another. Raises ApiError."""
    if relation == "credentials":
        if name != "job_templates":
            _attach_prompted_credential(store, owner)
        _attach_credential(store, owner, other)
    if relation in LINKS:
        _attach_node(store, owner, relation, other)


def _attach_credential(store: Store, owner: Json, other: Json) -> None:
    """JobTemplateCredentialsList.is_valid_relation."""
    kind = store.get("credential_types", other["credential_type"])
    attached = [store.get("credentials", number) for number in store.attached(owner, "credentials")]
    if any(one["credential_type"] == other["credential_type"] for one in attached):
        raise ApiError(400, {"error": f"Cannot assign multiple {kind['name']} credentials."})
    if kind["kind"] not in ("ssh", "vault", "cloud", "net", "kubernetes"):
        raise ApiError(400, {"error": f"Cannot assign a Credential of kind `{kind['kind']}`."})


def _attach_prompted_credential(store: Store, owner: Json) -> None:
    """LaunchConfigCredentialsBase.is_valid_relation."""
    if owner["unified_job_template"] is None:
        raise ApiError(400, {"msg": "Cannot assign credential when related template is null."})
    if not store.get("unified_job_templates", owner["unified_job_template"]).get("ask_credential_on_launch"):
        raise ApiError(400, {"msg": "Related template is not configured to accept credentials on launch."})


def _attach_node(store: Store, owner: Json, relation: str, other: Json) -> None:
    """WorkflowJobTemplateNodeChildrenBaseList.is_valid_relation."""
    elsewhere = [number for one in LINKS if one != relation for number in store.attached(owner, one)]
    if other["id"] in elsewhere:
        raise ApiError(400, {"Error": "Relationship not allowed."})
    if _leads_to(store, other["id"], owner["id"]):
        raise ApiError(400, {"Error": "Cycle detected."})


def _leads_to(store: Store, start: int, goal: int) -> bool:
    if start == goal:
        return True
    node = store.get("workflow_job_template_nodes", start)
    return any(_leads_to(store, number, goal) for relation in LINKS for number in store.attached(node, relation))
