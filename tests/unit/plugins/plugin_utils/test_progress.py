# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the wait speaks of connections."""

from __future__ import annotations

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired, Record
from ansible_collections.atlasops.network.plugins.plugin_utils import progress
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import TARGETS
from support import samples
from support.samples import PEER, record

ABSENT = samples.parse_desired("AWS").absent
ALL = [
    ABSENT,
    record("AWS", "TERMINATING"),
    record("AWS", "FAILED", "REJECTED"),
    record("AWS", "AVAILABLE"),
    record("AWS", "PENDING_ACCEPTANCE"),
    record("AWS", "INITIATING"),
]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (0.99, "00:00"),
        (59.9, "00:59"),
        (60, "01:00"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (45296, "12:34:56"),
    ],
)
def test_format_duration(seconds: float, text: str) -> None:
    assert progress.format_duration(seconds) == text


@pytest.mark.parametrize(
    ("until", "summary"),
    [
        ("available", "1/6 available · 1 pending · 1 action required · 1 failed · 1 deleting · 1 absent"),
        ("action_required", "2/6 ready for the other side · 1 pending · 1 failed · 1 deleting · 1 absent"),
        ("absent", "1/6 absent · 1 pending · 1 action required · 1 available · 1 failed · 1 deleting"),
    ],
)
def test_summarize(until: str, summary: str) -> None:
    assert progress.summarize(ALL, TARGETS[until]) == summary


def test_summarize_counts_missing_phase_as_unknown() -> None:
    assert progress.summarize([{**ABSENT, "phase": None}, ABSENT], TARGETS["absent"]) == "1/2 absent · 1 unknown"


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (record("AWS", "AVAILABLE"), "AWS 123456789012/vpc-0f1e2d3c4b5a69788 in US_EAST_1: AVAILABLE."),
        (ABSENT, "AWS 123456789012/vpc-0f1e2d3c4b5a69788 in US_EAST_1: absent."),
        (Desired(PEERING, samples.PROJECT, None, PEER, {}).absent, f"connection {PEER} in US_EAST_1: absent."),
        (
            record("GCP", "FAILED", "Quota."),
            "GCP my-project-191923/default in US_EAST_1: FAILED (Quota.). Check that network default exists in GCP "
            "project my-project-191923. Delete the connection (state: absent), wait until it is gone, and create it "
            "again.",
        ),
    ],
)
def test_describe(seen: Record, text: str) -> None:
    assert progress.describe(seen, " in US_EAST_1") == text
