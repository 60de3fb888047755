# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every plan, whatever is wanted and found."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils import declaration, peering
from ansible_collections.atlasops.network.plugins.module_utils.clouds import CLOUDS, DELETING, PENDING, PHASES
from ansible_collections.atlasops.network.plugins.module_utils.declaration import Wanted
from ansible_collections.atlasops.network.plugins.module_utils.errors import RefusedError
from ansible_collections.atlasops.network.plugins.module_utils.peering import (
    CREATE,
    DELETE,
    NOTHING,
    Record,
    Step,
)
from ansible_collections.atlasops.network.tests.unit.module_utils import samples, strategies

PRESENT = st.sampled_from([True, True, True, False])
Scene = tuple[Wanted, list[Record]]
NEW_ID = "6112222b3bf99403840e89ff"


def as_answer(record: Record) -> dict[str, Any]:
    """Return what Atlas would have to say to make this record."""
    cloud = CLOUDS[record["provider_name"]]
    said = {cloud.status_key: record["status"], cloud.error_key: record["error"]}
    beyond = dict(zip(cloud.read_only, (record[name] for name in cloud.read_only_options)))
    fields = {field.api: record[field.option] for field in cloud.fields}
    return {"id": record["id"], "providerName": cloud.name, **fields, **beyond, **said}


def apply(step: Step, found: list[Record]) -> list[Record]:
    """Do to a model of Atlas what a step says."""
    project_id, before = step.wanted.project_id, step.before
    if step.action == CREATE:
        cloud = CLOUDS[step.payload["providerName"]]
        created = {**step.payload, "id": NEW_ID, cloud.status_key: cloud.first_status(PENDING)}
        return [*found, peering.normalise(created, project_id)]
    assert before is not None
    cloud = CLOUDS[before["provider_name"]]
    change = {cloud.status_key: cloud.first_status(DELETING)} if step.action == DELETE else step.payload
    changed = peering.normalise({**as_answer(before), **change}, project_id)
    same = [(record["id"], record["project_id"]) == (before["id"], project_id) for record in found]
    return [changed if hit else record for record, hit in zip(found, same)]


def plan(wanted: Wanted, found: list[Record], present: bool) -> Step | str:
    """Return the step, or what a refusal is about."""
    try:
        return peering.plan(wanted, found, present)
    except RefusedError as refusal:
        return refusal.message.partition(":")[0]


@given(answer=strategies.ANSWERS)
def test_a_record_says_the_same_as_an_answer(answer: dict[str, Any]) -> None:
    record = peering.normalise(answer, samples.PROJECT)
    assert peering.normalise(as_answer(record), samples.PROJECT) == record


@given(answer=strategies.ANSWERS)
def test_a_record_says_the_same_as_options(answer: dict[str, Any]) -> None:
    record = peering.normalise(answer, samples.PROJECT)
    options = {name: value for name, value in record.items() if name not in peering.RESULT_ONLY}
    fields = {name: record[name] for name in CLOUDS[record["provider_name"]].options if record[name]}
    assert options == {**fields, **{name: record[name] for name in options if name not in fields}}
    wanted = declaration.declare(options, samples.PROJECT, complete=False)
    assert wanted.values == fields
    assert wanted.matches({**record, "id": None})
    assert declaration.declare({**options, "peer_id": record["id"]}, samples.PROJECT, complete=True).values == fields


@given(options=strategies.OPTION_SETS)
def test_declaring_again_changes_nothing(options: dict[str, str]) -> None:
    wanted = declaration.declare(options, samples.PROJECT, complete=True)
    again = {"provider_name": options["provider_name"], **wanted.values}
    assert declaration.declare(again, samples.PROJECT, complete=True) == wanted


@given(answer=strategies.ANSWERS)
def test_every_answer_has_a_phase(answer: dict[str, Any]) -> None:
    record = peering.normalise(answer, samples.PROJECT)
    assert record["phase"] in PHASES
    assert record["usable"] is (record["phase"] == "available")


@settings(max_examples=200)
@given(scene=strategies.SCENES, present=PRESENT)
def test_a_plan_that_is_applied_leaves_nothing_to_plan(scene: Scene, present: bool) -> None:
    wanted, found = scene
    step = plan(wanted, found, present)
    event(step.action if isinstance(step, Step) else "refused")
    if isinstance(step, str) or step.action == NOTHING:
        return
    after = apply(step, found)
    again = peering.plan(wanted, after, present)
    assert again.action == NOTHING
    untouched = [record for record in found if step.before is None or record["id"] != step.before["id"]]
    assert [record for record in untouched if record not in after] == []
    assert len(after) - len(found) == (step.action == CREATE)


@settings(max_examples=200)
@given(scene=strategies.SCENES, present=PRESENT)
def test_a_plan_predicts_what_it_brings_about(scene: Scene, present: bool) -> None:
    wanted, found = scene
    step = plan(wanted, found, present)
    if isinstance(step, str) or step.action == NOTHING:
        return
    now = peering.match(wanted, apply(step, found))
    assert step.after is not None
    assert now is not None
    assert {**step.after, "id": now["id"], "error": now["error"]} == now


@settings(max_examples=150)
@given(scene=strategies.SCENES)
def test_a_match_is_of_the_same_project_and_cloud(scene: Scene) -> None:
    wanted, found = scene
    try:
        match = peering.match(wanted, found)
    except RefusedError:
        match = None
    if match is None:
        return
    event("matched")
    assert match["project_id"] == wanted.project_id
    assert wanted.peer_id in (None, match["id"])
    assert wanted.peer_id or (wanted.cloud and match["provider_name"] == wanted.cloud.name)


@settings(max_examples=150)
@given(scene=strategies.SCENES, present=PRESENT, dice=st.randoms())
def test_the_order_of_what_is_found_does_not_matter(scene: Scene, present: bool, dice: Any) -> None:
    wanted, found = scene
    shuffled = dice.sample(found, len(found))
    assert plan(wanted, shuffled, present) == plan(wanted, found, present)


@given(scene=strategies.SCENES, present=PRESENT)
def test_planning_changes_nothing_by_itself(scene: Scene, present: bool) -> None:
    wanted, found = scene
    before = [dict(record) for record in found]
    plan(wanted, found, present)
    assert found == before
