# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages that people read: what they refer to exists, and what they promise to list is complete."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.module_utils.api import http_errors
from simulator.errors import ERRORS
from support.documented_examples import PAGES

# What Automation Hub asks for, in its order.
SECTIONS = [
    *("Description", "Requirements", "Installation", "Use Cases", "Testing", "Support", "Release Notes and Roadmap"),
    *("Related Information", "License Information"),
]
FIXTURES = os.environ.get("ATLAS_FIXTURES")
# Errors of requests that the collection never sends: it neither creates nor deletes projects.
NOT_SENT = {"GROUP_ALREADY_EXISTS", "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS", "NOT_ORG_GROUP_CREATOR"}


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text()


@pytest.fixture(scope="module")
def repository(root):
    return yaml.safe_load((root / "galaxy.yml").read_text())["repository"]


@pytest.fixture(scope="module")
def troubleshooting(root):
    return (root / "docs" / "docsite" / "rst" / "troubleshooting.rst").read_text()


@pytest.fixture(scope="module")
def pages(root, texts):
    found = {path for pattern in PAGES for path in root.glob(pattern)} | {root / "docs" / "docsite" / "links.yml"}
    return {path: texts[path] for path in found & set(texts)}


def test_readme_has_sections_of_automation_hub(readme):
    assert re.findall(r"^## (.+)$", readme, re.MULTILINE) == SECTIONS
    assert len(readme.splitlines()) <= 150


def test_readme_names_modules_roles_and_playbooks(root, readme):
    folders = ("plugins/modules/[!_]*.py", "plugins/inventory/[!_]*.py", "roles/*", "playbooks/*.yml")
    names = {path.stem for pattern in folders for path in root.glob(pattern)}
    named = {name.removeprefix("atlasops.network.") for name in re.findall(r"`([\w.]+)`", readme)}
    of_roles = {"atlas_peering_role"}  # not for tasks of users
    assert sorted(names - named - {"demo"} - of_roles) == []
    assert "atlasops.network.demo" in readme


def test_readme_links_are_absolute(readme):
    links = re.findall(r"\]\(([^)]+)\)", readme)
    assert links
    assert [link for link in links if not link.startswith("https://")] == []


def test_links_to_the_repository_lead_to_files(root, repository, pages):
    hosts = repository.replace("https://github.com", "https://(?:raw.githubusercontent.com|github.com)")
    pattern = re.compile(hosts + r"/(?:(?:blob|tree|raw)/)?main/([^\s)>#\"]+)")
    linked = [(path, match[1]) for path, text in pages.items() for match in pattern.finditer(text)]
    assert linked
    assert [(str(path), name) for path, name in linked if not (root / name).exists()] == []


def test_links_between_pages_lead_to_files(pages):
    links = [
        (path, link)
        for path, text in pages.items()
        if path.suffix == ".md"
        for link in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text)
    ]
    assert [(str(path), link) for path, link in links if not (path.parent / link).exists()] == []


def test_release_files_in_pages_have_current_version(root, pages):
    version = yaml.safe_load((root / "galaxy.yml").read_text())["version"]
    named = {match for text in pages.values() for match in re.findall(r"atlasops-network-(\d[\d.]*\d)", text)}
    assert named == {version}


def test_site_lists_every_guide(root):
    listed = yaml.safe_load((root / "docs" / "docsite" / "extra-docs.yml").read_text())["sections"]
    names = [name for section in listed for name in section["toctree"]]
    assert sorted(names) == sorted(path.stem for path in (root / "docs" / "docsite" / "rst").glob("*.rst"))


def test_site_references_lead_to_labels(pages):
    """Neither antsibull-docs nor Sphinx, without Ansible's own labels, tells an unknown one from those."""
    guides = [text for path, text in pages.items() if path.suffix == ".rst"]
    labels = {label for text in guides for label in re.findall(r"^\.\. _([\w.]+):$", text, re.MULTILINE)}
    used = {label for text in guides for label in re.findall(r":ref:`[^`<]*<([^`>]+)>`", text)}
    assert used
    assert sorted(used - labels) == []


def codes_of(page):
    """Return the error codes in the first cells of a page's tables."""
    cells = re.findall(r"^   \* - ((?:.|\n(?!     - ))+)", page, re.MULTILINE)
    return {code for cell in cells for code in re.findall(r"``([A-Za-z_]+)``", cell)}


def test_troubleshooting_lists_every_code_with_hint(troubleshooting):
    hinted = {code for name in vars(http_errors) if name.endswith("_BY_CODE") for code in getattr(http_errors, name)}
    assert hinted
    assert sorted(hinted - codes_of(troubleshooting)) == []


def test_troubleshooting_lists_every_code_of_simulator(troubleshooting):
    assert sorted(ERRORS.keys() - codes_of(troubleshooting)) == []


@pytest.mark.skipif(not FIXTURES, reason="ATLAS_FIXTURES does not name the folder of recorded answers")
def test_troubleshooting_lists_every_documented_code(troubleshooting):
    documented = json.loads((Path(str(FIXTURES)) / "error-codes.json").read_text())["errors"]
    codes = {error["errorCode"] for error in documented} - NOT_SENT
    assert sorted(codes - codes_of(troubleshooting)) == []


def test_troubleshooting_quotes_messages_exactly(root, troubleshooting):
    table = troubleshooting.partition("What you see\n")[2].partition("\nWhen a connection")[0]
    quoted = [text for text in re.findall(r"^   \* - ``(.+)``$", table, re.MULTILINE) if not text.startswith("HTTP")]
    trees = [ast.parse(path.read_text()) for path in root.glob("plugins/**/*.py")]
    said = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert len(quoted) > 5
    assert [text for text in quoted if not any(text in str(one) for one in said)] == []
