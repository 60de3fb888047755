# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing what has failed or differs: recreate_on, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils import change_options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model import connection, resource
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import NO_OP, REPLACE, UPDATE
from simulator import Simulator
from support import samples
from support.engine import sync_peerings
from support.samples import (
    NAMES,
    OPTIONS,
    PEER,
    parse_desired,
    record,
    seed,
)

WORDS = ("failed", "expired", "rejected", "changed")
EVERY_CLOUD = pytest.mark.parametrize("name", NAMES)
# Cloud, status, error, and the only word that replaces it.
AILMENTS: list[tuple[str, str, str | None, str]] = [
    ("AWS", "FAILED", "REJECTED", "rejected"),
    ("AWS", "FAILED", "EXPIRED", "expired"),
    ("AWS", "FAILED", "INVALID_ARGUMENT", "failed"),
    ("AWS", "FAILED", "SOMETHING_NEW", "failed"),
    ("AWS", "FAILED", None, "failed"),
    ("AZURE", "FAILED", "No role.", "failed"),
    ("AZURE", "FAILED", "REJECTED", "failed"),
    ("AZURE", "FAILED", None, "failed"),
    ("AZURE", "DELETION_FAILED", "Try again.", "failed"),
    ("GCP", "FAILED", "No network.", "failed"),
    ("GCP", "FAILED", "EXPIRED", "failed"),
    ("GCP", "FAILED", None, "failed"),
]
HEALTHY = {"AWS": "AVAILABLE", "AZURE": "AVAILABLE", "GCP": "AVAILABLE"}
GOING = {"AWS": "TERMINATING", "AZURE": "DELETING", "GCP": "DELETING"}


def replace_policy(*words: str, timeout: float = 60) -> ReplacePolicy:
    return ReplacePolicy(words, timeout)


# Plans


@pytest.mark.parametrize(("name", "status", "error", "word"), AILMENTS)
def test_recreate_on_replaces_matching_failure_only(name: str, status: str, error: str | None, word: str) -> None:
    found = record(name, status, error)
    assert planning.plan(parse_desired(name), [found], True, replace_policy(word)).action == REPLACE
    assert planning.plan(parse_desired(name), [found], True, replace_policy(*WORDS)).action == REPLACE
    others = [other for other in WORDS if other != word]
    with pytest.raises(PlanError, match="has failed"):
        planning.plan(parse_desired(name), [found], True, replace_policy(*others))


@pytest.mark.parametrize(("name", "status", "error", "word"), AILMENTS)
def test_failed_connection_without_recreate_on_fails_with_hint(
    name: str, status: str, error: str | None, word: str
) -> None:
    with pytest.raises(PlanError) as refusal:
        planning.plan(parse_desired(name), [record(name, status, error)], True)
    assert str(refusal.value).endswith(f" Or set recreate_on: [{word}] to replace it automatically.")


@pytest.mark.parametrize("status", ["AVAILABLE", "POLISHING"])
@EVERY_CLOUD
def test_recreate_on_leaves_available_connection_unchanged(name: str, status: str) -> None:
    assert planning.plan(parse_desired(name), [record(name, status)], True, replace_policy(*WORDS)).action == NO_OP


@EVERY_CLOUD
def test_recreate_on_with_deleting_connection_fails(name: str) -> None:
    with pytest.raises(PlanError, match="is being deleted"):
        planning.plan(parse_desired(name), [record(name, GOING[name])], True, replace_policy(*WORDS))


@EVERY_CLOUD
def test_recreate_on_with_absent_deletes(name: str) -> None:
    change = planning.plan(parse_desired(name), [record(name, "FAILED")], False, replace_policy(*WORDS))
    assert change.action == resource.DELETE


TELLING_APART = [*PEERING.optional_identity, *(f.option for n in NAMES for f in CLOUDS[n].peering.identity)]
FIXED = [
    (n, f.option) for n in NAMES for f in CLOUDS[n].peering.fields if not f.mutable and f.option not in TELLING_APART
]


@pytest.mark.parametrize(("name", "option"), FIXED)
def test_recreate_on_changed_replaces_immutable_difference(name: str, option: str) -> None:
    found = record(name, **{option: samples.OTHER_VALUES[option]})
    change = planning.plan(parse_desired(name), [found], True, replace_policy("changed"))
    assert (change.action, change.before) == (REPLACE, found)
    assert change.payload == planning.plan(parse_desired(name), [], True).payload
    assert change.after == planning.plan(parse_desired(name), [], True).after
    with pytest.raises(PlanError, match="Atlas cannot change this in place"):
        planning.plan(parse_desired(name), [found], True, replace_policy("failed", "expired", "rejected"))


def test_recreate_on_updates_mutable_difference_in_place() -> None:
    found = record("AWS", route_table_cidr_block="10.99.0.0/16")
    assert planning.plan(parse_desired("AWS"), [found], True, replace_policy(*WORDS)).action == UPDATE


def test_recreate_on_changed_replaces_mixed_differences_once() -> None:
    found = record("AWS", route_table_cidr_block="10.99.0.0/16", accepter_region_name="eu-west-1")
    change = planning.plan(parse_desired("AWS"), [found], True, replace_policy("changed"))
    assert (change.action, change.payload["routeTableCidrBlock"]) == (REPLACE, "10.15.0.0/16")


def test_recreate_on_changed_does_not_replace_failed_connection() -> None:
    found = record("AWS", "FAILED", "EXPIRED", accepter_region_name="eu-west-1")
    with pytest.raises(PlanError, match="has failed"):
        planning.plan(parse_desired("AWS"), [found], True, replace_policy("changed"))
    assert planning.plan(parse_desired("AWS"), [found], True, replace_policy("expired")).action == REPLACE


@EVERY_CLOUD
def test_recreate_on_by_peer_id_keeps_existing_values(name: str) -> None:
    found = record(name, "FAILED")
    by_id = parse_desired(name, **dict.fromkeys(CLOUDS[name].peering.options), peer_id=PEER)
    change = planning.plan(by_id, [found], True, replace_policy("failed"))
    assert change.payload == planning.plan(parse_desired(name), [], True).payload
    assert change.desired.id is None


def test_recreate_on_by_peer_id_takes_defaults_of_container() -> None:
    found = PEERING.normalise(samples.answer("AWS", "FAILED", "EXPIRED", accepter_region_name=None), samples.PROJECT)
    by_id = parse_desired("AWS", **dict.fromkeys(CLOUDS["AWS"].peering.options), peer_id=PEER)
    change = planning.plan(by_id, [found], True, replace_policy("expired"))
    assert planning.missing_defaults(change) == ["accepter_region_name"]
    inherited = planning.with_defaults(change, {"id": OPTIONS["AWS"]["container_id"], "region": "US_EAST_1"})
    assert (planning.missing_defaults(inherited), inherited.payload["accepterRegionName"]) == ([], "us-east-1")


def test_different_container_is_never_replaced() -> None:
    found = samples.container_record("GCP", regions=["EASTERN_US"])
    desired = samples.declare_container("GCP", regions=["WESTERN_US"])
    with pytest.raises(PlanError):
        planning.plan(desired, [found], True)


# Options


def test_replace_policy_from_options() -> None:
    assert change_options.replace_policy({"recreate_on": ["failed"], "recreate_timeout": 5}) == ReplacePolicy(
        ["failed"], 5
    )
    assert change_options.REPLACE_SPEC["recreate_on"]["choices"] == list(WORDS)


@pytest.mark.parametrize("timeout", [0, -1])
def test_recreate_timeout_too_short_fails(timeout: int) -> None:
    with pytest.raises(InputError) as refusal:
        change_options.replace_policy({"recreate_on": [], "recreate_timeout": timeout})
    assert str(refusal.value) == f"recreate_timeout is {timeout}, but it must be more than 0 (seconds)."


# Against the simulator


def heal(
    atlas: Simulator,
    client: Client,
    entries: list[dict[str, Any]],
    *words: str,
    timeout: float = 60,
    check_mode: bool = False,
) -> fleet.Result:
    declared = [connection.parse_connection(entry, atlas.project_id, True) for entry in entries]
    return sync_peerings(client, declared, SyncOptions(True, check_mode, replace_policy(*words, timeout=timeout)))


def written(atlas: Simulator) -> list[str]:
    return [f"{exchange.method} {exchange.path.rpartition('/')[2]}" for exchange in atlas.writes()]


@pytest.mark.parametrize(("name", "status", "error", "word"), [row for row in AILMENTS if row[2] != "SOMETHING_NEW"])
def test_recreate_on_replaces_failed_connection(
    atlas: Simulator, client: Client, fast_forward: Any, name: str, status: str, error: str | None, word: str
) -> None:
    old = seed(atlas, name, status, error)
    undeclared = atlas.add_peer(atlas.project_id, name, "FAILED", error)
    predicted = heal(atlas, client, [OPTIONS[name]], word, check_mode=True).as_result("peerings")
    assert atlas.writes() == []
    result = heal(atlas, client, [OPTIONS[name]], word).as_result("peerings")
    assert written(atlas) == [f"DELETE {old}", "POST peers"]
    (after,) = result["peerings"]
    assert (result["changed"], after["phase"], after["id"] != old) == (True, "pending", True)
    assert {**predicted["peerings"][0], "id": after["id"]} == after
    assert result["diff"][0]["before"]["id"] == old
    left = {peer["id"]: peer.get("statusName", peer.get("status")) for peer in atlas.peers()}
    assert left == {undeclared: "FAILED", after["id"]: after["status"]}
    assert heal(atlas, client, [OPTIONS[name]], word).as_result("peerings")["changed"] is False
    assert fast_forward.pauses == [2.0]


def test_replace_does_not_wait_if_old_connection_is_gone(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, client: Client, fast_forward: Any
) -> None:
    seed(atlas, "AWS", "FAILED", "EXPIRED")
    delete = client.delete

    def delete_and_wait(*arguments: Any) -> None:
        delete(*arguments)
        atlas.advance(1)

    monkeypatch.setattr(client, "delete", delete_and_wait)
    heal(atlas, client, [OPTIONS["AWS"]], "expired", timeout=0.1)
    assert fast_forward.pauses == []


def test_replace_does_not_replace_its_own_failed_result(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, client: Client, fast_forward: Any
) -> None:
    seed(atlas, "AZURE", "FAILED", "No role.")
    post = client.post

    def post_and_fail(*arguments: Any) -> dict[str, Any]:
        answer = post(*arguments)
        atlas.fail(answer["id"], "No role.")
        return client.get(f"groups/{atlas.project_id}/peers/{answer['id']}", "look")

    monkeypatch.setattr(client, "post", post_and_fail)
    (after,) = heal(atlas, client, [OPTIONS["AZURE"]], "failed").as_result("peerings")["peerings"]
    assert after["phase"] == "failed"
    assert [line.split()[0] for line in written(atlas)] == ["DELETE", "POST"]


@EVERY_CLOUD
def test_recreate_on_never_replaces_connection_in_other_container(
    atlas: Simulator, client: Client, fast_forward: Any, name: str
) -> None:
    old = seed(atlas, name, "AVAILABLE")
    elsewhere = atlas.add_container(atlas.project_id, name, {"AWS": "EU_WEST_1", "AZURE": "EUROPE_WEST"}.get(name))
    result = heal(atlas, client, [{**OPTIONS[name], "container_id": elsewhere}], *WORDS).as_result("peerings")
    assert written(atlas) == ["POST peers"]
    assert result["peerings"][0]["container_id"] == elsewhere
    assert {peer["id"] for peer in atlas.peers()} == {old, result["peerings"][0]["id"]}


def test_recreate_on_replaces_only_failed_of_several(atlas: Simulator, client: Client, fast_forward: Any) -> None:
    failed = seed(atlas, "GCP", "FAILED", "No network.")
    seed(atlas, "AZURE", "AVAILABLE")
    result = heal(atlas, client, [OPTIONS[name] for name in NAMES], "failed").as_result("peerings")
    assert written(atlas) == ["POST peers", f"DELETE {failed}", "POST peers"]
    assert [record["status"] for record in result["peerings"]] == ["INITIATING", "AVAILABLE", "ADDING_PEER"]


def test_replace_fails_after_recreate_timeout(atlas: Simulator, client: Client, fast_forward: Any) -> None:
    old = seed(atlas, "AWS", "FAILED", "EXPIRED")
    fast_forward.on_sleep = lambda: None
    result = heal(atlas, client, [OPTIONS["AWS"]], "expired", timeout=7)
    (outcome,) = result.outcomes
    assert fast_forward.pauses == [2.0, 2.0, 2.0]
    assert outcome.error is not None
    assert outcome.error.message == (
        f"The {parse_desired('AWS').name} ({old}) must make room for another, but after 7 seconds "
        "it is still being deleted."
    )
    assert outcome.error.hint == (
        "Run the task again when it is gone: it creates the new one. Or raise recreate_timeout."
    )
    assert [line.split()[0] for line in written(atlas)] == ["DELETE"]
    atlas.advance(1)
    assert heal(atlas, client, [OPTIONS["AWS"]]).as_result("peerings")["changed"] is True


@pytest.mark.parametrize("trouble", ["creation", "deletion takes too long"])
def test_replace_that_fails_after_delete_reports_deletion(
    atlas: Simulator, client: Client, fast_forward: Any, trouble: str
) -> None:
    seed(atlas, "AWS", "FAILED", "EXPIRED")
    if trouble == "creation":
        atlas.fault("POST", status=403)
    else:
        fast_forward.on_sleep = lambda: None
    (outcome,) = heal(atlas, client, [OPTIONS["AWS"]], "expired", timeout=5).outcomes
    assert outcome.error is not None
    assert outcome.changed is True
    assert (outcome.after or {})["phase"] == "deleting"
    assert outcome.as_result()["changed"] is True


@pytest.mark.parametrize("status", [403, 500])
def test_replace_with_rejected_delete_creates_nothing(
    atlas: Simulator, client: Client, fast_forward: Any, status: int
) -> None:
    seed(atlas, "AWS", "FAILED", "EXPIRED")
    atlas.fault("DELETE", times=None, status=status)
    (outcome,) = heal(atlas, client, [OPTIONS["AWS"]], "expired").outcomes
    assert outcome.error is not None
    assert {line.split()[0] for line in written(atlas)} == {"DELETE"}


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 503}])
def test_replace_adopts_lost_create(atlas: Simulator, client: Client, fast_forward: Any, fault: dict[str, Any]) -> None:
    seed(atlas, "AWS", "FAILED", "EXPIRED")
    atlas.fault("POST", applied=True, **fault)
    result = heal(atlas, client, [OPTIONS["AWS"]], "expired").as_result("peerings")
    assert (result["changed"], len(atlas.peers())) == (True, 1)
    assert [line.split()[0] for line in written(atlas)] == ["DELETE", "POST"]
    assert result["peerings"][0]["id"] == atlas.peers()[0]["id"]


def test_replace_adopts_connection_created_concurrently(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, client: Client, fast_forward: Any
) -> None:
    seed(atlas, "AWS", "FAILED", "EXPIRED")
    post = client.post

    def too_late(*arguments: Any) -> dict[str, Any]:
        seed(atlas, "AWS", "INITIATING")
        return post(*arguments)

    monkeypatch.setattr(client, "post", too_late)
    result = heal(atlas, client, [OPTIONS["AWS"]], "expired").as_result("peerings")
    assert len(atlas.peers()) == 1
    assert result["peerings"][0]["id"] == atlas.peers()[0]["id"]
    assert result["changed"] is True


def test_replace_fails_at_once_if_deletion_fails(atlas: Simulator, client: Client, fast_forward: Any) -> None:
    old = seed(atlas, "AZURE", "FAILED", "No role.")
    fast_forward.on_sleep = lambda: atlas.fail(old, "Locked.")
    (outcome,) = heal(atlas, client, [OPTIONS["AZURE"]], "failed", timeout=60).outcomes
    assert len(fast_forward.pauses) == 1
    assert "DELETION_FAILED" in str(outcome.error)
