# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the documentation show what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictures import demo, drift, page
from pictures.words import texts_of, words
from simulator import Simulator
from support.run_playbook import ROOT, Play

IMAGES = ROOT / "docs" / "images"


@pytest.mark.slow  # the sessions artifact and navigator run the demo too
def test_demo_picture_is_current(play: Play) -> None:
    run = play(playbook=demo.PLAYBOOK, environment={})
    assert run.returncode == 0, run.output
    shown = demo.story(texts_of((IMAGES / "demo.svg").read_text()))
    assert shown == demo.story(texts_of(demo.picture(run.stdout))), "the demo has changed: make pictures"


def test_drift_report_picture_is_current(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    drift.seed(atlas)
    run = play(playbook=drift.PLAYBOOK, args=drift.arguments(str(tmp_path / "drift.html")))
    assert run.returncode == 0, run.output
    drawn = page.draw((tmp_path / "drift.html").read_text())
    shown = words(texts_of((IMAGES / "drift.svg").read_text()))
    assert "payments-production" in shown
    assert shown == words(texts_of(drawn)), "the drift report has changed: make pictures"
