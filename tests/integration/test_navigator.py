# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real ansible-navigator without a container engine: it works as documented, and what it keeps holds no secret."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from support.planted_secrets import CLIENT_SECRET, PRIVATE_KEY, VARIABLES, kinds, secrets_of
from support.run_navigator import Navigator
from support.run_playbook import BIN, ROOT, clean_environment
from support.tasks import connection, peering, tried

WITHOUT_CONTAINER = ("--execution-environment", "false")


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "act_after": 0.0, "private_key": PRIVATE_KEY, "client_secret": CLIENT_SECRET}


@pytest.fixture
def place(tmp_path: Path, atlas: Simulator) -> dict[str, str]:
    """Return an environment that names the project and no credentials."""
    clean = {name: value for name, value in clean_environment(tmp_path).items() if "CALLBACK" not in name}
    return {**clean, "MONGODB_ATLAS_BASE_URL": atlas.url, "MONGODB_ATLAS_PROJECT_ID": atlas.project_id}


def replayed(navigator: Navigator) -> dict[str, Any]:
    """Replay the only artifact, and return what it holds."""
    (artifact,) = navigator.artifacts()
    code, output = navigator("replay", str(artifact), *WITHOUT_CONTAINER)
    assert code == 0, output
    assert "PLAY RECAP" in output
    return json.loads(artifact.read_text())


def assert_no_leaks(navigator: Navigator, secrets: set[str]) -> None:
    """Look for the secrets in all that was said, and in every file of the project."""
    files = [path for path in navigator.project.rglob("*") if path.is_file()]
    texts = [(str(path), path.read_text()) for path in files] + [("said", text) for text in navigator.said]
    assert [(where, secret) for where, text in texts for secret in secrets if secret in text] == []
    assert list((navigator.project.parent / "tmp").glob("ansible-navigator_*")) == []


@pytest.mark.parametrize(
    "kind", [pytest.param("key", marks=pytest.mark.slow), "account", pytest.param("token", marks=pytest.mark.slow)]
)
def test_navigator_with_credentials_of_environment(
    kind: str, atlas: Simulator, place: dict[str, str], tmp_path: Path
) -> None:
    options = kinds(atlas)[kind]
    navigator = Navigator(tmp_path / "project", {**place, **{VARIABLES[name]: v for name, v in options.items()}})
    navigator.write("connections.yml", {"atlas_peering_connections": [connection("AWS"), connection("GCP")]})
    code, output = navigator(
        "run", "atlasops.network.peer", "-e", "@connections.yml", "--diff", "-vvv", *WITHOUT_CONTAINER
    )
    assert code == 0, output
    assert len(atlas.writes()) == 2
    assert replayed(navigator)["status"] == "successful"
    assert_no_leaks(navigator, secrets_of(atlas, options))


def test_navigator_with_credentials_of_vault(atlas: Simulator, place: dict[str, str], tmp_path: Path) -> None:
    """By module_defaults from an encrypted file, in tasks that succeed and fail."""
    given = kinds(atlas)
    navigator = Navigator(tmp_path / "project", place)
    navigator.write("vault.yml", {f"vault_{name}": value for kind in given.values() for name, value in kind.items()})
    navigator.write("password", "a-password-of-the-vault")
    vault = [str(BIN / "ansible-vault"), "encrypt", "vault.yml", "--vault-password-file", "password"]
    subprocess.run(vault, cwd=navigator.project, env=place, check=True, capture_output=True)
    blocks = [
        {
            "module_defaults": {"group/atlasops.network.atlas": {name: f"{{{{ vault_{name} }}}}" for name in options}},
            "block": tried(
                peering("succeeds", connection("AWS")),
                peering("refused", connection("AWS", container_id="0" * 24, vpc_id="vpc-0000000000000000f")),
            ),
        }
        for options in given.values()
    ]
    play = {"hosts": "localhost", "gather_facts": False, "vars_files": ["vault.yml"], "tasks": blocks}
    navigator.write("play.yml", [play])
    code, output = navigator(
        "run", "play.yml", "--vault-password-file", "password", "--diff", "-vvv", *WITHOUT_CONTAINER
    )
    assert code == 0, output
    assert [write.status for write in atlas.writes()] == [200, 404, 404, 404]
    (listed,) = replayed(navigator)["plays"]
    assert [task["__result"] for task in listed["tasks"]] == ["Ok", "Ignored"] * len(given)
    assert_no_leaks(navigator, secrets_of(atlas, *given.values()))


def test_navigator_doc_shows_module(place: dict[str, str], tmp_path: Path) -> None:
    navigator = Navigator(tmp_path / "project", place)
    code, output = navigator("doc", "atlasops.network.atlas_peering", *WITHOUT_CONTAINER)
    assert code == 0, output
    assert "Manages one network peering connection" in output


def test_ansible_builder_finds_requirements(place: dict[str, str]) -> None:
    command = [str(BIN / "ansible-builder"), "introspect", str(ROOT / ".cache" / "collections")]
    found = subprocess.run(command, env=place, check=True, capture_output=True, text=True).stdout
    (requirement,) = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line[0] != "#"]
    assert f"'{requirement}  # from collection atlasops.network'" in found
