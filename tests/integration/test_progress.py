# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the lines of a wait appear, and when they do not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Callable

import pytest

from simulator import Simulator
from support.run_playbook import CALLBACKS, Play
from support.samples import identity, in_api
from support.tasks import CLOUDS, wait

LINE = "1/3 available · 2 action required"


def wait_for_all(atlas: Simulator, **options: Any) -> dict[str, Any]:
    for cloud in CLOUDS:
        atlas.add_peer(atlas.project_id, cloud, **in_api(cloud))
    return wait("wait", [identity(cloud) for cloud in CLOUDS], **options)


def with_callback(atlas: Simulator, name: str, *folders: Path) -> dict[str, str]:
    places = os.pathsep.join(map(str, [CALLBACKS, *folders]))
    return {**atlas.environment(), "ANSIBLE_STDOUT_CALLBACK": name, "ANSIBLE_CALLBACK_PLUGINS": places}


@pytest.mark.smoke
@pytest.mark.parametrize("name", ["json", pytest.param("jsonl", marks=pytest.mark.slow)])
def test_json_callbacks_show_no_progress_lines(atlas: Simulator, play: Play, tmp_path: Path, name: str) -> None:
    """The callbacks of ansible.posix end in these words."""
    (tmp_path / f"{name}.py").write_text((CALLBACKS / "stdout_json.py").read_text().replace("stdout_json", name))
    task = {**wait_for_all(atlas, wait_timeout=1), "ignore_errors": True}
    run = play(task, environment=with_callback(atlas, name, tmp_path))
    assert [json.loads(line)["task"] for line in run.stdout.splitlines()] == ["wait"]
    assert LINE in run.stderr
    assert "Accept pcx-" in run.stderr


def test_default_callback_shows_progress_lines_on_stdout(atlas: Simulator, play: Play) -> None:
    run = play(wait_for_all(atlas, wait_timeout=1))
    assert LINE in run.stdout
    assert LINE not in run.stderr


def test_progress_false_shows_no_lines(atlas: Simulator, play: Play) -> None:
    run = play(wait_for_all(atlas, wait_timeout=1, progress="no"))
    assert "the time is up" in run.msg("wait")
    assert LINE not in run.output


def test_no_log_task_shows_only_counts(make_atlas: Callable[..., Simulator], tmp_path: Path) -> None:
    """Neither ids of networks nor of the project appear, in trouble as little as in progress."""
    atlas = make_atlas(pace=60.0)
    play = Play(tmp_path, atlas.environment())
    task = {**wait_for_all(atlas, until="action_required", interval=0.1, retry_timeout=0), "no_log": True}
    running = play.start(task)
    running.await_line("0/3 ready for the other side · 3 pending")
    atlas.fault("GET", status=503, times=2)
    running.await_line("Some connections could not be checked. Retrying.")
    atlas.advance(60)
    run = running.finish()
    assert run.outcome("wait") == "ok"
    assert "3/3 ready for the other side" in run.stdout
    for word in ("pcx-", "vpc-", "my-project", atlas.project_id):
        assert word not in run.output
