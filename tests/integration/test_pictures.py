# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the documentation show what happens."""

from __future__ import annotations

from pictures import demo
from pictures.terminal import lines_of
from support.run_playbook import ROOT, Play

IMAGES = ROOT / "docs" / "images"


def test_the_picture_of_the_demo(play: Play) -> None:
    run = play(playbook=demo.PLAYBOOK, environment={})
    assert run.returncode == 0, run.output
    shown = demo.words(lines_of((IMAGES / "demo.svg").read_text()))
    assert shown == demo.words(lines_of(demo.picture(run.stdout))), "the demo has changed: make pictures"
