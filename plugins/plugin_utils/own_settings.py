# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What a connection sets for its other side, in place of the variables of the role that acts there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.plugin_utils.variables import check

Spec = Mapping[str, Mapping[str, Any]]


def settings_of(spec: Spec, prefix: str, variables: Mapping[str, Any], not_own: Collection[str] = ()) -> Spec:
    """Return the argument spec of the settings, whose defaults are the variables of the role.

    Args:
        spec: The argument spec of the variables: ``{"atlas_peering_gcp_timeout": {"type": "int"}}``.
        prefix: What their names begin with, and those of the settings do not.
        variables: The variables, checked.
        not_own: Names, without the prefix, of variables that are not about one connection.
    """
    return {
        name.removeprefix(prefix): {**one, "default": variables.get(name)}
        for name, one in spec.items()
        if name.removeprefix(prefix) not in not_own
    }


def own_settings(connection: Mapping[str, Any], key: str, settings: Spec) -> tuple[dict[str, Any], list[str]]:
    """Return the settings of one connection, by their types, and a sentence for each thing that is wrong with them.

    Args:
        connection: The connection.
        key: Its key that has them, the name of the cloud: ``gcp``.
        settings: Their argument spec.
    """
    own = connection.get(key) or {}
    if not isinstance(own, Mapping):
        return {}, [f"{key} is {own!r}, but must be a dictionary."]
    values, problems = check(own, settings)
    unknown = sorted(set(own) - set(settings))
    known = ", ".join(sorted(settings))
    return values, [
        *(f"{key}.{problem}" for problem in problems),
        *(f"{key}.{name} is no setting. Those are {known}." for name in unknown),
    ]
