# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task reports if only a part of it succeeded. All other failures are in tests/faults."""

from __future__ import annotations

import re
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import PeeringApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.modules import atlas_peering, atlas_peering_set
from simulator import Simulator
from support.engine import run_module
from support.samples import OPTIONS, PROJECT, seed

OTHER_BLOCK = "10.16.0.0/16"
Operation = Callable[..., Any]


@pytest.fixture
def task(module: Callable[..., Any], client: Client) -> Operation:
    """Return a function that runs one of the modules with a task's options."""

    def run(plugin: Any, **options: Any) -> dict[str, Any]:
        fake = module(plugin.SPEC, False, **{"project_id": PROJECT, **options})
        result: dict[str, Any] = run_module(plugin, fake.params, client, fake.check_mode)
        return result

    return run


def failure(operation: Callable[[], Any]) -> AtlasError:
    """Return how an operation fails."""
    with pytest.raises(AtlasError) as caught:
        operation()
    return caught.value


def test_lost_delete_of_replace_has_unknown_outcome(atlas: Simulator, task: Operation) -> None:
    atlas.fail(seed(atlas), "EXPIRED")
    atlas.fault("DELETE", "/peers", drop=True)
    error = failure(lambda: task(atlas_peering, **OPTIONS["AWS"], recreate_on=["expired"]))
    assert "Could not delete" in str(error)
    assert error.as_result()["failure"]["outcome_unknown"] is True
    assert error.as_result()["changed"] is True


def test_problems_of_one_project_and_changes_of_other_are_reported(atlas: Simulator, task: Operation) -> None:
    """Nothing was written in one project, and what was done in the other stays done."""
    other = atlas.add_project("other")
    wrong = [
        {**OPTIONS["AWS"], "vpc_id": f"vpc-0000000000000000{number}", "route_table_cidr_block": "8.8.0.0/16"}
        for number in range(2)
    ]
    with pytest.raises(AtlasError) as caught:
        task(atlas_peering_set, connections=[*({**one, "project_id": other} for one in wrong), OPTIONS["AWS"]])
    message = str(caught.value)
    assert re.search(rf"problems found in project {other}; no changes were made there: \(1\)", message)
    assert message.endswith("Completed changes are kept. Run the task again to retry the rest.")
    assert len(atlas.peers()) == 1


@pytest.mark.parametrize("present", [False, True])
def test_failed_read_after_write_is_changed(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, task: Operation, present: bool
) -> None:
    """What completes the record, such as its container, may have to be read; the write stays one."""
    if present:
        seed(atlas)
    read = PeeringApi._complete

    def break_after_a_write(self: PeeringApi, *arguments: Any) -> Any:
        if atlas.writes():
            raise AtlasError("Could not list the containers: trouble.")
        return read(self, *arguments)

    monkeypatch.setattr(PeeringApi, "_complete", break_after_a_write)
    error = failure(lambda: task(atlas_peering, **{**OPTIONS["AWS"], "route_table_cidr_block": OTHER_BLOCK}))
    assert error.as_result()["changed"] is True
