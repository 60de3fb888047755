# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a fleet with a host for each project cheap: nothing is read anew for each task of each host."""

from __future__ import annotations

import ast

import yaml


def test_fleet_finds_project_like_other_playbooks(root):
    """The fleet has the expression itself, because a file of variables is parsed for each task of each host."""
    fleet = yaml.safe_load((root / "playbooks" / "fleet.yml").read_text())
    others = yaml.safe_load((root / "playbooks" / "vars" / "project_of_host.yml").read_text())
    assert {name: fleet[1]["vars"][name] for name in others} == others


def test_filters_import_in_use_what_they_need(root):
    """Ansible loads all filters of a collection in search of one; the role of a fleet needs `checked`."""
    imported = {
        (path.stem, node.module.rpartition(".")[2])
        for path in (root / "plugins" / "filter").glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ansible_collections.")
    }
    assert imported == {("checked", "variables"), ("host_key", "host_key"), ("listed", "variables")}
