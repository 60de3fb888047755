# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks with the real modules of the clouds' collections, against simulated clouds.

They need what the nox session ``clouds`` installs; elsewhere they are skipped.
"""

from __future__ import annotations

import os
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

from clouds.azure import Azure
from simulator import Simulator
from support.fixtures import checked_atlas, short_tmp_path
from support.run_playbook import ROOT, Play

COLLECTIONS = os.environ.get("CLOUD_COLLECTIONS")

tmp_path = pytest.fixture(short_tmp_path)
make_atlas = pytest.fixture(checked_atlas)


@pytest.fixture(scope="session")
def aws() -> Iterator[Any]:
    """A simulated AWS for all tests; each makes VPCs of its own."""
    if not COLLECTIONS:
        pytest.skip("CLOUD_COLLECTIONS does not name the folder of amazon.aws")
    from clouds.aws import Aws  # noqa: PLC0415 (moto is not installed everywhere)

    with Aws() as simulated:
        yield simulated


@pytest.fixture
def azure() -> Iterator[Azure]:
    """A simulated Azure."""
    with Azure() as simulated:
        yield simulated


@pytest.fixture
def atlas(make_atlas: Callable[..., Simulator], aws: Any) -> Simulator:
    """An Atlas that requests its connections in the simulated AWS; nobody but a test accepts them."""
    simulated: Simulator = make_atlas(pace=0.0, aws_endpoint=aws.endpoint)
    return simulated


@pytest.fixture
def environment(atlas: Simulator, aws: Any) -> dict[str, str]:
    """Credentials for both sides, and the collections of both."""
    paths = os.pathsep.join([str(ROOT / ".cache" / "collections"), str(COLLECTIONS)])
    return {**atlas.environment(), **aws.environment, "ANSIBLE_COLLECTIONS_PATH": paths}


@pytest.fixture
def play(tmp_path: Path, environment: dict[str, str]) -> Iterator[Play]:
    """Run tasks with credentials for both sides."""
    runner = Play(tmp_path, environment)
    yield runner
    runner.stop()


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python without any package."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, symlinks=True)
    return folder / "bin" / "python"
