# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What all resource types have in common, and one resource that is declared. Pure, no I/O.

`ResourceType` is the base of peering connections, containers and access list entries, `Desired` one of them as a task
declares it, and `Change` what has to happen to it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud, Field, KnownAfterApply, Schema

#: A resource in normalised form: a key for each option, and what its type adds. Each type has a TypedDict that names
#: the keys, such as `peering.PeeringRecord`; this is what they have in common for code that serves all types.
Record = Mapping[str, Any]


def without_unknown(record: Record | None) -> dict[str, Any] | None:
    """Return a record as results show it: null for what is known only after apply."""
    if record is None:
        return None
    return {key: None if isinstance(value, KnownAfterApply) else value for key, value in record.items()}


class ResourceType(ABC):
    """One type of resource of the Atlas Administration API.

    A type must define the attributes without a value, `schema`, `cloud_of` and `predicted`. It may override every other
    method; the defaults fit a resource that has neither a status nor an asynchronous deletion.

    Attributes:
        noun: What to call one in a sentence, such as "peering connection".
        plural: What to call several.
        path: Last part of the path of its list, such as "peers".
        id_option: Option that holds the ID of one.
        result_key: Key of one in results and failures.
        name_key: Key of the name of one in the problems of a failure.
        id_field: Field of its ID.
        alternatives: Option -> the option that may be given instead of it.
        optional_identity: Options that belong to the identity if they are declared.
        required_on_update: Options that Atlas requires in every update although they do not change.
        conflict_codes: Error codes for "one with this identity exists".
        blocking_codes: Error codes for "another resource is in the way".
        not_found_code: Error code for "none has this ID".
        already_deleted_codes: Error codes of a deletion that mean that there is nothing left to do.
        result_only: Keys of a record that are not options.
    """

    noun: str
    plural: str
    path: str
    id_option: str
    result_key: str
    name_key: str
    id_field: Field
    alternatives: Mapping[str, str] = {}
    optional_identity: tuple[str, ...] = ()
    required_on_update: tuple[str, ...] = ()
    conflict_codes: tuple[str, ...]
    blocking_codes: tuple[str, ...] = ()
    not_found_code: str
    already_deleted_codes: tuple[str, ...]
    result_only: frozenset[str]

    @abstractmethod
    def schema(self, cloud: Cloud | None) -> Schema:
        """Return the fields of one in a cloud; those of one without a cloud if its type belongs to none."""

    @abstractmethod
    def cloud_of(self, answer: Mapping[str, Any]) -> Cloud | None:
        """Return the cloud of an API answer, if its type belongs to one. Raises PlanError if the table lacks it."""

    @abstractmethod
    def predicted(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the API answer to a creation, as far as it can be predicted."""

    def id_of(self, answer: Mapping[str, Any]) -> str | None:
        """Return the ID of an API answer; None if it has none."""
        value = answer.get("id")
        return value if isinstance(value, str) and re.fullmatch(self.id_field.pattern, value) else None

    def normalise(self, answer: Mapping[str, Any], project_id: str) -> Record:
        """Return the record of an API answer."""
        cloud = self.cloud_of(answer)
        fields = {f.option: f.from_api(answer.get(f.api)) for f in self.schema(cloud).fields}
        provider = {"provider_name": cloud.name} if cloud else {}
        return {"id": answer.get("id"), "project_id": project_id, **provider, **fields}

    def fill_in(self, record: Record, values: Mapping[str, Any]) -> Record:
        """Complete a record with declared values where Atlas answers null and null is not a difference."""
        return record

    def absent(
        self, project_id: str, cloud: Cloud | None, resource_id: str | None, values: Mapping[str, Any]
    ) -> Record:
        """Return the record of a resource that does not exist: what identifies it."""
        identity = {f.option: values.get(f.option) for f in self.schema(cloud).identity}
        identity.update({name: values[name] for name in self.optional_identity if name in values})
        return {
            "id": resource_id,
            "project_id": project_id,
            "provider_name": cloud.name if cloud else None,
            **identity,
        }

    def label(self, record: Record) -> str:
        """Return what tells an existing resource from similar ones, for messages."""
        return str(record["id"])

    def is_deleting(self, record: Record) -> bool:
        """Report whether a resource is being deleted."""
        return False

    def deletion_failed(self, record: Record) -> bool:
        """Report whether a deletion was tried and failed."""
        return False

    def after_deletion(self, record: Record) -> Record | None:
        """Return what is left of a resource right after its deletion was requested."""
        return None

    def blocking_error(self, name: str, record: Record) -> PlanError | None:
        """Return why an existing resource cannot be used, if it cannot."""
        return None

    def replace_reasons(self, record: Record) -> frozenset[str]:
        """Return the words of ``recreate_on`` that replace a resource in this state."""
        return frozenset()

    @property
    def how_to_replace(self) -> str:
        """What a person does to replace one, to follow "or"."""
        return (
            f"replace the {self.noun}: delete it ({option('state')}: absent), wait until it is gone, and run the task "
            "again."
        )


@dataclass(frozen=True)
class Desired:
    """One declared resource.

    Attributes:
        resource_type: What it is.
        project_id: The project it belongs to.
        cloud: Its cloud; None if only an ID is given, or if its type belongs to no cloud.
        id: Its ID, if it is chosen by ID.
        values: Option -> declared value in canonical spelling; only options that were given.
        distinction: What tells it from others that would have the same name, such as `` in US_EAST_1``.
    """

    resource_type: ResourceType
    project_id: str
    cloud: Cloud | None
    id: str | None
    values: Mapping[str, Any]
    distinction: str = ""

    @property
    def project_key(self) -> str:
        """Equal for resources of the same project."""
        return self.project_id

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of its type and cloud; empty if only an ID is given."""
        return self.resource_type.schema(self.cloud).fields

    @property
    def name(self) -> str:
        """What messages call it: ``AWS peering connection aws_account_id=123456789012, vpc_id=vpc-0f1e…``."""
        noun = self.resource_type.noun
        if self.id or not self.fields:
            return f"{noun} {self.id}"
        identity = [f for f in self.fields if f.identity and self.values.get(f.option)]
        parts = (f"{'in ' if f.is_location else f'{f.option}='}{self.values[f.option]}" for f in identity)
        return f"{f'{self.cloud.name} ' if self.cloud else ''}{noun} {', '.join(parts)}".strip() + self.distinction

    @property
    def absent(self) -> Record:
        """Its record if it does not exist."""
        return self.resource_type.absent(self.project_id, self.cloud, self.id, self.values)

    def matches(self, record: Record) -> bool:
        """Report whether a record is this resource: its ID and identity are equal, as far as they are declared."""
        if record["project_id"] != self.project_id or (self.id and record["id"] != self.id):
            return False
        if not self.fields:
            return bool(self.id)
        identity = [f for f in self.fields if f.identity or f.option in self.resource_type.optional_identity]
        return self.is_in_cloud_of(record) and all(
            f.equal(self.values[f.option], record[f.option]) for f in identity if f.option in self.values
        )

    def is_in_cloud_of(self, record: Record) -> bool:
        """Report whether a record is of the same cloud, as far as it matters."""
        return self.cloud is None or bool(record["provider_name"] == self.cloud.name)


CREATE, UPDATE, REPLACE, DELETE, NO_OP = "create", "update", "replace", "delete", "no-op"


@dataclass(frozen=True)
class Change:
    """What has to happen to one resource.

    Attributes:
        action: CREATE, UPDATE, REPLACE, DELETE or NO_OP.
        desired: The resource as declared.
        before: The existing record; None if there is none.
        after: The record as it will be, as far as it can be predicted; None if there will be none.
        payload: Body of the request, such as ``{"providerName": "AWS", "routeTableCidrBlock": "10.16.0.0/16"}``.
        complete_payload: For UPDATE, the body with every field of the resource, which Atlas may require.
    """

    action: str
    desired: Desired
    before: Record | None
    after: Record | None
    payload: Mapping[str, Any]
    complete_payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The ID of the existing resource; empty if there is none."""
        return str(self.before["id"]) if self.before else ""

    @property
    def creates(self) -> bool:
        """Whether it creates a resource, perhaps in place of another."""
        return self.action in (CREATE, REPLACE)

    @property
    def writes(self) -> bool:
        """Whether it creates or updates a resource."""
        return self.action in (CREATE, UPDATE, REPLACE)
