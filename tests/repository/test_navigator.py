# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that ansible-navigator and ansible-builder read, held against the collection."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.module_utils.api.settings import ENVIRONMENT
from ansible_collections.atlasops.network.plugins.plugin_utils.in_process import ENVIRONMENT_VARIABLE


@pytest.fixture
def containerfile(root, tmp_path):
    """Return the recipe that ansible-builder makes of the definition."""
    definition = root / "execution-environment.yml"
    options = ["--file", definition, "--context", tmp_path, "--output-filename=Containerfile"]
    subprocess.run(["ansible-builder", "create", *options], check=True)
    return (tmp_path / "Containerfile").read_text()


def test_navigator_passes_exactly_the_variables_of_collection(root, texts):
    settings = yaml.safe_load((root / "ansible-navigator.yml").read_text())
    variables = settings["ansible-navigator"]["execution-environment"]["environment-variables"]
    read = {name for names in ENVIRONMENT.values() for name in names} | {ENVIRONMENT_VARIABLE}
    plugins = [text for path, text in texts.items() if (root / "plugins") in path.parents]
    named = {name for text in plugins for name in re.findall(r"\bMONGODB_ATLAS_[A-Z_]*[A-Z]\b", text)}
    assert variables == {"pass": sorted(read)}
    assert named <= read


def test_containerfile_takes_collections_as_arguments(containerfile):
    _base, galaxy, builder, final = containerfile.split("\nFROM ")[1:]
    arguments = {line.partition("=")[0] for line in galaxy.splitlines() if line.startswith("ARG ")}
    assert {"ARG COLLECTION", "ARG CLOUDS", "ARG PKGMGR"} <= arguments
    assert "$COLLECTION $CLOUDS" in galaxy
    assert "COPY --from=galaxy" in builder
    assert "introspect" in builder
    assert "COPY --from=galaxy" in final
