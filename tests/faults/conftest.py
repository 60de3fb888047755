# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stage on which the cases run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.stage import Stage, open_stage


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stage]:
    with open_stage(monkeypatch, tmp_path) as opened:
        yield opened
