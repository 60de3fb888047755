# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that are vaulted where they stand are strings like any other."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from simulator import Simulator
from support.run_playbook import BIN, Play
from support.tasks import connection, peering, wait


class Vaulted(str):
    """A text that YAML gets with the tag of a vault."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(Vaulted, lambda dumper, text: dumper.represent_scalar("!vault", str(text), style="|"))


def encrypt(text: str, password: Path) -> Vaulted:
    command = [BIN / "ansible-vault", "encrypt_string", "--vault-password-file", password, text]
    output = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    lines = [line.strip() for line in output.splitlines() if line.startswith(" ")]
    return Vaulted("\n".join(lines) + "\n")


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
    playbook.write_text(yaml.dump([content], Dumper=_Dumper, sort_keys=False))
    environment = {"MONGODB_ATLAS_BASE_URL": atlas.url}
    run = play(playbook=str(playbook), environment=environment, args=["--vault-password-file", str(password)])
    assert run["declare"]["peering"]["vnet_name"] == "app-vnet"
    assert run["wait"]["stop_reason"] == "reached"
