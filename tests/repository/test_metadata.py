# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import yaml

from ansible_collections.atlasops.network.plugins.module_utils.api.session import VERSION

HEADER = """\
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
# Where somebody works or installs from is nobody else's business.
PRIVATE = re.compile(r"(?<![\w.-])/wor[k]\b|(pypi|pythonhosted|npmjs)\.(org|com|io)\b|index[-_]url")


def test_action_groups_contain_all_modules(root):
    groups = yaml.safe_load((root / "meta" / "runtime.yml").read_text())["action_groups"]
    modules = sorted(path.stem for path in (root / "plugins" / "modules").glob("[!_]*.py"))
    names = {name.partition("_")[0] for name in modules}
    assert groups == {group: [name for name in modules if name.startswith(f"{group}_")] for group in names}


def test_user_agent_version_equals_galaxy_version(root):
    assert yaml.safe_load((root / "galaxy.yml").read_text())["version"] == VERSION


def test_python_files_have_license_header(texts):
    sources = {path: text.removeprefix("#!/usr/bin/python\n") for path, text in texts.items() if path.suffix == ".py"}
    assert [str(path) for path, text in sources.items() if text and not text.startswith(HEADER)] == []


def test_files_contain_no_private_paths(texts):
    assert [(str(path), match[0]) for path, text in texts.items() for match in PRIVATE.finditer(text)] == []


def test_documented_make_targets_exist(root, texts):
    """In pages, workflows and hooks; a command stands alone on its line, after a prompt, or in a span of code."""
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.MULTILINE))
    named = re.compile(r"(?:^\s*(?:\$ |(?:- )?run: )|`)make ([a-z-]+)", re.MULTILINE)
    found = [(str(path), match[1]) for path, text in texts.items() for match in named.finditer(text)]
    assert {("release.yml", "release"), ("README.md", "demo")} <= {
        (path.rpartition("/")[2], name) for path, name in found
    }
    assert [(path, name) for path, name in found if name not in targets] == []
