# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What a task asks for, checked: the resources it declares and the ones it selects. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS, Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record, ResourceType


@dataclass(frozen=True)
class Desired:
    """One declared resource.

    Attributes:
        resource_type: What it is.
        project_id: The project it belongs to.
        cloud: Its cloud; None where only an id is given.
        id: Its id, where it is chosen by id.
        values: Option -> declared value in canonical spelling; only those that were given.
        distinction: What tells it apart from others that would have the same name, such as `` in US_EAST_1``.
    """

    resource_type: ResourceType
    project_id: str
    cloud: Cloud | None
    id: str | None
    values: Mapping[str, Any]
    distinction: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a resource of its kind and cloud is created from; nothing where only an id is given."""
        return self.resource_type.resource(self.cloud).fields if self.cloud else ()

    @property
    def name(self) -> str:
        """How to call it in a sentence."""
        if self.id or self.cloud is None:
            return f"{self.resource_type.noun} {self.id}"
        told_apart = self.resource_type.resource(self.cloud).identity
        parts = (f"{'in ' if f.places else f'{f.option}='}{self.values[f.option]}" for f in told_apart)
        return f"{self.cloud.name} {self.resource_type.noun} {', '.join(parts)}".strip() + self.distinction

    @property
    def absent(self) -> Record:
        """The record of this resource where it is not there."""
        return self.resource_type.absent(self.project_id, self.cloud, self.id, self.values)

    def matches(self, record: Record) -> bool:
        """Tell whether a record is this resource: the same id and identity, as far as they are declared."""
        if record["project_id"] != self.project_id or (self.id and record["id"] != self.id):
            return False
        if self.cloud is None:
            return bool(self.id)
        narrowing = [f for f in self.fields if f.identity or f.option in self.resource_type.optional_identity]
        return record["provider_name"] == self.cloud.name and all(
            f.same(self.values[f.option], record[f.option]) for f in narrowing if f.option in self.values
        )


def parse_desired(resource_type: ResourceType, params: Mapping[str, Any], project_id: str, complete: bool) -> Desired:
    """Check the options of one resource.

    Args:
        resource_type: What it is.
        params: Options; None and the empty string count as not given.
        project_id: The project.
        complete: All fields are needed (to create it), not only those that identify it.

    Raises:
        InputError: An option is missing, malformed, or belongs to another cloud.
    """
    given = _followed(resource_type, {option: value for option, value in params.items() if not is_unset(value)})
    named = given.get(resource_type.id_option)
    wanted_id = resource_type.id_field.clean(resource_type.id_option, named) if named else None
    if "provider_name" not in given:
        if wanted_id and not complete and not _fields_in(resource_type, given):
            return Desired(resource_type, project_id, None, wanted_id, {})
        raise InputError(f"provider_name is missing. Set it to one of {', '.join(CLOUDS)}.")
    if given["provider_name"] not in CLOUDS:
        raise InputError(f"provider_name is {given['provider_name']!r}, but must be one of {', '.join(CLOUDS)}.")
    cloud = CLOUDS[given["provider_name"]]
    _refuse_fields_of_others(resource_type, cloud, given)
    fields = resource_type.resource(cloud).fields
    needed = [f for f in fields if f.identity or (complete and not (f.optional or f.inherits))] if not wanted_id else []
    missing = [f.option for f in needed if f.option not in given]
    if missing:
        raise InputError(
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: "
            f"a {resource_type.noun} with provider_name {cloud.name} needs {'them' if len(missing) > 1 else 'it'}"
            f"{'' if complete else f', or {resource_type.id_option}'}.",
            " ".join(
                f"{resource_type.alternatives[one]} may stand in for {one}."
                for one in missing
                if one in resource_type.alternatives
            )
            or None,
        )
    values = {f.option: f.clean(f.option, given[f.option]) for f in fields if f.option in given}
    return Desired(resource_type, project_id, cloud, wanted_id, values)


def is_unset(value: Any) -> bool:
    """Tell whether an option counts as not given: null, blank text or an empty list."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _fields_in(resource_type: ResourceType, given: Mapping[str, Any]) -> list[str]:
    """Return the options that say what a resource consists of, in whatever cloud."""
    return [f.option for cloud in CLOUDS.values() for f in resource_type.resource(cloud).fields if f.option in given]


def _followed(resource_type: ResourceType, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with what addresses in them tell. Raises InputError where another option says otherwise."""
    followed = dict(given)
    for field in (f for cloud in CLOUDS.values() for f in resource_type.resource(cloud).fields if f.option in given):
        for told, value in field.linked(given[field.option]).items():
            if told != field.option and str(given.get(told, value)).strip() != value:
                raise InputError(
                    f"{field.option} {given[field.option]} is one of {told} {value}, not of {given[told]}. "
                    f"Correct one of them, or leave {told} out."
                )
            followed[told] = value
    return followed


def _refuse_fields_of_others(resource_type: ResourceType, cloud: Cloud, given: Mapping[str, Any]) -> None:
    options = resource_type.resource(cloud).options
    for other in CLOUDS.values():
        strange = [
            option for option in resource_type.resource(other).options if option in given and option not in options
        ]
        if strange:
            raise InputError(
                f"{', '.join(strange)} cannot be used with provider_name {cloud.name}: "
                f"{'it belongs' if len(strange) == 1 else 'they belong'} to {other.name}. "
                f"The fields of {cloud.name} are {', '.join(options)}."
            )


@dataclass(frozen=True)
class Filter:
    """Which of a project's resources are asked for.

    Attributes:
        resource_type: What they are.
        clouds: The clouds to list.
        values: Option -> value that a record must have.
        phases: Phases that a record may be in; empty for any.
        id: Its id, where one is chosen by id.
    """

    resource_type: ResourceType
    clouds: tuple[Cloud, ...]
    values: Mapping[str, Any]
    phases: tuple[str, ...]
    id: str | None = None

    def matches(self, record: Record) -> bool:
        cloud = CLOUDS[record["provider_name"]]
        if cloud not in self.clouds or (self.phases and record["phase"] not in self.phases):
            return False
        fields = self.resource_type.resource(cloud).fields
        return all(f.same(self.values[f.option], record[f.option]) for f in fields if f.option in self.values)


def select(resource_type: ResourceType, params: Mapping[str, Any]) -> Filter:
    """Check the filters of a query. Raises InputError where nothing could ever pass them."""
    named = params.get("provider_name")
    clouds = [cloud for cloud in CLOUDS.values() if named in (None, "", cloud.name)]
    options = dict.fromkeys(f.option for cloud in CLOUDS.values() for f in resource_type.resource(cloud).fields)
    given = _followed(resource_type, {option: params[option] for option in options if not is_unset(params.get(option))})
    asked = [cloud for cloud in clouds if set(given) <= set(resource_type.resource(cloud).options)]
    if not asked:
        of = f"provider_name {named}" if named else "any one cloud"
        raise InputError(
            f"{', '.join(given)}: no {resource_type.noun} of {of} has "
            f"{'this' if len(given) == 1 else 'these'}. Leave one out."
        )
    values: dict[str, Any] = {}
    taking, refusal = [], None
    for cloud in asked:
        try:
            values = {
                f.option: f.clean(f.option, given[f.option])
                for f in resource_type.resource(cloud).fields
                if f.option in given
            }
            taking.append(cloud)
        except InputError as error:
            refusal = error
    if refusal and not taking:
        raise refusal
    computed = params.get(resource_type.id_option)
    computed = resource_type.id_field.clean(resource_type.id_option, computed) if computed else None
    return Filter(resource_type, tuple(taking), values, tuple(params.get("phase") or ()), computed)
