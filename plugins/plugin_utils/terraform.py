# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What the filter from_terraform returns. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ansible_collections.atlasops.network.plugins.plugin_utils.terraform_connections import (
    CONTAINER_TYPE,
    PEERING_TYPE,
    LeftOut,
    read_connections,
)
from ansible_collections.atlasops.network.plugins.plugin_utils.terraform_document import Document, read_document
from ansible_collections.atlasops.network.plugins.plugin_utils.terraform_other_side import other_sides

_DELETED = "The plan destroys this {noun}. Pass the state, or plan again without destroying it, to carry it over."
_NOUNS = {PEERING_TYPE: "connection", CONTAINER_TYPE: "container"}


def convert(output: Any) -> dict[str, Any]:
    """Return what is declared for the resources in the parsed output of ``terraform show -json``.

    Raises:
        InputError: It is something else.
    """
    document = read_document(output)
    connections, refused = read_connections(document)
    settings, ignored = other_sides(document, connections)
    return {
        "connections": [dict(one.options) for one in connections],
        "other_side": [{"address": one.resource.address, **side} for one, side in zip(connections, settings)],
        "left_out": [asdict(one) for one in (*refused, *_deleted(document), *ignored)],
        "sensitive": [
            {"address": one.resource.address, "options": one.sensitive} for one in connections if one.sensitive
        ],
    }


def _deleted(document: Document) -> Iterator[LeftOut]:
    for one in document.deleted:
        if one.is_managed and one.type in _NOUNS:
            yield LeftOut(one.address, _DELETED.format(noun=_NOUNS[one.type]))
