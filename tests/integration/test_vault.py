# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that are vaulted where they stand are strings like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator import Simulator
from support.run_playbook import Play
from support.tasks import connection, peering, wait
from support.vault import dump, encrypt


@pytest.mark.smoke
def test_inline_vault_values_are_decrypted(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """In module_defaults and in a task, for modules and for the wait, which both have to take them as text."""
    password = tmp_path / "password"
    password.write_text("vault password")
    tasks = [
        peering("declare", connection("AZURE", vnet_name=encrypt("app-vnet", password))),
        wait("wait", [connection("AZURE", vnet_name=encrypt("app-vnet", password))], until="action_required"),
    ]
    credentials = {"client_id": atlas.client_id, "client_secret": encrypt(atlas.client_secret, password)}
    content = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/atlasops.network.atlas": {**credentials, "project_id": atlas.project_id}},
        "tasks": tasks,
    }
    playbook = tmp_path / "vaulted.yml"
    playbook.write_text(dump([content]))
    environment = {"MONGODB_ATLAS_BASE_URL": atlas.url}
    run = play(playbook=str(playbook), environment=environment, args=["--vault-password-file", str(password)])
    assert run["declare"]["peering"]["vnet_name"] == "app-vnet"
    assert run["wait"]["stop_reason"] == "reached"
