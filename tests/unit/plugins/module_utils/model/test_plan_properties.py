# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every plan, whatever is wanted and found."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import PHASES
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import parse_desired
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import (
    CREATE,
    DELETE,
    NO_OP,
    Change,
    Desired,
    Record,
)
from support import samples, strategies
from support.examples import examples

PRESENT = st.sampled_from([True, True, True, False])
Scene = tuple[Desired, list[Record]]
NEW_ID = "6112222b3bf99403840e89ff"


def as_answer(record: Record) -> dict[str, Any]:
    """Return what Atlas would have to say to make this record."""
    cloud = CLOUDS[record["provider_name"]]
    said = {cloud.status_key: record["status"], cloud.error_key: record["error"]}
    beyond = dict(zip(cloud.peering.read_only, (record[name] for name in cloud.result_only)))
    fields = {field.api: record[field.option] for field in cloud.peering.fields}
    return {"id": record["id"], "providerName": cloud.name, **fields, **beyond, **said}


def apply(change: Change, found: list[Record]) -> list[Record]:
    """Do to a model of Atlas what a step says."""
    project_id, before = change.desired.project_id, change.before
    if change.action == CREATE:
        cloud = CLOUDS[change.payload["providerName"]]
        created = {**change.payload, "id": NEW_ID, cloud.status_key: cloud.initial_status}
        return [*found, PEERING.normalise(created, project_id)]
    assert before is not None
    cloud = CLOUDS[before["provider_name"]]
    change = {cloud.status_key: cloud.deleting_status} if change.action == DELETE else change.payload
    changed = PEERING.normalise({**as_answer(before), **change}, project_id)
    same = [(record["id"], record["project_id"]) == (before["id"], project_id) for record in found]
    return [changed if hit else record for record, hit in zip(found, same)]


def plan(desired: Desired, found: list[Record], present: bool) -> Change | str:
    """Return the step, or what a refusal is about."""
    try:
        return planning.plan(desired, found, present)
    except PlanError as refusal:
        return refusal.message.partition(":")[0]


@given(answer=strategies.ANSWERS)
def test_record_round_trips_as_answer(answer: dict[str, Any]) -> None:
    record = PEERING.normalise(answer, samples.PROJECT)
    assert PEERING.normalise(as_answer(record), samples.PROJECT) == record


@given(answer=strategies.ANSWERS)
def test_record_round_trips_as_options(answer: dict[str, Any]) -> None:
    record = PEERING.normalise(answer, samples.PROJECT)
    options = {name: value for name, value in record.items() if name not in PEERING.result_only}
    fields = {name: record[name] for name in CLOUDS[record["provider_name"]].peering.options if record[name]}
    assert options == {**fields, **{name: record[name] for name in options if name not in fields}}
    desired = parse_desired(PEERING, options, samples.PROJECT, complete=False)
    assert desired.values == fields
    assert desired.matches({**record, "id": None})
    assert parse_desired(PEERING, {**options, "peer_id": record["id"]}, samples.PROJECT, complete=True).values == fields


@given(options=strategies.OPTION_SETS)
def test_parse_desired_is_idempotent(options: dict[str, str]) -> None:
    desired = parse_desired(PEERING, options, samples.PROJECT, complete=True)
    again = {"provider_name": options["provider_name"], **desired.values}
    assert parse_desired(PEERING, again, samples.PROJECT, complete=True) == desired


@given(answer=strategies.ANSWERS)
def test_every_answer_has_a_phase(answer: dict[str, Any]) -> None:
    record = PEERING.normalise(answer, samples.PROJECT)
    assert record["phase"] in PHASES


@settings(max_examples=examples(200))
@given(scene=strategies.SCENES, present=PRESENT)
def test_applied_plan_leaves_no_op(scene: Scene, present: bool) -> None:
    desired, found = scene
    change = plan(desired, found, present)
    event(change.action if isinstance(change, Change) else "refused")
    if isinstance(change, str) or change.action == NO_OP:
        return
    after = apply(change, found)
    again = planning.plan(desired, after, present)
    assert again.action == NO_OP
    untouched = [record for record in found if change.before is None or record["id"] != change.before["id"]]
    assert [record for record in untouched if record not in after] == []
    assert len(after) - len(found) == (change.action == CREATE)


@settings(max_examples=examples(200))
@given(scene=strategies.SCENES, present=PRESENT)
def test_applied_plan_equals_its_prediction(scene: Scene, present: bool) -> None:
    desired, found = scene
    change = plan(desired, found, present)
    if isinstance(change, str) or change.action == NO_OP:
        return
    now = planning.match(desired, apply(change, found))
    assert change.after is not None
    assert now is not None
    assert {**change.after, "id": now["id"], "error": now["error"]} == now


@settings(max_examples=examples(150))
@given(scene=strategies.SCENES)
def test_match_is_of_same_project_and_cloud(scene: Scene) -> None:
    desired, found = scene
    try:
        match = planning.match(desired, found)
    except PlanError:
        match = None
    if match is None:
        return
    event("matched")
    assert match["project_id"] == desired.project_id
    assert desired.id in (None, match["id"])
    assert desired.id or (desired.cloud and match["provider_name"] == desired.cloud.name)


@settings(max_examples=examples(150))
@given(scene=strategies.SCENES, present=PRESENT, dice=st.randoms())
def test_plan_does_not_depend_on_order(scene: Scene, present: bool, dice: Any) -> None:
    desired, found = scene
    shuffled = dice.sample(found, len(found))
    assert plan(desired, shuffled, present) == plan(desired, found, present)


@given(scene=strategies.SCENES, present=PRESENT)
def test_plan_does_not_modify_its_input(scene: Scene, present: bool) -> None:
    desired, found = scene
    before = [dict(record) for record in found]
    plan(desired, found, present)
    assert found == before
