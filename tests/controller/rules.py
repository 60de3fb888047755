# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX checks beyond single fields, and what a change sets off."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import credential_types
from .errors import Refused, bad
from .fields import LINKS, Json

if TYPE_CHECKING:
    from .store import Store

#: The parameters of a webhook with their defaults; None: it must be given.
WEBHOOK: Mapping[str, Any] = {
    "url": None,
    "headers": None,
    "http_method": "POST",
    "disable_ssl_verification": False,
    "username": "",
    "password": "",
}
DTSTART = re.compile(r"DTSTART(;TZID=[\w/+-]+:\d{8}T\d{6}|:\d{8}T\d{6}Z)")
RRULE = re.compile(r"RRULE:([A-Z]+=[\w,+-]+)(;[A-Z]+=[\w,+-]+)*")


def credential_type(store: Store, new: Json, old: Json | None) -> None:
    if old and old["inputs"] != new["inputs"] and store.find("credentials", credential_type=old["id"]):
        raise Refused(403, {"detail": "Modifications to inputs are not allowed for credential types that are in use"})
    for field in new["inputs"].get("fields", []):
        field.setdefault("type", "string")
    for problem in credential_types.problems(new["inputs"], new["injectors"]):
        raise bad(inputs=problem)


def credential(store: Store, new: Json, old: Json | None) -> None:
    """Check the inputs against the type; what is not changed keeps its stored value."""
    if new["organization"] is None:
        raise bad(detail="Missing 'user', 'team', or 'organization'.")
    inputs = store.get("credential_types", new["credential_type"])["inputs"]
    if old is not None:
        kept = {name: old["inputs"].get(name) for name, value in new["inputs"].items() if value == "$encrypted$"}
        new["inputs"] = {**new["inputs"], **kept}
    for problem in credential_types.input_problems(inputs, new["inputs"]):
        raise bad(inputs=problem)


def notification_template(store: Store, new: Json, old: Json | None) -> None:
    configuration = new["notification_configuration"]
    missing = [name for name, default in WEBHOOK.items() if default is None and name not in configuration]
    unknown = sorted(set(configuration) - set(WEBHOOK))
    if missing or unknown:
        raise bad(__all__=f"Missing or unknown fields for Notification Configuration: {missing + unknown}.")
    if urlsplit(configuration["url"]).scheme not in ("http", "https") or not isinstance(configuration["headers"], dict):
        raise bad(__all__="Configuration field 'url' or 'headers' incorrect type.")
    new["notification_configuration"] = {**WEBHOOK, **configuration}


def project(store: Store, new: Json, old: Json | None) -> None:
    if new["scm_type"] and not new["scm_url"]:
        raise bad(scm_url="SCM URL is required.")


def inventory_source(store: Store, new: Json, old: Json | None) -> None:
    if new["source"] == "scm" and new["source_project"] is None:
        raise bad(source_project="Project required for scm type sources.")


def job_template(store: Store, new: Json, old: Json | None) -> None:
    project = store.get("projects", new["project"])
    new["organization"] = project["organization"]
    if new["inventory"] is None and not new["ask_inventory_on_launch"]:
        raise bad(inventory="You must either set a default value or ask to prompt on launch.")
    if new["playbook"] not in (store.playbooks if project["status"] == "successful" else ()):
        raise bad(playbook="Playbook not found for project.")


def schedule(store: Store, new: Json, old: Json | None) -> None:
    """Hold the rule against AWX's subset, and what it answers against what the template asks."""
    start, *rules = new["rrule"].split(" ")
    if not DTSTART.fullmatch(start):
        raise bad(rrule="Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ")
    if not rules or not all(RRULE.fullmatch(rule) for rule in rules):
        raise bad(rrule="One or more rule required in rrule.")
    if any(";INTERVAL=" not in rule or "FREQ=SECONDLY" in rule for rule in rules):
        raise bad(rrule="INTERVAL required in rrule")
    template = store.get("unified_job_templates", new["unified_job_template"])
    asked = {question["variable"]: question for question in template.get("survey_spec", {}).get("spec", [])}
    if not template.get("ask_variables_on_launch") and set(new["extra_data"]) - set(asked):
        raise bad(extra_data="Variables are not allowed on launch.")
    missing = [
        name for name, question in asked.items() if question["required"] and question.get("default") in ("", None)
    ]
    if set(missing) - set(new["extra_data"]):
        raise bad(extra_data=f"{missing} value missing")


def node(store: Store, new: Json, old: Json | None) -> None:
    if new["unified_job_template"] is not None:
        store.get("unified_job_templates", new["unified_job_template"])


RULES: Mapping[str, Callable[[Any, Json, Json | None], None]] = {
    "credential_types": credential_type,
    "credentials": credential,
    "notification_templates": notification_template,
    "projects": project,
    "inventory_sources": inventory_source,
    "job_templates": job_template,
    "schedules": schedule,
    "workflow_job_template_nodes": node,
}


def attach(store: Store, name: str, owner: Json, relation: str, other: Json) -> None:
    """Refuse what AWX lets nobody attach."""
    if relation == "credentials":
        attached = [store.get("credentials", number) for number in store.attached(owner, relation)]
        if any(one["credential_type"] == other["credential_type"] for one in attached):
            raise bad(error="Cannot assign multiple credentials of the same type.")
    if relation in LINKS:
        elsewhere = [number for one in LINKS if one != relation for number in store.attached(owner, one)]
        if other["id"] in elsewhere:
            raise Refused(400, {"Error": "Relationship not allowed."})
        if _leads_to(store, other["id"], owner["id"]):
            raise Refused(400, {"Error": "Cycle detected."})


def _leads_to(store: Store, start: int, goal: int) -> bool:
    if start == goal:
        return True
    node = store.get("workflow_job_template_nodes", start)
    return any(_leads_to(store, number, goal) for relation in LINKS for number in store.attached(node, relation))
