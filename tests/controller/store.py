# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the controller, and what each request does with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from . import attaching, credential_types, rules, surveys
from .errors import Refused, bad
from .fields import RESOURCES, Json, checked
from .kinds import is_of

ROOT = "/api/v2/"
UNIFIED = "unified_job_templates"


class Store:
    """Everything that the controller holds.

    Args:
        playbooks: What a project holds once it is updated, as paths within it.
    """

    def __init__(self, playbooks: Iterable[str]) -> None:
        self.playbooks = tuple(playbooks)
        self._objects: dict[str, dict[int, Json]] = {name: {} for name in RESOURCES}
        self._lists: dict[tuple[int, str], list[int]] = {}
        self._surveys: dict[int, Json] = {}
        self._last_id = 0
        self._updates: dict[int, Json] = {}
        #: Ids that lists leave out, since the user may not see them; they take their names all the same.
        self.unseen: set[int] = set()

    def get(self, name: str, number: int) -> Json:
        """Return one object as it is stored. Raises Refused."""
        found = self._all(name).get(number)
        if found is None:
            raise Refused(404, {"detail": "Not found."})
        return found

    def find(self, of: str, /, **wanted: Any) -> list[Json]:
        return [one for one in self._all(of).values() if all(one.get(key) == value for key, value in wanted.items())]

    def search(self, name: str, filters: Mapping[str, str]) -> list[Json]:
        """Return what a list with a query holds. Raises Refused for a filter by no field."""
        exact = {key: value for key, value in filters.items() if not key.startswith("or__")}
        either = {key[4:]: value for key, value in filters.items() if key.startswith("or__")}
        known = {"id", "type", "organization"} | (set(RESOURCES[name].fields) if name in RESOURCES else {"name"})
        if not set(exact) | set(either) <= known:
            unknown = sorted({*exact, *either} - known)[0]
            raise Refused(400, {"detail": f"{name} has no field named '{unknown}'"})
        return [
            one
            for one in self._all(name).values()
            if one["id"] not in self.unseen
            if name != UNIFIED or one["type"] != "workflow_approval_template"
            if all(str(one.get(key)) == value for key, value in exact.items())
            and (not either or any(str(one.get(key)) == value for key, value in either.items()))
        ]

    def attached(self, owner: Json, relation: str) -> list[int]:
        return self._lists.setdefault((owner["id"], relation), [])

    def create(self, name: str, body: Json) -> Json:
        resource = RESOURCES[name]
        values = {key: deepcopy(field.default) for key, field in resource.fields.items()}
        values.update(checked(resource, body, None))
        made = {"type": resource.kind, **resource.read_only, **values}
        self._settle(name, rules.Change(self, made, None, frozenset(values)))
        self._last_id += 1
        made.update(id=self._last_id, url=f"{ROOT}{name}/{self._last_id}/")
        self._objects[name][self._last_id] = made
        if name == "projects":
            self._update_project(made)
        return made

    def add_managed_type(self, name: str, kind: str, *fields: str) -> None:
        """Add a credential type that AWX brings along, of a kind that nobody else can make."""
        inputs = {"fields": [{"id": one, "label": one, "type": "string"} for one in fields]}
        made = self.create("credential_types", {"name": name, "kind": "cloud", "inputs": inputs})
        made.update(kind=kind, managed=True)

    def change(self, name: str, number: int, body: Json) -> Json:
        old = self.get(name, number)
        written = checked(RESOURCES[name], body, old)
        new = deepcopy({**old, **written})
        self._settle(name, rules.Change(self, new, old, frozenset(written)))
        self._objects[name][number] = new
        return new

    def delete(self, name: str, number: int) -> None:
        self.get(name, number)
        del self._objects[name][number]

    def attach(self, name: str, number: int, relation: str, body: Json) -> None:
        """Attach or detach one object. Raises Refused."""
        owner = self.get(name, number)
        numbers = self.attached(owner, relation)
        if set(body) - {"id", "disassociate"} or not is_of(body.get("id"), int):
            raise bad(msg='"id" field must be an integer.')
        if body.get("disassociate"):
            if body["id"] in numbers:
                numbers.remove(body["id"])
            return
        other = self.get((RESOURCES[name].lists or {})[relation], body["id"])
        attaching.check(self, name, owner, relation, other)
        if body["id"] not in numbers:
            numbers.append(body["id"])

    def survey(self, number: int) -> Json:
        return self._surveys.get(number, {})

    def set_survey(self, name: str, number: int, spec: Json | None) -> None:
        """Replace a survey, or remove it with None. Raises Refused."""
        template = self.get(name, number)
        for problem in surveys.problems(spec) if spec is not None else ():
            raise Refused(400, {"error": problem})
        self._surveys[number] = template["survey_spec"] = spec or {}

    def create_approval(self, number: int, body: Json) -> Json:
        """Make an approval and let the node lead to it."""
        node = self.get("workflow_job_template_nodes", number)
        approval = self.create("workflow_approval_templates", body)
        node["unified_job_template"] = approval["id"]
        return approval

    def project_update(self, number: int) -> Json:
        """Return how far the update of a project is; each look brings it to its end."""
        update = self._updates[number]
        project = self.get("projects", update["project"])
        project["status"], project["current_update"] = "successful", None
        update.update(status="successful", finished="2026-01-01T00:00:00Z")
        return update

    def shown(self, one: Json) -> Json:
        """Return an object as a response holds it."""
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
            if RESOURCES[of].runs or of == "workflow_approval_templates"
        }

    def _settle(self, name: str, change: rules.Change) -> None:
        """Check an object as a whole: its references, its own rules, its uniqueness."""
        new = change.new
        for key, field in RESOURCES[name].fields.items():
            if field.kind == "id" and new[key] is not None and new[key] not in self._all(field.of):
                raise bad(**{key: f'Invalid pk "{new[key]}" - object does not exist.'})
        if name in rules.RULES:
            rules.RULES[name](change)
        unique = {key: new.get(key) for key in RESOURCES[name].unique}
        # a database takes two nulls for different
        compared = unique if RESOURCES[name].runs or None not in unique.values() else {}
        if compared and any(one is not change.old for one in self.find(name, **compared)):
            raise RESOURCES[name].taken()

    def _update_project(self, project: Json) -> None:
        """Begin the update that AWX begins for each new project with a repository."""
        project["scm_revision"], project["status"] = "", "never updated"
        if project["scm_type"]:
            self._last_id += 1
            self._updates[self._last_id] = {"id": self._last_id, "project": project["id"], "status": "running"}
            project["status"], project["current_update"] = "running", self._last_id


def _name(one: Json) -> str:
    return str(one["url"]).removeprefix(ROOT).partition("/")[0]
