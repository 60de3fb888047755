# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role for the other side in AWS where the collection amazon.aws is not installed; tests/clouds has the rest."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from support import samples
from support.run_playbook import Play

RECORD = samples.record("AWS", "PENDING_ACCEPTANCE", connection_id="pcx-0123456789abcdef0")


def act(*connections: dict[str, Any], entry: str = "main", **variables: Any) -> dict[str, Any]:
    return {
        "name": "Act",
        "ansible.builtin.include_role": {"name": "atlasops.network.atlas_peering_aws", "tasks_from": entry},
        "vars": {"atlas_peering_aws_connections": list(connections), **variables},
    }


@pytest.mark.parametrize(
    "entry", ["main", *(pytest.param(name, marks=pytest.mark.slow) for name in ("check", "remove"))]
)
def test_missing_amazon_aws_fails_with_command(play: Play, entry: str) -> None:
    run = play(act({**RECORD, "connection_id": "pcx-0123456789abcdef0"}, entry=entry))
    assert "ansible-galaxy collection install amazon.aws" in run.msg("Check the connections")


@pytest.mark.smoke
def test_amazon_aws_is_not_required_for_other_clouds(play: Play) -> None:
    run = play(act(samples.record("GCP"), samples.record("AZURE")), act(samples.record("GCP"), entry="remove"))
    assert run.returncode == 0, run.output


@pytest.mark.skipif(find_spec("moto") is not None, reason="moto is installed")
def test_demo_of_both_sides_without_moto_fails_with_command(play: Play) -> None:
    run = play(playbook="atlasops.network.demo_both_sides")
    assert "needs moto, boto3 and google-auth" in run.msg("Check that it is installed")
    assert "pip install boto3 google-auth 'moto[ec2,server]'" in run.msg("Check that it is installed")


def test_invalid_aws_role_variables_fail(play: Play) -> None:
    run = play(act(RECORD, atlas_peering_aws_accept="perhaps", atlas_peering_aws_timeout="soon"))
    assert run.msg("Check the variables") == (
        "atlas_peering_aws_accept is 'perhaps', but must be true or false. "
        "atlas_peering_aws_timeout is 'soon', but must be a whole number."
    )
