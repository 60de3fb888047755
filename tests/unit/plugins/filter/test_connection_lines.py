# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections as lines of text."""

from __future__ import annotations

from ansible_collections.atlasops.network.plugins.filter.connection_lines import connection_lines
from support import samples


def test_rows_come_first_then_actions_with_commands() -> None:
    pending = samples.record("AWS", "PENDING_ACCEPTANCE")
    head, first, second, *actions = connection_lines([samples.record("AZURE"), pending])
    assert head.split() == ["CLOUD", "ID", "STATUS", "PHASE", "NETWORK"]
    assert [first.split()[0], second.split()[2]] == ["AZURE", "PENDING_ACCEPTANCE"]
    assert actions == [pending["next_action"], pending["next_command"]]


def test_same_network_is_distinguished_by_container_and_project() -> None:
    records = [
        {**samples.record("AWS"), "container_region": "US_EAST_1"},
        {**samples.record("AWS"), "container_region": "EU_WEST_1"},
        {**samples.record("AWS"), "project_id": samples.OTHER_PROJECT},
    ]
    lines = connection_lines(records)
    assert ["in US_EAST_1" in lines[1], "in EU_WEST_1" in lines[2]] == [True, True]
    assert [f"of project {one['project_id']}" in line for one, line in zip(records, lines[1:])] == [True] * 3


def test_lines_control_no_terminal() -> None:
    (_head, line) = connection_lines([samples.record("AWS", "\x1b[31mPOLISHING\u202e")])
    assert r"  \x1b[31mPOLISHING\u202e  " in line


def test_absent_connection_has_dashes() -> None:
    (_head, line) = connection_lines([samples.parse_desired("AWS").absent])
    assert line.split()[1:3] == ["-", "-"]
