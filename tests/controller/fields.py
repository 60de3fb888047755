# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of each resource, as AWX documents them under /api/v2/, and the check of one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import Refused, bad
from .kinds import is_of

Json = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One writable field.

    Attributes:
        kind: Its type, or "id" for the number of another resource.
        default: What it is without being set; an id's is null.
        required: It must be given when the resource is created.
        fixed: It cannot be changed afterwards.
        of: Of an id: the resource that it is the number of.
        choices: All valid values, where there is a choice.
        longest: How long a text may be.
        least: The smallest number.
        null: null is a value of its own; in any other text it means an empty one.
    """

    kind: type | str = str
    default: Any = ""
    required: bool = False
    fixed: bool = False
    of: str = ""
    choices: tuple[str, ...] = ()
    longest: int = 0
    least: int = 0
    null: bool = False

    def check(self, name: str, value: Any) -> Any:
        """Return the value as it is stored. Raises Refused."""
        if value is None:
            if self.kind == "id" or self.null:
                return None
            if self.kind is str and not self.required:
                return ""
            raise bad(**{name: "This field may not be null."})
        if not is_of(value, int if self.kind == "id" else self.kind):
            raise bad(**{name: f"Not a valid value: {type(value).__name__}."})
        self._check_range(name, value)
        return value

    def _check_range(self, name: str, value: Any) -> None:
        if self.choices and value not in self.choices:
            raise bad(**{name: f'"{value}" is not a valid choice.'})
        if self.required and value == "":
            raise bad(**{name: "This field may not be blank."})
        if self.longest and len(value) > self.longest:
            raise bad(**{name: f"Ensure this field has no more than {self.longest} characters."})
        if self.kind is int and value < self.least:
            raise bad(**{name: f"Ensure this value is greater than or equal to {self.least}."})


def link(of: str, required: bool = False, fixed: bool = False) -> Field:
    return Field("id", None, required, fixed, of)


NAME = Field(required=True, longest=512)
TEXT = Field()
FLAG = Field(bool, False)
NUMBER = Field(int, 0)
DATA = Field(dict, {})
NULLABLE = Field(default=None, null=True)
NOTIFICATIONS = tuple(f"notification_templates_{event}" for event in ("started", "success", "error"))


@dataclass(frozen=True)
class Resource:
    """One kind of resource.

    Attributes:
        kind: The "type" of its objects.
        fields: What can be written.
        unique: The fields that tell two of them apart, in the order in which AWX names them.
        lists: The lists of others that can be attached: name -> resource.
        read_only: Fields that AWX shows but does not take; awx.awx sends some of them all the same.
        runs: It can be run by a schedule or a workflow: a "unified job template".
    """

    kind: str
    fields: Mapping[str, Field]
    unique: tuple[str, ...] = ("name",)
    lists: Mapping[str, str] | None = None
    read_only: Mapping[str, Any] = field(default_factory=dict)
    runs: bool = False

    def taken(self) -> Refused:
        """Return what AWX answers where another object has these values.

        Django's database, or for what runs validate_unique of PrimordialModel in awx/main/models/base.py.
        """
        name = self.kind.replace("_", " ")
        labels = [one.replace("_", " ").capitalize() for one in self.unique]
        if self.runs:
            model = name.title().replace(" ", "")
            return bad(__all__=f"{model} with this ({', '.join(self.unique)}) combination already exists.")
        which = f"{', '.join(labels[:-1])} and {labels[-1]}" if labels[1:] else labels[0]
        field = "__all__" if labels[1:] else self.unique[0]
        return bad(**{field: f"{name.capitalize()} with this {which} already exists."})


BASE = {"name": NAME, "description": TEXT}
OWNED = {**BASE, "organization": link("organizations")}
NOTIFYING = dict.fromkeys(NOTIFICATIONS, "notification_templates")
PROMPTS = ("scm_branch", "diff_mode", "variables", "limit", "tags", "skip_tags", "job_type", "verbosity", "inventory")
PROMPTS_MORE = ("credential", "execution_environment", "labels", "forks", "job_slice_count", "timeout")
# What a schedule or a node of a workflow may set in place of the template.
PROMPTED = {
    "extra_data": DATA,
    "inventory": link("inventories"),
    "scm_branch": NULLABLE,
    "job_type": NULLABLE,
    "job_tags": NULLABLE,
    "skip_tags": NULLABLE,
    "limit": NULLABLE,
    "diff_mode": Field(bool, None, null=True),
    "verbosity": Field(int, None, null=True),
    "execution_environment": link("execution_environments"),
    "forks": Field(int, None, null=True),
    "job_slice_count": Field(int, None, null=True),
    "timeout": Field(int, None, null=True),
}
PROMPTED_LISTS = {"credentials": "credentials", "labels": "labels", "instance_groups": "instance_groups"}
LINKS = ("success_nodes", "failure_nodes", "always_nodes")

RESOURCES: Mapping[str, Resource] = {
    "organizations": Resource("organization", BASE),
    "instance_groups": Resource("instance_group", {"name": NAME}),
    "credential_types": Resource(
        "credential_type",
        {
            **BASE,
            "kind": Field(required=True, choices=("cloud", "net")),
            "inputs": DATA,
            "injectors": DATA,
        },
        unique=("name", "kind"),
        read_only={"managed": False},
    ),
    "credentials": Resource(
        "credential",
        {
            **OWNED,
            "credential_type": link("credential_types", required=True),
            "inputs": DATA,
        },
        unique=("organization", "name", "credential_type"),
    ),
    "execution_environments": Resource(
        "execution_environment",
        {
            **OWNED,
            "image": Field(required=True, longest=1024),
            "credential": link("credentials"),
            "pull": Field(choices=("", "always", "missing", "never")),
        },
    ),
    "notification_templates": Resource(
        "notification_template",
        {
            **BASE,
            "organization": link("organizations", required=True),
            "notification_type": Field(required=True, choices=("webhook",)),
            "notification_configuration": DATA,
            "messages": Field(dict, dict.fromkeys(("started", "success", "error", "workflow_approval")), null=True),
        },
        unique=("organization", "name"),
    ),
    "projects": Resource(
        "project",
        {
            **OWNED,
            "scm_type": Field(choices=("", "git", "svn", "insights", "archive")),
            "scm_url": Field(longest=1024),
            "scm_branch": Field(longest=256),
            "scm_refspec": Field(longest=1024),
            "scm_clean": FLAG,
            "scm_track_submodules": FLAG,
            "scm_delete_on_update": FLAG,
            "scm_update_on_launch": FLAG,
            "scm_update_cache_timeout": NUMBER,
            "allow_override": FLAG,
            "credential": link("credentials"),
            "timeout": NUMBER,
            "default_environment": link("execution_environments"),
        },
        unique=("name", "organization"),
        lists=NOTIFYING,
        runs=True,
    ),
    "inventories": Resource(
        "inventory",
        {
            **BASE,
            "organization": link("organizations", required=True),
            "kind": Field(choices=("", "smart", "constructed")),
            "host_filter": NULLABLE,
            "variables": TEXT,
            "prevent_instance_group_fallback": FLAG,
        },
        unique=("name", "organization"),
        lists={"instance_groups": "instance_groups"},
    ),
    "inventory_sources": Resource(
        "inventory_source",
        {
            **BASE,
            "inventory": link("inventories", required=True, fixed=True),
            "source": Field(required=True, choices=("scm", "ec2", "gce", "azure_rm")),
            "source_path": Field(longest=1024),
            "source_vars": TEXT,
            "scm_branch": TEXT,
            "credential": link("credentials"),
            "execution_environment": link("execution_environments"),
            "source_project": link("projects"),
            "enabled_var": TEXT,
            "enabled_value": TEXT,
            "host_filter": TEXT,
            "limit": TEXT,
            "overwrite": FLAG,
            "overwrite_vars": FLAG,
            "update_on_launch": FLAG,
            "update_cache_timeout": NUMBER,
            "timeout": NUMBER,
            "verbosity": Field(int, 1),
        },
        unique=("name", "inventory"),
        lists=NOTIFYING,
        runs=True,
    ),
    "job_templates": Resource(
        "job_template",
        {
            **BASE,
            "job_type": Field(default="run", choices=("run", "check")),
            "inventory": link("inventories"),
            "project": link("projects", required=True),
            "playbook": Field(longest=1024),
            "scm_branch": TEXT,
            "forks": NUMBER,
            "limit": TEXT,
            "verbosity": NUMBER,
            "extra_vars": TEXT,
            "job_tags": TEXT,
            "force_handlers": FLAG,
            "skip_tags": TEXT,
            "start_at_task": TEXT,
            "timeout": NUMBER,
            "use_fact_cache": FLAG,
            "execution_environment": link("execution_environments"),
            "host_config_key": TEXT,
            "survey_enabled": FLAG,
            "become_enabled": FLAG,
            "diff_mode": FLAG,
            "allow_simultaneous": FLAG,
            "job_slice_count": Field(int, 1),
            "webhook_service": TEXT,
            "webhook_credential": link("credentials"),
            "prevent_instance_group_fallback": FLAG,
            **{f"ask_{prompt}_on_launch": FLAG for prompt in (*PROMPTS, *PROMPTS_MORE, "instance_groups")},
        },
        unique=("name", "organization"),
        lists={**NOTIFYING, **PROMPTED_LISTS},
        read_only={"organization": None},  # it is the project's
        runs=True,
    ),
    "workflow_job_templates": Resource(
        "workflow_job_template",
        {
            **OWNED,
            "extra_vars": TEXT,
            "survey_enabled": FLAG,
            "allow_simultaneous": FLAG,
            "inventory": link("inventories"),
            "limit": NULLABLE,
            "scm_branch": NULLABLE,
            "job_tags": NULLABLE,
            "skip_tags": NULLABLE,
            "webhook_service": TEXT,
            "webhook_credential": link("credentials"),
            **{
                f"ask_{prompt}_on_launch": FLAG
                for prompt in ("variables", "inventory", "scm_branch", "limit", "labels", "tags", "skip_tags")
            },
        },
        unique=("name", "organization"),
        lists={**NOTIFYING, "notification_templates_approvals": "notification_templates", "labels": "labels"},
        runs=True,
    ),
    "workflow_job_template_nodes": Resource(
        "workflow_job_template_node",
        {
            **PROMPTED,
            "workflow_job_template": link("workflow_job_templates", required=True, fixed=True),
            "unified_job_template": link("unified_job_templates"),
            "all_parents_must_converge": FLAG,
            "identifier": Field(required=True, longest=512),
        },
        unique=("identifier", "workflow_job_template"),
        lists={**dict.fromkeys(LINKS, "workflow_job_template_nodes"), **PROMPTED_LISTS},
        read_only={"type": "workflow_job_template_node"},
    ),
    # Made through a node, never listed among the unified job templates.
    "workflow_approval_templates": Resource("workflow_approval_template", {**BASE, "timeout": NUMBER}, unique=()),
    "schedules": Resource(
        "schedule",
        {
            **BASE,
            **PROMPTED,
            "unified_job_template": link("unified_job_templates", required=True),
            "enabled": Field(bool, True),
            "rrule": Field(required=True),
        },
        unique=("unified_job_template", "name"),
        lists=PROMPTED_LISTS,
    ),
}


def checked(resource: Resource, body: Json, existing: Json | None) -> Json:
    """Return what a POST (nothing exists) or a PATCH writes. Raises Refused.

    AWX passes over unknown fields; here they are refused, because they would never take effect.
    """
    written = {name: value for name, value in body.items() if name not in resource.read_only}
    if existing is not None:
        fixed = {name for name in written if name in resource.fields and resource.fields[name].fixed}
        written = {name: value for name, value in written.items() if name not in fixed}
    unknown = set(written) - set(resource.fields)
    if unknown:
        raise bad(**dict.fromkeys(sorted(unknown), f"{resource.kind} has no such field."))
    missing = [name for name, one in resource.fields.items() if one.required and name not in body]
    if existing is None and missing:
        raise bad(**dict.fromkeys(missing, "This field is required."))
    return {name: resource.fields[name].check(name, value) for name, value in written.items()}
