# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects by name: the ids that everything else needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.responses import identified
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError


class ProjectResolver:
    """The projects that the caller can see.

    Args:
        client: The session to read through.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._found: dict[str, str | AtlasError] = {}

    def resolve(self, params: Mapping[str, Any]) -> str:
        """Return the id that project_id or project_name mean; a name costs one GET, once.

        Raises:
            InputError: Neither is given, or both are.
            ApiError: There is no such project, as far as the caller can see.
        """
        project_id, name = options.project(params)
        if project_id:
            return project_id
        self.prefetch([name])
        found = self._found[name]
        if isinstance(found, AtlasError):
            raise found
        return found

    def prefetch(self, names: Iterable[str]) -> None:
        """Look up names at once; what goes wrong is raised when somebody asks for an id."""
        new = [name for name in dict.fromkeys(names) if name and name not in self._found]
        self._found.update(zip(new, self._client.each(self._look_up, new)))

    def _look_up(self, name: str) -> str | AtlasError:
        operation = f"find the project named {name!r} among those that {self._client.principal} can see"
        try:
            answer = self._client.get(f"groups/byName/{quote(name, safe='')}", operation)
            return str(identified(answer, operation, name=name)["id"])
        except AtlasError as error:
            return error


def project_options(part: Mapping[str, Any], params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options that say the project of one entry of a list: its own, or else the task's."""
    own = (part.get("project_id"), part.get("project_name"))
    return params if all(map(options.is_empty, own)) else part
