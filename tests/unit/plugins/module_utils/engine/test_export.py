# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of one exported project, as data."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.atlasops.network.plugins.module_utils.engine.export import ProjectExport
from ansible_collections.atlasops.network.plugins.module_utils.engine.export_files import Written
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import ProjectRead
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.model.export import Export, LeftOut
from support import samples
from support.samples import PROJECT

NOTHING = {"project_id": PROJECT, "project_name": "shop", "host": None, "path": None, "connections": None}


def test_exported_project_as_result() -> None:
    left = LeftOut(samples.record("AWS"), "It is failed.")
    read = ProjectRead(PROJECT, "shop", [0], content=Export([{"provider_name": "AWS"}], [left]))
    assert ProjectExport(read, "host", None, Written(Path("/x/host.yml"), "", "a")).as_result() == {
        "project_id": PROJECT,
        "project_name": "shop",
        "host": "host",
        "path": "/x/host.yml",
        "connections": [{"provider_name": "AWS"}],
        "left_out": [left.as_result()],
    }


def test_unread_project_as_result() -> None:
    error = AtlasError("It is closed.")
    read: ProjectRead[Export] = ProjectRead(PROJECT, "shop", [0], error=error)
    assert ProjectExport(read, "", error).as_result() == {**NOTHING, "left_out": None}
