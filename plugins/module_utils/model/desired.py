# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What a task asks for, parsed: the resources it declares and those it filters. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired, Record, ResourceType


def is_unset(value: Any) -> bool:
    """Report whether an option counts as not given: null, blank text or an empty list."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def parse_desired(resource_type: ResourceType, params: Mapping[str, Any], project_id: str, complete: bool) -> Desired:
    """Parse the options of one resource.

    Args:
        resource_type: What it is.
        params: Options; null and the empty string count as not given.
        project_id: The project.
        complete: Whether all fields are required, to create it, and not only those that identify it.

    Raises:
        InputError: An option is missing, malformed, or belongs to another cloud.
    """
    given = follow_links(resource_type, {name: value for name, value in params.items() if not is_unset(value)})
    resource_id = given.get(resource_type.id_option)
    if resource_id:
        resource_id = resource_type.id_field.parse(resource_type.id_option, resource_id)
    if "provider_name" not in given:
        if resource_id and not complete and not _has_fields(resource_type, given):
            return Desired(resource_type, project_id, None, resource_id, {})
        raise InputError(f"provider_name is missing. Set it to one of {', '.join(CLOUDS)}.")
    if given["provider_name"] not in CLOUDS:
        raise InputError(f"provider_name is {given['provider_name']!r}, but must be one of {', '.join(CLOUDS)}.")
    cloud = CLOUDS[given["provider_name"]]
    _refuse_fields_of_others(resource_type, cloud, given)
    if not resource_id:
        _require(resource_type, cloud, given, complete)
    return Desired(resource_type, project_id, cloud, resource_id, parse_fields(resource_type, cloud, given))


def parse_fields(resource_type: ResourceType, cloud: Cloud | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given fields in canonical spelling. Raises InputError if one is malformed."""
    fields = resource_type.schema(cloud).fields
    return {f.option: f.parse(f.option, given[f.option]) for f in fields if f.option in given}


def follow_links(resource_type: ResourceType, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with those that resource URLs in them determine. Raises InputError if another one contradicts."""
    followed = dict(given)
    fields = (f for cloud in CLOUDS.values() for f in resource_type.schema(cloud).fields if f.option in given)
    for field in fields:
        for name, value in field.parse_link(given[field.option]).items():
            if name != field.option and str(given.get(name, value)).strip() != value:
                raise InputError(
                    f"{field.option} {given[field.option]} is one of {name} {value}, not of {given[name]}. "
                    f"Correct one of them, or leave {name} out."
                )
            followed[name] = value
    return followed


def _has_fields(resource_type: ResourceType, given: Mapping[str, Any]) -> bool:
    """Report whether any option describes the resource, in whatever cloud."""
    return any(f.option in given for cloud in CLOUDS.values() for f in resource_type.schema(cloud).fields)


def _refuse_fields_of_others(resource_type: ResourceType, cloud: Cloud, given: Mapping[str, Any]) -> None:
    options = resource_type.schema(cloud).options
    for other in CLOUDS.values():
        foreign = [name for name in resource_type.schema(other).options if name in given and name not in options]
        if foreign:
            raise InputError(
                f"{', '.join(foreign)} cannot be used with provider_name {cloud.name}: "
                f"{'it belongs' if len(foreign) == 1 else 'they belong'} to {other.name}. "
                f"The fields of {cloud.name} are {', '.join(options)}."
            )


def _require(resource_type: ResourceType, cloud: Cloud, given: Mapping[str, Any], complete: bool) -> None:
    """Raise InputError if an option is missing that identifies a resource, or that its creation needs."""
    alternatives = resource_type.alternatives
    missing = [
        f.option
        for f in resource_type.schema(cloud).fields
        if (f.identity or (complete and not (f.optional or f.default_from)))
        and f.option not in given
        and alternatives.get(f.option) not in given
    ]
    if not missing:
        return
    raise InputError(
        f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: "
        f"a {resource_type.noun} with provider_name {cloud.name} needs {'them' if len(missing) > 1 else 'it'}"
        f"{'' if complete else f', or {resource_type.id_option}'}.",
        " ".join(f"{alternatives[one]} can be given instead of {one}." for one in missing if one in alternatives)
        or None,
    )


@dataclass(frozen=True)
class Filter:
    """Which resources of a project are asked for.

    Attributes:
        resource_type: What they are.
        clouds: The clouds to list.
        values: Option -> value that a record must have.
        phases: Phases that a record may have; empty for any.
        id: The ID, if one is chosen by ID.
    """

    resource_type: ResourceType
    clouds: tuple[Cloud, ...]
    values: Mapping[str, Any]
    phases: tuple[str, ...]
    id: str | None = None

    def matches(self, record: Record) -> bool:
        """Report whether a record passes."""
        cloud = CLOUDS[record["provider_name"]]
        if cloud not in self.clouds or (self.phases and record["phase"] not in self.phases):
            return False
        fields = self.resource_type.schema(cloud).fields
        return all(f.equal(self.values[f.option], record[f.option]) for f in fields if f.option in self.values)


def parse_filter(resource_type: ResourceType, params: Mapping[str, Any]) -> Filter:
    """Parse the filters of a query. Raises InputError if nothing could ever pass them."""
    named = params.get("provider_name")
    clouds = [cloud for cloud in CLOUDS.values() if named in (None, "", cloud.name)]
    options = dict.fromkeys(f.option for cloud in CLOUDS.values() for f in resource_type.schema(cloud).fields)
    given = follow_links(resource_type, {name: params[name] for name in options if not is_unset(params.get(name))})
    eligible = [cloud for cloud in clouds if set(given) <= set(resource_type.schema(cloud).options)]
    if not eligible:
        where = f"provider_name {named}" if named else "any one cloud"
        raise InputError(
            f"{', '.join(given)}: no {resource_type.noun} of {where} has "
            f"{'this' if len(given) == 1 else 'these'}. Leave one out."
        )
    values: dict[str, Any] = {}
    matching, refusal = [], None
    for cloud in eligible:
        try:
            values = parse_fields(resource_type, cloud, given)
            matching.append(cloud)
        except InputError as error:
            refusal = error
    if refusal and not matching:
        raise refusal
    resource_id = params.get(resource_type.id_option)
    resource_id = resource_type.id_field.parse(resource_type.id_option, resource_id) if resource_id else None
    return Filter(resource_type, tuple(matching), values, tuple(params.get("phase") or ()), resource_id)
