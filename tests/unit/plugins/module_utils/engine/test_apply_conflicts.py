# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said to be in the way of a change that Atlas refuses."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import explain_conflict
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, PlanError, option_name_scope
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Change, Record
from support import samples
from support.samples import OTHER_PEER, OTHER_VALUES, PEER, parse_desired, record

EXISTS, OVERLAPS = "PEER_ALREADY_EXISTS", "OVERLAPPING_CIDR_BLOCK"
ELSEWHERE = {"container_id": OTHER_VALUES["container_id"]}
OTHER = record("AWS", id="3" * 24, vpc_id=OTHER_VALUES["vpc_id"], route_table_cidr_block="10.99.0.0/16")


def creation(**changes: Any) -> Change:
    return planning.plan(parse_desired("AWS", **changes), [], True)


def explained(code: str, *existing: Record, change: Change | None = None) -> AtlasError:
    error = ApiError("create it", "POST", "/", 409, {"errorCode": code})
    return explain_conflict(error, change or creation(), existing)


def named(error: AtlasError) -> list[str]:
    """Return the IDs of the connections that an error names."""
    return [one for one in (PEER, OTHER_PEER, OTHER["id"]) if one in error.message.partition("In its way: ")[2]]


@pytest.mark.parametrize(
    ("existing", "ids", "hint"),
    [
        ([record("AWS", **ELSEWHERE)], [PEER], "Delete it first (S: absent), or declare the container that it is in."),
        ([record("AWS", "TERMINATING", **ELSEWHERE)], [PEER], "It is being deleted. Run the task again when it is"),
        (
            [record("AWS", "TERMINATING", **ELSEWHERE), record("AWS", id=OTHER_PEER, container_id="4" * 24)],
            [PEER, OTHER_PEER],
            "Delete it first",
        ),
        (
            [record("AWS", **ELSEWHERE), record("AWS", id=OTHER_PEER)],
            [PEER, OTHER_PEER],
            "It was created meanwhile, with other values than declared here.",
        ),
    ],
)
def test_same_network_is_in_the_way(existing: list[Record], ids: list[str], hint: str) -> None:
    with option_name_scope({"state": "S"}):
        error = explained(EXISTS, *existing, OTHER)
    assert isinstance(error, PlanError)
    assert named(error) == ids
    assert str(error.hint).startswith(hint)
    assert error.details["peering"] == existing[0]


def test_replacement_by_id_names_others_of_its_network() -> None:
    change = planning.plan(
        parse_desired("AWS", peer_id=PEER),
        [record("AWS", "FAILED", "EXPIRED")],
        True,
        planning.ReplacePolicy(("expired",), 1),
    )
    assert named(explained(EXISTS, record("AWS", id=OTHER_PEER, **ELSEWHERE), change=change)) == [OTHER_PEER]


def test_update_by_id_names_others_and_not_itself() -> None:
    found = record("AWS")
    wanted = parse_desired("AWS", peer_id=PEER, route_table_cidr_block="10.16.0.0/16")
    change = planning.plan(wanted, [found], True)
    assert named(explained(EXISTS, found, record("AWS", id=OTHER_PEER, **ELSEWHERE), change=change)) == [OTHER_PEER]


def test_overlapping_connection_is_in_the_way() -> None:
    near = record("AWS", id=OTHER_PEER, vpc_id="vpc-0000000a", route_table_cidr_block="10.15.1.0/24")
    error = explained(OVERLAPS, OTHER, near)
    assert named(error) == [OTHER_PEER]
    assert str(error.hint).startswith("Delete it first (state: absent) if it is no longer used")


@pytest.mark.parametrize(
    ("code", "existing"),
    [(EXISTS, [OTHER]), (OVERLAPS, [OTHER]), ("INVALID_ARGUMENT", [record("AWS")]), ("", [])],
)
def test_error_stays_if_nothing_known_is_in_the_way(code: str, existing: list[Record]) -> None:
    error = ApiError("create it", "POST", "/", 409, {"errorCode": code})
    assert explain_conflict(error, creation(), existing) is error


def test_conflict_of_containers_stays() -> None:
    change = planning.plan(samples.declare_container("AWS"), [], True)
    error = ApiError("create it", "POST", "/", 409, {"errorCode": "CONTAINER_ALREADY_EXISTS"})
    assert explain_conflict(error, change, [samples.container_record("AWS")]) is error


def test_other_errors_stay() -> None:
    error = AtlasError("No answer.")
    assert explain_conflict(error, creation(), [record("AWS")]) is error
