# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that never come: what is asked again, what is looked for, and what is made only once.

Each case has a project of its own, so that one run can hold many.
"""

from __future__ import annotations

from typing import Any, Callable

import pytest

from simulator import Simulator
from support.run_playbook import Play, eventually
from support.samples import identity, in_api
from support.tasks import CLOUDS, Options, absent, connection, info, peering, tried, wait

OTHER_BLOCK = "10.16.0.0/16"
EMPTY_PAGE = {"links": [], "results": [], "totalCount": 0}
LOST: dict[str, Options] = {
    "drop": {"drop": True},
    "500": {"status": 500},
    "truncated": {"truncate": True},
    "html": {"status": 200, "body": "<html>Welcome to the proxy</html>"},
    "502 in HTML": {"status": 502, "body": "<html>Bad Gateway</html>"},
}
AGAIN: dict[str, Options] = {
    "500": {"status": 500},
    "503": {"status": 503, "headers": {"Retry-After": "1"}},
    "429": {"status": 429, "headers": {"Retry-After": "1"}},
    "drop": {"drop": True},
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
    def identity(self) -> Options:
        return {"project_id": self.project_id, **identity(self.cloud)}

    @property
    def writes(self) -> list[tuple[str, int | None]]:
        return [(write.method, write.status) for write in self._atlas.writes() if self.project_id in write.path]

    @property
    def peers(self) -> list[dict[str, Any]]:
        return self._atlas.peers(self.project_id)


@pytest.fixture
def cases(atlas: Simulator) -> Callable[..., list[Case]]:
    """Make a case for each name."""

    def make(names: Any, cloud: str, **how: Any) -> list[Case]:
        return [Case(atlas, name, cloud, **how) for name in names]

    return make


def methods(case: Case) -> list[str]:
    return [method for method, _status in case.writes]


def test_lost_create_that_took_effect_is_adopted(cases: Callable[..., list[Case]], play: Play) -> None:
    lost = cases(LOST, "GCP")
    for case in lost:
        case.fault("POST", applied=True, **LOST[case.name])
    run = play(*(peering(case.name, case.desired()) for case in lost))
    assert run.returncode == 0, run.output
    for case in lost:
        assert run[case.name]["changed"] is True
        assert run[case.name]["peering"]["id"] == case.peers[0]["id"]
        assert run[case.name]["diff"]["before"] == {}
        assert methods(case) == ["POST"]


@pytest.mark.smoke
def test_lost_create_without_effect_is_not_retried(cases: Callable[..., list[Case]], play: Play) -> None:
    lost = cases(("drop", "500", "502 in HTML"), "AZURE")
    for case in lost:
        case.fault("POST", **LOST[case.name])
    run = play(*tried(*(peering(case.name, case.desired()) for case in lost)))
    for case in lost:
        assert "Could not create the AZURE peering connection azure_subscription_id=8dec2d92" in run.msg(case.name)
        assert "run the task again" in run.msg(case.name)
        assert methods(case) == ["POST"]
        assert case.peers == []


def test_lost_create_reports_first_error_if_second_read_fails(atlas: Simulator, play: Play) -> None:
    atlas.fault("POST", "/peers", applied=True, drop=True)
    atlas.fault("GET", "/peers", skip=1, times=None, status=403)
    run = play(peering("create", connection("AWS")))
    assert "Could not create" in run.msg("create")
    assert "Whether it took effect is unknown: run the task again" in run.msg("create")
    atlas.clear_faults()
    assert play(peering("create", connection("AWS")))["create"]["changed"] is False
    assert [write.method for write in atlas.writes()] == ["POST"]


def test_create_in_progress_is_adopted_by_next_run(atlas: Simulator, play: Play) -> None:
    atlas.fault("POST", "/peers", applied=True, drop=True, delay=1.3)
    run = play(peering("create", connection("AWS", timeout=1)))
    assert "no answer came in time" in run.msg("create")
    assert "Whether it took effect is unknown: run the task again" in run.msg("create")
    eventually("connection", atlas.peers)
    assert play(peering("create", connection("AWS")))["create"]["changed"] is False
    assert [write.method for write in atlas.writes()] == ["POST"]


def test_throttled_writes_are_retried(atlas: Simulator, play: Play) -> None:
    for method in ("POST", "PATCH"):
        atlas.fault(method, "/peers", **AGAIN["429"])
    run = play(
        peering("create", connection("AWS")), peering("update", connection("AWS", route_table_cidr_block=OTHER_BLOCK))
    )
    assert (run["create"]["changed"], run["update"]["changed"]) == (True, True)
    writes = atlas.writes()
    assert [(write.method, write.status) for write in writes] == [
        *(("POST", 429), ("POST", 200)),
        *(("PATCH", 429), ("PATCH", 200)),
    ]
    assert all(second.time - first.time >= 1.0 for first, second in zip(writes[::2], writes[1::2]))
    assert len(atlas.peers()) == 1


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


def test_lost_update_is_adopted_or_fails(cases: Callable[..., list[Case]], play: Play) -> None:
    """Those that happened are found, the one that did not fails; none is repeated."""
    happened = cases(("drop", "500", "truncated"), "AWS", seeded=True)
    (failed,) = cases(("did not happen",), "AWS", seeded=True)
    for case in happened:
        case.fault("PATCH", applied=True, **LOST[case.name])
    failed.fault("PATCH", status=500)
    every = [*happened, failed]
    run = play(*tried(*(peering(case.name, case.desired(route_table_cidr_block=OTHER_BLOCK)) for case in every)))
    for case in happened:
        assert run[case.name]["changed"] is True
        assert run[case.name]["diff"]["before"]["route_table_cidr_block"] == "10.15.0.0/16"
        assert run[case.name]["diff"]["after"] == run[case.name]["peering"]
        assert run[case.name]["peering"]["route_table_cidr_block"] == OTHER_BLOCK
    assert "Could not update" in run.msg(failed.name)
    assert failed.peers[0]["routeTableCidrBlock"] == "10.15.0.0/16"
    assert [methods(case) for case in every] == [["PATCH"]] * 4


@pytest.mark.parametrize("pace", [0.0, 60.0], ids=["gone by then", "still going"])
def test_lost_delete_is_retried(pace: float, make_atlas: Callable[..., Simulator], play: Play) -> None:
    atlas = make_atlas(pace=pace)
    atlas.add_peer(atlas.project_id, "GCP", **in_api("GCP"))
    atlas.fault("DELETE", "/peers", applied=True, drop=True)
    run = play(absent("delete", identity("GCP")), environment=atlas.environment())
    assert run["delete"]["changed"] is True
    assert run["delete"]["peering"]["phase"] == "deleting"
    assert [(write.method, write.status) for write in atlas.writes()] == [
        ("DELETE", None),
        ("DELETE", 409 if pace else 404),
    ]


@pytest.mark.parametrize("credentials", ["service_account", pytest.param("api_key", marks=pytest.mark.slow)])
def test_get_and_delete_are_retried(
    credentials: str, cases: Callable[..., list[Case]], atlas: Simulator, play: Play
) -> None:
    repeated = cases(AGAIN, "AZURE", seeded=True)
    for case in repeated:
        case.fault("GET", **AGAIN[case.name])
        case.fault("DELETE", **AGAIN[case.name])
    run = play(
        *tried(*(absent(case.name, case.identity) for case in repeated)), environment=atlas.environment(credentials)
    )
    assert {case.name: run[case.name].get("msg", "") for case in repeated} == dict.fromkeys(AGAIN, "")
    for case in repeated:
        assert run[case.name]["changed"] is True
        assert methods(case) == ["DELETE", "DELETE"]
        assert case.peers == []


def test_retries_end_with_retry_timeout(cases: Callable[..., list[Case]], atlas: Simulator, play: Play) -> None:
    """Within retry_timeout, and at once where Atlas asks for more patience than there is."""
    ends = cases(("500", "429", "drop", "dropped once, no patience"), "AWS")
    failing, limited, dropping, impatient = ends
    failing.fault("GET", times=None, status=500)
    limited.fault("GET", times=None, status=429, headers={"Retry-After": "3600"})
    dropping.fault("GET", times=None, drop=True)
    impatient.fault("GET", drop=True)
    run = play(
        *tried(
            info(failing.name, {"project_id": failing.project_id, "retry_timeout": 2}),
            info(limited.name, {"project_id": limited.project_id, "retry_timeout": 2}),
            info(dropping.name, {"project_id": dropping.project_id, "retry_timeout": 1}),
            info(impatient.name, {"project_id": impatient.project_id, "retry_timeout": 0}),
        ),
        environment=atlas.environment("access_token"),
    )
    assert "Atlas answered HTTP 500" in run.msg(failing.name)
    assert "Atlas answered HTTP 429" in run.msg(limited.name)
    for case in (dropping, impatient):
        assert "the connection broke before the answer was complete" in run.msg(case.name)
    counts = [sum(case.project_id in one.path for one in atlas.exchanges) for case in ends]
    assert 3 <= counts[0] <= 6
    assert 2 <= counts[2] <= 4
    assert (counts[1], counts[3]) == (1, 1)


def test_failed_read_is_never_treated_as_absent(cases: Callable[..., list[Case]], atlas: Simulator, play: Play) -> None:
    refused = cases(("401", "403", "500"), "AWS", seeded=True)
    tasks = []
    for case in refused:
        case.fault("GET", times=None, status=int(case.name))
        by_id = {"project_id": case.project_id, "peer_id": case.peers[0]["id"]}
        tasks += [
            peering(f"{case.name}: create", case.desired()),
            peering(f"{case.name}: create in check mode", case.desired(), check_mode=True),
            absent(f"{case.name}: delete", case.identity),
            info(f"{case.name}: read by id", by_id),
            wait(f"{case.name}: wait", [case.identity], until="absent"),
            wait(f"{case.name}: wait by id", [by_id], until="absent"),
        ]
    defaults = {"group/atlasops.network.atlas": {"retry_timeout": 0}}
    run = play(*tried(*tasks), module_defaults=defaults)
    for task in tasks:
        status = int(task["name"].partition(":")[0])
        assert f"Atlas answered HTTP {status}" in run.msg(task["name"])
        assert run[task["name"]]["failure"]["status"] == status
    assert atlas.writes() == []


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
        assert "Set container_id or container_region or peer_id to choose one." in run.msg(task["name"])
    assert run["choose"]["peering"]["id"] == ids[0]
    assert [write.path.rpartition("/")[2] for write in atlas.writes()] == [ids[1]]
