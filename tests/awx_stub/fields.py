# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writable fields of a resource, and the check of what a request sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import ApiError, bad_request
from .json_types import is_json_type

Json = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One writable field.

    Attributes:
        kind: Its type, or "id" for the ID of another resource.
        default: Its value if it is not set; null for an ID.
        required: It must be set when the resource is created.
        immutable: It cannot be changed afterwards.
        target: For an ID: the resource that it refers to, such as "credentials".
        choices: All valid values; empty if any value is valid.
        max_length: Maximum length of a string; 0 for no limit.
        minimum: Minimum of a number.
        nullable: null is a value of its own; in any other string it means an empty one.
    """

    kind: type | str = str
    default: Any = ""
    required: bool = False
    immutable: bool = False
    target: str = ""
    choices: tuple[str, ...] = ()
    max_length: int = 0
    minimum: int = 0
    nullable: bool = False

    def check(self, name: str, value: Any) -> Any:
        """Return the value as it is stored. Raises ApiError."""
        if value is None:
            if self.kind == "id" or self.nullable:
                return None
            if self.kind is str and not self.required:
                return ""
            raise bad_request(**{name: "This field may not be null."})
        if not is_json_type(value, int if self.kind == "id" else self.kind):
            raise bad_request(**{name: f"Not a valid value: {type(value).__name__}."})
        self._check_range(name, value)
        return value

    def _check_range(self, name: str, value: Any) -> None:
        if self.choices and value not in self.choices:
            raise bad_request(**{name: f'"{value}" is not a valid choice.'})
        if self.required and value == "":
            raise bad_request(**{name: "This field may not be blank."})
        if self.max_length and len(value) > self.max_length:
            raise bad_request(**{name: f"Ensure this field has no more than {self.max_length} characters."})
        if self.kind is int and value < self.minimum:
            raise bad_request(**{name: f"Ensure this value is greater than or equal to {self.minimum}."})


def reference(target: str, required: bool = False, immutable: bool = False) -> Field:
    return Field("id", None, required, immutable, target)


NAME = Field(required=True, max_length=512)
TEXT = Field()
FLAG = Field(bool, False)
NUMBER = Field(int, 0)
DATA = Field(dict, {})
NULLABLE = Field(default=None, nullable=True)


@dataclass(frozen=True)
class Resource:
    """One kind of resource.

    Attributes:
        kind: The "type" of its objects, such as "job_template".
        fields: The writable fields by name.
        unique: The fields whose combination is unique, in the order in which AWX names them.
        lists: The lists of associated objects: name -> resource, such as {"credentials": "credentials"}.
        read_only: Fields that AWX shows but ignores in requests; awx.awx sends some of them.
        launchable: A schedule or a workflow can start it: it is a "unified job template".
    """

    kind: str
    fields: Mapping[str, Field]
    unique: tuple[str, ...] = ("name",)
    lists: Mapping[str, str] | None = None
    read_only: Mapping[str, Any] = field(default_factory=dict)
    launchable: bool = False

    def conflict(self) -> ApiError:
        """Return AWX's answer if another object has the same unique values.

        It comes from Django's database, or if launchable from PrimordialModel.validate_unique in
        awx/main/models/base.py.
        """
        name = self.kind.replace("_", " ")
        labels = [one.replace("_", " ").capitalize() for one in self.unique]
        if self.launchable:
            model = name.title().replace(" ", "")
            return bad_request(__all__=f"{model} with this ({', '.join(self.unique)}) combination already exists.")
        which = f"{', '.join(labels[:-1])} and {labels[-1]}" if labels[1:] else labels[0]
        field = "__all__" if labels[1:] else self.unique[0]
        return bad_request(**{field: f"{name.capitalize()} with this {which} already exists."})


def writable_fields(resource: Resource, body: Json, existing: Json | None) -> Json:
    """Return the fields that a POST (nothing exists) or a PATCH writes. Raises ApiError.

    AWX ignores unknown fields; here they are an error, because they would never take effect.
    """
    written = {name: value for name, value in body.items() if name not in resource.read_only}
    if existing is not None:
        fixed = {name for name in written if name in resource.fields and resource.fields[name].immutable}
        written = {name: value for name, value in written.items() if name not in fixed}
    unknown = set(written) - set(resource.fields)
    if unknown:
        raise bad_request(**dict.fromkeys(sorted(unknown), f"{resource.kind} has no such field."))
    missing = [name for name, one in resource.fields.items() if one.required and name not in body]
    if existing is None and missing:
        raise bad_request(**dict.fromkeys(missing, "This field is required."))
    return {name: resource.fields[name].check(name, value) for name, value in written.items()}
