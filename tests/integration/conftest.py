# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator for each test, and a way to run playbooks against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Callable

import pytest

from simulator import Simulator
from support.fixtures import checked_atlas, short_tmp_path
from support.run_awx import LOGIN, PlaybookRunner, runner_in
from support.run_job import Job, MakeJob
from support.run_playbook import Play

tmp_path = pytest.fixture(short_tmp_path)
make_atlas = pytest.fixture(checked_atlas)


@pytest.fixture(scope="session")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaybookRunner]:
    """A stub of AWX that the playbook awx has been applied to once, to be copied and not to be changed."""
    with runner_in(tmp_path_factory.mktemp("applied")) as runner:
        runner.first = runner("-vvv", environment=LOGIN)
        yield runner


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    """How the simulator differs from its defaults; a module may say otherwise.

    Here connections take each step by themselves and at once, as far as nobody else has to act.
    """
    return {"pace": 0.0}


@pytest.fixture
def atlas(make_atlas: Callable[..., Simulator], atlas_settings: dict[str, Any]) -> Simulator:
    return make_atlas(**atlas_settings)


@pytest.fixture
def play(tmp_path: Path, atlas: Simulator) -> Iterator[Play]:
    """Run tasks against the simulator, with its API key in the environment unless told otherwise."""
    runner = Play(tmp_path, atlas.environment())
    yield runner
    runner.stop()


@pytest.fixture
def job(tmp_path: Path, atlas: Simulator) -> Iterator[MakeJob]:
    """Prepare a job of AWX against the simulator, with its service account as the credential unless told otherwise."""
    made: list[Job] = []

    def make(hosts: Mapping[str, Mapping[str, Any]], environment: Mapping[str, str] | None = None) -> Job:
        credential = atlas.environment("service_account") if environment is None else environment
        made.append(Job(tmp_path / f"job{len(made) + 1}", hosts, credential))
        return made[-1]

    yield make
    for one in made:
        one.stop()
