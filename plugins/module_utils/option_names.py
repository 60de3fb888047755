# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What options are called where the user sets them, so that messages name what can be written down there.

A role passes the names of its variables as ``option_names``. They hold for the whole process, whose only task this is,
and for all of its threads. Only names are replaced, where a message is made: no value is ever looked into.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

#: Documented in the fragment ``atlasops.network.atlas.names``.
NAMES_SPEC: Mapping[str, Mapping[str, Any]] = {"option_names": {"type": "dict"}}

_names: dict[str, str] = {}


class _Options(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return option(name)


def option(name: str) -> str:
    """Return what an option is called: ``recreate_on``, or ``atlas_peering_recreate_on`` under the role."""
    return _names.get(name, name)


def fill_in(template: str, **values: str) -> str:
    """Return a fixed text in which options stand in braces, ``Check {project_id}.``, and some other values."""
    return template.format_map(_Options(values))


@contextlib.contextmanager
def calling(names: Mapping[str, Any] | None) -> Iterator[None]:
    """Let options be called by other names meanwhile."""
    before = dict(_names)
    _names.update({name: str(one) for name, one in (names or {}).items()})
    try:
        yield
    finally:
        _names.clear()
        _names.update(before)
