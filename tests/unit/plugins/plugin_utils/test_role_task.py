# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first task of the role atlas_peering: which variables it reads, what it declares, and what is left to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, option_name_scope
from ansible_collections.atlasops.network.plugins.modules import atlas_peering_set
from ansible_collections.atlasops.network.plugins.plugin_utils.role_task import RoleTask
from support import samples

ROLE = Path(__file__).parents[4] / "roles" / "atlas_peering"
OF_ROLE = yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8"))
DEFAULTS = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
OF_HOST = {"inventory_hostname": "localhost"}

AWS = {"provider_name": "AWS", **samples.identity("AWS")}
PENDING, AVAILABLE = samples.record("AWS", "INITIATING"), samples.record("AWS", "AVAILABLE")
TO_ACCEPT = samples.record("AWS", "PENDING_ACCEPTANCE")


def task(check_mode: bool = False, other_side_checked: bool = False, **variables: Any) -> RoleTask:
    """Return the task for a role with these variables."""
    given = {f"atlas_peering_{name}": value for name, value in {"connections": [AWS], **variables}.items()}
    task_vars = {**DEFAULTS, **OF_ROLE, **OF_HOST, **given}
    return RoleTask(task_vars, lambda value: value, check_mode, other_side_checked)


def left(*records: dict[str, Any], check_mode: bool = False, **variables: Any) -> bool:
    finished = task(check_mode, **variables).finish({"changed": False, "peerings": list(records)})
    return bool(finished["follow_up"])


def test_only_variables_that_are_set_are_templated() -> None:
    templated: list[Any] = []
    task_vars = {
        **DEFAULTS,
        **OF_ROLE,
        **OF_HOST,
        "atlas_peering_connections": "{{ mine }}",
        "atlas_peering_purge": True,
    }
    RoleTask(task_vars, lambda value: templated.append(value) or [], False, False)  # type: ignore[func-returns-value]
    assert templated == ["{{ mine }}", True]


def test_module_options_are_those_of_the_variables() -> None:
    declared = {**AWS, "aws": {"role_arn": "any"}}
    found = task(connections=[declared], recreate_on="failed, expired", purge="yes", timeout=5).module_options(
        atlas_peering_set.SPEC
    )
    assert found["connections"] == [AWS]
    assert (found["recreate_on"], found["purge"], found["state"]) == (["failed", "expired"], True, "present")
    assert found["option_names"]["wait_timeout"] == "atlas_peering_timeout"
    assert set(found) <= set(atlas_peering_set.SPEC)
    assert {"project_id", "project_name", "peer_limit", "purge_limit", "max_workers"} <= set(found)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"wait": "maybe", "state": "gone"}, "atlas_peering_state is 'gone', but must be one of present, absent. "),
        ({"timeout": 0}, "atlas_peering_timeout is 0, but it must be more than 0 (seconds)."),
        ({"heartbeat": "-1"}, "atlas_peering_heartbeat is -1.0, but it must be more than 0 (seconds)."),
    ],
)
def test_invalid_variables_fail_before_declaring(variables: dict[str, Any], words: str) -> None:
    invalid = task(**variables)
    with option_name_scope(invalid.names), pytest.raises(InputError) as error:
        invalid.validate()
    assert str(error.value).startswith(words)


def test_times_of_the_wait_are_not_checked_without_it() -> None:
    task(timeout=0, wait=False).validate()
    task(timeout=0, check_mode=True).validate()


def test_nothing_is_left_if_all_are_as_desired() -> None:
    assert not left(AVAILABLE, AVAILABLE)
    assert left(AVAILABLE, PENDING)
    assert left(TO_ACCEPT)
    assert not left(TO_ACCEPT, until="action_required")
    assert not left()


def test_nothing_is_waited_for_unless_asked() -> None:
    assert not left(PENDING, wait="no")
    assert not left(PENDING, check_mode=True)


def test_containers_and_other_side_are_left() -> None:
    assert left(samples.parse_desired("AWS").absent, state="absent")
    assert left(AVAILABLE, other_side="aws")


def test_other_side_is_checked_before_declaring() -> None:
    assert task(other_side=["gcp"]).is_deferred
    assert not task(other_side=["gcp"], other_side_checked=True).is_deferred
    assert not task().is_deferred


def test_networks_to_let_in_are_checked_before_declaring() -> None:
    declared = {**AWS, "access_list": ["10.15.0.0/17"]}
    for one in (task(access_list="yes"), task(connections=[declared])):
        assert one.is_deferred
        assert one.finish({"changed": False, "peerings": [AVAILABLE]})["follow_up"]


def test_artifact_is_published_if_nothing_is_left() -> None:
    done = {"changed": True, "peerings": [AVAILABLE]}
    assert "ansible_stats" not in task().finish(done)
    assert "ansible_stats" not in task(stats=True).finish({**done, "peerings": [PENDING]})
    published = task(stats=True).finish(done)["ansible_stats"]
    content = {"state": "present", "changed": True, "failed": False, "msg": "", "peerings": [AVAILABLE]}
    assert published == {"data": {"atlas_peering_of_localhost": content}, "per_host": False, "aggregate": False}


def test_failure_is_left_to_publish_only_if_asked() -> None:
    failed = {"failed": True, "msg": "no", "changed": False}
    assert task().finish(failed) == {**failed, "follow_up": False}
    assert task(stats="yes").finish(failed) == {**failed, "follow_up": True}
