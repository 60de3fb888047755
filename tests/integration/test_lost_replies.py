# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that never come, and connections that somebody else has created; tests/faults has all other faults.

Each case has a project of its own, so that one run can hold many.
"""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.run_playbook import Play
from support.samples import identity, in_api
from support.tasks import CLOUDS, Options, absent, connection, peering, tried, wait

OTHER_BLOCK = "10.16.0.0/16"
EMPTY_PAGE = {"links": [], "results": [], "totalCount": 0}
LOST: dict[str, Options] = {
    "drop": {"drop": True},
    "500": {"status": 500},
    "502 in HTML": {"status": 502, "body": "<html>Bad Gateway</html>"},
}


class Case:
    """A project with a container of one cloud, and what is wanted there."""

    def __init__(self, atlas: Simulator, name: str, cloud: str, seeded: bool = False, **fields: Any) -> None:
        self._atlas = atlas
        self.name, self.cloud = name, cloud
        self.project_id = atlas.add_project(name, containers=False)
        self._container_id = atlas.add_container(self.project_id, cloud)
        if seeded:
            self.add_peer(**fields)

    def add_peer(self, status: str | None = None, error: str | None = None, **fields: Any) -> str:
        in_place = in_api(self.cloud, container_id=self._container_id, **fields)
        return self._atlas.add_peer(self.project_id, self.cloud, status=status, error=error, **in_place)

    def fault(self, method: str, **details: Any) -> None:
        self._atlas.fault(method, self.project_id, **details)

    def desired(self, **changes: Any) -> Options:
        return connection(self.cloud, project_id=self.project_id, container_id=self._container_id, **changes)

    @property
    def writes(self) -> list[tuple[str, int | None]]:
        return [(write.method, write.status) for write in self._atlas.writes() if self.project_id in write.path]

    @property
    def peers(self) -> list[dict[str, Any]]:
        return self._atlas.peers(self.project_id)


@pytest.mark.smoke
def test_lost_create_without_effect_is_not_retried(atlas: Simulator, play: Play) -> None:
    lost = [Case(atlas, name, "AZURE") for name in LOST]
    for case in lost:
        case.fault("POST", **LOST[case.name])
    run = play(*tried(*(peering(case.name, case.desired()) for case in lost)))
    for case in lost:
        assert "Could not create the AZURE peering connection azure_subscription_id=8dec2d92" in run.msg(case.name)
        assert "run the task again" in run.msg(case.name)
        assert [method for method, _status in case.writes] == ["POST"]
        assert case.peers == []


def test_connection_created_concurrently_is_adopted(atlas: Simulator, play: Play) -> None:
    races = [Case(atlas, cloud, cloud, seeded=True) for cloud in CLOUDS]
    different = Case(atlas, "different", "AWS", seeded=True, route_table_cidr_block=OTHER_BLOCK)
    for case in (*races, different):
        case.fault("GET", status=200, body=EMPTY_PAGE)
    run = play(*tried(*(peering(case.name, case.desired()) for case in (*races, different))))
    for case in races:
        assert run[case.name]["changed"] is False
        assert run[case.name]["peering"]["id"] == case.peers[0]["id"]
    assert "PEER_ALREADY_EXISTS" in run.msg("different")
    assert [case.writes for case in (*races, different)] == [[("POST", 409)]] * 4


def test_several_matches_fail_without_writing(atlas: Simulator, play: Play) -> None:
    ids = [
        atlas.add_peer(atlas.project_id, "GCP", status=status, **in_api("GCP")) for status in ("AVAILABLE", "FAILED")
    ]
    tasks = [
        peering("create", connection("GCP")),
        absent("delete", identity("GCP")),
        wait("wait", [identity("GCP")]),
    ]
    run = play(
        *tried(*tasks),
        peering("choose", {"provider_name": "GCP", "peer_id": ids[0]}),
        absent("delete one", {"provider_name": "GCP", "peer_id": ids[1]}),
    )
    for task in tasks:
        container = f"container {connection('GCP')['container_id']}"
        assert f"{ids[0]} (AVAILABLE, {container}), {ids[1]} (FAILED, {container})" in run.msg(task["name"])
        assert "Set peer_id to choose one." in run.msg(task["name"])
    assert run["choose"]["peering"]["id"] == ids[0]
    assert [write.path.rpartition("/")[2] for write in atlas.writes()] == [ids[1]]
