# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Which entries of the IP access list let the network of a connection in. Pure, no I/O.

A connection names them in `KEY`. Entries that were added for a network are recognized by their comment, so that others
are never changed or deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.access_list import parse_entry
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import AVAILABLE
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import AWS, CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.regions import aws_spelling
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired, Record

Connection = Mapping[str, Any]

#: Key of a connection that names who is to be let in: ``["10.15.0.0/16", "sg-0f1e2d3c4b5a69788", "10.16.0.7"]``.
KEY = "access_list"
_BLOCK = "route_table_cidr_block"  # what Atlas knows of the networks of a cloud, if anything
_LONGEST_COMMENT = 80  # see the field `comment` of the entries
_DIGEST = 8


def is_asked(connection: Connection, for_all: bool) -> bool:
    """Report whether a connection, or the task for all of them, asks for entries."""
    return for_all or connection.get(KEY) is not None


def names(connection: Connection) -> list[str] | None:
    """Return what names the entries of a connection; None if it declares none and Atlas does not know its block."""
    declared = connection.get(KEY)
    if declared is None:
        block = connection.get(_BLOCK)
        return [block] if block else None
    return [str(one) for one in declared] if isinstance(declared, (list, tuple)) else [str(declared)]


def parse_name(name: str) -> Desired:
    """Return the entry of a block, an address or a security group. Raises InputError if it is none of them."""
    key = "aws_security_group" if "sg-" in name else "cidr_block" if "/" in name else "ip_address"
    return parse_entry({key: name}, "")


def comment_for(connection: Connection) -> str:
    """Return the comment of entries that are added for the network of a connection."""
    text = f"Peering with {connection['peer_network']}"
    if len(text) <= _LONGEST_COMMENT:
        return text
    digest = hashlib.sha256(text.casefold().encode()).hexdigest()[:_DIGEST]
    return f"{text[: _LONGEST_COMMENT - _DIGEST - 1]}~{digest}"


def find_problems(connections: Iterable[Connection], for_all: bool) -> list[str]:
    """Return a sentence for each connection whose entries are wrong, before anything is written."""
    return [
        f"atlas_peering_connections[{number}]: {problem}"
        for number, one in enumerate(connections)
        if is_asked(one, for_all)
        for problem in _problems_of(one)
    ]


def _problems_of(connection: Connection) -> Iterator[str]:
    cloud = CLOUDS.get(str(connection.get("provider_name")))
    if connection.get(KEY) is None:
        if cloud and _BLOCK not in cloud.peering.options:
            yield (
                f"{KEY} is missing, and Atlas does not know the blocks of a network of {cloud.name}. List them in "
                f"{KEY}, or set {KEY}: [] to add none."
            )
        return
    for name in names(connection) or ():
        try:
            entry = parse_name(name)
        except InputError as error:
            yield f"{KEY}: {error.message}"
            continue
        if "aws_security_group" in entry.values:
            yield from _problems_of_group(name, connection)


def _problems_of_group(name: str, connection: Connection) -> Iterator[str]:
    """Atlas accepts security groups only of VPCs in the region of its own network."""
    theirs, ours = (str(connection.get(key) or "") for key in ("accepter_region_name", "container_region"))
    if connection.get("provider_name") != AWS.name:
        cloud = connection.get("provider_name")
        yield f"{KEY} has the AWS security group {name}, but provider_name is {cloud}. List blocks instead."
    elif theirs and ours and aws_spelling(theirs) != aws_spelling(ours):
        yield (
            f"{KEY} has the security group {name} in {theirs}, but the container is in {ours}, and Atlas accepts "
            "security groups of the same region only. List blocks instead."
        )


def additions(connections: Iterable[Connection], existing: Iterable[Record], for_all: bool) -> list[dict[str, Any]]:
    """Return the entries to add for available connections, by project.

    Those that were added before are among them, so that they are waited for; those of others are not.

    Args:
        connections: Results with what they declare in `KEY`.
        existing: The entries of their projects.
        for_all: Whether connections without `KEY` ask for entries, too.
    """
    listed = {(one["project_id"], _value(one)): one for one in existing}
    projects: dict[str, dict[str, dict[str, str]]] = {}
    for one in connections:
        if not is_asked(one, for_all) or one["phase"] != AVAILABLE:
            continue
        comment, entries = comment_for(one), projects.setdefault(one["project_id"], {})
        for entry in map(parse_name, names(one) or ()):
            ((key, name),) = entry.values.items()
            known = listed.get((one["project_id"], name))
            if known is None or is_ours(known, comment):
                entries.setdefault(name, {key: name, "comment": comment})
    return _by_project(projects)


def removals(
    connections: Iterable[Connection], existing: Sequence[Record], remaining: Iterable[Connection], for_all: bool
) -> list[dict[str, Any]]:
    """Return the entries to delete, by project: those added for networks of which no connection remains.

    Args:
        connections: Results of the connections to delete, with what they declare in `KEY`.
        existing: The entries of their projects.
        remaining: All other connections of these projects.
        for_all: Whether connections without `KEY` ask for entries, too.
    """
    needed = {(one["project_id"], comment_for(one).casefold()) for one in remaining}
    projects: dict[str, dict[str, dict[str, str]]] = {}
    for one in connections:
        comment = comment_for(one)
        if is_asked(one, for_all) and (one["project_id"], comment.casefold()) not in needed:
            ours = [it for it in existing if it["project_id"] == one["project_id"] and is_ours(it, comment)]
            entries = projects.setdefault(one["project_id"], {})
            entries.update({_value(it): {_key(it): _value(it)} for it in ours})
    return _by_project(projects)


def is_ours(entry: Record, comment: str) -> bool:
    """Report whether an entry was added for a network with this comment."""
    return str(entry["comment"]).casefold() == comment.casefold()


def _key(entry: Record) -> str:
    return "cidr_block" if entry["cidr_block"] else "aws_security_group"


def _value(entry: Record) -> str:
    """Return the block or group of an entry, without host bits that Atlas may have kept in its ID."""
    return str(entry[_key(entry)])


def _by_project(projects: Mapping[str, Mapping[str, dict[str, str]]]) -> list[dict[str, Any]]:
    return [
        {"project_id": project_id, "entries": list(entries.values())}
        for project_id, entries in projects.items()
        if entries
    ]
