# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IP access list of a project in plays: from empty to declared, and back, in both versions of the API."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.run_playbook import Play, Task
from support.tasks import tried

ENTRIES = [
    {"cidr_block": "10.15.0.0/16", "comment": "VPC of the shop"},
    {"ip_address": "203.0.113.7", "comment": "Bastion host"},
    {"aws_security_group": "sg-0f1e2d3c4b5a69788"},
]


def access_list(name: str, entries: Any, keywords: dict[str, Any] | None = None, **options: Any) -> Task:
    return {"name": name, "atlasops.network.atlas_access_list": {"entries": entries, **options}, **(keywords or {})}


def info(name: str) -> Task:
    return {"name": name, "atlasops.network.atlas_access_list_info": {"read_status": True}}


@pytest.mark.parametrize(
    "version", [pytest.param("v2", marks=pytest.mark.smoke), pytest.param("v1.0", marks=pytest.mark.slow)]
)
def test_lifecycle(version: str, atlas: Simulator, play: Play) -> None:
    atlas.add_peer(atlas.project_id, "AWS", status="AVAILABLE")
    atlas.add_access_list_entry("198.51.100.0/24")
    check, commented = {"check_mode": True}, [{**ENTRIES[0], "comment": "VPC"}, *ENTRIES[1:]]
    run = play(
        access_list("predict", ENTRIES, check),
        access_list("create", ENTRIES),
        access_list("create again", ENTRIES),
        access_list("update", commented),
        *tried(access_list("refuse", [*commented, {"cidr_block": "10.15.0.1/16"}])),
        access_list("purge", commented, purge=True),
        access_list("purge again", commented, purge=True),
        info("read"),
        access_list("delete", ENTRIES, state="absent"),
        access_list("delete again", ENTRIES, state="absent"),
        module_defaults={"group/atlasops.network.atlas": {"api_version": version}},
        args=["--diff"],
    )
    assert run.returncode == 0, run.output
    changes = {entry["task"] for entry in run.results if entry["result"].get("changed")}
    assert changes == {"predict", "create", "update", "purge", "delete"}
    assert run.msg("refuse").startswith("entries[4]: cidr_block is '10.15.0.1/16', but must be a CIDR block")
    assert [one["id"] for one in run["purge"]["purged"]] == ["198.51.100.0/24"]
    listed = {one["id"]: (one["comment"], one["status"]) for one in run["read"]["access_list"]}
    assert listed == {
        "10.15.0.0/16": ("VPC", "ACTIVE"),
        "203.0.113.7/32": ("Bastion host", "ACTIVE"),
        "sg-0f1e2d3c4b5a69788": (None, "ACTIVE"),
    }
    assert [one.method for one in atlas.writes()] == ["POST", "POST", *["DELETE"] * 4]
    assert {one.path.split("/")[3] for one in atlas.exchanges} == {version}
    assert atlas.access_list() == []
