# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What playbooks of the collection have in common."""

from __future__ import annotations

import yaml


def test_a_project_of_a_fleet_is_found_as_in_the_other_playbooks(root):
    """The fleet has the expression itself, because a file of variables is parsed for each task of each host."""
    fleet = yaml.safe_load((root / "playbooks" / "fleet.yml").read_text())
    others = yaml.safe_load((root / "playbooks" / "vars" / "project_of_host.yml").read_text())
    assert {name: fleet[1]["vars"][name] for name in others} == others
