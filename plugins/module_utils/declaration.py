# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks for, checked: the connections it declares and the ones it selects. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS, PEER_ID, Cloud
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError

#: A found connection in normalised form, see `peering`.
Record = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """One declared connection.

    Attributes:
        project_id: The project it belongs to.
        cloud: Its cloud; None where only an id is given.
        peer_id: Its id, where it is chosen by id.
        values: Option -> declared value in canonical spelling; only those that were given.
    """

    project_id: str
    cloud: Cloud | None
    peer_id: str | None
    values: Mapping[str, str]

    @property
    def name(self) -> str:
        """How to call it in a sentence."""
        if self.peer_id or self.cloud is None:
            return f"peering connection {self.peer_id}"
        parts = (f"{field.option}={self.values[field.option]}" for field in self.cloud.identity)
        return f"{self.cloud.name} peering connection {', '.join(parts)}"

    def matches(self, record: Record) -> bool:
        """Tell whether a record is this connection: the same id, or else the same identity."""
        if record["project_id"] != self.project_id:
            return False
        if self.peer_id or self.cloud is None:
            return bool(record["id"] == self.peer_id)
        return record["provider_name"] == self.cloud.name and all(
            field.same(self.values[field.option], record[field.option]) for field in self.cloud.identity
        )


def declare(params: Mapping[str, Any], project_id: str, complete: bool) -> Wanted:
    """Check the options of one connection.

    Args:
        params: Options; None and the empty string count as not given.
        project_id: The project.
        complete: All fields are needed (to create it), not only those that identify it.

    Raises:
        InputError: An option is missing, malformed, or belongs to another cloud.
    """
    given = {option: str(value) for option, value in params.items() if value not in (None, "")}
    peer_id = given.get("peer_id")
    if peer_id:
        peer_id = PEER_ID.clean("peer_id", peer_id)
    if "provider_name" not in given:
        if peer_id and not complete:
            return Wanted(project_id, None, peer_id, {})
        raise InputError(f"provider_name is missing. Set it to one of {', '.join(CLOUDS)}.")
    if given["provider_name"] not in CLOUDS:
        raise InputError(f"provider_name is {given['provider_name']!r}, but must be one of {', '.join(CLOUDS)}.")
    cloud = CLOUDS[given["provider_name"]]
    _refuse_fields_of_others(cloud, given)
    needed = [field for field in cloud.fields if complete or field.identity] if not peer_id else []
    missing = [field.option for field in needed if field.option not in given]
    if missing:
        raise InputError(
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: "
            f"a connection with provider_name {cloud.name} needs {'them' if len(missing) > 1 else 'it'}"
            f"{'' if complete else ', or peer_id'}."
        )
    values = {f.option: f.clean(f.option, given[f.option]) for f in cloud.fields if f.option in given}
    return Wanted(project_id, cloud, peer_id, values)


def _refuse_fields_of_others(cloud: Cloud, given: Mapping[str, str]) -> None:
    for other in CLOUDS.values():
        strange = [option for option in other.options if option in given and option not in cloud.options]
        if strange:
            raise InputError(
                f"{', '.join(strange)} cannot be used with provider_name {cloud.name}: "
                f"{'it belongs' if len(strange) == 1 else 'they belong'} to {other.name}. "
                f"The fields of {cloud.name} are {', '.join(cloud.options)}."
            )


@dataclass(frozen=True)
class Selection:
    """Which of a project's connections are asked for.

    Attributes:
        clouds: The clouds to list.
        values: Option -> value that a record must have.
        phases: Phases that a record may be in; empty for any.
    """

    clouds: tuple[Cloud, ...]
    values: Mapping[str, str]
    phases: tuple[str, ...]

    def takes(self, record: Record) -> bool:
        cloud = CLOUDS[record["provider_name"]]
        if cloud not in self.clouds or (self.phases and record["phase"] not in self.phases):
            return False
        return all(f.same(self.values[f.option], record[f.option]) for f in cloud.fields if f.option in self.values)


def select(params: Mapping[str, Any]) -> Selection:
    """Check the filters of a query. Raises InputError where no connection could ever pass them."""
    fields = {f.option: f for cloud in CLOUDS.values() for f in cloud.fields}
    values = {option: f.clean(option, params[option]) for option, f in fields.items() if params.get(option)}
    named = params.get("provider_name")
    asked = tuple(c for c in CLOUDS.values() if named in (None, "", c.name) and set(values) <= set(c.options))
    if not asked:
        of = f"provider_name {named}" if named else "any one cloud"
        raise InputError(
            f"{', '.join(values)}: no connection of {of} has {'this' if len(values) == 1 else 'these'}. Leave one out."
        )
    return Selection(asked, values, tuple(params.get("phase") or ()))
