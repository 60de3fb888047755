# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared connections with their containers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import (
    DesiredPeering,
    parse_connection,
    region_error,
    with_distinct_names,
)
from support.samples import NAMES, OPTIONS, OTHER_PROJECT, PROJECT, by_region


def declared(name: str = "AWS", project_id: str = PROJECT, present: bool = True, **changes: Any) -> DesiredPeering:
    return parse_connection(by_region(name, **changes), project_id, present)


def test_connections_of_a_project_share_its_key() -> None:
    assert declared().project_key == declared("GCP").project_key == PROJECT
    lost, also_lost, other = (replace(declared(project_id=""), error=InputError(text)) for text in "aab")
    assert lost.project_key == also_lost.project_key == "a"
    assert other.project_key == "b"


@pytest.mark.parametrize("name", NAMES)
def test_container_moves_with_its_connection(name: str) -> None:
    assert declared(name, project_id="").in_project(PROJECT) == declared(name)
    by_id = parse_connection(OPTIONS[name], "", True).in_project(OTHER_PROJECT)
    assert (by_id.peering.project_id, by_id.container) == (OTHER_PROJECT, None)


def test_connections_to_one_network_have_distinct_names() -> None:
    one, other, alone = declared(), declared(container_region="EU_CENTRAL_1"), declared("GCP")
    assert one.peering.name == other.peering.name
    named = with_distinct_names([one, other, alone])
    assert [
        after.peering.name.removeprefix(before.peering.name) for after, before in zip(named, (one, other, alone))
    ] == [
        " in EU_WEST_1",
        " in EU_CENTRAL_1",
        "",
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"provider_name": "AWS", "atlas_cidr_block": "10.8.0.0/21"}, "atlas_cidr_block needs container_region"),
        ({"provider_name": "IBM", "atlas_cidr_block": "10.8.0.0/21"}, "atlas_cidr_block needs container_region"),
        ({"atlas_cidr_block": "10.8.0.0/21"}, "atlas_cidr_block needs container_region"),
        ({"peer_id": "6112222b3bf99403840e8934", "container_region": "US_EAST_1"}, "provider_name is missing"),
    ],
)
def test_container_needs_its_region_and_cloud(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_connection(options, PROJECT, True)


def test_region_without_cloud_is_refused_for_absent_connections() -> None:
    options = {"peer_id": "6112222b3bf99403840e8934", "container_region": "US_EAST_1"}
    with pytest.raises(InputError, match="container_region needs provider_name"):
        parse_connection(options, PROJECT, False)


@pytest.mark.parametrize("name", NAMES)
def test_block_is_of_no_interest_to_absent_connections(name: str) -> None:
    container = declared(name, present=False).container
    assert container is not None
    assert "atlas_cidr_block" not in container.values
    kept = declared(name).container
    assert kept is not None
    assert kept.values["atlas_cidr_block"]


@pytest.mark.parametrize(("region", "is_wrong"), [("US_EAST_1", False), ("nowhere", True)])
def test_malformed_region_is_reported_once_it_matters(region: str, is_wrong: bool) -> None:
    container = declared(container_region=region).container
    assert container is not None
    error = region_error(container)
    assert (error is not None) is is_wrong
    assert error is None or error.message.startswith("container_region is 'nowhere', but must be a region of AWS")
