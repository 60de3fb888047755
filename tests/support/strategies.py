# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that hypothesis makes up: few values for each field, so that they meet often, in many spellings."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.model import desired
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from support.samples import (
    NAMES,
    OPTIONS,
    OTHER_PROJECT,
    OTHER_VALUES,
    PROJECT,
)

PROJECTS = st.sampled_from([PROJECT] * 9 + [OTHER_PROJECT])
PEERS = [f"6112222b3bf99403840e89{number:02}" for number in range(10)]


def spellings(field: Field, value: str) -> list[str]:
    """Return what a task, or Atlas, may write for one and the same value."""
    others = {
        "accepter_region_name": [value.upper().replace("-", "_")],
        "route_table_cidr_block": [value.replace("/16", "/255.255.0.0")],
        "azure_directory_id": [value.upper()],
        "azure_subscription_id": [value.upper()],
        "resource_group_name": [value.upper(), value.title()],
        "vnet_name": [value.upper(), value.title()],
    }
    return [value, *others.get(field.option, [])]


def values(cloud: Cloud, field: Field) -> st.SearchStrategy[str]:
    """Draw one of two values; what cannot be changed is the first one as a rule."""
    usual = spellings(field, OPTIONS[cloud.name][field.option])
    share = 1 if field.mutable else 9 if field.identity else 30
    return st.sampled_from(usual * share + spellings(field, OTHER_VALUES[field.option]))


def _options(cloud: Cloud) -> st.SearchStrategy[dict[str, Any]]:
    fields = {field.option: values(cloud, field) for field in cloud.peering.fields}
    return st.fixed_dictionaries({"provider_name": st.just(cloud.name), **fields})


def _answers(cloud: Cloud) -> st.SearchStrategy[dict[str, Any]]:
    fields = {
        f.api: st.none() | values(cloud, f) if f.default_from == "region" else values(cloud, f)
        for f in cloud.peering.fields
    }
    statuses = [*cloud.phases, *["AVAILABLE"] * 9, "POLISHING", None]
    return st.fixed_dictionaries(
        {
            "id": st.sampled_from(PEERS),
            "providerName": st.just(cloud.name),
            **fields,
            **{name: st.sampled_from([None, "pcx-0f1e2d3c"]) for name in cloud.peering.read_only},
            cloud.status_key: st.sampled_from(statuses),
            cloud.error_key: st.sampled_from([None, "", "REJECTED", "EXPIRED", "Something {odd}."]),
        }
    )


def _checked(options: dict[str, Any], project_id: str, peer_id: str | None) -> desired.Desired:
    return desired.parse_desired(PEERING, {**options, "peer_id": peer_id}, project_id, complete=True)


def _records(drawn: list[tuple[dict[str, Any], str]]) -> list[Record]:
    """Return records of these answers; an id serves once in a project."""
    unique = {(answer["id"], project_id): answer for answer, project_id in drawn}
    return [PEERING.normalise(answer, project_id) for (_id, project_id), answer in unique.items()]


#: A whole declaration, as a task spells it.
OPTION_SETS = st.one_of([_options(cloud) for cloud in map(CLOUDS.__getitem__, NAMES)])

#: An answer of Atlas, in every status there is and some there are not.
ANSWERS = st.one_of([_answers(cloud) for cloud in map(CLOUDS.__getitem__, NAMES)])


def _scene(cloud: Cloud) -> st.SearchStrategy[tuple[desired.Desired, list[Record]]]:
    desired = st.builds(_checked, _options(cloud), PROJECTS, st.sampled_from([None] * 8 + PEERS[:2]))
    found = st.lists(st.tuples(_answers(cloud) | ANSWERS, PROJECTS), min_size=1, max_size=3).map(_records)
    return st.tuples(desired, found)


#: A checked declaration, chosen by its id at times, and what is found in Atlas.
SCENES = st.one_of([_scene(CLOUDS[name]) for name in ("AWS", "AWS", "AWS", "AZURE", "GCP")])
