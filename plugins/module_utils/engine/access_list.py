# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Bringing the entries of a project's IP access list about, and waiting until they are in effect."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet
from ansible_collections.atlasops.network.plugins.module_utils.engine.access_list_api import AccessListApi
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import FAILED, Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.declarations import parse_each
from ansible_collections.atlasops.network.plugins.module_utils.engine.fleet import FleetResult
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import ProjectSync, SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, option
from ansible_collections.atlasops.network.plugins.module_utils.model import access_list
from ansible_collections.atlasops.network.plugins.module_utils.model.access_list import ACTIVE
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired

_PAUSE = 2.0  # seconds between two polls of the statuses


def parse_entries(params: Mapping[str, Any], client: Client) -> list[Desired]:
    """Parse the option ``entries``, then look up the project if it is given by name.

    Raises:
        InputError: Entries are wrong; no request was sent.
    """
    parsed = parse_each(params, "entries", lambda entry: access_list.parse_entry(entry, ""))
    project_id = ProjectResolver(client).resolve(params)
    return [replace(one, project_id=project_id) for one in parsed]


def sync(
    client: Client, desired: Sequence[Desired], options: SyncOptions, limit: int, wait_timeout: float | None
) -> FleetResult:
    """Create, change or delete the declared entries; the arguments are those of `AccessListSync`."""
    return fleet.sync(client, desired, lambda members: AccessListSync(client, members, options, limit, wait_timeout))


class AccessListSync(ProjectSync):
    """The declared entries of one project.

    Args:
        client: The session to read and write through.
        desired: Entries of the same project.
        options: What to do with them.
        limit: Entries that Atlas allows.
        wait_timeout: Seconds to wait until they are in effect; None not to wait.
    """

    _api: AccessListApi

    def __init__(
        self, client: Client, desired: Sequence[Desired], options: SyncOptions, limit: int, wait_timeout: float | None
    ) -> None:
        super().__init__(AccessListApi(client), desired, options)
        self._peerings = PeeringApi(client)
        self._limit, self._wait_timeout = limit, wait_timeout

    def _check(self) -> Iterator[str]:
        now = datetime.now(timezone.utc)
        yield from access_list.check_declared(self.desired)
        yield from access_list.check_entries(self._changes, self._existing or (), self._limit, now)
        project_id = self.desired[0].project_id
        if access_list.needs_connection(self._changes) and not self._peerings.list(project_id, CLOUDS["AWS"]):
            yield (
                f"aws_security_group is given, but project {project_id} has no peering connection of AWS, which Atlas "
                "requires for security groups. Create one first, and wait until it is available."
            )
        yield from super()._check()

    def _apply_changes(self) -> None:
        super()._apply_changes()
        if self.options.present and self._wait_timeout is not None:
            self.outcomes = self._wait(self.outcomes, time.monotonic() + self._wait_timeout)

    def _wait(self, outcomes: Sequence[Outcome], end: float) -> list[Outcome]:
        """Poll until every entry is in effect, or has failed; return the outcomes with the statuses."""
        while True:
            outcomes = [self._with_status(one) if _is_awaited(one) else one for one in outcomes]
            if not any(map(_is_awaited, outcomes)):
                return outcomes
            if time.monotonic() + _PAUSE > end:
                return [self._late(one) if _is_awaited(one) else one for one in outcomes]
            time.sleep(_PAUSE)

    def _with_status(self, outcome: Outcome) -> Outcome:
        record = outcome.after or {}
        try:
            status = self._api.status(record)
        except AtlasError as error:
            return replace(outcome, action=FAILED, error=error)
        known = replace(outcome, after={**record, "status": status})
        if status != access_list.FAILED:
            return known
        failed = AtlasError(
            f"Atlas failed to apply the {outcome.desired.name}.",
            f"Delete it ({option('state')}: absent), and run the task again to create it anew.",
        )
        return replace(known, action=FAILED, error=failed)

    def _late(self, outcome: Outcome) -> Outcome:
        status = (outcome.after or {})["status"] or "not listed yet"
        error = AtlasError(
            f"The {outcome.desired.name} is not in effect after {self._wait_timeout:g} seconds ({status}).",
            f"Run the task again to continue to wait, or raise {option('wait_timeout')}.",
        )
        return replace(outcome, action=FAILED, error=error)


def _is_awaited(outcome: Outcome) -> bool:
    return not outcome.error and (outcome.after or {}).get("status") != ACTIVE
