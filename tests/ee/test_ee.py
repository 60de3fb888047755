# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environment, in real containers; a simulator outside of them stands in for Atlas.

`make test-ee` builds the image and names it in EE_IMAGE.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator import Settings, Simulator
from support.run_navigator import Navigator
from support.run_playbook import BIN, ROOT
from support.tasks import connection

IMAGE = os.environ.get("EE_IMAGE", "")
if not IMAGE:
    pytest.skip("EE_IMAGE names no image; make test-ee does", allow_module_level=True)

PRIVATE_KEY = "0f7c2a9e-planted-private-key-51d0a7c1e0fa"
IN_CONTAINER = ("--execution-environment-image", IMAGE, "--pull-policy", "never", "--container-engine", "podman")
# What podman needs to find its images, and nothing that would find the collection outside of the container.
OUR_OWN = ("CONTAINERS_CONF", "HOME", "XDG_RUNTIME_DIR")


@pytest.fixture
def atlas() -> Iterator[Simulator]:
    with Simulator(Settings(pace=0.0, act_after=0.0, private_key=PRIVATE_KEY)) as simulator:
        yield simulator


@pytest.fixture
def navigator(atlas: Simulator, tmp_path: Path) -> Navigator:
    """Run ansible-navigator with the simulator's API key in the environment."""
    (tmp_path / "tmp").mkdir()
    environment = {name: os.environ[name] for name in OUR_OWN if name in os.environ}
    environment |= {
        "ANSIBLE_NAVIGATOR_COLLECTION_DOC_CACHE_PATH": str(tmp_path / "doc_cache.db"),
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
        "TMPDIR": str(tmp_path / "tmp"),
        **atlas.environment(),
    }
    return Navigator(tmp_path / "project", environment)


def in_container(navigator: Navigator, *arguments: str) -> str:
    """Run it in the image, where 127.0.0.1 is this machine, and return what it said."""
    code, output = navigator(*arguments, *IN_CONTAINER, "--container-options=--net=host")
    assert code == 0, output
    return output


def podman_run(*command: str) -> str:
    done = subprocess.run(
        ["podman", "run", "--rm", "--network=host", IMAGE, *command], check=True, capture_output=True, text=True
    )
    return done.stdout


def test_image_runs_demo(navigator: Navigator) -> None:
    output = in_container(navigator, "run", "atlasops.network.demo", "-e", "demo_pace=0.5")
    assert re.search(r"^first_run +: ok=\d+ +changed=1 +unreachable=0 +failed=0", output, re.MULTILINE), output
    assert re.search(r"^second_run +: ok=\d+ +changed=0 +unreachable=0 +failed=0", output, re.MULTILINE), output


def test_image_runs_peer_with_credentials_of_environment(navigator: Navigator, atlas: Simulator) -> None:
    navigator.write("connections.yml", {"atlas_peering_connections": [connection("AWS"), connection("GCP")]})
    for changed in (1, 0):
        output = in_container(navigator, "run", "atlasops.network.peer", "-e", "@connections.yml", "--diff", "-vvv")
        assert f"changed={changed} " in output
    assert len(atlas.writes()) == 2
    kept = [path.read_text() for path in navigator.artifacts()]
    assert len(kept) == 2
    assert all('"playbook": "/usr/share/ansible/collections/' in text for text in kept)
    assert [text for text in [*navigator.said, *kept] if PRIVATE_KEY in text] == []
    assert list((navigator.project.parent / "tmp").glob("ansible-navigator_*")) == []


@pytest.mark.skipif(
    not (ROOT / "plugins" / "inventory" / "atlas_projects.py").exists(), reason="there is no inventory plugin yet"
)
def test_image_runs_inventory(navigator: Navigator, atlas: Simulator) -> None:
    one, two = atlas.project_id, atlas.add_project("payments-production")
    source = navigator.write("atlas_projects.yml", {"plugin": "atlasops.network.atlas_projects"})
    output = in_container(navigator, "inventory", "-i", str(source), "--list")
    hosts = json.loads(output[output.index("{") : output.rindex("}") + 1])["_meta"]["hostvars"]
    assert one in str(hosts.pop("peering-playground"))
    assert two in str(hosts.pop("payments-production"))
    assert hosts == {}
    assert PRIVATE_KEY not in "".join(navigator.said)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("module", "atlas_peering", "Manages one network peering connection"),
        ("module", "atlas_peering_wait", "MODULE"),
        ("role", "atlas_peering", "atlas_peering_connections"),
    ],
)
def test_image_shows_documentation(kind: str, name: str, expected: str, navigator: Navigator) -> None:
    assert expected in in_container(navigator, "doc", "--type", kind, f"atlasops.network.{name}")


def test_image_contains_nothing_of_build_machine() -> None:
    """No settings of pip, no certificates, no variables; and it runs as anybody, not as root."""
    image = json.loads(subprocess.run(["podman", "inspect", IMAGE], check=True, capture_output=True).stdout)[0]
    names = {variable.partition("=")[0] for variable in image["Config"]["Env"]}
    assert names <= {"PATH", "PIP_BREAK_SYSTEM_PACKAGES"}
    assert image["Config"]["User"] not in ("", "0", "root")
    assert podman_run("sh", "-c", "ls -A /etc/xdg/pip; cat /etc/pip.conf 2> /dev/null || true") == ""


def test_image_contains_collection_of_checkout() -> None:
    """Not one that an earlier build left."""
    listed = podman_run("cat", "/usr/share/ansible/collections/ansible_collections/atlasops/network/FILES.json")
    sums = {entry["name"]: entry["chksum_sha256"] for entry in json.loads(listed)["files"] if entry["chksum_sha256"]}
    assert "plugins/modules/atlas_peering.py" in sums
    assert [name for name in sums if hashlib.sha256((ROOT / name).read_bytes()).hexdigest() != sums[name]] == []
