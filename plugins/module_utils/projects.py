# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects by name: the ids that everything else needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ansible_collections.atlasops.network.plugins.module_utils import arguments
from ansible_collections.atlasops.network.plugins.module_utils.client import Client


class Projects:
    """The projects that the caller can see.

    Args:
        client: The session to read through.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._ids: dict[str, str] = {}

    def id_of(self, params: Mapping[str, Any]) -> str:
        """Return the id that project_id or project_name mean; a name costs one GET, once.

        Raises:
            InputError: Neither is given, or both are.
            ApiError: There is no such project, as far as the caller can see.
        """
        project_id, name = arguments.project(params)
        if project_id:
            return project_id
        if name not in self._ids:
            self._ids[name] = self._look_up(name)
        return self._ids[name]

    def learn(self, parts: Sequence[Mapping[str, Any]]) -> None:
        """Look up all names in a list at once. Raises ApiError."""
        names = list(dict.fromkeys(str(part["project_name"]).strip() for part in parts if part.get("project_name")))
        self._ids.update(zip(names, self._client.each(self._look_up, names)))

    def _look_up(self, name: str) -> str:
        doing = f"find the project named {name!r} among those that {self._client.caller} can see"
        return str(self._client.get(f"groups/byName/{quote(name, safe='')}", doing)["id"])

    def id_of_part(self, part: Mapping[str, Any], params: Mapping[str, Any]) -> str:
        """Return the id of the project of one entry of a list: its own, or else the task's."""
        own = part.get("project_id") or part.get("project_name")
        return self.id_of(part if own else params)
