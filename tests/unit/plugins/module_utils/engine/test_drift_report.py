# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report over projects: where missing connections belong, and the order of what could not be compared."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import drift_report
from ansible_collections.atlasops.network.plugins.module_utils.errors import PartialError
from ansible_collections.atlasops.network.plugins.modules import atlas_peering_report
from simulator import Simulator
from support.samples import OPTIONS, PROJECT, by_region


def report(client: Client, *connections: dict[str, Any]) -> dict[str, Any]:
    given = ArgumentSpecValidator(atlas_peering_report.SPEC).validate({"connections": list(connections)})
    result: dict[str, Any] = drift_report.report(client, given.validated_parameters)["report"]
    return result


def test_missing_connection_is_shown_in_the_container_of_its_region(atlas: Simulator, client: Client) -> None:
    places = [{"container_region": region, "project_id": PROJECT} for region in ("US_EAST_1", "EU_WEST_1")]
    found = report(client, *(by_region("AWS", **place) for place in places))
    assert [(one["state"], one["container_id"], one["container_region"]) for one in found["connections"]] == [
        ("missing", atlas.containers["AWS"], "US_EAST_1"),
        ("missing", None, "EU_WEST_1"),
    ]
    states = {one["id"]: one["state"] for one in found["containers"] if one["provider_name"] == "AWS"}
    assert states == {atlas.containers["AWS"]: "different", None: "missing"}, "the first has another block"


def test_problems_are_in_the_order_of_the_connections(atlas: Simulator, client: Client) -> None:
    """Whatever the order in which their projects are named."""
    closed = atlas.add_project("closed")
    atlas.fault("GET", f"{closed}/containers", status=403, body={"errorCode": "USER_UNAUTHORIZED"}, times=None)
    wrong = by_region("AWS", container_region="nowhere", atlas_cidr_block=None)
    entries = [{**OPTIONS["AZURE"], "project_id": PROJECT}, {**OPTIONS["AWS"], "project_id": closed}]
    with pytest.raises(PartialError) as failure:
        report(client, *entries, {**wrong, "project_id": PROJECT})
    problems = failure.value.as_result()["failure"]["problems"]
    assert [(one["project_id"], one["cause"][:10]) for one in problems] == [
        (closed, "HTTP 403 U"),
        (PROJECT, "container_"),
    ]
