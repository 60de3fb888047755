# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait: what it waits for, what it says on the way, and how it ends."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any, Callable

import pytest

from simulator import Simulator
from support.run_playbook import Play, eventually
from support.samples import identity, in_api
from support.tasks import CLOUDS, Options, connection, info, peering, tried, wait

PACE = 60.0  # so slow that a status only changes when a test advances the clock


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": PACE}


def seed(atlas: Simulator, *clouds: str, status: str | None = None, **fields: Any) -> dict[str, str]:
    """Add the example connection of each cloud; return their ids."""
    return {
        cloud: atlas.add_peer(atlas.project_id, cloud, status=status, **in_api(cloud, **fields)) for cloud in clouds
    }


def polls(atlas: Simulator, cloud: str) -> int:
    found = (one for one in atlas.exchanges if one.path.endswith("/peers") and one.status == 200)
    return sum(one.query.get("providerName") == cloud for one in found)


@pytest.mark.smoke
def test_until_available_is_reached(atlas: Simulator, play: Play) -> None:
    """From results of the modules, with a line for each change while it runs."""
    running = play.start(
        *(peering(cloud, connection(cloud), register=cloud.lower()) for cloud in CLOUDS),
        wait("wait", "{{ [aws.peering, azure.peering, gcp.peering] }}", interval=0.1),
    )
    running.await_line(r"00:00  0/3 available · 3 pending$")
    atlas.advance(PACE)
    running.await_line(r"1/3 available · 2 action required")
    aws, azure, gcp = (peer["id"] for peer in atlas.peers())
    pcx = atlas.peers()[0]["connectionId"]
    running.await_line(
        rf"AWS 123456789012/vpc-0f1e2d3c4b5a69788: PENDING_ACCEPTANCE. Accept {pcx} in AWS account 123456789012"
    )
    running.await_line(r"GCP my-project-191923/default: WAITING_FOR_USER. Create a peering from network default .* nt-")
    atlas.reciprocate(gcp)
    running.await_line(r"2/3 available · 1 action required")
    atlas.accept(aws)
    running.await_line(r"2/3 available · 1 pending")
    atlas.advance(PACE)
    running.await_line(r"3/3 available$")
    run = running.finish()

    result = run["wait"]
    assert (run.returncode, result["changed"], result["stop_reason"], result["until"]) == (
        0,
        False,
        "reached",
        "available",
    )
    assert [record["id"] for record in result["peerings"]] == [aws, azure, gcp]
    assert [record["phase"] for record in result["peerings"]] == ["available"] * 3
    assert result["polls"] == polls(atlas, "AWS") - 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", result["deadline"])


def test_until_action_required_and_absent_are_reached(atlas: Simulator, play: Play) -> None:
    seed(atlas, *CLOUDS)
    everything = [identity(cloud) for cloud in CLOUDS]
    running = play.start(
        wait("act", everything, until="action_required", interval=0.1),
        *(peering(f"delete {cloud}", {**identity(cloud), "state": "absent"}) for cloud in CLOUDS),
        wait("gone", everything, until="absent", interval=0.1),
        wait("still gone", everything, until="absent"),
    )
    running.await_line(r"0/3 ready for the other side · 3 pending")
    atlas.advance(PACE)
    running.await_line(r"3/3 ready for the other side$")
    running.await_line(r"0/3 absent · 3 deleting")
    atlas.advance(PACE)
    run = running.finish()
    assert run.returncode == 0, run.output
    assert [record["phase"] for record in run["act"]["peerings"]] == ["action_required", "available", "action_required"]
    assert [record["phase"] for record in run["gone"]["peerings"]] == ["absent"] * 3
    assert [record["peer_network"] for record in run["gone"]["peerings"]] == [
        "123456789012/vpc-0f1e2d3c4b5a69788",
        "8dec2d92-478d-bc50-cf99-d31b9e90a1c7/app-vnet",
        "my-project-191923/default",
    ]
    assert run["still gone"]["polls"] == 1


@pytest.mark.parametrize("act", ["reject", pytest.param("expire", marks=pytest.mark.slow), "fail"])
def test_failed_connection_ends_wait(act: str, atlas: Simulator, play: Play) -> None:
    ids = seed(atlas, "AWS", "AZURE")
    running = play.start(wait("wait", [identity("AZURE"), identity("AWS")], interval=0.1))
    running.await_line(r"0/2 available · 2 pending")
    atlas.advance(PACE if act != "fail" else 0)
    if act == "fail":
        atlas.fail(ids["AZURE"], "The service principal has no role on app-vnet.")
    else:
        running.await_line(r"1/2 available · 1 action required")
        getattr(atlas, act)(ids["AWS"])
    run = running.finish()
    msg = run.msg("wait")
    assert run["wait"]["stop_reason"] == "failure"
    assert "at least one never will be" in msg
    assert "run the task again" in msg
    said = {
        "reject": "[failed] AWS 123456789012/vpc-0f1e2d3c4b5a69788: FAILED (REJECTED). "
        "The owner of AWS account 123456789012 rejected it",
        "expire": "[failed] AWS 123456789012/vpc-0f1e2d3c4b5a69788: FAILED (EXPIRED). Nobody accepted it within",
        "fail": "[failed] AZURE 8dec2d92-478d-bc50-cf99-d31b9e90a1c7/app-vnet: FAILED "
        "(The service principal has no role on app-vnet.). If the error names no reason, check that app-vnet is in",
    }
    assert said[act] in msg
    if act == "fail":
        assert "[pending] AWS 123456789012/vpc-0f1e2d3c4b5a69788: INITIATING" in msg
    phases = {record["provider_name"]: record["phase"] for record in run["wait"]["peerings"]}
    assert phases[{"fail": "AZURE"}.get(act, "AWS")] == "failed"


def test_phase_that_cannot_reach_target_ends_wait_at_once(atlas: Simulator, play: Play) -> None:
    ids = seed(atlas, "AWS", status="TERMINATING")
    stuck = atlas.add_peer(atlas.project_id, "AZURE", status="DELETION_FAILED", error="In use.", **in_api("AZURE"))
    run = play(
        *tried(
            wait("deleting", [identity("AWS")]),
            wait("deletion failed", [{"peer_id": stuck}], until="absent"),
        )
    )
    for task, words in {
        "deleting": "[deleting] AWS 123456789012/vpc-0f1e2d3c4b5a69788: TERMINATING. It is being deleted: wait until",
        "deletion failed": "AZURE 8dec2d92-478d-bc50-cf99-d31b9e90a1c7/app-vnet: DELETION_FAILED (In use.)",
    }.items():
        assert words in run.msg(task)
        assert (run[task]["stop_reason"], run[task]["polls"], run[task]["failure"]["kind"]) == (
            "failure",
            1,
            "StateError",
        )
    assert run["deleting"]["peerings"][0]["id"] == ids["AWS"]


def test_missing_connection_is_waited_for(atlas: Simulator, play: Play) -> None:
    run = play(
        *tried(
            wait("nothing there", [identity("GCP")], wait_timeout=1),
            wait("no such id", [{"peer_id": "0" * 24}], wait_timeout=1),
            wait("no such place", [{**identity("AWS"), "container_region": "EU_WEST_2"}], wait_timeout=1),
        )
    )
    for task, words in {
        "nothing there": "[absent] GCP my-project-191923/default: absent",
        "no such id": "[absent] connection 000000000000000000000000: absent",
        "no such place": f"absent. Project {atlas.project_id} has no AWS container in EU_WEST_2: create it, or correct",
    }.items():
        assert words in run.msg(task)
        assert (run[task]["stop_reason"], run[task]["failure"]["kind"]) == ("deadline", "DeadlineError")


def test_lagging_list_does_not_end_wait(make_atlas: Callable[..., Simulator], tmp_path: Path) -> None:
    """A connection that was just created is no failure because it is not listed yet."""
    lag = 1000.0  # only the test ends it
    atlas = make_atlas(pace=0.0, list_lag_seconds=lag)
    atlas.advance(lag)
    running = Play(tmp_path, atlas.environment()).start(
        peering("create", connection("AZURE"), register="azure"),
        wait("by id", ["{{ azure.peering }}"], interval=0.2),
        peering("delete", {"peer_id": "{{ azure.peering.id }}", "state": "absent"}),
        wait("gone", ["{{ azure.peering }}"], until="absent", interval=0.2),
        peering("create again", connection("AZURE")),
        wait("by identity", [identity("AZURE")], interval=0.2),
    )
    running.await_line("0/1 available · 1 absent")
    atlas.advance(lag)
    run = running.finish()
    assert run.returncode == 0, run.output
    assert [run[task]["peerings"][0]["phase"] for task in ("by id", "gone", "by identity")] == [
        "available",
        "absent",
        "available",
    ]


def test_container_region_distinguishes_connections_of_one_vpc(atlas: Simulator, play: Play) -> None:
    """By the regions of their containers: as declared, and as results."""
    containers = [atlas.containers["AWS"], atlas.add_container(atlas.project_id, "AWS", "EU_WEST_1")]
    for container in containers:
        atlas.add_peer(atlas.project_id, "AWS", **in_api("AWS", container_id=container))
    atlas.advance(PACE)
    regions = [{**identity("AWS"), "container_region": region} for region in ("us-east-1", "EU_WEST_1")]
    run = play(
        {**wait("by region", regions, until="action_required"), "register": "waited"},
        wait("fed back", "{{ waited.peerings }}", until="action_required"),
        *tried(wait("not told", [identity("AWS")], until="action_required")),
        *tried(wait("deadline", regions, wait_timeout=1)),
    )
    assert [one["container_id"] for one in run["by region"]["peerings"]] == containers
    assert run["fed back"]["peerings"] == run["by region"]["peerings"]
    assert "AWS 123456789012/vpc-0f1e2d3c4b5a69788 in EU_WEST_1: PENDING_ACCEPTANCE. Accept pcx-" in run.stdout
    first, second = (one["id"] for one in run["by region"]["peerings"])
    assert f"{first} (PENDING_ACCEPTANCE, US_EAST_1), {second} (PENDING_ACCEPTANCE, EU_WEST_1)" in run.msg("not told")
    assert run["not told"]["failure"]["problems"][0]["failure"]["kind"] == "PlanError"
    names = [problem["connection"] for problem in run["deadline"]["failure"]["problems"]]
    assert names == [f"AWS 123456789012/vpc-0f1e2d3c4b5a69788 in {region}" for region in ("US_EAST_1", "EU_WEST_1")]


def test_connection_deleted_meanwhile_ends_wait(atlas: Simulator, play: Play) -> None:
    ids = seed(atlas, "AWS", "GCP")
    running = play.start(wait("wait", [identity("AWS"), {"peer_id": ids["GCP"]}], interval=0.1))
    running.await_line("0/2 available · 2 pending")
    play(peering("delete", {**identity("GCP"), "state": "absent"}))
    msg = running.finish().msg("wait")
    assert "[deleting] GCP my-project-191923/default: DELETING" in msg


def test_deadline_names_each_connection_not_available(atlas: Simulator, play: Play) -> None:
    seed(atlas, "AZURE", "GCP")
    atlas.advance(PACE)
    seed(atlas, "AWS")
    seed(
        atlas, "AWS", status="PENDING_ACCEPTANCE", vpc_id="vpc-00000000000000002", route_table_cidr_block="10.16.0.0/16"
    )
    desired = [
        *(identity(cloud) for cloud in CLOUDS),
        {**identity("AWS"), "vpc_id": "vpc-00000000000000002", "accepter_region_name": "us-east-1"},
    ]
    run = play(wait("wait", desired, wait_timeout=1, interval=0.3), args=["--forks=1"])
    msg = run.msg("wait")
    assert run.returncode != 0
    assert run["wait"]["stop_reason"] == "deadline"
    assert run["wait"]["elapsed"] >= 1
    assert re.match(r"1 of 4 connections are available after 00:\d\d; the time is up\.", msg)
    assert "[pending] AWS 123456789012/vpc-0f1e2d3c4b5a69788: INITIATING." in msg
    assert re.search(
        r"\[action required\] AWS 123456789012/vpc-00000000000000002: PENDING_ACCEPTANCE. Accept pcx-\w+ in", msg
    )
    assert "[action required] GCP my-project-191923/default: WAITING_FOR_USER. Create a peering" in msg
    assert "Nothing was changed: run the task again" in msg
    assert atlas.writes() == []


def test_check_mode_polls_once(atlas: Simulator, play: Play) -> None:
    seed(atlas, "AZURE")
    atlas.add_peer(atlas.project_id, "AWS", status="FAILED", error="REJECTED", **in_api("AWS"))
    run = play(
        wait("pending", [identity("AZURE")]),
        wait("failed", [identity("AWS")]),
        wait("absent", [identity("GCP")]),
        peering("create", connection("GCP"), register="predicted"),
        wait("predicted", ["{{ predicted.peering }}"], until="action_required"),
        args=["--check"],
    )
    assert run.returncode == 0, run.output
    phases = {"pending": "pending", "failed": "failed", "absent": "absent", "predicted": "absent"}
    for task, phase in phases.items():
        assert (run[task]["polls"], run[task]["stop_reason"]) == (1, "check_mode")
        assert [record["phase"] for record in run[task]["peerings"]] == [phase]


def test_check_mode_fails_if_connection_is_unreadable(atlas: Simulator, play: Play) -> None:
    """Neither where Atlas was asked too often nor where it does not answer in time."""
    seed(atlas, "AZURE")
    throttled = atlas.add_project("throttled")
    atlas.fault("GET", f"{throttled}/peers", times=None, status=429)
    atlas.fault("GET", "byName", times=None, delay=20)
    silent = {**identity("AZURE"), "project_name": "silent"}
    run = play(
        *tried(
            wait("throttled", [{**identity("AZURE"), "project_id": throttled}, identity("AZURE")]),
            wait("silent", [silent, identity("AZURE")], wait_timeout=1, timeout=30),
        ),
        args=["--check"],
    )
    for task, words in {"throttled": "Atlas answered HTTP 429", "silent": "Atlas did not answer in time."}.items():
        assert "not all connections could be checked" in run.msg(task)
        assert words in run.msg(task)
        assert (run[task]["polls"], run[task]["stop_reason"]) == (1, "check_mode")
        assert [record["phase"] for record in run[task]["peerings"]] == [None, "pending"]
        assert [bool(record["failure"]) for record in run[task]["peerings"]] == [True, False]


def test_transient_errors_do_not_end_wait(atlas: Simulator, play: Play) -> None:
    """Errors after the first look are told once and outlived; the last one is told at the deadline."""
    (aws,) = seed(atlas, "AWS").values()
    running = play.start(
        wait("wait", [identity("AWS")], interval=0.1, retry_timeout=0),
        *tried(
            wait("deadline", [identity("GCP")], until="action_required", interval=0.1, wait_timeout=1, retry_timeout=0)
        ),
    )
    running.await_line("0/1 available · 1 pending")
    for trouble in ({"status": 500}, {"status": 429}, {"drop": True}, {"status": 200, "body": "<html>Login</html>"}):
        atlas.fault("GET", "/peers", times=2, **trouble)
    running.await_line("Atlas answered HTTP 500.* Retrying")
    running.await_line("Atlas answered HTTP 429.* Retrying")
    running.await_line("the connection broke.* Retrying")
    running.await_line("is not the JSON that Atlas sends.* Retrying")
    seed(atlas, "GCP")
    atlas.advance(PACE)
    atlas.accept(aws)
    atlas.advance(PACE)
    running.await_line("1/1 ready for the other side")
    run = running.finish()
    assert run["wait"]["stop_reason"] == "reached"
    assert run.stdout.count("Retrying") == 4


def test_final_error_ends_wait(atlas: Simulator, play: Play) -> None:
    ids = seed(atlas, "AWS")
    running = play.start(wait("wait", [identity("AWS")], interval=0.1))
    running.await_line("0/1 available · 1 pending")
    atlas.fault("GET", "/peers", times=None, status=403)
    run = running.finish()
    assert "Atlas answered HTTP 403" in run.msg("wait")
    assert "Project Read Only" in run.msg("wait")
    result = run["wait"]
    assert (result["stop_reason"], result["failure"]["status"]) == ("failure", 403)
    (record,) = result["peerings"]
    assert (record["id"], record["phase"], record["failure"]["status"]) == (ids["AWS"], "pending", 403)
    assert "HTTP 403" in record["error"]


def test_project_with_final_error_does_not_end_wait_for_others(atlas: Simulator, play: Play) -> None:
    """Neither one that cannot be asked any more nor one that cannot be found."""
    other = atlas.add_project("other")
    there = atlas.add_peer(other, "GCP", status="AVAILABLE")
    seed(atlas, "AZURE")
    lost = atlas.add_project("lost")
    atlas.add_peer(lost, "GCP", **in_api("GCP", container_id=None))
    running = play.start(
        wait(
            "wait",
            [
                {**identity("GCP"), "project_name": "nowhere"},
                {**identity("GCP"), "project_id": lost},
                identity("AZURE"),
                {"peer_id": there, "project_name": "other"},
            ],
            interval=0.1,
        )
    )
    running.await_line("Could not find the project named 'nowhere' .* Still waiting for the others.")
    running.await_line("1/4 available · 2 pending · 1 unknown")
    atlas.fault("GET", f"{lost}/peers", times=None, status=403, body={"errorCode": "USER_UNAUTHORIZED"})
    running.await_line(f"project {lost}: Atlas answered HTTP 403 USER_UNAUTHORIZED. Still waiting for the others.")
    atlas.advance(PACE)
    run = running.finish()
    assert run["wait"]["stop_reason"] == "failure"
    assert [record["phase"] for record in run["wait"]["peerings"]] == [None, "pending", "available", "available"]
    assert [bool(record["failure"]) for record in run["wait"]["peerings"]] == [True, True, False, False]
    assert [run.msg("wait").count(code) for code in ("GROUP_NAME_NOT_FOUND", "USER_UNAUTHORIZED")] == [1, 1]
    assert "2 of 4 connections are available" in run.msg("wait")


@pytest.mark.parametrize("project", [{}, pytest.param({"project_name": "peering-playground"}, marks=pytest.mark.slow)])
def test_deadline_and_heartbeat_hold_without_response(atlas: Simulator, play: Play, project: Options) -> None:
    """The first look hangs, be it at the project's name."""
    atlas.fault("GET", "byName" if project else "/peers", times=None, delay=20)
    result, said = stalled_wait(play, {**identity("AWS"), **project})
    assert said.count("0/1 available · 1 unknown") >= 2
    assert result["peerings"][0]["phase"] is None


@pytest.mark.parametrize("fault", [{"stall": 20}, pytest.param({"drip": 1}, marks=pytest.mark.slow)], ids="".join)
def test_deadline_and_heartbeat_hold_during_endless_response(
    atlas: Simulator, play: Play, fault: dict[str, Any]
) -> None:
    """A later look hangs, and what was seen before is still known."""
    seed(atlas, "AWS")
    atlas.fault("GET", "/peers", times=None, skip=2, **fault)  # the challenge, and one answer
    result, said = stalled_wait(play, identity("AWS"))
    assert said.count("0/1 available · 1 pending") >= 2
    assert result["peerings"][0]["phase"] == "pending"


def stalled_wait(play: Play, entry: Options) -> tuple[dict[str, Any], str]:
    """Wait for four seconds while Atlas does not answer; return the result, and what was said once a second."""
    run = play(wait("wait", [entry], wait_timeout=4, heartbeat=1, interval=0.1, timeout=30))
    result: dict[str, Any] = run["wait"]
    assert 4 <= result["elapsed"] < 20, "the timeout of a request does not matter"
    assert (result["stop_reason"], result["failure"]["kind"]) == ("deadline", "DeadlineError")
    assert "Atlas did not answer in time" in run.msg("wait")
    return result, run.stdout


def test_access_token_that_may_expire_warns(atlas: Simulator, play: Play) -> None:
    """In a line of progress at once, since warnings of a result are shown at the end."""
    seed(atlas, "AZURE")
    running = play.start(
        wait("wait", [identity("AZURE")], interval=0.1),
        environment=atlas.environment("access_token"),
        expected="An access token is valid",
    )
    running.await_line(
        "An access token is valid for one hour from its creation, and this wait may take up to 7200 seconds"
    )
    atlas.advance(PACE)
    run = running.finish()
    assert [text[:15] for text in run["wait"]["warnings"]] == ["An access token"]
    assert (run.stdout.count("An access token is valid"), run.stderr.count("An access token is valid")) == (1, 1)


def test_revoked_service_account_token_is_replaced(atlas: Simulator, play: Play) -> None:
    seed(atlas, "AZURE")
    running = play.start(
        wait("wait", [identity("AZURE")], interval=0.1), environment=atlas.environment("service_account")
    )
    running.await_line("0/1 available · 1 pending")
    atlas.revoke_tokens()
    atlas.advance(PACE)
    assert running.finish()["wait"]["stop_reason"] == "reached"


def test_deadline_names_last_error(atlas: Simulator, play: Play) -> None:
    seed(atlas, "AWS")
    atlas.fault("GET", "/peers", skip=1, times=None, status=503)
    run = play(wait("wait", [identity("AWS")], interval=0.1, wait_timeout=1))
    assert run["wait"]["stop_reason"] == "deadline"
    assert "[pending] AWS" in run.msg("wait")
    assert re.search("The last poll failed: Could not list .* HTTP 503", run.msg("wait"))


def test_poll_is_one_request_per_cloud(atlas: Simulator, play: Play) -> None:
    desired: list[Options] = [
        *({**identity("AWS"), "vpc_id": f"vpc-{n:017x}"} for n in range(10)),
        *({**identity("AZURE"), "vnet_name": f"net-{n}"} for n in range(10)),
    ]
    for entry in desired:
        seed(atlas, entry["provider_name"], **entry)
    running = play.start(
        wait("wait", desired, until="action_required", interval=0.1), environment=atlas.environment("service_account")
    )
    running.await_line("0/20 ready for the other side · 20 pending")
    eventually("third poll", lambda: polls(atlas, "AWS") >= 3)
    atlas.advance(PACE)
    result = running.finish()["wait"]
    told = Counter((one.method, one.path.rpartition("/")[2], one.query.get("providerName")) for one in atlas.exchanges)
    count = result["polls"]
    assert told == {("POST", "token", None): 1, ("GET", "peers", "AWS"): count, ("GET", "peers", "AZURE"): count}
    assert [record["peer_network"] for record in result["peerings"]] == [
        *(f"123456789012/vpc-{n:017x}" for n in range(10)),
        *(f"8dec2d92-478d-bc50-cf99-d31b9e90a1c7/net-{n}" for n in range(10)),
    ]


def test_change_is_seen_by_next_poll(atlas: Simulator, play: Play) -> None:
    seed(atlas, "AZURE")
    running = play.start(wait("wait", [identity("AZURE")], interval=0.5))
    running.await_line("0/1 available · 1 pending")
    changed = atlas.advance(PACE)
    assert running.finish()["wait"]["stop_reason"] == "reached"
    # Another one may have been under way when it changed.
    assert sum(one.time >= changed for one in atlas.exchanges) <= 2


def test_environment_and_module_defaults_apply(atlas: Simulator, play: Play) -> None:
    """As modules do: the play's and the task's environment, module_defaults of the group and of its own."""
    seed(atlas, "AZURE", status="AVAILABLE")
    key, account, token = (atlas.environment(kind) for kind in ("api_key", "service_account", "access_token"))
    nothing = {"MONGODB_ATLAS_PROJECT_ID": "", "MONGODB_ATLAS_BASE_URL": ""}
    place = {"base_url": atlas.url, "group_id": atlas.project_id}
    azure, elsewhere = identity("AZURE"), {**identity("AZURE"), "project_id": atlas.project_id}
    tasks = [
        {**wait("task", [azure]), "environment": account},
        {**wait("empty", [azure], **place), "environment": {**key, **nothing}},
        wait("option", [azure], access_token=token["MONGODB_ATLAS_ACCESS_TOKEN"], **place),
        {**wait("project of the connection", [elsewhere]), "environment": {**token, "MONGODB_ATLAS_PROJECT_ID": ""}},
        *tried(wait("after", [azure])),
    ]
    nowhere = {"MONGODB_ATLAS_BASE_URL": "http://127.0.0.1:9"}
    run = play(*tasks, environment=nowhere, module_defaults={"group/atlasops.network.atlas": {"timeout": 5}})
    assert {entry["task"]: entry["outcome"] for entry in run.results} == {
        "task": "ok",
        "empty": "ok",
        "option": "ok",
        "project of the connection": "ok",
        "after": "failed",  # the environment of the tasks before is not in force any more
    }
    principals = [one.principal for one in atlas.exchanges if one.status == 200]
    assert principals == [atlas.client_id] * 2 + [atlas.public_key] + [atlas.client_id] * 2


def test_module_defaults_of_the_group_apply(atlas: Simulator, play: Play) -> None:
    seed(atlas, "AZURE", status="AVAILABLE")
    options = {"base_url": atlas.url, "project_id": atlas.project_id}
    secret = {"client_id": atlas.client_id, "client_secret": atlas.client_secret}
    run = play(
        wait("wait", [identity("AZURE")]),
        info("read"),
        environment={},
        module_defaults={"group/atlasops.network.atlas": {**options, **secret}},
    )
    assert run.returncode == 0, run.output
    assert run["wait"]["stop_reason"] == "reached"


def test_connections_accept_results_ids_and_identities(atlas: Simulator, play: Play) -> None:
    ids = seed(atlas, *CLOUDS, status="AVAILABLE")
    other = atlas.add_project("other")
    there = atlas.add_peer(other, "GCP", status="AVAILABLE")
    run = play(
        info("read", register="read"),
        wait("records", "{{ read.peerings }}"),
        wait("ids", [{"id": ids["AWS"]}, {"peer_id": ids["GCP"], "provider_name": "GCP"}]),
        wait("other project", [{"peer_id": there, "project_id": other}, {"id": ids["AZURE"]}]),
        wait("the same twice", [identity("AWS"), identity("AWS")]),
        wait("nothing", []),
    )
    assert run.returncode == 0, run.output
    names = ("records", "ids", "other project", "the same twice", "nothing")
    assert [[record["id"] for record in run[name]["peerings"]] for name in names] == [
        list(ids.values()),
        [ids["AWS"], ids["GCP"]],
        [there, ids["AZURE"]],
        [ids["AWS"]] * 2,
        [],
    ]
    assert [record["project_id"] for record in run["other project"]["peerings"]] == [other, atlas.project_id]


def test_wait_runs_on_controller(atlas: Simulator, play: Play) -> None:
    """Once for each host, which need not even be reachable; in the background it cannot say anything."""
    seed(atlas, "AZURE", status="AVAILABLE")
    task = wait("wait", [identity("AZURE")])
    run = play(task, hosts="all", args=["--inventory", "one.invalid,two.invalid"])
    assert run.returncode == 0, run.output
    assert [entry["outcome"] for entry in run.results] == ["ok", "ok"]
    run = play({**task, "async": 10, "poll": 1})
    assert "does not support async" in run.msg("wait")


def test_invalid_options_fail(atlas: Simulator, play: Play) -> None:
    aws = identity("AWS")
    wrong = [
        ("vpcid", wait("unknown key", [{**aws, "vpcid": "vpc-1"}])),
        ("aws_account_id is missing", wait("half an identity", [{**aws, "aws_account_id": ""}])),
        ("provider_name is missing", wait("no cloud", [{"vnet_name": "app-vnet"}])),
        ("AWS, AZURE, GCP", wait("wrong cloud", [{**aws, "provider_name": "Aws"}])),
        ("peer_id is '12', but must be the 24 hexadecimal", wait("malformed id", [{"peer_id": "12"}])),
        ("connections", wait("not a list", "vpc-1")),
        ("connections", {"name": "no connections", "atlasops.network.atlas_peering_wait": {}}),
        ("available, action_required, absent", wait("until", [aws], until="ready")),
        ("wait_timeout is 0, but it must be more than 0", wait("wait_timeout", [aws], wait_timeout=0)),
        ("interval is -1.0, but it must be more than 0", wait("interval", [aws], interval=-1)),
        ("waittimeout", wait("unknown option", [aws], waittimeout=1)),
        ("wait_timeout", wait("words for a number", [aws], wait_timeout="soon")),
    ]
    run = play(*tried(*(task for _words, task in wrong)))
    unclear = [run.msg(task["name"]) for words, task in wrong if words not in run.msg(task["name"])]
    assert unclear == []
    assert atlas.exchanges == []
