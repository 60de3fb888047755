# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which answers can be the resource, or the list, that was requested or sent."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import TransportError
from ansible_collections.atlasops.network.plugins.module_utils.engine import validation
from ansible_collections.atlasops.network.plugins.module_utils.errors import PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Change
from support import samples
from support.samples import NAMES, OTHER_VALUES, PEER, answer, parse_desired

AWS = CLOUDS["AWS"]
UNNAMED = {"providerName": None}


def is_listed(one: dict[str, Any], cloud: str | None = "AWS") -> bool:
    """Report whether an answer is accepted in a list of connections, of a cloud or of all of them."""
    try:
        return validation.listed(PEERING, [one], "list them", CLOUDS[cloud] if cloud else None) == [one]
    except TransportError:
        return False


@pytest.mark.parametrize(
    ("changes", "cloud", "expected"),
    [
        ({}, "AWS", True),
        ({}, None, True),
        ({}, "GCP", False),
        (UNNAMED, "AWS", True),
        (UNNAMED, "AZURE", False),
        ({"providerName": ""}, "AWS", True),
        ({"providerName": 7}, "AWS", False),
        ({"providerName": "FREE"}, "AWS", False),
        ({"providerName": 7}, None, False),
        ({"vpcId": None, "awsAccountId": None}, "AWS", False),
        ({"vpcId": None}, "AWS", True),
        ({"vpcId": 7}, "AWS", False),
        ({"routeTableCidrBlock": ["10.0.0.0/8"]}, "AWS", False),
        ({"routeTableCidrBlock": None}, "AWS", True),
    ],
)
def test_list_holds_connections_of_its_cloud(changes: dict[str, Any], cloud: str | None, expected: bool) -> None:
    assert is_listed({**answer("AWS"), **changes}, cloud) is expected


@pytest.mark.parametrize(("cloud", "of"), [(None, ""), (AWS, " of AWS")])
def test_error_names_what_was_expected(cloud: Cloud | None, of: str) -> None:
    with pytest.raises(TransportError, match=f"something else than peering connections{of} in it"):
        validation.listed(PEERING, [{"id": PEER}], "list them", cloud)
    change = planning.plan(parse_desired("AWS"), [], True)
    for wrong, words in (({"id": PEER}, "something else than the peering connection that was sent"), ({}, "no id")):
        with pytest.raises(TransportError, match=words) as failure:
            validation.written(PEERING, wrong, "write it", change)
        assert failure.value.outcome_unknown


@pytest.mark.parametrize("writes", [False, True])
def test_one_wrong_answer_makes_a_list_unreadable(writes: bool) -> None:
    with pytest.raises(TransportError) as failure:
        validation.listed(PEERING, [answer("AWS"), {"id": PEER}], "list them", writes=writes)
    assert failure.value.outcome_unknown is writes


@pytest.mark.parametrize(
    ("regions", "expected"),
    [(None, True), ([], True), (["EASTERN_US"], True), ("EASTERN_US", False), ([7], False), ({"a": 1}, False)],
)
def test_regions_of_a_container_are_a_list_of_texts(regions: Any, expected: bool) -> None:
    one = samples.container_answer("GCP", regions=regions)
    if expected:
        assert validation.listed(CONTAINER, [one], "list them", CLOUDS["GCP"]) == [one]
    else:
        with pytest.raises(TransportError):
            validation.listed(CONTAINER, [one], "list them", CLOUDS["GCP"])


@pytest.mark.parametrize(("provider", "error"), [("FREE", PlanError), (None, TransportError), ("", TransportError)])
def test_container_names_a_cloud_with_peering(provider: str | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        validation.listed(CONTAINER, [{**samples.container_answer("AWS"), "providerName": provider}], "list them")


def test_found_resource_has_the_requested_id() -> None:
    assert validation.found(PEERING, answer("AWS"), "get it", PEER) == answer("AWS")
    for wrong in (answer("AWS", id="0" * 24), {"id": PEER}):
        with pytest.raises(TransportError):
            validation.found(PEERING, wrong, "get it", PEER)


def is_written(change: Change, one: dict[str, Any], resource_id: str = "") -> bool:
    try:
        return validation.written(change.desired.resource_type, one, "write it", change, resource_id) == one
    except TransportError:
        return False


@pytest.mark.parametrize("name", NAMES)
def test_answer_to_a_write_is_what_was_sent(name: str) -> None:
    change = planning.plan(parse_desired(name), [], True)
    assert is_written(change, answer(name))
    assert is_written(change, answer(name), PEER)
    assert not is_written(change, answer(name), "0" * 24)
    assert is_written(change, answer(name, container_id=None)), "an answer may leave the container out"
    assert not is_written(change, answer(name, container_id=OTHER_VALUES["container_id"]))
    others = [other for other in NAMES if other != name]
    assert not any(is_written(change, answer(other)) for other in others)
    for field in CLOUDS[name].peering.identity:
        assert not is_written(change, answer(name, **{field.option: OTHER_VALUES[field.option]})), field.option


def test_answer_to_an_update_may_leave_out_what_was_not_sent() -> None:
    found = samples.record("AWS")
    change = planning.plan(parse_desired("AWS", peer_id=PEER, route_table_cidr_block="10.16.0.0/16"), [found], True)
    sent = {key: value for key, value in change.payload.items() if key != "containerId"}
    without = Change(change.action, change.desired, change.before, change.after, sent)
    assert is_written(without, answer("AWS", container_id=OTHER_VALUES["container_id"]), PEER)
