# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection returns about connections can be declared as it is."""

from __future__ import annotations

from simulator import Simulator
from support.run_playbook import Play
from support.tasks import connection

SHAPES = {
    "module": "{{ [single.peering] }}",
    "set": "{{ several.peerings }}",
    "info": "{{ listed.peerings }}",
    "wait": "{{ waited.peerings }}",
    "export": "{{ exported.projects[0].connections }}",
}


def test_every_result_is_accepted_as_declaration(atlas: Simulator, play: Play) -> None:
    declared = [connection(name) for name in ("AWS", "AZURE", "GCP")]
    collect = [
        {"atlasops.network.atlas_peering_set": {"connections": declared}, "register": "several"},
        {"atlasops.network.atlas_peering": declared[0], "register": "single"},
        {"atlasops.network.atlas_peering_info": {}, "register": "listed"},
        {
            "atlasops.network.atlas_peering_wait": {"connections": declared, "until": "action_required"},
            "register": "waited",
        },
        {"atlasops.network.atlas_peering_export": {}, "register": "exported"},
    ]
    role = {"name": "atlasops.network.atlas_peering"}
    feed = [
        task
        for shape, template in SHAPES.items()
        for task in (
            {"name": f"set {shape}", "atlasops.network.atlas_peering_set": {"connections": template}},
            {"name": f"report {shape}", "atlasops.network.atlas_peering_report": {"connections": template}},
            {
                "name": f"wait {shape}",
                "atlasops.network.atlas_peering_wait": {"connections": template, "until": "action_required"},
            },
            {
                "name": f"role {shape}",
                "ansible.builtin.include_role": role,
                "vars": {"atlas_peering_connections": template, "atlas_peering_wait": False},
            },
        )
    ]
    run = play(*collect, *feed)
    assert run.returncode == 0, run.output
    fed = run.results[[one["task"] for one in run.results].index("set module") :]
    assert [one["task"] for one in fed if one["result"].get("changed")] == [], fed
    assert len(atlas.peers(atlas.project_id)) == 3
