# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names without quotes, through modules, an action plugin, and the role."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.run_playbook import Play, Task
from support.tasks import connection, info, peering, tried, wait

#: As YAML reads NO, 1.10 and 0123.
READ: list[Any] = [False, 1.1, 83]


def through_the_role(name: str, **variables: Any) -> list[Task]:
    given = {f"atlas_peering_{key}": value for key, value in variables.items()}
    role = {"include_role": {"name": "atlasops.network.atlas_peering"}, "vars": given}
    said = {"name": name, "debug": {"msg": "{{ ansible_failed_result.msg }}"}}
    return [{"block": [role], "rescue": [said]}]


@pytest.mark.smoke
@pytest.mark.parametrize("value", [READ[0], *(pytest.param(value, marks=pytest.mark.slow) for value in READ[1:])])
def test_unquoted_names_fail(atlas: Simulator, play: Play, value: Any) -> None:
    azure = connection("AZURE", vnet_name=value)
    kinds = tried(
        peering("module", azure),
        peering("group", connection("AZURE", resource_group_name=value)),
        peering("project", {**connection("AZURE"), "project_name": value}),
        info("info", {"vnet_name": value}),
        {"name": "set", "atlasops.network.atlas_peering_set": {"connections": [azure]}},
        wait("wait", [azure]),
    )
    run = play(*kinds, *through_the_role("role", connections=[azure]))
    messages = [run[name]["msg"] for name in ("module", "group", "project", "info", "set", "wait", "role")]
    assert [msg for msg in messages if "put the name in quotes" not in msg] == []
    assert atlas.exchanges == []


def test_boolean_turned_to_text_by_template_fails(atlas: Simulator, play: Play) -> None:
    run = play(*tried(peering("templated", connection("GCP", network_name="{{ false }}"))))
    assert "put the name in quotes" in run.msg("templated")


@pytest.mark.smoke
def test_quoted_names_are_accepted(atlas: Simulator, play: Play) -> None:
    run = play(peering("declare", connection("AZURE", vnet_name="1.10", resource_group_name="0123")))
    found = run["declare"]["peering"]
    assert (found["vnet_name"], found["resource_group_name"]) == ("1.10", "0123")
