# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's checks beyond single fields. Each rule names the code in AWX 24.6.1 that it reproduces.

Serializers are those of awx/api/serializers.py, views those of awx/api/views/__init__.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import credential_types, launch_config, recurrence
from .errors import ApiError, bad_request
from .fields import Json
from .json_types import is_json_type
from .resources import PROMPTED

if TYPE_CHECKING:
    from .store import Store

#: Type and default of a webhook's parameters; None if the parameter is required: WebhookBackend.init_parameters in
#: awx/main/notifications/webhook_backend.py.
WEBHOOK: Mapping[str, tuple[type, str, Any]] = {
    "url": (str, "string", None),
    "http_method": (str, "string", "POST"),
    "disable_ssl_verification": (bool, "bool", False),
    "username": (str, "string", ""),
    "password": (str, "password", ""),
    "headers": (dict, "object", None),
}


@dataclass(frozen=True)
class Change:
    """An object that is about to be created or changed.

    Attributes:
        store: All existing objects.
        new: The object after the change; rules may complete it.
        old: The object before the change, or None if it is created.
        written: The names of the fields in the request; for a new object, of all fields.
    """

    store: Store
    new: Json
    old: Json | None
    written: frozenset[str]


def credential_type(change: Change) -> None:
    """CredentialTypeSerializer.validate; CredentialTypeInputField and CredentialTypeInjectorField (main/fields.py)."""
    new, old = change.new, change.old
    if old and old["managed"]:
        raise ApiError(403, {"detail": "Modifications not allowed for managed credential types"})
    for field in new["inputs"].get("fields", []):
        field.setdefault("type", "string")
    if old and old["inputs"] != new["inputs"] and change.store.find("credentials", credential_type=old["id"]):
        raise ApiError(403, {"detail": "Modifications to inputs are not allowed for credential types that are in use"})
    for problem in credential_types.problems(new["inputs"], new["injectors"]):
        raise bad_request(inputs=problem)


def credential(change: Change) -> None:
    """CredentialSerializerCreate.validate; CredentialInputField.validate (main/fields.py).

    A secret that is sent back as $encrypted$ keeps its stored value.
    """
    new, old = change.new, change.old
    if old is None and new["organization"] is None:
        raise bad_request(detail="Missing 'user', 'team', or 'organization'.")
    inputs = change.store.get("credential_types", new["credential_type"])["inputs"]
    shown = [name for name, value in new["inputs"].items() if value == credential_types.HIDDEN]
    if old is None and shown:
        raise bad_request(inputs=f"$encrypted$ is a reserved keyword, and cannot be used for {shown[0]}.")
    if old is not None:
        new["inputs"] = {**new["inputs"], **{name: old["inputs"].get(name) for name in shown}}
    errors = credential_types.input_errors(inputs, new["inputs"])
    if errors:
        raise ApiError(400, {"inputs": errors})


def execution_environment(change: Change) -> None:
    """ExecutionEnvironmentSerializer.validate."""
    organization = change.new["organization"]
    if change.old and organization is not None and organization != change.old["organization"]:
        raise bad_request(organization="Cannot change the organization of an execution environment")


def notification_template(change: Change) -> None:
    """NotificationTemplateSerializer.validate; AWX keeps unknown parameters; here they are an error."""
    configuration = change.new["notification_configuration"]
    problems = list(_webhook_problems(configuration)) if "notification_configuration" in change.written else []
    if problems:
        raise bad_request(__all__=problems)


def _webhook_problems(configuration: Json) -> Iterator[str]:
    for name, (_kind, _label, default) in WEBHOOK.items():
        if default is not None:
            configuration.setdefault(name, default)
    missing = [name for name in WEBHOOK if name not in configuration]
    wrong = [
        name for name in WEBHOOK if name not in missing and not is_json_type(configuration[name], WEBHOOK[name][0])
    ]
    if "http_method" not in wrong and configuration["http_method"].lower() not in ("put", "post"):
        yield "HTTP method must be either 'POST' or 'PUT'."
    if missing:
        yield f"Missing required fields for Notification Configuration: {missing}."
    for name in wrong:
        yield f"Configuration field '{name}' incorrect type, expected {WEBHOOK[name][1]}."
    unknown = sorted(set(configuration) - set(WEBHOOK))
    if unknown:
        yield f"No such fields in a Notification Configuration: {unknown}."


def project(change: Change) -> None:
    """ProjectOptions.clean_scm_url and clean_credential (models/projects.py); ProjectSerializer.validate."""
    new = change.new
    if not new["scm_type"]:
        for name in ("scm_update_on_launch", "scm_delete_on_update", "scm_track_submodules", "scm_clean"):
            if new[name]:
                raise bad_request(**{name: "Update options must be set to false for manual projects."})
        return
    if not any(urlsplit(new["scm_url"])):
        raise bad_request(scm_url="SCM URL is required.")
    if new["credential"] is not None and _kind_of(change.store, new["credential"]) != "scm":
        raise bad_request(credential="Credential kind must be 'scm'.")


def _kind_of(store: Store, credential: int) -> str:
    return str(store.get("credential_types", store.get("credentials", credential)["credential_type"])["kind"])


def inventory(change: Change) -> None:
    """InventorySerializer.validate."""
    if change.new["kind"] == "smart" and not change.new["host_filter"]:
        raise bad_request(host_filter="Smart inventories must specify host_filter")


def inventory_source(change: Change) -> None:
    """InventorySourceSerializer.validate, validate_inventory and validate_source_project."""
    new, store = change.new, change.store
    if store.get("inventories", new["inventory"])["kind"]:
        raise bad_request(detail="Cannot create Inventory Source for Smart or Constructed Inventories")
    if new["source"] != "scm":
        redundant = [name for name in ("source_project", "source_path", "scm_branch") if new[name]]
        if redundant:
            raise bad_request(detail=f"Cannot set {' '.join(redundant)} if not SCM type.")
        return
    if new["source_project"] is None:
        raise bad_request(source_project="Project required for scm type sources.")
    project = store.get("projects", new["source_project"])
    if not project["scm_type"]:
        raise bad_request(source_project="Cannot use manual project for SCM-based inventory.")
    if new["scm_branch"] and not project["allow_override"]:
        raise bad_request(scm_branch="Project does not allow overriding branch.")


def job_template(change: Change) -> None:
    """JobTemplateSerializer.validate, JobOptionsSerializer.validate; the organization is the project's."""
    new = change.new
    project = change.store.get("projects", new["project"])
    new["organization"] = project["organization"]
    if new["inventory"] is None and not new["ask_inventory_on_launch"]:
        raise bad_request(inventory="You must either set a default value or ask to prompt on launch.")
    if not new["playbook"]:
        raise bad_request(playbook="Must select playbook for project.")
    if new["playbook"] not in (change.store.playbooks if project["status"] == "successful" else ()):
        raise bad_request(playbook="Playbook not found for project.")
    for name in ("scm_branch", "ask_scm_branch_on_launch"):
        if new[name] and not project["allow_override"]:
            raise bad_request(**{name: "Project does not allow overriding branch."})


def schedule(change: Change) -> None:
    """ScheduleSerializer: validate_rrule, validate_unified_job_template, and the launch configuration."""
    new = change.new
    problems = list(recurrence.problems(new["rrule"]))
    if problems:
        raise bad_request(rrule=problems)
    template = change.store.get("unified_job_templates", new["unified_job_template"])
    if template["type"] == "project" and not template["scm_type"]:
        raise bad_request(unified_job_template="Manual Project cannot have a schedule set.")
    _launch_configuration(change, template, required=True)


def node(change: Change) -> None:
    """WorkflowJobTemplateNodeSerializer; without a template, AWX discards the launch configuration."""
    template = change.new["unified_job_template"]
    if template is None:
        defaults = {name: field.default for name, field in PROMPTED.items()}
        change.new.update({name: (change.old or defaults)[name] for name in PROMPTED})
        return
    _launch_configuration(change, change.store.get("unified_job_templates", template), required=False)


def _launch_configuration(change: Change, template: Json, *, required: bool) -> None:
    """Check only what the request overrides: LaunchConfigurationBaseSerializer.validate."""
    if change.written & set(PROMPTED):
        launch_config.check(template, change.new, required=required)


RULES: Mapping[str, Callable[[Change], None]] = {
    "credential_types": credential_type,
    "credentials": credential,
    "execution_environments": execution_environment,
    "notification_templates": notification_template,
    "projects": project,
    "inventories": inventory,
    "inventory_sources": inventory_source,
    "job_templates": job_template,
    "schedules": schedule,
    "workflow_job_template_nodes": node,
}
