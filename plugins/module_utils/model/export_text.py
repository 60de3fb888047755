# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Exported connections as YAML that stays the same until the connections change. Pure, no I/O.

The text is written here, since no YAML library is needed for lists of strings, and its style must not depend on the
version of one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from ansible_collections.atlasops.network.plugins.module_utils.model.export import Export, LeftOut

#: By this line an export recognizes a file that it may overwrite.
MARK = "# Exported by atlasops.network.export, which overwrites this file."

#: The variables of the role for the connections and the ID of the project.
_CONNECTIONS, _PROJECT_ID = "atlas_peering_connections", "atlas_peering_project_id"
_WIDTH = 110
#: What YAML reads as a string whatever its version: names that begin with a letter, UUIDs, and CIDR blocks. The IDs of
#: Atlas are in quotes whatever they begin with, because some of them look like numbers.
_PLAIN = re.compile(
    r"(?![0-9a-f]{24}$)[A-Za-z][\w.-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9.]+/[0-9]+", re.ASCII
)
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))


def project_text(project_id: str, content: Export) -> str:
    """Return the variables of one project's host."""
    lines = [
        "---",
        MARK,
        f"{_PROJECT_ID}: {_scalar(project_id)}",
        *_listed(_entries(content, {})),
        *_not_declared(content.left_out),
    ]
    return "\n".join(lines) + "\n"


def list_text(projects: Sequence[tuple[str, str, Export]]) -> str:
    """Return one list of the connections of several projects, each given by its ID, its host and its content."""
    entries: list[str] = []
    left_out: list[str] = []
    for project_id, host, content in projects:
        title = _comment(host)
        if content.connections:
            entries += [f"  {line}" for line in title]
            entries += _entries(content, {"project_id": project_id})
        if content.left_out:
            left_out += [*title, *_not_declared(content.left_out)]
    return "\n".join(["---", MARK, *_listed(entries), *left_out]) + "\n"


def _listed(entries: Sequence[str]) -> list[str]:
    return [f"{_CONNECTIONS}:", *entries] if entries else [f"{_CONNECTIONS}: []"]


def _entries(content: Export, first: Mapping[str, str]) -> list[str]:
    lines = []
    for entry in content.connections:
        options = [f"{name}: {_scalar(value)}" for name, value in {**first, **entry}.items()]
        lines += [f"  - {options[0]}", *(f"    {one}" for one in options[1:])]
    return lines


def _scalar(value: str) -> str:
    """Return a string in YAML, in quotes unless it is certainly read as a string without."""
    is_plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _not_declared(left_out: Sequence[LeftOut]) -> Iterator[str]:
    if left_out:
        yield "# Not declared:"
    for one in left_out:
        record = one.record
        where = record.get("container_region") or record.get("container_id")
        what = f"{record['provider_name']} {record['peer_network']} in {where}, {record['id']}, {record['status']}"
        yield from _comment(f"{what}: {one.reason}", "- ")


def _comment(text: str, bullet: str = "") -> list[str]:
    """Return comment lines with a text, which may be anything that people have entered in Atlas."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    lines = wrap(printable, _WIDTH, initial_indent=bullet, subsequent_indent=" " * len(bullet), break_on_hyphens=False)
    return [f"# {line}" for line in lines]
