# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever may name a network or write a comment in Atlas must not thereby run code where the playbook runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator import Settings, Simulator
from support.run_playbook import Play, Task
from support.tasks import connection, info, tried, wait

ROLE = "atlasops.network.atlas_peering"
#: Variable -> which part of a result it takes; each contains the hostile text.
FACTS = {
    "network": "found.peerings[0].vnet_name",
    "error": "found.peerings[0].error",
    "comment": "entries.access_list[0].comment",
    "refusal": "refused.msg",
    "detail": "refused.failure.detail",
    "waited": "waited.msg",
    "project": "compared.project_name | default(compared | string)",
    "report": "atlas_peering_report | string",
    "declared": "failed_role.msg",
    "whole": "found | string",
}


@pytest.fixture
def atlas() -> Iterator[Simulator]:
    """An Atlas whose answers are not compared with the specification, which allows no such texts."""
    with Simulator(Settings(pace=0.0)) as simulator:
        yield simulator


def role(name: str, entry_point: str, **variables: Any) -> Task:
    given = {f"atlas_peering_{key}": value for key, value in variables.items()}
    return {"name": name, "include_role": {"name": ROLE, "tasks_from": entry_point}, "vars": given}


def reading(project_id: str, page: Path) -> list[Task]:
    """Return tasks that read hostile texts, feed them back as options, and quote them."""
    given = {"project_id": project_id}
    found = "{{ found.peerings }}"
    declared = {**connection("AZURE"), "vnet_name": "{{ found.peerings[0].vnet_name }}"}
    fails = role("declare", "main", connections=[declared], **given)
    return [
        info("read", given, register="found"),
        {"name": "entries", "atlasops.network.atlas_access_list_info": given, "register": "entries"},
        *tried({**wait("wait", found, wait_timeout=1, **given), "register": "waited"}),
        {
            "name": "compare",
            "atlasops.network.atlas_peering_report": {**given, "connections": []},
            "register": "compared",
        },
        role("report", "report", connections=[], report_html=str(page), **given),
        {
            "name": "role",
            "block": [fails],
            "rescue": [{"name": "rescued", "set_fact": {"failed_role": "{{ ansible_failed_result }}"}}],
        },
        *tried(info("refuse", {"project_name": "refused"}, register="refused")),
    ]


def passing_on(folder: Path) -> list[Task]:
    """Return tasks that keep the texts, show them, compose others of them, and pass them to further tasks."""
    texts = "{{ [" + ", ".join(f"kept_{name}" for name in FACTS) + "] }}"
    (folder / "shown.yml").write_text(
        json.dumps([{"name": "included", "debug": {"msg": ["{{ text }}", "{{ line }}"]}}])
    )
    return [
        {"name": "keep", "set_fact": {f"kept_{name}": f"{{{{ {place} }}}}" for name, place in FACTS.items()}},
        {"name": "show", "debug": {"msg": texts}},
        {
            "name": "include",
            "include_tasks": str(folder / "shown.yml"),
            "vars": {"text": texts, "line": "{{ text | join('; ') }}"},
        },
    ]


@pytest.mark.parametrize("in_process", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_texts_of_atlas_are_not_evaluated(atlas: Simulator, play: Play, tmp_path: Path, in_process: bool) -> None:
    marker, page = tmp_path / "evaluated", tmp_path / "page.html"
    hostile = f"{{{{ lookup('pipe', 'touch {marker}') }}}}{{# 6 #}}"
    project = atlas.add_project(hostile)
    atlas.add_peer(project, "AZURE", status="FAILED", error=hostile, vnetName=hostile)
    atlas.add_access_list_entry("10.15.0.0/16", hostile, project_id=project)
    atlas.fault("GET", "/byName/refused", status=403, body={"errorCode": "X", "detail": hostile})
    run = play(
        *reading(project, page),
        *passing_on(tmp_path),
        vars={"atlas_in_process": in_process},
    )
    assert run.returncode == 0, run.output[-3000:]
    assert not marker.exists()
    texts = {name: run["show"]["msg"][number] for number, name in enumerate(FACTS)}
    assert [name for name, text in texts.items() if hostile not in text] == []
    assert run["included"]["msg"] == [list(texts.values()), "; ".join(texts.values())]
    assert "{# 6 #}" in page.read_text()
