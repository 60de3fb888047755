# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connections of a report by project and container, in time that grows with their number and not faster."""

from __future__ import annotations

import sys
from typing import Any

from ansible_collections.atlasops.network.plugins.filter.report_groups import report_groups
from support.samples import OTHER_PROJECT, PROJECT

HOME, AWAY = "64a1f0c35b7e2d4198c3ea01", "64a1f0c35b7e2d4198c3ea02"


def container(identifier: str | None, project_id: str = PROJECT, **more: Any) -> dict[str, Any]:
    return {"project_id": project_id, "id": identifier, "provider_name": "AWS", "region": "US_EAST_1", **more}


def connection(identifier: str | None, **more: Any) -> dict[str, Any]:
    own = {"project_id": PROJECT, "project_name": None, "provider_name": "AWS", "container_id": identifier}
    return {**own, "container_region": "US_EAST_1", "state": "available", **more}


def report(containers: Any = (), connections: Any = (), projects: Any = (PROJECT,)) -> dict[str, Any]:
    named = [{"project_id": one, "project_name": None} for one in projects]
    return {"projects": named, "containers": list(containers), "connections": list(connections)}


def test_connections_are_in_the_groups_of_their_containers() -> None:
    containers = [container(HOME), container(AWAY), container(HOME, OTHER_PROJECT)]
    ones = [connection(AWAY), connection(HOME), connection(AWAY), connection(HOME, project_id=OTHER_PROJECT)]
    first, second = report_groups(report(containers, ones, (PROJECT, OTHER_PROJECT)))
    assert (first["project_id"], second["project_id"]) == (PROJECT, OTHER_PROJECT)
    assert first["groups"] == [
        {"container": containers[0], "connections": [ones[1]]},
        {"container": containers[1], "connections": [ones[0], ones[2]]},
    ]
    assert second["groups"] == [{"container": containers[2], "connections": [ones[3]]}]


def test_declared_container_is_found_by_region() -> None:
    """Also that of GCP, which has none."""
    everywhere = {"provider_name": "GCP", "region": None}
    containers = [container(None), container(None, **everywhere)]
    ones = [connection(None), connection(None, provider_name="GCP", container_region=None)]
    (project,) = report_groups(report(containers, ones))
    assert [one["connections"] for one in project["groups"]] == [[ones[0]], [ones[1]]]


def test_container_that_is_not_listed_is_missing_or_unknown() -> None:
    ones = [connection(AWAY), connection(None, state="unknown", container_region=None), connection(AWAY)]
    (project,) = report_groups(report([container(HOME)], ones))
    states = [(one["container"].get("state"), len(one["connections"])) for one in project["groups"]]
    assert states == [(None, 0), ("missing", 2), ("unknown", 1)]


def test_project_that_was_not_found_is_known_by_name() -> None:
    nowhere = connection(None, project_id=None, project_name="nowhere", state="unknown")
    found = {"projects": [{"project_id": None, "project_name": "nowhere"}], "containers": [], "connections": [nowhere]}
    assert report_groups(found)[0]["groups"][0]["connections"] == [nowhere]


def operations(count: int) -> int:
    """Return how many calls of functions it takes to group this many connections, each of a container of its own."""
    content = report(
        [container(f"{number:024x}") for number in range(count)],
        [connection(f"{number:024x}") for number in range(count)],
    )
    calls = 0

    def count_calls(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count_calls)
    try:
        report_groups(content)
    finally:
        sys.setprofile(None)
    return calls


def test_work_grows_with_the_number_of_connections() -> None:
    operations(1)  # imports
    assert operations(400) < 2.5 * operations(200)
