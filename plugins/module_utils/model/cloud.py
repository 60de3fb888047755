# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What one cloud consists of: fields with their formats, schemas, statuses. Pure, no I/O.

The entries themselves are in the table of ``clouds``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError

PENDING = "pending"
ACTION_REQUIRED = "action_required"
AVAILABLE = "available"
FAILED = "failed"
DELETING = "deleting"
ABSENT = "absent"

#: What a status means, the same words for all clouds, in the order in which a connection passes through them.
PHASES = (PENDING, ACTION_REQUIRED, AVAILABLE, FAILED, DELETING, ABSENT)

_QUOTE = "YAML reads words such as no and on as booleans, and 1.10 and 0123 as numbers: put the name in quotes."


def snake_case(name: str) -> str:
    """Return the option name of an API field: ``awsAccountId`` -> ``aws_account_id``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@dataclass(frozen=True)
class KnownAfterApply:
    """A value that is unknown until something has been created, such as the ID of a new container.

    Two of them are equal if they are the same value of the same resource. Results show null in its place.

    Attributes:
        resource: Identifies the resource that will have the value.
    """

    resource: str


@dataclass(frozen=True)
class Field:
    """One field of a resource.

    Attributes:
        api: Name in the API, such as ``routeTableCidrBlock``.
        pattern: Regular expression that a whole valid value matches in its canonical spelling.
        expected: Describes a valid value in error messages, such as "a CIDR block like 10.15.0.0/16".
        canonicalize: Converts a value to its canonical spelling; raises ValueError if it cannot.
        name: Option name, if it is not the API name in snake case.
        identity: Atlas tells two resources of one project and cloud apart by this field.
        mutable: Atlas can change it in place. If it cannot, a different value requires a replacement.
        default_from: Key of the container's record that supplies the value if none is given. Atlas may then answer
            null.
        ignores_case: The cloud treats upper and lower case as equal.
        optional: May be omitted to adopt an existing resource as it is.
        computed: Atlas chooses a value if none is given, or leaves it empty.
        is_set: The value is a list whose order has no meaning.
        is_location: It says where a container is.
        link: Regular expression of a resource URL that may be given instead of the value, with one named group for
            each option that the URL determines.
        free_text: Chosen freely by people, so that it may look like another type in YAML. Its option has the type raw,
            since a conversion to text would hide that ``NO`` became False, ``1.10`` 1.1, and ``0123`` 83.
    """

    api: str
    pattern: str
    expected: str
    canonicalize: Callable[[str], str] = str
    name: str = ""
    identity: bool = False
    mutable: bool = False
    default_from: str = ""
    ignores_case: bool = False
    optional: bool = False
    computed: bool = False
    is_set: bool = False
    is_location: bool = False
    link: str = ""
    free_text: bool = False

    @cached_property
    def option(self) -> str:
        """The option name, such as ``route_table_cidr_block``."""
        return self.name or snake_case(self.api)

    @property
    def spec(self) -> dict[str, str]:
        """The argument spec of the option."""
        return {"type": "list", "elements": "str"} if self.is_set else {"type": "raw" if self.free_text else "str"}

    def parse(self, label: str, value: Any) -> Any:
        """Return a declared value in its canonical spelling.

        Args:
            label: What error messages call the option.
            value: The value as declared.

        Raises:
            InputError: The value is malformed.
        """
        if self.is_set:
            return sorted({self._parse_one(label, str(one)) for one in value})
        if self.free_text and (not isinstance(value, str) or value in ("True", "False")):
            raise InputError(f"{label} is {value!r}, which may not be what was written. {_QUOTE}")
        return self._parse_one(label, str(value))

    def _parse_one(self, label: str, value: str) -> str:
        try:
            canonical = self.canonicalize(value.strip())
        except ValueError as error:
            raise InputError(f"{label} is {value!r}, but must be {self.expected} ({error}).") from None
        if not re.fullmatch(self.pattern, canonical):
            raise InputError(f"{label} is {value!r}, but must be {self.expected}.")
        return canonical

    def parse_link(self, value: Any) -> Mapping[str, str]:
        """Return the options that a resource URL determines, with their values; empty if `value` is not a URL."""
        match = re.fullmatch(self.link, str(value).strip())
        return match.groupdict() if match else {}

    def from_api(self, value: Any) -> Any:
        """Return a value of an API answer in its canonical spelling, or unchanged if it has none."""
        try:
            if self.is_set:
                return sorted(self.canonicalize(one) for one in value or [])
            return value if value is None or isinstance(value, KnownAfterApply) else self.canonicalize(value)
        except ValueError:
            return value

    def equal(self, one: Any, other: Any) -> bool:
        """Report whether two canonical values mean the same."""
        if self.ignores_case and one and other:
            return bool(one.lower() == other.lower())
        return bool(one == other)


@dataclass(frozen=True)
class Schema:
    """The fields of one resource type in one cloud.

    Attributes:
        fields: What a resource is created from.
        read_only: Further API fields of an answer.
    """

    fields: tuple[Field, ...]
    read_only: tuple[str, ...] = ()

    @cached_property
    def identity(self) -> tuple[Field, ...]:
        """The fields that tell two resources of one project apart."""
        return tuple(one for one in self.fields if one.identity)

    @cached_property
    def options(self) -> tuple[str, ...]:
        """The option names of all fields."""
        return tuple(one.option for one in self.fields)


NO_FIELDS = Schema(())  # of a resource of which only the ID is known


@dataclass(frozen=True, eq=False)
class Cloud:
    """One cloud.

    Attributes:
        name: Value of ``providerName``.
        discriminator: API field that identifies a connection of this cloud if the answer has no ``providerName``
            (API v1.0).
        peering: Schema of its peering connections.
        container: Schema of its containers.
        prefixes: Shortest and longest prefix length of a container's CIDR block.
        regional_prefixes: The same for a container that is limited to some regions, if the cloud has such containers.
        status_key: API field of a connection's status.
        error_key: API field of the reason for which a connection failed.
        phases: Status -> phase. A status that is not listed is pending.
        initial_status: Status of a connection right after its creation.
        deleting_status: Status of a connection right after its deletion was requested.
        next_actions: Status, or the error of a failed connection -> what the other side must do now. A template,
            formatted with the connection's record and the name of the option ``state``.
        next_actions_by_fragment: Fragment of the error of a failed connection -> the same, if `next_actions` does not
            list the whole error.
        failure_action: The same for any other failure.
        next_commands: Status -> command line with which a person can do it. A template, formatted with the
            connection's record.
        placeholders: Key of the record -> text for a next action while the value is unknown.
        needed_to_act: Keys of the record that must be known before anybody can act; until then the phase is pending.
        replace_reasons: Error of a failed connection -> its word in ``recreate_on``; any other error is "failed".
        request_days: Days within which the other side must act, if there is such a limit.
        undeletable_statuses: Statuses of a connection whose deletion failed.
        from_container: Key of the container's record -> key under which a connection's record repeats it; null unless
            the containers have been read.
    """

    name: str
    discriminator: str
    peering: Schema
    container: Schema
    prefixes: tuple[int, int]
    status_key: str
    error_key: str
    phases: Mapping[str, str]
    initial_status: str
    deleting_status: str
    next_actions: Mapping[str, str]
    failure_action: str
    next_actions_by_fragment: Mapping[str, str] = field(default_factory=dict)
    next_commands: Mapping[str, str] = field(default_factory=dict)
    regional_prefixes: tuple[int, int] | None = None
    placeholders: Mapping[str, str] = field(default_factory=dict)
    needed_to_act: tuple[str, ...] = ()
    replace_reasons: Mapping[str, str] = field(default_factory=dict)
    request_days: int | None = None
    undeletable_statuses: tuple[str, ...] = ()
    from_container: Mapping[str, str] = field(
        default_factory=lambda: {"region": "container_region", "atlas_cidr_block": "atlas_cidr_block"}
    )

    @cached_property
    def result_only(self) -> tuple[str, ...]:
        """Keys of a connection's record that hold read-only fields."""
        return (*(snake_case(name) for name in self.peering.read_only), *self.from_container.values())

    @property
    def has_one_container(self) -> bool:
        """Whether a project has a single container for all regions of this cloud."""
        return not self.container.identity

    def next_action(self, status: str, error: str | None) -> str | None:
        """Return the template of what the other side must do about a status and, if failed, its error; or None."""
        if self.phases.get(status) != FAILED:
            return self.next_actions.get(status)
        reason = str(error)
        by_fragment = (
            action for fragment, action in self.next_actions_by_fragment.items() if fragment.lower() in reason.lower()
        )
        return self.next_actions.get(reason) or next(by_fragment, self.failure_action)
