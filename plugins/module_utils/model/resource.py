# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What the kinds of resource have in common: the base of peering connections and containers. Pure, no I/O."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError, option, shortened
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS, Cloud, Field, Resource

#: A found resource in normalised form: the same keys as the options, and what its kind adds.
Record = dict[str, Any]


class ResourceType(ABC):
    """A kind of resource of the Atlas Administration API.

    Attributes:
        noun: How to call one in a sentence.
        path: Last part of its list's path.
        result_key: How results and failures call one.
        id_field: Its id; the option is `id_option`.
        stand_ins: Option -> the one that may be given in its place.
        narrows: Options that belong to the identity if they are declared.
        companions: Options that Atlas wants to be told with every change, though they do not change.
        conflict_codes: Error codes that say that there is one of this identity.
        blocking_codes: Error codes that say that another resource is in the way.
        not_found_code: Error code that says that there is none of this id.
        already_deleted_codes: Error codes of a deletion that say that there is nothing left to do.
        result_only: What a record holds and no option takes.
    """

    noun: str
    path: str
    id_option: str
    result_key: str
    id_field: Field
    alternatives: Mapping[str, str] = {}
    optional_identity: tuple[str, ...] = ()
    required_on_update: tuple[str, ...]
    conflict_codes: tuple[str, ...]
    blocking_codes: tuple[str, ...] = ()
    not_found_code: str
    already_deleted_codes: tuple[str, ...]
    result_only: frozenset[str]

    @abstractmethod
    def resource(self, cloud: Cloud) -> Resource:
        """Return what it consists of in one cloud."""

    @abstractmethod
    def predicted(self, cloud: Cloud, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return how Atlas would answer to its creation, as far as that can be told."""

    def normalise(self, answer: Mapping[str, Any], project_id: str) -> Record:
        """Return the record of an API answer."""
        cloud = self.cloud_of(answer)
        resource = self.resource(cloud)
        record: Record = {"id": answer.get("id"), "project_id": project_id, "provider_name": cloud.name}
        record.update({field.option: field.normalise(answer.get(field.api)) for field in resource.fields})
        return record

    def cloud_of(self, answer: Mapping[str, Any]) -> Cloud:
        """Return the cloud of an API answer. Raises PlanError where it is none of the table."""
        name = str(answer.get("providerName")).upper()
        if name not in CLOUDS:
            raise PlanError(
                f"The {self.noun} {answer.get('id')} belongs to {shortened(name)}, which has no network peering."
            )
        return CLOUDS[name]

    def fill_in(self, record: Record, values: Mapping[str, Any]) -> Record:
        """Complete a record by declared values where Atlas answers null and null is no difference."""
        return record

    def absent(
        self, project_id: str, cloud: Cloud | None, resource_id: str | None, values: Mapping[str, Any]
    ) -> Record:
        """Return the record of a resource that is not there: what identifies it."""
        identity = {f.option: values.get(f.option) for f in self.resource(cloud).identity} if cloud else {}
        identity.update({option: values[option] for option in self.optional_identity if option in values})
        return {
            "id": resource_id,
            "project_id": project_id,
            "provider_name": cloud.name if cloud else None,
            **identity,
        }

    def label(self, record: Record) -> str:
        """Return how to tell a found resource from others like it."""
        return str(record["id"])

    def is_deleting(self, record: Record) -> bool:
        """Tell whether a resource is being deleted."""
        return False

    def deletion_failed(self, record: Record) -> bool:
        """Tell whether a deletion was tried and did not succeed."""
        return False

    def after_deletion(self, record: Record) -> Record | None:
        """Return what is left of a resource right after Atlas was asked to delete it."""
        return None

    def blocking_error(self, name: str, record: Record) -> PlanError | None:
        """Return why a resource that is there cannot be used, if so."""
        return None

    def replace_reasons(self, record: Record) -> frozenset[str]:
        """Return the words of ``recreate_on`` that would replace a resource in this state."""
        return frozenset()

    @property
    def replacing(self) -> str:
        deleting = f"delete it ({option('state')}: absent), wait until it is gone, and run the task again."
        return f"replace the {self.noun}: {deleting}"
