# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the stub, and what each request does to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from . import associations, credential_types, rules, surveys
from .errors import ApiError, bad_request
from .fields import Json, writable_fields
from .json_types import is_json_type
from .resources import RESOURCES

ROOT = "/api/v2/"
UNIFIED = "unified_job_templates"


class Store:
    """All objects of one stub.

    Args:
        playbooks: The playbooks of every project after its first update, such as ["peer.yml"].
    """

    def __init__(self, playbooks: Iterable[str]) -> None:
        self.playbooks = tuple(playbooks)
        self._objects: dict[str, dict[int, Json]] = {name: {} for name in RESOURCES}
        self._lists: dict[tuple[int, str], list[int]] = {}
        self._surveys: dict[int, Json] = {}
        self._last_id = 0
        self._updates: dict[int, Json] = {}
        #: IDs that lists omit because the user may not see them; their names are taken nevertheless.
        self.hidden_ids: set[int] = set()

    def get(self, name: str, number: int) -> Json:
        """Return an object as it is stored. Raises ApiError if it does not exist."""
        found = self._all(name).get(number)
        if found is None:
            raise ApiError(404, {"detail": "Not found."})
        return found

    def find(self, of: str, /, **wanted: Any) -> list[Json]:
        return [one for one in self._all(of).values() if all(one.get(key) == value for key, value in wanted.items())]

    def search(self, name: str, filters: Mapping[str, str]) -> list[Json]:
        """Return the objects that match a list's filters. Raises ApiError for an unknown field."""
        exact = {key: value for key, value in filters.items() if not key.startswith("or__")}
        either = {key[4:]: value for key, value in filters.items() if key.startswith("or__")}
        known = {"id", "type", "organization"} | (set(RESOURCES[name].fields) if name in RESOURCES else {"name"})
        if not set(exact) | set(either) <= known:
            unknown = sorted({*exact, *either} - known)[0]
            raise ApiError(400, {"detail": f"{name} has no field named '{unknown}'"})
        return [
            one
            for one in self._all(name).values()
            if one["id"] not in self.hidden_ids
            if name != UNIFIED or one["type"] != "workflow_approval_template"
            if all(str(one.get(key)) == value for key, value in exact.items())
            and (not either or any(str(one.get(key)) == value for key, value in either.items()))
        ]

    def attached(self, owner: Json, relation: str) -> list[int]:
        return self._lists.setdefault((owner["id"], relation), [])

    def create(self, name: str, body: Json) -> Json:
        resource = RESOURCES[name]
        values = {key: deepcopy(field.default) for key, field in resource.fields.items()}
        values.update(writable_fields(resource, body, None))
        made = {"type": resource.kind, **resource.read_only, **values}
        self._validate(name, rules.Change(self, made, None, frozenset(values)))
        self._last_id += 1
        made.update(id=self._last_id, url=f"{ROOT}{name}/{self._last_id}/")
        self._objects[name][self._last_id] = made
        if name == "projects":
            self._update_project(made)
        return made

    def add_managed_type(self, name: str, kind: str, *fields: str) -> None:
        """Add a credential type that ships with AWX, of a kind that users cannot create."""
        inputs = {"fields": [{"id": one, "label": one, "type": "string"} for one in fields]}
        made = self.create("credential_types", {"name": name, "kind": "cloud", "inputs": inputs})
        made.update(kind=kind, managed=True)

    def change(self, name: str, number: int, body: Json) -> Json:
        old = self.get(name, number)
        written = writable_fields(RESOURCES[name], body, old)
        new = deepcopy({**old, **written})
        self._validate(name, rules.Change(self, new, old, frozenset(written)))
        self._objects[name][number] = new
        return new

    def delete(self, name: str, number: int) -> None:
        self.get(name, number)
        del self._objects[name][number]

    def attach(self, name: str, number: int, relation: str, body: Json) -> None:
        """Associate or disassociate one object. Raises ApiError."""
        owner = self.get(name, number)
        numbers = self.attached(owner, relation)
        if set(body) - {"id", "disassociate"} or not is_json_type(body.get("id"), int):
            raise bad_request(msg='"id" field must be an integer.')
        if body.get("disassociate"):
            if body["id"] in numbers:
                numbers.remove(body["id"])
            return
        other = self.get((RESOURCES[name].lists or {})[relation], body["id"])
        associations.check(self, name, owner, relation, other)
        if body["id"] not in numbers:
            numbers.append(body["id"])

    def survey(self, number: int) -> Json:
        return self._surveys.get(number, {})

    def set_survey(self, name: str, number: int, spec: Json | None) -> None:
        """Replace a survey, or remove it with None. Raises ApiError."""
        template = self.get(name, number)
        for problem in surveys.problems(spec) if spec is not None else ():
            raise ApiError(400, {"error": problem})
        self._surveys[number] = template["survey_spec"] = spec or {}

    def create_approval(self, number: int, body: Json) -> Json:
        """Create an approval and set it as the node's template."""
        node = self.get("workflow_job_template_nodes", number)
        approval = self.create("workflow_approval_templates", body)
        node["unified_job_template"] = approval["id"]
        return approval

    def project_update(self, number: int) -> Json:
        """Return the update of a project; the first request for it completes it."""
        update = self._updates[number]
        project = self.get("projects", update["project"])
        project["status"], project["current_update"] = "successful", None
        update.update(status="successful", finished="2026-01-01T00:00:00Z")
        return update

    def serialize(self, one: Json) -> Json:
        """Return an object as a response shows it, without secrets."""
        shown = deepcopy(one)
        related = {relation: f"{one['url']}{relation}/" for relation in RESOURCES[_name(one)].lists or ()}
        if one["type"] in ("job_template", "workflow_job_template"):
            shown.pop("survey_spec", None)
            related["survey_spec"] = f"{one['url']}survey_spec/"
        if one["type"] == "credential":
            secrets = credential_types.secret_ids(self.get("credential_types", one["credential_type"])["inputs"])
            shown["inputs"].update(
                {name: credential_types.HIDDEN for name, value in one["inputs"].items() if name in secrets and value}
            )
        if one.get("unified_job_template"):
            related["unified_job_template"] = self.get(UNIFIED, one["unified_job_template"])["url"]
        update = shown.pop("current_update", None)
        summary = {"current_update": {"id": update}} if update else {}
        return {**shown, "related": related, "summary_fields": summary}

    def _all(self, name: str) -> dict[int, Json]:
        if name != UNIFIED:
            return self._objects.get(name, {})
        return {
            number: one
            for of, objects in self._objects.items()
            for number, one in objects.items()
            if RESOURCES[of].launchable or of == "workflow_approval_templates"
        }

    def _validate(self, name: str, change: rules.Change) -> None:
        """Check an object as a whole: its references, the rules of its resource, its uniqueness."""
        new = change.new
        for key, field in RESOURCES[name].fields.items():
            if field.kind == "id" and new[key] is not None and new[key] not in self._all(field.target):
                raise bad_request(**{key: f'Invalid pk "{new[key]}" - object does not exist.'})
        if name in rules.RULES:
            rules.RULES[name](change)
        unique = {key: new.get(key) for key in RESOURCES[name].unique}
        # for a database, two nulls differ
        compared = unique if RESOURCES[name].launchable or None not in unique.values() else {}
        if compared and any(one is not change.old for one in self.find(name, **compared)):
            raise RESOURCES[name].conflict()

    def _update_project(self, project: Json) -> None:
        """Start the update that AWX starts for each new project with a repository."""
        project["scm_revision"], project["status"] = "", "never updated"
        if project["scm_type"]:
            self._last_id += 1
            self._updates[self._last_id] = {"id": self._last_id, "project": project["id"], "status": "running"}
            project["status"], project["current_update"] = "running", self._last_id


def _name(one: Json) -> str:
    return str(one["url"]).removeprefix(ROOT).partition("/")[0]
