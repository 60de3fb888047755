# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running the engine as modules do, with errors raised for tests that expect one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet, peerings
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.fleet import FleetResult
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import (
    ContainerSync,
    ProjectSync,
    SyncOptions,
)
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import DesiredPeering
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired


def sync_peerings(client: Client, declared: Sequence[DesiredPeering], options: SyncOptions) -> FleetResult:
    """Bring connections about; raise the error if nothing could be done in the only project."""
    result = peerings.sync(client, declared, options)
    if len(result.projects) == 1 and result.projects[0].error:
        raise result.projects[0].error
    return result


def sync_bare_peerings(
    client: Client, desired: Sequence[Desired], present: bool = True, check_mode: bool = False
) -> Sequence[Outcome]:
    """Bring connections about by what all resource types share, without a look at containers."""
    options = SyncOptions(present, check_mode)
    return fleet.sync(client, desired, lambda members: ProjectSync(PeeringApi(client), members, options)).outcomes


def sync_containers(
    client: Client,
    desired: Sequence[Desired],
    present: bool = True,
    check_mode: bool = False,
    delete_timeout: float = 0.0,
) -> Sequence[Outcome]:
    """Bring containers about."""
    options = SyncOptions(present, check_mode, delete_timeout=delete_timeout)
    return fleet.sync(client, desired, lambda members: ContainerSync(client, members, options)).outcomes


def only(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the only outcome; raise its error if it has failed."""
    (outcome,) = outcomes
    if outcome.error:
        raise outcome.error
    return outcome


class FailedTask(AtlasError):
    """A task that failed, with the result that a playbook would see."""

    def __init__(self, result: Mapping[str, Any]) -> None:
        super().__init__(result["msg"])
        self.result = dict(result)
        self.kind = result["failure"]["kind"]
        self.outcome_unknown = result["failure"].get("outcome_unknown", False)

    def as_result(self) -> dict[str, Any]:
        return self.result


def run_module(plugin: Any, params: Mapping[str, Any], client: Client, check_mode: bool = False) -> dict[str, Any]:
    """Return the result of a module. Raises its error, or FailedTask if its result has failed."""
    return raise_if_failed(plugin.run(params, check_mode, client))


def raise_if_failed(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result, or raise FailedTask if it has failed."""
    if result.get("failed"):
        raise FailedTask(result)
    return result
