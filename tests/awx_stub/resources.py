# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resources of AWX, as it documents them under /api/v2/."""

from __future__ import annotations

from collections.abc import Mapping

from .fields import DATA, FLAG, NAME, NULLABLE, NUMBER, TEXT, Field, Resource, reference

NOTIFICATIONS = tuple(f"notification_templates_{event}" for event in ("started", "success", "error"))
BASE = {"name": NAME, "description": TEXT}
OWNED = {**BASE, "organization": reference("organizations")}
NOTIFYING = dict.fromkeys(NOTIFICATIONS, "notification_templates")
PROMPTS = ("scm_branch", "diff_mode", "variables", "limit", "tags", "skip_tags", "job_type", "verbosity", "inventory")
PROMPTS_MORE = ("credential", "execution_environment", "labels", "forks", "job_slice_count", "timeout")
# Fields of a template that a schedule or a workflow node may override.
PROMPTED = {
    "extra_data": DATA,
    "inventory": reference("inventories"),
    "scm_branch": NULLABLE,
    "job_type": NULLABLE,
    "job_tags": NULLABLE,
    "skip_tags": NULLABLE,
    "limit": NULLABLE,
    "diff_mode": Field(bool, None, nullable=True),
    "verbosity": Field(int, None, nullable=True),
    "execution_environment": reference("execution_environments"),
    "forks": Field(int, None, nullable=True),
    "job_slice_count": Field(int, None, nullable=True),
    "timeout": Field(int, None, nullable=True),
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
            "credential_type": reference("credential_types", required=True),
            "inputs": DATA,
        },
        unique=("organization", "name", "credential_type"),
    ),
    "execution_environments": Resource(
        "execution_environment",
        {
            **OWNED,
            "image": Field(required=True, max_length=1024),
            "credential": reference("credentials"),
            "pull": Field(choices=("", "always", "missing", "never")),
        },
    ),
    "notification_templates": Resource(
        "notification_template",
        {
            **BASE,
            "organization": reference("organizations", required=True),
            "notification_type": Field(required=True, choices=("webhook",)),
            "notification_configuration": DATA,
            "messages": Field(dict, dict.fromkeys(("started", "success", "error", "workflow_approval")), nullable=True),
        },
        unique=("organization", "name"),
    ),
    "projects": Resource(
        "project",
        {
            **OWNED,
            "scm_type": Field(choices=("", "git", "svn", "insights", "archive")),
            "scm_url": Field(max_length=1024),
            "scm_branch": Field(max_length=256),
            "scm_refspec": Field(max_length=1024),
            "scm_clean": FLAG,
            "scm_track_submodules": FLAG,
            "scm_delete_on_update": FLAG,
            "scm_update_on_launch": FLAG,
            "scm_update_cache_timeout": NUMBER,
            "allow_override": FLAG,
            "credential": reference("credentials"),
            "timeout": NUMBER,
            "default_environment": reference("execution_environments"),
        },
        unique=("name", "organization"),
        lists=NOTIFYING,
        launchable=True,
    ),
    "inventories": Resource(
        "inventory",
        {
            **BASE,
            "organization": reference("organizations", required=True),
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
            "inventory": reference("inventories", required=True, immutable=True),
            "source": Field(required=True, choices=("scm", "ec2", "gce", "azure_rm")),
            "source_path": Field(max_length=1024),
            "source_vars": TEXT,
            "scm_branch": TEXT,
            "credential": reference("credentials"),
            "execution_environment": reference("execution_environments"),
            "source_project": reference("projects"),
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
        launchable=True,
    ),
    "job_templates": Resource(
        "job_template",
        {
            **BASE,
            "job_type": Field(default="run", choices=("run", "check")),
            "inventory": reference("inventories"),
            "project": reference("projects", required=True),
            "playbook": Field(max_length=1024),
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
            "execution_environment": reference("execution_environments"),
            "host_config_key": TEXT,
            "survey_enabled": FLAG,
            "become_enabled": FLAG,
            "diff_mode": FLAG,
            "allow_simultaneous": FLAG,
            "job_slice_count": Field(int, 1),
            "webhook_service": TEXT,
            "webhook_credential": reference("credentials"),
            "prevent_instance_group_fallback": FLAG,
            **{f"ask_{prompt}_on_launch": FLAG for prompt in (*PROMPTS, *PROMPTS_MORE, "instance_groups")},
        },
        unique=("name", "organization"),
        lists={**NOTIFYING, **PROMPTED_LISTS},
        read_only={"organization": None},  # the project's
        launchable=True,
    ),
    "workflow_job_templates": Resource(
        "workflow_job_template",
        {
            **OWNED,
            "extra_vars": TEXT,
            "survey_enabled": FLAG,
            "allow_simultaneous": FLAG,
            "inventory": reference("inventories"),
            "limit": NULLABLE,
            "scm_branch": NULLABLE,
            "job_tags": NULLABLE,
            "skip_tags": NULLABLE,
            "webhook_service": TEXT,
            "webhook_credential": reference("credentials"),
            **{
                f"ask_{prompt}_on_launch": FLAG
                for prompt in ("variables", "inventory", "scm_branch", "limit", "labels", "tags", "skip_tags")
            },
        },
        unique=("name", "organization"),
        lists={**NOTIFYING, "notification_templates_approvals": "notification_templates", "labels": "labels"},
        launchable=True,
    ),
    "workflow_job_template_nodes": Resource(
        "workflow_job_template_node",
        {
            **PROMPTED,
            "workflow_job_template": reference("workflow_job_templates", required=True, immutable=True),
            "unified_job_template": reference("unified_job_templates"),
            "all_parents_must_converge": FLAG,
            "identifier": Field(required=True, max_length=512),
        },
        unique=("identifier", "workflow_job_template"),
        lists={**dict.fromkeys(LINKS, "workflow_job_template_nodes"), **PROMPTED_LISTS},
        read_only={"type": "workflow_job_template_node"},
    ),
    # Created through a node; never listed among the unified job templates.
    "workflow_approval_templates": Resource("workflow_approval_template", {**BASE, "timeout": NUMBER}, unique=()),
    "schedules": Resource(
        "schedule",
        {
            **BASE,
            **PROMPTED,
            "unified_job_template": reference("unified_job_templates", required=True),
            "enabled": Field(bool, True),
            "rrule": Field(required=True),
        },
        unique=("unified_job_template", "name"),
        lists=PROMPTED_LISTS,
    ),
}
