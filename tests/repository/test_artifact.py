# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the built collection holds: all that users need, and of the tests no more than that."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

import pytest

BUILT = os.environ.get("ARTIFACT")  # by the session artifact of nox, which tries it out afterwards
# Of the tests, users get the simulator and the stubs of AWX and Google, and ansible-test the settings that it reads.
TESTS = {"awx_stub", "azure_stub", "compute_stub", "config.yml", "simulator", "stub_server"}
# What serves a checkout only.
DEVELOPMENT = {"Makefile", "noxfile.py", "pyproject.toml", "docs/images", "docs/site"}


@pytest.fixture(scope="module")
def content(root, tmp_path_factory):
    """Return {path: text} of the files in the artifact."""
    archive = Path(BUILT) if BUILT else build(root, tmp_path_factory.mktemp("artifact"))
    with tarfile.open(archive) as files:
        return {
            member.name: files.extractfile(member).read().decode("utf-8", "replace")
            for member in files
            if member.isfile()
        }


def build(root: Path, folder: Path) -> Path:
    command = ["ansible-galaxy", "collection", "build", "--output-path", str(folder), str(root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tar.gz")
    return archive


@pytest.fixture(scope="module")
def tracked(root, texts):
    return {path.relative_to(root).as_posix() for path in texts}


def is_left_out(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = path.parts[0].startswith(".") and name != ".ansible-lint"  # which Galaxy's importer reads
    of_tests = path.parts[0] == "tests" and path.parts[1] not in TESTS
    return hidden or of_tests or any(PurePosixPath(one) in (path, *path.parents) for one in DEVELOPMENT)


def test_artifact_contains_all_tracked_files_except_development(content, tracked):
    shipped = set(content) - {"MANIFEST.json", "FILES.json"}
    assert sorted(shipped - tracked) == [], "what git ignores"
    # galaxy.yml becomes MANIFEST.json
    assert sorted(tracked - shipped - {name for name in tracked if is_left_out(name)}) == ["galaxy.yml"]
    assert sorted(name for name in shipped if is_left_out(name)) == []


def test_artifact_links_lead_to_contained_files(content):
    folders = {str(parent) for name in content for parent in PurePosixPath(name).parents}
    links = [
        (name, os.path.normpath(PurePosixPath(name).parent / link))
        for name, text in content.items()
        if name.endswith(".md")
        for link in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text)
    ]
    assert [(name, target) for name, target in links if target not in content and target not in folders] == []
