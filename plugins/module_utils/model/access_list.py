# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Entries of a project's IP access list, which decides who may connect to its clusters. Pure, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address, ip_network
from typing import Any, TypedDict, cast

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, option
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud, Field, Schema
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import canonical_cidr
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import is_unset, parse_fields
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import (
    CREATE,
    Change,
    Desired,
    Record,
    ResourceType,
)

ACTIVE, FAILED = "ACTIVE", "FAILED"

#: Entries that Atlas allows in one project (Atlas documentation, page "Configure IP Access List Entries").
LIMIT = 200
# Atlas Administration API, deleteAfterDate: "no later than one week after you submit this request".
_LONGEST_LIFE = timedelta(days=7)
_TIMESTAMP = "%Y-%m-%dT%H:%M:%SZ"


def _utc(value: str) -> str:
    """Return a date and time as Atlas writes it, in UTC. Raises ValueError if it is malformed or has no time."""
    if len(value) <= len("2026-12-24"):
        raise ValueError("its time is missing")
    moment = datetime.fromisoformat(value[:-1] + "+00:00" if value[-1] in "Zz" else value)
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return zoned.astimezone(timezone.utc).strftime(_TIMESTAMP)


ENTRY_ID = Field("id", ".+", "a CIDR block or the ID of an AWS security group")
_ADDRESS = Field("ipAddress", ".+", "an IP address like 203.0.113.7", canonicalize=lambda text: str(ip_address(text)))
_SCHEMA = Schema(
    (
        Field(
            "cidrBlock",
            ".+",
            "a CIDR block like 10.15.0.0/16",
            canonicalize=canonical_cidr,
            identity=True,
            computed=True,
        ),
        Field(
            "awsSecurityGroup",
            r"([0-9]{12}/)?sg-([0-9a-f]{8}|[0-9a-f]{17})",
            "the ID of an AWS security group like sg-0f1e2d3c4b5a69788",
            identity=True,
            computed=True,
        ),
        Field("comment", "(?s).{1,80}", "a text of at most 80 characters", mutable=True, computed=True, free_text=True),
        Field(
            "deleteAfterDate",
            ".+",
            "a date and time of ISO 8601 like 2026-12-24T18:00:00Z",
            canonicalize=_utc,
            mutable=True,
            computed=True,
        ),
    )
)
#: Options of one entry.
OPTIONS = (*_SCHEMA.fields, _ADDRESS)


class AccessListRecord(TypedDict, total=False):
    """An entry in normalised form.

    Attributes:
        id: How Atlas calls it in addresses: its block or security group.
        ip_address: The address, if its block has only one.
        status: PENDING, ACTIVE or FAILED; null unless it has been read.
    """

    id: str | None
    project_id: str
    cidr_block: str | None
    ip_address: str | None
    aws_security_group: str | None
    comment: str | None
    delete_after_date: str | None
    status: str | None


class AccessListEntry(ResourceType):
    """Entries of the IP access list. Atlas applies them to each cloud on its own, so they belong to none."""

    noun, plural = "IP access list entry", "IP access list entries"
    path = "accessList"
    id_option = "id"
    result_key = name_key = "entry"
    id_field = ENTRY_ID
    conflict_codes = ()
    not_found_code = "ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND"
    already_deleted_codes = ("ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND",)
    result_only = frozenset(("id", "project_id", "status"))

    def schema(self, cloud: Cloud | None) -> Schema:
        return _SCHEMA

    def cloud_of(self, answer: Mapping[str, Any]) -> None:
        return None

    def predicted(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return payload

    def id_of(self, answer: Mapping[str, Any]) -> str | None:
        value = answer.get("cidrBlock") or answer.get("awsSecurityGroup")
        return value if isinstance(value, str) else None

    def normalise(self, answer: Mapping[str, Any], project_id: str) -> AccessListRecord:
        record = super().normalise(answer, project_id)
        return cast(
            AccessListRecord, {**record, **_block(record["cidr_block"]), "id": self.id_of(answer), "status": None}
        )

    def absent(
        self, project_id: str, cloud: Cloud | None, resource_id: str | None, values: Mapping[str, Any]
    ) -> AccessListRecord:
        identity = {f.option: values.get(f.option) for f in _SCHEMA.identity}
        unknown = {"id": None, "comment": None, "delete_after_date": None, "status": None}
        block = _block(identity["cidr_block"])
        return cast(AccessListRecord, {"project_id": project_id, **unknown, **identity, **block})


ACCESS_LIST_ENTRY = AccessListEntry()


def _block(text: str | None) -> dict[str, str | None]:
    """Return the keys of a block that follow from it. Its host bits, which Atlas may keep, have no meaning."""
    try:
        network = ip_network(str(text), strict=False)
    except ValueError:
        return {"ip_address": None}
    address = str(network.network_address) if network.num_addresses == 1 else None
    return {"cidr_block": str(network), "ip_address": address}


def parse_entry(params: Mapping[str, Any], project_id: str) -> Desired:
    """Parse the options of one entry. Raises InputError if they are wrong.

    Example:
        ``{"ip_address": "203.0.113.7"}`` is the entry with the cidr_block ``203.0.113.7/32``.
    """
    given = {name: value for name, value in params.items() if not is_unset(value)}
    values = parse_fields(ACCESS_LIST_ENTRY, None, given)
    if "ip_address" in given:
        block = str(ip_network(_ADDRESS.parse("ip_address", given["ip_address"])))
        if values.setdefault("cidr_block", block) != block:
            raise InputError(f"cidr_block {values['cidr_block']} is not ip_address {block}. Set one of them.")
    if ("cidr_block" in values) == ("aws_security_group" in values):
        raise InputError(
            f"{'Both' if 'cidr_block' in values else 'None'} of an address and aws_security_group "
            f"{'are' if 'cidr_block' in values else 'is'} given. Set cidr_block, ip_address or aws_security_group."
        )
    if "aws_security_group" in values and "delete_after_date" in values:
        raise InputError("delete_after_date cannot be used with aws_security_group. Leave one out.")
    return Desired(ACCESS_LIST_ENTRY, project_id, None, None, values)


def check_declared(desired: Sequence[Desired]) -> Iterator[str]:
    """Yield an error for each entry that is declared more than once."""
    for name, count in Counter(one.name for one in desired).items():
        if count > 1:
            yield f"The {name} is declared {count} times. Declare it once."


def check_entries(changes: Sequence[Change], existing: Sequence[Record], limit: int, now: datetime) -> Iterator[str]:
    """Yield why these changes would fail, one sentence each.

    Args:
        changes: The changes planned for the access list of a project.
        existing: The existing entries.
        limit: Entries that Atlas allows.
        now: The current time of the host that runs the task.
    """
    created = sum(change.action == CREATE for change in changes)
    if created and len(existing) + created > limit:
        yield (
            f"The IP access list would have {len(existing) + created} entries, {created} of them new; Atlas allows "
            f"{limit}. Delete some first ({option('state')}: absent), or combine them to larger blocks."
        )
    for change in changes:
        date = change.desired.values.get("delete_after_date")
        if date and change.writes:
            yield from _check_date(change.desired.name, date, now)


def needs_connection(changes: Sequence[Change]) -> bool:
    """Report whether a security group is added, which Atlas allows only with a peering connection of AWS."""
    return any(change.action == CREATE and "aws_security_group" in change.desired.values for change in changes)


def _check_date(name: str, date: str, now: datetime) -> Iterator[str]:
    moment = datetime.strptime(date, _TIMESTAMP).replace(tzinfo=timezone.utc)
    if moment <= now:
        yield f"The delete_after_date {date} of the {name} is not after {now.strftime(_TIMESTAMP)}. Choose a later one."
    if moment > now + _LONGEST_LIFE:
        yield f"The delete_after_date {date} of the {name} is more than a week away. Choose an earlier one."
