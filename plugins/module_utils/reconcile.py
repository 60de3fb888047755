# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look, plan, apply: the one place that reads and writes peering connections and decides ``changed``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import peering
from ansible_collections.atlasops.network.plugins.module_utils.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.clouds import Cloud
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Record, Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import ApiError, AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.peering import Step

_ALREADY_EXISTS = ("PEER_ALREADY_EXISTS", "PEER_ALREADY_EXISTS_AZURE", "PEER_ALREADY_EXISTS_GCP")
_ALREADY_GONE = ("PEER_NOT_FOUND", "PEER_ALREADY_REQUESTED_DELETION")


@dataclass(frozen=True)
class Outcome:
    """What became of one wanted connection."""

    wanted: Wanted
    changed: bool
    before: Record | None
    after: Record | None

    def as_result(self) -> dict[str, Any]:
        """Return the part of a module's result that speaks of this connection."""
        return {
            "changed": self.changed,
            "peering": self.after or peering.absent(self.wanted),
            "diff": {"before": self.before or {}, "after": self.after or {}},
        }


class Peers:
    """The peering connections in Atlas, as records.

    Args:
        client: The session to read and write through.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._containers: dict[str, Mapping[str, Any]] = {}

    def look(self, wanted: Iterable[Wanted]) -> list[Record]:
        """Return the connections among which the wanted ones are: one LIST for each project and cloud."""
        records: list[Record] = []
        wanted = list(wanted)
        for project_id, cloud in dict.fromkeys((one.project_id, one.cloud) for one in wanted):
            if cloud:
                records += self.find(project_id, cloud)
        for one in wanted:
            if not one.cloud and one.peer_id:
                records += self.find_by_id(one.project_id, one.peer_id)
        return records

    def find(self, project_id: str, cloud: Cloud) -> list[Record]:
        """Return a project's connections of one cloud."""
        doing = f"list the {cloud.name} peering connections of project {project_id}"
        # Without providerName Atlas would list those of AWS alone.
        answers = self._client.pages(_path(project_id), doing, providerName=cloud.name)
        return [self._record(answer, project_id) for answer in answers]

    def find_by_id(self, project_id: str, peer_id: str) -> list[Record]:
        """Return the connection with this id, or nothing."""
        doing = f"get peering connection {peer_id} of project {project_id}"
        try:
            return [self._record(self._client.get(_path(project_id, peer_id), doing), project_id)]
        except ApiError as error:
            if error.code != "PEER_NOT_FOUND":
                raise
            return []

    def create(self, step: Step) -> Record:
        """Create a connection and return its record."""
        project_id = step.wanted.project_id
        doing = f"create the {step.wanted.name} in project {project_id}"
        return self._record(self._client.post(_path(project_id), doing, step.payload), project_id)

    def update(self, step: Step, peer_id: str) -> Record:
        """Change a connection in place and return its record."""
        project_id = step.wanted.project_id
        doing = f"update the {step.wanted.name} in project {project_id}"
        return self._record(self._client.patch(_path(project_id, peer_id), doing, step.payload), project_id)

    def delete(self, step: Step, peer_id: str) -> None:
        """Ask for the deletion of a connection; one that is gone or going is fine."""
        project_id = step.wanted.project_id
        try:
            self._client.delete(_path(project_id, peer_id), f"delete the {step.wanted.name} in project {project_id}")
        except ApiError as error:
            if error.code not in _ALREADY_GONE:
                raise

    def _record(self, answer: Mapping[str, Any], project_id: str) -> Record:
        """Normalise an answer, with its container where the next action names something only that one knows."""
        record = peering.normalise(answer, project_id)
        if not peering.wants_container(record):
            return record
        if record["container_id"] not in self._containers:
            doing = f"list the {record['provider_name']} containers of project {project_id}"
            query = {"providerName": record["provider_name"]}
            found = self._client.pages(f"groups/{project_id}/containers", doing, **query)
            self._containers.update({container["id"]: container for container in found})
        return peering.normalise(answer, project_id, self._containers.get(record["container_id"]))


def ensure(client: Client, wanted: Sequence[Wanted], present: bool, check_mode: bool) -> list[Outcome]:
    """Bring the wanted connections into being, or out of it.

    All steps are planned before the first is taken, so that a connection that cannot be had keeps the others
    from being half done. In check mode the outcomes are predicted and nothing is written.

    Raises:
        AtlasError: Something is refused by the plan, by Atlas, or on the way.
    """
    peers = Peers(client)
    found = peers.look(wanted)
    steps = [peering.plan(one, found, present) for one in wanted]
    return [_predict(step) if check_mode else _apply(peers, step) for step in steps]


def _predict(step: Step) -> Outcome:
    return Outcome(step.wanted, step.action != peering.NOTHING, step.before, step.after)


def _apply(peers: Peers, step: Step) -> Outcome:
    if step.action == peering.NOTHING:
        return _predict(step)
    peer_id = str(step.before["id"]) if step.before else ""
    if step.action == peering.DELETE:
        peers.delete(step, peer_id)
        return _predict(step)
    try:
        record = peers.update(step, peer_id) if step.before else peers.create(step)
    except AtlasError as error:
        if not error.outcome_unknown and not (isinstance(error, ApiError) and error.code in _ALREADY_EXISTS):
            raise
        return _look_again(peers, step, error)
    return Outcome(step.wanted, True, step.before, peering.fill_in(step.wanted, record))


def _look_again(peers: Peers, step: Step, error: AtlasError) -> Outcome:
    """Adopt what a write with a lost answer left behind, or what another run created meanwhile; else raise `error`."""
    try:
        found = peers.look([step.wanted])
    except AtlasError:
        raise error from None
    again = peering.plan(step.wanted, found, present=True)
    if again.action != peering.NOTHING:
        raise error
    return Outcome(step.wanted, error.outcome_unknown, step.before, again.after)


def _path(project_id: str, peer_id: str = "") -> str:
    return f"groups/{project_id}/peers" + (f"/{peer_id}" if peer_id else "")
